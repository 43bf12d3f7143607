//! Two people talk while the network between each of them and the server goes through its moods: it is
//! well, as slow as 2G, silent, down, another one, and flaps between them (`weather`). In the end all
//! that was said stands on both pages, once, and in one order (`account`). What is hostile is no less
//! safe to hear meanwhile, and an outage keeps nothing of a stay.
//!
//! The network is our own relay, one for each browser (`proxy`, `lane`): what Chromium 156 emulates by
//! `Network.emulateNetworkConditions` leaves an open WebSocket alone, both its speed and its life. That
//! is used for what it does: the browser knows of no network, tells the page so, and opens nothing.

mod account;
mod hostile;
mod person;
mod weather;
mod wipe;

use std::env;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::dice::Dice;
use crate::house::{House, led_to};
use crate::people::{Host, start_room_in};
use crate::window::Window;
use account::{faults, unrest};
use person::Person;
use weather::{Mood, Network, Outages, Weather, length, weather};

/// What a browser itself says of a socket that could not be opened.
const SOCKET_FAILED: &str = "WebSocket connection to";

/// How long they talk in every run of the tests.
const TALK: Duration = Duration::from_secs(60);

/// What decides that talk, so that each run is the same but for the machine's own pace.
const SEED: u64 = 15;

/// Another seed, to have a story again.
const SEED_VARIABLE: &str = "SANCTUARY_FLAP_SEED";

/// How long they talk when they are asked to.
const MINUTES_VARIABLE: &str = "SANCTUARY_FLAP_MINUTES";

/// The longest pause of a short talk.
const PAUSE: Duration = Duration::from_millis(1_800);

/// Pauses of a long talk: a page keeps the last thousand lines, and is to have all of them.
const PAUSES_A_TALK: u32 = 150;

#[tokio::test]
async fn nothing_is_lost_doubled_or_reordered_whatever_the_network_does() {
    tell(TALK, asked(SEED_VARIABLE).unwrap_or(SEED)).await;
}

#[tokio::test]
#[ignore = "takes as long as it is told to: cargo xtask flap"]
async fn as_long_as_is_asked() {
    let minutes = asked(MINUTES_VARIABLE).unwrap_or(10);
    let drawn = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    tell(Duration::from_secs(60 * minutes), asked(SEED_VARIABLE).unwrap_or(drawn)).await;
}

fn asked(variable: &str) -> Option<u64> {
    env::var(variable).ok().map(|number| number.parse().unwrap())
}

async fn tell(lasts: Duration, seed: u64) {
    print(&format!("{SEED_VARIABLE}={seed}"));
    let mut dice = Dice::new(seed);
    let house = Flapping::open(&[]).await;
    let pause = PAUSE.max(lasts / PAUSES_A_TALK);
    let weathers = [(); 2].map(|()| weather(dice.other(), lasts, Outages::AndLong));
    // To the end of either.
    let lasts = weathers.iter().map(length).fold(lasts, Duration::max);
    let mut ada = Person::new(house.ada.clone(), ("Ada", "Ben"), dice.other());
    let mut ben = Person::new(house.ben.clone(), ("Ben", "Ada"), dice.other());
    tokio::join!(
        house.networks[0].go_by(&weathers[0]),
        house.networks[1].go_by(&weathers[1]),
        ada.talk(lasts, pause),
        ben.talk(lasts, pause),
    );
    for person in [&mut ada, &mut ben] {
        person.settle().await;
        // And on from here.
        person.say_plainly().await;
    }
    for person in [&mut ada, &mut ben] {
        person.settle().await;
    }
    let last = |person: &Person| person.said.last().unwrap().mark.words();
    ada.window.hear(&last(&ben)).await;
    ben.window.hear(&last(&ada)).await;
    let pages = [ada.shown("You started this room").await, ben.shown("You came in").await];
    house.report([&ada, &ben], &weathers);
    assert_eq!(faults([&ada.said, &ben.said], [&pages[0].said, &pages[1].said]), [""; 0]);
    assert_eq!(pages.each_ref().map(unrest), [[""; 0]; 2]);
    house.house.close_expecting(&[SOCKET_FAILED]).await;
}

/// Two in a room, each behind a network of their own.
struct Flapping {
    house: House,
    ada: Window,
    ben: Window,
    networks: [Network; 2],
}

impl Flapping {
    async fn open(flags: &[&str]) -> Self {
        let (mut house, [adas, bens]) = House::with_lines(flags).await;
        let ada = house.window_at(&adas.page()).await;
        let Host { window: ada, link } = start_room_in(ada, "Ada").await;
        ada.press("Close").await;
        let ben = house.window_at(&led_to(&bens.page(), &link)).await;
        ben.fill("alias", "Ben").await;
        ben.press("Go in").await;
        ben.hear("You came in").await;
        ada.hear("Ben came in").await;
        let networks = [Network::of(&ada, adas).await, Network::of(&ben, bens).await];
        Self { house, ada, ben, networks }
    }

    /// What was seen.
    fn report(&self, people: [&Person; 2], weathers: &[Weather; 2]) {
        for ((person, network), weather) in people.iter().zip(&self.networks).zip(weathers) {
            let count =
                |moods: &[Mood]| weather.iter().filter(|spell| moods.contains(&spell.mood)).count();
            let [sockets, up, down] = network.carried();
            print(&format!(
                "{}: {} lines {:?}, {} of them replies, {} pictures sent again; {} outages ({} \
                 silent, {} offline, {} to another network), {} spells of 2G; came back over {} \
                 sockets; {} bytes up, {} down",
                person.said[0].mark.author,
                person.said.len(),
                person.manners(),
                person.said.iter().filter(|saying| saying.reply_to.is_some()).count(),
                person.retries,
                count(&[Mood::Silent, Mood::Offline, Mood::Torn]),
                count(&[Mood::Silent]),
                count(&[Mood::Offline]),
                count(&[Mood::Torn]),
                count(&[Mood::Slow]),
                sockets,
                up,
                down,
            ));
        }
    }
}

#[expect(
    clippy::print_stdout,
    reason = "whoever asks for it reads it, and whoever mends what it found"
)]
fn print(what: &str) {
    println!("{what}");
}
