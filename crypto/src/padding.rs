//! Padding: what is sealed comes in a few sizes only, so that a length says little. The content, one
//! byte 0x80, then zeros up to the bucket (ISO/IEC 7816-4).

/// The sizes of one kind of content: the powers of two from `smallest` to `largest`, in bytes.
#[derive(Clone, Copy)]
pub(crate) struct Buckets {
    smallest: usize,
    largest: usize,
}

/// Where the content ends.
pub(crate) const MARK: u8 = 0x80;

impl Buckets {
    /// Both must be powers of two.
    pub(crate) const fn new(smallest: usize, largest: usize) -> Self {
        Self { smallest, largest }
    }

    /// The most content the largest bucket holds, in bytes.
    pub(crate) const fn content_bytes_max(self) -> usize {
        self.largest - 1
    }

    /// The smallest bucket that holds this much content.
    pub(crate) fn holding(self, content_bytes: usize) -> Option<usize> {
        if content_bytes > self.content_bytes_max() {
            return None;
        }
        Some((content_bytes + 1).next_power_of_two().max(self.smallest))
    }

    /// How much of `padded` is content; `None` unless it is padded exactly as [`pad`] does, in the
    /// bucket that [`holding`](Self::holding) names.
    pub(crate) fn content_bytes(self, padded: &[u8]) -> Option<usize> {
        let mark = padded.iter().rposition(|&byte| byte != 0)?;
        let as_padded = padded[mark] == MARK && self.holding(mark) == Some(padded.len());
        as_padded.then_some(mark)
    }
}

/// Pads the first `content_bytes` of `bucket` to the whole of it.
pub(crate) fn pad(bucket: &mut [u8], content_bytes: usize) {
    if let Some((mark, zeros)) = bucket[content_bytes..].split_first_mut() {
        *mark = MARK;
        zeros.fill(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POSTS: Buckets = Buckets::new(256, 16 * 1024);

    fn padded(content: &[u8]) -> Vec<u8> {
        let mut bucket = vec![0xff; POSTS.holding(content.len()).unwrap()];
        bucket[..content.len()].copy_from_slice(content);
        pad(&mut bucket, content.len());
        bucket
    }

    #[test]
    fn content_goes_into_the_smallest_bucket_that_holds_it_and_its_mark() {
        for (content_bytes, bucket) in [
            (0, Some(256)),
            (255, Some(256)),
            (256, Some(512)),
            (511, Some(512)),
            (1024, Some(2048)),
            (16_383, Some(16_384)),
            (16_384, None),
            (usize::MAX, None),
        ] {
            assert_eq!(POSTS.holding(content_bytes), bucket, "{content_bytes}");
        }
    }

    #[test]
    fn what_was_padded_is_found_again_even_when_it_looks_like_padding() {
        for content in [&b""[..], b"a", b"\0", b"\x80", b"\x80\0\0", &[0; 255], &[0x80; 256]] {
            assert_eq!(POSTS.content_bytes(&padded(content)), Some(content.len()), "{content:?}");
        }
    }

    #[test]
    fn padding_that_is_not_exactly_ours_is_refused() {
        let mut no_mark = padded(b"a");
        no_mark[1] = 0x81;
        let mut after_mark = padded(b"a");
        after_mark[255] = 1;
        let mut too_large = padded(b"a");
        too_large.resize(512, 0);
        let mut too_small = padded(b"a");
        too_small.truncate(128);
        for wrong in [no_mark, after_mark, too_large, too_small, vec![0; 256], Vec::new()] {
            assert_eq!(POSTS.content_bytes(&wrong), None);
        }
    }
}
