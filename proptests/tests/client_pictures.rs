//! Pictures on real client cores around a real room core: whole at the other end, taken back, broken
//! off, one at a time, and never in the way of what people say.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a story whose stage breaks has failed, and says where"
)]

use std::time::Duration;

use sanctuary_client::markup::plain;
use sanctuary_client::room::{Body, Dialog, Line, Msg, PICTURES_MAX, Problem, Progress, Showing};
use sanctuary_client::{
    Effect, Msg as PageMsg, PICTURE_BYTES_MAX, Picture, PictureId, PictureSize,
};
use sanctuary_proptests::stage::Stage;

const SIZE: PictureSize = PictureSize { width: 640, height: 480 };

/// A picture's first bytes, and others that differ from piece to piece.
fn picture(length: usize) -> Picture {
    let mut bytes = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a".to_vec();
    bytes.extend(SIZE.width.to_le_bytes());
    bytes.extend(SIZE.height.to_le_bytes());
    bytes.extend((bytes.len()..length).map(|at| (at / 251) as u8));
    let riff = u32::try_from(length - 8).unwrap();
    bytes[4..8].copy_from_slice(&riff.to_le_bytes());
    Picture::new(bytes).unwrap()
}

fn tell(stage: &mut Stage, client: usize, msg: Msg) {
    stage.tell(client, PageMsg::Room(msg));
    stage.settle();
}

fn choose(stage: &mut Stage, client: usize, length: usize) {
    tell(stage, client, Msg::OpenedPicture);
    tell(stage, client, Msg::ChosePicture(picture(length)));
}

fn send(stage: &mut Stage, client: usize, length: usize, caption: &str) {
    choose(stage, client, length);
    tell(stage, client, Msg::SubmittedPicture { caption: caption.to_owned() });
}

fn two() -> (Stage, [usize; 2], String) {
    let mut stage = Stage::default();
    let (ann, link) = stage.start_room("Ann");
    let ben = stage.join("Ben", &link);
    // A room takes one commit a second: the next newcomer need not wait.
    stage.advance(Duration::from_secs(2));
    (stage, [ann, ben], link)
}

fn lines(stage: &Stage, client: usize) -> impl Iterator<Item = &Line> {
    let room = stage.room(client);
    room.timeline.lines().chain(room.pending_lines())
}

/// What a page shows of pictures, and what is said to them.
fn shown(stage: &Stage, client: usize) -> Vec<(Showing, String)> {
    let room = stage.room(client);
    let shown = |line: &Line| match &line.body {
        Body::Pictured { picture, words, size, .. } => {
            assert_eq!(*size, SIZE);
            Some((room.picture(*picture), plain(&words.markup)))
        }
        _ => None,
    };
    lines(stage, client).filter_map(shown).collect()
}

fn progress(stage: &Stage, client: usize) -> Vec<Progress> {
    shown(stage, client).into_iter().map(|(showing, _)| showing.progress).collect()
}

fn last_picture(stage: &Stage, client: usize) -> PictureId {
    lines(stage, client).filter_map(Line::picture).last().unwrap()
}

/// Pictures that were given to the browser, and those it was told to let go of.
fn held(stage: &Stage, client: usize) -> Vec<Picture> {
    let held = stage.client(client).asked.iter().filter_map(|effect| match effect {
        Effect::HoldPicture { content, .. } => Some(content.clone()),
        _ => None,
    });
    held.collect()
}

fn released(stage: &Stage, client: usize) -> usize {
    let asked = stage.client(client).asked.iter();
    asked.filter(|effect| matches!(effect, Effect::ReleasePicture(_))).count()
}

#[test]
fn a_picture_is_looked_at_and_arrives_whole_with_what_is_said_to_it() {
    let (mut stage, [ann, ben], _) = two();
    choose(&mut stage, ann, PICTURE_BYTES_MAX);
    let room = stage.room(ann);
    let Some(Dialog::SendPicture(previewed)) = room.dialog else { panic!("{:?}", room.dialog) };
    assert!(room.picture(previewed).url.is_some());
    assert_eq!(room.previewed().map(|it| (it.size, it.bytes)), Some((SIZE, PICTURE_BYTES_MAX)));
    assert_eq!(shown(&stage, ben), [], "it is not sent before its author says so");

    tell(&mut stage, ann, Msg::SubmittedPicture { caption: " our **soup** ".to_owned() });
    assert_eq!(stage.room(ann).dialog, None);
    assert_eq!(progress(&stage, ben), [Progress::Underway(0)]);
    stage.advance(Duration::from_millis(4_000));
    let Progress::Underway(half) = progress(&stage, ben)[0] else { panic!() };
    assert!((40..60).contains(&half), "{half}");
    assert_eq!(progress(&stage, ann), [Progress::Underway(half)]);
    stage.advance(Duration::from_millis(5_000));

    for client in [ann, ben] {
        let (showing, caption) = shown(&stage, client).remove(0);
        assert_eq!((showing.progress, caption.as_str()), (Progress::Whole, "our soup"));
        assert!(showing.url.is_some());
        assert_eq!(held(&stage, client), [picture(PICTURE_BYTES_MAX)]);
    }
}

