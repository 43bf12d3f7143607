//! What a room says of itself: its key and password, and what time it is.

use serde_json::json;

use crate::house::House;
use crate::people::{Host, start_room, start_room_in};

/// Nobody's time but its own: half an hour off every hour there is.
const TIME_ZONE: &str = "Asia/Kolkata";

#[tokio::test]
async fn the_invitation_panel_shows_the_key_and_the_password_that_are_in_the_link() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let (_, fragment) = link.split_once('#').unwrap();
    let (key, password) = fragment.split_once('.').unwrap();
    let halves = ada
        .eval(
            "return [...document.querySelectorAll('.panel-invitation dl > div')]
                 .map(half => [half.querySelector('dt').innerText,
                               half.querySelector('dd bdi').innerText])",
        )
        .await;
    assert_eq!(halves, json!([["Room key", key], ["Password", password]]));
    let name = ada.eval("return document.querySelector('header h1').innerText").await;
    assert_eq!(name, key);
    house.close().await;
}

#[tokio::test]
async fn the_header_shows_the_local_time() {
    let mut house = House::open().await;
    let window = house.window_at("about:blank").await;
    let zone = json!({ "timezoneId": TIME_ZONE });
    window.developer("Emulation.setTimezoneOverride", &zone).await;
    window.goto(&house.page()).await;
    let Host { window: ada, .. } = start_room_in(window, "Ada").await;
    // Asked again and again: a minute may end just now.
    ada.until(
        "the time there",
        &format!(
            "const options = {{ timeZone: '{TIME_ZONE}', hour: '2-digit', minute: '2-digit' }};
             const there = new Date().toLocaleTimeString([], options);
             return document.querySelector('header time').innerText === there",
        ),
    )
    .await;
    house.close().await;
}

#[tokio::test]
async fn the_page_says_its_name_while_it_is_on_its_way_and_then_makes_room() {
    let mut house = House::open().await;
    let window = house.window().await;
    window.find("#alias").await;
    assert_eq!(window.eval("return document.querySelector('#loading')").await, json!(null));
    // As it comes from the server, before anything has run.
    let page = window.eval("return fetch('/').then(answer => answer.text())").await;
    let page = page.as_str().unwrap();
    assert!(page.contains("id=\"loading\"") && page.contains(">Sanctuary</h1>"), "{page}");
    house.close().await;
}
