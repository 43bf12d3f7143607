//! What came while nobody looked at the page.

use serde_json::Value;

use crate::house::House;
use crate::look::Look;
use crate::people::{Host, join, start_room};
use crate::window::Window;

const PHONE: Look = Look { height: 740, ..Look::PHONE };

#[tokio::test]
async fn the_title_counts_what_came_while_nobody_looked_and_names_nobody() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    ada.hear("Ben came in").await;
    ada.look_back().await;
    ben.say("under her eyes").await;
    ada.hear("under her eyes").await;
    assert_eq!(title(&ada).await, "Sanctuary");
    ada.look_away().await;
    ben.say("one").await;
    ben.say("/purr Ada two").await;
    ada.until("the title counts", "return document.title === '(2) Sanctuary'").await;
    ada.look_back().await;
    assert_eq!(title(&ada).await, "Sanctuary");
    ada.look_away().await;
    ben.say("three").await;
    ada.until("the title counts", "return document.title === '(1) Sanctuary'").await;
    ada.press("Leave").await;
    ada.see("You left the room.").await;
    assert_eq!(title(&ada).await, "Sanctuary");
    house.close().await;
}

/// More than a window shows at once.
const LONG: usize = 30;

#[tokio::test]
async fn what_came_unseen_is_divided_off_until_it_is_answered() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    ada.look_back().await;
    ben.say("under her eyes").await;
    ada.hear("under her eyes").await;
    ada.look_away().await;
    ben.say("one").await;
    ben.say("two").await;
    ada.hear("two").await;
    ada.look_back().await;
    assert_eq!(divided(&ada).await, "one");
    ada.say("three").await;
    ada.until("no divider", "return document.querySelector('.divider') === null").await;
    house.close().await;
}

#[tokio::test]
async fn what_came_below_is_counted_where_the_way_down_is() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    ada.look_back().await;
    ben.say(&"a message that goes on for more than a window shows at once ".repeat(LONG)).await;
    ada.hear("a message that goes on").await;
    // On a phone the invitation lies over the conversation.
    ada.press("Close").await;
    ada.look(PHONE).await;
    ada.eval("document.querySelector('[role=log]').scrollTop = -800").await;
    ada.see("Newest").await;
    ben.say("one").await;
    ben.say("two").await;
    ada.press("2 new below").await;
    ada.until("it goes", "return !document.querySelector('.button-newest-shown')").await;
    assert_eq!(divided(&ada).await, "one");
    ada.look_away().await;
    ada.until("no divider", "return document.querySelector('.divider') === null").await;
    house.close().await;
}

#[tokio::test]
async fn a_room_is_blurred_while_nobody_looks_for_whoever_asks_for_it() {
    let mut house = House::open().await;
    let Host { window: ada, .. } = start_room(&mut house, "Ada").await;
    ada.look_away().await;
    assert_eq!(blurred(&ada).await, "none none");
    ada.look_back().await;
    ada.press("Blur when I look away").await;
    ada.find("button[aria-pressed=true]").await;
    assert_eq!(blurred(&ada).await, "none none");
    ada.look_away().await;
    assert_eq!(blurred(&ada).await, "blur(8px) blur(8px)");
    ada.look_back().await;
    assert_eq!(blurred(&ada).await, "none none");
    house.close().await;
}

/// Whether what is said and who is here are blurred.
async fn blurred(window: &Window) -> Value {
    let parts = "[...document.querySelectorAll('.lines, .panel-roster')]";
    let filters = "map(part => getComputedStyle(part).filter).join(' ')";
    window.eval(&format!("return {parts}.{filters}")).await
}

/// What the message says that stands under the divider.
async fn divided(window: &Window) -> Value {
    window.find(".divider + .line").await;
    window.eval("return document.querySelector('.divider + .line .markup').innerText").await
}

async fn title(window: &Window) -> Value {
    window.eval("return document.title").await
}

/// Notes what comes into the log to be read out, from here on.
const LISTENS: &str = "
    window.spoken = [];
    new MutationObserver((changes) => {
        for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
            if (node.matches?.('.line') && node.ariaLive !== 'off') spoken.push(node.innerText);
        }
    }).observe(document.querySelector('[role=log] .lines'), { childList: true });
";

#[tokio::test]
async fn a_screen_reader_speaks_what_is_new_once_and_nothing_from_before() {
    let mut house = crate::burst::open_house().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    ada.hear("Ben came in").await;
    let many = "const field = document.getElementById('composer');
        const pause = () => new Promise(done => setTimeout(done, 0));
        return (async () => {
            for (let at = 0; at < 150; at++) {
                while (document.getElementsByClassName('pending').length > 40) await pause();
                field.value = `before ${at}.`;
                field.dispatchEvent(new Event('input', { bubbles: true }));
                await pause();
                field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
                await pause();
            }
        })()";
    ben.eval(many).await;
    ada.hear("before 149.").await;
    ada.until(
        "all of it was spoken",
        "return document.querySelector('.line:not([aria-live])') === null",
    )
    .await;
    ada.eval(LISTENS).await;
    let spoken = |count: usize| format!("return window.spoken.length >= {count}");

    ben.say("something new").await;
    ada.until("it is spoken", &spoken(1)).await;
    let hushed = "return document.querySelector('.line:not([aria-live])') === null";
    ada.until("what was spoken is silent", hushed).await;
    // Lines from long ago come onto the page, and go again.
    ada.eval("document.querySelector('[role=log]').scrollTop = -1e9").await;
    ada.hear("before 3.").await;
    ada.eval("document.querySelector('[role=log]').scrollTop = 0").await;
    ada.until(
        "the oldest go",
        "return !document.querySelector('[role=log]').innerText.includes('before 3.')",
    )
    .await;
    // One's own stands under its own name, pending and then not.
    ada.say("my own").await;
    ada.until("it is spoken", &spoken(2)).await;
    ben.say("and another").await;
    ada.until("it is spoken", &spoken(3)).await;
    let spoken = ada.eval("return window.spoken.map(line => line.replace(/\\s+/g, ' '))").await;
    let spoken: Vec<String> = serde_json::from_value(spoken).unwrap();
    assert_eq!(spoken.len(), 3, "{spoken:?}");
    for (spoken, expected) in spoken.iter().zip(["something new", "my own", "and another"]) {
        assert!(spoken.contains(expected), "{spoken}");
    }
    house.close().await;
}
