//! A picture as it travels: of a kind that every browser shows, small enough to be sent among what
//! people say, and no larger on the screen than a slow phone can draw. What anybody sends is looked
//! at before a browser is given it: its kind and its size stand in its first bytes.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Bytes of a picture that travel at once: with their framing they fill the largest bucket of a
/// post, and no bucket less, so that each piece is as long as every other.
pub(crate) const PIECE_BYTES: usize = 16_000;

/// Pieces of one picture.
pub(crate) const PIECES_MAX: usize = 16;

/// Bytes of one picture: 250 KiB, in eight seconds at the pace it is sent.
pub const PICTURE_BYTES_MAX: usize = PIECES_MAX * PIECE_BYTES;

/// Pixels of a picture's longer side: sharp on a desk's screen, and 16 MiB once it is drawn.
pub const PICTURE_SIDE_MAX: u16 = 2_048;

/// A picture that a browser may be given.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    kind: PictureKind,
    size: PictureSize,
    bytes: Zeroizing<Vec<u8>>,
}

/// Its size on the screen, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureSize {
    /// Across.
    pub width: u16,
    /// Down.
    pub height: u16,
}

/// How it is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureKind {
    /// `WebP` (RFC 9649), without animation.
    WebP,
    /// JPEG (ITU-T T.81), baseline or progressive.
    Jpeg,
}

/// A picture's name on this page, never given twice while the page is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PictureId(pub u64);

/// Not a picture that may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a picture that this page shows")]
pub struct NoPicture;

impl Picture {
    /// # Errors
    /// When it is neither kind of picture, too long, or too large on the screen.
    pub fn new(bytes: impl Into<Zeroizing<Vec<u8>>>) -> Result<Self, NoPicture> {
        let bytes = bytes.into();
        if bytes.len() > PICTURE_BYTES_MAX {
            return Err(NoPicture);
        }
        let webp = webp_size(&bytes).map(|size| (PictureKind::WebP, size));
        let found = webp.or_else(|| Some((PictureKind::Jpeg, jpeg_size(&bytes)?)));
        let (kind, size) = found.ok_or(NoPicture)?;
        if size.is_fit() { Ok(Self { kind, size, bytes }) } else { Err(NoPicture) }
    }

    /// How it is encoded.
    pub const fn kind(&self) -> PictureKind {
        self.kind
    }

    /// Its size on the screen.
    pub const fn size(&self) -> PictureSize {
        self.size
    }

    /// What a browser is given.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// What is in it is nobody's but those who see it.
impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, size, bytes } = self;
        write!(f, "Picture({kind:?}, {size:?}, {} bytes)", bytes.len())
    }
}

impl PictureKind {
    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::WebP => "image/webp",
            Self::Jpeg => "image/jpeg",
        }
    }
}

impl PictureSize {
    /// Whether a picture of this size may be shown.
    pub(crate) fn is_fit(self) -> bool {
        let sides = 1..=PICTURE_SIDE_MAX;
        sides.contains(&self.width) && sides.contains(&self.height)
    }
}

/// Pieces that so many bytes travel in: 1, 2, 4, 8 or 16, filled up, so that how many there are says
/// little of the picture.
pub(crate) fn pieces_of(bytes: usize) -> usize {
    bytes.div_ceil(PIECE_BYTES).max(1).next_power_of_two()
}

/// RFC 9649 §2.
fn webp_size(bytes: &[u8]) -> Option<PictureSize> {
    let (head, chunk) = bytes.split_at_checked(12)?;
    let length = u32::from_le_bytes(*head.get(4..)?.first_chunk()?);
    if !head.starts_with(b"RIFF") || !head.ends_with(b"WEBP") || length as usize != bytes.len() - 8
    {
        return None;
    }
    let (name, body) = (chunk.first_chunk::<4>()?, chunk.get(8..)?);
    match name {
        b"VP8 " => {
            // RFC 6386 §9.1: three bytes of the frame's tag, three that begin a key frame.
            let [_, _, _, 0x9d, 0x01, 0x2a, sides @ ..] = body.first_chunk::<10>()? else {
                return None;
            };
            let [width, width_high, height, height_high] = *sides;
            let side = |low, high| u16::from_le_bytes([low, high]) & 0x3fff;
            Some(PictureSize { width: side(width, width_high), height: side(height, height_high) })
        }
        b"VP8L" => {
            let [0x2f, sides @ ..] = body.first_chunk::<5>()? else { return None };
            let sides = u32::from_le_bytes(*sides);
            let side = |bits: u32| (bits & 0x3fff) as u16 + 1;
            Some(PictureSize { width: side(sides), height: side(sides >> 14) })
        }
        b"VP8X" => {
            let [features, _, _, _, sides @ ..] = body.first_chunk::<10>()?;
            // A colour profile and transparency: what a page's own drawing can have.
            if features & !0b0011_0000 != 0 {
                return None;
            }
            let [width @ .., _, _, _] = sides;
            let [_, _, _, height @ ..] = sides;
            let side = |[low, high, top]: [u8; 3]| {
                u16::try_from(u32::from_le_bytes([low, high, top, 0]) + 1).ok()
            };
            Some(PictureSize { width: side(*width)?, height: side(*height)? })
        }
        _ => None,
    }
}

