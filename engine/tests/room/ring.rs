//! What is kept for those who come back, and what is given up when it is too much.

use sanctuary_engine::limits::RoomLimits;
use sanctuary_engine::room::RING_ENTRIES_MAX;
use sanctuary_protocol::{Entry, MemberId};

use crate::script::{THREE, check, check_with};

/// What is counted of a commit of the script that names so many, and of a post of so many bytes.
const fn commit_bytes(named: usize) -> usize {
    size_of::<Entry>() + 100 + named * size_of::<MemberId>()
}
const fn post_bytes(ciphertext: usize) -> usize {
    size_of::<Entry>() + ciphertext
}

#[test]
fn what_is_kept_is_counted_to_the_byte() {
    let script = format!("{THREE}\n c4: knock\n c1: commit +4 -3\n c1: post 500");
    let whole = 2 * commit_bytes(2) + post_bytes(500);
    let (room, _) = check_with(RoomLimits::default(), &script);
    assert_eq!(room.retained_bytes(), whole);
    // A ring that is full to the byte is not too full.
    let (room, _) =
        check_with(RoomLimits { ring_bytes_max: whole, ..RoomLimits::default() }, &script);
    assert_eq!(room.retained_bytes(), whole);
}

#[test]
fn a_process_that_holds_too_much_is_given_no_more_than_it_asks_for() {
    let posts = "c1: post 500\n c1: post 500";
    let (room, _) =
        check_with(RoomLimits::default(), &format!("{THREE}\n {posts}\n shed 500 => nothing"));
    assert_eq!(room.retained_bytes(), commit_bytes(2) + post_bytes(0) + post_bytes(500));
    let (room, _) =
        check_with(RoomLimits::default(), &format!("{THREE}\n {posts}\n shed 1000 => nothing"));
    assert_eq!(room.retained_bytes(), commit_bytes(2) + 2 * post_bytes(0));
}

#[test]
fn the_oldest_posts_lose_their_bytes_first_and_stay_in_the_order() {
    let limits = RoomLimits { ring_bytes_max: 2_500, ..RoomLimits::default() };
    let (room, _) = check_with(
        limits,
        &format!(
            "{THREE}
            gone c3
            c1: post 1000
            c1: post 1000
            c1: post 1000
            c4: resume 3 after 1 => all #6 3 back
            .., seat c4, c4 opened 3@6 host 1 keeper 1 seats 1 2 3, c4 #2 3 gone
            .., c4 #3 1 shed, c4 #4 1 shed, c4 #5 1 post, c4 #6 3 back
            "
        ),
    );
    assert!(room.retained_bytes() <= 2_500);
}

#[test]
fn a_process_that_holds_too_much_is_given_posts_and_then_entries() {
    let (room, _) = check_with(
        RoomLimits::default(),
        &format!(
            "{THREE}
            c1: post 1000
            c1: post 1000
            shed 1 => nothing
            c4: resume 3 after 1 => hang up c3 superseded
            .., seat c4, c4 opened 3@3 host 1 keeper 1 seats 1 2 3, c4 #2 1 shed, c4 #3 1 post
            gone c2
            shed 1000000 => all #5 2 expired
            "
        ),
    );
    assert!(room.retained_bytes() < 1_000, "the expiry itself is all that is left");
}

#[test]
fn too_many_commits_end_the_seat_that_has_waited_longest() {
    let limits = RoomLimits { ring_commits_max: 2, ..RoomLimits::default() };
    check_with(
        limits,
        &format!(
            "{THREE}
            c4: knock
            c5: knock
            c6: knock
            gone c3
            c1: commit +4
            wait 1000
            gone c2
            c1: commit +5
            wait 1000
            c1: commit +6 => all #6 1 commit +6
            .., seat c6, c6 opened 6@6 host 1 keeper 1 seats 1 2? 3? 4 5 6, c6 welcome
            .., all #7 3 expired
            c7: resume 2 after 3 => all #8 2 back
            .., seat c7, c7 opened 2@8 host 1 keeper 1 seats 1 2 4 5 6
            .., c7 #4 2 gone, c7 #5 1 commit +5, c7 #6 1 commit +6, c7 #7 3 expired
            .., c7 #8 2 back
            "
        ),
    );
}

#[test]
fn a_ring_too_small_for_anything_ends_seats_and_breaks_nothing() {
    let limits = RoomLimits { ring_bytes_max: 0, ..RoomLimits::default() };
    let (room, _) = check_with(
        limits,
        &format!(
            "{THREE}
            gone c3 => all #2 3 gone, all #3 3 expired
            c4: resume 2 after 3 => hang up c2 superseded
            .., seat c4, c4 opened 2@3 host 1 keeper 1 seats 1 2
            c5: resume 2 after 2 => hang up c4 superseded, all #4 2 expired
            .., c5 refused resume nosuchseat
            "
        ),
    );
    assert_eq!(room.retained_bytes(), 0);
}

#[test]
fn the_ring_keeps_so_many_entries_and_no_more() {
    // Entries 2 and 3 say that they are gone; with the posts the ring is full, and entry 1 is out.
    let posts = "c1: post 1\n".repeat(RING_ENTRIES_MAX - 2);
    check(&format!(
        "{THREE}
        gone c3
        gone c2
        {posts}
        c1: post 1 => all #4098 1 post, all #4099 3 expired, all #4100 2 expired
        "
    ));
}
