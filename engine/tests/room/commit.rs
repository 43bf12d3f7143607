//! What a commit may name besides newcomers and members: nobody, who is in, and who is out.

use sanctuary_engine::limits::RoomLimits;

use crate::script::{THREE, check, check_with};

#[test]
fn a_commit_that_names_nobody_is_the_hosts_and_the_doorkeepers() {
    check(&format!(
        "{THREE}
        c2: commit => c2 refused commit nothost
        c1: commit => all #2 1 commit
        c4: knock
        wait 5000 => all #3 2 committer, c2 knocking 4
        c2: commit => all #4 2 commit
        c3: commit => c3 refused commit nothost
        wait 1000
        c1: commit => all #5 1 commit
        c4: commit => c4 refused commit notseated
        "
    ));
}

#[test]
fn a_commit_that_names_nobody_is_anybodys_where_everyone_moderates() {
    check(&format!(
        "{THREE}
        c1: lock everyone
        c3: commit => all #3 3 commit
        "
    ));
}

#[test]
fn a_commit_that_names_nobody_keeps_its_distance() {
    check(&format!(
        "{THREE}
        c1: commit => all #2 1 commit
        wait 999
        c1: commit => c1 refused commit toosoon
        c1: commit -3
        wait 1
        c1: commit => all #4 1 commit
        "
    ));
}

#[test]
fn who_is_in_is_let_in_again_by_the_doorkeeper_with_a_welcome_and_no_opening() {
    check(&format!(
        "{THREE}
        c2: commit +3 => c2 refused commit notcommitter
        c1: commit +3 +2 +3 => all #2 1 commit +2 +3, c2 welcome, c3 welcome
        c1: commit +2 => c1 refused commit toosoon
        "
    ));
}

#[test]
fn newcomers_are_let_in_together_with_who_is_in() {
    check(&format!(
        "{THREE}
        c4: knock
        c5: knock
        c1: commit +2 +4 +6 => c1 refused commit nosuchmember
        c1: commit +5 +2 +4 => all #2 1 commit +2 +4 +5, c2 welcome
        .., seat c4, c4 opened 4@2 host 1 keeper 1 seats 1 2 3 4 5, c4 welcome
        .., seat c5, c5 opened 5@2 host 1 keeper 1 seats 1 2 3 4 5, c5 welcome
        "
    ));
}

#[test]
fn who_is_gone_is_let_in_again_without_its_welcome_and_stays_gone() {
    check(&format!(
        "{THREE}
        gone c3
        c1: commit +2 +3 => all #3 1 commit +2 +3, c2 welcome
        c4: resume 3 after 2 => all #4 3 back
        .., seat c4, c4 opened 3@4 host 1 keeper 1 seats 1 2 3, c4 #3 1 commit +2 +3, c4 #4 3 back
        "
    ));
}

#[test]
fn who_is_out_is_nobody_to_let_in_again() {
    check(&format!(
        "{THREE}
        c3: leave
        c1: commit +3 => c1 refused commit nosuchmember
        c1: commit +2 +3 => c1 refused commit nosuchmember
        "
    ));
}

#[test]
fn who_is_let_in_again_and_put_out_at_once_is_out() {
    check(&format!(
        "{THREE}
        c1: commit +2 +3 -2 => all #2 1 commit +2 +3 -2, c3 welcome, hang up c2 kicked
        c4: resume 2 after 2 => c4 refused resume nosuchseat
        "
    ));
}

#[test]
fn who_is_out_may_be_put_out_again_and_again() {
    check(&format!(
        "{THREE}
        c2: leave
        c1: commit -2 => all #3 1 commit -2
        wait 1000
        c1: commit -2 -2 => all #4 1 commit -2
        gone c3
        wait 600000 => all #6 3 expired
        c1: commit -3 -2 => all #7 1 commit -2 -3
        c1: post 1 => all #8 1 post
        "
    ));
}

