//! Compression once, at the best there is, so that the server never compresses: it would cost time,
//! and a compressor that sees secrets beside chosen text tells on them by size.

use std::io::Write as _;

use anyhow::Result;
use brotli::CompressorWriter;
use flate2::Compression;
use flate2::write::GzEncoder;

/// Brotli's highest quality (RFC 7932 leaves the scale to the encoder).
const BROTLI_QUALITY: u32 = 11;

/// The largest window of plain brotli short of its last 2 bits: 4 MiB, more than any asset.
const BROTLI_WINDOW_BITS: u32 = 22;

/// How much the encoder reads at once; the result does not depend on it.
const BUFFER_BYTES: usize = 64 * 1024;

/// `bytes` as `Content-Encoding: br`.
pub(super) fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder =
        CompressorWriter::new(Vec::new(), BUFFER_BYTES, BROTLI_QUALITY, BROTLI_WINDOW_BITS);
    encoder.write_all(bytes)?;
    Ok(encoder.into_inner())
}

/// `bytes` as `Content-Encoding: gzip`, without a time stamp: the same bytes on every machine.
pub(super) fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn what_is_compressed_comes_back() {
        let text = b"a room that leaves nothing behind".repeat(100);
        let mut unpacked = Vec::new();
        brotli::Decompressor::new(&*brotli(&text).unwrap(), 4096)
            .read_to_end(&mut unpacked)
            .unwrap();
        assert_eq!(unpacked, text);
        unpacked.clear();
        flate2::read::GzDecoder::new(&*gzip(&text).unwrap()).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, text);
    }
}
