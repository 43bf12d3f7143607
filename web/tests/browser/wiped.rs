//! What a stay leaves in the tab's memory: nothing of what was said, by whom, or where. What is
//! looked for is never part of a script, or looking for it would put it there: it goes into the
//! page by the keyboard and by the room, and the watched window waits for other words.

use sanctuary_crypto::{RoomName, Secret, Stretched};

use crate::devtools::DeveloperTools;
use crate::house::{House, led_to};
use crate::people::{Host, join, start_room_in};
use crate::proxy::Proxy;
use crate::window::Window;

/// Words that nothing else says.
const OWN_NAME: &str = "Wyndlethorpe-Quagmire";
const OTHERS_NAME: &str = "Oxblood-Parsimony";
const SAID: &str = "zephyr-lantern-haberdash";
const HEARD: &str = "kumquat-ossuary-plinth";
const WHISPERED: &str = "vellum-crocus-thimble";
const WHISPER_HEARD: &str = "gossamer-turnstile-yak";
const DRAFT: &str = "umbrage-falconry-dew";

/// The last that the watched member hears; whatever is looked for came before it.
const LAST: &str = "that is all";

#[tokio::test]
async fn a_host_who_leaves_keeps_nothing_in_memory() {
    let story = Story::tell(Watched::Host).await;
    story.watched.press("Leave").await;
    story.watched.see("You left the room.").await;
    story.keeps_nothing().await;
    story.house.close().await;
}

#[tokio::test]
async fn a_guest_who_says_farewell_keeps_nothing_in_memory() {
    let story = Story::tell(Watched::Guest).await;
    story.watched.empty("composer").await;
    story.watched.say("/exit").await;
    story.watched.see("You left the room.").await;
    story.keeps_nothing().await;
    story.house.close().await;
}

#[tokio::test]
async fn who_is_put_out_keeps_nothing_in_memory_but_by_whom() {
    let mut story = Story::tell(Watched::Guest).await;
    story.put_out().await;
    story.watched.see("put you out").await;
    story.canaries.retain(|it| it.what != Canary::OTHERS_NAME);
    story.keeps_nothing().await;
    story.house.close().await;
}

#[tokio::test]
async fn a_purge_leaves_nothing_in_memory_but_whose_it_was() {
    let mut story = Story::tell(Watched::Guest).await;
    story.other.say("/stop").await;
    story.other.press("End the room").await;
    story.watched.see("ended the room").await;
    story.canaries.retain(|it| it.what != Canary::OTHERS_NAME);
    story.keeps_nothing().await;
    story.house.close().await;
}

#[tokio::test]
async fn covering_tracks_leaves_no_memory_of_the_page_at_all() {
    let story = Story::tell(Watched::Host).await;
    story.watched.press("Cover tracks").await;
    story.watched.until("an empty page", "return location.href === 'about:blank'").await;
    let found = story.keeps_nothing().await;
    // The empty page lists its own memories and no others; the heap is that of both.
    assert_eq!((found.memories, found.programs), (0, 0), "the page itself is gone");
    story.house.close().await;
}

/// Whose window is looked into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Watched {
    Host,
    Guest,
}

/// Two people who have talked.
pub(crate) struct Story {
    pub(crate) house: House,
    pub(crate) watched: Window,
    pub(crate) other: Window,
    pub(crate) canaries: Vec<Canary>,
}

impl Story {
    /// Tells it up to a draft that is still being written, and sees that all of it is found then.
    async fn tell(whose: Watched) -> Self {
        let house = House::open().await;
        let page = house.page();
        Self::tell_in(house, [&page, &page], whose).await
    }

    /// As [`Self::tell`]; the watched window, and the other, each have a line to the server.
    pub(crate) async fn tell_over_lines(whose: Watched) -> (Self, [Proxy; 2]) {
        let (house, lines) = House::with_lines(&[]).await;
        let pages = lines.each_ref().map(Proxy::page);
        let story = Self::tell_in(house, pages.each_ref().map(String::as_str), whose).await;
        (story, lines)
    }

    /// By the page of the watched window, and that of the other.
    async fn tell_in(mut house: House, [watched, other]: [&str; 2], whose: Watched) -> Self {
        let (hosts_page, guests_page) = match whose {
            Watched::Host => (watched, other),
            Watched::Guest => (other, watched),
        };
        let (hosts_name, guests_name) = match whose {
            Watched::Host => (OWN_NAME, OTHERS_NAME),
            Watched::Guest => (OTHERS_NAME, OWN_NAME),
        };
        let host = house.window_at(hosts_page).await;
        let Host { window: host, link } = start_room_in(host, hosts_name).await;
        let guest = join(&mut house, &led_to(guests_page, &link), guests_name).await;
        let (watched, other) = match whose {
            Watched::Host => (host, guest),
            Watched::Guest => (guest, host),
        };
        watched.hear("came in").await;
        watched.say(SAID).await;
        watched.say(&format!("/purr {OTHERS_NAME} {WHISPERED}")).await;
        other.hear(SAID).await;
        other.hear(WHISPERED).await;
        other.say(HEARD).await;
        other.say(&format!("/purr {OWN_NAME} {WHISPER_HEARD}")).await;
        other.say(LAST).await;
        watched.hear(LAST).await;
        watched.fill("composer", DRAFT).await;
        let story = Self { house, watched, other, canaries: canaries(&link) };
        story.finds_everything().await;
        story
    }

    /// The other has the watched member removed.
    pub(crate) async fn put_out(&self) {
        self.other.say(&format!("/kick {OWN_NAME}")).await;
    }

    /// Says something more, with the draft still being written.
    pub(crate) async fn say_beside_the_draft(&self, words: &str) {
        self.watched.empty("composer").await;
        self.watched.say(words).await;
        self.watched.fill("composer", DRAFT).await;
    }

