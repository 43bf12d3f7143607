//! What this member sent, to be sent again or said better: kept as it was typed, in the page's memory,
//! for as long as its line is shown.

use std::collections::VecDeque;

use sanctuary_protocol::Redacted;

use super::{LineId, Room, Seek};

/// Drafts kept: as far as anybody walks back by one key.
const DRAFTS_MAX: usize = 50;

/// What this member sent.
#[derive(derive_more::Debug, Default)]
pub(super) struct Recall {
    /// Oldest first.
    #[debug("{Redacted}")]
    drafts: VecDeque<(LineId, String)>,
    /// Which of them stands in the composer.
    shown: Option<LineId>,
}

impl Recall {
    pub(super) fn sent(&mut self, line: LineId, draft: String) {
        self.shown = None;
        self.drafts.push_back((line, draft));
        if self.drafts.len() > DRAFTS_MAX {
            self.drafts.pop_front();
        }
    }

    pub(super) fn retain(&mut self, is_shown: impl Fn(LineId) -> bool) {
        self.drafts.retain(|(line, _)| is_shown(*line));
    }

    fn draft(&self, line: LineId) -> Option<&str> {
        self.drafts.iter().find(|(own, _)| *own == line).map(|(_, draft)| draft.as_str())
    }

    fn next(&self, seek: Seek) -> Option<LineId> {
        let mut lines = self.drafts.iter().map(|(line, _)| *line);
        match (self.shown, seek) {
            (None, Seek::Earlier) => lines.next_back(),
            (None, Seek::Later) => None,
            (Some(shown), Seek::Earlier) => lines.rfind(|line| *line < shown),
            (Some(shown), Seek::Later) => lines.find(|line| *line > shown),
        }
    }
}

impl Room {
    /// Whether the keys that walk through what was sent would lose nothing: the composer is empty, or
    /// holds one of those drafts as it was.
    pub fn may_recall(&self) -> bool {
        let draft = self.composer.draft.as_str();
        let shown = self.recall.shown.and_then(|line| self.recall.draft(line));
        (draft.is_empty() && !self.recall.drafts.is_empty()) || shown == Some(draft)
    }

    /// Puts what was sent before or after what stands in the composer there.
    pub(super) fn recall(&mut self, seek: Seek) {
        if !self.may_recall() {
            return;
        }
        if self.composer.draft.is_empty() {
            self.recall.shown = None;
        }
        let next = self.recall.next(seek);
        let draft = next.and_then(|line| self.recall.draft(line)).map(str::to_owned);
        match (draft, seek) {
            (Some(draft), _) => {
                self.recall.shown = next;
                self.composer.write(draft);
            }
            // Past the last one there is nothing yet.
            (None, Seek::Later) => {
                self.recall.shown = None;
                self.composer.write(String::new());
            }
            (None, Seek::Earlier) => {}
        }
    }
}
