//! What somebody sends to the server's port: requests, a WebSocket's handshake and its frames, or
//! nothing that makes sense.

use std::time::Duration;

use sanctuary_engine::streams::Entrance;
use sanctuary_engine::{Config, start};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};

use super::clock::by_stopped_clock;
use super::{Held, Violation, hold};

/// Far more than the gateway waits for anybody, by its own stopped clock.
const PATIENCE: Duration = Duration::from_secs(24 * 60 * 60);

/// Bytes under way at once: less than an asset, so that who does not read is noticed.
const PIPE_BYTES: usize = 16 * 1024;

/// Turns that whatever ends may take to be gone once nothing is carried any more.
const TURNS_MAX: usize = 1_000;

/// How somebody goes on after it has said everything.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// It says that nothing follows.
    Closing,
    /// It pauses in the midst, and then leaves the line open.
    Lingering,
}

/// Whatever is sent, however it ends, the server has the last word, is done in time, and holds nothing
/// of it afterwards.
///
/// # Errors
/// Says what does not hold.
pub fn upgrade(bytes: &[u8]) -> Held {
    for manner in [Manner::Closing, Manner::Lingering] {
        let answer = by_stopped_clock(answer(bytes, manner))?;
        judge(&answer)?;
    }
    Ok(())
}

async fn answer(bytes: &[u8], manner: Manner) -> Result<Vec<u8>, Violation> {
    let engine =
        start(Config::default()).await.map_err(|_| Violation("an engine starts".into()))?;
    let entrance = Entrance::to(engine.tree());
    let (near, far) = tokio::io::duplex(PIPE_BYTES);
    let visit = async { tokio::join!(entrance.serve(far), converse(near, bytes, manner)).1 };
    let visited = tokio::time::timeout(PATIENCE, visit).await;
    let answer = visited.map_err(|_| Violation("whoever connects is done with in time".into()))?;
    for _ in 0..TURNS_MAX {
        if engine.tree().stats().connections == 0 {
            return Ok(answer);
        }
        tokio::task::yield_now().await;
    }
    Err(Violation("a connection that ended counts no more".into()))
}

async fn converse(near: DuplexStream, bytes: &[u8], manner: Manner) -> Vec<u8> {
    let (mut read, mut write) = tokio::io::split(near);
    let mut answer = Vec::new();
    let saying = async {
        let (first, rest) = bytes.split_at(bytes.len() / 2);
        // Who is hung up on is judged by what it was answered.
        let _ = write.write_all(first).await;
        if manner == Manner::Lingering {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        let _ = write.write_all(rest).await;
        if manner == Manner::Closing {
            let _ = write.shutdown().await;
        }
    };
    let (_, _) = tokio::join!(saying, read.read_to_end(&mut answer));
    answer
}

/// Nothing, or an answer as HTTP has it, with a status that the gateway or its library gives.
fn judge(answer: &[u8]) -> Held {
    if answer.is_empty() {
        return Ok(());
    }
    let head_end = answer.windows(4).position(|it| it == b"\r\n\r\n");
    let head = head_end.and_then(|end| std::str::from_utf8(&answer[..end]).ok());
    let Some(head) = head else {
        return Err(Violation("an answer has a whole head, in plain letters".into()));
    };
    let line = head.lines().next().unwrap_or_default();
    let version = line.strip_prefix("HTTP/1.1 ").or_else(|| line.strip_prefix("HTTP/1.0 "));
    let status = version.and_then(|rest| rest.get(..3)?.parse::<u16>().ok());
    hold(status.is_some_and(|it| STATUSES.contains(&it)), "an answer has a status of ours")?;
    let body = &answer[head.len() + 4..];
    // What follows a handshake is frames: a server's have no mask (RFC 6455 §5.1).
    let is_unmasked = body.get(1).is_none_or(|length| length & 0x80 == 0);
    hold(status != Some(101) || is_unmasked, "a server masks nothing")
}

/// Ours, and what hyper says of a head that is none or too long.
const STATUSES: [u16; 13] = [101, 200, 204, 304, 400, 403, 404, 405, 414, 426, 429, 431, 503];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_is_wrong_is_found_out() {
        let check = |answer: &[u8], holds: bool| assert_eq!(judge(answer).is_ok(), holds);
        check(b"", true);
        check(b"HTTP/1.1 200 OK\r\n\r\nwell", true);
        check(b"HTTP/1.1 101 Switching Protocols\r\n\r\n\x88\x02\x03\xe8", true);
        check(b"HTTP/1.1 101 Switching Protocols\r\n\r\n\x88\x82\x03\xe8", false);
        check(b"HTTP/1.1 500 Internal Server Error\r\n\r\n", false);
        check(b"HTTP/1.1 200 OK\r\n", false);
        check(b"\x88\x02\x03\xe8", false);
    }
}
