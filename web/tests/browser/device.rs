//! What the page asks of the device: to copy, to send on, to notify, to be installed.

use serde_json::json;

use crate::house::House;
use crate::people::{Host, join, start_room, start_room_in};
use crate::window::Window;

/// A window on the page, with this done before any script of it.
async fn window_with(house: &mut House, script: &str) -> Window {
    let page = house.page();
    let window = house.window_at("about:blank").await;
    let script = json!({ "source": script });
    window.developer("Page.addScriptToEvaluateOnNewDocument", &script).await;
    window.goto(&page).await;
    window
}

#[tokio::test]
async fn a_listing_is_copied_or_selected_to_be_copied_by_hand() {
    let mut house = House::open().await;
    let Host { window: ada, .. } = start_room(&mut house, "Ada").await;
    ada.say("<pre>fn main() {}</pre>").await;
    ada.find(".listing pre").await;
    ada.eval("navigator.clipboard.writeText = (text) => (window.copied = text, Promise.resolve())")
        .await;
    ada.press("Copy").await;
    ada.see("Copied.").await;
    assert_eq!(ada.eval("return window.copied").await, "fn main() {}");
    ada.eval("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))").await;
    ada.press("Copy").await;
    ada.see("The listing is selected").await;
    assert_eq!(ada.eval("return getSelection().toString()").await, "fn main() {}");
    house.close().await;
}

#[tokio::test]
async fn the_invitation_is_sent_on_where_the_device_can() {
    let mut house = House::open().await;
    let script = "navigator.share = (data) => { window.shared = data; return window.answer() };";
    let ada = window_with(&mut house, script).await;
    let Host { window: ada, link } = start_room_in(ada, "Ada").await;
    ada.eval("window.answer = () => Promise.reject(new DOMException('no', 'AbortError'))").await;
    ada.press("Share").await;
    ada.until("it is offered", "return window.shared !== undefined").await;
    assert_eq!(ada.eval("return window.shared").await, json!({ "url": link }));
    ada.eval("window.answer = () => Promise.reject(new DOMException('no', 'NotAllowedError'))")
        .await;
    ada.press("Share").await;
    ada.see("The link is selected").await;
    house.close().await;
}

#[tokio::test]
async fn where_the_device_cannot_no_button_says_it_could() {
    let mut house = House::open().await;
    let ada = window_with(&mut house, "delete Navigator.prototype.share").await;
    let Host { window: ada, .. } = start_room_in(ada, "Ada").await;
    let buttons = "return [...document.querySelectorAll('button')].map(it => it.innerText).join()";
    let buttons = ada.eval(buttons).await;
    let buttons = buttons.as_str().unwrap();
    assert!(buttons.contains("Copy invitation") && !buttons.contains("Share"), "{buttons}");
    house.close().await;
}

/// Notifications that are noted instead of shown.
const NOTED: &str = "
    window.shown = [];
    window.takenBack = 0;
    window.Notification = class {
        static permission = 'default';
        static requestPermission() {
            this.permission = window.answer ?? 'granted';
            return Promise.resolve(this.permission);
        }
        constructor(title, options) { window.shown.push([title, options.body, options.tag]) }
        close() { window.takenBack++ }
    };
";

#[tokio::test]
async fn whoever_asks_for_it_is_told_that_something_came_and_nothing_more() {
    let mut house = House::open().await;
    let ada = window_with(&mut house, NOTED).await;
    let Host { window: ada, link } = start_room_in(ada, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    ada.hear("Ben came in").await;
    ada.look_away().await;
    ben.say("nobody asked to be told").await;
    ada.hear("nobody asked to be told").await;
    assert_eq!(ada.eval("return window.shown").await, json!([]));
    ada.look_back().await;

    ada.press("Notify me when I look away").await;
    ada.find("[aria-pressed=true]").await;
    ada.look_away().await;
    ben.say("secret words").await;
    ben.say("and more").await;
    ada.hear("and more").await;
    let shown = ada.eval("return window.shown").await;
    assert_eq!(shown, json!([["Sanctuary", "Something new was said.", "sanctuary"]]));
    ada.look_back().await;
    ada.until("it is taken back", "return window.takenBack === 1").await;
    house.close().await;
}

#[tokio::test]
async fn who_says_no_and_what_cannot_notify_is_told_in_words() {
    let mut house = House::open().await;
    let ada = window_with(&mut house, &format!("{NOTED} window.answer = 'denied'")).await;
    let Host { window: ada, .. } = start_room_in(ada, "Ada").await;
    ada.press("Notify me when I look away").await;
    ada.see("does not let the page notify you").await;
    let ben = window_with(&mut house, "delete window.Notification").await;
    let Host { window: ben, .. } = start_room_in(ben, "Ben").await;
    ben.press("Notify me when I look away").await;
    ben.see("cannot notify you").await;
    house.close().await;
}

#[tokio::test]
async fn the_page_can_be_installed() {
    let mut house = House::open().await;
    let window = house.window().await;
    let manifest = window.developer("Page.getAppManifest", &json!({})).await;
    assert_eq!(manifest["errors"], json!([]));
    let written = manifest["data"].as_str().unwrap();
    assert!(written.contains("\"start_url\": \"/\""), "{written}");
    let answer = window.developer("Page.getInstallabilityErrors", &json!({})).await;
    // It cannot be where a window leaves nothing behind, and nowhere else for a reason of ours.
    let errors = answer["installabilityErrors"].as_array().unwrap();
    let ours = errors.iter().filter(|error| error["errorId"] != "in-incognito");
    assert_eq!(ours.count(), 0, "{errors:?}");
    house.close().await;
}
