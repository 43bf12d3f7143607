//! Safety words: the same for everybody inside, and others once somebody comes.

use fantoccini::key::Key;
use serde_json::Value;

use crate::house::House;
use crate::people::{Host, join, start_room};
use crate::window::Window;

#[tokio::test]
async fn safety_words_are_the_same_in_every_window_and_others_for_another_roster() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    ada.hear("Ben came in").await;
    let of_two = words(&ada).await;
    assert_eq!(of_two.as_array().unwrap().len(), 6);
    assert_eq!(words(&ben).await, of_two);

    let cleo = join(&mut house, &link, "Cleo").await;
    for window in [&ada, &ben] {
        window.hear("Cleo came in").await;
    }
    let of_three = words(&cleo).await;
    assert_ne!(of_three, of_two);
    assert_eq!(words(&ada).await, of_three);
    assert_eq!(words(&ben).await, of_three);
    house.close().await;
}

#[tokio::test]
async fn words_that_are_being_read_stay_as_they_are_while_somebody_comes() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    ada.press("Safety words").await;
    let before = shown(&ada).await;
    join(&mut house, &link, "Ben").await;
    ada.hear("Ben came in").await;
    assert_eq!(shown(&ada).await, before);
    assert!(!covered(&ada).await.contains("Ben"));
    ada.strike(&[Key::Escape]).await;
    assert_ne!(words(&ada).await, before);
    house.close().await;
}

#[tokio::test]
async fn a_member_s_key_tag_is_the_same_in_every_window_and_no_two_are_alike() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let ben = join(&mut house, &link, "Ben").await;
    ada.hear("Ben came in").await;
    let tags = tags(&ada).await;
    let [adas, bens] = &tags[..] else { panic!("of two: {tags:?}") };
    assert!(adas.len() == 4 && bens.len() == 4 && adas != bens, "{tags:?}");
    assert_eq!(self::tags(&ben).await, tags);
    ben.say("hello").await;
    let title = format!("[role=log] .said .name[title='Key tag {bens}']");
    ada.find(&title).await;
    ada.press("Safety words").await;
    let covered = covered(&ada).await;
    assert!(covered.contains(bens) && covered.contains("Short tags"), "{covered}");
    house.close().await;
}

/// The tags of the roster, from the top.
async fn tags(window: &Window) -> Vec<String> {
    window.until("two here", "return document.querySelectorAll('.member').length === 2").await;
    let tags = window
        .eval(
            "return [...document.querySelectorAll('.member .key-tag')]
                 .map(tag => tag.textContent.replace('Key tag', '').trim())",
        )
        .await;
    let tags = tags.as_array().unwrap().iter();
    tags.map(|tag| tag.as_str().unwrap().to_owned()).collect()
}

/// Opens the shield, reads, and closes it.
pub(crate) async fn words(window: &Window) -> Value {
    window.press("Safety words").await;
    let words = shown(window).await;
    window.strike(&[Key::Escape]).await;
    window.until("no dialog", "return document.querySelector('dialog') === null").await;
    words
}

async fn shown(window: &Window) -> Value {
    window.find("dialog[open] .safety-words").await;
    window
        .eval(
            "return [...document.querySelectorAll('.safety-words li')]
                 .map(word => word.innerText.trim())",
        )
        .await
}

async fn covered(window: &Window) -> String {
    let names = window.eval("return document.querySelector('.safety-covered').innerText").await;
    names.as_str().unwrap().to_owned()
}
