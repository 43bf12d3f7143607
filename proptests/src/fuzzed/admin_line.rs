//! What stands on the operator's socket, from either side: the console is handed the bytes as requests,
//! and they are read as a reply as the tool reads one.

use std::time::Duration;

use sanctuary_admin::show::greeting;
use sanctuary_engine::{Config, Engine, start, streams};
use sanctuary_protocol::admin::{
    AdminRefusal, AdminReply, AdminRequest, REPLY_LINE_BYTES_MAX, REQUEST_LINE_BYTES_MAX,
    ServerStatus,
};
use sanctuary_protocol::{ClientFrame, Policy, RoomId, ServerFrame};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};

use super::clock::by_stopped_clock;
use super::{Held, Violation, hold};

/// Far more than a console waits for anybody, by its own stopped clock.
const PATIENCE: Duration = Duration::from_secs(24 * 60 * 60);

/// Bytes under way at once; a socket holds more.
const PIPE_BYTES: usize = 8 * 1024;

/// Every line has one answer, which fits it; what is no request is refused and changes nothing; and a
/// reply is safe to show.
///
/// # Errors
/// Says what does not hold.
pub fn admin_line(bytes: &[u8]) -> Held {
    as_reply(bytes)?;
    let heard = by_stopped_clock(heard(bytes))?;
    judge(bytes, &heard.answers)?;
    let lines = lines(bytes);
    if lines.iter().all(|line| request(line).is_none()) {
        hold(heard.before == heard.after, "what is no request changes nothing")?;
        hold(!heard.is_ordered, "what is no request orders nothing")?;
    }
    Ok(())
}

/// What an operator hears, and what became of the server.
struct Heard {
    answers: Vec<u8>,
    before: ServerStatus,
    after: ServerStatus,
    /// Whether the server was told to end.
    is_ordered: bool,
}

async fn heard(bytes: &[u8]) -> Result<Heard, Violation> {
    let engine =
        start(Config::default()).await.map_err(|_| Violation("an engine starts".into()))?;
    let mut member = engine.connect(RoomId::from_bytes([7; 16]));
    let create = ClientFrame::Create { policy: Policy::default() };
    let sent = member.send(create).await.is_ok();
    let opened = matches!(member.recv().await, Some(ServerFrame::Opened(_)));
    hold(sent && opened, "a room opens")?;
    let before = status(&engine).await?;
    let (near, far) = tokio::io::duplex(PIPE_BYTES);
    let answered =
        async { tokio::join!(streams::operate(far, engine.tree()), converse(near, bytes)).1 };
    let answered = tokio::time::timeout(PATIENCE, answered).await;
    let answers = answered.map_err(|_| Violation("a conversation ends".into()))?;
    let after = status(&engine).await?;
    let is_ordered = tokio::time::timeout(Duration::ZERO, engine.ordered()).await.is_ok();
    Ok(Heard { answers, before, after, is_ordered })
}

/// Says it all, and listens at the same time: a console that waits to be read would wait for ever.
async fn converse(near: DuplexStream, bytes: &[u8]) -> Vec<u8> {
    let (mut read, mut write) = tokio::io::split(near);
    let mut answers = Vec::new();
    let saying = async {
        // A console that hangs up is judged by what it answered.
        let _ = write.write_all(bytes).await;
        let _ = write.shutdown().await;
    };
    let (_, _) = tokio::join!(saying, read.read_to_end(&mut answers));
    answers
}

/// How the server is, but for the time.
async fn status(engine: &Engine) -> Result<ServerStatus, Violation> {
    let status = engine.tree().status().await;
    let status = status.map_err(|_| Violation("a server at rest says how it is".into()))?;
    Ok(ServerStatus { uptime_seconds: 0, ..status })
}

/// One answer a line, in order.
fn judge(requests: &[u8], answers: &[u8]) -> Held {
    let requests = lines(requests);
    hold(answers.is_empty() || answers.ends_with(b"\n"), "an answer is a whole line")?;
    let answers = lines(answers);
    hold(requests.len() == answers.len(), "every line has one answer")?;
    for (line, answer) in requests.into_iter().zip(answers) {
        hold(answer.len() < REPLY_LINE_BYTES_MAX, "an answer fits its line")?;
        let reply = serde_json::from_slice::<AdminReply>(answer);
        let reply = reply.map_err(|_| Violation("an answer is a reply".into()))?;
        let again = serde_json::to_vec(&reply);
        hold(again.is_ok_and(|again| again == answer), "an answer says what it means, no more")?;
        hold(answers_it(request(line).as_ref(), &reply), "an answer is about its request")?;
    }
    Ok(())
}

