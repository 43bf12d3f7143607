//! A picture of every screen, wide and narrow, light and dark, for people to look at. What can be
//! computed is checked: nothing is wider than the window.

use std::path::PathBuf;

use fantoccini::key::Key;

use crate::axe::check_access;
use crate::house::House;
use crate::look::{Look, Scheme};
use crate::people::{Host, join, knock, knock_by_key, start_room_in};
use crate::pictures::{choose_evening, shown};
use crate::proxy::Line;
use crate::window::Window;

/// The narrowest screen the page promises to fit.
const PHONE: Look = Look { width: 360, height: 740, ..Look::PHONE };

/// As long as a name may be.
const LONG_NAME: &str = "Bartholomew Featherstonehaugh II";

const LOOKS: [(&str, Look); 4] = [
    ("phone-light", PHONE),
    ("phone-dark", Look { scheme: Scheme::Dark, ..PHONE }),
    ("desk-light", Look::DESK),
    ("desk-dark", Look { scheme: Scheme::Dark, ..Look::DESK }),
];

#[tokio::test]
async fn no_screen_is_wider_than_its_window() {
    let (mut house, proxy, window) = House::behind_a_proxy().await;
    home(&window).await;
    let Host { window: ada, link } = start_room_in(window, "Ada").await;
    picture(&ada, "room-started").await;
    let link = house.straight(&link);
    proxy.set(Line::Held);
    let dora = waiting(&mut house, &link).await;
    proxy.set(Line::Up);
    put_out(&ada, &dora).await;
    // Dora knew the link: it opens nothing any more.
    let link = house.straight(&ada.value("invitation").await);
    let ben = invited(&mut house, &link).await;
    room(&ada, &ben).await;
    at_the_door(&mut house, &ada, &link).await;
    proxy.set(Line::Cut);
    ada.see("Connection lost").await;
    ada.say("and this waits").await;
    picture(&ada, "room-connection-lost").await;
    proxy.set(Line::Up);
    ada.see_no_more("Connection lost").await;
    endings(&mut house, &ada, &ben, &link).await;
    house.close_expecting(&["WebSocket connection to"]).await;
}

#[tokio::test]
async fn nothing_at_the_door_is_wider_than_its_window() {
    let mut house = House::open().await;
    let window = house.window().await;
    window.press("More").await;
    picture(&window, "home-more").await;
    window.press("Whom I let in by hand").await;
    let Host { window: ada, link } = start_room_in(window, "Ada").await;
    asked(&mut house, &ada, &link).await;
    wrong_passwords(&mut house, &ada).await;
    ada.say("/kick Benedetta").await;
    ada.see("This link is new.").await;
    picture(&ada, "room-link-renewed").await;
    ada.press("Make a new link").await;
    ada.see("Make a new link?").await;
    picture(&ada, "room-renew").await;
    house.close().await;
}

#[tokio::test]
async fn no_alarm_is_wider_than_its_window() {
    let (mut house, proxy, window) = House::behind_a_proxy().await;
    let Host { window: ada, link } = start_room_in(window, "Ada").await;
    let link = house.straight(&link);
    let ben = join(&mut house, &link, "Ben").await;
    let other = join(&mut house, &link, LONG_NAME).await;
    ada.hear(&format!("{LONG_NAME} came in")).await;
    ben.press("Safety words").await;
    ben.find(".safety-words").await;
    picture(&ben, "room-safety").await;
    ben.press("Close").await;
    ben.press("Invite").await;
    ben.see("The host may remove people and make a new link.").await;
    picture(&ben, "room-invitation-of-a-guest").await;
    ben.press("Close").await;
    ada.press("Close").await;
    ben.say("Did the parcel come?").await;
    ada.hear("parcel").await;
    proxy.leave_out_next_post();
    other.say("It did not.").await;
    proxy.has_left_it_out().await;
    ada.see("The server is not being honest.").await;
    picture(&ada, "room-alarm").await;
    ben.see("saw another room than yours").await;
    picture(&ben, "room-alarm-of-another").await;
    house.close().await;
}

/// Four at a door that asks.
async fn asked(house: &mut House, ada: &Window, link: &str) {
    let ben = knock(house, link, "Benedetta").await;
    ada.see("Benedetta wants to come in.").await;
    picture(&ben, "joining-asked").await;
    picture(ada, "room-asked").await;
    let mut others = Vec::new();
    for name in [LONG_NAME, "Cleo", "Dora"] {
        others.push(knock(house, link, name).await);
    }
    ada.see("and 1 more").await;
    picture(ada, "room-asked-by-four").await;
    ada.press("Close").await;
    picture(ada, "room-asked-closed").await;
    for other in &others {
        other.press("Back").await;
    }
    ada.press("Let in Benedetta").await;
    ben.hear("You came in").await;
    ada.see_no_more("wants to come in").await;
}

