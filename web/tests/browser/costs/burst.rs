//! What a burst costs two pages: by message, by picture, and in all. The pages are those that are
//! served; what measures stands around them, in `burst.js` and in the browser's own counters.
//!
//! One page is measured at a time, and it alone is slow. Two of them, and all that paints them, would
//! take two cores from each other, and a task would be as long as it is kept from its core. Who reads
//! has a line that is held until all has been said: then there is nobody left to wait for.

use serde_json::{Value, json};

use crate::burst::{MESSAGES, Pair, open_house_with_a_line};
use crate::cipher::{asked, cipher_page};
use crate::proxy::{Line, Proxy};
use crate::window::Window;

/// As many lines as the page keeps.
const LINES_MAX: usize = 1_000;

/// How many times slower the slow machine is: a cheap phone, beside this one.
pub(super) const SLOWER: u32 = 4;

#[tokio::test]
#[ignore = "measures: cargo xtask measure"]
async fn a_burst_of_two_hundred() {
    let (mut house, proxy) = open_house_with_a_line().await;
    print_cipher(&cipher_page(&mut house).await).await;
    for (case, slower) in [("", 1), (", 4 x slower", SLOWER)] {
        let pair = Pair::enter_by(&mut house, &proxy.page()).await;
        measure(&format!("no lines before{case}"), &pair, &proxy, slower).await;
        pair.burst(LINES_MAX).await;
        measure(&format!("1,000 lines{case}"), &pair, &proxy, slower).await;
        pair.leave().await;
    }
    house.close().await;
}

/// The cipher's part of a message, by its own page: of sealing and sending, and of opening and taking
/// in, what is left is the client's update.
async fn print_cipher(page: &Window) {
    let costs = asked(page, json!(["measure_among", 2])).await;
    for what in ["seal 100 B", "open 100 B"] {
        let mut costs = costs.as_array().unwrap().iter();
        let cost = costs.find(|cost| cost["what"] == what).unwrap();
        print("the cipher alone", "", what, cost["millis"].as_f64().unwrap());
    }
}

async fn measure(case: &str, pair: &Pair, proxy: &Proxy, slower: u32) {
    proxy.set(Line::Held);
    watched(case, ("sender", &pair.ada), slower, async || pair.say(MESSAGES).await).await;
    watched(case, ("reader", &pair.ben), slower, async || {
        proxy.set(Line::Up);
        pair.hear(MESSAGES).await;
    })
    .await;
}

/// Prints what one page makes of what happens.
async fn watched(case: &str, (who, window): (&str, &Window), slower: u32, happens: impl AsyncFn()) {
    window.developer("Performance.enable", &json!({})).await;
    slow_down(window, slower).await;
    let before = Counters::of(window).await;
    happens().await;
    let after = Counters::of(window).await;
    slow_down(window, 1).await;
    let seen = window.eval("return watch").await;
    print_stages(case, who, &seen);
    after.print_since(&before, case, who, seen["pictures"].as_f64().unwrap());
    print_tasks(case, who, &seen);
    let span = |ends: &str| seen[ends].as_f64();
    if let (Some(first), Some(last)) = (span("first"), span("last")) {
        print(case, who, "first sent to last received", last - first);
    }
}

pub(super) async fn slow_down(window: &Window, times: u32) {
    window.developer("Emulation.setCPUThrottlingRate", &json!({ "rate": times })).await;
}

/// A message's medians.
fn print_stages(case: &str, who: &str, seen: &Value) {
    let stages = [
        ("sent", 0, "draft, and its views"),
        ("sent", 1, "seal, update, send"),
        ("sent", 2, "views of a message sent"),
        ("received", 0, "open, update"),
        ("received", 1, "views of a message received"),
    ];
    for (list, stage, what) in stages {
        let messages = seen[list].as_array().unwrap().iter();
        let millis: Vec<f64> = messages.map(|took| took[stage].as_f64().unwrap()).collect();
        if !millis.is_empty() {
            print(case, who, what, sorted(millis)[MESSAGES / 2]);
        }
    }
}

/// What held the page up: a message in all its stages, and what the browser calls a long task.
fn print_tasks(case: &str, who: &str, seen: &Value) {
    let messages = ["sent", "received"].into_iter().flat_map(|list| seen[list].as_array().unwrap());
    let messages = messages.map(|stages| {
        stages.as_array().unwrap().iter().map(|millis| millis.as_f64().unwrap()).sum::<f64>()
    });
    print(case, who, "the longest message", messages.fold(0.0, f64::max));
    let long: Vec<f64> = serde_json::from_value(seen["long"].clone()).unwrap();
    print(case, who, "tasks over 50 ms", long.len() as f64);
    print(case, who, "the longest of them", long.into_iter().fold(0.0, f64::max));
}

/// What the browser counts of a page's thread, in milliseconds.
struct Counters {
    task: f64,
    script: f64,
    style: f64,
    layout: f64,
}

impl Counters {
    async fn of(window: &Window) -> Self {
        let answer = window.developer("Performance.getMetrics", &json!({})).await;
        let millis = |name: &str| {
            let mut counters = answer["metrics"].as_array().unwrap().iter();
            let counter = counters.find(|counter| counter["name"] == name).unwrap();
            counter["value"].as_f64().unwrap() * 1_000.0
        };
        Self {
            task: millis("TaskDuration"),
            script: millis("ScriptDuration"),
            style: millis("RecalcStyleDuration"),
            layout: millis("LayoutDuration"),
        }
    }

    /// By message, and by picture what is no script: style, layout and painting, with what the
    /// browser does around them.
    fn print_since(&self, before: &Self, case: &str, who: &str, pictures: f64) {
        let Self { task, script, style, layout } = self;
        let (script, task) = (script - before.script, task - before.task);
        let laid_out = style - before.style + layout - before.layout;
        for (what, millis) in [
            ("script", script),
            ("style, layout", laid_out),
            ("painting, rest", task - script - laid_out),
            ("all", task),
        ] {
            print(case, who, &format!("a message's {what}"), millis / MESSAGES as f64);
        }
        print(case, who, "pictures", pictures);
        print(case, who, "a picture", (task - script) / pictures);
    }
}

pub(super) fn sorted(mut numbers: Vec<f64>) -> Vec<f64> {
    numbers.sort_by(f64::total_cmp);
    numbers
}

#[expect(clippy::print_stdout, reason = "whoever measures reads it")]
pub(super) fn print(case: &str, who: &str, what: &str, number: f64) {
    println!("{case:<30} {who:<8} {what:<32} {number:>10.3}");
}
