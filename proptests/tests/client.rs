//! Real client cores around a real room core: what people see of each other, by their own pages.
//! This many lines because each is a short story on the same stage.

use std::time::Duration;

use proptest::prelude::*;
use sanctuary_client::ended::Ending;
use sanctuary_client::home::{self, KeyChoice, Way};
use sanctuary_client::joining::{self, Failure, Step};
use sanctuary_client::markup::plain;
use sanctuary_client::room::{
    self, Body, Connection, Dialog, Happening, LinkState, Pace, Problem, Rank, RosterAct, Undone,
};
use sanctuary_client::{Effect, Epoch, Model, Msg, Screen, Timer, Timestamp, update};
use sanctuary_crypto::{Change, Stretched, Tampering};
use sanctuary_engine::limits::RoomLimits;
use sanctuary_engine::room::{Command, ConnectionId};
use sanctuary_proptests::frames::server_frame;
use sanctuary_proptests::stage::{PageState, Stage};
use sanctuary_protocol::{
    ClientFrame, ClientFrameKind, CloseReason, DoorPolicy, MemberId, Moderation, Policy, PostBlob,
    Presence, Refusal, ServerFrame, encode,
};

/// A room takes one commit a second; long enough for the next.
const BETWEEN_COMMITS: Duration = Duration::from_secs(2);

/// What a page shows of the conversation, a line each.
fn shown(stage: &Stage, client: usize) -> Vec<String> {
    let room = stage.room(client);
    let name = |person: &room::Person| {
        person.alias.as_ref().map_or_else(|| "?".to_owned(), ToString::to_string)
    };
    let lines = room.timeline.lines().chain(room.pending_lines());
    lines
        .filter_map(|line| match &line.body {
            Body::Said { from, words } => Some(format!("{}: {}", name(from), plain(&words.markup))),
            Body::Whispered { from, to, words } => {
                Some(format!("{} → {}: {}", name(from), name(to), plain(&words.markup)))
            }
            Body::Pictured { from, .. } => Some(format!("{} (picture)", name(from))),
            Body::WhisperPassed { from } => Some(format!("{} whispered", name(from))),
            Body::Notice { text } => Some(format!("notice: {text}")),
            Body::Happened(Happening::Joined { who, .. }) => Some(format!("+{}", name(who))),
            Body::Happened(Happening::Farewell { who, words }) => {
                let words = words.as_ref().map(plain).unwrap_or_default();
                Some(format!("-{} {words}", name(who)))
            }
            Body::Happened(Happening::Left(who)) => Some(format!("-{}", name(who))),
            Body::Happened(Happening::Kicked { who, by }) => {
                Some(format!("{} kicked {}", name(by), name(who)))
            }
            Body::Happened(Happening::Missed { messages }) => Some(format!("missed {messages}")),
            Body::Happened(Happening::Unreadable { who, messages }) => {
                Some(format!("garbage {} {messages}", name(who)))
            }
            Body::Happened(Happening::Tampered(evidence)) => Some(format!("!{}", evidence.what)),
            Body::Happened(Happening::CutOff) => Some("cut off".to_owned()),
            Body::Happened(_) => None,
        })
        .collect()
}

fn step(stage: &Stage, client: usize) -> Option<Step> {
    match &stage.client(client).model.screen {
        Screen::Joining(joining) => Some(joining.step),
        Screen::Home(_) | Screen::Room(_) | Screen::Ended(_) => None,
    }
}

fn ending(stage: &Stage, client: usize) -> Option<Ending> {
    match &stage.client(client).model.screen {
        Screen::Ended(ended) => Some(ended.why.clone()),
        Screen::Home(_) | Screen::Joining(_) | Screen::Room(_) => None,
    }
}

fn pressed(stage: &mut Stage, client: usize, msg: room::Msg) {
    stage.tell(client, Msg::Room(msg));
    stage.settle();
}

fn member(stage: &Stage, client: usize) -> sanctuary_protocol::MemberId {
    stage.room(client).me()
}

/// Ann starts a room, and Ben comes in by the link.
fn ann_and_ben() -> (Stage, usize, usize, String) {
    let mut stage = Stage::default();
    let (ann, link) = stage.start_room("Ann");
    let ben = stage.join("Ben", &link);
    (stage, ann, ben, link)
}

#[test]
fn two_people_talk_in_one_order() {
    let (mut stage, ann, ben, _) = ann_and_ben();
    stage.say(ann, "hello <b>Ben</b>");
    stage.say(ben, "hello Ann");
    assert_eq!(shown(&stage, ann), ["+Ben", "Ann: hello Ben", "Ben: hello Ann"]);
    assert_eq!(shown(&stage, ben), ["Ann: hello Ben", "Ben: hello Ann"]);
}

#[test]
fn messages_that_cross_stand_in_the_same_order_on_both_pages() {
    let (mut stage, ann, ben, _) = ann_and_ben();
    stage.type_and_send(ann, "one");
    stage.type_and_send(ben, "two");
    stage.type_and_send(ann, "three");
    stage.settle();
    let bens = shown(&stage, ben);
    assert_eq!(bens, ["Ann: one", "Ben: two", "Ann: three"]);
    assert_eq!(shown(&stage, ann)[1..], bens);
}

#[test]
fn a_wrong_password_stays_out_and_says_so() {
    let (mut stage, _, _, link) = ann_and_ben();
    let (name, _) = link.split_once('.').unwrap();
    let eve = stage.join("Eve", &format!("{name}.guess"));
    assert_eq!(step(&stage, eve), Some(Step::Failed(Failure::WrongKey)));
    assert!(stage.client(eve).asked.contains(&Effect::EraseAddress));
}

#[test]
fn a_taken_name_is_refused_and_the_invitation_kept() {
    let (mut stage, _, _, link) = ann_and_ben();
    let other = stage.join("ann", &link);
    assert_eq!(step(&stage, other), Some(Step::Failed(Failure::AliasTaken)));
    stage.advance(BETWEEN_COMMITS);
    stage.tell(other, Msg::Joining(joining::Msg::PressedBack));
    let Screen::Home(home) = &stage.client(other).model.screen else { panic!("not at home") };
    assert!(matches!(home.way, Way::Invited(_)));
    assert_eq!(home.alias, "ann");
    stage.tell(other, Msg::Home(home::Msg::TypedAlias("Anna".to_owned())));
    stage.tell(other, Msg::Home(home::Msg::Submitted));
    stage.settle();
    assert_eq!(stage.room(other).roster().len(), 3);
}

#[test]
fn a_wrong_key_is_laid_open_to_be_mended() {
    let (mut stage, _, _, link) = ann_and_ben();
    let (name, _) = link.split_once('.').unwrap();
    let eve = stage.join("Eve", &format!("{name}.guess"));
    stage.tell(eve, Msg::Joining(joining::Msg::PressedBack));
    let Screen::Home(home) = &stage.client(eve).model.screen else { panic!("not at home") };
    assert_eq!(home.way, Way::Join);
    assert_eq!((home.room.as_str(), home.secret.as_str()), (name, "guess"));
}

#[test]
fn a_link_opened_on_the_way_in_does_not_stay_in_the_address() {
    let mut stage = Stage::default();
    let ann = stage.join("Ann", "somewhere.secret");
    let erased = stage.client(ann).asked.len();
    stage.tell(ann, Msg::ChangedAddress { fragment: "elsewhere.secret".to_owned() });
    assert_eq!(stage.client(ann).asked[erased..], [Effect::EraseAddress]);
}

#[test]
fn a_kick_the_connection_swallowed_is_made_again() {
    let (mut stage, ann, ben, link) = ann_and_ben();
    stage.cut_before_sending(ann);
    stage.type_and_send(ann, "/kick Ben");
    stage.cut_losing_all(ann);
    stage.advance(Duration::from_secs(5));
    assert_eq!(stage.room(ann).composer.problem, None);
    assert!(matches!(ending(&stage, ben), Some(Ending::KickedBy(_))));
    check_old_link_is_dead(&mut stage, ann, &link);
}

/// The link that was shared opens nothing any more, and the one on `client`'s page does.
fn check_old_link_is_dead(stage: &mut Stage, client: usize, old: &str) {
    let renewed = link_of(stage, client);
    assert_ne!(renewed, old);
    let again = stage.join("Again", old);
    assert_eq!(step(stage, again), Some(Step::Failed(Failure::WrongKey)));
    let fresh = stage.join("Fresh", &renewed);
    stage.advance(BETWEEN_COMMITS);
    check_one_group(stage, &[client, fresh]);
}

#[test]
fn a_kick_that_came_too_late_for_its_member_renews_the_link_all_the_same() {
    let (mut stage, ann, ben, link) = ann_and_ben();
    let dan = stage.join("Dan", &link);
    stage.advance(BETWEEN_COMMITS);
    stage.tell(ann, Msg::Room(room::Msg::ChoseModeration(Moderation::Everyone)));
    stage.advance(BETWEEN_COMMITS);
    // Dan leaves, and Ann takes his keys; Ben knows of neither when he puts him out.
    stage.set_page(ben, PageState::Asleep);
    stage.say(dan, "/exit");
    stage.advance(BETWEEN_COMMITS);
    assert_eq!(stage.room(ann).safety().members.len(), 2);
    stage.type_and_send(ben, "/kick Dan");
    stage.set_page(ben, PageState::Awake);
    stage.advance(Duration::from_secs(5));
    check_old_link_is_dead(&mut stage, ben, &link);
    assert_eq!(link_of(&stage, ann), link_of(&stage, ben));
}