#[test]
fn what_is_said_overtakes_a_picture_and_no_more_than_two_pieces_are_out() {
    let (mut stage, [ann, ben], _) = two();
    send(&mut stage, ann, PICTURE_BYTES_MAX, "");
    stage.advance(Duration::from_millis(1_100));
    stage.say(ann, "and this is what I mean");
    let said = |line: &Line| line.words().map(|(_, words)| plain(&words.markup));
    let said: Vec<_> = lines(&stage, ben).filter_map(said).collect();
    assert_eq!(said, ["", "and this is what I mean"]);
    assert!(matches!(progress(&stage, ben)[0], Progress::Underway(1..=30)));
}

#[test]
fn one_who_thinks_better_of_it_looks_at_another_or_sends_none() {
    let (mut stage, [ann, ben], _) = two();
    choose(&mut stage, ann, 100);
    choose(&mut stage, ann, 200);
    assert_eq!(released(&stage, ann), 1);
    assert_eq!(stage.room(ann).previewed().map(|it| it.bytes), Some(200));
    tell(&mut stage, ann, Msg::DismissedDialog);
    assert_eq!(released(&stage, ann), 2);
    assert_eq!(stage.room(ann).previewed(), None);
    tell(&mut stage, ann, Msg::SubmittedPicture { caption: String::new() });
    assert_eq!((shown(&stage, ann).len(), shown(&stage, ben).len()), (0, 0));
}

#[test]
fn a_picture_taken_back_leaves_nothing_where_it_stood() {
    let (mut stage, [ann, ben], _) = two();
    send(&mut stage, ann, PICTURE_BYTES_MAX, "oops");
    stage.advance(Duration::from_millis(2_000));
    let picture = last_picture(&stage, ann);
    tell(&mut stage, ann, Msg::PressedDropPicture(picture));
    stage.advance(Duration::from_secs(10));
    assert_eq!((shown(&stage, ann), shown(&stage, ben)), (vec![], vec![]));
    assert_eq!(released(&stage, ann), 1);
    // The next is none the worse for it.
    send(&mut stage, ann, 20_000, "");
    stage.advance(Duration::from_secs(2));
    assert_eq!(progress(&stage, ben), [Progress::Whole]);
}

#[test]
fn pictures_go_one_at_a_time_and_take_turns() {
    let (mut stage, [ann, ben], _) = two();
    send(&mut stage, ann, PICTURE_BYTES_MAX, "");
    choose(&mut stage, ann, 100);
    assert_eq!(stage.room(ann).composer.problem, Some(Problem::PictureUnderway));
    assert_eq!(stage.room(ann).dialog, None);

    stage.advance(Duration::from_millis(1_000));
    send(&mut stage, ben, 20_000, "mine");
    stage.advance(Duration::from_millis(5_000));
    assert!(matches!(progress(&stage, ben)[..], [Progress::Underway(_), Progress::Underway(0)]));
    stage.advance(Duration::from_millis(9_000));
    assert_eq!(progress(&stage, ann), [Progress::Whole; 2]);
    assert_eq!(progress(&stage, ben), [Progress::Whole; 2]);
}

#[test]
fn a_picture_goes_on_over_a_connection_that_breaks() {
    let (mut stage, [ann, ben], _) = two();
    send(&mut stage, ann, PICTURE_BYTES_MAX, "");
    stage.advance(Duration::from_millis(2_000));
    stage.cut_before_sending(ann);
    stage.advance(Duration::from_millis(1_500));
    stage.cut(ann);
    stage.advance(Duration::from_secs(2));
    stage.cut_losing_all(ben);
    stage.advance(Duration::from_secs(20));
    assert_eq!(progress(&stage, ann), [Progress::Whole]);
    assert_eq!(progress(&stage, ben), [Progress::Whole]);
    assert_eq!(held(&stage, ben), [picture(PICTURE_BYTES_MAX)]);
}