/// What the console takes for lines: up to each newline, and up to the end if anything stands there.
fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    lines.pop_if(|last| last.is_empty());
    lines
}

fn request(line: &[u8]) -> Option<AdminRequest> {
    let fits = line.len() < REQUEST_LINE_BYTES_MAX;
    fits.then(|| serde_json::from_slice(line).ok()).flatten()
}

/// Whether a server that is well may answer a request so; without one, it was not understood.
fn answers_it(request: Option<&AdminRequest>, reply: &AdminReply) -> bool {
    let refused = |why| *reply == AdminReply::Refused { why };
    let Some(request) = request else { return refused(AdminRefusal::NotUnderstood) };
    match request {
        AdminRequest::Status => matches!(reply, AdminReply::Status(_)),
        AdminRequest::Version => matches!(reply, AdminReply::Version(_)),
        AdminRequest::Stats => matches!(reply, AdminReply::Stats(_)),
        AdminRequest::Rooms => matches!(reply, AdminReply::Rooms { .. }),
        AdminRequest::Room { room } => match reply {
            AdminReply::Room(summary) => summary.room == *room,
            _ => refused(AdminRefusal::NoSuchRoom),
        },
        AdminRequest::Purge { .. } => {
            *reply == AdminReply::Purged { rooms: 1 } || refused(AdminRefusal::NoSuchRoom)
        }
        AdminRequest::PurgeIdle { .. } | AdminRequest::PurgeAll { .. } | AdminRequest::Panic => {
            matches!(reply, AdminReply::Purged { .. })
        }
        AdminRequest::Actors => matches!(reply, AdminReply::Actors { .. }),
        AdminRequest::Limits => matches!(reply, AdminReply::Limits(_)),
        AdminRequest::Admit { admitting } => {
            *reply == AdminReply::Admitting { admitting: *admitting }
        }
        AdminRequest::Notice { .. } => matches!(reply, AdminReply::Noticed { .. }),
        AdminRequest::Drain { in_seconds } => match reply {
            AdminReply::Draining { rooms: _, in_seconds: answered } => answered == in_seconds,
            _ => false,
        },
        AdminRequest::Stop => *reply == AdminReply::Stopping,
        AdminRequest::Audit => matches!(reply, AdminReply::Audit(_)),
    }
}

/// The bytes as a server's line, which need not be an honest server's.
fn as_reply(bytes: &[u8]) -> Held {
    let Ok(reply) = serde_json::from_slice::<AdminReply>(bytes) else { return Ok(()) };
    let again = serde_json::to_vec(&reply).ok();
    let again = again.and_then(|again| serde_json::from_slice(&again).ok());
    hold(again.as_ref() == Some(&reply), "a reply is what it is written as")?;
    let AdminReply::Status(status) = &reply else { return Ok(()) };
    let obeyed = |it: char| it.is_control() && it != '\n';
    hold(!greeting(status, "here").contains(obeyed), "a terminal obeys nothing of what is shown")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_is_wrong_is_found_out() {
        let stop = br#"{"request":"stop"}"#;
        let check = |requests: &[u8], answers: &str, expected: Result<(), &str>| {
            let judged = judge(requests, answers.as_bytes());
            let expected = expected.map_err(|what| Violation(what.to_owned()));
            assert_eq!(judged, expected, "{answers}");
        };
        let refused = "{\"reply\":\"refused\",\"why\":\"not_understood\"}\n";
        check(stop, "{\"reply\":\"stopping\"}\n", Ok(()));
        check(b"\n?", &refused.repeat(2), Ok(()));
        check(stop, "", Err("every line has one answer"));
        check(b"?\n", &refused.repeat(2), Err("every line has one answer"));
        check(stop, "{\"reply\":\"stopping\"}", Err("an answer is a whole line"));
        check(stop, "well\n", Err("an answer is a reply"));
        check(stop, "{\"reply\": \"stopping\"}\n", Err("an answer says what it means, no more"));
        check(stop, refused, Err("an answer is about its request"));
        check(b"?", "{\"reply\":\"stopping\"}\n", Err("an answer is about its request"));
    }
}