#[test]
fn a_kick_that_another_kick_overtook_is_made_again() {
    let (mut stage, ann, ben, link) = ann_and_ben();
    let [dan, eve] = ["Dan", "Eve"].map(|alias| {
        let newcomer = stage.join(alias, &link);
        stage.advance(BETWEEN_COMMITS);
        newcomer
    });
    stage.tell(ann, Msg::Room(room::Msg::ChoseModeration(Moderation::Everyone)));
    stage.advance(BETWEEN_COMMITS);
    stage.type_and_send(ann, "/kick Dan");
    stage.type_and_send(ben, "/kick Eve");
    stage.advance(Duration::from_secs(5));
    assert!(matches!(ending(&stage, dan), Some(Ending::KickedBy(_))));
    // The server took Eve's seat for a kick that was void: what is made again takes her keys.
    assert!(matches!(ending(&stage, eve), Some(Ending::RemovedFor(_))));
    assert_eq!(stage.room(ann).safety().members.len(), 2);
    check_one_group(&stage, &[ann, ben]);
    check_old_link_is_dead(&mut stage, ann, &link);
}

#[test]
fn what_the_server_refuses_is_not_made_again_at_once() {
    let (mut stage, ann, ben, link) = ann_and_ben();
    stage.join("Cleo", &link);
    stage.advance(BETWEEN_COMMITS);
    stage.advance(BETWEEN_COMMITS);
    // Ben's keys are to be taken from him, and nothing of that arrives.
    stage.tell(ben, Msg::ClosedPage);
    stage.cut_before_sending(ann);
    stage.settle();
    let Connection::Live { epoch } = stage.room(ann).connection else { panic!("not live") };
    let is_clearing =
        |stage: &Stage| stage.room(ann).session().is_changing(|it| matches!(it, Change::Clear));
    for why in [Refusal::TooSoon, Refusal::NotCommitter, Refusal::NoSuchMember] {
        assert!(is_clearing(&stage), "{why:?}");
        let refused = ServerFrame::Refused { what: ClientFrameKind::Commit, why };
        stage.tell(ann, Msg::SocketReceived { epoch, bytes: encode(&refused) });
        assert!(!is_clearing(&stage), "{why:?}");
        stage.advance(BETWEEN_COMMITS);
    }
}

/// A post that claims to be of an epoch that has not begun: an MLS private message (RFC 9420 §6.3)
/// with nothing in it.
#[expect(clippy::unwrap_used, reason = "two dozen bytes are within every blob's bound")]
fn of_the_future() -> ClientFrame {
    let (version, kind, group, content) = ([0, 1], [0, 2], [1, 7], [1, 0, 0, 0]);
    let epoch = 1_000_u64.to_be_bytes();
    let bytes = [&version[..], &kind, &group, &epoch, &content].concat();
    ClientFrame::Post { ciphertext: PostBlob::try_from(bytes).unwrap() }
}

#[test]
fn a_member_that_posts_garbage_of_the_future_throws_nobody_out() {
    let (mut stage, ann, ben, link) = ann_and_ben();
    let cleo = stage.join("Cleo", &link);
    stage.advance(BETWEEN_COMMITS);
    let numbers = |stage: &Stage| [ann, ben].map(|client| member(stage, client));
    let before = numbers(&stage);
    // Cleo's page would find what is posted in its name forged: something else has its connection.
    stage.set_page(cleo, PageState::Asleep);
    for _ in 0..140 {
        stage.command(Command::Receive { from: ConnectionId(3), frame: of_the_future() });
        stage.advance(Duration::from_secs(1));
    }
    assert_eq!(numbers(&stage), before);
    assert_eq!(shown(&stage, ann).last().unwrap(), "garbage Cleo 140");
    check_one_group(&stage, &[ann, ben]);
}

/// Words that open for nobody come in Cleo's name, one a second.
fn garbage_of_cleo(stage: &mut Stage, seconds: u32) {
    for _ in 0..seconds {
        stage.command(Command::Receive { from: ConnectionId(3), frame: of_the_future() });
        stage.advance(Duration::from_secs(1));
    }
}

#[test]
fn garbage_throws_nobody_out_while_the_host_is_silent() {
    // Through an open door whoever took itself for lost comes back when the host does.
    for (door, seconds) in
        [(DoorPolicy::Open, 70), (DoorPolicy::Ask, 200), (DoorPolicy::Locked, 200)]
    {
        let (mut stage, ann, ben, link) = ann_and_ben();
        let cleo = stage.join("Cleo", &link);
        stage.advance(BETWEEN_COMMITS);
        stage.tell(ann, Msg::Room(room::Msg::ChoseDoor(door)));
        stage.advance(BETWEEN_COMMITS);
        let before = member(&stage, ben);
        stage.set_page(cleo, PageState::Asleep);
        stage.set_page(ann, PageState::Asleep);
        garbage_of_cleo(&mut stage, seconds);
        assert_eq!(member(&stage, ben), before, "{door:?}");
        stage.set_page(ann, PageState::Awake);
        stage.advance(BETWEEN_COMMITS);
        stage.say(ann, "good morning");
        assert_eq!(shown(&stage, ben).last().unwrap(), "Ann: good morning", "{door:?}");
        check_one_group(&stage, &[ann, ben]);
    }
}

#[test]
fn whoever_can_read_nobody_stays_where_the_door_would_not_open() {
    let (mut stage, ann, ben, link) = ann_and_ben();
    let cleo = stage.join("Cleo", &link);
    stage.advance(BETWEEN_COMMITS);
    stage.tell(ann, Msg::Room(room::Msg::ChoseDoor(DoorPolicy::Locked)));
    stage.advance(BETWEEN_COMMITS);
    let before = member(&stage, ben);
    stage.set_page(cleo, PageState::Asleep);
    stage.set_page(ann, PageState::Asleep);
    stage.cut(ann);
    garbage_of_cleo(&mut stage, 80);
    assert_eq!(member(&stage, ben), before);
    let cut_off = |line: &String| line == "cut off";
    assert_eq!(shown(&stage, ben).iter().filter(|line| cut_off(line)).count(), 1);
    stage.set_page(ann, PageState::Awake);
    stage.advance(Duration::from_secs(20));
    stage.say(ann, "good morning");
    assert_eq!(shown(&stage, ben).last().unwrap(), "Ann: good morning");
}

#[test]
fn members_whose_garbage_takes_turns_push_nothing_out() {
    let (mut stage, ann, _, link) = ann_and_ben();
    let rogues = ["Cleo", "Dan"].map(|alias| {
        let rogue = stage.join(alias, &link);
        stage.advance(BETWEEN_COMMITS);
        rogue
    });
    for rogue in rogues {
        stage.set_page(rogue, PageState::Asleep);
    }
    for _ in 0..50 {
        for connection in [3, 4] {
            let from = ConnectionId(connection);
            stage.command(Command::Receive { from, frame: of_the_future() });
        }
    }
    stage.settle();
    assert_eq!(shown(&stage, ann)[3..], ["garbage Cleo 50", "garbage Dan 50"]);
}

#[test]
fn connections_that_go_down_gain_nobody_more_guesses_than_a_press_has() {
    let mut stage = Stage::default();
    let (ann, link) = stage.start_room("Ann");
    let ben = stage.set_out("Ben", &link);
    stage.set_page(ann, PageState::Asleep);
    for _ in 0..3 {
        while stage.step(ben) {}
        stage.set_page(ann, PageState::Awake);
        while stage.step(ann) {}
        stage.set_page(ann, PageState::Asleep);
        // Ben answers the offer, and never learns what Ann says to that.
        while stage.step(ben) {}
        stage.cut_losing_all(ben);
        stage.advance(BETWEEN_COMMITS);
        assert_eq!(step(&stage, ben), Some(Step::AtDoor));
    }
    stage.set_page(ann, PageState::Awake);
    stage.advance(BETWEEN_COMMITS);
    assert_eq!(step(&stage, ben), Some(Step::Failed(Failure::TriesSpent)));
    stage.tell(ben, Msg::Joining(joining::Msg::PressedTryAgain));
    stage.advance(BETWEEN_COMMITS);
    check_one_group(&stage, &[ann, ben]);
}

#[test]
fn to_be_sent_back_by_a_member_costs_no_guess() {
    let (mut stage, ann, _, link) = a_room_that_asks();
    let cleo = stage.join("Cleo", &link);
    for others in 0..5 {
        let other = stage.join(&format!("Guest {others}"), &link);
        let last = stage.room(ann).asking().last().unwrap().member;
        pressed(&mut stage, ann, room::Msg::PressedLetIn(last));
        stage.advance(BETWEEN_COMMITS);
        assert_eq!(stage.room(other).roster().len(), 3 + others);
        assert_eq!(step(&stage, cleo), Some(Step::Asked));
    }
    let cleos = stage.room(ann).asking()[0].member;
    pressed(&mut stage, ann, room::Msg::PressedLetIn(cleos));
    stage.advance(BETWEEN_COMMITS);
    assert_eq!(stage.room(cleo).roster().len(), 8);
}

#[test]
fn only_whoever_keeps_the_door_or_moderates_says_that_guesses_failed() {
    let (mut stage, ann, ben, link) = ann_and_ben();
    let cleo = stage.join("Cleo", &link);
    stage.advance(BETWEEN_COMMITS);
    stage.join("Eve", &guess(&link));
    for client in [ben, cleo] {
        let told = stage.room(client).timeline.lines().find_map(|line| match &line.body {
            Body::Happened(Happening::DoorFailed { by, .. }) => Some(by.member),
            _ => None,
        });
        assert_eq!(told, Some(member(&stage, ann)));
    }
}

