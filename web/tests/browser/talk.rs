//! People talk: both ways, formatted, in a whisper, and to the last word.

use rqrr::PreparedImage;
use serde_json::json;

use crate::house::House;
use crate::people::{Host, join, start_room};
use crate::window::Window;

/// Pixels of a picture to a module of a QR code.
const PIXELS: usize = 3;

#[tokio::test]
async fn two_windows_create_and_join_by_link_and_talk_both_ways() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    assert!(link.starts_with(&house.page()) && link.contains('#'), "{link}");
    let ben = join(&mut house, &link, "Ben").await;
    ada.hear("Ben came in. Your page opened the door.").await;
    ben.say("hello from Ben").await;
    ada.hear("hello from Ben").await;
    ada.say("hello from Ada").await;
    ben.hear("hello from Ada").await;
    assert_eq!(ada.count("hello from").await, 2);
    assert_eq!(ben.count("hello from").await, 2);
    house.close().await;
}

#[tokio::test]
async fn the_link_can_be_copied_or_is_selected_to_be_copied_by_hand() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let granted = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
    ada.developer("Browser.grantPermissions", &granted).await;
    ada.press("Copy invitation").await;
    ada.see("Invitation copied.").await;
    // What a page on plain http finds.
    ada.eval("Object.defineProperty(navigator, 'clipboard', { value: undefined })").await;
    ada.press("Copy invitation").await;
    ada.see("copy it by hand").await;
    ada.focus_on("invitation").await;
    let selected = ada.eval("return getSelection().toString()").await;
    assert_eq!(selected, link);
    house.close().await;
}

#[tokio::test]
async fn a_camera_reads_the_link_and_after_a_kick_the_renewed_one() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    assert_eq!(seen_by_a_camera(&ada).await, link);
    join(&mut house, &link, "Ben").await;
    ada.hear("Ben came in").await;
    ada.press("Close").await;
    ada.until("no code", "return document.querySelector('.qr-code') === null").await;
    ada.say("/kick Ben").await;
    ada.see("This link is new.").await;
    let renewed = ada.value("invitation").await;
    assert_ne!(renewed, link);
    assert_eq!(seen_by_a_camera(&ada).await, renewed);
    house.close().await;
}

/// What the drawing says, to somebody who sees nothing but which of its points are filled.
async fn seen_by_a_camera(window: &Window) -> String {
    let code = "document.querySelector('svg[aria-label=\"QR code of the invitation link\"]')";
    window.until("a QR code", &format!("return {code} !== null")).await;
    let points = window
        .eval(&format!(
            "const path = {code}.querySelector('path');
             const side = {code}.viewBox.baseVal.width;
             const is_dark = (x, y) => path.isPointInFill(new DOMPoint(x + 0.5, y + 0.5));
             return Array.from({{ length: side }}, (_, y) =>
                 Array.from({{ length: side }}, (_, x) => is_dark(x, y) ? '#' : ' ').join(''))"
        ))
        .await;
    let rows: Vec<&[u8]> =
        points.as_array().unwrap().iter().map(|row| row.as_str().unwrap().as_bytes()).collect();
    let side = rows.len() * PIXELS;
    let paint = |x: usize, y: usize| if rows[y / PIXELS][x / PIXELS] == b'#' { 0 } else { 255 };
    let mut image = PreparedImage::prepare_from_greyscale(side, side, paint);
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1);
    grids[0].decode().unwrap().1
}

#[tokio::test]
async fn formatting_becomes_elements_and_nothing_that_acts_does() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    ben.say("one <b>bold</b> and **strong** and `code`").await;
    ada.find("[role=log] .line b").await;
    ada.find("[role=log] .line strong").await;
    ada.find("[role=log] .line code").await;
    ben.say("<script>window.acted = 1</script> scripted").await;
    ben.say("<img src=x onerror=\"window.acted = 2\"> pictured").await;
    ben.say("<b onclick=\"window.acted = 3\" style=\"position:fixed\">dressed</b>").await;
    ben.say("<iframe src=\"/\"></iframe><svg onload=\"window.acted = 4\"></svg> framed").await;
    for words in ["scripted", "pictured", "dressed", "framed"] {
        ada.hear(words).await;
    }
    for window in [&ada, &ben] {
        assert_eq!(window.eval("return window.acted ?? null").await, json!(null));
        let found = window
            .eval(
                "return document.querySelectorAll('[role=log] :is(script, img, iframe, .message \
                 svg, .markup svg, .markup [style], .markup [onclick])').length",
            )
            .await;
        assert_eq!(found, 0);
    }
    house.close().await;
}

#[tokio::test]
async fn a_link_in_a_message_asks_before_it_leads_anywhere() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    ben.say("see https://example.invalid/path and javascript:alert(1)").await;
    ada.find("[role=log] a[href='https://example.invalid/path']").await;
    let links = ada.eval("return document.querySelectorAll('[role=log] a').length").await;
    assert_eq!(links, 1);
    ada.eval("document.querySelector('[role=log] a').click()").await;
    ada.find("dialog[open]").await;
    ada.see("example.invalid").await;
    ada.press("Cancel").await;
    ada.until("no dialog", "return document.querySelector('dialog') === null").await;
    house.close().await;
}

#[tokio::test]
async fn a_whisper_is_read_by_its_target_and_by_no_third() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    let cleo = join(&mut house, &link, "Cleo").await;
    ben.hear("Cleo came in").await;
    ada.hear("Cleo came in").await;
    ada.say("/purr Ben a word in your ear").await;
    ben.hear("a word in your ear").await;
    ben.hear("whispered to you").await;
    cleo.hear("whispered to somebody").await;
    ada.say("aloud again").await;
    cleo.hear("aloud again").await;
    assert!(!cleo.text().await.contains("a word in your ear"));
    house.close().await;
}

#[tokio::test]
async fn a_farewell_is_the_last_word_the_others_read() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    ada.say("/exit so long, and thanks").await;
    ada.see("You left the room.").await;
    ben.hear("Ada left, saying:").await;
    ben.hear("so long, and thanks").await;
    house.close().await;
}

#[tokio::test]
async fn a_command_typed_wrong_is_kept_with_its_right_usage() {
    let mut house = House::open().await;
    let Host { window: ada, .. } = start_room(&mut house, "Ada").await;
    ada.say("/purr").await;
    ada.see("/purr NAME").await;
    assert_eq!(ada.value("composer").await, "/purr");
    ada.empty("composer").await;
    ada.say("/nonsense").await;
    ada.see("/nonsense").await;
    ada.until("a problem", "return document.querySelector('#composer-problem').innerText !== ''")
        .await;
    house.close().await;
}
