//! What every response says about how it may be used. The words are the protocol's, since the operator's
//! tool holds servers to them. Must not know what the response holds.

use http::{HeaderMap, HeaderName, HeaderValue};
use sanctuary_protocol::page::SECURITY_HEADERS;

/// Puts them on a response. No `Strict-Transport-Security`: without TLS it would be a lie.
pub(crate) fn secure(headers: &mut HeaderMap) {
    for (name, value) in SECURITY_HEADERS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
}
