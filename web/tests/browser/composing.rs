//! Writing: keys that format, and what is pasted.

use fantoccini::key::Key;
use serde_json::json;

use crate::house::House;
use crate::people::{Host, start_room};
use crate::window::Window;

/// What is selected of the composer, from a character to another.
async fn select(window: &Window, from: u32, to: u32) {
    let script = format!("document.querySelector('#composer').setSelectionRange({from}, {to})");
    window.eval(&script).await;
}

/// Pastes into the composer as a browser would: the page first, and where it does nothing, the plain
/// text.
async fn paste(window: &Window, html: &str, plain: &str) {
    let (html, plain) = (serde_json::json!(html), serde_json::json!(plain));
    let script = format!(
        "const field = document.querySelector('#composer'), data = new DataTransfer();
         data.setData('text/html', {html});
         data.setData('text/plain', {plain});
         field.focus();
         const event = new ClipboardEvent('paste',
             {{ clipboardData: data, bubbles: true, cancelable: true }});
         if (field.dispatchEvent(event)) document.execCommand('insertText', false, {plain})"
    );
    window.eval(&script).await;
}

#[tokio::test]
async fn keys_format_what_is_selected_and_take_it_back() {
    let mut house = House::open().await;
    let Host { window: ada, .. } = start_room(&mut house, "Ada").await;
    ada.fill("composer", "é one two").await;
    select(&ada, 2, 5).await;
    ada.strike_holding(Key::Control, 'b').await;
    ada.composes("é **one** two").await;
    select(&ada, 4, 7).await;
    ada.strike_holding(Key::Control, 'b').await;
    ada.composes("é one two").await;
    select(&ada, 6, 9).await;
    ada.strike_holding(Key::Control, 'e').await;
    ada.composes("é one `two`").await;
    house.close().await;
}

#[tokio::test]
async fn what_is_pasted_keeps_its_formatting_and_loses_all_else() {
    let mut house = House::open().await;
    let Host { window: ada, .. } = start_room(&mut house, "Ada").await;
    ada.fill("composer", "so: here").await;
    select(&ada, 4, 8).await;
    let html = "<style>x</style><b onclick=alert(1)>a</b> <img src=https://a.test/x onerror=y>";
    paste(&ada, html, "a").await;
    ada.composes("so: <b>a</b>").await;
    ada.strike(&[Key::Enter]).await;
    ada.until("it is bold", "return document.querySelector('.markup b')?.innerText === 'a'").await;
    paste(&ada, "<span style='color: red'>plain</span>", "plain").await;
    ada.composes("plain").await;
    house.close().await;
}

#[tokio::test]
async fn the_key_that_ends_an_input_methods_word_sends_nothing() {
    let mut house = House::open().await;
    let Host { window: ada, .. } = start_room(&mut house, "Ada").await;
    let composed = json!({ "selectionStart": 2, "selectionEnd": 2, "text": "にほ" });
    ada.fill("composer", "").await;
    ada.developer("Input.imeSetComposition", &composed).await;
    ada.composes("にほ").await;
    // As browsers report the key that an input method takes for itself.
    let taken = "const key = { key: 'Enter', isComposing: true, bubbles: true, cancelable: true };
        return document.getElementById('composer').dispatchEvent(new KeyboardEvent('keydown', key))";
    assert_eq!(ada.eval(taken).await, true, "the page leaves it to the input method");
    ada.developer("Input.insertText", &json!({ "text": "日本" })).await;
    ada.composes("日本").await;
    assert_eq!(ada.count("日本").await, 0);
    ada.fill("composer", &Key::Enter.to_string()).await;
    ada.hear("日本").await;
    house.close().await;
}
