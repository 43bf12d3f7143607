//! Beginning, speaking, letting in, ending: what reaches whom, and in what order.

use std::time::Duration;

use crate::script::{THREE, check, check_with};
use sanctuary_engine::limits::RoomLimits;
use sanctuary_engine::room::{Census, Command};

#[test]
fn whoever_creates_a_room_is_its_first_member_its_host_and_its_doorkeeper() {
    check(
        "
        c1: knock => c1 refused knock notlive
        c1: resume 1 after 0 => c1 refused resume nosuchseat
        c1: post 1 => c1 refused post notseated
        c2: leave => hang up c2 left
        gone c2 => nothing
        notify => nothing
        c1: create => seat c1, c1 opened 1@0 host 1 keeper 1 seats 1
        c2: create => c2 refused create alreadylive
        c1: create => c1 refused create alreadylive
        ",
    );
}

#[test]
fn a_newcomer_is_opened_to_and_welcomed_after_the_entry_that_admits_it() {
    check(
        "
        c1: create
        c2: knock => c2 knocked 2, c1 knocking 2
        c3: knock => c3 knocked 3, c1 knocking 3
        c2: door 1 => c1 door 2
        c1: door 2 => c2 door 1
        c1: commit +3 +2 => all #1 1 commit +2 +3
        .., seat c2, c2 opened 2@1 host 1 keeper 1 seats 1 2 3, c2 welcome
        .., seat c3, c3 opened 3@1 host 1 keeper 1 seats 1 2 3, c3 welcome
        c2: post 1 => all #2 2 post
        notify => all notice
        ",
    );
}

#[test]
fn an_evicted_member_sees_the_commit_and_nothing_that_follows() {
    check(&format!(
        "{THREE}
        c1: commit -3 => all #2 1 commit -3, hang up c3 kicked
        c1: post 1 => all #3 1 post
        c3: post 1 => c3 refused post notseated
        gone c3 => nothing
        c4: resume 3 after 2 => c4 refused resume nosuchseat
        "
    ));
}

#[test]
fn a_host_put_out_is_followed_before_anybody_new_is_opened_to() {
    check(&format!(
        "{THREE}
        c1: lock everyone
        gone c1 => all #3 1 gone, all #4 2 committer
        c4: knock => c4 knocked 4, c2 knocking 4
        c2: commit +4 -1 => all #5 2 commit +4 -1, all #6 2 host 2
        .., seat c4, c4 opened 4@6 host 2 keeper 2 seats 2 3 4, c4 welcome
        "
    ));
}

#[test]
fn the_leaver_is_let_go_before_the_others_are_told() {
    check(&format!(
        "{THREE}
        c2: leave => hang up c2 left, all #2 2 left
        c1: leave => hang up c1 left, all #3 1 left, all #4 3 host 3
        c4: knock => c4 knocked 4, c3 knocking 4
        c3: leave => hang up c3 left, all #5 3 left, c4 refused knock notlive, end
        "
    ));
}

#[test]
fn an_end_reaches_everybody() {
    for end in [
        "c1: close => hang up c1 purged, hang up c2 purged, c4 refused knock notlive, end",
        "purge => hang up c1 byoperator, hang up c2 byoperator, hang up c4 byoperator, end",
        "shut down => hang up c1 shuttingdown, hang up c2 shuttingdown
        .., hang up c4 shuttingdown, end",
    ] {
        check(&format!("{THREE}\n gone c3\n c4: knock\n {end}"));
    }
}

#[test]
fn a_room_nobody_created_ends_at_the_operators_word() {
    check("purge => end");
    check("shut down => end");
}

#[test]
fn after_its_end_a_room_does_and_holds_nothing() {
    for end in ["c1: close", "c1: leave", "purge", "shut down"] {
        let (room, now) = check_with(
            RoomLimits::default(),
            &format!(
                "
                c1: create
                c1: post 100
                {end}
                c1: create => nothing
                c2: knock => nothing
                c1: post 1 => nothing
                wait 100000 => nothing
                notify => nothing
                shed 1 => nothing
                gone c1 => nothing
                purge => nothing
                "
            ),
        );
        assert_eq!((room.deadline(), room.retained_bytes()), (None, 0), "{end}");
        assert_eq!(room.census(now).entries, 0, "{end}");
    }
}

#[test]
fn a_census_counts_and_names_nothing() {
    let (room, now) = check_with(
        RoomLimits::default(),
        &format!("{THREE}\n gone c3\n gone c2\n c4: knock\n c1: post 500\n wait 2000"),
    );
    let Census {
        members_live,
        members_gone,
        knocks,
        age,
        quiet,
        entries,
        entries_retained,
        retained_bytes,
    } = room.census(now);
    assert_eq!((members_live, members_gone, knocks, entries), (1, 2, 1, 4));
    assert_eq!((age, quiet), (Duration::from_secs(3), Duration::from_secs(2)));
    assert_eq!(entries_retained, 4);
    assert!(retained_bytes > 600, "{retained_bytes}");
    assert_eq!(retained_bytes, room.retained_bytes());
}

#[test]
fn a_room_nobody_created_has_been_quiet_since_it_was_made() {
    let (room, now) = check_with(RoomLimits::default(), "wait 2000");
    let census = room.census(now);
    assert_eq!((census.age, census.quiet), (Duration::from_secs(2), Duration::from_secs(2)));
    assert_eq!((census.members_live, census.members_gone, census.entries), (0, 0, 0));
}

#[test]
fn a_clock_that_runs_back_hurts_nobody() {
    let (mut room, now) = check_with(RoomLimits::default(), &format!("{THREE}\n gone c3"));
    let earlier = now - Duration::from_secs(1);
    assert_eq!(room.handle(Command::Elapse, earlier), []);
    assert_eq!(room.census(earlier).quiet, Duration::ZERO);
}
