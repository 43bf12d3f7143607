//! Who may do what, and how a room says no.

use std::time::{Duration, Instant};

use sanctuary_engine::limits::RoomLimits;
use sanctuary_engine::room::{Command, ConnectionId, Effect, Room};
use sanctuary_protocol::limits::{ADMITS_MAX, MEMBERS_MAX, SERVER_FRAME_BYTES_MAX};
use sanctuary_protocol::{
    ClientFrame, ClientFrameKind, Few, MemberId, Policy, Refusal, ServerFrame, encode,
};

use crate::script::{THREE, check, check_with};

#[test]
fn a_knock_is_turned_away_for_one_clear_reason() {
    let limits = RoomLimits { members_max: 3, knocks_max: 1, ..RoomLimits::default() };
    check_with(
        limits,
        "
        c1: create
        c1: knock => c1 refused knock alreadyseated
        c1: resume 1 after 0 => c1 refused resume alreadyseated
        c2: knock => c2 knocked 2, c1 knocking 2
        c2: knock => c2 refused knock alreadyseated
        c2: resume 1 after 0 => c2 refused resume alreadyseated
        c3: knock => c3 refused knock toomanyknocks
        c1: commit +2
        c3: knock => c3 knocked 3, c1 knocking 3
        c4: knock => c4 refused knock roomfull
        c3: leave => c1 withdrawn 3, hang up c3 left
        c1: lock locked => all #2 1 policy host locked
        c4: knock => c4 refused knock locked
        c1: lock ask => all #3 1 policy host ask
        c4: knock => c4 knocked 4, c1 knocking 4
        ",
    );
}

/// What the wire allows, the room can hold.
#[test]
fn a_room_holds_as_many_as_the_wire_can_list() {
    let limits = RoomLimits {
        members_max: MEMBERS_MAX,
        knocks_max: ADMITS_MAX,
        commit_interval: Duration::ZERO,
        ..RoomLimits::default()
    };
    let now = Instant::now();
    let mut room = Room::new(limits, [7; 32], now);
    let mut say = |from: usize, frame| {
        room.handle(Command::Receive { from: ConnectionId(from as u64), frame }, now)
    };
    let knock = || ClientFrame::Knock { blob: vec![1].try_into().unwrap() };
    say(1, ClientFrame::Create { policy: Policy::default() });
    let mut last = Vec::new();
    let newcomers: Vec<usize> = (2..=MEMBERS_MAX).collect();
    for batch in newcomers.chunks(ADMITS_MAX) {
        batch.iter().for_each(|newcomer| drop(say(*newcomer, knock())));
        let admits = Vec::from_iter(batch.iter().map(|it| MemberId(u32::try_from(*it).unwrap())));
        let commit = ClientFrame::Commit {
            ciphertext: vec![4].try_into().unwrap(),
            admits: admits.try_into().unwrap(),
            evicts: Few::none(),
            welcome: vec![5].try_into().unwrap(),
        };
        last = say(1, commit);
    }
    let opening = last.iter().rev().find_map(|effect| match effect {
        Effect::Send { frame: ServerFrame::Opened(opening), .. } => Some(opening.clone()),
        _ => None,
    });
    let opening = opening.unwrap();
    assert_eq!(opening.seats.as_slice().len(), MEMBERS_MAX);
    assert!(encode(&ServerFrame::Opened(opening)).len() <= SERVER_FRAME_BYTES_MAX);
    let (to, what, why) = (ConnectionId(0), ClientFrameKind::Knock, Refusal::RoomFull);
    let refused = Effect::Send { to, frame: ServerFrame::Refused { what, why } };
    assert_eq!(say(0, knock()), [refused]);
    let post = ClientFrame::Post { ciphertext: vec![3].try_into().unwrap() };
    let [Effect::Broadcast(ServerFrame::Entry(heard))] = &say(MEMBERS_MAX, post)[..] else {
        panic!("one broadcast, however many there are");
    };
    assert_eq!(heard.from.0 as usize, MEMBERS_MAX);
    assert_eq!(room.census(now).members_live, MEMBERS_MAX);
}

#[test]
fn only_the_seated_are_heard() {
    check(
        "
        c1: create
        c2: knock
        c2: create => c2 refused create alreadylive
        c2: post 1 => c2 refused post notseated
        c2: commit +2 => c2 refused commit notseated
        c2: lock => c2 refused lock notseated
        c2: hand over 2 => c2 refused handover notseated
        c2: close => c2 refused close notseated
        c3: post 1 => c3 refused post notseated
        c3: door 1 => c3 refused door notseated
        c3: close => c3 refused close notseated
        ",
    );
}

#[test]
fn an_empty_frame_says_nothing() {
    check(
        "
        c1: create
        c1: post 0 => c1 refused post empty
        c1: commit blank => c1 refused commit empty
        c2: knock
        c1: commit blank +2 => c1 refused commit empty
        ",
    );
}

#[test]
fn only_the_doorkeeper_admits_and_only_who_knocks() {
    check(&format!(
        "{THREE}
        c4: knock
        c2: commit +4 => c2 refused commit notcommitter
        c1: commit +5 => c1 refused commit nosuchmember
        c1: commit +4 +5 => c1 refused commit nosuchmember
        c1: commit +4 => all #2 1 commit +4
        .., seat c4, c4 opened 4@2 host 1 keeper 1 seats 1 2 3 4, c4 welcome
        "
    ));
}

#[test]
fn commits_keep_their_distance_and_kicks_need_not() {
    check(&format!(
        "{THREE}
        c4: knock
        c5: knock
        c1: commit +4
        wait 999
        c1: commit +5 => c1 refused commit toosoon
        c1: commit -2 => all #3 1 commit -2, hang up c2 kicked
        wait 1
        c1: commit +5 => all #4 1 commit +5
        .., seat c5, c5 opened 5@4 host 1 keeper 1 seats 1 3 4 5, c5 welcome
        "
    ));
}

#[test]
fn the_host_evicts_and_where_everyone_moderates_anybody_does() {
    check(&format!(
        "{THREE}
        c2: commit -3 => c2 refused commit nothost
        c2: close => c2 refused close nothost
        c1: commit -1 => c1 refused commit nosuchmember
        c1: commit -9 => c1 refused commit nosuchmember
        c2: lock everyone => c2 refused lock nothost
        c1: lock everyone => all #2 1 policy everyone open
        c2: commit -1 => all #3 2 commit -1, hang up c1 kicked, all #4 2 host 2
        c3: close => hang up c2 purged, hang up c3 purged, end
        "
    ));
}

#[test]
fn the_doorkeeper_clears_away_who_has_no_seat_and_nobody_else() {
    check(&format!(
        "{THREE}
        c3: leave => hang up c3 left, all #2 3 left
        gone c1
        c2: commit -1 => c2 refused commit nothost
        c2: commit -3 => all #5 2 commit -3
        "
    ));
}

#[test]
fn a_host_hands_over_to_whoever_is_there() {
    check(&format!(
        "{THREE}
        gone c3
        c2: hand over 2 => c2 refused handover nothost
        c1: hand over 1 => c1 refused handover nosuchmember
        c1: hand over 3 => c1 refused handover nosuchmember
        c1: hand over 4 => c1 refused handover nosuchmember
        c1: hand over 2 => all #3 1 host 2
        c1: lock => c1 refused lock nothost
        c4: knock => c4 knocked 4, c2 knocking 4
        "
    ));
}