#[test]
fn a_purge_the_connection_swallowed_is_told_and_blamed_on_nobody_later() {
    let (mut stage, ann, ben, _) = ann_and_ben();
    stage.say(ann, "/stop");
    stage.cut_before_sending(ann);
    stage.tell(ann, Msg::Room(room::Msg::ConfirmedDialog));
    stage.cut_losing_all(ann);
    stage.advance(Duration::from_secs(5));
    assert_eq!(stage.room(ann).composer.problem, Some(Problem::NotStopped));
    stage.command(Command::Purge);
    stage.settle();
    assert_eq!(ending(&stage, ben), Some(Ending::PurgedByOperator(None)));
}

#[test]
fn a_kick_of_somebody_who_leaves_meanwhile_renews_the_link_all_the_same() {
    let (mut stage, ann, ben, link) = ann_and_ben();
    // Cleo's admission is refused for coming too soon, and waits; Ben is no longer there to kick.
    let cleo = stage.join("Cleo", &link);
    stage.type_and_send(ben, "/exit");
    stage.type_and_send(ann, "/kick Ben");
    stage.advance(Duration::from_secs(5));
    assert_eq!(stage.room(ann).composer.problem, None);
    // Whoever is at the door then has the old link too.
    assert_eq!(step(&stage, cleo), Some(Step::Failed(Failure::WrongKey)));
    check_old_link_is_dead(&mut stage, ann, &link);
}

#[test]
fn a_kick_typed_twice_puts_out_once() {
    let (mut stage, ann, ben, _) = ann_and_ben();
    stage.type_and_send(ann, "/kick Ben");
    stage.type_and_send(ann, "/kick Ben");
    stage.advance(BETWEEN_COMMITS);
    assert_eq!(stage.room(ann).composer.problem, Some(Problem::NoSuchMember));
    assert!(matches!(ending(&stage, ben), Some(Ending::KickedBy(_))));
    assert_eq!(shown(&stage, ann), ["+Ben", "Ann kicked Ben"]);
}

#[test]
fn what_was_never_sent_is_in_the_composer_when_the_seat_is_lost() {
    let limits = RoomLimits { seat_wait: Duration::from_secs(3), ..RoomLimits::default() };
    let mut stage = Stage::new(limits);
    let (_, link) = stage.start_room("Ann");
    let ben = stage.join("Ben", &link);
    stage.set_page(ben, PageState::Asleep);
    stage.cut(ben);
    stage.advance(Duration::from_secs(10));
    stage.set_page(ben, PageState::Awake);
    stage.settle();
    stage.say(ben, "typed in the tunnel");
    stage.advance(Duration::from_secs(10));
    assert_eq!(stage.room(ben).composer.draft, "typed in the tunnel");
}

#[test]
fn a_roster_offers_what_may_be_done() {
    let (stage, ann, ben, _) = ann_and_ben();
    let acts = |client| -> Vec<_> {
        stage.room(client).roster().into_iter().map(|row| row.acts).collect()
    };
    use RosterAct::{HandOver, Kick, Mute, Whisper};
    assert_eq!(acts(ann), [vec![], vec![Whisper, Mute, HandOver, Kick]]);
    assert_eq!(acts(ben), [vec![Whisper, Mute], vec![]]);
}

#[test]
fn a_room_nobody_is_in_is_started_only_when_asked() {
    let mut stage = Stage::default();
    let ann = stage.join("Ann", "somewhere.secret");
    assert_eq!(step(&stage, ann), Some(Step::NobodyThere));
    assert!(!stage.room_lives());
    stage.tell(ann, Msg::Joining(joining::Msg::PressedStart));
    stage.settle();
    assert_eq!(stage.room(ann).roster().len(), 1);
}

#[test]
fn starting_a_room_somebody_is_in_knocks_instead() {
    let mut stage = Stage::default();
    for alias in ["Ann", "Ben"] {
        let client = stage.open_page("");
        for msg in [
            home::Msg::TypedAlias(alias.to_owned()),
            home::Msg::ChoseKey(KeyChoice::Chosen),
            home::Msg::TypedRoomName("kitchen table".to_owned()),
            home::Msg::TypedSecret("long enough to be fine".to_owned().into()),
            home::Msg::Submitted,
        ] {
            stage.tell(client, Msg::Home(msg));
        }
        stage.settle();
    }
    assert_eq!(stage.room(1).roster().len(), 2);
}

#[test]
fn words_that_were_read_aloud_open_the_room_however_they_were_written_down() {
    let mut stage = Stage::default();
    let start = stage.open_page("");
    let words = home::Msg::ChoseKey(KeyChoice::Words);
    for msg in [words, home::Msg::TypedAlias("Ann".to_owned()), home::Msg::Submitted] {
        stage.tell(start, Msg::Home(msg));
    }
    stage.settle();
    let link = &stage.room(start).invitation.link;
    let heard = |text: &str| text.to_uppercase().replace('-', "  ");
    let (room, secret) = (heard(link.room.as_str()), heard(link.secret.expose()));
    assert_eq!((room.split_whitespace().count(), secret.split_whitespace().count()), (3, 6));
    let ben = stage.open_page("");
    for msg in [
        home::Msg::ChoseWay(Way::Join),
        home::Msg::TypedAlias("Ben".to_owned()),
        home::Msg::TypedRoomName(room),
        home::Msg::TypedSecret(secret.into()),
        home::Msg::Submitted,
    ] {
        stage.tell(ben, Msg::Home(msg));
    }
    stage.settle();
    assert_eq!(stage.room(ben).roster().len(), 2);
}

#[test]
fn a_bad_form_names_its_field_and_goes_nowhere() {
    let mut stage = Stage::default();
    let page = stage.open_page("");
    stage.tell(page, Msg::Home(home::Msg::Submitted));
    let Screen::Home(home) = &stage.client(page).model.screen else { panic!("not at home") };
    assert!(matches!(home.problem, Some(home::Problem::Alias(_))));
    assert!(matches!(stage.client(page).asked[..], [Effect::Focus(_)]));
}

#[test]
fn a_farewell_is_heard_and_leaving_is_not_told_twice() {
    let (mut stage, ann, ben, _) = ann_and_ben();
    stage.say(ben, "/exit good night");
    assert_eq!(ending(&stage, ben), Some(Ending::Left));
    assert!(stage.client(ben).asked.contains(&Effect::Wipe));
    assert_eq!(shown(&stage, ann), ["+Ben", "-Ben good night"]);
}

#[test]
fn closing_the_page_leaves_at_once() {
    let (mut stage, ann, ben, _) = ann_and_ben();
    stage.tell(ben, Msg::ClosedPage);
    stage.settle();
    assert_eq!(stage.room(ann).roster().len(), 1);
    assert_eq!(ending(&stage, ben), Some(Ending::Left));
}

#[test]
fn when_the_last_one_leaves_nothing_is_left() {
    let (mut stage, ann, ben, _) = ann_and_ben();
    stage.say(ann, "/exit");
    assert!(stage.room_lives());
    stage.say(ben, "/exit");
    assert!(!stage.room_lives());
}

#[test]
fn nobody_is_offered_their_own_name() {
    let (mut stage, ann, _, _) = ann_and_ben();
    let typed = room::Msg::TypedDraft { text: "/kick ".to_owned(), caret: 6 };
    stage.tell(ann, Msg::Room(typed));
    let offered: Vec<_> = stage.room(ann).completions().into_iter().map(|it| it.text).collect();
    assert_eq!(offered, ["Ben"]);
}

#[test]
fn a_purge_asks_first_and_names_who_ended_the_room() {
    let (mut stage, ann, ben, _) = ann_and_ben();
    stage.say(ann, "/stop");
    assert_eq!(stage.room(ann).dialog, Some(Dialog::Stop));
    pressed(&mut stage, ann, room::Msg::ConfirmedDialog);
    assert_eq!(ending(&stage, ann), Some(Ending::Purged));
    let Some(Ending::PurgedBy(alias)) = ending(&stage, ben) else { panic!("not by Ann") };
    assert_eq!(alias.as_str(), "Ann");
    assert!(!stage.room_lives());
}

#[test]
fn a_room_ended_without_a_members_word_is_the_servers_doing() {
    let (mut stage, ann, _, _) = ann_and_ben();
    stage.command(Command::Purge);
    stage.settle();
    assert_eq!(ending(&stage, ann), Some(Ending::PurgedByOperator(None)));
}

#[test]
fn only_the_host_may_kick_or_stop_where_the_host_moderates() {
    let (mut stage, ann, ben, _) = ann_and_ben();
    for draft in ["/kick Ann", "/stop"] {
        stage.say(ben, draft);
        assert_eq!(stage.room(ben).composer.problem, Some(Problem::NotHost), "{draft}");
    }
    assert_eq!(stage.room(ann).roster().len(), 2);
}

#[test]
fn a_kick_puts_out_and_says_by_whom() {
    let (mut stage, ann, ben, link) = ann_and_ben();
    let cleo = stage.join("Cleo", &link);
    stage.advance(BETWEEN_COMMITS);
    stage.say(ann, "/kick Ben");
    let Some(Ending::KickedBy(alias)) = ending(&stage, ben) else { panic!("not kicked") };
    assert_eq!(alias.as_str(), "Ann");
    assert_eq!(shown(&stage, cleo), ["Ann kicked Ben"]);
    stage.say(ann, "he is gone");
    assert_eq!(stage.room(cleo).roster().len(), 2);
}

