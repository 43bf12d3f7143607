//! Responses in plain sentences.

use std::time::Duration;

use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use http::{Response, StatusCode};

use super::peer::TurnedAway;

/// What the gateway answers with.
pub(crate) type Reply = Response<Bytes>;

/// One sentence.
pub(crate) fn sentence(status: StatusCode, sentence: &'static str) -> Reply {
    let mut reply = Response::new(Bytes::from(format!("{sentence}\n")));
    *reply.status_mut() = status;
    let headers = reply.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply
}

/// A page of its own.
pub(crate) fn page(status: StatusCode, html: &'static str, kept: &'static str) -> Reply {
    let mut reply = Response::new(Bytes::from_static(html.as_bytes()));
    *reply.status_mut() = status;
    let headers = reply.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(kept));
    reply
}

/// Nothing is there.
pub(crate) fn not_found() -> Reply {
    sentence(StatusCode::NOT_FOUND, "There is nothing here. The chat is at /.")
}

/// The request is not about anything that could be here.
pub(crate) fn no_path() -> Reply {
    sentence(StatusCode::BAD_REQUEST, "A request names a path, such as /.")
}

/// Something is there, and not for this method.
pub(crate) fn method_not_allowed() -> Reply {
    let mut reply = sentence(StatusCode::METHOD_NOT_ALLOWED, "This can only be read: use GET.");
    reply.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    reply
}

/// Why somebody is not taken.
pub(crate) fn turned_away(why: TurnedAway) -> Reply {
    match why {
        TurnedAway::ServerFull => server_full(),
        TurnedAway::Crowded => crowded(),
        TurnedAway::TooOften { wait } => too_often(wait),
    }
}

/// As many are connected as may be.
fn server_full() -> Reply {
    let mut reply = sentence(
        StatusCode::SERVICE_UNAVAILABLE,
        "As many people are connected as this server takes. Try again in a moment.",
    );
    reply.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("10"));
    reply
}

/// This address has as many connections open as it may.
fn crowded() -> Reply {
    let mut reply = sentence(
        StatusCode::TOO_MANY_REQUESTS,
        "Too many connections are open from this address. Close one, then try again.",
    );
    reply.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("10"));
    reply
}

/// This address connects too often.
fn too_often(wait: Duration) -> Reply {
    let mut reply = sentence(
        StatusCode::TOO_MANY_REQUESTS,
        "Too many connections from this address. Try again in a moment.",
    );
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    reply.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    reply
}
