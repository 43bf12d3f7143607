//! The page in the reader's language: all of it, in the right direction, and English where it has no
//! other.

use sanctuary_words::{Tongue, column};
use serde_json::{Value, json};

use crate::house::House;
use crate::people::join;
use crate::screens::picture;
use crate::window::Window;

/// A window of somebody who reads these languages, the first best.
async fn window_of(house: &mut House, languages: &str, address: &str) -> Window {
    let window = house.window_at("about:blank").await;
    let agent = window.eval("return navigator.userAgent").await;
    let languages = json!({ "userAgent": agent, "acceptLanguage": languages });
    window.developer("Emulation.setUserAgentOverride", &languages).await;
    window.goto(address).await;
    window
}

/// Everything that can be read in the window, or heard, but what people wrote or chose.
const READ: &str = "
    const written = '.markup, .name, .tile, .room-name, .halves bdi, .key-tag, .completion-text,'
        + ' code, time, .safety-words, .wordmark, noscript, .link-host, .link-whole';
    const all = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const read = [];
    while (all.nextNode()) {
        if (!all.currentNode.parentElement.closest(written)) read.push(all.currentNode.data);
    }
    for (const element of document.body.querySelectorAll('*')) {
        for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
            const tagged = name === 'title' && element.matches('.name');
            if (element.hasAttribute(name) && !tagged) read.push(element.getAttribute(name));
        }
    }
    return read.map(text => text.trim()).filter(text => text !== '');
";

/// Fails where something is read that stands in no phrase of that language: a phrase has other words
/// where its parts go.
async fn check_all_is_in(window: &Window, tongue: Tongue, screen: &str) {
    let phrases = column(tongue);
    let is_said = |text: &str| {
        let words =
            text.split(|it: char| !it.is_alphabetic()).filter(|word| word.chars().count() > 2);
        words
            .into_iter()
            .all(|word| NAMES.contains(&word) || phrases.iter().any(|phrase| phrase.contains(word)))
    };
    let read = window.eval(READ).await;
    let read = read.as_array().unwrap().iter().filter_map(Value::as_str);
    let other: Vec<&str> = read.filter(|text| !is_said(text)).collect();
    assert_eq!(other, [""; 0], "{screen}");
}

/// People in these stories, and what has no translation.
const NAMES: [&str; 3] = ["Ada", "Ben", "Sanctuary"];

/// A stay from the door to the end, every screen and dialog of which is looked at.
async fn stay_in(tongue: Tongue) {
    let phrase = |english: &str| {
        let place = column(Tongue::English).iter().position(|it| *it == english).unwrap();
        column(tongue)[place]
    };
    let mut house = House::open().await;
    let page = house.page();
    let ada = window_of(&mut house, &format!("{},en", tongue.tag()), &page).await;
    ada.see(phrase("What would you like to do?")).await;
    let lang = ada.eval("return document.documentElement.lang").await;
    assert_eq!(lang, tongue.tag());
    let check = async |screen: &str| check_all_is_in(&ada, tongue, screen).await;
    check("home").await;
    ada.press(phrase("More")).await;
    ada.press(phrase("My own")).await;
    ada.fill("room-name", "tea-room").await;
    ada.fill("secret", "tea").await;
    check("home, chosen").await;
    ada.press(phrase("Drawn at random")).await;
    ada.eval("document.querySelector('form').requestSubmit()").await;
    ada.see(phrase("A name needs at least one character.")).await;
    check("home, problem").await;
    picture(&ada, &format!("{}-home", tongue.tag())).await;

    ada.fill("alias", "Ada").await;
    ada.eval("document.querySelector('form').requestSubmit()").await;
    ada.find(".room").await;
    let link = ada.value("invitation").await;
    check("invitation").await;
    let ben = join(&mut house, &link, "Ben").await;
    ben.say("Good evening!").await;
    ben.say("/purr Ada and in private").await;
    ada.hear("and in private").await;
    ada.say("/me waves").await;
    ada.say("/mute Ben").await;
    ada.say("/unmute Ben").await;
    ada.say("/fade 1h").await;
    ben.hear("set messages to go after an hour").await;
    check("room").await;
    picture(&ada, &format!("{}-room", tongue.tag())).await;
    for command in ["/help", "/safety", "/kick Ben", "/stop"] {
        if command == "/kick Ben" {
            ada.eval("document.querySelector('details summary').click()").await;
            let kick = "document.querySelector('.member-actions .button-grave').click()";
            ada.eval(kick).await;
        } else {
            ada.say(command).await;
        }
        ada.find("dialog[open]").await;
        check(command).await;
        picture(&ada, &format!("{}-{}", tongue.tag(), &command[1..5])).await;
        ada.press(if ["/kick Ben", "/stop"].contains(&command) {
            phrase("Cancel")
        } else {
            phrase("Close")
        })
        .await;
        ada.until("no dialog", "return document.querySelector('dialog') === null").await;
    }
    ada.say("/purr Nobody hello").await;
    ada.find("#composer-problem:not(:empty)").await;
    ada.empty("composer").await;
    ada.fill("composer", "/").await;
    ada.find("[role=listbox]").await;
    check("completions").await;
    ada.empty("composer").await;
    ben.say("/exit").await;
    ada.hear(&phrase("{0} left.").replace("{0}", "Ben")).await;
    check("room, later").await;
    ada.press(phrase("Leave")).await;
    ada.see(phrase("You left the room.")).await;
    check("ended").await;
    picture(&ada, &format!("{}-ended", tongue.tag())).await;
    house.close().await;
}

#[tokio::test]
async fn the_page_is_all_german_for_who_reads_that() {
    stay_in(Tongue::German).await;
}

#[tokio::test]
async fn the_page_is_all_arabic_and_from_the_right_for_who_reads_that() {
    stay_in(Tongue::Arabic).await;
}

#[tokio::test]
async fn the_page_is_english_where_it_has_no_other_language() {
    let mut house = House::open().await;
    let page = house.page();
    for (languages, lang, dir, words) in [
        ("fr,nl", "en", "ltr", "Start a room"),
        ("fr,de-AT,en", "de", "ltr", "Raum eröffnen"),
        ("en-GB,de", "en", "ltr", "Start a room"),
        ("ar-EG", "ar", "rtl", "بدء غرفة"),
    ] {
        let window = window_of(&mut house, languages, &page).await;
        window.see(words).await;
        let root = "return [document.documentElement.lang, document.documentElement.dir]";
        assert_eq!(window.eval(root).await, json!([lang, dir]), "{languages}");
    }
    house.close().await;
}

#[tokio::test]
async fn the_page_is_english_when_another_language_does_not_come() {
    let mut house = House::open().await;
    let page = house.page();
    let window = window_of(&mut house, "de", "about:blank").await;
    window.developer("Network.enable", &json!({})).await;
    let blocked = json!({ "urls": ["*words-de*"] });
    window.developer("Network.setBlockedURLs", &blocked).await;
    window.goto(&page).await;
    window.see("Start a room").await;
    assert_eq!(window.eval("return document.documentElement.lang").await, "en");
    house.close_expecting(&["words-de"]).await;
}