/// As many as slow the door down.
async fn wrong_passwords(house: &mut House, ada: &Window) {
    let key = ada.eval("return document.querySelector('.room-name').innerText").await;
    let eve = knock_by_key(house, key.as_str().unwrap(), "not its password", "Eve").await;
    for attempts in ["One attempt", "2 attempts", "3 attempts", "4 attempts"] {
        eve.see("does not open this room").await;
        ada.see(attempts).await;
        eve.press("Try again").await;
    }
    eve.see("does not open this room").await;
    ada.see("The door opens once a minute.").await;
    picture(ada, "room-door-trouble").await;
    ada.look(PHONE).await;
    ada.press("People").await;
    ada.find(".room[data-sheet=roster]").await;
    picture(ada, "room-door-trouble-people").await;
    ada.look(PHONE).await;
    ada.press("Close").await;
    ada.find(".room[data-sheet=none]").await;
    ada.look(Look::DESK).await;
    ada.press("Clear the attempts").await;
    ada.hear("You cleared").await;
}

async fn home(window: &Window) {
    picture(window, "home").await;
    window.press("Start the room").await;
    window.find("#alias[aria-invalid=true]").await;
    picture(window, "home-problem").await;
    window.press("My own").await;
    window.fill("room-name", "tea-room").await;
    window.fill("secret", "tea").await;
    picture(window, "home-chosen").await;
    window.press("Join a room").await;
    picture(window, "home-join").await;
    window.empty("room-name").await;
    window.empty("secret").await;
    window.press("Start a room").await;
    window.press("Drawn at random").await;
}

/// Knocks while everybody inside sleeps.
async fn waiting(house: &mut House, link: &str) -> Window {
    let dora = knock(house, link, "Dora").await;
    dora.see("At the door").await;
    picture(&dora, "joining-at-the-door").await;
    dora.see("Waiting for somebody inside").await;
    picture(&dora, "joining-waiting").await;
    dora
}

async fn put_out(ada: &Window, dora: &Window) {
    dora.hear("You came in").await;
    ada.hear("Dora came in").await;
    ada.say("/kick Dora").await;
    dora.see("put you out").await;
    picture(dora, "ended-kicked").await;
}

async fn invited(house: &mut House, link: &str) -> Window {
    let ben = house.window_at(link).await;
    ben.see("You are invited to a room").await;
    picture(&ben, "home-invited").await;
    ben.fill("alias", "Benedetta").await;
    ben.press("Go in").await;
    ben.hear("You came in").await;
    ben
}

async fn room(ada: &Window, ben: &Window) {
    ben.say("Good evening! Is it **really** gone when we leave?").await;
    ada.hear("Good evening").await;
    ada.say("All of it. The server only ever sees sealed envelopes.").await;
    ada.say("And no names: <i>aliases</i> travel inside.").await;
    ben.hear("And no names").await;
    ben.say("> nothing is stored\n").await;
    ben.say("Look: `cargo xtask run`, then https://example.invalid/a/rather/long/address").await;
    ben.say("/purr Ada bring cake, <mark>lemon</mark>").await;
    ada.hear("bring cake").await;
    ada.say("/purr Benedetta of course").await;
    ben.hear("of course").await;
    ben.say(&"A longer message that has to wrap on a phone and should on a desk. ".repeat(4)).await;
    ada.hear("A longer message").await;
    ada.say("/me *nods*, and goes to look for a lemon and for the recipe that goes with it").await;
    ada.say(
        "<pre>cake = flour + butter + lemon  # and a line that is too long to be read whole</pre>",
    )
    .await;
    ben.hear("cake = flour").await;
    ben.strike(&[Key::Alt, Key::Up]).await;
    ben.say("That will do.").await;
    ada.hear("That will do.").await;
    ada.strike(&[Key::Alt, Key::Up]).await;
    ada.see("Reply to").await;
    picture(ada, "room-invitation").await;
    ada.press("Do not reply").await;
    ada.press("Close").await;
    ada.until("closed", "return document.querySelector('#invitation') === null").await;
    picture(ada, "room").await;
    // On a wide screen the people stand beside the timeline, and there is no button for them.
    ada.look(PHONE).await;
    ada.press("People").await;
    ada.find(".room[data-sheet=roster]").await;
    picture(ada, "room-people").await;
    ada.look(PHONE).await;
    ada.press("Close").await;
    ada.find(".room[data-sheet=none]").await;
    ada.look(Look::DESK).await;
    ada.fill("composer", "/").await;
    ada.find("[role=listbox]").await;
    picture(ada, "room-completions").await;
    ada.empty("composer").await;
    ada.say("/purr Nobody hello").await;
    ada.until("a problem", "return document.querySelector('#composer-problem').innerText !== ''")
        .await;
    picture(ada, "room-problem").await;
    ada.empty("composer").await;
    ada.say("/help").await;
    ada.see("What can be typed").await;
    picture(ada, "room-help").await;
    ada.eval("document.querySelector('dialog').close()").await;
    // The page hears of it a moment later, and would close the next dialog for it.
    ada.until("no dialog", "return document.querySelector('dialog') === null").await;
    ada.eval("document.querySelector('[role=log] a').click()").await;
    ada.see("Open this link?").await;
    picture(ada, "room-open-link").await;
    ada.press("Cancel").await;
    ada.say("/stop").await;
    ada.see("End the room for everybody?").await;
    picture(ada, "room-stop").await;
    ada.press("Cancel").await;
    pictured(ada, ben).await;
    unseen(ada, ben).await;
}

