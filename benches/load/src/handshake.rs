//! The opening handshake (RFC 6455 §4) of both ends, by hand. The client always says the key of the
//! RFC's own example (§1.3), so that the answer to it is a constant. Must not know sockets.

use std::net::IpAddr;

/// The example's key and the answer to it.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// Bytes of a head, either way; what is longer is no handshake of ours.
const HEAD_BYTES_MAX: usize = 4 * 1024;

const HEAD_END: &[u8] = b"\r\n\r\n";

/// The other end does not open a WebSocket.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no WebSocket was opened: {first_line}")]
pub(crate) struct Unopened {
    pub(crate) first_line: String,
}

/// What a client asks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'text> {
    pub(crate) host: &'text str,
    pub(crate) path: &'text str,
    pub(crate) subprotocol: Option<&'text str>,
    /// The address that a proxy would name.
    pub(crate) forwarded: Option<IpAddr>,
}

impl Request<'_> {
    pub(crate) fn written(&self) -> Vec<u8> {
        let Self { host, path, subprotocol, forwarded } = self;
        let offered = subprotocol.map(|it| format!("Sec-WebSocket-Protocol: {it}\r\n"));
        let forwarded = forwarded.map(|it| format!("X-Forwarded-For: {it}\r\n"));
        let (offered, forwarded) = (offered.unwrap_or_default(), forwarded.unwrap_or_default());
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n\
             Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: {KEY}\r\n{offered}{forwarded}\r\n"
        );
        request.into_bytes()
    }
}

/// How long the answer's head is, once it is all there.
///
/// # Errors
/// When the server answered anything else.
pub(crate) fn read_answer(bytes: &[u8]) -> Result<Option<usize>, Unopened> {
    let Some((head, head_bytes)) = head(bytes)? else { return Ok(None) };
    if head.starts_with("HTTP/1.1 101 ") && head.contains(ACCEPT) {
        Ok(Some(head_bytes))
    } else {
        Err(unopened(&head))
    }
}

/// The path that is asked for, and how long the request's head is, once it is all there.
///
/// # Errors
/// When it asks for anything else than a WebSocket with the one key that is answered here.
pub(crate) fn read_request(bytes: &[u8]) -> Result<Option<(String, usize)>, Unopened> {
    let Some((head, head_bytes)) = head(bytes)? else { return Ok(None) };
    let path = head.strip_prefix("GET ").and_then(|rest| rest.split(' ').next());
    match path {
        Some(path) if head.contains(KEY) => Ok(Some((path.to_owned(), head_bytes))),
        Some(_) | None => Err(unopened(&head)),
    }
}

/// What a server of ours answers.
pub(crate) fn answer() -> Vec<u8> {
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Accept: {ACCEPT}\r\n\r\n"
    );
    answer.into_bytes()
}

fn head(bytes: &[u8]) -> Result<Option<(String, usize)>, Unopened> {
    let near = &bytes[..bytes.len().min(HEAD_BYTES_MAX)];
    match near.windows(HEAD_END.len()).position(|window| window == HEAD_END) {
        Some(at) => {
            let head = String::from_utf8_lossy(&near[..at]).into_owned();
            Ok(Some((head, at + HEAD_END.len())))
        }
        None if bytes.len() < HEAD_BYTES_MAX => Ok(None),
        None => Err(unopened("a head without an end")),
    }
}

fn unopened(head: &str) -> Unopened {
    Unopened { first_line: head.lines().next().unwrap_or_default().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_ends_understand_each_other_and_leave_what_follows() {
        let asked = Request {
            host: "127.0.0.1:1",
            path: "/room/7",
            subprotocol: Some("x"),
            forwarded: Some(IpAddr::from([192, 0, 2, 1])),
        };
        let mut request = asked.written();
        let head_bytes = request.len();
        request.extend_from_slice(b"more");
        assert_eq!(read_request(&request), Ok(Some(("/room/7".to_owned(), head_bytes))));
        assert_eq!(read_request(&request[..head_bytes - 1]), Ok(None));
        let mut answer = answer();
        let head_bytes = answer.len();
        answer.push(0x82);
        assert_eq!(read_answer(&answer), Ok(Some(head_bytes)));
        assert_eq!(read_answer(&answer[..head_bytes - 1]), Ok(None));
    }

    #[test]
    fn a_refusal_is_told_by_its_first_line() {
        let refused = read_answer(b"HTTP/1.1 503 Service Unavailable\r\nX: y\r\n\r\n").unwrap_err();
        assert_eq!(refused.first_line, "HTTP/1.1 503 Service Unavailable");
        assert!(read_request(b"GET / HTTP/1.1\r\n\r\n").is_err());
        assert!(read_answer(&[b'x'; HEAD_BYTES_MAX]).is_err());
    }
}