#[test]
fn who_is_out_is_put_out_by_the_doorkeeper_and_by_whoever_moderates() {
    check(&format!(
        "{THREE}
        c4: knock
        c1: commit +4
        c4: leave
        wait 1000
        c2: commit -4 => c2 refused commit nothost
        gone c1 => all #4 1 gone, all #5 2 committer
        c3: commit -4 => c3 refused commit nothost
        c2: commit -4 => all #6 2 commit -4
        c5: resume 1 after 3
        c1: post 1 => c1 refused post notseated
        c5: lock everyone
        wait 1000
        c3: commit -4 => all #10 3 commit -4
        "
    ));
}

#[test]
fn nobody_is_put_out_that_was_never_in() {
    check(&format!(
        "{THREE}
        c4: knock => c4 knocked 4, c1 knocking 4
        c1: commit -4 => c1 refused commit nosuchmember
        c1: commit +4 -4 => c1 refused commit nosuchmember
        c1: commit -5 => c1 refused commit nosuchmember
        c1: commit -0 => c1 refused commit nosuchmember
        c1: commit -2 -1 => c1 refused commit nosuchmember
        "
    ));
}

#[test]
fn a_newcomer_that_gave_up_may_be_named_among_those_put_out() {
    check(&format!(
        "{THREE}
        c4: knock
        gone c4 => c1 withdrawn 4
        c1: commit -4 => all #2 1 commit -4
        "
    ));
}

#[test]
fn only_a_kick_of_somebody_connected_need_not_wait() {
    check(&format!(
        "{THREE}
        c4: knock
        c1: commit +4
        c4: leave
        gone c3
        c1: commit -4 => c1 refused commit toosoon
        c1: commit -3 => c1 refused commit toosoon
        c1: commit -4 -2 => all #5 1 commit -2 -4, hang up c2 kicked
        "
    ));
}

/// The seats that are no more do not count as places that become free, nor those let in again as
/// places that are taken.
#[test]
fn a_full_room_is_as_full_as_its_seats() {
    let limits = RoomLimits { members_max: 3, ..RoomLimits::default() };
    check_with(
        limits,
        &format!(
            "{THREE}
            c2: leave
            c3: leave
            c1: commit -2 -3 => all #4 1 commit -2 -3
            c4: knock
            c5: knock
            wait 1000
            c1: commit +4 +5 -2 -3 => all #5 1 commit +4 +5 -2 -3
            .., seat c4, c4 opened 4@5 host 1 keeper 1 seats 1 4 5, c4 welcome
            .., seat c5, c5 opened 5@5 host 1 keeper 1 seats 1 4 5, c5 welcome
            wait 1000
            c1: commit +4 +5 -2 => all #6 1 commit +4 +5 -2, c4 welcome, c5 welcome
            "
        ),
    );
}

#[test]
fn a_commit_may_fill_the_last_seat() {
    let limits = RoomLimits { members_max: 5, ..RoomLimits::default() };
    check_with(
        limits,
        &format!(
            "{THREE}
            c4: knock
            c5: knock
            c1: commit +4 +5 => all #2 1 commit +4 +5
            .., seat c4, c4 opened 4@2 host 1 keeper 1 seats 1 2 3 4 5, c4 welcome
            .., seat c5, c5 opened 5@2 host 1 keeper 1 seats 1 2 3 4 5, c5 welcome
            "
        ),
    );
}

#[test]
fn a_commit_may_put_some_out_and_fill_the_last_seat() {
    let limits = RoomLimits { members_max: 5, ..RoomLimits::default() };
    check_with(
        limits,
        &format!(
            "{THREE}
            c4: knock
            c5: knock
            c1: commit +4 +5 -2 -3 => all #2 1 commit +4 +5 -2 -3
            .., hang up c2 kicked, hang up c3 kicked
            .., seat c4, c4 opened 4@2 host 1 keeper 1 seats 1 4 5, c4 welcome
            .., seat c5, c5 opened 5@2 host 1 keeper 1 seats 1 4 5, c5 welcome
            "
        ),
    );
}
