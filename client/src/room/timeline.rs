//! What is shown of a room's past: the last lines, in the room's order. Older ones vanish, as suits
//! the place.

use std::collections::VecDeque;

use sanctuary_crypto::Fading;
use sanctuary_protocol::{MemberId, Redacted, Seq};

use super::{Arrival, Evidence, Person};
use crate::markup::Markup;
use crate::{PictureId, PictureSize, Timestamp, Words};

/// Lines kept: more than anybody scrolls back, few enough for a slow phone.
pub const LINES_MAX: usize = 1_000;
/// Of the last lines, those in which a member's garbage is counted up: about what is on a screen, and
/// more members than are likely to send it in turn.
const GARBAGE_LINES: usize = 20;

/// What is shown of a room's past.
#[derive(Debug, Default)]
pub struct Timeline {
    lines: VecDeque<Line>,
    last_id: u64,
    /// How far the room's order has come.
    order: Seq,
    /// How long messages stay that come now.
    fading: Fading,
}

/// A line's own number, for as long as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineId(pub u64);

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its number.
    pub id: LineId,
    /// When it was sent, for one's own; when it came, for the others'.
    pub at: Timestamp,
    /// How far the room's order had come when the line came. Of what was said, it is its own place;
    /// `None` until it has one.
    pub place: Option<Seq>,
    /// When it goes by itself.
    pub fades_at: Option<Timestamp>,
    /// What it says.
    pub body: Body,
}

/// What a line says.
#[derive(Clone, derive_more::Debug, PartialEq)]
pub enum Body {
    /// Somebody said something to everybody.
    Said {
        /// Who.
        from: Person,
        /// What.
        words: Words,
    },
    /// Somebody said something to one member, and this is one of the two.
    Whispered {
        /// Who.
        from: Person,
        /// To whom.
        to: Person,
        /// What.
        words: Words,
    },
    /// Somebody shows everybody a picture.
    Pictured {
        /// Who.
        from: Person,
        /// Which.
        picture: PictureId,
        /// As announced.
        size: PictureSize,
        /// What is said to it, which may be nothing.
        words: Words,
    },
    /// Two others whispered.
    WhisperPassed {
        /// Who began it.
        from: Person,
    },
    /// Something happened.
    Happened(Happening),
    /// The operator's word, unencrypted.
    Notice {
        /// Plain text.
        #[debug("{Redacted}")]
        text: String,
    },
}

/// Something happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Happening {
    /// This member came in.
    Arrived(Arrival),
    /// Somebody came in.
    Joined {
        /// Who.
        who: Person,
        /// Who opened the door.
        by: Person,
    },
    /// Somebody said farewell and left.
    Farewell {
        /// Who.
        who: Person,
        /// The last word.
        words: Option<Markup>,
    },
    /// Something whispered was not heard: whom it was for has gone.
    Undelivered {
        /// Who.
        to: Person,
        /// What.
        words: Markup,
    },
    /// Somebody left without a word.
    Left(Person),
    /// Somebody's connection did not come back.
    Expired(Person),
    /// Somebody was put out.
    Kicked {
        /// Who.
        who: Person,
        /// By whom.
        by: Person,
    },
    /// The server took somebody's seat, with no member's sealed word for it.
    Removed {
        /// Whose.
        who: Person,
        /// Who asked for it, by the server's word.
        by: Person,
    },
    /// This member does not want to read somebody any more.
    Muted(Person),
    /// This member wants to read somebody again.
    Unmuted(Person),
    /// There is another host.
    Host(Person),
    /// The rules changed: who did it.
    Policy(Person),
    /// Messages stay for another time.
    Fading {
        /// Whose doing it is.
        by: Person,
        /// How long those stay that come from now on.
        fading: Fading,
    },
    /// There is another link, and the one before opens nothing.
    Renewed {
        /// Whose doing it is.
        by: Person,
    },
    /// Somebody tried the door with a wrong password, or may have: the first time.
    DoorFailed {
        /// So far.
        failures: u32,
        /// Whose page says so.
        by: Person,
    },
    /// It was tried so often that the door opens slowly.
    DoorSlowed,
    /// The failures were forgotten: by whom.
    DoorCleared(Person),
    /// The server is not honest.
    Tampered(Evidence),
    /// Nothing that is said opens here any more, and the door would not open either.
    CutOff,
    /// Messages that the server could not keep while this member was away.
    Missed {
        /// How many.
        messages: u32,
    },
    /// Something came that does not open: garbage, or forged.
    Unreadable {
        /// In whose name.
        who: Person,
        /// How many, of late.
        messages: u32,
    },
    /// This member was away and is back, with nothing lost.
    Resumed,
}

/// How far a line has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// On its way.
    Pending,
    /// In the room's order, for everybody.
    Settled,
}

