//! Somebody who talks, whatever the network does: in lines that are numbered, at random moments, aloud,
//! in a whisper, as a reply, in deeds and in pictures.

use std::collections::BTreeMap;
use std::time::Duration;

use fantoccini::key::Key;
use serde_json::json;
use tokio::time::{Instant, sleep};

use super::account::{Manner, Mark, Page, Saying};
use crate::dice::Dice;
use crate::pictures::drop_noise;
use crate::window::Window;

/// What makes a line longer than others: each goes into a larger envelope, or a smaller one.
const MORE: &str = " and so on";

/// The words that are said to a picture.
const TO_A_PICTURE: &str = "(a picture)";

/// Ways of saying something.
#[derive(Clone, Copy, Debug)]
enum Way {
    Plainly,
    InDeeds,
    InAWhisper,
    InReply,
    InAPicture,
}

/// How often each comes before all begin again.
const WAYS: [(Way, usize); 5] = [
    (Way::Plainly, 5),
    (Way::InDeeds, 2),
    (Way::InAWhisper, 1),
    (Way::InReply, 2),
    (Way::InAPicture, 1),
];

/// Who talks.
pub(super) struct Person {
    pub(super) window: Window,
    name: &'static str,
    other: &'static str,
    dice: Dice,
    ways: Vec<Way>,
    numbers: u32,
    /// In the order in which it was said, or said anew.
    pub(super) said: Vec<Saying>,
    /// A picture that failed was sent again so many times.
    pub(super) retries: u32,
}

impl Person {
    pub(super) fn new(
        window: Window,
        (name, other): (&'static str, &'static str),
        dice: Dice,
    ) -> Self {
        let (ways, said) = (Vec::new(), Vec::new());
        Self { window, name, other, dice, ways, numbers: 0, said, retries: 0 }
    }

    /// Talks for so long, with pauses of up to so long.
    pub(super) async fn talk(&mut self, lasts: Duration, pause: Duration) {
        let begun = Instant::now();
        while begun.elapsed() < lasts {
            // People say things at moments that nothing else decides.
            sleep(pause.mul_f64(self.dice.fraction())).await;
            if self.has_failed_picture().await {
                self.send_again().await;
            }
            match self.next_way() {
                Way::Plainly => self.say_plainly().await,
                Way::InDeeds => self.act().await,
                Way::InAWhisper => self.whisper().await,
                Way::InReply => self.reply().await,
                Way::InAPicture => self.show_a_picture().await,
            }
        }
    }

    fn next_way(&mut self) -> Way {
        if self.ways.is_empty() {
            self.ways = WAYS.iter().flat_map(|(way, times)| vec![*way; *times]).collect();
        }
        let drawn = self.dice.below(self.ways.len() as u64) as usize;
        self.ways.swap_remove(drawn)
    }

    pub(super) async fn say_plainly(&mut self) {
        let mark = self.next_mark();
        let words = self.words(&mark);
        self.say(&words).await;
        self.said(mark, Manner::Plain, None);
    }

    async fn act(&mut self) {
        let mark = self.next_mark();
        let words = self.words(&mark);
        self.say(&format!("/me {words}")).await;
        self.said(mark, Manner::Action, None);
    }

    async fn whisper(&mut self) {
        let mark = self.next_mark();
        let words = self.words(&mark);
        self.say(&format!("/purr {} {words}", self.other)).await;
        self.said(mark, Manner::Whisper, None);
    }

    /// Replies to the last that has its place, which may be a whisper: then it is one.
    async fn reply(&mut self) {
        let mark = self.next_mark();
        self.window.eval("document.querySelector('#composer').focus()").await;
        self.window.strike(&[Key::Alt, Key::Up]).await;
        let to = "return document.querySelector('.replying .excerpt')?.textContent ?? ''";
        let to = self.window.eval(to).await;
        let to = to.as_str().unwrap();
        let is_whisper = self.window.value("composer").await.starts_with("/purr");
        let words = self.words(&mark);
        self.say(&words).await;
        let manner = if is_whisper { Manner::Whisper } else { Manner::Plain };
        // A picture may have to be sent again, and is another message then.
        let to = Mark::read(to).filter(|_| !to.contains(TO_A_PICTURE));
        self.said(mark, manner, to);
    }

    /// One at a time: as long as one is on its way, there are words.
    async fn show_a_picture(&mut self) {
        if self.has(".own .picture-standing").await {
            return self.say_plainly().await;
        }
        let mark = self.next_mark();
        drop_noise(&self.window, 8, 6).await;
        self.window.see("Send this picture?").await;
        self.window.fill("caption", &format!("{} {TO_A_PICTURE}", mark.words())).await;
        self.window.press("Send").await;
        self.window.see_no_more("Send this picture?").await;
        self.said(mark, Manner::Picture, None);
    }

    async fn has_failed_picture(&self) -> bool {
        self.has(".own .picture-failed").await
    }

    async fn has(&self, selector: &str) -> bool {
        let has = format!("return document.querySelector({}) !== null", json!(selector));
        self.window.eval(&has).await == true
    }

    /// What failed goes, and stands at the end.
    async fn send_again(&mut self) {
        let failed = "document.querySelector('.own:has(.picture-failed)')";
        let mark = format!("return {failed}.querySelector('.markup').textContent");
        let mark = Mark::read(self.window.eval(&mark).await.as_str().unwrap()).unwrap();
        self.window
            .eval(&format!("{failed}.querySelector('.picture-failed button').click()"))
            .await;
        let at = self.said.iter().position(|saying| saying.mark == mark).unwrap();
        let again = self.said.remove(at);
        self.said.push(again);
        self.retries += 1;
    }

    /// Waits until nothing is on its way any more, and sends again what failed.
    pub(super) async fn settle(&mut self) {
        self.window.see_no_more("Connection lost").await;
        loop {
            let settled = "return document.querySelector('.pending, .picture-progress') === null";
            self.window.until("all has come to its place", settled).await;
            if !self.has_failed_picture().await {
                return;
            }
            self.send_again().await;
        }
    }

    /// What this person's page shows, all of it, from the line that begins so.
    pub(super) async fn shown(&self, first: &str) -> Page {
        let script = include_str!("shown.js").replace("FIRST", &json!(first).to_string());
        let script = format!("return (async () => {{ {script} }})()");
        serde_json::from_value(self.window.eval(&script).await).unwrap()
    }

    /// How much was said in each manner.
    pub(super) fn manners(&self) -> BTreeMap<Manner, usize> {
        let mut manners = BTreeMap::new();
        for saying in &self.said {
            *manners.entry(saying.manner).or_default() += 1;
        }
        manners
    }

    async fn say(&self, words: &str) {
        self.window.say(words).await;
        // What is refused stays there.
        self.window.composes("").await;
    }

    fn next_mark(&mut self) -> Mark {
        self.numbers += 1;
        Mark { author: self.name.to_owned(), number: self.numbers }
    }

    fn words(&mut self, mark: &Mark) -> String {
        let more = if self.dice.below(5) == 0 { 40 } else { 1 };
        format!("{}{}", mark.words(), MORE.repeat(more))
    }

    fn said(&mut self, mark: Mark, manner: Manner, reply_to: Option<Mark>) {
        self.said.push(Saying { mark, manner, reply_to });
    }
}
