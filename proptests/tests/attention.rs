//! What came while nobody looked: the title counts it, by real client cores around a real room.

use sanctuary_client::{Effect, Msg};
use sanctuary_proptests::stage::Stage;

/// Ann starts a room, and Ben comes in by the link.
fn ann_and_ben() -> (Stage, usize, usize) {
    let mut stage = Stage::default();
    let (ann, link) = stage.start_room("Ann");
    let ben = stage.join("Ben", &link);
    (stage, ann, ben)
}

/// The counts the title was asked to show, in order.
fn titles(stage: &Stage, client: usize) -> Vec<String> {
    let asked = stage.client(client).asked.iter();
    let counts = asked.filter_map(|effect| {
        if let Effect::ShowUnread(unread) = effect { Some(unread.to_string()) } else { None }
    });
    counts.collect()
}

#[test]
fn the_title_counts_what_others_say_while_nobody_looks() {
    let (mut stage, ann, ben) = ann_and_ben();
    stage.say(ben, "seen");
    stage.tell(ann, Msg::LookedAway);
    stage.say(ben, "one");
    stage.say(ben, "/purr Ann two");
    stage.say(ann, "one's own");
    assert_eq!(titles(&stage, ann), ["1", "2"]);
    stage.tell(ann, Msg::LookedBack);
    stage.say(ben, "seen again");
    assert_eq!(titles(&stage, ann), ["1", "2", "0"]);
    assert_eq!(titles(&stage, ben), [""; 0]);
}

#[test]
fn the_title_counts_no_comings_and_no_goings() {
    let mut stage = Stage::default();
    let (ann, link) = stage.start_room("Ann");
    stage.tell(ann, Msg::LookedAway);
    let ben = stage.join("Ben", &link);
    stage.say(ben, "/exit farewell");
    assert_eq!(titles(&stage, ann), [""; 0]);
}

#[test]
fn a_wipe_takes_the_count_out_of_the_title() {
    for end in [Msg::PressedCoverTracks, Msg::ClosedPage] {
        let (mut stage, ann, ben) = ann_and_ben();
        stage.tell(ann, Msg::LookedAway);
        stage.say(ben, "one");
        stage.tell(ann, end);
        assert_eq!(titles(&stage, ann), ["1", "0"]);
        let asked = &stage.client(ann).asked;
        let place = |effect: fn(&Effect) -> bool| asked.iter().rposition(effect);
        let title = place(|effect| matches!(effect, Effect::ShowUnread(_)));
        assert!(title < place(|effect| *effect == Effect::Wipe));
    }
}