#[test]
fn a_whisper_is_shown_to_its_target_alone() {
    let (mut stage, ann, ben, link) = ann_and_ben();
    let cleo = stage.join("Cleo", &link);
    stage.advance(BETWEEN_COMMITS);
    stage.say(ann, "/purr Ben between us");
    assert_eq!(shown(&stage, ben).last().unwrap(), "Ann → Ben: between us");
    assert_eq!(shown(&stage, ann).last().unwrap(), "Ann → Ben: between us");
    assert_eq!(shown(&stage, cleo).last().unwrap(), "Ann whispered");
}

#[test]
fn handing_over_moves_the_rank_and_its_powers() {
    let (mut stage, ann, ben, _) = ann_and_ben();
    stage.say(ann, "/host Ben");
    stage.advance(BETWEEN_COMMITS);
    let hosts = |stage: &Stage, client| -> Vec<_> {
        let hosts = stage.room(client).roster().into_iter().filter(|row| row.rank == Rank::Host);
        hosts.map(|row| row.person.member).collect()
    };
    let expected = vec![member(&stage, ben)];
    assert_eq!([hosts(&stage, ann), hosts(&stage, ben)], [expected.clone(), expected]);
    stage.say(ben, "/kick Ann");
    assert!(matches!(ending(&stage, ann), Some(Ending::KickedBy(_))));
}

#[test]
fn a_lost_connection_loses_and_doubles_nothing() {
    let (mut stage, ann, ben, _) = ann_and_ben();
    stage.type_and_send(ben, "sent before the cut");
    stage.cut_losing_all(ben);
    stage.settle();
    assert!(!stage.room(ben).connection.is_live());
    stage.say(ben, "typed in the tunnel");
    stage.say(ann, "said meanwhile");
    let row = stage.room(ann).roster().pop().unwrap();
    assert_eq!(row.presence, Presence::Gone);
    stage.advance(Duration::from_secs(2));
    assert!(matches!(stage.room(ben).connection, Connection::Live { .. }));
    let said = ["Ben: sent before the cut", "Ann: said meanwhile", "Ben: typed in the tunnel"];
    assert_eq!(shown(&stage, ben), said);
    assert_eq!(shown(&stage, ann)[1..], said);
}

#[test]
fn a_socket_that_leads_nowhere_is_given_up() {
    let (mut stage, ann, ben, _) = ann_and_ben();
    stage.set_page(ben, PageState::Asleep);
    stage.type_and_send(ben, "hello?");
    // The page wakes long after; everything sent to it was lost on the way.
    stage.cut_losing_all(ben);
    stage.set_page(ben, PageState::Awake);
    stage.advance(Duration::from_secs(30));
    assert_eq!(shown(&stage, ann), ["+Ben", "Ben: hello?"]);
    assert_eq!(shown(&stage, ben), ["Ben: hello?"]);
}

#[test]
fn a_seat_that_expired_is_taken_anew_through_the_door_with_the_draft() {
    let limits = RoomLimits { seat_wait: Duration::from_secs(3), ..RoomLimits::default() };
    let mut stage = Stage::new(limits);
    let (ann, link) = stage.start_room("Ann");
    let ben = stage.join("Ben", &link);
    let typed = room::Msg::TypedDraft { text: "half a sent".to_owned(), caret: 11 };
    stage.tell(ben, Msg::Room(typed));
    stage.set_page(ben, PageState::Asleep);
    stage.cut(ben);
    stage.advance(Duration::from_secs(10));
    stage.set_page(ben, PageState::Awake);
    stage.advance(Duration::from_secs(10));
    assert_eq!(stage.room(ann).roster().len(), 2);
    assert_eq!(stage.room(ben).composer.draft, "half a sent");
    stage.say(ben, "back");
    assert_eq!(shown(&stage, ann).last().unwrap(), "Ben: back");
}

#[test]
fn a_kick_refused_while_the_connection_breaks_twice_is_not_forgotten() {
    let (mut stage, ann, ben, link) = ann_and_ben();
    let cleo = stage.join("Cleo", &link);
    stage.advance(BETWEEN_COMMITS);
    // The renewal has its place, the kick before it none; of both Ann hears only after two breaks.
    stage.cut_before_sending(ann);
    stage.type_and_send(ann, "/kick Cleo");
    stage.cut_losing_all(ann);
    stage.advance(Duration::from_millis(600));
    stage.cut_losing_all(ann);
    stage.advance(Duration::from_secs(5));
    assert!(matches!(ending(&stage, cleo), Some(Ending::KickedBy(_))));
    check_one_group(&stage, &[ann, ben]);
}

#[test]
fn whoever_missed_too_much_to_follow_comes_back_by_itself_at_once() {
    let limits = RoomLimits { ring_bytes_max: 4 * 1024, ..RoomLimits::default() };
    let mut stage = Stage::new(limits);
    let (ann, link) = stage.start_room("Ann");
    let ben = stage.join("Ben", &link);
    stage.advance(BETWEEN_COMMITS);
    let typed = room::Msg::TypedDraft { text: "half a sent".to_owned(), caret: 11 };
    stage.tell(ben, Msg::Room(typed));
    stage.set_page(ben, PageState::Asleep);
    stage.cut(ben);
    (0..1_040).for_each(|_| stage.say(ann, "and another thing"));
    stage.set_page(ben, PageState::Awake);
    stage.advance(BETWEEN_COMMITS);
    stage.say(ann, "back already?");
    assert_eq!(shown(&stage, ben).last().unwrap(), "Ann: back already?");
    assert_eq!(stage.room(ben).composer.draft, "half a sent");
    stage.say(ben, "yes");
    assert_eq!(shown(&stage, ann).last().unwrap(), "Ben: yes");
    check_one_group(&stage, &[ann, ben]);
}

/// The server says that a part of it failed, and hangs up.
#[expect(clippy::panic, reason = "a test's own mistake")]
fn fault(stage: &mut Stage, client: usize) {
    let Connection::Live { epoch } = stage.room(client).connection else { panic!("no socket") };
    let bytes = encode(&ServerFrame::Closed { reason: CloseReason::Faulted });
    stage.tell(client, Msg::SocketReceived { epoch, bytes });
    stage.cut(client);
}

#[test]
fn whoever_is_served_by_a_part_that_fails_comes_back_to_its_seat() {
    let mut stage = Stage::default();
    let (ann, link) = stage.start_room("Ann");
    let ben = stage.join("Ben", &link);
    stage.advance(BETWEEN_COMMITS);
    fault(&mut stage, ben);
    stage.say(ann, "Are you there?");
    stage.advance(Duration::from_secs(1));
    stage.say(ben, "yes");
    for client in [ann, ben] {
        let shown = shown(&stage, client);
        assert!(shown.ends_with(&["Ann: Are you there?".into(), "Ben: yes".into()]), "{shown:?}");
    }
}

#[test]
fn whoever_asks_in_vain_for_its_seat_after_a_failure_is_told_that_the_room_is_lost() {
    let mut stage = Stage::default();
    let (_, link) = stage.start_room("Ann");
    let ben = stage.join("Ben", &link);
    stage.advance(BETWEEN_COMMITS);
    fault(&mut stage, ben);
    stage.command(Command::Purge);
    stage.advance(Duration::from_secs(1));
    let Screen::Ended(ended) = &stage.client(ben).model.screen else { panic!("no end") };
    assert_eq!(ended.why, Ending::RoomLost);
    assert!(ended.can_return());
}

#[test]
fn whoever_was_away_for_too_long_after_a_failure_comes_in_again() {
    let mut stage = Stage::default();
    let (ann, link) = stage.start_room("Ann");
    let ben = stage.join("Ben", &link);
    stage.advance(BETWEEN_COMMITS);
    fault(&mut stage, ben);
    stage.set_page(ben, PageState::Asleep);
    stage.advance(RoomLimits::default().seat_wait + BETWEEN_COMMITS);
    stage.set_page(ben, PageState::Awake);
    stage.advance(BETWEEN_COMMITS + BETWEEN_COMMITS);
    check_one_group(&stage, &[ann, ben]);
}

#[test]
fn whoever_catches_up_over_a_socket_that_leads_nowhere_any_more_tries_another() {
    let mut stage = Stage::default();
    let (ann, link) = stage.start_room("Ann");
    let ben = stage.join("Ben", &link);
    stage.advance(BETWEEN_COMMITS);
    stage.cut(ben);
    stage.say(ann, "one");
    stage.tell(ben, Msg::Woke);
    while !matches!(stage.room(ben).connection, Connection::CatchingUp { .. }) {
        assert!(stage.step(ben), "it never catches up");
    }
    stage.deafen(ben);
    stage.say(ann, "two");
    stage.advance(Duration::from_secs(19));
    assert!(!shown(&stage, ben).contains(&"Ann: one".to_owned()));
    stage.advance(Duration::from_secs(5));
    assert!(shown(&stage, ben).ends_with(&["Ann: one".into(), "Ann: two".into()]));
}

#[test]
fn whoever_sets_out_over_a_socket_that_leads_nowhere_tries_another() {
    let mut stage = Stage::default();
    let (ann, link) = stage.start_room("Ann");
    let ben = stage.set_out("Ben", &link);
    stage.cut_before_sending(ben);
    stage.advance(Duration::from_secs(19));
    assert_eq!(step(&stage, ben), Some(Step::Connecting));
    stage.advance(Duration::from_secs(5));
    check_one_group(&stage, &[ann, ben]);
}

#[test]
fn whoever_waits_at_the_door_over_a_socket_that_leads_nowhere_knocks_over_another() {
    let mut stage = Stage::default();
    let (ann, link) = stage.start_room("Ann");
    stage.set_page(ann, PageState::Asleep);
    let ben = stage.join("Ben", &link);
    stage.advance(Duration::from_secs(10));
    stage.deafen(ben);
    stage.advance(Duration::from_secs(50));
    assert_eq!(step(&stage, ben), Some(Step::Waiting));
    stage.set_page(ann, PageState::Awake);
    stage.advance(BETWEEN_COMMITS);
    check_one_group(&stage, &[ann, ben]);
}

