//! The pictures of the README: an evening among friends on the real page, drawn when
//! `cargo xtask screens` asks for them. Names, words and clock are the same each time. The room's key
//! and password are not, and are worth nothing to anybody: the room is gone when its story ends.

use std::path::Path;

use fantoccini::key::Key;

use crate::house::House;
use crate::look::{Look, Scheme};
use crate::people::{Host, start_room_in};
use crate::window::Window;

const DESK: Look = Look::DESK;
const DESK_AT_NIGHT: Look = Look { scheme: Scheme::Dark, ..DESK };

/// As fine as phones are, or the words in it could not be read.
const PHONE: Look = Look { scale: 2, ..Look::PHONE };
const PHONE_AT_NIGHT: Look = Look { scheme: Scheme::Dark, ..PHONE };

/// A script that has the page's clock stand where it is told to. That is near a minute's end, since
/// what shows the time looks at it again when the minute is over.
const CLOCK: &str = "
    window.minute ??= 4;
    Date.now = () => new Date(2026, 5, 5, 20, window.minute, 59, 500).getTime();
";

#[tokio::test]
#[ignore = "draws: cargo xtask screens"]
async fn the_pictures_of_the_readme() {
    let mut house = House::open().await;
    let home = house.window().await;
    home.focus_on("alias").await;
    picture(&home, "home", &[("desk-dark", DESK_AT_NIGHT)]).await;
    home.eval(CLOCK).await;
    let Host { window: ada, link } = start_room_in(home, "Ada").await;
    let ben = come_in(&mut house, &link, "Ben").await;
    let cleo = come_in(&mut house, &link, "Cleo").await;
    ada.hear("Cleo came in").await;
    let evening = Evening { ada, ben, cleo };
    evening.talk().await;
    let Evening { ada, .. } = &evening;
    ada.press("Close").await;
    ada.find("body:not(:has(#invitation))").await;
    picture(
        ada,
        "room",
        &[("desk-light", DESK), ("desk-dark", DESK_AT_NIGHT), ("phone-dark", PHONE_AT_NIGHT)],
    )
    .await;
    ada.press("Safety words").await;
    ada.find("dialog[open] .safety-words").await;
    picture(ada, "safety", &[("desk-dark", DESK_AT_NIGHT)]).await;
    ada.press("Close").await;
    ada.find("body:not(:has(dialog))").await;
    beside(ada).await;
    at_the_door(&mut house, ada, &link).await;
    house.close().await;
}

/// What lies over the conversation on a phone.
async fn beside(ada: &Window) {
    ada.look(PHONE).await;
    ada.press("Invite").await;
    ada.find(".qr-code").await;
    // Whoever only looks has nothing selected.
    ada.eval("document.activeElement.blur()").await;
    picture(ada, "invitation", &[("phone-light", PHONE)]).await;
    ada.look(PHONE).await;
    ada.press("People").await;
    ada.eval("document.querySelector('.member:nth-child(2) summary').click()").await;
    ada.find("details[open]").await;
    ada.eval("document.activeElement.blur()").await;
    picture(ada, "people", &[("phone-dark", PHONE_AT_NIGHT)]).await;
    ada.look(PHONE).await;
    ada.press("Close").await;
    ada.find(".room[data-sheet=none]").await;
    ada.look(DESK).await;
}

async fn at_the_door(house: &mut House, ada: &Window, link: &str) {
    ada.say("/door ask").await;
    ada.hear("You changed the rules").await;
    let dora = house.window_at(link).await;
    dora.fill("alias", "Dora").await;
    dora.press("Go in").await;
    ada.see("Dora wants to come in.").await;
    picture(ada, "asking", &[("phone-light", PHONE)]).await;
    ada.press("Let in Dora").await;
    dora.hear("You came in").await;
}

/// Three friends in a room.
struct Evening {
    ada: Window,
    ben: Window,
    cleo: Window,
}

impl Evening {
    async fn talk(&self) {
        let Self { ada, ben, cleo } = self;
        self.goes_on(5).await;
        ben.say("Evening! Does it **really** leave nothing behind?").await;
        self.everybody_hears("nothing behind?").await;
        self.goes_on(6).await;
        ada.say("Nothing. When the last of us goes, the room goes too.").await;
        self.everybody_hears("the room goes too").await;
        cleo.say("And the server, what does *it* keep?").await;
        self.everybody_hears("keep?").await;
        self.goes_on(7).await;
        ada.say("Sealed envelopes, for a moment. It can open none of them.").await;
        self.everybody_hears("none of them").await;
        self.goes_on(8).await;
        lines(ben, &["```", "fn leave(room: Room) {", "    drop(room); // gone", "}"]).await;
        self.everybody_hears("// gone").await;
        cleo.say("/me puts the kettle on").await;
        self.everybody_hears("the kettle").await;
        self.goes_on(9).await;
        cleo.say("/purr Ada Ben knows nothing of the cake, does he?").await;
        ada.hear("of the cake").await;
        ada.say("/purr Cleo Not a word. Bring the candles.").await;
        cleo.hear("the candles").await;
        self.goes_on(10).await;
        // Of all that was whispered he knows nothing.
        ben.strike(&[Key::Alt, Key::Up]).await;
        ben.see("Reply to").await;
        ben.say("Why so quiet, you two?").await;
        self.everybody_hears("so quiet").await;
        ada.find("body:not(:has(.pending))").await;
        ada.until("ten past", "return document.querySelector('.clock').innerText.includes(':10')")
            .await;
    }

    /// It is so many minutes past eight.
    async fn goes_on(&self, minute: u32) {
        for window in self.all() {
            window.eval(&format!("window.minute = {minute}")).await;
        }
    }

    async fn everybody_hears(&self, words: &str) {
        for window in self.all() {
            window.hear(words).await;
        }
    }

    fn all(&self) -> [&Window; 3] {
        [&self.ada, &self.ben, &self.cleo]
    }
}

async fn come_in(house: &mut House, link: &str, alias: &str) -> Window {
    let window = house.window_at(link).await;
    window.eval(CLOCK).await;
    window.fill("alias", alias).await;
    window.press("Go in").await;
    window.hear("You came in").await;
    window
}

/// Says what takes more lines than one.
async fn lines(window: &Window, lines: &[&str]) {
    for line in lines {
        window.fill("composer", line).await;
        window.strike(&[Key::Shift, Key::Enter]).await;
    }
    window.say("```").await;
}

/// Draws it in these looks.
async fn picture(window: &Window, name: &str, looks: &[(&str, Look)]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/screens");
    for (look_name, look) in looks {
        window.look(*look).await;
        window.draw(&folder.join(format!("{name}-{look_name}.png"))).await;
    }
    window.look(DESK).await;
}
