//! How much of the timeline stands on the page. Whatever comes moves every line that does, so the page
//! holds the newest, and more for whoever goes back to the oldest of them.

use super::{Line, LineId, Room, Sight};

/// Lines that stand on the page, and so many more each time somebody comes to the oldest: a few tall
/// screens of them.
pub const EXTENT_STEP: usize = 100;

/// How much of the timeline stands on the page.
#[derive(Debug, Default)]
pub(super) struct Extent {
    /// The oldest line that does, for somebody who has gone back; the newest lines otherwise.
    oldest: Option<LineId>,
}

impl Room {
    /// The lines of the room's order that stand on the page, oldest first. Pending ones stand below.
    pub fn lines_on_page(&self) -> impl Iterator<Item = &Line> {
        self.timeline.lines().skip(self.first_on_page())
    }

    /// Whether there are lines before those on the page.
    pub fn has_older_lines(&self) -> bool {
        self.first_on_page() > 0
    }

    fn first_on_page(&self) -> usize {
        let lines = self.timeline.lines();
        let newest = lines.len().saturating_sub(EXTENT_STEP);
        let Some(oldest) = self.extent.oldest else { return newest };
        // What is gone from the timeline was its oldest.
        self.place_of(oldest).unwrap_or_default().min(newest)
    }

    fn place_of(&self, line: LineId) -> Option<usize> {
        self.timeline.lines().position(|it| it.id == line)
    }

    /// The newest line is in sight, or somebody has gone back.
    pub(super) fn extend_to(&mut self, sight: Sight) {
        match sight {
            Sight::Newest => self.extent.oldest = None,
            // What is looked at stays where it is, however much comes.
            Sight::Back if self.extent.oldest.is_none() => self.hold_from(self.first_on_page()),
            Sight::Back => {}
        }
    }

    /// Somebody has come to the oldest line on the page.
    pub(super) fn reach_back(&mut self) {
        self.hold_from(self.first_on_page().saturating_sub(EXTENT_STEP));
    }

    /// This line is about to be shown.
    pub(super) fn reach_back_to(&mut self, line: LineId) {
        let first = self.first_on_page();
        if let Some(place) = self.place_of(line).filter(|place| *place < first) {
            self.hold_from(place.saturating_sub(EXTENT_STEP / 2));
        }
    }

    fn hold_from(&mut self, place: usize) {
        self.extent.oldest = self.timeline.lines().nth(place).map(|line| line.id);
    }
}