/// One that comes, one that is looked at before it goes, one by itself.
async fn pictured(ada: &Window, ben: &Window) {
    choose_evening(ben).await;
    ben.fill("caption", "The hill, *just now*").await;
    picture(ben, "room-send-picture").await;
    ben.press("Send").await;
    shown(ada).await;
    picture(ada, "room-picture").await;
    ada.eval("document.querySelector('.picture-open').click()").await;
    ada.find("dialog .picture-alone").await;
    picture(ada, "room-picture-alone").await;
    ada.press("Close").await;
}

/// What came while one was away, and while one had scrolled back.
async fn unseen(ada: &Window, ben: &Window) {
    ada.look_away().await;
    ben.say("Are you still there?").await;
    ben.say("I had a question about the cake.").await;
    ada.hear("about the cake").await;
    ada.look_back().await;
    picture(ada, "room-new").await;
    ada.look(PHONE).await;
    ada.eval("document.querySelector('[role=log]').scrollTop = -500").await;
    ada.see("Newest").await;
    ben.say("How many eggs?").await;
    ada.see("1 new below").await;
    picture(ada, "room-new-below").await;
    ada.press("Blur when I look away").await;
    ada.look_away().await;
    picture(ada, "room-veiled").await;
    ada.look_back().await;
    ada.press("Blur when I look away").await;
    ada.eval("document.querySelector('[role=log]').scrollTop = 0").await;
    ada.see_no_more("new below").await;
}

async fn at_the_door(house: &mut House, ada: &Window, link: &str) {
    let taken = knock(house, link, "ADA").await;
    taken.see("That name is taken").await;
    picture(&taken, "joining-name-taken").await;
    let nobody = knock_by_key(house, "empty-room", "correct horse battery", "Ben").await;
    nobody.see("Nobody is in that room").await;
    picture(&nobody, "joining-nobody-there").await;
    let key = ada.eval("return document.querySelector('.room-name').innerText").await;
    let wrong = knock_by_key(house, key.as_str().unwrap(), "not its password", "Eve").await;
    wrong.see("does not open this room").await;
    picture(&wrong, "joining-wrong-key").await;
}

async fn endings(house: &mut House, ada: &Window, ben: &Window, link: &str) {
    let cleo = join(house, link, "Cleo").await;
    cleo.say("/exit bye").await;
    cleo.see("You left").await;
    picture(&cleo, "ended-left").await;
    picture(ada, "room-later").await;
    ada.say("/stop").await;
    ada.press("End the room").await;
    ben.see("ended the room").await;
    picture(ben, "ended-purged").await;
}

/// Takes a picture in every look, and checks that nothing is cut off at the side, on the phone of
/// most people either.
pub(crate) async fn picture(window: &Window, name: &str) {
    for (look_name, look) in LOOKS {
        window.look(look).await;
        window.draw(&drawn(&format!("{name}-{look_name}"))).await;
        check_access(window, &format!("{name}, {look_name}")).await;
        check_width(window, look, &format!("{name}, {look_name}")).await;
    }
    window.look(Look::PHONE).await;
    window.settle().await;
    check_width(window, Look::PHONE, name).await;
    window.look(Look::DESK).await;
}

async fn check_width(window: &Window, look: Look, screen: &str) {
    let width = window.eval("return document.documentElement.scrollWidth").await;
    assert!(width.as_u64() <= Some(look.width.into()), "{screen}: {width} wide of {look:?}");
}

/// Where a picture to look at is kept: in `target/screens`.
pub(crate) fn drawn(name: &str) -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    tests.ancestors().nth(3).unwrap().join("screens").join(format!("{name}.png"))
}
