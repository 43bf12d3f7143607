//! Whether what a server serves is the release: every byte of every file, and what it says beside the
//! page. Pure; it fetches nothing.

use std::fmt::Write as _;

use sanctuary_protocol::page::SECURITY_HEADERS;
use sha2::{Digest as _, Sha256};
use ureq::http::HeaderMap;

use super::fetch::Fetched;
use super::list::{List, Listed};

/// HTTP's word for a file that is there.
const FOUND: u16 = 200;

/// Headers by which a page would load, send or keep more than it says itself. No server of ours sets one.
const FOREIGN: [&str; 13] = [
    "access-control-allow-origin",
    "content-location",
    "content-security-policy-report-only",
    "link",
    "nel",
    "refresh",
    "report-to",
    "reporting-endpoints",
    "service-worker-allowed",
    "set-cookie",
    "sourcemap",
    "speculation-rules",
    "x-sourcemap",
];

/// How a file, or a header, stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As the release has it.
    Same,
    /// Otherwise: how.
    Differs(String),
    /// It is not there.
    Missing(String),
}

/// A file, held to the list.
pub fn file(listed: &Listed, list: &List, fetched: &Fetched) -> Verdict {
    if fetched.status != FOUND {
        return Verdict::Missing(format!("the server answers {}", fetched.status));
    }
    // A proxy may have unpacked it, or not have asked for it packed.
    let Some(coding) = fetched.coding() else {
        return Verdict::Differs("it is packed in a way that no release is".to_owned());
    };
    let Some(expected) = list.hash_of(&listed.path, coding) else {
        return Verdict::Differs(format!("it comes as {}, which is not listed", coding.name()));
    };
    let hash = sha256(&fetched.body);
    if hash == expected { Verdict::Same } else { Verdict::Differs(format!("it is {hash}")) }
}

/// Every header that a page must have, and each that it must not, by its name.
pub fn headers(headers: &HeaderMap) -> Vec<(&'static str, Verdict)> {
    let needed = SECURITY_HEADERS.into_iter().map(|(name, value)| {
        let said: Vec<_> = headers.get_all(name).iter().collect();
        let verdict = match said.as_slice() {
            [] => Verdict::Missing("the page goes unprotected".to_owned()),
            [only] if only.as_bytes() == value.as_bytes() => Verdict::Same,
            [_] => Verdict::Differs("it says something else".to_owned()),
            [_, ..] => Verdict::Differs("it is there more than once".to_owned()),
        };
        (name, verdict)
    });
    let foreign = FOREIGN.into_iter().filter(|name| headers.contains_key(*name));
    let foreign = foreign
        .map(|name| (name, Verdict::Differs("no release says it: it is an addition".to_owned())));
    needed.chain(foreign).collect()
}

fn sha256(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use ureq::http::{HeaderName, HeaderValue};

    use super::*;
    use crate::verify::list::Coding;

    fn proper() -> HeaderMap {
        let pairs = SECURITY_HEADERS.into_iter();
        pairs
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    fn wrong(headers: &HeaderMap) -> Vec<&'static str> {
        let judged = super::headers(headers).into_iter();
        judged.filter(|(_, verdict)| *verdict != Verdict::Same).map(|(name, _)| name).collect()
    }

    #[test]
    fn a_header_that_is_missing_changed_doubled_or_foreign_is_named() {
        assert!(wrong(&proper()).is_empty());
        let mut headers = proper();
        headers.insert("strict-transport-security", HeaderValue::from_static("max-age=1"));
        assert!(wrong(&headers).is_empty(), "TLS adds that one");
        headers.remove("content-security-policy");
        assert_eq!(wrong(&headers), ["content-security-policy"]);
        let mut headers = proper();
        headers.insert("x-frame-options", HeaderValue::from_static("ALLOWALL"));
        headers.append("referrer-policy", HeaderValue::from_static("unsafe-url"));
        headers.insert("link", HeaderValue::from_static("</x.js>; rel=preload"));
        assert_eq!(wrong(&headers), ["referrer-policy", "x-frame-options", "link"]);
    }

    #[test]
    fn a_file_is_the_releases_in_whichever_listed_coding_it_comes() {
        let text = format!("{}  /\n{}  /  br\n", sha256(b"plain"), sha256(b"packed"));
        let list: List = text.parse().unwrap();
        let check = |status: u16, coding: Option<&'static str>, body: &[u8]| {
            let mut headers = HeaderMap::new();
            if let Some(coding) = coding {
                headers.insert("content-encoding", HeaderValue::from_static(coding));
            }
            let listed = &list.files()[1];
            assert_eq!(listed.coding, Coding::Brotli);
            file(listed, &list, &Fetched { status, headers, body: body.to_vec() })
        };
        assert_eq!(check(200, Some("br"), b"packed"), Verdict::Same);
        assert_eq!(check(200, None, b"plain"), Verdict::Same);
        assert!(matches!(check(200, None, b"packed"), Verdict::Differs(_)));
        assert!(matches!(check(200, Some("gzip"), b"packed"), Verdict::Differs(_)));
        assert!(matches!(check(200, Some("zstd"), b"packed"), Verdict::Differs(_)));
        assert!(matches!(check(404, None, b"plain"), Verdict::Missing(_)));
        assert!(matches!(check(301, None, b"plain"), Verdict::Missing(_)));
    }
}
