//! Arbitrary bytes as a plan: numbers, and pieces of bytes one after the other. A plan that breaks off
//! has ended. Must not know what is planned.

/// What is left of a plan.
pub(super) struct Steps<'a>(&'a [u8]);

impl<'a> Steps<'a> {
    /// The whole of it.
    pub(super) const fn of(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The next byte.
    pub(super) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// The next piece: two bytes of length, the small one first, and as many bytes as are there of so
    /// many.
    pub(super) fn piece(&mut self) -> Option<&'a [u8]> {
        let length = u16::from_le_bytes([self.byte()?, self.byte()?]);
        let (piece, rest) = self.0.split_at(usize::from(length).min(self.0.len()));
        self.0 = rest;
        Some(piece)
    }
}

/// `bytes` with each change of the plan made: two bytes of place and one that is laid over what stands
/// there. Places go round.
pub(super) fn touched(bytes: &[u8], changes: &[u8]) -> Vec<u8> {
    let mut touched = bytes.to_vec();
    for change in changes.as_chunks::<3>().0 {
        let place = usize::from(u16::from_le_bytes([change[0], change[1]]));
        if let Some(byte) = touched.get_mut(place % bytes.len().max(1)) {
            *byte ^= change[2];
        }
    }
    touched
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_read_as_far_as_it_goes() {
        let mut steps = Steps::of(&[7, 2, 0, b'a', b'b', 9, 0, b'c']);
        assert_eq!(steps.byte(), Some(7));
        assert_eq!(steps.piece(), Some(&b"ab"[..]));
        assert_eq!(steps.piece(), Some(&b"c"[..]));
        assert_eq!((steps.byte(), steps.piece()), (None, None));
    }

    #[test]
    fn changes_go_round() {
        assert_eq!(touched(b"abc", &[4, 0, 3, 1]), b"aac");
        assert_eq!(touched(b"", &[4, 0, 3]), b"");
    }
}
