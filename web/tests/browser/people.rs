//! What people do at the beginning of every story: start a room, come in by its link.

use crate::house::House;
use crate::window::Window;

/// A member's window, and the link that was copied from it.
pub(crate) struct Host {
    pub(crate) window: Window,
    pub(crate) link: String,
}

/// Starts a room from the home screen.
pub(crate) async fn start_room(house: &mut House, alias: &str) -> Host {
    let window = house.window().await;
    start_room_in(window, alias).await
}

/// Starts a room in a window that shows the home screen.
pub(crate) async fn start_room_in(window: Window, alias: &str) -> Host {
    window.fill("alias", alias).await;
    window.press("Start the room").await;
    window.hear("You started this room").await;
    let link = window.value("invitation").await;
    Host { window, link }
}

/// Comes in by a link.
pub(crate) async fn join(house: &mut House, link: &str, alias: &str) -> Window {
    let window = knock(house, link, alias).await;
    window.hear("You came in").await;
    window
}

/// Knocks by a link, whatever comes of it.
pub(crate) async fn knock(house: &mut House, link: &str, alias: &str) -> Window {
    let window = house.window_at(link).await;
    window.fill("alias", alias).await;
    window.press("Go in").await;
    window
}

/// Knocks by a room's key and password.
pub(crate) async fn knock_by_key(
    house: &mut House,
    key: &str,
    secret: &str,
    alias: &str,
) -> Window {
    let window = house.window().await;
    window.press("Join a room").await;
    fill_in(&window, key, secret, alias).await;
    window.press("Knock").await;
    window
}

/// Starts a room whose key and password one has chosen.
pub(crate) async fn start_chosen(
    house: &mut House,
    key: &str,
    secret: &str,
    alias: &str,
) -> Window {
    let window = house.window().await;
    window.press("My own").await;
    fill_in(&window, key, secret, alias).await;
    window.press("Start the room").await;
    window.hear("You started this room").await;
    window
}

async fn fill_in(window: &Window, key: &str, secret: &str, alias: &str) {
    window.fill("alias", alias).await;
    window.fill("room-name", key).await;
    window.fill("secret", secret).await;
}
