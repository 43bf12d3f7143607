//! What things cost in a browser. Nothing is demanded of a machine that may be busy: these stories
//! print what they saw, and run when `cargo xtask measure` asks for them.

mod burst;
mod waits;

use serde_json::{Value, json};

use crate::cipher::{asked, cipher_page};
use crate::house::House;
use crate::people::{Host, join, start_room};

/// Rooms of these sizes: a talk, a party, a hall, the most that is tested end to end.
const MEMBERS: [u32; 4] = [2, 10, 100, 256];

/// How many times somebody comes in.
const ARRIVALS: usize = 5;

#[tokio::test]
#[ignore = "measures: cargo xtask measure"]
async fn the_cipher() {
    let mut house = House::open().await;
    let window = cipher_page(&mut house).await;
    println!("{:<16} {:<22} {:>10}", "in a room of", "what", "ms");
    print_costs("any", &asked(&window, json!(["measure_alone"])).await);
    for members in MEMBERS {
        for call in ["measure_among", "measure_crowd"] {
            let costs = asked(&window, json!([call, members])).await;
            print_costs(&members.to_string(), &costs);
        }
    }
    house.close().await;
}

#[expect(clippy::print_stdout, reason = "whoever measures reads it")]
fn print_costs(room: &str, costs: &Value) {
    for cost in costs.as_array().unwrap() {
        let (what, millis) = (cost["what"].as_str().unwrap(), cost["millis"].as_f64().unwrap());
        println!("{room:<16} {what:<22} {millis:>10.3}");
    }
}

/// Ten browsers are in the room, and all of them on this machine: other people's are not, so this
/// is more than anybody would wait for.
#[tokio::test]
#[ignore = "measures: cargo xtask measure"]
async fn coming_in_by_link_with_ten_inside() {
    let mut house = House::open().await;
    let Host { window: _ada, link } = start_room(&mut house, "Ada").await;
    for number in 2..=10 {
        join(&mut house, &link, &format!("Guest {number}")).await;
    }
    for arrival in 1..=ARRIVALS {
        let window = house.window_at(&link).await;
        window.fill("alias", "Zoe").await;
        window.eval(WATCH).await;
        window.press("Go in").await;
        window.until("the composer can be used", "return window.usable !== undefined").await;
        let millis = window.eval("return window.usable - window.pressed").await;
        println!("coming in by link, ten inside, time {arrival}: {millis:.0} ms");
        window.say("/exit").await;
        window.see("You left the room.").await;
    }
    house.close().await;
}

/// From the press of a button to the first picture in which the newcomer is in, and can write.
const WATCH: &str = "
    const inside = () => document.querySelector('#composer:enabled') !== null
        && document.querySelector('[role=log]')?.textContent.includes('You came in');
    addEventListener('click', ({ timeStamp }) => {
        window.pressed = timeStamp;
        const look = () => {
            if (inside()) window.usable = performance.now();
            else requestAnimationFrame(look);
        };
        look();
    }, { capture: true, once: true });
";
