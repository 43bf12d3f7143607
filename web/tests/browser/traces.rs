//! What a stay leaves in the page: nothing.

use serde_json::json;

use crate::house::House;
use crate::people::{Host, join, start_room};
use crate::window::Window;

const WORDS: &str = "a sentence nobody may find again";

/// What a browser says of a request that it was told not to make.
const BLOCKED: &str = "net::ERR_BLOCKED_BY_CLIENT";

#[tokio::test]
async fn leaving_leaves_nothing() {
    let mut house = House::open().await;
    let (ada, ben, secrets) = talk(&mut house).await;
    ada.press("Leave").await;
    ada.see("You left the room.").await;
    holds_nothing_of(&ada, &secrets).await;
    ben.hear("Ada left.").await;
    house.close().await;
}

#[tokio::test]
async fn being_put_out_leaves_nothing() {
    let mut house = House::open().await;
    let (ada, ben, secrets) = talk(&mut house).await;
    ada.say("/kick Benedetta").await;
    ben.see("put you out").await;
    holds_nothing_of(&ben, &secrets).await;
    house.close().await;
}

#[tokio::test]
async fn a_purge_leaves_nothing() {
    let mut house = House::open().await;
    let (ada, ben, secrets) = talk(&mut house).await;
    ada.say("/stop").await;
    ada.press("End the room").await;
    for window in [&ada, &ben] {
        window.see("ended the room").await;
        holds_nothing_of(window, &secrets).await;
    }
    house.close().await;
}

#[tokio::test]
async fn reloading_leaves_at_once_and_begins_afresh() {
    let mut house = House::open().await;
    let (ada, ben, secrets) = talk(&mut house).await;
    ada.reload().await;
    ben.hear("Ada left.").await;
    ada.find("#alias").await;
    holds_nothing_of(&ada, &secrets).await;
    house.close().await;
}

#[tokio::test]
async fn going_elsewhere_leaves_at_once_and_coming_back_begins_afresh() {
    let mut house = House::open().await;
    let (ada, ben, secrets) = talk(&mut house).await;
    ada.goto("about:blank").await;
    ben.hear("Ada left.").await;
    ada.back().await;
    ada.find("#alias").await;
    holds_nothing_of(&ada, &secrets).await;
    house.close().await;
}

#[tokio::test]
async fn closing_the_tab_leaves_at_once() {
    let mut house = House::open().await;
    let (ada, ben, _) = talk(&mut house).await;
    ada.close_tab().await;
    ben.hear("Ada left.").await;
    house.close().await;
}

#[tokio::test]
async fn covering_tracks_leaves_an_empty_page_with_no_way_back() {
    let mut house = House::open().await;
    let (ada, ben, secrets) = talk(&mut house).await;
    ada.press("Cover tracks").await;
    ada.until("an empty page", "return location.href === 'about:blank'").await;
    ben.hear("Ada left.").await;
    let held = ada.eval("return document.documentElement.textContent").await;
    assert_eq!(held, "");
    ada.back().await;
    holds_nothing_of(&ada, &secrets).await;
    house.close().await;
}

#[tokio::test]
async fn an_invitation_is_out_of_the_address_as_soon_as_it_is_read() {
    let mut house = House::open().await;
    let Host { window: ada, link } = start_room(&mut house, "Ada").await;
    let ben = house.window_at(&link).await;
    ben.see("You are invited to a room").await;
    assert_eq!(ben.address().await, house.page());
    // Another invitation, opened in a page that is in a room: said, and not followed.
    ada.eval(&format!("location.hash = {:?}", link.split_once('#').unwrap().1)).await;
    ada.see("Another invitation was opened here").await;
    assert_eq!(ada.address().await, house.page());
    house.close().await;
}

#[tokio::test]
async fn an_invitation_is_out_of_the_address_even_when_the_client_cannot_be_loaded() {
    for missing in ["*.wasm", "*/sanctuary-*.js"] {
        let mut house = House::open().await;
        let window = house.window_at("about:blank").await;
        window.developer("Network.enable", &json!({})).await;
        window.developer("Network.setBlockedURLs", &json!({ "urls": [missing] })).await;
        let fragment = "tea-room.correct-horse-battery-staple";
        window.goto(&format!("{}#{fragment}", house.page())).await;
        window.see("Sanctuary could not start.").await;
        assert_eq!(window.address().await, house.page(), "without {missing}");
        holds_nothing_of(&window, &[fragment.to_owned()]).await;
        window.goto("about:blank").await;
        window.back().await;
        window.see("Sanctuary could not start.").await;
        assert_eq!(window.address().await, house.page(), "and in the history");
        house.close_expecting(&[BLOCKED, "Uncaught"]).await;
    }
}

/// Two talk; what may not be found afterwards comes with them.
async fn talk(house: &mut House) -> (Window, Window, Vec<String>) {
    let Host { window: ada, link } = start_room(house, "Ada").await;
    let ben = join(house, &link, "Benedetta").await;
    ada.hear("Benedetta came in").await;
    ben.say(WORDS).await;
    ada.hear(WORDS).await;
    ada.fill("composer", "half a thought").await;
    ada.empty("composer").await;
    let fragment = link.split_once('#').unwrap().1.to_owned();
    let key = ada.eval("return document.querySelector('.room-name').innerText").await;
    let secrets = vec![
        WORDS.to_owned(),
        "half a thought".to_owned(),
        fragment,
        key.as_str().unwrap().to_owned(),
    ];
    assert!(secrets.iter().all(|secret| secret.len() > 8), "{secrets:?}");
    (ada, ben, secrets)
}

/// Everything of a page that a script can read, and the address and history with it. But one: how
/// the page was opened, link and all, stays among the browser's timings until the page is left, and
/// no page can erase it there. `docs/SECURITY.md` says so.
const EVERYTHING: &str = "
    const fields = [...document.querySelectorAll('input, textarea')].map(field => field.value);
    const attributes = [...document.querySelectorAll('*')]
        .flatMap(element => [...element.attributes].map(attribute => attribute.value));
    const timings = performance.getEntries()
        .filter(entry => entry.entryType !== 'navigation')
        .map(entry => entry.name);
    const isPage = location.protocol === 'http:';
    const page = [document.documentElement.textContent, document.title, document.URL];
    const place = [location.href, JSON.stringify(history.state), document.referrer, window.name];
    const selection = [getSelection().toString(), isPage ? document.cookie : ''];
    return [page, place, selection, fields, attributes, timings].flat().join('\\n');
";

/// Everything a browser would keep for a page.
const KEPT: &str = "
    return (async () => {
        const databases = await indexedDB.databases();
        const caches_ = await caches.keys();
        const workers = await navigator.serviceWorker.getRegistrations();
        return [localStorage, sessionStorage, databases, caches_, workers]
            .map(kept => kept.length);
    })();
";

async fn holds_nothing_of(window: &Window, secrets: &[String]) {
    let everything = window.eval(EVERYTHING).await;
    let everything = everything.as_str().unwrap();
    for secret in secrets {
        assert!(!everything.contains(secret), "the page still holds {secret:?}: {everything}");
    }
    if window.address().await.starts_with("http") {
        assert_eq!(window.eval(KEPT).await, json!([0, 0, 0, 0, 0]));
    }
}
