//! One operator's connection: a line in, a line out, until it ends or falls asleep. It holds no more
//! of a line than a request may have.

use std::io;
use std::time::Duration;

use sanctuary_protocol::admin::{AdminRefusal, AdminReply, AdminRequest, REQUEST_LINE_BYTES_MAX};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::time::timeout;

use crate::tree::{Order, Tree, Unavailable};

/// How long an operator may say nothing. A prompt left open for the night gives its session back;
/// the tool connects again at the next command.
const IDLE_WAIT: Duration = Duration::from_secs(60 * 60);

/// How long the tree may take over a request before the operator hears that it cannot be asked.
const ANSWER_WAIT: Duration = Duration::from_secs(10);

/// How long an operator may take to read a reply.
const WRITE_WAIT: Duration = Duration::from_secs(10);

/// Answers one operator until the connection ends, whoever ends it.
pub(super) async fn converse(stream: UnixStream, tree: Tree) {
    let (read, write) = stream.into_split();
    converse_over(read, write, tree).await;
}

/// The same over whatever carries bytes both ways.
pub(crate) async fn converse_over(
    read: impl AsyncRead + Unpin,
    mut write: impl AsyncWrite + Unpin,
    tree: Tree,
) {
    let mut read = BufReader::with_capacity(REQUEST_LINE_BYTES_MAX, read);
    let mut request = Vec::new();
    loop {
        let (reply, promise) = match timeout(IDLE_WAIT, next_line(&mut read, &mut request)).await {
            Ok(Ok(Line::Whole)) => reply_to(&request, &tree).await,
            Ok(Ok(Line::TooLong)) => not_understood(&tree),
            Ok(Ok(Line::End) | Err(_)) | Err(_) => return,
        };
        let told = timeout(WRITE_WAIT, write.write_all(&line(&reply))).await;
        drop(promise);
        match told {
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => return,
        }
    }
}

/// A reply as it is sent.
pub(super) fn line(reply: &AdminReply) -> Vec<u8> {
    // Replies are numbers, strings and lists, which always have a JSON form; an empty line is none.
    let mut line = serde_json::to_vec(reply).unwrap_or_default();
    line.push(b'\n');
    line
}

/// What is done once its answer is written: the console ends with the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Afterwards {
    Nothing,
    Drain { within: Option<Duration> },
    Order(Order),
}

/// It is done when this is dropped: once the answer is written, and also when the operator does not read
/// it, or the console fails meanwhile, for it was asked for.
struct Promise<'t> {
    tree: &'t Tree,
    afterwards: Afterwards,
}

impl Drop for Promise<'_> {
    fn drop(&mut self) {
        match self.afterwards {
            Afterwards::Nothing => {}
            Afterwards::Drain { within } => self.tree.drain(within),
            Afterwards::Order(order) => self.tree.order(order),
        }
    }
}

async fn reply_to<'t>(request: &[u8], tree: &'t Tree) -> (AdminReply, Promise<'t>) {
    let Ok(request) = serde_json::from_slice::<AdminRequest>(request) else {
        return not_understood(tree);
    };
    let afterwards = match &request {
        AdminRequest::Drain { in_seconds } => {
            Afterwards::Drain { within: in_seconds.map(Duration::from_secs) }
        }
        AdminRequest::Stop => Afterwards::Order(Order::Stop),
        AdminRequest::Panic => Afterwards::Order(Order::Panic),
        _ => Afterwards::Nothing,
    };
    let mut promise = Promise { tree, afterwards };
    match timeout(ANSWER_WAIT, answer(request, tree)).await {
        Ok(Ok(reply)) => (reply, promise),
        // Ending the process ends the rooms too, whoever does not answer.
        Ok(Err(Unavailable)) | Err(_) if matches!(afterwards, Afterwards::Order(_)) => {
            (AdminReply::Stopping, promise)
        }
        Ok(Err(Unavailable)) | Err(_) => {
            promise.afterwards = Afterwards::Nothing;
            (refused(AdminRefusal::Unavailable), promise)
        }
    }
}

fn not_understood(tree: &Tree) -> (AdminReply, Promise<'_>) {
    (refused(AdminRefusal::NotUnderstood), Promise { tree, afterwards: Afterwards::Nothing })
}