/// ITU-T T.81, annex B: the segments up to the one that begins the frame.
fn jpeg_size(bytes: &[u8]) -> Option<PictureSize> {
    let mut rest = bytes.strip_prefix(&[0xff, 0xd8])?;
    loop {
        let [0xff, marker, length @ ..] = *rest.first_chunk::<4>()? else { return None };
        let segment = rest.get(2..)?;
        match marker {
            // Baseline, extended and progressive; in the others no page draws.
            0xc0..=0xc2 => {
                let [_, _, _, height @ .., width, width_low] = *segment.first_chunk::<7>()?;
                let width = u16::from_be_bytes([width, width_low]);
                return Some(PictureSize { width, height: u16::from_be_bytes(height) });
            }
            // Tables, and what applications say beside the picture.
            0xc4 | 0xdb | 0xdd | 0xe0..=0xef | 0xfe => {}
            _ => return None,
        }
        rest = segment.get(usize::from(u16::from_be_bytes(length)).max(2)..)?;
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A picture's first bytes, and zeros up to that length: nothing a browser would draw.
    pub(crate) fn webp(width: u16, height: u16, length: usize) -> Vec<u8> {
        let mut bytes = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a".to_vec();
        bytes.extend(width.to_le_bytes());
        bytes.extend(height.to_le_bytes());
        bytes.resize(length, 0);
        let riff = u32::try_from(length - 8).unwrap();
        bytes[4..8].copy_from_slice(&riff.to_le_bytes());
        bytes
    }

    fn extended(features: u8) -> Vec<u8> {
        let mut bytes = webp(1, 1, 40);
        bytes[12..16].copy_from_slice(b"VP8X");
        bytes[20..30].copy_from_slice(&[features, 0, 0, 0, 0x7f, 2, 0, 0xdf, 1, 0]);
        bytes
    }

    fn lossless() -> Vec<u8> {
        let mut bytes = webp(1, 1, 40);
        bytes[12..16].copy_from_slice(b"VP8L");
        let sides = (640_u32 - 1) | ((480 - 1) << 14);
        bytes[20] = 0x2f;
        bytes[21..25].copy_from_slice(&sides.to_le_bytes());
        bytes
    }

    fn jpeg(frame: u8) -> Vec<u8> {
        let mut bytes = b"\xff\xd8\xff\xe0\0\x04ab\xff\xdb\0\x03c\xff".to_vec();
        bytes.extend([frame, 0, 11, 8]);
        bytes.extend(480_u16.to_be_bytes());
        bytes.extend(640_u16.to_be_bytes());
        bytes.extend([1, 1, 0x11, 0]);
        bytes
    }

    fn check(bytes: Vec<u8>, expected: Option<(u16, u16)>) {
        let shown = format!("{:02x?}", bytes.get(..40).unwrap_or(&bytes));
        let size = Picture::new(bytes).ok().map(|picture| picture.size());
        assert_eq!(size.map(|size| (size.width, size.height)), expected, "{shown}");
    }

    #[test]
    fn a_pictures_size_stands_in_its_first_bytes() {
        check(webp(640, 480, 30), Some((640, 480)));
        check(lossless(), Some((640, 480)));
        check(extended(0b0011_0000), Some((640, 480)));
        check(jpeg(0xc0), Some((640, 480)));
        check(jpeg(0xc2), Some((640, 480)));
    }

    #[test]
    fn a_picture_too_large_for_a_phone_is_none() {
        check(webp(2_048, 2_048, 30), Some((2_048, 2_048)));
        check(webp(2_049, 1, 30), None);
        check(webp(1, 2_049, 30), None);
        check(webp(0, 7, 30), None);
        check(webp(7, 7, PICTURE_BYTES_MAX), Some((7, 7)));
        check(webp(7, 7, PICTURE_BYTES_MAX + 1), None);
    }

    #[test]
    fn what_moves_carries_more_or_is_something_else_is_no_picture() {
        for features in [0b0000_0010, 0b0000_0100, 0b0000_1000, 0b1000_0000] {
            check(extended(features), None);
        }
        check(jpeg(0xc3), None);
        check(jpeg(0xd9), None);
        check(b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), None);
        check(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01".to_vec(), None);
        check(b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec(), None);
        let mut longer = webp(640, 480, 40);
        longer.push(0);
        check(longer, None);
    }

    #[test]
    fn no_beginning_of_a_picture_is_one_and_none_breaks_the_page() {
        for whole in [webp(640, 480, 30), lossless(), extended(0), jpeg(0xc0)] {
            for length in 0..whole.len().min(22) {
                check(whole[..length].to_vec(), None);
            }
        }
        // Segments of no length lead nowhere, and come to an end.
        check([&b"\xff\xd8"[..], &[0xff, 0xe0, 0, 0].repeat(50)].concat(), None);
    }

    #[test]
    fn a_picture_travels_in_few_different_numbers_of_pieces() {
        let pieces = [0, 1, 2, 3, 4, 5, 8, 9, 16].map(|full| pieces_of(full * PIECE_BYTES));
        assert_eq!(pieces, [1, 1, 2, 4, 4, 8, 8, 16, 16]);
        assert_eq!(pieces_of(PICTURE_BYTES_MAX), PIECES_MAX);
    }

    #[test]
    fn a_pictures_content_is_not_in_what_is_printed_of_it() {
        let picture = Picture::new(webp(640, 480, 30)).unwrap();
        let expected = "Picture(WebP, PictureSize { width: 640, height: 480 }, 30 bytes)";
        assert_eq!(format!("{picture:?}"), expected);
    }
}
