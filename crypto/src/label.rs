//! How several inputs become one, for every hash, key and seal: each is preceded by its length, so
//! that no two different lists of inputs give the same bytes.

/// Every label begins with this. A change to any derivation changes the version in it.
macro_rules! label {
    ($name:literal) => {
        concat!("sanctuary/v1/", $name).as_bytes()
    };
}
pub(crate) use label;

/// The parts, one after the other, each preceded by its length as four little-endian bytes.
pub(crate) fn length_prefixed(parts: &[&[u8]]) -> Vec<u8> {
    let mut joined = Vec::with_capacity(parts.iter().map(|part| 4 + part.len()).sum());
    for part in parts {
        // No part comes near 4 GiB: they are labels, ids and names with small bounds.
        joined.extend_from_slice(&(part.len() as u32).to_le_bytes());
        joined.extend_from_slice(part);
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_a_byte_from_one_part_to_the_next_changes_the_whole() {
        assert_ne!(length_prefixed(&[b"ab", b"c"]), length_prefixed(&[b"a", b"bc"]));
        assert_ne!(length_prefixed(&[b"ab"]), length_prefixed(&[b"ab", b""]));
        assert_eq!(length_prefixed(&[b"ab", b""]), b"\x02\0\0\0ab\0\0\0\0");
    }

    #[test]
    fn a_label_names_the_version() {
        assert_eq!(label!("room"), b"sanctuary/v1/room");
    }
}
