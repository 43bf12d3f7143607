//! How much of the timeline stands on a page, on a real client core around a real room core.

use std::time::Duration;

use sanctuary_client::Msg as PageMsg;
use sanctuary_client::markup::plain;
use sanctuary_client::room::{EXTENT_STEP, LINES_MAX, Msg, Sight};
use sanctuary_proptests::stage::Stage;

const MORE: usize = 50;

/// The first line and the last that stand on the page, and how many do.
fn on_page(stage: &Stage, client: usize) -> (String, String, usize) {
    let lines: Vec<String> = (stage.room(client).lines_on_page())
        .map(|line| line.words().map(|(_, words)| plain(&words.markup)).unwrap_or_default())
        .collect();
    (lines[0].clone(), lines[lines.len() - 1].clone(), lines.len())
}

fn say(stage: &mut Stage, client: usize, from: usize, to: usize) {
    for number in from..to {
        stage.say(client, &number.to_string());
        stage.advance(Duration::from_millis(100));
    }
}

fn tell(stage: &mut Stage, client: usize, msg: Msg) {
    stage.tell(client, PageMsg::Room(msg));
}

#[track_caller]
fn check(stage: &Stage, client: usize, first: usize, last: usize) {
    let expected = (first.to_string(), last.to_string(), last - first + 1);
    assert_eq!(on_page(stage, client), expected);
}

#[test]
fn the_newest_lines_stand_on_the_page_and_more_for_whoever_goes_back() {
    let mut stage = Stage::default();
    let (ann, _) = stage.start_room("Ann");
    let all = 3 * EXTENT_STEP;
    assert!(!stage.room(ann).has_older_lines());
    say(&mut stage, ann, 0, all);
    check(&stage, ann, all - EXTENT_STEP, all - 1);
    assert!(stage.room(ann).has_older_lines());

    // Whoever has gone back loses nothing of what is looked at.
    tell(&mut stage, ann, Msg::ScrolledTo(Sight::Back));
    say(&mut stage, ann, all, all + MORE);
    check(&stage, ann, all - EXTENT_STEP, all + MORE - 1);
    tell(&mut stage, ann, Msg::ReachedOldest);
    check(&stage, ann, all - 2 * EXTENT_STEP, all + MORE - 1);
    tell(&mut stage, ann, Msg::ReachedOldest);
    tell(&mut stage, ann, Msg::ReachedOldest);
    // Before them stands that the room was started.
    assert_eq!(on_page(&stage, ann).2, 1 + all + MORE);
    assert!(!stage.room(ann).has_older_lines());

    tell(&mut stage, ann, Msg::ScrolledTo(Sight::Newest));
    check(&stage, ann, all + MORE - EXTENT_STEP, all + MORE - 1);
}

#[test]
fn a_line_that_is_to_be_shown_stands_on_the_page_among_others() {
    let mut stage = Stage::default();
    let (ann, _) = stage.start_room("Ann");
    say(&mut stage, ann, 0, 3 * EXTENT_STEP);
    let early = stage.room(ann).timeline.lines().nth(1 + EXTENT_STEP).unwrap().id;
    tell(&mut stage, ann, Msg::PressedQuote(early));
    check(&stage, ann, EXTENT_STEP / 2, 3 * EXTENT_STEP - 1);
}

#[test]
fn where_the_oldest_line_on_the_page_is_gone_the_timelines_oldest_is_in_its_place() {
    let mut stage = Stage::default();
    let (ann, _) = stage.start_room("Ann");
    say(&mut stage, ann, 0, EXTENT_STEP + MORE);
    tell(&mut stage, ann, Msg::ScrolledTo(Sight::Back));
    say(&mut stage, ann, EXTENT_STEP + MORE, LINES_MAX + EXTENT_STEP);
    check(&stage, ann, EXTENT_STEP, LINES_MAX + EXTENT_STEP - 1);
}
