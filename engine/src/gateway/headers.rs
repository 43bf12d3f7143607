//! What every response says about how it may be used: a page that may run nothing but itself, be
//! framed by nobody, and tell nobody where it was. Must not know what the response holds.

use http::header::{self, HeaderName};
use http::{HeaderMap, HeaderValue};

use super::peer::Way;

/// What the page may load and run (W3C Content Security Policy Level 3).
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
     worker-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; \
     connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types sanctuary";

/// Every feature a page could ask for and this one never does. What it needs, writing to the
/// clipboard, stays allowed to the page alone. A feature that Chromium does not know is not named:
/// it would warn of it at each visit.
const PERMISSIONS_POLICY: &str = "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), \
     gamepad=(), geolocation=(), gyroscope=(), hid=(), identity-credentials-get=(), \
     idle-detection=(), keyboard-map=(), local-fonts=(), magnetometer=(), microphone=(), \
     midi=(), otp-credentials=(), payment=(), picture-in-picture=(), \
     publickey-credentials-create=(), publickey-credentials-get=(), screen-wake-lock=(), \
     serial=(), storage-access=(), sync-xhr=(), usb=(), window-management=(), \
     xr-spatial-tracking=(), clipboard-read=(), clipboard-write=(self)";

const HEADERS: [(HeaderName, &str); 8] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS_POLICY),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// For a year this host is asked over TLS alone (RFC 6797); of other hosts of its domain nothing is
/// said, which may be somebody else's.
const STRICT_TRANSPORT_SECURITY: &str = "max-age=31536000";

/// Puts them on a response. Without TLS, `Strict-Transport-Security` would be a lie.
pub(crate) fn secure(headers: &mut HeaderMap, way: Way) {
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    match way {
        Way::Tls => {
            let value = HeaderValue::from_static(STRICT_TRANSPORT_SECURITY);
            headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
        }
        Way::Plain => {}
    }
}