#[test]
fn a_picture_that_no_network_carries_is_given_up_and_can_be_sent_again() {
    let (mut stage, [ann, ben], _) = two();
    send(&mut stage, ann, 20_000, "soup");
    stage.carry_at_most(ann, 4_000);
    stage.advance(Duration::from_secs(25));
    assert!(matches!(progress(&stage, ann)[..], [Progress::Underway(_)]));
    stage.advance(Duration::from_secs(100));
    assert_eq!(progress(&stage, ann), [Progress::Failed]);
    assert_eq!(shown(&stage, ben), []);
    stage.say(ann, "are you there?");
    assert_eq!(stage.room(ben).timeline.lines().filter(|line| line.words().is_some()).count(), 1);
    stage.carry_at_most(ann, usize::MAX);
    let failed = last_picture(&stage, ann);
    tell(&mut stage, ann, Msg::PressedRetryPicture(failed));
    stage.advance(Duration::from_secs(3));
    for client in [ann, ben] {
        let (showing, caption) = shown(&stage, client).remove(0);
        assert_eq!((showing.progress, caption.as_str()), (Progress::Whole, "soup"));
    }
    assert_eq!(shown(&stage, ann).len(), 1);
}

#[test]
fn a_picture_whose_author_goes_does_not_come_and_one_from_before_is_nobodys() {
    let (mut stage, [ann, ben], link) = two();
    send(&mut stage, ben, PICTURE_BYTES_MAX, "");
    stage.advance(Duration::from_millis(1_500));
    let cleo = stage.join("Cleo", &link);
    stage.advance(Duration::from_millis(1_500));
    assert_eq!(shown(&stage, cleo), []);
    tell(&mut stage, ben, Msg::PressedLeave);
    assert_eq!(progress(&stage, ann), [Progress::Failed]);
    let told = |line: &Line| matches!(line.body, Body::Happened(_));
    assert!(lines(&stage, cleo).all(told));
}

#[test]
fn pictures_of_a_muted_member_are_not_shown_and_are_not_waited_for() {
    let (mut stage, [ann, ben], _) = two();
    let ben_seat = stage.room(ben).me();
    send(&mut stage, ben, PICTURE_BYTES_MAX, "");
    stage.advance(Duration::from_millis(1_500));
    tell(&mut stage, ann, Msg::PressedMute(ben_seat));
    assert_eq!(progress(&stage, ann), [Progress::Failed]);
    stage.advance(Duration::from_secs(10));
    send(&mut stage, ben, 100, "");
    stage.advance(Duration::from_secs(2));
    assert_eq!(shown(&stage, ann).len(), 1);
    assert_eq!(held(&stage, ann), []);
}

#[test]
fn pictures_go_with_their_messages_and_with_the_room() {
    let (mut stage, [ann, ben], _) = two();
    stage.say(ann, "/fade 30s");
    stage.advance(Duration::from_secs(2));
    send(&mut stage, ann, 20_000, "");
    stage.advance(Duration::from_secs(10));
    assert_eq!((progress(&stage, ann), released(&stage, ann)), (vec![Progress::Whole], 0));
    let shown_large = last_picture(&stage, ben);
    tell(&mut stage, ben, Msg::PressedPicture(shown_large));
    stage.advance(Duration::from_secs(30));
    for client in [ann, ben] {
        assert_eq!(shown(&stage, client), []);
        assert_eq!(released(&stage, client), 1);
    }
    assert_eq!(stage.room(ben).dialog, None, "what stood over the room is gone too");
}

#[test]
fn a_picture_is_replied_to_and_replies() {
    let (mut stage, [ann, ben], _) = two();
    stage.say(ben, "show me");
    let asked = lines(&stage, ann).last().unwrap().id;
    tell(&mut stage, ann, Msg::PressedReply(asked));
    send(&mut stage, ann, 100, "");
    assert_eq!(stage.room(ann).replies_to(), None);
    let line = lines(&stage, ben).last().unwrap();
    let (_, words) = line.words().unwrap();
    let quote = stage.room(ben).quote(words.reply_to.unwrap()).unwrap();
    assert_eq!(quote.excerpt, "show me");

    let pictured = line.id;
    tell(&mut stage, ben, Msg::PressedReply(pictured));
    stage.say(ben, "good");
    let (_, words) = lines(&stage, ann).last().unwrap().words().unwrap();
    let quote = stage.room(ann).quote(words.reply_to.unwrap()).unwrap();
    assert_eq!((quote.excerpt.as_str(), quote.of), ("", sanctuary_client::room::Quoted::Picture));
}

