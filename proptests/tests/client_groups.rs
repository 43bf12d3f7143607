//! Real client cores around a real room core, under changes of every kind at once: whoever is in the
//! room in the end is in one group with everybody else there, and no honest server is accused (the
//! stage itself sees to that).

use std::time::Duration;

use proptest::prelude::*;
use sanctuary_client::room::{self, Body, Happening};
use sanctuary_client::{Msg, Screen};
use sanctuary_engine::limits::RoomLimits;
use sanctuary_proptests::stage::{PageState, Stage};

/// Pages there may be in one story.
const PAGES_MAX: usize = 7;

/// What a plan may do to the stage.
#[derive(Clone, Debug)]
enum Act {
    Type(usize, &'static str),
    Kick(usize, usize),
    HandOver(usize, usize),
    Join(usize),
    LetIn(usize),
    Confirm(usize),
    Step(usize),
    Cut(usize),
    CutLosingAll(usize),
    Sleep(usize),
    Wake(usize),
    Wait(u16),
}

fn act() -> impl Strategy<Value = Act> {
    let page = 0..PAGES_MAX;
    let typed = prop_oneof![
        Just("hello"),
        Just("/door open"),
        Just("/door ask"),
        Just("/renew"),
        Just("/exit"),
        Just("/door clear"),
    ];
    prop_oneof![
        4 => (page.clone(), typed).prop_map(|(page, text)| Act::Type(page, text)),
        1 => (page.clone(), page.clone()).prop_map(|(page, whom)| Act::Kick(page, whom)),
        1 => (page.clone(), page.clone()).prop_map(|(page, to)| Act::HandOver(page, to)),
        3 => page.clone().prop_map(Act::Join),
        2 => page.clone().prop_map(Act::LetIn),
        1 => page.clone().prop_map(Act::Confirm),
        8 => page.clone().prop_map(Act::Step),
        1 => page.clone().prop_map(Act::Cut),
        1 => page.clone().prop_map(Act::CutLosingAll),
        1 => page.clone().prop_map(Act::Sleep),
        2 => page.clone().prop_map(Act::Wake),
        4 => (1..6_000_u16).prop_map(Act::Wait),
    ]
}

fn inside(stage: &Stage, page: usize) -> Option<&room::Room> {
    match &stage.client(page).model.screen {
        Screen::Room(room) => Some(room),
        Screen::Home(_) | Screen::Joining(_) | Screen::Ended(_) => None,
    }
}

fn perform(stage: &mut Stage, pages: &mut usize, act: Act) {
    match act {
        Act::Join(by) if *pages < PAGES_MAX => {
            let by = inside(stage, by % *pages);
            let link = by.map(|room| room.invitation.link.fragment().to_string());
            if let Some(link) = link {
                stage.set_out(&format!("Page {pages}"), &link);
                *pages += 1;
            }
        }
        Act::Join(_) => {}
        Act::Type(page, text) => stage.type_and_send(page % *pages, text),
        Act::Kick(page, whom) => {
            let name = format!("/kick Page {}", whom % *pages);
            stage.type_and_send(page % *pages, &name);
        }
        Act::HandOver(page, to) => {
            let name = format!("/host Page {}", to % *pages);
            stage.type_and_send(page % *pages, &name);
        }
        Act::LetIn(page) => {
            let room = inside(stage, page % *pages);
            let caller = room.and_then(|room| room.asking().first().map(|caller| caller.member));
            if let Some(caller) = caller {
                stage.tell(page % *pages, Msg::Room(room::Msg::PressedLetIn(caller)));
            }
        }
        Act::Confirm(page) => {
            stage.tell(page % *pages, Msg::Room(room::Msg::ConfirmedDialog));
        }
        Act::Step(page) => {
            stage.step(page % *pages);
        }
        Act::Cut(page) => stage.cut(page % *pages),
        Act::CutLosingAll(page) => stage.cut_losing_all(page % *pages),
        Act::Sleep(page) => stage.set_page(page % *pages, PageState::Asleep),
        Act::Wake(page) => stage.set_page(page % *pages, PageState::Awake),
        Act::Wait(millis) => stage.advance(Duration::from_millis(millis.into())),
    }
}

proptest! {
    #![proptest_config(sanctuary_proptests::config_of_cases("client_groups", 64))]

    /// However commits cross, sockets break and pages sleep: whoever is in the room in the end has
    /// the same words, host, rules and link as everybody else there, and can be heard by all.
    #[test]
    fn whoever_is_inside_is_in_one_group(plan in prop::collection::vec(act(), 1..120)) {
        let limits = RoomLimits { seat_wait: Duration::from_secs(60), ..RoomLimits::default() };
        let mut stage = Stage::new(limits);
        stage.start_room("Page 0");
        let mut pages = 1;
        for act in plan {
            perform(&mut stage, &mut pages, act);
        }
        (0..pages).for_each(|page| stage.set_page(page, PageState::Awake));
        stage.advance(Duration::from_secs(200));
        let rooms: Vec<usize> = (0..pages).filter(|page| inside(&stage, *page).is_some()).collect();
        for page in &rooms {
            stage.type_and_send(*page, &format!("last of {page}"));
        }
        stage.advance(Duration::from_secs(5));
        for page in &rooms {
            let (room, first) = (stage.room(*page), stage.room(rooms[0]));
            prop_assert!(room.connection.is_live(), "page {}", page);
            prop_assert_eq!(room.safety(), first.safety());
            prop_assert_eq!((room.host, room.policy), (first.host, first.policy));
            prop_assert_eq!(room.safety().members.len(), rooms.len());
            let link = |room: &room::Room| room.invitation.link.fragment().to_string();
            prop_assert_eq!(link(room), link(first));
            let lines: Vec<&Body> = room.timeline.lines().map(|line| &line.body).collect();
            let heard = lines.iter().rev().take_while(|body| matches!(body, Body::Said { .. }));
            prop_assert_eq!(heard.count().min(rooms.len()), rooms.len());
            let is_garbage = |body: &&&Body| {
                matches!(body, Body::Happened(Happening::Unreadable { .. }))
            };
            prop_assert_eq!(lines.iter().find(is_garbage), None);
        }
    }
}