async fn answer(request: AdminRequest, tree: &Tree) -> Result<AdminReply, Unavailable> {
    Ok(match request {
        AdminRequest::Status => AdminReply::Status(tree.status().await?),
        AdminRequest::Version => AdminReply::Version(tree.version()),
        AdminRequest::Stats => AdminReply::Stats(tree.stats()),
        AdminRequest::Rooms => AdminReply::Rooms { rooms: tree.rooms().await? },
        AdminRequest::Room { room } => match tree.room(room).await? {
            Some(summary) => AdminReply::Room(summary),
            None => refused(AdminRefusal::NoSuchRoom),
        },
        AdminRequest::Purge { room, reason } => match tree.purge(room, reason).await? {
            true => AdminReply::Purged { rooms: 1 },
            false => refused(AdminRefusal::NoSuchRoom),
        },
        AdminRequest::PurgeIdle { older_seconds } => {
            let older = Duration::from_secs(older_seconds);
            AdminReply::Purged { rooms: tree.purge_idle(older).await? }
        }
        AdminRequest::PurgeAll { reason } => {
            AdminReply::Purged { rooms: tree.purge_all(reason).await? }
        }
        AdminRequest::Actors => AdminReply::Actors { actors: tree.actors().await? },
        AdminRequest::Limits => AdminReply::Limits(tree.server_limits()),
        AdminRequest::Admit { admitting } => {
            tree.admit(admitting);
            AdminReply::Admitting { admitting }
        }
        AdminRequest::Notice { text } => AdminReply::Noticed { rooms: tree.notify(text).await? },
        AdminRequest::Drain { in_seconds } => {
            AdminReply::Draining { rooms: tree.tell_of_drain(in_seconds).await?, in_seconds }
        }
        AdminRequest::Stop => AdminReply::Stopping,
        AdminRequest::Panic => {
            tree.admit(false);
            AdminReply::Purged { rooms: tree.purge_all(None).await? }
        }
        AdminRequest::Audit => AdminReply::Audit(tree.audit().await?),
    })
}

fn refused(why: AdminRefusal) -> AdminReply {
    AdminReply::Refused { why }
}

/// What became of reading a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    /// It is in the buffer.
    Whole,
    /// It was more than a request may have, and was thrown away up to its end.
    TooLong,
    /// There is none: the other end is done.
    End,
}

/// Reads up to the next newline, or up to the end of the connection if something stands before it.
async fn next_line(read: &mut (impl AsyncBufRead + Unpin), line: &mut Vec<u8>) -> io::Result<Line> {
    line.clear();
    let mut outcome = Line::End;
    loop {
        let available = read.fill_buf().await?;
        if available.is_empty() {
            return Ok(outcome);
        }
        let newline = available.iter().position(|byte| *byte == b'\n');
        let piece = available.get(..newline.unwrap_or(available.len())).unwrap_or(available);
        if outcome != Line::TooLong && line.len() + piece.len() < REQUEST_LINE_BYTES_MAX {
            line.extend_from_slice(piece);
            outcome = Line::Whole;
        } else {
            outcome = Line::TooLong;
        }
        let consumed = piece.len() + usize::from(newline.is_some());
        read.consume(consumed);
        if newline.is_some() {
            return Ok(outcome);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;
    use crate::Config;

    async fn lines(mut sent: &[u8]) -> Vec<Result<Vec<u8>, Line>> {
        let mut line = Vec::new();
        let mut lines = Vec::new();
        loop {
            match next_line(&mut sent, &mut line).await.unwrap() {
                Line::Whole => lines.push(Ok(line.clone())),
                Line::TooLong => lines.push(Err(Line::TooLong)),
                Line::End => return lines,
            }
        }
    }

    #[tokio::test]
    async fn a_line_ends_at_a_newline_or_with_the_connection() {
        assert_eq!(lines(b"").await, []);
        assert_eq!(lines(b"a\n\nb").await, [Ok(b"a".to_vec()), Ok(vec![]), Ok(b"b".to_vec())]);
    }

    #[tokio::test]
    async fn a_line_too_long_is_thrown_away_and_the_next_is_read() {
        let whole = vec![b'x'; REQUEST_LINE_BYTES_MAX - 1];
        let long = vec![b'x'; REQUEST_LINE_BYTES_MAX];
        let sent = [&*whole, b"\n", &long, b"\n", &long, &long, b"\nb\n", &long].concat();
        let expected = [
            Ok(whole),
            Err(Line::TooLong),
            Err(Line::TooLong),
            Ok(b"b".to_vec()),
            Err(Line::TooLong),
        ];
        assert_eq!(lines(&sent).await, expected);
    }

    #[tokio::test(start_paused = true)]
    async fn an_order_outlives_the_session_it_was_given_in() {
        for (request, order) in [("stop", Order::Stop), ("panic", Order::Panic)] {
            let config = Config { listen: Vec::new(), ..Config::default() };
            let engine = crate::start(config).await.unwrap();
            let (ours, mut theirs) = UnixStream::pair().unwrap();
            // The operator reads nothing: no answer can be written.
            ours.writable().await.unwrap();
            for piece in [&[b'\n'; 1024][..], b"\n"] {
                while ours.try_write(piece).is_ok() {}
            }
            let request = format!("{{\"request\":\"{request}\"}}\n");
            theirs.write_all(request.as_bytes()).await.unwrap();
            let mut session = Box::pin(converse(ours, engine.tree().clone()));
            assert!(timeout(WRITE_WAIT / 2, &mut session).await.is_err());
            assert_eq!(engine.ordered().now_or_never(), None);
            drop(session);
            assert_eq!(engine.ordered().now_or_never(), Some(order));
        }
    }
}
