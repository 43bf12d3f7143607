//! Replies, actions and what one sent before, on real client cores around a real room core.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a story whose stage breaks has failed, and says where"
)]

use sanctuary_client::markup::plain;
use sanctuary_client::room::{Body, Line, LineId, Msg, Problem, Quote, Room, Seek};
use sanctuary_client::{Effect, Manner, Msg as PageMsg};
use sanctuary_proptests::stage::Stage;
use sanctuary_protocol::Seq;

fn tell(stage: &mut Stage, client: usize, msg: Msg) {
    stage.tell(client, PageMsg::Room(msg));
    stage.settle();
}

fn line<'r>(room: &'r Room, said: &str) -> &'r Line {
    let mut lines = room.timeline.lines().rev();
    let is_it = |line: &&Line| line.words().is_some_and(|(_, words)| plain(&words.markup) == said);
    lines.find(is_it).unwrap_or_else(|| panic!("nobody said {said:?}"))
}

fn line_id(stage: &Stage, client: usize, said: &str) -> LineId {
    line(stage.room(client), said).id
}

/// Above what was said, on this page: whose words, and which.
fn quoted(stage: &Stage, client: usize, said: &str) -> Option<(String, String)> {
    let room = stage.room(client);
    let (_, words) = line(room, said).words().unwrap();
    let quote = room.quote(words.reply_to.expect("it is a reply"))?;
    Some((quote.from.alias.unwrap().to_string(), quote.excerpt))
}

fn draft(stage: &Stage, client: usize) -> &str {
    &stage.room(client).composer.draft
}

fn two() -> (Stage, [usize; 2], String) {
    let mut stage = Stage::default();
    let (ann, link) = stage.start_room("Ann");
    let ben = stage.join("Ben", &link);
    // A room takes one commit a second: the next newcomer need not wait.
    stage.advance(std::time::Duration::from_secs(2));
    (stage, [ann, ben], link)
}

#[test]
fn a_reply_quotes_what_each_page_has_itself() {
    let (mut stage, [ann, ben], link) = two();
    stage.say(ann, "**soup**  or\nsalad?");
    let asked = line_id(&stage, ben, "soup  or\nsalad?");
    tell(&mut stage, ben, Msg::PressedReply(asked));
    let shown = stage.room(ben).replies_to().map(|quote| quote.excerpt);
    assert_eq!(shown.as_deref(), Some("soup or salad?"));
    stage.say(ben, "soup");
    assert_eq!(stage.room(ben).replies_to(), None, "the next one replies to nothing");

    let expected = Some(("Ann".to_owned(), "soup or salad?".to_owned()));
    assert_eq!(quoted(&stage, ann, "soup"), expected);
    assert_eq!(quoted(&stage, ben, "soup"), expected);

    // Whoever came after the question hears of it nothing, not even by a reply.
    let cleo = stage.join("Cleo", &link);
    let asked = line_id(&stage, ann, "soup  or\nsalad?");
    tell(&mut stage, ann, Msg::PressedReply(asked));
    stage.say(ann, "never mind");
    assert_eq!(quoted(&stage, ben, "never mind"), expected);
    assert_eq!(quoted(&stage, cleo, "never mind"), None);
}

#[test]
fn the_quoted_message_is_brought_into_sight() {
    let (mut stage, [ann, ben], _) = two();
    stage.say(ann, "here");
    let here = line_id(&stage, ben, "here");
    tell(&mut stage, ben, Msg::PressedQuote(here));
    assert_eq!(stage.client(ben).asked.last(), Some(&Effect::ShowLine(here)));
}

#[test]
fn the_keyboard_finds_what_to_reply_to_from_the_last_message_on() {
    let (mut stage, [ann, ben], _) = two();
    ["one", "two"].into_iter().for_each(|words| stage.say(ann, words));
    let excerpt = |stage: &Stage| stage.room(ben).replies_to().map(|quote| quote.excerpt);
    for (seek, expected) in [
        (Seek::Later, None),
        (Seek::Earlier, Some("two")),
        (Seek::Earlier, Some("one")),
        (Seek::Earlier, Some("one")),
        (Seek::Later, Some("two")),
        (Seek::Later, None),
        (Seek::Earlier, Some("two")),
    ] {
        tell(&mut stage, ben, Msg::SoughtReply(seek));
        assert_eq!(excerpt(&stage).as_deref(), expected, "{seek:?}");
    }
    tell(&mut stage, ben, Msg::DroppedReply);
    assert_eq!(excerpt(&stage), None);
}

