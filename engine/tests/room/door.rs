//! Knocks, who answers them, and what happens when nobody does.

use std::time::Duration;

use sanctuary_engine::limits::RoomLimits;

use crate::script::{THREE, check, check_with};

#[test]
fn a_door_is_between_a_newcomer_and_the_doorkeeper() {
    check(&format!(
        "{THREE}
        c4: knock
        c4: door 2 => c4 refused door nosuchmember
        c4: door 1 => c1 door 4
        c4: door 4 => c4 refused door nosuchmember
        c2: door 4 => c2 refused door notcommitter
        c1: door 2 => c1 refused door nosuchmember
        c1: door 4 => c4 door 1
        gone c4 => c1 withdrawn 4
        c1: door 4 => c1 refused door nosuchmember
        gone c2
        c5: knock => c5 knocked 5, c1 knocking 5
        c5: door 2 => c5 refused door nosuchmember
        "
    ));
}

#[test]
fn an_unanswered_knock_goes_round_to_whoever_has_been_there_longest() {
    check(&format!(
        "{THREE}
        gone c2
        c5: resume 2 after 1
        c4: knock
        wait 4999 => nothing
        wait 1 => all #4 3 committer, c3 knocking 4
        c1: door 4 => c1 refused door notcommitter
        wait 3000 => nothing
        c6: knock => c6 knocked 5, c3 knocking 5
        wait 2000 => all #5 2 committer, c5 knocking 4, c5 knocking 5
        wait 5000 => nothing
        "
    ));
}

#[test]
fn an_answer_ends_the_wait_for_as_long_as_its_giver_keeps_the_door() {
    check(&format!(
        "{THREE}
        c4: knock
        c1: door 4
        wait 60000 => nothing
        gone c1 => all #2 1 gone, all #3 2 committer, c2 knocking 4
        wait 5000 => all #4 3 committer, c3 knocking 4
        "
    ));
}

#[test]
fn when_all_were_asked_the_first_to_wake_keeps_the_door_and_its_frame_counts() {
    let asked = format!(
        "{THREE}
        c4: knock
        wait 5000 => all #2 2 committer, c2 knocking 4
        wait 5000 => all #3 3 committer, c3 knocking 4
        wait 60000 => nothing
        "
    );
    for woken in [
        "c1: door 4 => all #4 1 committer, c4 door 1",
        "c2: post 1 => all #4 2 committer, all #5 2 post",
        "c1: commit +4 => all #4 1 committer, all #5 1 commit +4
        .., seat c4, c4 opened 4@5 host 1 keeper 1 seats 1 2 3 4, c4 welcome",
        "c3: door 4 => c4 door 3",
        "c1: leave => hang up c1 left, all #4 1 left, all #5 2 host 2, c2 knocking 4",
        "c2: leave => hang up c2 left, all #4 2 left",
    ] {
        check(&format!("{asked}\n {woken}"));
    }
}

#[test]
fn whoever_wakes_is_told_of_the_knocks_it_was_not_told_of() {
    check(&format!(
        "{THREE}
        c4: knock
        wait 5000
        c5: knock => c5 knocked 5, c2 knocking 5
        wait 5000 => all #3 3 committer, c3 knocking 4, c3 knocking 5
        c1: post 1 => all #4 1 committer, all #5 1 post, c1 knocking 5
        c1: post 1 => all #6 1 post
        c2: post 1 => all #7 2 committer, all #8 2 post
        c1: post 1 => all #9 1 post
        "
    ));
}

#[test]
fn a_further_knock_wakes_a_door_that_rests() {
    check(
        "
        c1: create
        c2: knock
        c1: commit +2
        c3: knock
        wait 5000 => all #2 2 committer, c2 knocking 3
        wait 9000 => nothing
        c4: knock => c4 knocked 4, c2 knocking 4
        wait 5000 => all #3 1 committer, c1 knocking 3, c1 knocking 4
        ",
    );
}

#[test]
fn whoever_comes_back_to_a_door_that_rests_is_asked() {
    check(&format!(
        "{THREE}
        gone c3
        c4: knock
        wait 5000 => all #3 2 committer, c2 knocking 4
        wait 9000 => nothing
        c5: resume 3 after 1 => all #4 3 back
        .., seat c5, c5 opened 3@4 host 1 keeper 2 seats 1 2 3
        .., c5 #2 3 gone, c5 #3 2 committer, c5 #4 3 back
        wait 0 => all #5 3 committer, c5 knocking 4
        "
    ));
}

#[test]
fn a_doorkeeper_back_by_another_connection_is_told_again() {
    check(
        "
        c1: create
        c2: knock
        c1: door 2
        c3: resume 1 after 0 => hang up c1 superseded
        .., seat c3, c3 opened 1@0 host 1 keeper 1 seats 1, c3 knocking 2
        gone c3 => all #1 1 gone
        c4: knock => c4 knocked 3
        c5: resume 1 after 0 => all #2 1 back
        .., seat c5, c5 opened 1@2 host 1 keeper 1 seats 1, c5 #1 1 gone, c5 #2 1 back
        .., c5 knocking 2, c5 knocking 3
        ",
    );
}