#[test]
fn only_the_newest_pictures_are_kept() {
    let (mut stage, [ann, ben], _) = two();
    for _ in 0..PICTURES_MAX + 2 {
        send(&mut stage, ann, 100, "");
        stage.advance(Duration::from_secs(2));
    }
    for client in [ann, ben] {
        let kept = progress(&stage, client);
        assert_eq!(kept[..2], [Progress::Gone; 2]);
        assert_eq!(kept[2..], [Progress::Whole; PICTURES_MAX]);
        assert_eq!(released(&stage, client), 2);
    }
}

#[test]
fn a_picture_the_browser_can_make_nothing_of_is_said_to_be_broken() {
    let (mut stage, [ann, ben], _) = two();
    send(&mut stage, ann, 100, "");
    stage.advance(Duration::from_secs(2));
    let seen = last_picture(&stage, ben);
    tell(&mut stage, ben, Msg::SawBrokenPicture(seen));
    assert_eq!(progress(&stage, ben), [Progress::Unshowable]);
    assert_eq!(progress(&stage, ann), [Progress::Whole]);
}

#[test]
fn a_caption_that_cannot_be_said_loses_neither_itself_nor_the_picture() {
    let (mut stage, [ann, ben], _) = two();
    choose(&mut stage, ann, 100);
    let caption = "x".repeat(30_000);
    tell(&mut stage, ann, Msg::SubmittedPicture { caption });
    let room = stage.room(ann);
    assert!(matches!(room.composer.problem, Some(Problem::Command(_))));
    assert!(matches!(room.dialog, Some(Dialog::SendPicture(_))));
    tell(&mut stage, ann, Msg::SubmittedPicture { caption: "x".to_owned() });
    assert_eq!(shown(&stage, ben).len(), 1);
}

#[test]
fn a_picture_waits_for_a_question_that_stands_and_belongs_to_the_room_it_was_chosen_in() {
    let (mut stage, [ann, _], _) = two();
    tell(&mut stage, ann, Msg::OpenedPicture);
    tell(&mut stage, ann, Msg::PressedStop);
    tell(&mut stage, ann, Msg::ChosePicture(picture(100)));
    assert_eq!(stage.room(ann).dialog, Some(Dialog::Stop));
    tell(&mut stage, ann, Msg::DismissedDialog);
    assert!(matches!(stage.room(ann).dialog, Some(Dialog::SendPicture(_))));
    tell(&mut stage, ann, Msg::DismissedDialog);

    // It was chosen before one came in here.
    tell(&mut stage, ann, Msg::ChosePicture(picture(100)));
    assert_eq!((stage.room(ann).dialog.as_ref(), stage.room(ann).previewed()), (None, None));
}

#[test]
fn nobodys_pictures_push_out_everybodys() {
    let (mut stage, [ann, ben], _) = two();
    send(&mut stage, ben, 100, "the only one");
    stage.advance(Duration::from_secs(2));
    for _ in 0..PICTURES_MAX {
        send(&mut stage, ann, 100, "");
        stage.advance(Duration::from_secs(2));
    }
    let kept = progress(&stage, ben);
    assert_eq!(kept[..3], [Progress::Whole, Progress::Gone, Progress::Whole]);
}

#[test]
fn a_picture_that_others_never_finish_is_not_waited_for_without_end() {
    let (mut stage, [ann, ben], link) = two();
    // One after another begins a picture, so that there always is one.
    let cleo = stage.join("Cleo", &link);
    stage.advance(Duration::from_secs(2));
    send(&mut stage, cleo, PICTURE_BYTES_MAX, "");
    stage.advance(Duration::from_secs(1));
    send(&mut stage, ann, 100, "mine");
    for _ in 0..8 {
        stage.advance(Duration::from_secs(3));
        let underway = last_picture(&stage, cleo);
        tell(&mut stage, cleo, Msg::PressedDropPicture(underway));
        send(&mut stage, cleo, PICTURE_BYTES_MAX, "");
    }
    let mine = shown(&stage, ben).into_iter().find(|(_, caption)| caption == "mine").unwrap();
    assert_eq!(mine.0.progress, Progress::Whole);
}

#[test]
fn whoever_hears_others_over_a_slow_network_is_not_cut_off_for_what_stands_behind_them() {
    let (mut stage, [ann, ben], _) = two();
    stage.carry_at_most(ann, 0);
    stage.type_and_send(ann, "behind it all");
    for _ in 0..4 {
        stage.advance(Duration::from_secs(6));
        stage.say(ben, "something");
    }
    assert!(stage.room(ann).connection.is_live());
    // What never arrives is found out all the same.
    for _ in 0..10 {
        stage.advance(Duration::from_secs(6));
        stage.say(ben, "something");
        if !stage.room(ann).connection.is_live() {
            return;
        }
    }
    panic!("the socket takes nothing in, and is kept");
}