#[test]
fn a_whisper_is_replied_to_in_a_whisper_and_never_aloud() {
    let (mut stage, [ann, ben], link) = two();
    let cleo = stage.join("Cleo", &link);
    stage.say(ann, "aloud");
    stage.say(ann, "/purr Ben psst");
    let whisper = line_id(&stage, ben, "psst");
    tell(&mut stage, ben, Msg::PressedReply(whisper));
    assert_eq!(draft(&stage, ben), "/purr \"Ann\" ");
    let aloud = line_id(&stage, ben, "aloud");
    tell(&mut stage, ben, Msg::PressedReply(aloud));
    assert_eq!(draft(&stage, ben), "");
    tell(&mut stage, ben, Msg::PressedReply(whisper));
    stage.say(ben, "/purr Ann what?");
    assert_eq!(quoted(&stage, ann, "what?"), Some(("Ann".to_owned(), "psst".to_owned())));

    // By hand it can still be said aloud; then it is no reply.
    let whisper = line_id(&stage, ben, "psst");
    tell(&mut stage, ben, Msg::PressedReply(whisper));
    stage.say(ben, "loudly");
    let (_, words) = line(stage.room(cleo), "loudly").words().unwrap();
    assert_eq!(words.reply_to, None);
}

#[test]
fn what_is_on_its_way_or_gone_cannot_be_replied_to() {
    let (mut stage, [ann, _], _) = two();
    stage.cut_losing_all(ann);
    stage.type_and_send(ann, "later");
    let pending = stage.room(ann).pending_lines().next().unwrap().id;
    for line in [pending, LineId(10_000)] {
        stage.tell(ann, PageMsg::Room(Msg::PressedReply(line)));
        let composer = &stage.room(ann).composer;
        assert_eq!(composer.problem, Some(Problem::NothingToReplyTo));
        assert_eq!(composer.reply_to, None);
    }
}

#[test]
fn a_reply_to_any_place_whatever_quotes_nothing_that_was_not_said() {
    let (mut stage, [ann, _], _) = two();
    stage.say(ann, "said");
    let room = stage.room(ann);
    let quotes: Vec<Quote> =
        (0..50).chain([u64::MAX]).filter_map(|at| room.quote(Seq(at))).collect();
    assert_eq!(quotes.iter().map(|quote| &quote.excerpt[..]).collect::<Vec<_>>(), ["said"]);
}

#[test]
fn a_long_message_is_quoted_in_short() {
    let (mut stage, [ann, _], _) = two();
    stage.say(ann, &"é".repeat(1_000));
    let place = line(stage.room(ann), &"é".repeat(1_000)).place.unwrap();
    let excerpt = stage.room(ann).quote(place).unwrap().excerpt;
    assert_eq!(excerpt, format!("{}…", "é".repeat(140)));
}

#[test]
fn what_somebody_does_is_told_as_that() {
    let (mut stage, [ann, ben], _) = two();
    stage.say(ann, "/me *waves*");
    let Body::Said { from, words } = &line(stage.room(ben), "waves").body else { panic!() };
    assert_eq!(from.alias.as_ref().unwrap().as_str(), "Ann");
    assert_eq!(words.manner, Manner::Action);
}

#[test]
fn what_one_sent_comes_back_and_nothing_that_is_being_written_is_lost() {
    let (mut stage, [ann, _], _) = two();
    ["**one**", "/me waves", "//three"].into_iter().for_each(|typed| stage.say(ann, typed));
    for (seek, expected) in [
        (Seek::Later, ""),
        (Seek::Earlier, "//three"),
        (Seek::Earlier, "/me waves"),
        (Seek::Earlier, "**one**"),
        (Seek::Earlier, "**one**"),
        (Seek::Later, "/me waves"),
        (Seek::Later, "//three"),
        (Seek::Later, ""),
    ] {
        tell(&mut stage, ann, Msg::SoughtSent(seek));
        assert_eq!(draft(&stage, ann), expected, "{seek:?}");
    }
    tell(&mut stage, ann, Msg::SoughtSent(Seek::Earlier));
    let text = "//three and more".to_owned();
    tell(&mut stage, ann, Msg::TypedDraft { caret: text.len(), text: text.clone() });
    assert!(!stage.room(ann).may_recall());
    tell(&mut stage, ann, Msg::SoughtSent(Seek::Earlier));
    assert_eq!(draft(&stage, ann), text);
}

#[test]
fn of_what_one_sent_the_last_fifty_come_back() {
    let (mut stage, [ann, _], _) = two();
    for number in 0..60 {
        stage.say(ann, &format!("no. {number}"));
        stage.advance(std::time::Duration::from_secs(1));
    }
    (0..70).for_each(|_| tell(&mut stage, ann, Msg::SoughtSent(Seek::Earlier)));
    assert_eq!(draft(&stage, ann), "no. 10");
}
