//! A burst: two hundred messages as fast as the page gets them out. What must hold whatever else the
//! machine does is proven here; how long it takes is printed by `cargo xtask measure`, since a busy
//! machine makes any task a long one.
//!
//! What makes a task of ours long is work that grows with what was said before, and there are three
//! ways to it that show without a clock: that one task takes in many messages, that a message lays the
//! page out by itself, when the next picture would do that once for all that came, and that a message
//! is lost on the way and all after it are said anew.

use serde_json::json;

use crate::house::{House, led_to};
use crate::proxy::Proxy;
use crate::window::Window;

/// Messages in a burst.
pub(crate) const MESSAGES: usize = 200;

/// The server's bounds for the one who says them all: the page's own bound of what waits is what holds
/// it back. Whoever reads more slowly is not hung up on.
pub(crate) const BOUNDS: [&str; 10] = [
    "--frames-per-second",
    "100000",
    "--frames-burst",
    "100000",
    "--bytes-per-second",
    "100000000",
    "--bytes-burst",
    "100000000",
    "--outbox-frames",
    "4096",
];

/// Messages that one task may take in: the browser gives each a task of its own. At a millisecond for
/// each, sixteen are a picture's time.
const MESSAGES_A_TASK_MAX: u64 = 16;

#[tokio::test]
async fn a_burst_of_two_hundred_comes_whole_and_in_order_and_no_message_lays_the_page_out() {
    let mut house = open_house().await;
    let pair = Pair::enter(&mut house).await;
    pair.burst(MESSAGES).await;
    for window in [&pair.ada, &pair.ben] {
        let newest = "return document.querySelector('[role=log]').scrollTop === 0";
        window.until("the newest line is in sight", newest).await;
        assert_eq!(window.eval("return watch.layouts").await, 0);
        let numbers = window.eval(&format!("return watch.all({MESSAGES})")).await;
        let numbers: Vec<u64> = serde_json::from_value(numbers).unwrap();
        assert!(numbers.iter().copied().eq(1..=MESSAGES as u64), "{numbers:?}");
        let held = "return document.querySelectorAll('.lines > .line').length";
        window.until("older lines stand on the page no more", &format!("{held} <= 100")).await;
        let most = window.eval("return Math.max(...watch.tasks)").await;
        assert!(most.as_f64().unwrap() <= MESSAGES_A_TASK_MAX as f64, "{most} in one task");
    }
    // Who says what the name above is of is heard with each line, and seen in none.
    let name = "getComputedStyle(document.querySelector('.line .unseen .name')).color";
    assert_eq!(pair.ben.eval(&format!("return {name}")).await, "rgba(0, 0, 0, 0)");
    house.close().await;
}

/// A house whose server lets a burst through.
pub(crate) async fn open_house() -> House {
    House::open_with(&BOUNDS).await
}

/// Such a house, with a line to it that can be held.
pub(crate) async fn open_house_with_a_line() -> (House, Proxy) {
    House::with_a_line(&BOUNDS).await
}

/// Two in a room of their own, watched.
pub(crate) struct Pair {
    /// Who speaks.
    pub(crate) ada: Window,
    /// Who reads.
    pub(crate) ben: Window,
}

impl Pair {
    /// Starts the room, and comes in.
    pub(crate) async fn enter(house: &mut House) -> Self {
        let page = house.page();
        Self::enter_by(house, &page).await
    }

    /// As [`Self::enter`]; who reads comes by another page of the server's.
    pub(crate) async fn enter_by(house: &mut House, readers_page: &str) -> Self {
        let page = house.page();
        let ada = watched(house, &page).await;
        ada.fill("alias", "Ada").await;
        ada.press("Start the room").await;
        ada.hear("You started this room").await;
        let link = ada.value("invitation").await;
        let ben = watched(house, &led_to(readers_page, &link)).await;
        ben.fill("alias", "Ben").await;
        ben.press("Go in").await;
        ben.hear("You came in").await;
        ada.hear("Ben came in").await;
        Self { ada, ben }
    }

    /// Both go, so that they hold nobody else up.
    pub(crate) async fn leave(&self) {
        for window in [&self.ben, &self.ada] {
            window.say("/exit").await;
            window.see("You left the room.").await;
        }
    }

    /// One says so many messages, until both have them all.
    pub(crate) async fn burst(&self, messages: usize) {
        self.say(messages).await;
        self.hear(messages).await;
    }

    /// One says so many messages, and has seen them all come back.
    pub(crate) async fn say(&self, messages: usize) {
        for window in [&self.ben, &self.ada] {
            window.eval("watch.begin()").await;
        }
        self.ada.eval(&format!("watch.send({messages})")).await;
        // Both pages are left alone meanwhile, but for this question.
        let all_sent = format!("return watch.sent.length === {messages}");
        self.ada.until("everything is sent", &all_sent).await;
        self.ada.until("the last message is there", &has_last(messages)).await;
    }

    /// The other has them all, too.
    pub(crate) async fn hear(&self, messages: usize) {
        self.ben.until("the last message is there", &has_last(messages)).await;
    }
}

/// Whether the newest message that is settled is the last of so many.
fn has_last(messages: usize) -> String {
    format!("return watch.numbers().at(-1) === {messages}")
}

/// A window on an address, watched from its first script on.
async fn watched(house: &mut House, address: &str) -> Window {
    let window = house.window_at("about:blank").await;
    let script = json!({ "source": include_str!("burst.js") });
    window.developer("Page.addScriptToEvaluateOnNewDocument", &script).await;
    window.goto(address).await;
    window
}
