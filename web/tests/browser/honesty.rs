//! A server that does not tell everybody the same: whoever is lied to is told so, and the others.

use crate::house::House;
use crate::people::{Host, join, start_room_in};

const DISHONEST: &str = "The server is not being honest.";

#[tokio::test]
async fn a_message_that_is_left_out_raises_the_alarm_by_the_next_heartbeat() {
    let (mut house, proxy, window) = House::behind_a_proxy().await;
    let Host { window: ada, link } = start_room_in(window, "Ada").await;
    let link = house.straight(&link);
    let ben = join(&mut house, &link, "Ben").await;
    ada.hear("Ben came in").await;
    ben.say("before").await;
    ada.hear("before").await;
    for window in [&ada, &ben] {
        assert!(!window.text().await.contains(DISHONEST));
    }

    proxy.leave_out_next_post();
    ben.say("never told to Ada").await;
    proxy.has_left_it_out().await;
    // Nobody says anything further: their pages do.
    ada.see(DISHONEST).await;
    ada.see("It left something out of the room\u{2019}s order").await;
    ada.see("Do not trust what you read from here on. Leave, and meet elsewhere.").await;
    ben.see("The page of Ada saw another room than yours.").await;
    ada.find(".alarm[role=alert]").await;

    // It stands, and one is not kept from talking.
    ada.say("is it raining there?").await;
    ben.hear("is it raining there?").await;
    ben.see(DISHONEST).await;
    ada.press("Leave").await;
    ada.see("You left the room.").await;
    assert!(!ada.text().await.contains(DISHONEST));
    house.close().await;
}