/// Ben is let in, and hears no more after so many frames on his way; how many there were.
fn let_in_within(frames: usize) -> (Stage, usize, usize) {
    let mut stage = Stage::default();
    let (ann, link) = stage.start_room("Ann");
    let ben = stage.set_out("Ben", &link);
    while stage.room(ann).roster().len() < 2 {
        assert!(stage.step(ann) || stage.step(ben), "nobody is let in");
    }
    let mut heard = 0;
    while heard < frames && step(&stage, ben).is_some() && stage.step(ben) {
        heard += 1;
    }
    stage.deafen(ben);
    (stage, ben, heard)
}

#[test]
fn whoever_was_let_in_has_patience_with_a_welcome_that_is_long_on_its_way() {
    let (.., all) = let_in_within(usize::MAX);
    let (mut stage, ben, _) = let_in_within(all - 1);
    stage.advance(Duration::from_secs(300));
    assert_eq!(step(&stage, ben), Some(Step::Entering));
    stage.advance(Duration::from_secs(60));
    assert_ne!(step(&stage, ben), Some(Step::Entering), "not for ever");
}

#[test]
fn whoever_waits_at_the_door_for_long_keeps_its_knock() {
    let mut stage = Stage::default();
    let (ann, link) = stage.start_room("Ann");
    stage.set_page(ann, PageState::Asleep);
    let ben = stage.join("Ben", &link);
    stage.advance(Duration::from_secs(400));
    stage.set_page(ann, PageState::Awake);
    stage.advance(BETWEEN_COMMITS);
    check_one_group(&stage, &[ann, ben]);
    assert_eq!(stage.room(ben).session().me(), MemberId(2));
}

#[test]
fn whoever_is_alone_over_a_socket_that_leads_nowhere_tries_another() {
    let mut stage = Stage::default();
    let (ann, link) = stage.start_room("Ann");
    stage.advance(Duration::from_secs(60));
    stage.deafen(ann);
    let ben = stage.join("Ben", &link);
    assert_eq!(step(&stage, ben), Some(Step::AtDoor));
    stage.advance(Duration::from_secs(60));
    check_one_group(&stage, &[ann, ben]);
    // The same while the other is away.
    stage.set_page(ben, PageState::Asleep);
    stage.cut(ben);
    stage.advance(Duration::from_secs(5));
    stage.deafen(ann);
    stage.set_page(ben, PageState::Awake);
    stage.advance(Duration::from_secs(60));
    stage.say(ben, "here again");
    assert_eq!(shown(&stage, ann).last().unwrap(), "Ben: here again");
}

#[test]
fn whoever_is_alone_for_long_keeps_its_socket_and_posts_nothing() {
    let mut stage = Stage::default();
    let (ann, _) = stage.start_room("Ann");
    stage.advance(Duration::from_secs(5));
    let before = stage.room(ann).session().view().seq;
    stage.advance(Duration::from_secs(600));
    assert!(stage.room(ann).connection.is_live());
    assert_eq!(stage.room(ann).session().view().seq, before);
}

#[test]
fn a_sleeping_doorkeeper_lets_the_newcomer_in_when_it_wakes() {
    let mut stage = Stage::default();
    let (ann, link) = stage.start_room("Ann");
    stage.set_page(ann, PageState::Asleep);
    let ben = stage.join("Ben", &link);
    assert_eq!(step(&stage, ben), Some(Step::AtDoor));
    stage.advance(Duration::from_secs(60));
    assert_eq!(step(&stage, ben), Some(Step::Waiting));
    stage.set_page(ann, PageState::Awake);
    stage.settle();
    assert_eq!(stage.room(ben).roster().len(), 2);
}

#[test]
fn when_the_host_sleeps_the_next_one_opens() {
    let (mut stage, ann, _, link) = ann_and_ben();
    stage.set_page(ann, PageState::Asleep);
    let cleo = stage.join("Cleo", &link);
    stage.advance(Duration::from_secs(20));
    assert_eq!(stage.room(cleo).roster().len(), 3);
    stage.set_page(ann, PageState::Awake);
    stage.advance(Duration::from_secs(5));
    stage.say(cleo, "hello both");
    assert_eq!(shown(&stage, ann).last().unwrap(), "Cleo: hello both");
}

#[test]
fn twenty_who_come_at_once_all_come_in() {
    let mut stage = Stage::default();
    let (ann, link) = stage.start_room("Ann");
    stage.set_page(ann, PageState::Asleep);
    let many: Vec<usize> = (0..20).map(|n| stage.join(&format!("Guest {n}"), &link)).collect();
    stage.set_page(ann, PageState::Awake);
    stage.advance(Duration::from_secs(30));
    for client in &many {
        assert_eq!(stage.room(*client).roster().len(), 21, "client {client}");
    }
    check_one_group(&stage, &many);
}

#[test]
fn newcomers_who_gave_up_keep_nobody_else_out() {
    let mut stage = Stage::default();
    let (ann, link) = stage.start_room("Ann");
    stage.set_page(ann, PageState::Asleep);
    let many: Vec<usize> = (0..6).map(|n| stage.join(&format!("Guest {n}"), &link)).collect();
    for client in &many[..3] {
        stage.tell(*client, Msg::ClosedPage);
    }
    stage.set_page(ann, PageState::Awake);
    stage.advance(Duration::from_secs(60));
    for client in &many[3..] {
        assert_eq!(stage.room(*client).roster().len(), 4, "client {client}");
    }
}

#[test]
fn a_newcomer_who_reloads_is_let_in_under_the_same_name() {
    let (mut stage, ann, ben, link) = ann_and_ben();
    // The room has just taken a commit, so Cleo's first knock waits at the door.
    let first = stage.join("Cleo", &link);
    assert_eq!(step(&stage, first), Some(Step::Entering));
    stage.tell(first, Msg::ClosedPage);
    let second = stage.join("Cleo", &link);
    stage.advance(BETWEEN_COMMITS);
    for client in [ann, ben, second] {
        assert_eq!(stage.room(client).roster().len(), 3);
    }
}

#[test]
fn a_doorkeeper_that_lost_its_connection_remembers_no_name_in_vain() {
    let (mut stage, ann, _, link) = ann_and_ben();
    let first = stage.join("Cleo", &link);
    stage.cut_losing_all(ann);
    stage.tell(first, Msg::ClosedPage);
    stage.advance(Duration::from_secs(5));
    let second = stage.join("Cleo", &link);
    stage.advance(BETWEEN_COMMITS);
    assert_eq!(stage.room(second).roster().len(), 3);
}

/// The words of every room on the stage, which are the same: everybody is in one group.
fn check_one_group(stage: &Stage, clients: &[usize]) {
    let safeties: Vec<_> = clients.iter().map(|client| stage.room(*client).safety()).collect();
    for safety in &safeties {
        assert_eq!(safety, &safeties[0]);
    }
}

fn guess(link: &str) -> String {
    let name = link.split('.').next().unwrap_or_default();
    format!("{name}.guess")
}

fn link_of(stage: &Stage, client: usize) -> String {
    stage.room(client).invitation.link.fragment().to_string()
}

/// Ann's room asks before it lets anybody in.
fn a_room_that_asks() -> (Stage, usize, usize, String) {
    let (mut stage, ann, ben, link) = ann_and_ben();
    stage.advance(BETWEEN_COMMITS);
    stage.say(ann, "/door ask");
    stage.advance(BETWEEN_COMMITS);
    (stage, ann, ben, link)
}

#[test]
fn under_ask_the_host_s_hand_lets_in_and_turns_away() {
    let (mut stage, ann, ben, link) = a_room_that_asks();
    assert_eq!(stage.room(ben).policy.door, DoorPolicy::Ask);
    let cleo = stage.join("Cleo", &link);
    let dan = stage.join("Dan", &link);
    stage.advance(Duration::from_secs(120));
    assert_eq!([step(&stage, cleo), step(&stage, dan)], [Some(Step::Asked); 2]);
    let asking: Vec<_> = stage.room(ann).asking().iter().map(|it| it.alias.to_string()).collect();
    assert_eq!(asking, ["Cleo", "Dan"]);
    let callers = stage.room(ann).asking().to_vec();
    pressed(&mut stage, ann, room::Msg::PressedTurnAway(callers[0].member));
    assert_eq!(step(&stage, cleo), Some(Step::Failed(Failure::Declined)));
    pressed(&mut stage, ann, room::Msg::PressedLetIn(callers[1].member));
    stage.advance(BETWEEN_COMMITS);
    assert!(stage.room(ann).asking().is_empty());
    check_one_group(&stage, &[ann, ben, dan]);
    assert_eq!(stage.room(dan).roster().len(), 3);
}

#[test]
fn whoever_was_overtaken_asks_again_by_itself() {
    let (mut stage, ann, _, link) = a_room_that_asks();
    let cleo = stage.join("Cleo", &link);
    let dan = stage.join("Dan", &link);
    let second = stage.room(ann).asking()[1].member;
    pressed(&mut stage, ann, room::Msg::PressedLetIn(second));
    stage.advance(BETWEEN_COMMITS);
    assert_eq!(stage.room(dan).roster().len(), 3);
    let asking = stage.room(ann).asking().to_vec();
    assert_eq!(asking.len(), 1);
    pressed(&mut stage, ann, room::Msg::PressedLetIn(asking[0].member));
    stage.advance(BETWEEN_COMMITS);
    assert_eq!(stage.room(cleo).roster().len(), 4);
}

