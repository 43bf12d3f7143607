//! Colours that a person needs, and not ours: where the system has chosen them all, what our own said
//! by a background is said by something else too; and where more contrast is asked for, it is there.

use fantoccini::key::Key;
use serde_json::json;

use crate::axe::check_access;
use crate::house::House;
use crate::look::{Contrast, Look, Scheme};
use crate::people::{Host, join, start_room_in};
use crate::screens::drawn;
use crate::window::Window;

const FORCED: Look = Look { contrast: Contrast::Forced, ..Look::DESK };
const MORE: Look = Look { contrast: Contrast::More, ..Look::DESK };

const LOOKS: [(&str, Look); 4] = [
    ("forced-light", FORCED),
    ("forced-dark", Look { scheme: Scheme::Dark, ..FORCED }),
    ("more-light", MORE),
    ("more-dark", Look { scheme: Scheme::Dark, ..MORE }),
];

#[tokio::test]
async fn what_is_chosen_open_or_pressed_is_seen_in_whatever_colours_the_system_has() {
    let mut house = House::open().await;
    let window = house.window().await;
    window.press("My own").await;
    window.fill("secret", "tea").await;
    window.find("[data-strength=weak]").await;
    see(&window, "contrast-home").await;
    check_told_apart(&window, ".choices-tabs .choice", ":has(:checked)").await;
    check_edged(&window, ".strength-bar").await;
    window.empty("secret").await;
    window.press("Drawn at random").await;
    let Host { window: ada, link } = start_room_in(window, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    ada.hear("Ben came in").await;
    ada.press("Blur when I look away").await;
    see(&ada, "contrast-invitation").await;
    check_told_apart(&ada, ".button-tool[aria-expanded]", "[aria-expanded=true]").await;
    check_told_apart(&ada, ".button-small[aria-pressed]", "[aria-pressed=true]").await;
    check_edged(&ada, ".tile").await;
    check_edged(&ada, ".chip").await;
    check_code(&ada).await;
    ada.press("Copy invitation").await;
    ada.find(".toast:not(:empty)").await;
    check_edged(&ada, ".toast").await;
    ada.press("Close").await;
    ben.say("<mark>marked</mark>, and <code>typed</code>").await;
    ben.say("<pre>a listing</pre>").await;
    ben.say("/purr Ada a whisper").await;
    ada.hear("a whisper").await;
    check_edged(&ada, ".markup pre").await;
    ada.say("/purr Nobody hello").await;
    ada.find("#composer-problem:not(:empty)").await;
    check_edged(&ada, "#composer-problem").await;
    ada.empty("composer").await;
    ada.fill("composer", "/").await;
    ada.find("[role=listbox]").await;
    ada.strike(&[Key::Down]).await;
    ada.find("[role=option][aria-selected=true]").await;
    see(&ada, "contrast-room").await;
    check_told_apart(&ada, "[role=option]", "[aria-selected=true]").await;
    ada.empty("composer").await;
    check_outlined(&ada, ".composer-row").await;
    ada.press("Safety words").await;
    ada.find("dialog[open]").await;
    see(&ada, "contrast-dialog").await;
    check_edged(&ada, "dialog").await;
    check_edged(&ada, ".safety-words li").await;
    house.close().await;
}

/// A picture in every look, for people; and what can be computed of each.
async fn see(window: &Window, name: &str) {
    for (look_name, look) in LOOKS {
        window.look(look).await;
        window.draw(&drawn(&format!("{name}-{look_name}"))).await;
        // Where colours are forced, axe-core reads ours, which nobody sees.
        if look.contrast == Contrast::More {
            check_access(window, &format!("{name}, {look_name}")).await;
        }
    }
    window.look(FORCED).await;
}

/// One of several that is so, chosen, open or pressed, has the system's own colour for that, and one
/// that is not has none. What a style is computed to are still our colours, which nobody sees.
async fn check_told_apart(window: &Window, several: &str, so: &str) {
    let has = "style.forcedColorAdjust === 'none'";
    check_style(window, &format!("{several}{so}"), has).await;
    check_style(window, &format!("{several}:not({so})"), &format!("!({has})")).await;
}

/// It has an edge.
async fn check_edged(window: &Window, selector: &str) {
    let edge = "parseFloat(style.borderTopWidth) > 0 && style.borderTopStyle !== 'none'";
    check_style(window, selector, edge).await;
}

async fn check_outlined(window: &Window, selector: &str) {
    check_style(window, selector, "style.outlineStyle === 'solid'").await;
}

/// A camera wants dark on light.
async fn check_code(window: &Window) {
    let code = "style.fill === 'rgb(0, 0, 0)' && style.backgroundColor === 'rgb(255, 255, 255)'";
    check_style(window, ".qr-code svg", code).await;
}

async fn check_style(window: &Window, selector: &str, holds: &str) {
    let script = format!(
        "const style = getComputedStyle(document.querySelector({}));
         return {holds}",
        json!(selector),
    );
    assert_eq!(window.eval(&script).await, true, "{selector}: {holds}");
}
