//! Whatever a server may say in the place of what was hoped for: each has its words, and the screen
//! they stand on keeps nobody out. The line says it, so that no server has to be filled first.

use sanctuary_protocol::{ClientFrameKind, CloseReason, Refusal, ServerFrame};

use crate::house::House;
use crate::people::start_room_in;
use crate::screens::picture;

/// What is said to somebody on the way in, and what the page makes of it.
const ON_THE_WAY_IN: [(&str, Said, &str); 6] = [
    ("locked", Said::Refused(Refusal::Locked), "This room is locked"),
    ("room-full", Said::Refused(Refusal::RoomFull), "This room is full."),
    ("server-full", Said::Refused(Refusal::ServerFull), "The server holds as many rooms as it can"),
    ("not-admitting", Said::Refused(Refusal::NotAdmitting), "The server lets nobody in"),
    ("hung-up", Said::Closed(CloseReason::Idle), "The server ended the connection before"),
    ("unreachable", Said::Closed(CloseReason::ShuttingDown), "The server cannot be reached."),
];

/// What is said to somebody inside, and what the page makes of it.
const INSIDE: [(&str, CloseReason, &str); 7] = [
    ("superseded", CloseReason::Superseded, "Your seat was taken from another tab"),
    ("server-stopped", CloseReason::ShuttingDown, "The server stopped, and its rooms ended"),
    ("room-lost", CloseReason::Faulted, "The room broke on the server and is lost."),
    ("not-understood", CloseReason::ProtocolError, "do not understand each other"),
    ("purged-by-server", CloseReason::Purged, "The server ended this room"),
    ("purged-by-operator", CloseReason::ByOperator, "The operator of this server ended"),
    ("kicked-by-server", CloseReason::Kicked, "The server put you out"),
];

#[derive(Clone, Copy)]
enum Said {
    Refused(Refusal),
    Closed(CloseReason),
}

impl Said {
    fn frame(self) -> ServerFrame {
        match self {
            Self::Refused(why) => ServerFrame::Refused { what: ClientFrameKind::Create, why },
            Self::Closed(reason) => ServerFrame::Closed { reason },
        }
    }
}

#[tokio::test]
async fn no_refusal_on_the_way_in_keeps_anybody_out_of_its_words() {
    let (house, proxy, window) = House::behind_a_proxy().await;
    for (name, said, words) in ON_THE_WAY_IN {
        window.fill("alias", "Ada").await;
        proxy.say_instead(said.frame());
        window.press("Start the room").await;
        window.see(words).await;
        picture(&window, &format!("joining-{name}")).await;
        window.press("Back").await;
        window.see("Start the room").await;
    }
    house.close().await;
}

#[tokio::test]
async fn no_end_of_a_stay_keeps_anybody_out_of_its_words() {
    let (house, proxy, mut window) = House::behind_a_proxy().await;
    for (name, reason, words) in INSIDE {
        window = start_room_in(window, "Ada").await.window;
        proxy.say_instead(ServerFrame::Closed { reason });
        window.say("Is anybody there?").await;
        if reason == CloseReason::Faulted {
            // Which part has failed shows when the seat is asked for again.
            proxy.has_left_it_out().await;
            for (what, why) in [
                (ClientFrameKind::Resume, Refusal::NoSuchSeat),
                (ClientFrameKind::Knock, Refusal::NotLive),
            ] {
                proxy.say_instead(ServerFrame::Refused { what, why });
                proxy.has_left_it_out().await;
            }
        }
        window.see(words).await;
        picture(&window, &format!("ended-{name}")).await;
        window.press("Start another room").await;
        window.see("Start the room").await;
    }
    house.close().await;
}

#[tokio::test]
async fn a_page_that_breaks_says_so_and_has_left_the_room() {
    let mut house = House::open().await;
    let window = house.window().await;
    let ada = start_room_in(window, "Ada").await;
    let ben = crate::people::join(&mut house, &ada.link, "Ben").await;
    // What the page's shell takes for granted: that an element can be made.
    ben.eval(
        "const make = Document.prototype.createElement;
         Document.prototype.createElement = function (name) {
             Document.prototype.createElement = make;
             throw new Error('no ' + name);
         };",
    )
    .await;
    ada.window.say("Do you hear me?").await;
    ben.see("Something went wrong in this page, and it has left the room.").await;
    ben.see("Reload it to begin again.").await;
    let left = ben.eval("return document.body.innerText.includes('Do you hear')").await;
    assert_eq!(left, false);
    picture(&ben, "broken").await;
    ada.window.hear("Ben").await;
    house.close_expecting(&["Sanctuary broke at", "unreachable", "no "]).await;
}