#[test]
fn opening_the_door_lets_in_whoever_was_asking() {
    let (mut stage, ann, _, link) = a_room_that_asks();
    let cleo = stage.join("Cleo", &link);
    stage.say(ann, "/door open");
    stage.advance(BETWEEN_COMMITS);
    assert_eq!(stage.room(cleo).roster().len(), 3);
}

#[test]
fn a_locked_door_lets_nobody_in_until_it_is_opened() {
    let (mut stage, ann, ben, link) = ann_and_ben();
    stage.advance(BETWEEN_COMMITS);
    stage.say(ben, "/door locked");
    assert_eq!(stage.room(ben).composer.problem, Some(Problem::NotHost));
    stage.say(ann, "/door locked");
    let cleo = stage.join("Cleo", &link);
    assert_eq!(step(&stage, cleo), Some(Step::Failed(Failure::Locked)));
    stage.advance(BETWEEN_COMMITS);
    stage.say(ann, "/door open");
    stage.advance(BETWEEN_COMMITS);
    stage.tell(cleo, Msg::Joining(joining::Msg::PressedTryAgain));
    stage.advance(BETWEEN_COMMITS);
    check_one_group(&stage, &[ann, ben, cleo]);
}

#[test]
fn two_changes_of_the_rules_at_once_both_hold() {
    let (mut stage, ann, ben, _) = ann_and_ben();
    stage.tell(ann, Msg::Room(room::Msg::ChoseDoor(DoorPolicy::Ask)));
    stage.tell(ann, Msg::Room(room::Msg::ChoseModeration(Moderation::Everyone)));
    stage.advance(Duration::from_secs(10));
    let expected = Policy { moderation: Moderation::Everyone, door: DoorPolicy::Ask };
    assert_eq!([stage.room(ann).policy, stage.room(ben).policy], [expected; 2]);
}

#[test]
fn wrong_passwords_slow_the_door_for_all_and_never_shut_it() {
    let (mut stage, ann, ben, link) = ann_and_ben();
    let failures = |stage: &Stage, client| {
        stage.room(client).door_trouble().map(|trouble| (trouble.failures, trouble.pace))
    };
    assert_eq!(failures(&stage, ann), None);
    for count in 1..=5 {
        let eve = stage.join("Eve", &guess(&link));
        assert_eq!(step(&stage, eve), Some(Step::Failed(Failure::WrongKey)), "{count}");
        let pace = if count < 5 { Pace::Quick } else { Pace::Slow };
        for client in [ann, ben] {
            assert_eq!(failures(&stage, client), Some((count, pace)));
        }
    }
    // However many guess, somebody who knows the password is let in a little later.
    let eve = stage.join("Eve", &guess(&link));
    let cleo = stage.join("Cleo", &link);
    stage.advance(Duration::from_secs(50));
    assert_eq!(step(&stage, eve), Some(Step::Waiting));
    stage.advance(Duration::from_secs(200));
    assert_eq!(stage.room(cleo).roster().len(), 3);
    stage.say(ben, "/door clear");
    assert_eq!(stage.room(ben).composer.problem, Some(Problem::NotHost));
    stage.say(ann, "/door clear");
    for client in [ann, ben] {
        assert_eq!(failures(&stage, client), None);
    }
    let dan = stage.join("Dan", &link);
    stage.advance(BETWEEN_COMMITS);
    check_one_group(&stage, &[ann, ben, cleo, dan]);
}

#[test]
fn a_newcomer_who_gives_no_answer_counts_as_a_guess() {
    let (mut stage, ann, _, link) = ann_and_ben();
    let mute = stage.set_out("Mute", &link);
    stage.step(mute);
    stage.set_page(mute, PageState::Asleep);
    stage.advance(Duration::from_secs(29));
    assert_eq!(stage.room(ann).door_trouble(), None);
    stage.advance(Duration::from_secs(2));
    assert_eq!(stage.room(ann).door_trouble().unwrap().failures, 1);
}

#[test]
fn a_kick_renews_the_link_and_the_old_one_opens_nothing() {
    let (mut stage, ann, ben, link) = ann_and_ben();
    let cleo = stage.join("Cleo", &link);
    stage.advance(BETWEEN_COMMITS);
    stage.say(ann, "/kick Ben");
    assert!(matches!(ending(&stage, ben), Some(Ending::KickedBy(_))));
    let renewed = link_of(&stage, ann);
    assert_ne!(renewed, link);
    assert_eq!(link_of(&stage, cleo), renewed);
    assert_eq!(stage.room(ann).link_state(), LinkState::Renewed);
    assert_eq!(stage.room(ann).sheet, Some(room::Sheet::Invitation));
    let again = stage.join("Ben", &link);
    assert_eq!(step(&stage, again), Some(Step::Failed(Failure::WrongKey)));
    let dan = stage.join("Dan", &renewed);
    stage.advance(BETWEEN_COMMITS);
    check_one_group(&stage, &[ann, cleo, dan]);
}

#[test]
fn renewing_the_link_asks_first_and_puts_nobody_out() {
    let (mut stage, ann, ben, link) = ann_and_ben();
    stage.advance(BETWEEN_COMMITS);
    stage.say(ann, "/renew");
    assert_eq!(stage.room(ann).dialog, Some(Dialog::Renew));
    pressed(&mut stage, ann, room::Msg::ConfirmedDialog);
    stage.advance(BETWEEN_COMMITS);
    assert_ne!(link_of(&stage, ben), link);
    check_one_group(&stage, &[ann, ben]);
}

#[test]
fn the_keys_are_taken_from_whoever_has_left() {
    let (mut stage, ann, ben, link) = ann_and_ben();
    let cleo = stage.join("Cleo", &link);
    stage.advance(BETWEEN_COMMITS);
    stage.say(ben, "/exit");
    assert_eq!(stage.room(ann).roster().len(), 2);
    stage.advance(BETWEEN_COMMITS);
    check_one_group(&stage, &[ann, cleo]);
    assert_eq!(stage.room(ann).safety().members.len(), 2);
}

#[test]
fn when_the_host_leaves_the_senior_takes_over() {
    let (mut stage, ann, ben, link) = ann_and_ben();
    let cleo = stage.join("Cleo", &link);
    stage.advance(BETWEEN_COMMITS);
    stage.say(ann, "/exit");
    stage.advance(Duration::from_secs(5));
    let bens = member(&stage, ben);
    assert_eq!([stage.room(ben).host, stage.room(cleo).host], [bens; 2]);
    assert!(stage.room(cleo).may_moderate(bens));
    check_one_group(&stage, &[ben, cleo]);
    assert_eq!(stage.room(ben).safety().members.len(), 2);
    stage.say(ben, "/door ask");
    stage.advance(BETWEEN_COMMITS);
    assert_eq!(stage.room(cleo).policy.door, DoorPolicy::Ask);
}

#[test]
fn the_place_of_a_lost_host_goes_on_to_the_senior_who_is_back_before_it_is_taken() {
    let (mut stage, ann, ben, link) = ann_and_ben();
    let cleo = stage.join("Cleo", &link);
    stage.advance(BETWEEN_COMMITS);
    // Ann leaves while Ben is away, and the server names Cleo. Before her page has read it, Ben is
    // back: he is the senior, and has not been named.
    stage.set_page(ben, PageState::Asleep);
    stage.cut(ben);
    stage.set_page(cleo, PageState::Asleep);
    stage.say(ann, "/exit");
    stage.set_page(ben, PageState::Awake);
    stage.advance(Duration::from_secs(5));
    stage.set_page(cleo, PageState::Awake);
    stage.advance(Duration::from_secs(5));
    let bens = member(&stage, ben);
    assert_eq!([stage.room(ben).host, stage.room(cleo).host], [bens; 2]);
    check_one_group(&stage, &[ben, cleo]);
    stage.say(ben, "/door ask");
    stage.advance(BETWEEN_COMMITS);
    assert_eq!(stage.room(cleo).policy.door, DoorPolicy::Ask);
}

#[test]
fn a_host_that_was_away_long_is_host_no_more_and_is_told() {
    let (mut stage, ann, ben, _) = ann_and_ben();
    stage.set_page(ann, PageState::Asleep);
    stage.cut(ann);
    stage.advance(Duration::from_secs(60));
    stage.set_page(ann, PageState::Awake);
    stage.advance(Duration::from_secs(5));
    let bens = member(&stage, ben);
    assert_eq!([stage.room(ann).host, stage.room(ben).host], [bens; 2]);
    check_one_group(&stage, &[ann, ben]);
}

/// A newcomer has answered the keeper's offer, and the keeper does not know it yet.
fn someone_at_the_door_of(stage: &mut Stage, keeper: usize, alias: &str, link: &str) -> usize {
    let newcomer = stage.set_out(alias, link);
    stage.step(newcomer);
    stage.step(keeper);
    while stage.step(newcomer) {}
    newcomer
}

#[test]
fn an_admission_that_comes_too_late_is_made_again() {
    let (mut stage, ann, ben, link) = ann_and_ben();
    stage.advance(BETWEEN_COMMITS);
    // While Ann sleeps the door becomes Ben's, and stays his.
    stage.set_page(ann, PageState::Asleep);
    let dan = stage.join("Dan", &link);
    stage.advance(Duration::from_secs(10));
    stage.set_page(ann, PageState::Awake);
    stage.settle();
    let cleo = someone_at_the_door_of(&mut stage, ben, "Cleo", &link);
    stage.set_page(ben, PageState::Asleep);
    stage.tell(ann, Msg::Room(room::Msg::ChoseModeration(Moderation::Everyone)));
    stage.advance(BETWEEN_COMMITS);
    stage.set_page(ben, PageState::Awake);
    stage.advance(Duration::from_secs(5));
    check_one_group(&stage, &[ann, ben, dan, cleo]);
    stage.say(cleo, "hello");
    assert_eq!(shown(&stage, ben).last().unwrap(), "Cleo: hello");
}

