//! Hostile words: what people send who want a page to run something, to fetch something, or to look like
//! something else. The cases are data, in `web/tests/corpus`; each is said, replied to, done, linked to and
//! pasted, some are said to a picture, and after each the page is what it was.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use sanctuary_client::markup::{Markup, Node, Tag, parse, pasted};
use sanctuary_crypto::{Alias, RoomName};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::burst::open_house;
use crate::house::{House, led_to};
use crate::people::{Host, start_room_in};
use crate::window::Window;

const CORPUS: &str = include_str!("../corpus/hostile.txt");

/// Said between two looks at the page: of more, the older lines are on the page no more.
const BATCH: usize = 80;

/// A picture takes a second, so that one case in so many is said to one.
const CAPTIONED_EVERY: usize = 9;

/// An address that is listened to, and nobody is to connect to.
pub(crate) struct Trap {
    pub(crate) address: SocketAddr,
    caught: Arc<AtomicU32>,
}

impl Trap {
    pub(crate) async fn set() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let caught = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&caught);
        tokio::spawn(async move {
            while listener.accept().await.is_ok() {
                count.fetch_add(1, Ordering::Relaxed);
            }
        });
        Self { address, caught }
    }

    pub(crate) fn caught(&self) -> u32 {
        self.caught.load(Ordering::Relaxed)
    }
}

/// Every case, with the trap's address in it.
pub(crate) fn cases(leak: &str) -> Vec<String> {
    let is_case =
        |line: &&str| !line.is_empty() && !line.starts_with("##") && !line.starts_with("//");
    CORPUS.lines().filter(is_case).map(|line| unescaped(line).replace("{leak}", leak)).collect()
}

/// `\n`, `\t` and `\u{…}` stand for those characters.
fn unescaped(line: &str) -> String {
    let line = line.replace("\\n", "\n").replace("\\t", "\t");
    let mut pieces = line.split("\\u{");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| {
        let (code, rest) = piece.split_once('}').unwrap();
        let character = u32::from_str_radix(code, 16).ok().and_then(char::from_u32).unwrap();
        format!("{text}{character}{rest}")
    })
}

/// A window that is watched from its first script on.
async fn watched(house: &mut House, address: &str) -> Window {
    let window = house.window_at("about:blank").await;
    let script = json!({ "source": include_str!("hostile.js") });
    window.developer("Page.addScriptToEvaluateOnNewDocument", &script).await;
    window.goto(address).await;
    window
}

/// Two in a room, both watched.
async fn two_watched(house: &mut House) -> (Window, Window) {
    let page = house.page();
    two_watched_by(house, [&page, &page]).await
}

/// Such two, each by a page of their own.
pub(crate) async fn two_watched_by(house: &mut House, pages: [&str; 2]) -> (Window, Window) {
    let ada = watched(house, pages[0]).await;
    let Host { window: ada, link } = start_room_in(ada, "Ada").await;
    let ben = watched(house, &led_to(pages[1], &link)).await;
    ben.fill("alias", "Ben").await;
    ben.press("Go in").await;
    ben.hear("You came in").await;
    ada.hear("Ben came in").await;
    (ada, ben)
}

pub(crate) async fn broken(window: &Window) -> Vec<String> {
    let tags: Vec<&str> = Tag::ALL.iter().map(|tag| tag.name()).collect();
    let found = window.eval(&format!("return hostile.broken({})", json!(tags))).await;
    serde_json::from_value(found).unwrap()
}

#[test]
fn there_are_three_hundred_cases_and_each_is_another() {
    let mut cases = cases("127.0.0.1:1");
    let count = cases.len();
    cases.sort();
    cases.dedup();
    assert_eq!(cases.len(), count);
    assert!(count >= 300, "{count}");
}

#[test]
fn each_case_becomes_known_elements_and_links_that_may_be_or_is_refused_in_words() {
    let cases = cases("127.0.0.1:1");
    let linked = cases.iter().map(|case| format!("<a href=\"{case}\">x</a>"));
    let from_html = cases.iter().filter_map(|case| pasted(case));
    for typed in cases.iter().cloned().chain(linked).chain(from_html) {
        match parse(&typed) {
            Ok(markup) => {
                check_links(markup.nodes());
                assert_eq!(Markup::decode(&markup.encode()), Ok(markup), "{typed:?}");
            }
            Err(error) => assert!(!error.to_string().is_empty(), "{typed:?}"),
        }
    }
}

fn check_links(nodes: &[Node]) {
    for node in nodes {
        match node {
            Node::Text(_) => {}
            Node::Element { children, .. } => check_links(children),
            Node::Link { href, children } => {
                let address = href.as_str();
                let is_lawful = address.starts_with("https://") || address.starts_with("mailto:");
                assert!(is_lawful, "{address}");
                check_links(children);
            }
        }
    }
}

#[tokio::test]
async fn hostile_words_run_nothing_fetch_nothing_and_break_out_of_nothing() {
    let trap = Trap::set().await;
    let cases = cases(&trap.address.to_string());
    let mut house = open_house().await;
    let (ada, ben) = two_watched(&mut house).await;
    let people = [("who said it", &ada), ("who read it", &ben)];
    let mut around: Vec<Value> = Vec::new();
    for (_, window) in people {
        around.push(window.eval("return hostile.around()").await);
    }
    let (mut said, mut batch_number) = (0, 0);
    for way in ["said", "done", "linked", "pasted"] {
        for batch in cases.chunks(BATCH) {
            batch_number += 1;
            let outcome = ada.eval(&format!("return hostile.say({}, '{way}')", json!(batch))).await;
            said += outcome.as_u64().unwrap();
            let last = format!("so much for batch {batch_number}.");
            ada.say(&last).await;
            ben.hear(&last).await;
            for ((who, window), around) in people.into_iter().zip(&around) {
                assert_eq!(broken(window).await, [""; 0], "{way}, {who}, batch {batch_number}");
                let now = window.eval("return hostile.around()").await;
                assert_eq!(now, *around, "{way}, {who}, batch {batch_number}");
            }
        }
    }
    assert!(said > 3 * cases.len() as u64, "only {said} were said");
    assert_eq!(trap.caught(), 0, "something was fetched");
    house.close().await;
}

