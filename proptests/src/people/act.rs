//! What people do, by their pages: every step is a press or a line typed.

use sanctuary_client::room::Room;
use sanctuary_client::{Model, Msg, Screen, ended, home, joining, room};
use sanctuary_protocol::MemberId;

use super::ledger::{Audience, Ledger};

/// The names of the people, by their places.
pub const NAMES: [&str; 6] = ["Ann", "Ben", "Cleo", "Dora", "Emil", "Finn"];

/// Everybody's pages, and whatever runs them.
pub trait People {
    /// How many there are.
    fn pages(&self) -> usize;

    /// A page's mind.
    fn model(&self, page: usize) -> &Model;

    /// A page's stay in the ledger, while it is in a room.
    fn stay(&self, page: usize) -> Option<usize>;

    /// What follows the `#` in the newest link.
    fn link(&self) -> String;

    /// What was typed and shown.
    fn ledger(&mut self) -> &mut Ledger;

    /// Something happens to a page.
    fn tell(&mut self, page: usize, msg: Msg);

    /// A page is closed with everything it knows, and another opened in its place.
    fn reopen(&mut self, page: usize, fragment: &str);

    /// The page that a plan's number means.
    fn place(&self, who: u8) -> usize {
        usize::from(who) % self.pages()
    }

    /// The room a page is in.
    fn room(&self, page: usize) -> Option<&Room> {
        match &self.model(page).screen {
            Screen::Room(room) => Some(room),
            Screen::Home(_) | Screen::Joining(_) | Screen::Ended(_) => None,
        }
    }

    /// The number inside of a page's member.
    fn member(&self, page: usize) -> Option<MemberId> {
        self.room(page).map(Room::me)
    }

    /// Whether a page is on its way in.
    fn is_joining(&self, page: usize) -> bool {
        matches!(self.model(page).screen, Screen::Joining(_))
    }

    /// Somebody starts a room, or opens the newest link when anybody is inside.
    fn join(&mut self, page: usize) {
        let somebody_is_inside = (0..self.pages()).any(|page| self.room(page).is_some());
        let link = if somebody_is_inside { self.link() } else { String::new() };
        self.join_by(page, &link);
    }

    /// Somebody opens a link; without one, it starts a room. Whoever waits tries again.
    fn join_by(&mut self, page: usize, link: &str) {
        if self.room(page).is_some() {
            return;
        }
        if self.is_joining(page) {
            let waits = [joining::Msg::PressedTryAgain, joining::Msg::PressedStart];
            waits.into_iter().for_each(|msg| self.tell(page, Msg::Joining(msg)));
            return;
        }
        self.reopen(page, link);
        self.tell(page, Msg::Home(home::Msg::TypedAlias(NAMES[page].to_owned())));
        self.tell(page, Msg::Home(home::Msg::Submitted));
    }

    /// Types a line; the ledger has it when the page took it.
    fn say(&mut self, page: usize) {
        let text = self.ledger().next_text();
        self.submit(page, &text, Audience::All);
    }

    /// Types a line for somebody else inside.
    fn whisper(&mut self, page: usize, to: usize) {
        // Whom the name means, there: who bears it here may be in another room.
        let own = self.member(to);
        let named = self.room(page).and_then(|room| {
            let roster = room.session().roster().iter();
            let named = roster.filter(|(_, alias)| alias.as_str() == NAMES[to]);
            let named: Vec<MemberId> = named.map(|(member, _)| *member).collect();
            own.filter(|own| named.contains(own)).or(named.first().copied())
        });
        if let (true, Some(member)) = (page != to, named) {
            let text = format!("/purr {} {}", NAMES[to], self.ledger().next_text());
            self.submit(page, &text, Audience::One(member));
        }
    }

    /// Types a line of the ledger's.
    fn submit(&mut self, page: usize, text: &str, audience: Audience) {
        let (Some(room), Some(stay)) = (self.room(page), self.stay(page)) else {
            return;
        };
        let readers = room.session().members().keys().copied().collect();
        let lines = self.ledger().lines.len();
        self.ledger().say(stay, audience, readers);
        self.type_and_send(page, text);
        let was_taken = self.room(page).is_some_and(|room| room.composer.problem.is_none());
        if !was_taken {
            self.ledger().lines.truncate(lines);
            self.type_draft(page, "");
        }
    }

    /// Types, and sends nothing.
    fn type_draft(&mut self, page: usize, draft: &str) {
        let typed = room::Msg::TypedDraft { text: draft.to_owned(), caret: draft.len() };
        self.tell(page, Msg::Room(typed));
    }

    /// Types, and sends.
    fn type_and_send(&mut self, page: usize, draft: &str) {
        self.type_draft(page, draft);
        self.tell(page, Msg::Room(room::Msg::SubmittedDraft));
    }

    /// Presses something in the room.
    fn press(&mut self, page: usize, msg: room::Msg) {
        self.tell(page, Msg::Room(msg));
    }

    /// Asks for something, and says yes to the question.
    fn press_and_confirm(&mut self, page: usize, msg: room::Msg) {
        self.press(page, msg);
        self.press(page, room::Msg::ConfirmedDialog);
    }

    /// The tab is closed.
    fn close_page(&mut self, page: usize) {
        self.tell(page, Msg::ClosedPage);
    }

    /// After an end, back to the same room where there is a way.
    fn return_from_end(&mut self, page: usize) {
        if matches!(self.model(page).screen, Screen::Ended(_)) {
            self.tell(page, Msg::Ended(ended::Msg::PressedAgain));
        }
    }

    /// Does `what` to somebody else inside, by its number.
    fn press_on(&mut self, page: usize, on: usize, what: impl Fn(MemberId) -> room::Msg) {
        if let (true, Some(member)) = (page != on, self.member(on)) {
            self.press_and_confirm(page, what(member));
        }
    }

    /// Answers whoever has asked this page's member for longest.
    fn press_on_asking(&mut self, page: usize, what: impl Fn(MemberId) -> room::Msg) {
        let asking = self.room(page).and_then(|room| room.asking().first());
        if let Some(member) = asking.map(|asking| asking.member) {
            self.press(page, what(member));
        }
    }
}
