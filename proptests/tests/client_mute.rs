//! Muting somebody, on real client cores around a real room core: what its page hides and what not.

use std::time::Duration;

use sanctuary_client::Msg;
use sanctuary_client::markup::plain;
use sanctuary_client::room::{self, Body, Happening, Person, Problem, RosterAct, Voice};
use sanctuary_engine::room::{Command, ConnectionId};
use sanctuary_proptests::stage::{PageState, Stage};
use sanctuary_protocol::{ClientFrame, MemberId, PostBlob};

/// A room takes one commit a second; long enough for the next.
const BETWEEN_COMMITS: Duration = Duration::from_secs(2);

/// What a page shows of what was said and of comings, goings and mutes, a line each.
fn shown(stage: &Stage, client: usize) -> Vec<String> {
    let name = |person: &Person| person.alias.as_ref().map(ToString::to_string).unwrap_or_default();
    let lines = stage.room(client).timeline.lines();
    lines
        .filter_map(|line| match &line.body {
            Body::Said { from, words } | Body::Whispered { from, words, .. } => {
                Some(format!("{}: {}", name(from), plain(&words.markup)))
            }
            Body::WhisperPassed { from } => Some(format!("{} whispered", name(from))),
            Body::Happened(Happening::Farewell { who, words }) => {
                let words = words.as_ref().map(plain).unwrap_or_default();
                Some(format!("-{} {words}", name(who)))
            }
            Body::Happened(Happening::Muted(who)) => Some(format!("muted {}", name(who))),
            Body::Happened(Happening::Unmuted(who)) => Some(format!("unmuted {}", name(who))),
            Body::Pictured { from, .. } => Some(format!("{} (picture)", name(from))),
            Body::Happened(_) | Body::Notice { .. } => None,
        })
        .collect()
}

fn member(stage: &Stage, client: usize) -> MemberId {
    stage.room(client).me()
}

fn voices(stage: &Stage, client: usize) -> Vec<Voice> {
    stage.room(client).roster().into_iter().map(|row| row.voice).collect()
}

/// Ann, Ben and Cleo; Ann has muted Ben.
fn ann_without_ben() -> (Stage, [usize; 3], String) {
    let mut stage = Stage::default();
    let (ann, link) = stage.start_room("Ann");
    let [ben, cleo] = ["Ben", "Cleo"].map(|alias| {
        let newcomer = stage.join(alias, &link);
        stage.advance(BETWEEN_COMMITS);
        newcomer
    });
    stage.say(ben, "before");
    stage.say(ann, "/mute Ben");
    (stage, [ann, ben, cleo], link)
}

#[test]
fn what_a_muted_member_says_is_shown_to_the_others_alone() {
    let (mut stage, [ann, ben, cleo], _) = ann_without_ben();
    stage.say(ben, "aloud");
    stage.say(ben, "/purr Ann in your ear");
    stage.say(ben, "/purr Cleo in hers");
    stage.say(cleo, "hello");
    assert_eq!(shown(&stage, ann), ["Ben: before", "muted Ben", "Cleo: hello"]);
    assert_eq!(
        shown(&stage, cleo),
        ["Ben: before", "Ben: aloud", "Ben whispered", "Ben: in hers", "Cleo: hello"]
    );
    assert!(!shown(&stage, ben).iter().any(|line| line.contains("muted")));
}

#[test]
fn a_mute_stands_in_the_roster_and_is_taken_back_there() {
    let (mut stage, [ann, ben, _], _) = ann_without_ben();
    assert_eq!(voices(&stage, ann), [Voice::Heard, Voice::Muted, Voice::Heard]);
    assert_eq!(voices(&stage, ben), [Voice::Heard; 3]);
    let acts = stage.room(ann).roster()[1].acts.clone();
    assert!(acts.contains(&RosterAct::Unmute) && !acts.contains(&RosterAct::Mute));
    let bens = member(&stage, ben);
    stage.tell(ann, Msg::Room(room::Msg::PressedUnmute(bens)));
    stage.say(ben, "after");
    assert_eq!(shown(&stage, ann), ["Ben: before", "muted Ben", "unmuted Ben", "Ben: after"]);
    assert_eq!(voices(&stage, ann), [Voice::Heard; 3]);
}

#[test]
fn what_is_so_already_is_answered_and_nobody_is_muted_by_himself() {
    let (mut stage, [ann, ben, cleo], _) = ann_without_ben();
    let problem = |stage: &Stage| stage.room(ann).composer.problem.clone();
    let (me, bens, cleos) = (member(&stage, ann), member(&stage, ben), member(&stage, cleo));
    for (msg, expected) in [
        (room::Msg::PressedMute(bens), Problem::Already),
        (room::Msg::PressedUnmute(cleos), Problem::Already),
        (room::Msg::PressedMute(me), Problem::Yourself),
        (room::Msg::PressedMute(MemberId(99)), Problem::NoSuchMember),
    ] {
        stage.tell(ann, Msg::Room(msg));
        assert_eq!(problem(&stage), Some(expected));
    }
    assert_eq!(shown(&stage, ann), ["Ben: before", "muted Ben"]);
}

#[test]
fn a_muted_member_is_seen_to_go_and_comes_back_unmuted() {
    let (mut stage, [ann, ben, _], link) = ann_without_ben();
    stage.say(ben, "/exit last words");
    stage.advance(BETWEEN_COMMITS);
    assert_eq!(shown(&stage, ann), ["Ben: before", "muted Ben", "-Ben "]);
    let ben = stage.join("Ben", &link);
    stage.advance(BETWEEN_COMMITS);
    stage.say(ben, "back");
    assert_eq!(shown(&stage, ann).last().unwrap(), "Ben: back");
    assert_eq!(voices(&stage, ann), [Voice::Heard; 3]);
}

#[test]
fn a_mute_outlasts_a_lost_connection() {
    let (mut stage, [ann, ben, _], _) = ann_without_ben();
    stage.cut(ben);
    stage.cut(ann);
    stage.advance(Duration::from_secs(5));
    stage.say(ben, "still here");
    assert_eq!(shown(&stage, ann), ["Ben: before", "muted Ben"]);
}

#[test]
fn what_does_not_open_is_told_of_a_muted_member_too() {
    let (mut stage, [ann, ben, _], _) = ann_without_ben();
    // Something else has Ben's connection.
    stage.set_page(ben, PageState::Asleep);
    let frame = ClientFrame::Post { ciphertext: PostBlob::try_from(vec![7; 32]).unwrap() };
    stage.command(Command::Receive { from: ConnectionId(2), frame });
    stage.advance(Duration::from_secs(1));
    let last = stage.room(ann).timeline.lines().next_back().unwrap();
    assert!(matches!(&last.body, Body::Happened(Happening::Unreadable { messages: 1, .. })));
}
