//! Going, coming back, staying away: seats, and who follows the host.

use std::time::Duration;

use crate::script::{THREE, check, check_with};
use sanctuary_engine::limits::RoomLimits;

#[test]
fn whoever_comes_back_reads_what_it_missed_once_and_in_order() {
    check(&format!(
        "{THREE}
        c1: post 1 => all #2 1 post
        gone c3 => all #3 3 gone
        c1: post 1 => all #4 1 post
        c4: resume 3 after 1 => all #5 3 back
        .., seat c4, c4 opened 3@5 host 1 keeper 1 seats 1 2 3
        .., c4 #2 1 post, c4 #3 3 gone, c4 #4 1 post, c4 #5 3 back
        c1: post 1 => all #6 1 post
        "
    ));
}

#[test]
fn an_older_connection_gives_way_without_a_word_to_the_others() {
    check(&format!(
        "{THREE}
        c1: post 1
        c4: resume 3 after 1 => hang up c3 superseded
        .., seat c4, c4 opened 3@2 host 1 keeper 1 seats 1 2 3, c4 #2 1 post
        gone c3 => nothing
        c3: post 1 => c3 refused post notseated
        c5: resume 3 after 2 => hang up c4 superseded
        .., seat c5, c5 opened 3@2 host 1 keeper 1 seats 1 2 3
        "
    ));
}

#[test]
fn a_return_that_comes_late_leaves_the_seat_to_the_newer_connection() {
    let bounds = RoomLimits { resume_burst: 2, ..RoomLimits::default() };
    check_with(
        bounds,
        &format!(
            "{THREE}
            c1: post 1
            c5: resume 3 after 2 => hang up c3 superseded
            .., seat c5, c5 opened 3@2 host 1 keeper 1 seats 1 2 3
            c4: resume 3 after 1 => hang up c4 superseded
            c1: post 1 => all #3 1 post
            c0: resume 3 after 0 => hang up c0 superseded
            c6: resume 3 after 2 => hang up c5 superseded
            .., seat c6, c6 opened 3@3 host 1 keeper 1 seats 1 2 3, c6 #3 1 post
            gone c6 => all #4 3 gone
            "
        ),
    );
}

#[test]
fn a_return_to_what_never_was_or_was_not_for_it_ends_the_seat() {
    check(&format!(
        "{THREE}
        gone c3
        c4: resume 9 after 1 => c4 refused resume nosuchseat
        c4: resume 3 after 3 => all #3 3 expired, c4 refused resume nosuchseat
        c4: resume 3 after 1 => c4 refused resume nosuchseat
        c4: resume 2 after 0 => hang up c2 superseded, all #4 2 expired
        .., c4 refused resume nosuchseat
        c4: knock => c4 knocked 4, c1 knocking 4
        "
    ));
}

#[test]
fn a_seat_waits_and_then_expires() {
    check(&format!(
        "{THREE}
        gone c3 => all #2 3 gone
        wait 1000
        gone c2 => all #3 2 gone
        wait 598999 => nothing
        wait 1 => all #4 3 expired
        c4: resume 3 after 1 => c4 refused resume nosuchseat
        wait 1000 => all #5 2 expired
        "
    ));
}

#[test]
fn what_is_due_is_done_before_a_command_that_comes_late() {
    let (room, now) = check_with(RoomLimits::default(), &format!("{THREE}\n gone c3"));
    assert_eq!(room.deadline(), Some(now + Duration::from_secs(600)));
    let no_seats = RoomLimits { seat_wait: Duration::ZERO, ..RoomLimits::default() };
    check_with(no_seats, &format!("{THREE}\n gone c3 => all #2 3 expired"));
}

#[test]
fn a_room_lives_while_a_seat_waits_and_ends_with_the_last() {
    check(
        "
        c1: create
        c2: knock
        gone c1 => all #1 1 gone
        c3: knock => c3 knocked 3
        wait 599999 => nothing
        wait 1 => all #2 1 expired, c2 refused knock notlive, c3 refused knock notlive, end
        ",
    );
}

