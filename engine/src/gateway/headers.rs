//! What every response says about how it may be used. The words are the protocol's, since the operator's
//! tool holds servers to them. Must not know what the response holds.

use http::{HeaderMap, HeaderName, HeaderValue, header};
use sanctuary_protocol::page::SECURITY_HEADERS;

use super::peer::Way;

/// For a year this host is asked over TLS alone (RFC 6797); of other hosts of its domain nothing is
/// said, which may be somebody else's.
const STRICT_TRANSPORT_SECURITY: &str = "max-age=31536000";

/// Puts them on a response. Without TLS, `Strict-Transport-Security` would be a lie.
pub(crate) fn secure(headers: &mut HeaderMap, way: Way) {
    for (name, value) in SECURITY_HEADERS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    match way {
        Way::Tls => {
            let value = HeaderValue::from_static(STRICT_TRANSPORT_SECURITY);
            headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
        }
        Way::Plain => {}
    }
}