#[test]
fn an_admission_that_comes_after_another_link_lets_nobody_in_by_the_old_one() {
    let (mut stage, ann, ben, link) = ann_and_ben();
    let dan = stage.join("Dan", &link);
    stage.advance(BETWEEN_COMMITS);
    stage.tell(ann, Msg::Room(room::Msg::ChoseModeration(Moderation::Everyone)));
    stage.advance(BETWEEN_COMMITS);
    let cleo = someone_at_the_door_of(&mut stage, ann, "Cleo", &link);
    // Ben's kick is first in the room's order; what Ann sends meanwhile is for an epoch that ended.
    stage.type_and_send(ben, "/kick Dan");
    stage.settle();
    assert!(matches!(ending(&stage, dan), Some(Ending::KickedBy(_))));
    stage.advance(Duration::from_secs(30));
    assert_eq!(step(&stage, cleo), Some(Step::Failed(Failure::WrongKey)));
    check_one_group(&stage, &[ann, ben]);
    assert_eq!(stage.room(ann).door_trouble().unwrap().failures, 1);
    check_old_link_is_dead(&mut stage, ben, &link);
}

#[test]
fn whoever_was_let_in_to_nowhere_comes_back_by_itself_under_its_name() {
    let (mut stage, ann, ben, link) = ann_and_ben();
    stage.advance(BETWEEN_COMMITS);
    // While Ann sleeps the door becomes Ben's, and stays his.
    stage.set_page(ann, PageState::Asleep);
    let cleo = stage.join("Cleo", &link);
    stage.advance(Duration::from_secs(10));
    stage.set_page(ann, PageState::Awake);
    stage.settle();
    let dan = someone_at_the_door_of(&mut stage, ben, "Dan", &link);
    stage.set_page(ben, PageState::Asleep);
    stage.type_and_send(ann, "/door ask");
    stage.advance(BETWEEN_COMMITS);
    stage.set_page(ben, PageState::Awake);
    // Ben lets Dan in to what has ended, and is never heard of again.
    stage.step(ben);
    stage.set_page(ben, PageState::Asleep);
    stage.cut(ben);
    stage.settle();
    assert_eq!(stage.room(dan).roster().len(), 4);
    stage.advance(Duration::from_secs(20));
    assert_eq!(step(&stage, dan), Some(Step::Asked));
    let asking = stage.room(ann).asking().to_vec();
    assert_eq!(asking[0].alias.as_str(), "Dan");
    pressed(&mut stage, ann, room::Msg::PressedLetIn(asking[0].member));
    stage.advance(BETWEEN_COMMITS);
    check_one_group(&stage, &[ann, cleo, dan]);
}

#[test]
fn whoever_is_let_in_as_the_last_one_leaves_finds_nobody_there() {
    let (mut stage, ann, ben, link) = ann_and_ben();
    stage.say(ben, "/exit");
    stage.advance(Duration::from_secs(5));
    let cleo = someone_at_the_door_of(&mut stage, ann, "Cleo", &link);
    stage.step(ann);
    stage.type_and_send(ann, "/exit");
    stage.advance(Duration::from_secs(20));
    assert_eq!(step(&stage, cleo), Some(Step::NobodyThere));
    assert!(!stage.room_lives());
}

#[test]
fn what_is_said_while_the_group_changes_arrives_once_and_in_order() {
    let (mut stage, ann, ben, link) = ann_and_ben();
    stage.advance(BETWEEN_COMMITS);
    let cleo = someone_at_the_door_of(&mut stage, ann, "Cleo", &link);
    // Ann's commit is in the room's order, and Ben has not taken it in.
    stage.step(ann);
    for text in ["one", "two", "/purr Ann three"] {
        stage.type_and_send(ben, text);
    }
    stage.settle();
    let said = ["Ben: one", "Ben: two", "Ben → Ann: three"];
    assert_eq!(shown(&stage, ann)[1..], ["+Cleo", "Ben: one", "Ben: two", "Ben → Ann: three"]);
    assert_eq!(shown(&stage, ben)[1..], said);
    assert_eq!(shown(&stage, cleo), ["Ben: one", "Ben: two", "Ben whispered"]);
}

#[test]
fn a_whisper_to_somebody_who_has_gone_is_given_back() {
    let (mut stage, ann, ben, _) = ann_and_ben();
    stage.advance(BETWEEN_COMMITS);
    stage.cut_losing_all(ann);
    stage.settle();
    stage.type_and_send(ann, "/purr Ben a secret");
    stage.say(ben, "/exit");
    stage.advance(Duration::from_secs(5));
    stage.advance(BETWEEN_COMMITS);
    assert!(shown(&stage, ann).iter().all(|line| !line.contains("a secret")));
    assert_eq!(stage.room(ann).composer.problem, Some(Problem::NoSuchMember));
    assert_eq!(stage.room(ann).composer.draft, "/purr \"Ben\" a secret");
}

#[test]
fn a_whisper_that_comes_back_while_something_else_is_written_is_not_lost() {
    let (mut stage, ann, ben, _) = ann_and_ben();
    stage.advance(BETWEEN_COMMITS);
    stage.cut_losing_all(ann);
    stage.settle();
    stage.type_and_send(ann, "/purr Ben a secret");
    let text = "half a sentence".to_owned();
    stage.tell(ann, Msg::Room(room::Msg::TypedDraft { caret: text.len(), text }));
    stage.say(ben, "/exit");
    stage.advance(Duration::from_secs(5));
    stage.advance(BETWEEN_COMMITS);
    assert_eq!(stage.room(ann).composer.draft, "half a sentence");
    let told = stage.room(ann).timeline.lines().find_map(|line| match &line.body {
        Body::Happened(Happening::Undelivered { to, words }) => Some((to.clone(), plain(words))),
        _ => None,
    });
    let (to, words) = told.unwrap();
    assert_eq!((to.alias.unwrap().as_str(), words.as_str()), ("Ben", "a secret"));
}

#[test]
fn a_change_of_the_rules_the_connection_swallowed_is_told() {
    let (mut stage, ann, ben, link) = ann_and_ben();
    stage.advance(BETWEEN_COMMITS);
    for (draft, undone) in
        [("/door ask", Undone::Rules), ("/host Ben", Undone::HandOver), ("/renew", Undone::Renewal)]
    {
        stage.cut_before_sending(ann);
        stage.type_and_send(ann, draft);
        stage.tell(ann, Msg::Room(room::Msg::ConfirmedDialog));
        stage.cut_losing_all(ann);
        stage.advance(Duration::from_secs(20));
        assert_eq!(stage.room(ann).composer.problem, Some(Problem::NotDone(undone)), "{draft}");
    }
    assert_eq!(stage.room(ben).policy, Policy::default());
    assert_eq!(stage.room(ben).host, member(&stage, ann));
    assert_eq!(link_of(&stage, ben), link);
}

#[test]
fn a_member_that_lost_the_group_comes_back_by_itself_and_forgets_no_evidence() {
    let (mut stage, ann, ben, link) = ann_and_ben();
    stage.advance(BETWEEN_COMMITS);
    stage.set_page(ben, PageState::Asleep);
    let cleo = stage.join("Cleo", &link);
    // What Ben would have heard first is that Cleo came in.
    stage.lose_next(ben);
    stage.set_page(ben, PageState::Awake);
    let typed = room::Msg::TypedDraft { text: "half a sent".to_owned(), caret: 11 };
    stage.tell(ben, Msg::Room(typed));
    stage.advance(Duration::from_secs(120));
    check_one_group(&stage, &[ann, ben, cleo]);
    assert_eq!(stage.room(ben).roster().len(), 3);
    assert_eq!(stage.room(ben).composer.draft, "half a sent");
    // What Ben remembered, when he was back, is not what the others saw.
    let forked = Tampering::Forked { witness: member(&stage, ann) };
    assert_eq!(stage.room(ben).tampering(), [Tampering::Order, forked]);
    stage.say(ben, "back");
    assert_eq!(shown(&stage, cleo).last().unwrap(), "Ben: back");
}

#[test]
fn the_words_to_compare_are_frozen_when_they_are_asked_for() {
    let (mut stage, ann, ben, link) = ann_and_ben();
    stage.say(ann, "/safety");
    pressed(&mut stage, ben, room::Msg::PressedShield);
    let anns = stage.room(ann).dialog.clone();
    assert_eq!(anns, stage.room(ben).dialog);
    stage.advance(BETWEEN_COMMITS);
    stage.join("Cleo", &link);
    assert_eq!(stage.room(ann).dialog, anns);
    assert_ne!(anns, Some(Dialog::Safety(stage.room(ann).safety())));
}

#[test]
fn a_door_policy_chosen_at_home_holds_from_the_start() {
    let mut stage = Stage::default();
    let ann = stage.open_page("");
    stage.tell(ann, Msg::Home(home::Msg::ChoseDoor(DoorPolicy::Ask)));
    stage.tell(ann, Msg::Home(home::Msg::TypedAlias("Ann".to_owned())));
    stage.tell(ann, Msg::Home(home::Msg::Submitted));
    stage.settle();
    let link = link_of(&stage, ann);
    let ben = stage.join("Ben", &link);
    assert_eq!(step(&stage, ben), Some(Step::Asked));
}