#[test]
fn a_host_that_stays_away_is_followed_by_the_senior_member_there() {
    check(&format!(
        "{THREE}
        gone c2
        c4: resume 2 after 1
        gone c1 => all #4 1 gone, all #5 3 committer
        wait 29999 => nothing
        wait 1 => all #6 2 host 2
        c5: resume 1 after 3 => all #7 1 back
        .., seat c5, c5 opened 1@7 host 2 keeper 2 seats 1 2 3
        .., c5 #4 1 gone, c5 #5 3 committer, c5 #6 2 host 2, c5 #7 1 back
        "
    ));
}

#[test]
fn a_host_that_is_back_in_time_stays_host_and_keeps_the_door_again() {
    check(&format!(
        "{THREE}
        gone c1 => all #2 1 gone, all #3 2 committer
        c4: resume 1 after 1 => all #4 1 back, all #5 1 committer
        .., seat c4, c4 opened 1@5 host 1 keeper 1 seats 1 2 3
        .., c4 #2 1 gone, c4 #3 2 committer, c4 #4 1 back, c4 #5 1 committer
        wait 30000 => nothing
        "
    ));
}

#[test]
fn a_host_nobody_is_there_to_follow_is_followed_by_the_next_to_come_back() {
    let away = format!("{THREE}\n gone c2\n gone c3\n gone c1 => all #4 1 gone");
    check(&format!(
        "{away}
        wait 30000 => nothing
        c4: resume 3 after 1 => all #5 3 back, all #6 3 host 3
        .., seat c4, c4 opened 3@6 host 3 keeper 3 seats 1? 2? 3
        .., c4 #2 2 gone, c4 #3 3 gone, c4 #4 1 gone, c4 #5 3 back, c4 #6 3 host 3
        "
    ));
    check(&format!(
        "{away}
        wait 29000 => nothing
        c4: resume 3 after 3 => all #5 3 back, all #6 3 committer
        .., seat c4, c4 opened 3@6 host 1 keeper 3 seats 1? 2? 3
        .., c4 #4 1 gone, c4 #5 3 back, c4 #6 3 committer
        wait 1000 => all #7 3 host 3
        "
    ));
}

#[test]
fn a_host_that_leaves_is_followed_at_once() {
    check(&format!(
        "{THREE}
        gone c2
        c1: leave => hang up c1 left, all #3 1 left, all #4 3 host 3
        "
    ));
    let at_once = RoomLimits { host_wait: Duration::ZERO, ..RoomLimits::default() };
    check_with(at_once, &format!("{THREE}\n gone c1 => all #2 1 gone, all #3 2 host 2"));
}

#[test]
fn a_room_asks_to_be_woken_when_its_host_is_to_be_followed() {
    let (room, now) = check_with(RoomLimits::default(), &format!("{THREE}\n gone c1"));
    assert_eq!(room.deadline(), Some(now + Duration::from_secs(30)));
    // Nobody is there to follow: it is the seats that end next.
    let all = format!("{THREE}\n gone c1\n gone c2\n gone c3");
    let (room, now) = check_with(RoomLimits::default(), &all);
    assert_eq!(room.deadline(), Some(now + Duration::from_secs(600)));
}

#[test]
fn a_seat_is_taken_again_only_so_often() {
    let limits = RoomLimits {
        resume_burst: 2,
        resume_refill: Duration::from_secs(10),
        ..RoomLimits::default()
    };
    check_with(
        limits,
        &format!(
            "{THREE}
            c5: resume 2 after 1
            c6: resume 2 after 1
            c7: resume 2 after 1 => c7 refused resume toosoon
            wait 10000
            c7: resume 2 after 1 => hang up c6 superseded
            .., seat c7, c7 opened 2@1 host 1 keeper 1 seats 1 2 3
            "
        ),
    );
}