#[tokio::test]
async fn hostile_words_said_to_a_picture_are_words_like_any_other() {
    let trap = Trap::set().await;
    let cases = cases(&trap.address.to_string());
    let mut house = open_house().await;
    let (ada, ben) = two_watched(&mut house).await;
    ada.press("Close").await;
    let captions: Vec<_> = cases.iter().step_by(CAPTIONED_EVERY).collect();
    let mut captioned = 0;
    // A script may take half a minute.
    for batch in captions.chunks(10) {
        let outcome = ada.eval(&format!("return hostile.caption({})", json!(batch))).await;
        captioned += outcome.as_u64().unwrap();
    }
    assert!(captioned > captions.len() as u64 / 2, "only {captioned} were said");
    ada.say("so much for pictures.").await;
    ben.hear("so much for pictures.").await;
    for (who, window) in [("who said it", &ada), ("who read it", &ben)] {
        assert_eq!(broken(window).await, [""; 0], "said to a picture, {who}");
    }
    assert_eq!(trap.caught(), 0, "something was fetched");
    house.close().await;
}

/// So many of them, from all over the corpus.
pub(crate) fn some(cases: Vec<String>, count: usize) -> Vec<String> {
    let every = cases.len() / count;
    cases.into_iter().step_by(every).take(count).collect()
}

#[tokio::test]
async fn hostile_names_and_room_names_are_words_like_any_other() {
    const COUNT: usize = 12;
    let trap = Trap::set().await;
    let cases = cases(&trap.address.to_string());
    let is_name = |case: &&String| Alias::new(case).is_ok();
    let names = some(cases.iter().filter(is_name).cloned().collect(), COUNT);
    let is_room = |case: &&String| RoomName::new(case).is_ok();
    let rooms = some(cases.iter().filter(is_room).cloned().collect(), COUNT);
    assert_eq!((names.len(), rooms.len()), (COUNT, COUNT));
    let mut house = open_house().await;
    let page = house.page();
    let ada = watched(&mut house, &page).await;
    for (name, room) in names.iter().zip(&rooms) {
        ada.press("My own").await;
        for (field, text) in [("alias", name.as_str()), ("room-name", room), ("secret", "tea tea")]
        {
            // By a script: what a keyboard has no key for is typed as well.
            let fill = "const field = document.getElementById(arguments_[0]);
                field.value = arguments_[1];
                field.dispatchEvent(new Event('input', { bubbles: true }));";
            let fill = format!("const arguments_ = {}; {fill}", json!([field, text]));
            ada.eval(&fill).await;
        }
        ada.press("Start the room").await;
        ada.find(".room").await;
        let held = ada.eval("return document.querySelector('.room-name').textContent").await;
        assert_eq!(held, RoomName::new(room).unwrap().as_str());
        let held = ada.eval("return document.querySelector('.member .name').textContent").await;
        assert_eq!(held, Alias::new(name).unwrap().as_str());
        ada.press("Close").await;
        ada.say("/me says so").await;
        ada.find(".said:not(.pending) .act").await;
        assert_eq!(broken(&ada).await, [""; 0], "{name}, {room}");
        let strange = "return document.querySelectorAll('.room :is(img, script, iframe, object), \
             [onload], [onerror], [onclick]').length";
        assert_eq!(ada.eval(strange).await, 0, "{name}, {room}");
        ada.press("Leave").await;
        ada.press("Start another room").await;
    }
    assert_eq!(trap.caught(), 0);
    house.close().await;
}

/// Each thing that is watched for, done from outside: none would pass unseen.
#[tokio::test]
async fn what_is_watched_for_is_found() {
    let trap = Trap::set().await;
    let mut house = House::open().await;
    let page = house.page();
    let ada = watched(&mut house, &page).await;
    let Host { window: ada, .. } = start_room_in(ada, "Ada").await;
    ada.say("harmless").await;
    ada.find(".said:not(.pending) .markup").await;
    assert_eq!(broken(&ada).await, [""; 0]);
    let around = ada.eval("return hostile.around()").await;
    ada.eval(
        "const planted = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
         planted.id = 'planted';
         document.querySelector('.markup').append(planted)",
    )
    .await;
    let found = broken(&ada).await;
    for expected in ["an element", "an attribute"] {
        assert!(found.iter().any(|found| found.starts_with(expected)), "{expected}: {found:?}");
    }
    ada.eval("document.querySelector('#planted').remove(); __ran()").await;
    assert!(broken(&ada).await.contains(&"1 scripts ran".to_owned()));
    ada.eval(&format!(
        "const image = new Image(); image.src = 'http://{}/beacon'; document.body.append(image)",
        trap.address
    ))
    .await;
    ada.until("the policy reports", "return hostile.reports.length > 0").await;
    assert_ne!(ada.eval("return hostile.around()").await, around);
    tokio::net::TcpStream::connect(trap.address).await.unwrap();
    crate::wait::until("the trap has caught somebody", async || trap.caught() == 1).await;
    house.close_expecting(&["img-src", "Content Security Policy"]).await;
}