#[test]
fn covering_tracks_leaves_wipes_and_goes() {
    let (mut stage, ann, ben, _) = ann_and_ben();
    stage.tell(ben, Msg::PressedCoverTracks);
    stage.settle();
    assert!(stage.client(ben).asked.ends_with(&[Effect::Wipe, Effect::LeavePage]));
    assert_eq!(stage.room(ann).roster().len(), 1);
}

#[test]
fn a_question_mark_shows_the_help_and_puts_no_question_aside() {
    let (mut stage, ann, ben, _) = ann_and_ben();
    stage.tell(ben, Msg::PressedQuestionMark);
    assert_eq!(stage.room(ben).dialog, Some(Dialog::Help));
    pressed(&mut stage, ann, room::Msg::PressedStop);
    stage.tell(ann, Msg::PressedQuestionMark);
    assert_eq!(stage.room(ann).dialog, Some(Dialog::Stop));
}

#[test]
fn escape_pressed_twice_soon_covers_tracks_unless_the_first_closed_a_dialog() {
    let (mut stage, ann, ben, _) = ann_and_ben();
    stage.tell(ben, Msg::PressedEscape);
    stage.advance(Duration::from_millis(601));
    stage.tell(ben, Msg::PressedEscape);
    stage.advance(Duration::from_millis(601));
    pressed(&mut stage, ben, room::Msg::PressedHelp);
    stage.tell(ben, Msg::PressedEscape);
    pressed(&mut stage, ben, room::Msg::DismissedDialog);
    stage.tell(ben, Msg::PressedEscape);
    assert_eq!(stage.room(ben).dialog, None);
    stage.advance(Duration::from_millis(600));
    stage.tell(ben, Msg::PressedEscape);
    stage.settle();
    assert!(stage.client(ben).asked.ends_with(&[Effect::Wipe, Effect::LeavePage]));
    assert_eq!(stage.room(ann).roster().len(), 1);
}

/// What a plan may do to the stage.
#[derive(Clone, Debug)]
enum Act {
    Say(usize),
    Step(usize),
    Cut(usize),
    CutLosingAll(usize),
    Sleep(usize),
    Wake(usize),
    Wait(u16),
}

fn act(people: usize) -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => (0..people).prop_map(Act::Say),
        6 => (0..people).prop_map(Act::Step),
        2 => (0..people).prop_map(Act::Cut),
        2 => (0..people).prop_map(Act::CutLosingAll),
        1 => (0..people).prop_map(Act::Sleep),
        2 => (0..people).prop_map(Act::Wake),
        3 => (1..3_000_u16).prop_map(Act::Wait),
    ]
}

proptest! {
    #![proptest_config(sanctuary_proptests::config("client"))]

    /// However sockets break and pages sleep, every page in the end shows every message that was
    /// sent, once, and all pages in the same order.
    #[test]
    fn nothing_is_lost_doubled_or_reordered(plan in prop::collection::vec(act(3), 1..80)) {
        let mut stage = Stage::default();
        let (_, link) = stage.start_room("Ann");
        stage.join("Ben", &link);
        stage.join("Cleo", &link);
        stage.advance(BETWEEN_COMMITS);
        let mut sent = 0;
        for act in plan {
            match act {
                Act::Say(client) => {
                    stage.type_and_send(client, &format!("message {sent}"));
                    sent += 1;
                }
                Act::Step(client) => { stage.step(client); }
                Act::Cut(client) => stage.cut(client),
                Act::CutLosingAll(client) => stage.cut_losing_all(client),
                Act::Sleep(client) => stage.set_page(client, PageState::Asleep),
                Act::Wake(client) => stage.set_page(client, PageState::Awake),
                Act::Wait(millis) => stage.advance(Duration::from_millis(millis.into())),
            }
        }
        (0..3).for_each(|client| stage.set_page(client, PageState::Awake));
        stage.advance(Duration::from_secs(60));
        let said = |client| -> Vec<String> {
            shown(&stage, client).into_iter().filter(|line| line.contains(": message")).collect()
        };
        let anns = said(0);
        prop_assert_eq!(anns.len(), sent);
        prop_assert_eq!(&said(1), &anns);
        prop_assert_eq!(&said(2), &anns);
        let mut unique = anns.clone();
        unique.sort();
        unique.dedup();
        prop_assert_eq!(unique.len(), sent);
    }
}

/// Anything that can happen to a page, in any order, answers to questions it never asked included.
fn any_msg() -> impl Strategy<Value = Happens> {
    prop_oneof![
        2 => ".{0,40}".prop_map(Happens::Alias),
        2 => prop_oneof![Just(home::Msg::Submitted), Just(home::Msg::ChoseWay(Way::Join))]
            .prop_map(Happens::Home),
        2 => prop_oneof![
            Just(joining::Msg::PressedStart),
            Just(joining::Msg::PressedTryAgain),
            Just(joining::Msg::PressedBack),
        ]
        .prop_map(Happens::Joining),
        4 => prop_oneof![
            ".{0,40}".prop_map(|text| room::Msg::TypedDraft { caret: text.len(), text }),
            "/(exit|stop|kick|purr|host|help)( .{0,10})?"
                .prop_map(|text| room::Msg::TypedDraft { caret: text.len(), text }),
            Just(room::Msg::SubmittedDraft),
            Just(room::Msg::PressedStop),
            Just(room::Msg::ConfirmedDialog),
            (0..5_u32).prop_map(|member| room::Msg::PressedKick(MemberId(member))),
            (0..5_u32).prop_map(|member| room::Msg::PressedHandOver(MemberId(member))),
        ]
        .prop_map(Happens::Room),
        6 => (0..20_u8, server_frame())
            .prop_map(|(epoch, frame)| Happens::Received(epoch, encode(&frame))),
        1 => (0..20_u8, prop::collection::vec(any::<u8>(), 0..64))
            .prop_map(|(epoch, bytes)| Happens::Received(epoch, bytes)),
        2 => (0..20_u8).prop_map(Happens::Opened),
        2 => (0..20_u8).prop_map(Happens::Closed),
        2 => (0..20_u8).prop_map(Happens::Derived),
        2 => (0..20_u8).prop_map(Happens::Fired),
        1 => Just(Happens::AddressChanged),
        1 => Just(Happens::Woke),
        1 => Just(Happens::LookedAway),
        1 => Just(Happens::LookedBack),
        1 => Just(Happens::Escape),
        1 => Just(Happens::QuestionMark),
    ]
}

/// A message to be, by the number of the question it answers.
#[derive(Clone, Debug)]
enum Happens {
    Alias(String),
    Home(home::Msg),
    Joining(joining::Msg),
    Room(room::Msg),
    Received(u8, Vec<u8>),
    Opened(u8),
    Closed(u8),
    Derived(u8),
    Fired(u8),
    AddressChanged,
    Woke,
    LookedAway,
    LookedBack,
    Escape,
    QuestionMark,
}

fn epoch(number: u8) -> Epoch {
    let mut epoch = Epoch::default();
    (0..number).for_each(|_| {
        epoch.advance();
    });
    epoch
}

fn as_msg(happens: Happens) -> Msg {
    match happens {
        Happens::Alias(alias) => Msg::Home(home::Msg::TypedAlias(alias)),
        Happens::Home(msg) => Msg::Home(msg),
        Happens::Joining(msg) => Msg::Joining(msg),
        Happens::Room(msg) => Msg::Room(msg),
        Happens::Received(number, bytes) => Msg::SocketReceived { epoch: epoch(number), bytes },
        Happens::Opened(number) => Msg::SocketOpened { epoch: epoch(number) },
        Happens::Closed(number) => Msg::SocketClosed { epoch: epoch(number) },
        Happens::Derived(number) => {
            Msg::Derived { epoch: epoch(number), stretched: Stretched::from_bytes([1; 32]) }
        }
        Happens::Fired(number) => {
            let timers = [Timer::Reconnect, Timer::DoorSlow, Timer::Admit, Timer::Settle];
            let timer = timers[usize::from(number) % timers.len()];
            Msg::TimerFired { epoch: epoch(number), timer }
        }
        Happens::AddressChanged => Msg::ChangedAddress { fragment: "a.b".to_owned() },
        Happens::Woke => Msg::Woke,
        Happens::LookedAway => Msg::LookedAway,
        Happens::LookedBack => Msg::LookedBack,
        Happens::Escape => Msg::PressedEscape,
        Happens::QuestionMark => Msg::PressedQuestionMark,
    }
}

proptest! {
    #![proptest_config(sanctuary_proptests::config("client"))]

    /// Whatever comes, in whatever order, from a server that means no good: the page goes on, an
    /// invitation never stays in the address, and covering tracks leaves a page with nothing in it.
    #[test]
    fn no_order_of_events_harms_a_page(events in prop::collection::vec(any_msg(), 0..60)) {
        let mut model = Model::open("https://sanctuary.example", "room.secret");
        for (at, happens) in events.into_iter().enumerate() {
            let changed = matches!(happens, Happens::AddressChanged);
            let effects = update(&mut model, as_msg(happens), Timestamp(at as u64));
            prop_assert!(!changed || effects.contains(&Effect::EraseAddress));
        }
        let effects = update(&mut model, Msg::PressedCoverTracks, Timestamp(0));
        prop_assert!(effects.ends_with(&[Effect::Wipe, Effect::LeavePage]));
        let Screen::Home(home) = &model.screen else { panic!("not at home") };
        prop_assert!(home.alias.is_empty() && home.room.is_empty() && home.secret.is_empty());
        prop_assert_eq!(&home.way, &Way::Start);
    }
}
