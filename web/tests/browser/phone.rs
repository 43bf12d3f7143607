//! A whole stay on a phone, by touch alone: every part of a room is reached with a finger, at the size
//! that most people's phones have.

use serde_json::json;

use crate::house::House;
use crate::look::Look;
use crate::people::{Host, join, knock, start_room};
use crate::pictures::{evening, shown};
use crate::window::Window;

/// A finger's width, in pixels: WCAG 2.2 asks for 24, and calls for 44 where it can be.
const FINGER: u64 = 24;

/// A window on a phone, with a touch screen and no pointer.
async fn phone(house: &mut House, address: &str) -> Window {
    let window = house.window_with("about:blank", Look::PHONE).await;
    let touch = json!({ "enabled": true, "maxTouchPoints": 5 });
    window.developer("Emulation.setTouchEmulationEnabled", &touch).await;
    window.goto(address).await;
    window
}

/// Touches the middle of what a selector finds, where it is in sight, large enough for a finger, and
/// covered by nothing.
async fn touch(window: &Window, selector: &str) {
    window.find(selector).await;
    let script = format!(
        "const all = [...document.querySelectorAll({selector})];
         const it = all.find(it => it.checkVisibility()) ?? all[0];
         it.scrollIntoView({{ block: 'nearest', behavior: 'instant' }});
         const {{ x, y, width, height }} = it.getBoundingClientRect();
         const at = document.elementFromPoint(x + width / 2, y + height / 2);
         // A link in the midst of words is as high as they are.
         const side = it.matches('.markup a') ? {FINGER} : Math.min(width, height);
         return [x + width / 2, y + height / 2, side, it.contains(at)]",
        selector = json!(selector),
    );
    // What has just come may still be moving into its place.
    let reachable = format!("return (() => {{ {script} }})()[3]");
    window.until(&format!("{selector} can be touched"), &reachable).await;
    let place = window.eval(&script).await;
    let side = place[2].as_f64().unwrap() as u64;
    assert!(side >= FINGER, "{selector} is {side} pixels small");
    let point = json!([{ "x": place[0], "y": place[1] }]);
    for (kind, points) in [("touchStart", point), ("touchEnd", json!([]))] {
        let event = json!({ "type": kind, "touchPoints": points });
        window.developer("Input.dispatchTouchEvent", &event).await;
    }
}

/// Nothing is cut off at the side.
async fn check_fits(window: &Window, screen: &str) {
    let width = window.eval("return document.documentElement.scrollWidth").await;
    assert!(width.as_u64() <= Some(Look::PHONE.width.into()), "{screen}: {width}");
}

async fn say(window: &Window, words: &str) {
    window.fill("composer", words).await;
    touch(window, ".button-send").await;
}

/// Somebody at a desk, and somebody on a phone who came in by the link.
async fn guest(house: &mut House) -> (Window, Window) {
    let Host { window: ada, link } = start_room(house, "Ada").await;
    let ben = phone(house, &link).await;
    ben.see("You are invited to a room").await;
    check_fits(&ben, "invited").await;
    touch(&ben, "#alias").await;
    ben.fill("alias", "Ben").await;
    touch(&ben, "button[type=submit]").await;
    ben.hear("You came in").await;
    ada.hear("Ben came in").await;
    ada.press("Close").await;
    (ada, ben)
}

#[tokio::test]
async fn a_guest_on_a_phone_talks_replies_and_whispers() {
    let mut house = House::open().await;
    let (ada, ben) = guest(&mut house).await;
    ada.say("Shall we `cargo test`?").await;
    ben.hear("Shall we").await;
    touch(&ben, ".said.others .reply").await;
    ben.see("Reply to").await;
    say(&ben, "yes, **now**").await;
    ada.hear("yes, now").await;
    ada.find(".said.others .quote").await;
    touch(&ben, ".said.own .quote").await;
    ben.until("it leads there", "return document.activeElement?.matches('.said.others')").await;

    touch(&ben, ".button-people").await;
    ben.find(".room[data-sheet=roster]").await;
    check_fits(&ben, "people").await;
    touch(&ben, ".member:has(summary) summary").await;
    touch(&ben, ".member-actions .button").await;
    ben.find(".room[data-sheet=none]").await;
    ben.composes("/purr \"Ada\" ").await;
    ben.see("Only Ada can read this whisper.").await;
    say(&ben, "between us").await;
    ada.hear("between us").await;
    check_fits(&ben, "room").await;
    house.close().await;
}

