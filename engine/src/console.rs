//! The operator's console: answers `sanctuary-admin` over a unix socket. It sees rooms as the tree
//! summarises them, by throwaway handle, and has no way to learn an id, an address or a message.
//!
//! ```text
//! Console            owns the listener; counts the sessions
//! └─ session × n     a task each, and no actor: gone with its connection or with the console
//! ```
//!
//! A restarted console needs a listener of its own: the supervisor keeps one and hands out
//! [`UnixListener::try_clone`]s, so that the socket stays the same file.

mod session;

#[cfg(feature = "streams")]
pub(crate) use session::converse_over;

use std::convert::Infallible;
use std::env;
use std::io::{self, Write};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ractor::{Actor, ActorProcessingErr, ActorRef};
use sanctuary_protocol::admin::{AdminRefusal, AdminReply, default_socket_path};
use tokio::net::UnixStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use crate::socket_file;
use crate::tally::Work;
use crate::tree::Tree;

/// Operators served at once: a few prompts, their completions, and a script.
pub const SESSIONS_MAX: usize = 8;

/// How long to leave the listener alone when a connection cannot be accepted, which means that
/// descriptors are short.
const ACCEPT_RECOVERY: Duration = Duration::from_millis(200);

/// The actor behind the operator's socket.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Console;

/// What the console works with.
#[derive(Debug)]
pub(crate) struct ConsoleArguments {
    /// Bound outside, or a clone of it.
    pub(crate) listener: UnixListener,
    /// Whom to ask.
    pub(crate) tree: Tree,
}

/// What the console is told.
#[derive(Debug)]
pub(crate) enum ConsoleMessage {
    /// Somebody connected, and there is a session free.
    Accepted {
        /// Whose.
        stream: UnixStream,
        /// One of [`SESSIONS_MAX`]; it bounds the mailbox too.
        permit: OwnedSemaphorePermit,
    },
}

/// The console at work. Its tasks end with it.
#[derive(Debug)]
pub(crate) struct ConsoleState {
    tree: Tree,
    own_uid: u32,
    sessions: JoinSet<()>,
    _accepting: JoinSet<Infallible>,
}

impl Actor for Console {
    type Msg = ConsoleMessage;
    type State = ConsoleState;
    type Arguments = ConsoleArguments;

    async fn pre_start(
        &self,
        myself: ActorRef<ConsoleMessage>,
        arguments: ConsoleArguments,
    ) -> Result<ConsoleState, ActorProcessingErr> {
        let ConsoleArguments { listener, tree } = arguments;
        let own_uid = socket_file::own_uid()?;
        listener.set_nonblocking(true)?;
        let listener = tokio::net::UnixListener::from_std(listener)?;
        let mut accepting = JoinSet::new();
        accepting.spawn(accept(listener, myself));
        Ok(ConsoleState { tree, own_uid, sessions: JoinSet::new(), _accepting: accepting })
    }

    async fn handle(
        &self,
        _myself: ActorRef<ConsoleMessage>,
        message: ConsoleMessage,
        state: &mut ConsoleState,
    ) -> Result<(), ActorProcessingErr> {
        while state.sessions.try_join_next().is_some() {}
        match message {
            ConsoleMessage::Accepted { stream, permit } => match stream.peer_cred() {
                Ok(peer) if may_operate(peer.uid(), state.own_uid) => {
                    let tree = state.tree.clone();
                    let under_way = tree.ledger().begin(Work::Session);
                    state.sessions.spawn(async move {
                        session::converse(stream, tree).await;
                        drop(under_way);
                        drop(permit);
                    });
                }
                Ok(_) | Err(_) => refuse(stream, AdminRefusal::NotYours),
            },
        }
        Ok(())
    }
}

/// Where the socket is unless the operator says otherwise, for the user the process runs as.
pub fn default_path() -> io::Result<PathBuf> {
    let runtime_dir = env::var_os("XDG_RUNTIME_DIR");
    Ok(default_socket_path(runtime_dir.as_deref().map(Path::new), socket_file::own_uid()?))
}

/// Who may look after the server: whoever runs it, and root, who could anyway.
fn may_operate(peer_uid: u32, own_uid: u32) -> bool {
    peer_uid == own_uid || peer_uid == 0
}

async fn accept(
    listener: tokio::net::UnixListener,
    console: ActorRef<ConsoleMessage>,
) -> Infallible {
    let permits = Arc::new(Semaphore::new(SESSIONS_MAX));
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(ACCEPT_RECOVERY).await;
            continue;
        };
        match Arc::clone(&permits).try_acquire_owned() {
            // A console that no longer listens is about to end this task.
            Ok(permit) => drop(console.cast(ConsoleMessage::Accepted { stream, permit })),
            Err(_) => refuse(stream, AdminRefusal::TooManyOperators),
        }
    }
}

/// One line, then the end. The connection is fresh, so the line fits the kernel's buffer and the
/// write does not wait; should it fail, the end says enough.
fn refuse(stream: UnixStream, why: AdminRefusal) {
    let _ = refuse_in_full(stream, why);
}

fn refuse_in_full(stream: UnixStream, why: AdminRefusal) -> io::Result<()> {
    stream.into_std()?.write_all(&session::line(&AdminReply::Refused { why }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_user_and_root_operate_a_server() {
        assert!(may_operate(1000, 1000));
        assert!(may_operate(0, 1000));
        assert!(may_operate(0, 0));
        assert!(!may_operate(1001, 1000));
        assert!(!may_operate(1000, 0));
    }
}
