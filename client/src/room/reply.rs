//! Replying: which message a draft replies to, and what is shown of the message that a line replies
//! to. A reply names a place in the room's order and repeats nothing, so that each page quotes what
//! it has itself.

use sanctuary_protocol::{Redacted, Seq};

use super::{Body, Line, LineId, Person, Problem, Room, Whose};
use crate::command::whisper_draft;
use crate::markup::plain;
use crate::update::Context;
use crate::{Effect, Field};

/// Characters of a message that are repeated above a reply: two lines on a phone.
const EXCERPT_CHARS_MAX: usize = 140;

/// What is shown of a message above a reply to it.
#[derive(Clone, derive_more::Debug, PartialEq, Eq)]
pub struct Quote {
    /// Its line.
    pub line: LineId,
    /// Who said it.
    pub from: Person,
    /// What it is.
    pub of: Quoted,
    /// Its beginning, on one line.
    #[debug("{Redacted}")]
    pub excerpt: String,
}

/// What a message is that is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoted {
    /// Words.
    Words,
    /// A picture, perhaps with words to it.
    Picture,
}

/// Which way to look for a message to reply to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seek {
    /// The one before.
    Earlier,
    /// The one after.
    Later,
}

impl Quote {
    fn of(line: &Line) -> Option<Self> {
        let (from, words) = line.words()?;
        let plain = plain(&words.markup);
        let mut pieces = plain.split_whitespace();
        let mut excerpt: String = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            excerpt.push(' ');
            excerpt.push_str(piece);
        }
        if let Some((end, _)) = excerpt.char_indices().nth(EXCERPT_CHARS_MAX) {
            excerpt.truncate(end);
            excerpt.push('\u{2026}');
        }
        let of = line.picture().map_or(Quoted::Words, |_| Quoted::Picture);
        Some(Self { line: line.id, from: from.clone(), of, excerpt })
    }
}

impl Room {
    /// What of the message at that place is shown above a reply; nothing when the message is not, or
    /// no longer, on this page.
    pub fn quote(&self, place: Seq) -> Option<Quote> {
        Quote::of(self.timeline.said_at(place)?)
    }

    /// The line of the message at that place.
    pub fn line_said_at(&self, place: Seq) -> Option<LineId> {
        self.timeline.said_at(place).map(|line| line.id)
    }

    /// What the draft replies to.
    pub fn replies_to(&self) -> Option<Quote> {
        self.quote(self.composer.reply_to?)
    }

    /// The draft is to be a reply to this line. What was whispered is replied to in a whisper.
    pub(super) fn begin_reply(&mut self, line: LineId, context: &mut Context<'_>) {
        let found = self.timeline.lines().rev().find(|it| it.id == line);
        match found.and_then(|it| it.place.zip(it.words())) {
            Some((place, _)) => {
                self.reply_to(place);
                context.perform(Effect::Focus(Field::Composer));
            }
            // It has no place yet, or is shown no more.
            None => self.composer.problem = Some(Problem::NothingToReplyTo),
        }
    }

    /// Chooses another message to reply to: from the last one said, backwards.
    pub(super) fn seek_reply(&mut self, seek: Seek) {
        let said = |line: &&Line| line.words().is_some();
        let chosen = self.composer.reply_to;
        let next = match seek {
            Seek::Earlier => {
                let before = |line: &&Line| chosen.is_none_or(|chosen| line.place < Some(chosen));
                self.timeline.lines().rev().filter(said).find(before)
            }
            Seek::Later => {
                let after = |line: &&Line| chosen.is_some_and(|chosen| line.place > Some(chosen));
                self.timeline.lines().filter(said).find(after)
            }
        };
        match (next.and_then(|line| line.place), seek) {
            (Some(place), _) => self.reply_to(place),
            (None, Seek::Later) => self.composer.reply_to = None,
            (None, Seek::Earlier) => {}
        }
    }

    /// Begins a whisper where it replies to one, and takes that beginning back where it does not, as
    /// long as nothing else is written.
    fn reply_to(&mut self, place: Seq) {
        let before = self.composer.reply_to.and_then(|place| self.beginning_of_reply(place));
        let beginning = self.beginning_of_reply(place).unwrap_or_default();
        self.composer.reply_to = Some(place);
        self.composer.problem = None;
        if self.composer.draft == before.unwrap_or_default() {
            self.composer.write(beginning);
        }
    }

    fn beginning_of_reply(&self, place: Seq) -> Option<String> {
        let with = match &self.timeline.said_at(place)?.body {
            Body::Whispered { from, to, .. } if from.whose == Whose::Own => to,
            Body::Whispered { from, .. } => from,
            Body::Said { .. }
            | Body::Pictured { .. }
            | Body::WhisperPassed { .. }
            | Body::Happened(_)
            | Body::Notice { .. } => return None,
        };
        Some(whisper_draft(with.alias.as_ref()?))
    }

    /// What is said aloud is no reply to a whisper: the others could tell which one it was.
    pub(super) fn public_reply(&self) -> Option<Seq> {
        let place = self.composer.reply_to?;
        let line = self.timeline.said_at(place)?;
        matches!(line.body, Body::Said { .. } | Body::Pictured { .. }).then_some(place)
    }

    /// What a whisper may reply to.
    pub(super) fn private_reply(&self) -> Option<Seq> {
        let place = self.composer.reply_to?;
        self.timeline.said_at(place).map(|_| place)
    }

    /// Brings the message that a line replies to into sight.
    pub(super) fn show_quoted(&mut self, line: LineId, context: &mut Context<'_>) {
        self.reach_back_to(line);
        context.perform(Effect::ShowLine(line));
    }
}