#[tokio::test]
async fn a_guest_on_a_phone_sends_looks_at_and_takes_back_a_picture() {
    let mut house = House::open().await;
    let (ada, ben) = guest(&mut house).await;
    // A finger on the button opens the phone's own choice of pictures, which is the browser's.
    ben.eval(
        "document.querySelector('#picture-input').addEventListener('click', (event) => {
        window.asked = true;
        event.preventDefault();
    })",
    )
    .await;
    touch(&ben, ".button-picture").await;
    ben.until("the phone asks which", "return window.asked === true").await;
    ben.fill("picture-input", &evening()).await;
    ben.see("Send this picture?").await;
    check_fits(&ben, "before it is sent").await;
    touch(&ben, "dialog .button-main").await;
    shown(&ada).await;
    shown(&ben).await;
    touch(&ben, ".picture-open").await;
    ben.find("dialog .picture-alone").await;
    check_fits(&ben, "by itself").await;
    touch(&ben, "dialog .button-main").await;
    ben.until("no dialog", "return document.querySelector('dialog') === null").await;
    house.close().await;
}

#[tokio::test]
async fn a_host_on_a_phone_invites_sets_the_rules_and_puts_out() {
    let mut house = House::open().await;
    let page = house.page();
    let ada = phone(&mut house, &page).await;
    touch(&ada, "#alias").await;
    ada.fill("alias", "Ada").await;
    touch(&ada, "button[type=submit]").await;
    // What one started is empty: the invitation lies over it.
    let link = ada.value("invitation").await;
    check_fits(&ada, "invitation").await;
    ada.eval("navigator.clipboard.writeText = (text) => (window.copied = text, Promise.resolve())")
        .await;
    touch(&ada, ".panel-invitation .button-main").await;
    ada.see("Invitation copied.").await;
    assert_eq!(ada.eval("return window.copied").await, link.as_str());
    touch(&ada, ".rules .choices:nth-of-type(1) .choice:nth-of-type(2)").await;
    ada.see("lets them in by hand").await;
    touch(&ada, ".rules .choices:nth-of-type(2) .choice:nth-of-type(2)").await;
    ada.see("Fades: 1 h").await;
    touch(&ada, ".button-close-invitation").await;
    ada.find(".room[data-sheet=none]").await;

    let ben = knock(&mut house, &link, "Ben").await;
    touch(&ada, ".caller .button-main").await;
    ben.hear("You came in").await;
    ada.hear("Ben came in").await;
    touch(&ada, ".button-people").await;
    touch(&ada, ".member:has(summary) summary").await;
    touch(&ada, ".member-actions .button-grave").await;
    ada.see("Remove Ben?").await;
    check_fits(&ada, "the question").await;
    touch(&ada, "dialog .button-grave-main").await;
    ben.see("Ada put you out").await;
    // The link that was renewed is offered by itself.
    ada.see("This link is new.").await;
    touch(&ada, ".button-close-invitation").await;
    touch(&ada, ".button-people").await;
    touch(&ada, ".panel-foot .button-grave").await;
    ada.see("End the room for everybody?").await;
    touch(&ada, "dialog .button-grave-main").await;
    ada.see("You ended the room").await;
    check_fits(&ada, "ended").await;
    house.close().await;
}

#[tokio::test]
async fn whoever_is_on_a_phone_finds_help_and_safety_and_the_ways_out() {
    let mut house = House::open().await;
    let (ada, ben) = guest(&mut house).await;
    let tools = ".room-tools .button-tool";
    touch(&ben, &format!("{tools}[aria-label='Safety words']")).await;
    ben.find("dialog .safety-words").await;
    check_fits(&ben, "safety words").await;
    touch(&ben, "dialog .button-main").await;
    ben.until("no dialog", "return document.querySelector('dialog') === null").await;
    touch(&ben, &format!("{tools}[aria-label='Help']")).await;
    ben.see("What can be typed").await;
    check_fits(&ben, "help").await;
    touch(&ben, "dialog .button-main").await;
    ben.until("no dialog", "return document.querySelector('dialog') === null").await;
    ada.say("https://example.invalid/there").await;
    touch(&ben, ".markup a").await;
    ben.see("Open this link?").await;
    check_fits(&ben, "a link").await;
    touch(&ben, "dialog .button:not(.button-main)").await;
    ben.until("no dialog", "return document.querySelector('dialog') === null").await;
    touch(&ben, ".button-cover").await;
    ben.until("an empty page", "return location.href === 'about:blank'").await;
    ada.hear("Ben left").await;

    ada.press("Invite").await;
    let link = ada.value("invitation").await;
    let cleo = join(&mut house, &link, "Cleo").await;
    cleo.look(Look::PHONE).await;
    touch(&cleo, &format!("{tools}[aria-label='Leave']")).await;
    cleo.see("You left the room.").await;
    house.close().await;
}
