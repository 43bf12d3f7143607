//! The key is cut from the password off the page's thread, where the browser lets it.

use serde_json::json;

use crate::house::House;
use crate::people::{Host, join, start_room_in};

#[tokio::test]
async fn the_key_is_cut_in_a_worker_that_ends_with_its_answer() {
    let mut house = House::open().await;
    let window = house.window().await;
    window
        .eval(
            "window.errands = [];
             window.Worker = class extends Worker {
                 constructor(url, options) {
                     super(url, options);
                     this.errand = { answer: 0, ended: false };
                     window.errands.push(this.errand);
                     this.addEventListener('message', event => {
                         this.errand.answer = event.data.length;
                     });
                 }
                 terminate() { this.errand.ended = true; super.terminate(); }
             }",
        )
        .await;
    let Host { window, .. } = start_room_in(window, "Ada").await;
    let errands = window.eval("return window.errands").await;
    assert_eq!(errands, json!([{ "answer": 32, "ended": true }]));
    house.close().await;
}

#[tokio::test]
async fn without_workers_the_page_cuts_the_same_key_itself() {
    let mut house = House::open().await;
    let window = house.window().await;
    window.eval("window.Worker = undefined").await;
    let Host { window: ada, link } = start_room_in(window, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    ben.say("the keys fit").await;
    ada.hear("the keys fit").await;
    house.close().await;
}

#[tokio::test]
async fn a_worker_that_breaks_is_stood_in_for() {
    let mut house = House::open().await;
    let window = house.window().await;
    window
        .eval(
            "window.Worker = class extends EventTarget {
                 postMessage() { setTimeout(() => this.onerror(new Event('error'))) }
                 terminate() {}
             }",
        )
        .await;
    let Host { window: ada, link } = start_room_in(window, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    ben.say("the keys fit").await;
    ada.hear("the keys fit").await;
    house.close().await;
}
