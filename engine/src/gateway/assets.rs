//! The built client, inside the binary: each file plain, in brotli and in gzip, chosen by what the
//! browser takes. Must not know what the files hold.

use bytes::Bytes;
use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue, VARY,
};
use http::{HeaderMap, Response, StatusCode};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::reply::{Reply, page};

/// Whatever `cargo xtask build` last made; nothing, before that.
#[derive(RustEmbed)]
#[folder = "../dist"]
#[allow_missing = true]
struct Dist;

const PAGE: &str = "index.html";

/// Where files lie whose name holds their hash.
const HASHED: &str = "assets/";

/// The page itself is asked for each time, and kept by nobody: it names the assets of this build.
const NEVER_KEPT: &str = "no-store";

/// A hashed name never means anything else.
const KEPT: &str = "public, max-age=31536000, immutable";

const NO_CLIENT: &str = "<!doctype html>\n<meta charset=utf-8>\n<title>Sanctuary</title>\n\
     <h1>The page is not built</h1>\n\
     <p>This server was compiled without its client. Run <code>cargo xtask build</code>, \
     then start it again; or let <code>cargo xtask run</code> do both.</p>\n";

/// The page.
pub(crate) fn index(request: &HeaderMap) -> Reply {
    match file(PAGE, request) {
        Some(reply) => reply,
        None => page(StatusCode::OK, NO_CLIENT, NEVER_KEPT),
    }
}

/// An asset, if there is one of that name. The compressed forms are no assets of their own.
pub(crate) fn asset(path: &str, request: &HeaderMap) -> Option<Reply> {
    if path.ends_with(".br") || path.ends_with(".gz") { None } else { file(path, request) }
}

fn file(path: &str, request: &HeaderMap) -> Option<Reply> {
    let plain = Dist::get(path)?;
    let (body, coding) = Coding::BEST_FIRST
        .into_iter()
        .filter(|coding| coding.is_taken(request))
        .find_map(|coding| Some((Dist::get(&format!("{path}{}", coding.suffix()))?, Some(coding))))
        .unwrap_or((plain, None));
    let mut reply = Response::new(bytes(body));
    let headers = reply.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    let kept = if path.starts_with(HASHED) { KEPT } else { NEVER_KEPT };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(kept));
    if let Some(coding) = coding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
    }
    Some(reply)
}

/// Embedded files are part of the binary: nothing is copied.
fn bytes(file: EmbeddedFile) -> Bytes {
    match file.data {
        std::borrow::Cow::Borrowed(data) => Bytes::from_static(data),
        std::borrow::Cow::Owned(data) => data.into(),
    }
}

/// How a body may be compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    Brotli,
    Gzip,
}

impl Coding {
    const BEST_FIRST: [Self; 2] = [Self::Brotli, Self::Gzip];

    const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    const fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }

    /// Whether the request takes it (RFC 9110 §12.5.3): named, and not with a weight of nothing.
    fn is_taken(self, request: &HeaderMap) -> bool {
        let offered = request.get_all(ACCEPT_ENCODING).iter().filter_map(|it| it.to_str().ok());
        offered.flat_map(|offers| offers.split(',')).any(|offer| {
            let mut parts = offer.split(';').map(str::trim);
            let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(self.name()));
            named && !parts.any(refuses)
        })
    }
}

fn refuses(parameter: &str) -> bool {
    let weight = parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q="));
    weight.is_some_and(|weight| weight.parse() == Ok(0.0_f32))
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("txt") => "text/plain; charset=utf-8",
        Some(_) | None => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coding_is_taken_when_it_is_named_and_not_refused() {
        for (offers, brotli, gzip) in [
            ("gzip, deflate, br, zstd", true, true),
            ("gzip", false, true),
            ("br;q=0, gzip;q=0.5", false, true),
            ("BR ; q=1.0", true, false),
            ("identity", false, false),
            ("", false, false),
        ] {
            let mut request = HeaderMap::new();
            request.insert(ACCEPT_ENCODING, HeaderValue::from_static(offers));
            assert_eq!(Coding::Brotli.is_taken(&request), brotli, "{offers}");
            assert_eq!(Coding::Gzip.is_taken(&request), gzip, "{offers}");
        }
    }
}
