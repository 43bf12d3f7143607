//! An operator at the console of an engine that runs in this process.
#![allow(dead_code, reason = "each test file uses its own part of it")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use sanctuary_engine::{Config, Connection, Engine, Notice, start};
use sanctuary_protocol::admin::{AdminRefusal, AdminReply, AdminRequest};
use sanctuary_protocol::{Blob, ClientFrame, Policy, RoomId, ServerFrame};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::time::timeout;

/// Far longer than anything here takes; a test that needs it has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct House {
    pub(crate) engine: Engine,
    pub(crate) socket: PathBuf,
    pub(crate) folder: TempDir,
}

pub(crate) async fn house() -> House {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("run/admin.sock");
    let config = Config { admin_socket: Some(socket.clone()), ..Config::default() };
    House { engine: start(config).await.unwrap(), socket, folder }
}

pub(crate) fn room_id(number: u8) -> RoomId {
    RoomId::from_bytes([0xc0 + number; 16])
}

/// As if a client had sealed it: the engine does not look inside.
pub(crate) fn sealed<const MAX: usize>(bytes: usize) -> Blob<MAX> {
    vec![7; bytes].try_into().unwrap()
}

impl House {
    /// A room, with its host inside.
    pub(crate) async fn room(&self, number: u8) -> Connection {
        let mut host = self.engine.connect(room_id(number));
        host.send(ClientFrame::Create { policy: Policy::default() }).await.unwrap();
        hear(&mut host, |frame| matches!(frame, ServerFrame::Opened(_))).await;
        host
    }

    pub(crate) async fn operator(&self) -> Operator {
        Operator::connect(&self.socket).await
    }
}

pub(crate) async fn hear(
    client: &mut Connection,
    wanted: impl Fn(&ServerFrame) -> bool,
) -> ServerFrame {
    let listening = async {
        loop {
            let frame = client.recv().await.unwrap();
            if wanted(&frame) {
                return frame;
            }
        }
    };
    timeout(PATIENCE, listening).await.unwrap()
}

pub(crate) struct Operator {
    pub(crate) stream: BufReader<UnixStream>,
    pub(crate) heard: Vec<String>,
}

impl Operator {
    pub(crate) async fn connect(socket: &Path) -> Self {
        let stream = UnixStream::connect(socket).await.unwrap();
        Self { stream: BufReader::new(stream), heard: Vec::new() }
    }

    pub(crate) async fn ask(&mut self, request: AdminRequest) -> AdminReply {
        self.say(&serde_json::to_vec(&request).unwrap()).await.unwrap()
    }

    /// Sends a line whatever it is, and hears the reply, or nothing if the connection is over.
    pub(crate) async fn say(&mut self, line: &[u8]) -> Option<AdminReply> {
        let line = [line, b"\n"].concat();
        // A console that hangs up may do so before it has read.
        let _ = self.stream.write_all(&line).await;
        self.hear().await
    }

    pub(crate) async fn hear(&mut self) -> Option<AdminReply> {
        let mut line = String::new();
        match timeout(PATIENCE, self.stream.read_line(&mut line)).await.unwrap() {
            Ok(0) | Err(_) => None,
            Ok(_) => {
                let reply = serde_json::from_str(&line).unwrap();
                self.heard.push(line);
                Some(reply)
            }
        }
    }
}

pub(crate) fn refused(why: AdminRefusal) -> AdminReply {
    AdminReply::Refused { why }
}

/// What an operator says.
pub(crate) fn text(words: &str) -> Notice {
    Notice::try_from(words.to_owned()).unwrap()
}