#[test]
fn a_host_that_is_there_takes_the_door_of_whoever_goes() {
    check(&format!(
        "{THREE}
        gone c1
        c4: resume 1 after 1
        c5: knock
        wait 5000 => all #6 2 committer, c2 knocking 4
        gone c2 => all #7 2 gone, all #8 1 committer, c4 knocking 4
        "
    ));
}

#[test]
fn whoever_goes_and_comes_back_may_wake_once_more() {
    check(&format!(
        "{THREE}
        c4: knock
        wait 5000
        wait 5000 => all #3 3 committer, c3 knocking 4
        c2: post 1 => all #4 2 committer, all #5 2 post
        c3: post 1 => all #6 3 committer, all #7 3 post
        gone c2 => all #8 2 gone
        c5: resume 2 after 7
        wait 5000 => all #10 2 committer, c5 knocking 4
        c3: post 1 => all #11 3 post
        c1: post 1 => all #12 1 committer, all #13 1 post
        c5: post 1 => all #14 2 committer, all #15 2 post
        "
    ));
}

#[test]
fn a_full_door_gives_the_place_of_its_oldest_answered_knock_to_the_next() {
    let limits = RoomLimits { knocks_max: 3, ..RoomLimits::default() };
    check_with(
        limits,
        "
        c1: create
        c2: knock
        c3: knock
        c4: knock
        c5: knock => c5 refused knock toomanyknocks
        c1: door 4
        c1: door 3
        c5: knock => c1 withdrawn 3, hang up c3 idle, c5 knocked 5, c1 knocking 5
        c1: door 3 => c1 refused door nosuchmember
        gone c3 => nothing
        c6: knock => c1 withdrawn 4, hang up c4 idle, c6 knocked 6, c1 knocking 6
        c7: knock => c7 refused knock toomanyknocks
        c1: commit +2 => all #1 1 commit +2
        .., seat c2, c2 opened 2@1 host 1 keeper 1 seats 1 2, c2 welcome
        ",
    );
}

#[test]
fn squatters_do_not_make_a_room_full() {
    let limits = RoomLimits { members_max: 3, ..RoomLimits::default() };
    check_with(
        limits,
        "
        c1: create
        c2: knock
        c3: knock
        c4: knock => c4 refused knock roomfull
        c1: door 2
        c1: door 3
        c4: knock => c1 withdrawn 2, hang up c2 idle, c4 knocked 4, c1 knocking 4
        wait 1000
        c1: commit +3 +4
        c5: knock => c5 refused knock roomfull
        ",
    );
}

#[test]
fn a_door_that_is_not_full_lets_the_answered_wait() {
    check(
        "
        c1: create
        c2: knock
        c1: door 2
        wait 3600000 => nothing
        c3: knock => c3 knocked 3, c1 knocking 3
        ",
    );
}

#[test]
fn a_knock_nobody_answers_for_long_is_hung_up_on() {
    let limits = RoomLimits { unanswered_wait: Duration::from_secs(12), ..RoomLimits::default() };
    check_with(
        limits,
        "
        c1: create
        c2: knock
        c1: commit +2
        c3: knock
        wait 5000 => all #2 2 committer, c2 knocking 3
        c2: door 3
        wait 3000
        c4: knock => c4 knocked 4, c2 knocking 4
        gone c2 => all #3 2 gone, all #4 1 committer, c1 knocking 3, c1 knocking 4
        wait 11999 => nothing
        wait 1 => c1 withdrawn 3, hang up c3 idle, c1 withdrawn 4, hang up c4 idle
        c5: knock => c5 knocked 5, c1 knocking 5
        ",
    );
}

#[test]
fn a_change_of_keeper_does_not_prolong_the_wait_of_the_unanswered() {
    let limits = RoomLimits { unanswered_wait: Duration::from_secs(12), ..RoomLimits::default() };
    check_with(
        limits,
        &format!(
            "{THREE}
            c4: knock
            wait 5000 => all #2 2 committer, c2 knocking 4
            wait 5000 => all #3 3 committer, c3 knocking 4
            c5: knock => c5 knocked 5, c3 knocking 5
            wait 2000 => c3 withdrawn 4, hang up c4 idle
            wait 9999
            wait 1 => c1 withdrawn 5, hang up c5 idle
            "
        ),
    );
}

#[test]
fn a_newcomer_speaks_to_the_doorkeeper_alone_and_only_so_often() {
    let limits = RoomLimits { door_words_max: 2, ..RoomLimits::default() };
    check_with(
        limits,
        &format!(
            "{THREE}
            c4: knock
            c4: door 2 => c4 refused door nosuchmember
            c4: door 0 => c4 refused door nosuchmember
            c1: door 0 => c1 refused door nosuchmember
            c2: door 0 => c2 refused door nosuchmember
            c4: door 1 => c1 door 4
            c4: door 1 => c1 door 4
            c4: door 1 => c1 withdrawn 4, hang up c4 toofast
            "
        ),
    );
}
