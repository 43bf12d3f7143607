//! The moods of a network, and how they follow each other: a plan that a seed decides, and the real
//! network that goes by it.

use std::time::Duration;

use serde_json::json;
use tokio::time::sleep;

use crate::dice::Dice;
use crate::lane::Pace;
use crate::proxy::{Line, Proxy};
use crate::window::Window;

/// How a network is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mood {
    /// As it should be.
    Well,
    /// It carries, as 2G does.
    Slow,
    /// It carries nothing, and nobody is told: a tunnel.
    Silent,
    /// It is down, and the browser knows.
    Offline,
    /// It is another network: the browser's sockets are gone, and the server still believes in them.
    Torn,
}

impl Mood {
    const fn line(self) -> Line {
        match self {
            Self::Well => Line::Up,
            Self::Slow => Line::Slow(Pace::SECOND_GENERATION),
            Self::Silent => Line::Silent,
            Self::Offline => Line::Cut,
            Self::Torn => Line::Torn,
        }
    }
}

/// A mood, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spell {
    pub(super) mood: Mood,
    pub(super) lasts: Duration,
}

/// One after the other.
pub(super) type Weather = Vec<Spell>;

/// What weather is made of. Each kind comes before any comes again.
const KINDS: [Kind; 6] = [
    Kind::Lasting(Mood::Well, 2_000..6_000),
    Kind::Lasting(Mood::Slow, 5_000..12_000),
    Kind::Lasting(Mood::Silent, 2_000..14_000),
    Kind::Lasting(Mood::Offline, 2_000..10_000),
    Kind::Lasting(Mood::Torn, 100..500),
    Kind::Flapping,
];

/// One time in so many, an outage is so much longer: past the half minute after which a host that is
/// gone is followed by another.
const LONG_ONE_IN: u64 = 6;
const LONG: Duration = Duration::from_secs(30);

/// What flaps is up and down so many times.
const FLAPS: std::ops::Range<u64> = 3..7;

#[derive(Clone)]
enum Kind {
    /// So many milliseconds.
    Lasting(Mood, std::ops::Range<u64>),
    /// See [`flapping`].
    Flapping,
}

/// Whether outages may be so long that others take over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outages {
    Short,
    AndLong,
}

/// Weather for at least that long, which ends well.
pub(super) fn weather(mut dice: Dice, lasts: Duration, outages: Outages) -> Weather {
    let mut weather = Weather::new();
    while length(&weather) < lasts {
        let mut kinds = KINDS.to_vec();
        while !kinds.is_empty() {
            match kinds.swap_remove(dice.below(kinds.len() as u64) as usize) {
                Kind::Lasting(mood, millis) => {
                    let mut spell = spell(&mut dice, mood, millis);
                    let is_outage = matches!(mood, Mood::Silent | Mood::Offline);
                    let is_long = is_outage && dice.below(LONG_ONE_IN) == 0;
                    if is_long && outages == Outages::AndLong {
                        spell.lasts += LONG;
                    }
                    weather.push(spell);
                }
                Kind::Flapping => weather.extend(flapping(&mut dice)),
            }
            // Without it one outage would go over into the next, and be one.
            weather.push(spell(&mut dice, Mood::Well, 500..3_000));
        }
    }
    weather
}

/// How long it lasts.
pub(super) fn length(weather: &Weather) -> Duration {
    weather.iter().map(|spell| spell.lasts).sum()
}

/// Up and down, faster than anything settles.
pub(super) fn flapping(dice: &mut Dice) -> Weather {
    let flaps = in_range(dice, FLAPS);
    let mut weather = Weather::new();
    for _ in 0..flaps {
        let down = [Mood::Silent, Mood::Offline, Mood::Torn][dice.below(3) as usize];
        let up = [Mood::Well, Mood::Slow][dice.below(2) as usize];
        weather.push(spell(dice, down, 50..900));
        weather.push(spell(dice, up, 200..2_500));
    }
    weather
}

fn spell(dice: &mut Dice, mood: Mood, millis: std::ops::Range<u64>) -> Spell {
    Spell { mood, lasts: Duration::from_millis(in_range(dice, millis)) }
}

fn in_range(dice: &mut Dice, range: std::ops::Range<u64>) -> u64 {
    range.start + dice.below(range.end - range.start)
}

/// The network between a window and the server.
pub(super) struct Network {
    proxy: Proxy,
    window: Window,
    /// What it had carried when it began.
    before: [u64; 3],
}

impl Network {
    pub(super) async fn of(window: &Window, proxy: Proxy) -> Self {
        window.developer("Network.enable", &json!({})).await;
        let before = proxy.carried();
        Self { proxy, window: window.clone(), before }
    }

    /// WebSockets it has opened since it began, and bytes from the browser and to it.
    pub(super) fn carried(&self) -> [u64; 3] {
        let now = self.proxy.carried();
        std::array::from_fn(|at| now[at] - self.before[at])
    }

    /// Goes by the weather, and is well in the end.
    pub(super) async fn go_by(&self, weather: &Weather) {
        for spell in weather {
            self.set(spell.mood).await;
            // How long the weather lasts is what is told here.
            sleep(spell.lasts).await;
        }
        self.set(Mood::Well).await;
    }

    /// The sockets are the line's. Whether there is a network at all the browser tells the page by
    /// itself, and opens nothing where there is none.
    pub(super) async fn set(&self, mood: Mood) {
        self.proxy.set(mood.line());
        let conditions = json!({
            "offline": mood == Mood::Offline,
            "latency": 0,
            "downloadThroughput": -1,
            "uploadThroughput": -1,
        });
        self.window.developer("Network.emulateNetworkConditions", &conditions).await;
    }
}

#[test]
fn weather_is_its_seed_s_and_has_every_mood_and_ends_well() {
    let minute = Duration::from_secs(60);
    let of = |seed| weather(Dice::new(seed), minute, Outages::AndLong);
    assert_eq!(of(3), of(3));
    assert_ne!(of(3), of(4));
    for seed in 0..50 {
        let weather = of(seed);
        let mut moods: Vec<_> = weather.iter().map(|spell| spell.mood).collect();
        assert_eq!(moods.last(), Some(&Mood::Well), "{seed}");
        moods.sort();
        moods.dedup();
        assert_eq!(moods.len(), 5, "{seed}: {moods:?}");
        assert!(length(&weather) >= minute, "{seed}");
    }
    let longest = |outages| {
        let all = (0..50).flat_map(|seed| weather(Dice::new(seed), minute, outages));
        all.map(|spell| spell.lasts).max().unwrap()
    };
    assert!(longest(Outages::Short) < LONG && longest(Outages::AndLong) > LONG);
}
