//! The server and the operator's tool as child processes, each bounded in time.

use std::env;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// An emulated machine is some twenty times slower than this one, and nothing here takes it seconds.
const PATIENCE: Duration = Duration::from_secs(90);

/// Between two looks at what nothing announces.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// A running server.
pub(crate) struct Server {
    child: Child,
    address: SocketAddr,
    folder: TempDir,
}

impl Server {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = named_by("SANCTUARY_UNDER_TEST");
        command.args(["--bind", "127.0.0.1:0", "--admin-socket"]).arg(socket(&folder));
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let line = first_line(&mut child);
        let address = line.trim().trim_end_matches('/').rsplit('/').next().unwrap();
        Self { address: address.parse().expect("the line names an address"), child, folder }
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        while !holds(self) {
            assert!(begun.elapsed() < PATIENCE, "never: {what}");
            thread::sleep(LOOK_EVERY);
        }
    }

    /// As a service manager stops it.
    pub(crate) fn stop(mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        assert!(ended(&mut self.child), "it stops cleanly");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the operator's tool says, which must succeed.
pub(crate) fn admin(server: &Server, words: &[&str]) -> String {
    let mut command = named_by("SANCTUARY_ADMIN_UNDER_TEST");
    command.arg("--socket").arg(socket(&server.folder)).args(words);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    // A reply is far shorter than what a pipe holds, so the tool need not wait for us.
    assert!(ended(&mut child), "the operator's tool does it");
    std::io::read_to_string(child.stdout.take().unwrap()).unwrap()
}

fn socket(folder: &TempDir) -> std::path::PathBuf {
    folder.path().join("own").join("admin.sock")
}

/// The command in a variable, with nothing of this machine's environment.
fn named_by(variable: &str) -> Command {
    let words = env::var(variable).unwrap_or_else(|_| panic!("{variable} names a command"));
    let mut words = words.split_whitespace();
    let mut command = Command::new(words.next().unwrap());
    command.args(words).env_clear().env("PATH", env::var_os("PATH").unwrap_or_default());
    command
}

fn first_line(child: &mut Child) -> String {
    let (told, heard) = mpsc::channel();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    thread::spawn(move || {
        let mut line = String::new();
        let _ = out.read_line(&mut line);
        let _ = told.send(line);
    });
    heard.recv_timeout(PATIENCE).expect("the server says where it is open")
}

fn ended(child: &mut Child) -> bool {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.success();
        }
        if begun.elapsed() > PATIENCE {
            let _ = child.kill();
            return false;
        }
        thread::sleep(LOOK_EVERY);
    }
}
