//! What every answer of a server says about how the page may be used: it may run nothing but itself, be
//! framed by nobody, and tell nobody where it was. The server says it, and the operator's tool holds
//! a server to it. Must not know what the page holds.

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

/// Each header, in lower case, and its one value. Under TLS a server adds
/// `strict-transport-security`.
pub const SECURITY_HEADERS: [(&str, &str); 8] = [
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", PERMISSIONS_POLICY),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
];
