//! Text without the difference of case: Unicode's full mappings, of no language (§3.13 of the
//! standard; `toLowerCase` in ECMA-262).
//!
//! The page asks the browser, which has the tables: they would be a thirtieth of all there is to
//! download. Where two have to agree, it is on settled characters
//! ([`repertoire`](crate::repertoire)): Unicode never takes a pair of cases apart, and what gains a
//! capital later is mapped there and back.

/// `text` in small letters.
pub fn lowercase(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { tables::lowercase(text) }
}

/// `text` in capitals.
pub fn uppercase(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_uppercase() } else { tables::uppercase(text) }
}

#[cfg(not(target_arch = "wasm32"))]
mod tables {
    pub(super) fn lowercase(text: &str) -> String {
        text.to_lowercase()
    }

    pub(super) fn uppercase(text: &str) -> String {
        text.to_uppercase()
    }
}

#[cfg(target_arch = "wasm32")]
mod tables {
    use js_sys::JsString;

    pub(super) fn lowercase(text: &str) -> String {
        JsString::from(text).to_lower_case().into()
    }

    pub(super) fn uppercase(text: &str) -> String {
        JsString::from(text).to_upper_case().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_is_mapped_by_the_whole_text() {
        let check = |text: &str, lower: &str, upper: &str| {
            assert_eq!((lowercase(text).as_str(), uppercase(text).as_str()), (lower, upper));
        };
        check("Room 7", "room 7", "ROOM 7");
        check("Straße", "straße", "STRASSE");
        check("ΟΔΟΣ", "οδος", "ΟΔΟΣ");
        check("İ", "i\u{307}", "İ");
    }
}
