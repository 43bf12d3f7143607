//! Who can read what is being written, as the page says it at all times.

#![allow(clippy::unwrap_used, reason = "a story whose stage breaks has failed, and says where")]

use std::time::Duration;

use sanctuary_client::Msg as PageMsg;
use sanctuary_client::room::Msg;
use sanctuary_proptests::stage::Stage;

/// While that is being written, the page says this of its readers.
fn check(stage: &mut Stage, client: usize, draft: &str, expected: &str) {
    let typed = Msg::TypedDraft { text: draft.to_owned(), caret: draft.len() };
    stage.tell(client, PageMsg::Room(typed));
    let said = stage.room(client).readers().sentence().to_string();
    assert_eq!(said, expected, "{draft:?}");
}

#[test]
fn the_page_says_who_can_read_what_is_being_written() {
    let mut stage = Stage::default();
    let (ann, link) = stage.start_room("Ann");
    check(&mut stage, ann, "hello", "Nobody else is here to read this.");
    let ben = stage.join("Ben", &link);
    stage.advance(Duration::from_secs(2));
    check(&mut stage, ann, "", "Only you and Ben can read this.");
    stage.join("Cleo", &link);
    stage.advance(Duration::from_secs(2));
    let all = "Only the 3 of you can read this.";
    for aloud in ["hello", "//purr Ben", "/me waves", "/exit bye", ""] {
        check(&mut stage, ann, aloud, all);
    }
    for whispered in ["/purr Ben", "/purr ben so", "  /purr \"Ben\" so"] {
        check(&mut stage, ann, whispered, "Only Ben can read this whisper.");
    }
    for nobodys in ["/", "/pu", "/purr", "/purr Nobody hello", "/purr Ann me", "/kick Ben"] {
        check(&mut stage, ann, nobodys, "A command is sent to nobody.");
    }
    // Whoever is away reads it when it is back.
    stage.cut(ben);
    stage.settle();
    check(&mut stage, ann, "hello", all);
    stage.say(ann, "/kick Cleo");
    stage.advance(Duration::from_secs(2));
    check(&mut stage, ann, "hello", "Only you and Ben can read this.");
}
