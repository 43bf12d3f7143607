//! The server's binary as a child process, ended with the test that started it.
#![allow(dead_code, reason = "each test file uses its own part of it")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test says so")]

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

pub(crate) fn sanctuary(flags: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sanctuary"));
    // Nothing of the machine the tests run on may leak in, nor whether it has swap.
    command.env_clear().env("SANCTUARY_LOCK_MEMORY", "never").env("SANCTUARY_LOG", "off");
    command.args(flags).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A running server, ended with the test that started it.
pub(crate) struct Server {
    pub(crate) child: Child,
    stdout: BufReader<std::process::ChildStdout>,
    pub(crate) line: String,
    pub(crate) address: SocketAddr,
}

impl Server {
    pub(crate) fn start(flags: &[&str]) -> Self {
        Self::spawn(&mut sanctuary(&[&["--port", "0"], flags].concat()))
    }

    pub(crate) fn spawn(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let port = line.trim_end().trim_end_matches('/').rsplit(':').next().unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], port.parse().unwrap()));
        Self { child, stdout, line, address }
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id();
        let sent = Command::new("sh").arg("-c").arg(format!("kill -{name} {id}")).status();
        assert!(sent.unwrap().success());
    }

    /// Its exit, and all it said besides the first line.
    pub(crate) async fn end(&mut self) -> (ExitStatus, String) {
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "it ends");
            tokio::time::sleep(Duration::from_millis(10)).await;
        };
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut rest).unwrap();
        (status, rest)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn run(flags: &[&str]) -> Output {
    sanctuary(flags).output().unwrap()
}

pub(crate) fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