    /// Whatever is looked for is found in the watched window: it could be found afterwards.
    pub(crate) async fn finds_everything(&self) {
        let found = Sightings::of(&self.canaries, &self.watched).await;
        let names: Vec<_> = self.canaries.iter().map(|canary| canary.what).collect();
        assert_eq!(found.whole(), names, "all is found before: {found:#?}");
        let in_heap = found.of_each.iter().any(|it| it.heap[WHOLE] > 0);
        let in_memory = found.of_each.iter().any(|it| it.memory[WHOLE] > 0);
        assert!(in_heap && in_memory, "either instrument finds something: {found:#?}");
        assert!(found.memories > 0 && found.programs > 0, "and the page itself: {found:#?}");
    }

    /// No part of anything is found in the watched window.
    pub(crate) async fn keeps_nothing(&self) -> Sightings {
        let found = Sightings::of(&self.canaries, &self.watched).await;
        let none: [&str; 0] = [];
        assert_eq!(found.in_part(), none, "still found: {found:#?}");
        found
    }
}

/// Something that may not be found afterwards.
#[derive(Debug)]
pub(crate) struct Canary {
    pub(crate) what: &'static str,
    bytes: Vec<u8>,
}

impl Canary {
    pub(crate) const DRAFT: &'static str = "a draft";
    pub(crate) const OTHERS_NAME: &'static str = "the other's name";

    /// What whoever knocks has to know.
    pub(crate) const KNOCKED_WITH: [&'static str; 4] =
        ["one's own name", "the room's name", "the secret", "the secret, stretched"];

    pub(crate) fn of(what: &'static str, text: &str) -> Self {
        Self { what, bytes: text.as_bytes().to_vec() }
    }

    /// The whole, and either half: what was typed letter by letter was a beginning once, and memory
    /// that is used again may have lost one.
    fn parts(&self) -> [&[u8]; PARTS] {
        let (first, second) = self.bytes.split_at(self.bytes.len() / 2);
        [&self.bytes, first, second]
    }
}

/// How many parts of a canary are looked for, and which of them is all of it.
const PARTS: usize = 3;
const WHOLE: usize = 0;

fn canaries(link: &str) -> Vec<Canary> {
    let (_, fragment) = link.split_once('#').unwrap();
    let (room, secret) = fragment.split_once('.').unwrap();
    let stretched = Stretched::derive(&RoomName::new(room).unwrap(), &Secret::new(secret).unwrap());
    vec![
        Canary::of("one's own name", OWN_NAME),
        Canary::of(Canary::OTHERS_NAME, OTHERS_NAME),
        Canary::of("the room's name", room),
        Canary::of("the secret", secret),
        Canary { what: "the secret, stretched", bytes: stretched.as_bytes().to_vec() },
        Canary::of("what was said", SAID),
        Canary::of("what was heard", HEARD),
        Canary::of("a whisper", WHISPERED),
        Canary::of("a whisper that was heard", WHISPER_HEARD),
        Canary::of(Canary::DRAFT, DRAFT),
    ]
}

/// What the heap calls a WebAssembly program that is loaded.
const PROGRAM: &[u8] = b"WasmNativeModule";

/// How often each part of a canary stands in the heap, and in WebAssembly's memory, be it in UTF-8
/// or in UTF-16.
#[derive(Debug)]
struct Sighting {
    what: &'static str,
    heap: [u64; PARTS],
    memory: [u64; PARTS],
}

/// What is found in a window.
#[derive(Debug)]
pub(crate) struct Sightings {
    of_each: Vec<Sighting>,
    memories: usize,
    programs: u64,
}

impl Sightings {
    /// Looks into a window once, and lets go of it again.
    async fn of(canaries: &[Canary], window: &Window) -> Self {
        window.let_go_of_elements().await;
        let mut tools = DeveloperTools::attach(window).await;
        let heap = tools.heap().await;
        let parts: Vec<&[u8]> = canaries.iter().flat_map(Canary::parts).collect();
        let needles = parts.iter().flat_map(|part| [part.to_vec(), wide(part)]).collect::<Vec<_>>();
        let memories = tools.count_in_memories(&needles).await;
        tools.detach().await;
        let in_memory = |part: usize| {
            memories.iter().map(|counts| counts[2 * part] + counts[2 * part + 1]).sum::<u64>()
        };
        let of_each = canaries.iter().enumerate().map(|(number, canary)| Sighting {
            what: canary.what,
            heap: canary.parts().map(|part| count(&heap, part)),
            memory: std::array::from_fn(|part| in_memory(PARTS * number + part)),
        });
        Self {
            of_each: of_each.collect(),
            memories: memories.len(),
            programs: count(&heap, PROGRAM),
        }
    }

    /// What is found whole.
    fn whole(&self) -> Vec<&'static str> {
        self.having(|counts| counts[WHOLE] > 0)
    }

    /// What is found in part, or whole.
    fn in_part(&self) -> Vec<&'static str> {
        self.having(|counts| counts.iter().any(|count| *count > 0))
    }

    fn having(&self, holds: impl Fn(&[u64; PARTS]) -> bool) -> Vec<&'static str> {
        let found = self.of_each.iter().filter(|it| holds(&it.heap) || holds(&it.memory));
        found.map(|it| it.what).collect()
    }
}

/// In UTF-16, as far as it is ASCII.
fn wide(part: &[u8]) -> Vec<u8> {
    part.iter().flat_map(|byte| [*byte, 0]).collect()
}

fn count(heap: &[u8], part: &[u8]) -> u64 {
    heap.windows(part.len()).map(|window| u64::from(window == part)).sum()
}
