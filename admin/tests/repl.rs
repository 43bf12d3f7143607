//! The prompt as an operator at a terminal meets it: a real pseudo-terminal, against a server that
//! plays a script.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use rexpect::process::WaitStatus;
use rexpect::reader::Options;
use rexpect::session::{PtySession, spawn_with_options};
use tempfile::TempDir;

const PROMPT: &str = "sanctuary> ";
const STATUS: &str = r#"{"reply":"status","version":"1.2.3","uptime_seconds":5,"rooms":1,"rooms_max":2000,"members_live":3,"members_gone":0,"connections":3,"connections_max":10000,"retained_bytes":0,"retained_bytes_max":67108864,"restarts":0,"admitting":true,"draining":false}"#;
const ROOM: &str = r#""room":"r1","members_live":3,"members_gone":0,"knocks":0,"age_seconds":7200,"quiet_seconds":5,"entries":40,"retained_bytes":2048"#;

/// How long anything may take before the test has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// The tool at its prompt, in a home of its own, and what it asks of the server.
struct Terminal {
    home: TempDir,
    asked: Receiver<String>,
    session: PtySession,
}

impl Terminal {
    fn open() -> Self {
        let home = tempfile::tempdir().unwrap();
        let server = tempfile::tempdir().unwrap();
        let socket = server.path().join("admin.sock");
        let listener = UnixListener::bind(&socket).unwrap();
        let (told, asked) = channel();
        std::thread::spawn(move || {
            let _until_the_end = server;
            converse(&listener.accept().unwrap().0, |request| drop(told.send(request)));
        });
        let mut command = Command::new(env!("CARGO_BIN_EXE_sanctuary-admin"));
        command
            .current_dir(home.path())
            .env_clear()
            .env("HOME", home.path())
            .env("TERM", "xterm")
            .env("SANCTUARY_ADMIN_SOCKET", &socket);
        let patience = u64::try_from(PATIENCE.as_millis()).unwrap();
        let options = Options::new().timeout_ms(Some(patience)).strip_ansi_escape_codes(true);
        let mut session = spawn_with_options(command, options).unwrap();
        session.process_mut().set_kill_timeout(Some(patience));
        let mut terminal = Self { home, asked, session };
        terminal.expect(&format!("sanctuary 1.2.3 at {}: ", socket.display()));
        terminal.expect("1 room.");
        terminal.expect(PROMPT);
        terminal.expect_request(r#"{"request":"status"}"#);
        terminal
    }

    /// Waits for `text` on the screen, past what was seen before.
    fn expect(&mut self, text: &str) {
        self.session.exp_string(text).unwrap();
    }

    /// Types keys, without a line's end.
    fn press(&mut self, keys: &str) {
        self.session.send(keys).unwrap();
        self.session.flush().unwrap();
    }

    fn expect_request(&self, request: &str) {
        assert_eq!(self.asked.recv_timeout(PATIENCE).unwrap(), request);
    }

    /// Leaves with Ctrl-D. Answers what was asked of the server and not expected.
    fn leave(mut self) -> Vec<String> {
        self.press(CTRL_D);
        self.session.exp_eof().unwrap();
        let ended = self.session.process().wait().unwrap();
        assert!(matches!(ended, WaitStatus::Exited(_, 0)), "{ended:?}");
        let left: Vec<_> = fs::read_dir(self.home.path()).unwrap().collect();
        assert!(left.is_empty(), "{left:?}");
        self.asked.iter().collect()
    }
}

const CTRL_C: &str = "\u{3}";
const CTRL_D: &str = "\u{4}";
const ENTER: &str = "\r";
const TAB: &str = "\t";

/// A server with one room, until the tool hangs up.
fn converse(mut stream: &UnixStream, told: impl Fn(String)) {
    for request in BufReader::new(stream).lines() {
        let request = request.unwrap();
        let reply = match request.as_str() {
            r#"{"request":"status"}"# => STATUS.to_owned(),
            r#"{"request":"rooms"}"# => format!(r#"{{"reply":"rooms","rooms":[{{{ROOM}}}]}}"#),
            r#"{"request":"room","room":"r1"}"# => format!(r#"{{"reply":"room",{ROOM}}}"#),
            r#"{"request":"purge","room":"r1"}"# => r#"{"reply":"purged","rooms":1}"#.to_owned(),
            _ => r#"{"reply":"refused","why":"not_understood"}"#.to_owned(),
        };
        told(request);
        stream.write_all(format!("{reply}\n").as_bytes()).unwrap();
    }
}

#[test]
fn a_command_typed_at_the_prompt_is_answered() {
    let mut terminal = Terminal::open();
    terminal.press("rooms");
    terminal.press(ENTER);
    terminal.expect("room  members  gone  knocks  age  quiet  entries   held");
    terminal.expect("r1          3     0       0   2h     5s       40  2 KiB");
    terminal.expect(PROMPT);
    terminal.expect_request(r#"{"request":"rooms"}"#);
    assert!(terminal.leave().is_empty());
}

#[test]
fn a_purge_completed_by_tab_asks_and_only_a_yes_ends_the_room() {
    let mut terminal = Terminal::open();
    let question = "End r1 (3 members, 2h old) for everybody in it? [y/N] ";
    for (answer, told) in [("n", "nothing was ended"), ("", "nothing was ended")] {
        terminal.press("pu");
        terminal.press(TAB);
        terminal.press(" r1");
        terminal.press(ENTER);
        terminal.expect(question);
        terminal.expect_request(r#"{"request":"room","room":"r1"}"#);
        terminal.press(answer);
        terminal.press(ENTER);
        terminal.expect(told);
        terminal.expect(PROMPT);
    }
    terminal.press("purge r1");
    terminal.press(ENTER);
    terminal.expect(question);
    terminal.press("y");
    terminal.press(ENTER);
    terminal.expect("1 room ended");
    terminal.expect(PROMPT);
    terminal.expect_request(r#"{"request":"room","room":"r1"}"#);
    terminal.expect_request(r#"{"request":"purge","room":"r1"}"#);
    assert!(terminal.leave().is_empty());
}

#[test]
fn an_interrupt_drops_the_line_and_keeps_the_prompt() {
    let mut terminal = Terminal::open();
    terminal.press("purge r1");
    terminal.press(CTRL_C);
    // The line is left behind; what is typed before the next one begins is dropped with it.
    terminal.expect("\n");
    terminal.expect(PROMPT);
    terminal.press("status");
    terminal.press(ENTER);
    terminal.expect("1.2.3");
    terminal.expect_request(r#"{"request":"status"}"#);
    terminal.expect(PROMPT);

    // At the question an interrupt is a no.
    terminal.press("purge r1");
    terminal.press(ENTER);
    terminal.expect("[y/N] ");
    terminal.expect_request(r#"{"request":"room","room":"r1"}"#);
    terminal.press(CTRL_C);
    terminal.expect("nothing was ended");
    terminal.expect(PROMPT);
    assert!(terminal.leave().is_empty());
}
