//! What a stay leaves in the tab's memory when it ends in an outage: nothing, as ever.

use super::SOCKET_FAILED;
use super::weather::{Mood, Network, flapping};
use crate::dice::Dice;
use crate::proxy::Proxy;
use crate::wiped::{Canary, Story, Watched};

/// What decides the weather before.
const SEED: u64 = 3;

/// Words that nothing else says, and that the network never carries.
const DARK: &str = "what was said in the dark";
const SAID_IN_THE_DARK: &str = "quinine-bannister-fjord";

/// A stay over a network that has flapped, and is down in that way; and what is on its way then.
async fn in_an_outage(whose: Watched, mood: Mood) -> (Story, Network, Proxy) {
    let (mut story, [watched, other]) = Story::tell_over_lines(whose).await;
    let network = Network::of(&story.watched, watched).await;
    network.go_by(&flapping(&mut Dice::new(SEED))).await;
    story.watched.see_no_more("Connection lost").await;
    network.set(mood).await;
    story.say_beside_the_draft(SAID_IN_THE_DARK).await;
    story.watched.find(".line.pending").await;
    story.canaries.push(Canary::of(DARK, SAID_IN_THE_DARK));
    story.finds_everything().await;
    (story, network, other)
}

#[tokio::test]
async fn a_host_who_leaves_in_a_tunnel_keeps_nothing_in_memory() {
    let (story, _network, _other) = leaves(Watched::Host, Mood::Silent).await;
    // Whatever is carried when the network is back brings nothing back with it.
    story.keeps_nothing().await;
    story.house.close_expecting(&[SOCKET_FAILED]).await;
}

#[tokio::test]
async fn a_guest_who_leaves_without_a_network_keeps_nothing_in_memory() {
    let (story, _network, _other) = leaves(Watched::Guest, Mood::Offline).await;
    story.house.close_expecting(&[SOCKET_FAILED]).await;
}

/// Leaves in the midst of it.
async fn leaves(whose: Watched, mood: Mood) -> (Story, Network, Proxy) {
    let (story, network, other) = in_an_outage(whose, mood).await;
    story.watched.press("Leave").await;
    story.watched.see("You left the room.").await;
    story.keeps_nothing().await;
    network.set(Mood::Well).await;
    (story, network, other)
}

/// The page was not told: it finds its seat gone and the door shut. It keeps what it knocks with, and what
/// its person wrote and nobody was told, which would be in the composer again. Of the room it keeps
/// nothing; and when its person gives up, of those words neither.
#[tokio::test]
async fn who_is_put_out_in_an_outage_keeps_nothing_of_the_room_in_memory() {
    let (mut story, network, _other) = in_an_outage(Watched::Guest, Mood::Offline).await;
    story.put_out().await;
    network.set(Mood::Well).await;
    story.watched.see("That key does not fit").await;
    story.canaries.retain(|it| !Canary::KNOCKED_WITH.contains(&it.what));
    let is_unsent = |it: &mut Canary| [Canary::DRAFT, DARK].contains(&it.what);
    let unsent: Vec<_> = story.canaries.extract_if(.., is_unsent).collect();
    story.keeps_nothing().await;
    story.canaries.extend(unsent);
    story.watched.press("Back").await;
    story.watched.find("#alias").await;
    story.keeps_nothing().await;
    story.house.close_expecting(&[SOCKET_FAILED]).await;
}
