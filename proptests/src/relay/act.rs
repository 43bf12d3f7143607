//! What people do, by their pages: every step is a press or a line typed.

use sanctuary_client::{Msg, Screen, ended, home, joining, room};
use sanctuary_protocol::MemberId;

use super::ledger::Audience;
use super::page::{Conduct, NAMES};
use super::world::World;

impl World {
    /// The page that a plan's number means.
    pub(super) fn place(&self, who: u8) -> usize {
        usize::from(who) % self.pages.len()
    }

    /// The number inside of a page's member.
    pub(super) fn member(&self, page: usize) -> Option<MemberId> {
        self.pages[page].room().map(room::Room::me)
    }

    /// Somebody starts a room, or opens the newest link when anybody is inside.
    pub(super) fn join(&mut self, page: usize) {
        if self.pages[page].room().is_some() {
            return;
        }
        if self.pages[page].is_joining() {
            let waits = [joining::Msg::PressedTryAgain, joining::Msg::PressedStart];
            waits.into_iter().for_each(|msg| self.tell(page, Msg::Joining(msg)));
            return;
        }
        let somebody_is_inside = self.pages.iter().any(|page| page.room().is_some());
        let link = if somebody_is_inside { self.link.clone() } else { String::new() };
        self.reopen(page, &link);
        self.tell(page, Msg::Home(home::Msg::TypedAlias(NAMES[page].to_owned())));
        self.tell(page, Msg::Home(home::Msg::Submitted));
    }

    /// Types a line; the ledger has it when the page took it.
    pub(super) fn say(&mut self, page: usize) {
        let text = self.ledger.next_text();
        self.submit(page, &text, Audience::All);
    }

    pub(super) fn whisper(&mut self, page: usize, to: usize) {
        if let (true, Some(member)) = (page != to, self.member(to)) {
            let text = format!("/purr {} {}", NAMES[to], self.ledger.next_text());
            self.submit(page, &text, Audience::One(member));
        }
    }

    fn submit(&mut self, page: usize, text: &str, audience: Audience) {
        let (Some(room), Some(stay)) = (self.pages[page].room(), self.pages[page].stay) else {
            return;
        };
        // By this page, whom a name means may be another than the one who bears it elsewhere.
        let audience = match audience {
            Audience::All => Audience::All,
            Audience::One(member) if room.session().roster().contains_key(&member) => {
                Audience::One(member)
            }
            Audience::One(_) => return,
        };
        let readers = room.session().members().keys().copied().collect();
        let lines = self.ledger.lines.len();
        self.ledger.say(stay, audience, readers);
        self.type_and_send(page, text);
        let was_taken = self.pages[page].room().is_some_and(|room| room.composer.problem.is_none());
        if !was_taken {
            self.ledger.lines.truncate(lines);
            self.type_draft(page, "");
        }
    }

    fn type_draft(&mut self, page: usize, draft: &str) {
        let typed = room::Msg::TypedDraft { text: draft.to_owned(), caret: draft.len() };
        self.tell(page, Msg::Room(typed));
    }

    fn type_and_send(&mut self, page: usize, draft: &str) {
        self.type_draft(page, draft);
        self.tell(page, Msg::Room(room::Msg::SubmittedDraft));
    }

    pub(super) fn press(&mut self, page: usize, msg: room::Msg) {
        self.tell(page, Msg::Room(msg));
    }

    /// Asks for something, and says yes to the question.
    pub(super) fn press_and_confirm(&mut self, page: usize, msg: room::Msg) {
        self.press(page, msg);
        self.press(page, room::Msg::ConfirmedDialog);
    }

    pub(super) fn close_page(&mut self, page: usize) {
        self.tell(page, Msg::ClosedPage);
    }

    /// After an end, back to the same room where there is a way.
    pub(super) fn return_from_end(&mut self, page: usize) {
        if matches!(self.pages[page].model.screen, Screen::Ended(_)) {
            self.tell(page, Msg::Ended(ended::Msg::PressedAgain));
        }
    }

    /// Does `what` to somebody else inside, by its number.
    pub(super) fn press_on(
        &mut self,
        page: usize,
        on: usize,
        what: impl Fn(MemberId) -> room::Msg,
    ) {
        if let (true, Some(member)) = (page != on, self.member(on)) {
            self.press_and_confirm(page, what(member));
        }
    }

    /// Answers whoever has asked this page's member for longest.
    pub(super) fn press_on_asking(&mut self, page: usize, what: impl Fn(MemberId) -> room::Msg) {
        let asking = self.pages[page].room().and_then(|room| room.asking().first());
        if let Some(member) = asking.map(|asking| asking.member) {
            self.press(page, what(member));
        }
    }

    pub(super) fn is_honest(&self, page: usize) -> bool {
        self.pages[page].conduct == Conduct::Honest
    }
}
