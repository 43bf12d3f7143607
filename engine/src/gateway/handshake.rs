//! From a socket to TLS: within a time, so many at once, and whoever speaks plain HTTP by mistake is
//! told so. Must not know what is served.

use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

use super::Gate;
use crate::tls::{ACME_TLS, Tls};

/// Handshakes under way at once: each holds some twenty kilobytes, and a crowd that comes back after a
/// restart is through in a second. Whoever comes then waits for a place within its own time.
pub(super) const HANDSHAKES_MAX: usize = 512;

/// Bytes that TLS keeps of what a client does not read: one record (RFC 8446 §5.1). What it cannot
/// take waits in the outbox, which is counted.
const UNREAD_BYTES_MAX: usize = 16 * 1024;

/// The first byte of every handshake (RFC 8446 §5.1); no method of HTTP begins with it.
const HANDSHAKE: u8 = 22;

/// What a client turned out to speak.
pub(super) enum Spoken {
    /// TLS.
    Tls(Box<TlsStream<TcpStream>>),
    /// Something else; nothing was read of it.
    Plain(TcpStream),
}

/// Greets a client. Nothing, if it is too slow, speaks no TLS that we speak, or the server stops.
pub(super) async fn greet(stream: TcpStream, gate: &Gate, tls: &Tls) -> Option<Spoken> {
    let mut stopping = gate.tree.stopping();
    let wait: Duration = gate.tree.limits().header_wait;
    tokio::select! {
        biased;
        greeted = tokio::time::timeout(wait, shake_hands(stream, gate, tls)) => greeted.ok()?,
        _ = stopping.wait_for(|stopping| *stopping) => None,
    }
}

async fn shake_hands(stream: TcpStream, gate: &Gate, tls: &Tls) -> Option<Spoken> {
    let mut first = [0];
    // Whoever says nothing has no place among those who do.
    if stream.peek(&mut first).await.ok()? == 0 {
        return None;
    }
    if first != [HANDSHAKE] {
        return Some(Spoken::Plain(stream));
    }
    let _place = gate.handshakes.acquire().await.ok()?;
    let bounded = |connection: &mut tokio_rustls::rustls::ServerConnection| {
        connection.set_buffer_limit(Some(UNREAD_BYTES_MAX));
    };
    let mut stream = tls.acceptor().accept_with(stream, bounded).await.ok()?;
    if stream.get_ref().1.alpn_protocol() == Some(ACME_TLS) {
        // An authority has seen what it came for.
        let _ = stream.shutdown().await;
        return None;
    }
    Some(Spoken::Tls(Box::new(stream)))
}
