//! Others' pictures on their way here, piece by piece. A member sends one at a time and in order;
//! whatever else comes in its name is no picture.

use std::collections::VecDeque;
use std::fmt;

use sanctuary_protocol::{MemberId, Redacted};
use zeroize::Zeroizing;

use crate::picture::{PIECE_BYTES, pieces_of};
use crate::{Picture, PictureId, PictureSize, Timestamp};

/// Pictures that may be on their way at once: 4 MiB of pieces, and more than come where nobody means
/// harm, since a page waits with its own while another's comes.
const COMING_MAX: usize = 16;

/// A picture whose next piece is longer in coming keeps nobody from sending another.
const STALLED_MILLIS: u64 = 5_000;

/// Pictures on their way here, the longest first.
#[derive(Debug, Default)]
pub(super) struct Coming(VecDeque<Arriving>);

#[derive(derive_more::Debug)]
struct Arriving {
    from: MemberId,
    number: u32,
    picture: PictureId,
    size: PictureSize,
    length: usize,
    pieces: usize,
    #[debug("{Redacted}")]
    bytes: Zeroizing<Vec<u8>>,
    last_at: Timestamp,
}

/// A picture as it is announced, before its pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Announced {
    /// Its author's own number for it.
    pub(crate) number: u32,
    /// Its bytes.
    pub(crate) length: u32,
    /// Its size on the screen.
    pub(crate) size: PictureSize,
}

/// One piece of a picture.
#[derive(PartialEq, Eq)]
pub(crate) struct Piece {
    /// Of which of its author's.
    pub(crate) number: u32,
    /// Its place in the picture, from zero.
    pub(crate) place: u8,
    /// All of them are as long.
    pub(crate) bytes: Zeroizing<Vec<u8>>,
}

/// What a piece made of a picture.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Came {
    /// So much of it, in hundredths, is here.
    Part(PictureId, u8),
    /// All of it.
    Whole(PictureId, Picture),
    /// What came is no picture, or not the one that was announced.
    Broken(PictureId),
}

impl Coming {
    /// A picture begins. What it takes the place of will not come: the same member's before, or the
    /// longest on its way.
    pub(super) fn begin(
        &mut self,
        from: MemberId,
        announced: Announced,
        picture: PictureId,
        now: Timestamp,
    ) -> Option<PictureId> {
        let Announced { number, length, size } = announced;
        let length = length as usize;
        let before = self.give_up(from);
        let oldest = if self.0.len() < COMING_MAX { None } else { self.0.pop_front() };
        self.0.push_back(Arriving {
            from,
            number,
            picture,
            size,
            length,
            pieces: pieces_of(length),
            bytes: Zeroizing::default(),
            last_at: now,
        });
        before.or_else(|| oldest.map(|oldest| oldest.picture))
    }

    /// A piece came. One of a picture that is not on its way is of no interest: it began before this
    /// member came in, or was given up.
    pub(super) fn take(&mut self, from: MemberId, piece: &Piece, now: Timestamp) -> Option<Came> {
        let is_it = |it: &Arriving| (it.from, it.number) == (from, piece.number);
        let at = self.0.iter().position(is_it)?;
        let arriving = self.0.get_mut(at)?;
        let expected = arriving.bytes.len() / PIECE_BYTES;
        if usize::from(piece.place) != expected || piece.bytes.len() != PIECE_BYTES {
            return self.0.remove(at).map(|it| Came::Broken(it.picture));
        }
        arriving.bytes.extend_from_slice(&piece.bytes);
        arriving.last_at = now;
        let here = expected + 1;
        if here < arriving.pieces {
            // Both are at most sixteen.
            let percent = (100 * here / arriving.pieces) as u8;
            return Some(Came::Part(arriving.picture, percent));
        }
        let Arriving { picture, size, length, mut bytes, .. } = self.0.remove(at)?;
        bytes.truncate(length);
        let whole = Picture::new(bytes).ok().filter(|whole| whole.size() == size);
        Some(whole.map_or(Came::Broken(picture), |whole| Came::Whole(picture, whole)))
    }

    /// Nothing more of that member's picture will come, if one was on its way.
    pub(super) fn give_up(&mut self, from: MemberId) -> Option<PictureId> {
        let at = self.0.iter().position(|it| it.from == from)?;
        self.0.remove(at).map(|it| it.picture)
    }

    /// That member takes that picture back.
    pub(super) fn drop(&mut self, from: MemberId, number: u32) -> Option<PictureId> {
        let at = self.0.iter().position(|it| (it.from, it.number) == (from, number))?;
        self.0.remove(at).map(|it| it.picture)
    }

    /// Whether one comes, piece after piece.
    pub(super) fn is_busy(&self, now: Timestamp) -> bool {
        // A clock that was set back says nothing of how long it has been.
        let since = |it: &Arriving| now.0.checked_sub(it.last_at.0);
        self.0.iter().filter_map(since).any(|millis| millis < STALLED_MILLIS)
    }
}