impl Body {
    /// Whether it is part of what members say to each other, and goes when that is to go.
    const fn is_conversation(&self) -> bool {
        match self {
            Self::Said { .. }
            | Self::Whispered { .. }
            | Self::Pictured { .. }
            | Self::WhisperPassed { .. }
            | Self::Happened(
                Happening::Farewell { words: Some(_), .. } | Happening::Undelivered { .. },
            ) => true,
            Self::Happened(_) | Self::Notice { .. } => false,
        }
    }
}

impl Line {
    /// Who said what, when it is something that was said.
    pub fn words(&self) -> Option<(&Person, &Words)> {
        match &self.body {
            Body::Said { from, words }
            | Body::Whispered { from, words, .. }
            | Body::Pictured { from, words, .. } => Some((from, words)),
            Body::WhisperPassed { .. } | Body::Happened(_) | Body::Notice { .. } => None,
        }
    }

    /// The picture it shows.
    pub fn picture(&self) -> Option<PictureId> {
        self.pictured().map(|(_, picture)| picture)
    }

    /// The picture it shows, and whose it is.
    pub(super) fn pictured(&self) -> Option<(MemberId, PictureId)> {
        match &self.body {
            Body::Pictured { from, picture, .. } => Some((from.member, *picture)),
            Body::Said { .. }
            | Body::Whispered { .. }
            | Body::WhisperPassed { .. }
            | Body::Happened(_)
            | Body::Notice { .. } => None,
        }
    }
}

impl Timeline {
    /// The lines, oldest first.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = &Line> + ExactSizeIterator {
        self.lines.iter()
    }

    /// A line with a number of its own, not shown yet.
    pub(super) fn draft(&mut self, at: Timestamp, body: Body) -> Line {
        self.last_id += 1;
        Line { id: LineId(self.last_id), at, place: None, fades_at: None, body }
    }

    /// The room's order has come so far: what is pushed next stands there.
    pub(super) const fn reach(&mut self, place: Seq) {
        self.order = place;
    }

    /// Messages that come from now on stay so long.
    pub(super) const fn fade_after(&mut self, fading: Fading) {
        self.fading = fading;
    }

    pub(super) fn retain(&mut self, keep: impl Fn(&Line) -> bool) {
        self.lines.retain(keep);
    }

    /// A line that came now.
    pub(super) fn push(&mut self, now: Timestamp, mut line: Line) {
        line.place = Some(self.order);
        if line.body.is_conversation() {
            let millis = self.fading.millis();
            line.fades_at = millis.map(|millis| Timestamp(now.0.saturating_add(millis.into())));
        }
        self.lines.push_back(line);
        while self.lines.len() > LINES_MAX {
            self.lines.pop_front();
        }
    }

    pub(super) fn add(&mut self, at: Timestamp, body: Body) {
        let line = self.draft(at, body);
        self.push(at, line);
    }

    pub(super) fn happened(&mut self, at: Timestamp, happening: Happening) {
        self.add(at, Body::Happened(happening));
    }

    /// One more message missed: a run of them is one line.
    pub(super) fn missed(&mut self, at: Timestamp) {
        match self.lines.back_mut() {
            Some(Line { body: Body::Happened(Happening::Missed { messages }), .. }) => {
                *messages += 1;
            }
            Some(_) | None => self.happened(at, Happening::Missed { messages: 1 }),
        }
    }

    /// One more message that does not open: of the last lines one counts each member's, so that
    /// garbage pushes nothing out, whether one member sends it or several in turn.
    pub(super) fn unreadable(&mut self, at: Timestamp, from: Person) {
        match self.last_unreadable(from.member) {
            Some(messages) => *messages += 1,
            None => self.happened(at, Happening::Unreadable { who: from, messages: 1 }),
        }
    }

    /// What was said at that place in the room's order, if it is still shown.
    pub(super) fn said_at(&self, place: Seq) -> Option<&Line> {
        let first = self.lines.partition_point(|line| line.place < Some(place));
        let there = self.lines.range(first..).take_while(|line| line.place == Some(place));
        there.into_iter().find(|line| line.words().is_some())
    }

    fn last_unreadable(&mut self, from: MemberId) -> Option<&mut u32> {
        let last = self.lines.iter_mut().rev().take(GARBAGE_LINES);
        last.map(|line| &mut line.body).find_map(|body| match body {
            Body::Happened(Happening::Unreadable { who, messages }) if who.member == from => {
                Some(messages)
            }
            Body::Said { .. }
            | Body::Whispered { .. }
            | Body::Pictured { .. }
            | Body::WhisperPassed { .. }
            | Body::Happened(_)
            | Body::Notice { .. } => None,
        })
    }
}
