//! Messages that go by themselves, on real client cores around a real room core.

use std::time::Duration;

use sanctuary_client::Msg as PageMsg;
use sanctuary_client::markup::plain;
use sanctuary_client::room::{Body, Happening, Msg, Problem, Seek};
use sanctuary_crypto::Fading;
use sanctuary_proptests::stage::{PageState, Stage};

/// A room takes one commit a second; long enough for the next.
const BETWEEN_COMMITS: Duration = Duration::from_secs(2);

/// What of the conversation is on a page.
fn shown(stage: &Stage, client: usize) -> Vec<String> {
    let lines = stage.room(client).timeline.lines();
    lines
        .filter_map(|line| match &line.body {
            Body::Said { words, .. } | Body::Whispered { words, .. } => Some(plain(&words.markup)),
            Body::WhisperPassed { .. } => Some("(whisper)".to_owned()),
            Body::Happened(Happening::Farewell { words: Some(words), .. }) => {
                Some(format!("(farewell) {}", plain(words)))
            }
            Body::Happened(Happening::Fading { fading, .. }) => Some(format!("({fading:?})")),
            Body::Pictured { .. } => Some("(picture)".to_owned()),
            Body::Happened(_) | Body::Notice { .. } => None,
        })
        .collect()
}

fn two() -> (Stage, [usize; 2], String) {
    let mut stage = Stage::default();
    let (ann, link) = stage.start_room("Ann");
    let ben = stage.join("Ben", &link);
    stage.advance(BETWEEN_COMMITS);
    (stage, [ann, ben], link)
}

fn half_a_minute(stage: &mut Stage, host: usize) {
    stage.say(host, "/fade 30s");
    stage.advance(BETWEEN_COMMITS);
}

#[test]
fn messages_go_from_every_page_after_their_time_and_leave_nothing() {
    let (mut stage, [ann, ben], _) = two();
    stage.say(ann, "stays");
    half_a_minute(&mut stage, ann);
    stage.say(ann, "goes");
    stage.advance(Duration::from_secs(20));
    stage.say(ben, "goes later");
    let told = "(Seconds30)";
    for client in [ann, ben] {
        assert_eq!(shown(&stage, client), ["stays", told, "goes", "goes later"]);
    }
    stage.advance(Duration::from_secs(11));
    for client in [ann, ben] {
        assert_eq!(shown(&stage, client), ["stays", told, "goes later"]);
    }
    stage.advance(Duration::from_secs(20));
    for client in [ann, ben] {
        assert_eq!(shown(&stage, client), ["stays", told]);
    }
    // Nor does it come back by the keys that bring back what was sent.
    stage.tell(ann, PageMsg::Room(Msg::SoughtSent(Seek::Earlier)));
    assert_eq!(stage.room(ann).composer.draft, "stays");
}

#[test]
fn whispers_and_last_words_go_too() {
    let (mut stage, [ann, ben], link) = two();
    let cleo = stage.join("Cleo", &link);
    stage.advance(BETWEEN_COMMITS);
    half_a_minute(&mut stage, ann);
    stage.say(ben, "/purr Ann psst");
    stage.say(ben, "/exit so long");
    assert_eq!(shown(&stage, ann)[1..], ["psst", "(farewell) so long"]);
    assert_eq!(shown(&stage, cleo)[1..], ["(whisper)", "(farewell) so long"]);
    stage.advance(Duration::from_secs(31));
    for client in [ann, cleo] {
        assert_eq!(shown(&stage, client), ["(Seconds30)"]);
    }
}

#[test]
fn what_a_reply_quotes_goes_with_its_message() {
    let (mut stage, [ann, ben], _) = two();
    half_a_minute(&mut stage, ann);
    stage.say(ann, "soup?");
    stage.advance(Duration::from_secs(15));
    stage.tell(ben, PageMsg::Room(Msg::SoughtReply(Seek::Earlier)));
    stage.say(ben, "soup");
    let quote = |stage: &Stage| {
        let room = stage.room(ann);
        let line = room.timeline.lines().last().unwrap();
        room.quote(line.words().unwrap().1.reply_to.unwrap())
    };
    assert_eq!(quote(&stage).map(|quote| quote.excerpt).as_deref(), Some("soup?"));
    stage.advance(Duration::from_secs(16));
    assert_eq!(shown(&stage, ann), ["(Seconds30)", "soup"]);
    assert_eq!(quote(&stage), None);
}

#[test]
fn whoever_comes_later_holds_to_it_and_so_does_a_page_that_slept() {
    let (mut stage, [ann, ben], link) = two();
    half_a_minute(&mut stage, ann);
    let cleo = stage.join("Cleo", &link);
    stage.advance(BETWEEN_COMMITS);
    assert_eq!(stage.room(cleo).fading(), Fading::Seconds30);
    stage.say(ann, "goes");
    stage.set_page(ben, PageState::Asleep);
    stage.advance(Duration::from_secs(60));
    stage.set_page(ben, PageState::Awake);
    stage.tell(ben, PageMsg::Woke);
    for client in [ann, ben, cleo] {
        assert!(!shown(&stage, client).contains(&"goes".to_owned()), "{client}");
    }
}

#[test]
fn only_the_host_says_how_long_messages_stay() {
    let (mut stage, [ann, ben], _) = two();
    stage.say(ben, "/fade 1h");
    assert_eq!(stage.room(ben).composer.problem, Some(Problem::NotHost));
    stage.say(ann, "/fade never");
    assert_eq!(stage.room(ann).composer.problem, Some(Problem::Already));
    stage.say(ann, "/fade 1h");
    stage.advance(BETWEEN_COMMITS);
    assert_eq!(stage.room(ben).fading(), Fading::Hour);
}
