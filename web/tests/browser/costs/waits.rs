//! What a person waits for, on a machine four times slower than this one: the page, its first field,
//! the room, a letter, a message.

use serde_json::json;

use super::WATCH;
use super::burst::{SLOWER, print, slow_down, sorted};
use crate::house::House;
use crate::people::start_room;
use crate::window::Window;

/// Times each wait is looked at; what is printed is the median.
const TIMES: usize = 9;

const CASE: &str = "4 x slower";

#[tokio::test]
#[ignore = "measures: cargo xtask measure"]
async fn what_a_person_waits_for() {
    let mut house = House::open().await;
    let host = start_room(&mut house, "Ada").await;
    let window = house.window_at("about:blank").await;
    let script = json!({ "source": LOOK });
    window.developer("Page.addScriptToEvaluateOnNewDocument", &script).await;
    slow_down(&window, SLOWER).await;
    let mut opened = Vec::new();
    for _ in 0..TIMES {
        // Elsewhere in between: the page itself would only be told that its fragment changed.
        window.goto("about:blank").await;
        window.goto(&host.link).await;
        window.until("the first field stands", "return waits.field !== undefined").await;
        opened.push(window.eval("return [waits.paint(), waits.field]").await);
    }
    for (at, what) in [(0, "first paint"), (1, "the first field stands")] {
        print_median(what, opened.iter().map(|opened| opened[at].as_f64().unwrap()));
    }

    window.fill("alias", "Ben").await;
    window.eval(WATCH).await;
    window.press("Go in").await;
    window.until("the composer can be used", "return window.usable !== undefined").await;
    let millis = window.eval("return window.usable - window.pressed").await;
    print(CASE, "", "coming in by link", millis.as_f64().unwrap());

    type_and_send(&window, &host.window).await;
    house.close().await;
}

/// From a key to the picture after it, and from Enter to the picture in another's window, as slow.
async fn type_and_send(writer: &Window, reader: &Window) {
    reader.eval(LOOK).await;
    slow_down(reader, SLOWER).await;
    let (mut keys, mut seen) = (Vec::new(), Vec::new());
    for time in 1..=TIMES {
        let words = format!("message {time}");
        writer.eval("waits.keys.length = 0").await;
        reader.eval(&format!("waits.until({words:?})")).await;
        writer.say(&words).await;
        reader.until("the message is seen", "return waits.seen !== undefined").await;
        let has_all = format!("return waits.keys.length > {}", words.len());
        writer.until("all keys are painted", &has_all).await;
        let painted = writer.eval("return waits.keys.slice(0, -1)").await;
        keys.extend(painted.as_array().unwrap().iter().map(|millis| millis.as_f64().unwrap()));
        let (sent, saw) = (writer.eval("return waits.entered"), reader.eval("return waits.seen"));
        seen.push(saw.await.as_f64().unwrap() - sent.await.as_f64().unwrap());
    }
    print_median("a key to its picture", keys.into_iter());
    print_median("a message sent to it seen", seen.into_iter());
}

fn print_median(what: &str, millis: impl Iterator<Item = f64>) {
    let millis = sorted(millis.collect());
    print(CASE, "", what, millis[millis.len() / 2]);
}

/// Notes when things stand, and when what a key did is painted: a task after the next picture.
const LOOK: &str = "
    const painted = (then) => requestAnimationFrame(() => {
        const after = new MessageChannel();
        after.port1.onmessage = () => then(performance.now());
        after.port2.postMessage(null);
    });
    const waits = window.waits = {
        keys: [],
        paint: () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
        until: (words) => {
            waits.seen = undefined;
            const log = document.querySelector('[role=log]');
            const watcher = new MutationObserver(() => {
                if (!log.lastElementChild?.lastElementChild?.textContent.includes(words)) return;
                watcher.disconnect();
                painted((at) => { waits.seen = performance.timeOrigin + at; });
            });
            watcher.observe(log, { childList: true, subtree: true });
        },
    };
    addEventListener('keydown', ({ key, timeStamp }) => {
        if (key === 'Enter') waits.entered = performance.timeOrigin + timeStamp;
        painted((at) => waits.keys.push(at - timeStamp));
    }, { capture: true });
    const look = () => {
        if (document.querySelector('#alias') !== null) waits.field = performance.now();
        else requestAnimationFrame(look);
    };
    look();
";