impl fmt::Debug for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, place, bytes } = self;
        write!(f, "Piece({number}, {place}, {} bytes)", bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::tests::webp;

    const ANN: MemberId = MemberId(1);
    const NOW: Timestamp = Timestamp(1_000);

    fn announced(number: u32, length: usize) -> Announced {
        let size = PictureSize { width: 8, height: 6 };
        Announced { number, length: u32::try_from(length).unwrap(), size }
    }

    fn piece(number: u32, place: u8, bytes: &[u8]) -> Piece {
        let from = usize::from(place) * PIECE_BYTES;
        let mut bytes = bytes[from..bytes.len().min(from + PIECE_BYTES)].to_vec();
        bytes.resize(PIECE_BYTES, 0);
        Piece { number, place, bytes: Zeroizing::new(bytes) }
    }

    fn begun(length: usize) -> (Coming, Vec<u8>) {
        let mut coming = Coming::default();
        assert_eq!(coming.begin(ANN, announced(1, length), PictureId(7), NOW), None);
        (coming, webp(8, 6, length))
    }

    #[test]
    fn a_picture_is_whole_with_its_last_piece() {
        let (mut coming, bytes) = begun(3 * PIECE_BYTES - 5);
        let mut take = |place| coming.take(ANN, &piece(1, place, &bytes), NOW);
        assert_eq!(take(0), Some(Came::Part(PictureId(7), 25)));
        assert_eq!(take(1), Some(Came::Part(PictureId(7), 50)));
        assert_eq!(take(2), Some(Came::Part(PictureId(7), 75)));
        // The last of the four only fills up.
        let last = Piece { number: 1, place: 3, bytes: Zeroizing::new(vec![0; PIECE_BYTES]) };
        let whole = Picture::new(bytes).unwrap();
        assert_eq!(coming.take(ANN, &last, NOW), Some(Came::Whole(PictureId(7), whole)));
        assert_eq!(coming.take(ANN, &last, NOW), None);
    }

    #[test]
    fn what_is_out_of_order_or_not_what_was_announced_breaks_it() {
        let check = |alter: &dyn Fn(&mut Piece)| {
            let (mut coming, bytes) = begun(20_000);
            let mut first = piece(1, 0, &bytes);
            alter(&mut first);
            assert_eq!(coming.take(ANN, &first, NOW), Some(Came::Broken(PictureId(7))));
            assert_eq!(coming.take(ANN, &piece(1, 1, &bytes), NOW), None, "it was given up");
        };
        check(&|piece| piece.place = 1);
        check(&|piece| piece.bytes.truncate(PIECE_BYTES - 1));
        check(&|piece| piece.bytes.push(0));

        let (mut coming, _) = begun(30);
        let other = webp(6, 8, 30);
        assert_eq!(coming.take(ANN, &piece(1, 0, &other), NOW), Some(Came::Broken(PictureId(7))));
        let (mut coming, _) = begun(30);
        let none = Some(Came::Broken(PictureId(7)));
        assert_eq!(coming.take(ANN, &piece(1, 0, b"<script>"), NOW), none);
    }

    #[test]
    fn a_members_next_picture_takes_the_place_of_the_one_before() {
        let (mut coming, bytes) = begun(20_000);
        let before = coming.begin(ANN, announced(2, 20_000), PictureId(8), NOW);
        assert_eq!(before, Some(PictureId(7)));
        assert_eq!(coming.take(ANN, &piece(1, 0, &bytes), NOW), None);
        let came = coming.take(ANN, &piece(2, 0, &bytes), NOW);
        assert_eq!(came, Some(Came::Part(PictureId(8), 50)));
        assert_eq!(coming.take(MemberId(2), &piece(2, 1, &bytes), NOW), None);
        assert_eq!(coming.drop(ANN, 1), None);
        assert_eq!(coming.drop(ANN, 2), Some(PictureId(8)));
        assert_eq!(coming.give_up(ANN), None);
    }

    #[test]
    fn no_more_come_at_once_than_may() {
        let mut coming = Coming::default();
        let mut begin = |member: u32| {
            let picture = PictureId(u64::from(member));
            coming.begin(MemberId(member), announced(1, 30), picture, NOW)
        };
        let most = u32::try_from(COMING_MAX).unwrap();
        assert!((0..most).all(|member| begin(member).is_none()));
        assert_eq!(begin(most), Some(PictureId(0)));
        assert_eq!(begin(most + 1), Some(PictureId(1)));
    }

    #[test]
    fn a_picture_that_has_stalled_keeps_nobody_waiting() {
        let (mut coming, bytes) = begun(20_000);
        let later = |millis| Timestamp(NOW.0 + millis);
        assert!(coming.is_busy(later(STALLED_MILLIS - 1)));
        assert!(!coming.is_busy(later(STALLED_MILLIS)));
        coming.take(ANN, &piece(1, 0, &bytes), later(STALLED_MILLIS));
        assert!(coming.is_busy(later(STALLED_MILLIS + 1)));
        assert!(!coming.is_busy(Timestamp(0)), "the clock was set back");
    }
}
