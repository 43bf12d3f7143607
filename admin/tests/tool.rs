//! The binary as an operator's shell sees it, against a server that plays a script: what it sends,
//! what it prints, how it ends, and that it leaves nothing behind.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::thread::JoinHandle;

use tempfile::TempDir;

const ROOM: &str = r#"{"room":"r7","members_live":3,"members_gone":1,"knocks":0,"age_seconds":7200,"quiet_seconds":5,"entries":40,"retained_bytes":2048}"#;

/// A folder with nothing in it but what a test puts there: the tool's home and working directory.
struct Home {
    folder: TempDir,
}

struct Ended {
    code: i32,
    out: String,
    err: String,
}

impl Home {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("admin.sock")
    }

    /// A server that takes one connection, answers each request with the next of `replies`, and
    /// hangs up at the first request after the last. Joined, it tells the requests it had.
    fn serve(&self, replies: Vec<String>) -> JoinHandle<Vec<String>> {
        let listener = UnixListener::bind(self.socket()).unwrap();
        std::thread::spawn(move || converse(&listener.accept().unwrap().0, replies))
    }

    fn run(&self, arguments: &[&str], input: &str) -> Ended {
        let mut child = Command::new(env!("CARGO_BIN_EXE_sanctuary-admin"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("HOME", self.folder.path())
            .env("SANCTUARY_ADMIN_SOCKET", self.socket())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A tool that ends before it read everything closes the pipe.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ended { code: status.code().unwrap(), out: text(stdout), err: text(stderr) }
    }
}

fn converse(stream: &UnixStream, replies: Vec<String>) -> Vec<String> {
    let mut replies = replies.into_iter();
    let mut requests = Vec::new();
    for request in BufReader::new(stream).lines() {
        requests.push(request.unwrap());
        let Some(reply) = replies.next() else { break };
        let mut stream = stream;
        stream.write_all(format!("{reply}\n").as_bytes()).unwrap();
    }
    requests
}

fn room_reply() -> String {
    format!(r#"{{"reply":"room",{}"#, ROOM.trim_start_matches('{'))
}

fn rooms_reply() -> String {
    format!(r#"{{"reply":"rooms","rooms":[{ROOM}]}}"#)
}

fn purged_reply() -> String {
    r#"{"reply":"purged","rooms":1}"#.to_owned()
}

fn refused_reply(why: &str) -> String {
    format!(r#"{{"reply":"refused","why":"{why}"}}"#)
}

#[test]
fn rooms_are_a_table_or_a_line_of_json() {
    let home = Home::new();
    let server = home.serve(vec![rooms_reply()]);
    let ended = home.run(&["rooms"], "");
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert_eq!(
        ended.out,
        "room  members  gone  knocks  age  quiet  entries   held\n\
         r7          3     1       0   2h     5s       40  2 KiB\n"
    );
    assert_eq!(server.join().unwrap(), [r#"{"request":"rooms"}"#]);

    let home = Home::new();
    let server = home.serve(vec![rooms_reply()]);
    let ended = home.run(&["rooms", "--json"], "");
    assert_eq!((ended.code, ended.out), (0, rooms_reply() + "\n"));
    server.join().unwrap();
}

#[test]
fn a_purge_without_anybody_to_ask_needs_yes() {
    let home = Home::new();
    let server = home.serve(vec![room_reply()]);
    let ended = home.run(&["purge", "r7"], "y\n");
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("add --yes"), "{}", ended.err);
    assert_eq!(server.join().unwrap(), [r#"{"request":"room","room":"r7"}"#]);

    let home = Home::new();
    let server = home.serve(vec![room_reply(), purged_reply()]);
    let ended = home.run(&["purge", "r7", "--yes"], "");
    assert_eq!((ended.code, ended.out.as_str()), (0, "1 room ended\n"));
    let requests = server.join().unwrap();
    assert_eq!(requests.last().unwrap(), r#"{"request":"purge","room":"r7"}"#);
}

#[test]
fn ending_every_room_needs_yes_unless_there_is_none() {
    let home = Home::new();
    let server = home.serve(vec![rooms_reply()]);
    assert_eq!(home.run(&["purge", "all"], "").code, 2);
    assert_eq!(server.join().unwrap(), [r#"{"request":"rooms"}"#]);

    let home = Home::new();
    let none = r#"{"reply":"purged","rooms":0}"#.to_owned();
    let server = home.serve(vec![r#"{"reply":"rooms","rooms":[]}"#.to_owned(), none]);
    let ended = home.run(&["purge", "all"], "");
    assert_eq!((ended.code, ended.out.as_str()), (0, "no rooms ended\n"));
    server.join().unwrap();
}

#[test]
fn a_refusal_is_told_and_ends_with_one() {
    let check = |why: &str, expected: &str| {
        let home = Home::new();
        let server = home.serve(vec![refused_reply(why)]);
        let ended = home.run(&["room", "r7"], "");
        assert_eq!((ended.code, ended.out.as_str()), (1, ""), "{why}");
        assert!(ended.err.contains(expected), "{why}: {}", ended.err);
        server.join().unwrap();
    };
    check("no_such_room", "no such room");
    check("not_understood", "did not understand");
    check("unavailable", "try again");
    check("not_yours", "the user it runs as");
    check("too_many_operators", "too many operators");
}

#[test]
fn a_refusal_said_before_the_request_was_read_is_still_told() {
    let home = Home::new();
    let listener = UnixListener::bind(home.socket()).unwrap();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let line = refused_reply("too_many_operators") + "\n";
        stream.write_all(line.as_bytes()).unwrap();
    });
    let ended = home.run(&["rooms"], "");
    assert_eq!(ended.code, 1, "{}", ended.err);
    assert!(ended.err.contains("too many operators"), "{}", ended.err);
    server.join().unwrap();
}

#[test]
fn without_a_server_the_tool_says_what_is_there_instead() {
    let home = Home::new();
    let ended = home.run(&["rooms"], "");
    assert_eq!(ended.code, 3);
    assert!(ended.err.contains("no server answers at"), "{}", ended.err);
    assert!(ended.err.contains("--socket PATH"), "{}", ended.err);

    drop(UnixListener::bind(home.socket()).unwrap());
    let ended = home.run(&["rooms"], "");
    assert_eq!(ended.code, 3);
    assert!(ended.err.contains("no server answers at"), "{}", ended.err);

    fs::remove_file(home.socket()).unwrap();
    fs::write(home.socket(), "a diary").unwrap();
    let ended = home.run(&["rooms"], "");
    assert_eq!(ended.code, 3);
    assert!(ended.err.contains("is not a socket"), "{}", ended.err);
    assert_eq!(fs::read_to_string(home.socket()).unwrap(), "a diary");
}

/// The tool, for somebody whom the system can refuse. Root never is, unless it gives that up first.
fn tool_without_privileges() -> Command {
    let tool = env!("CARGO_BIN_EXE_sanctuary-admin");
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        return Command::new(tool);
    }
    let mut command = Command::new("/usr/bin/setpriv");
    command.args(["--bounding-set", "-all", tool]);
    command
}

#[test]
fn a_socket_that_is_closed_to_the_operator_is_said_to_be_somebody_elses() {
    let home = Home::new();
    let folder = home.folder.path().join("closed");
    fs::create_dir(&folder).unwrap();
    let socket = folder.join("admin.sock");
    let _listener = UnixListener::bind(&socket).unwrap();
    for closed in [&socket, &folder] {
        fs::set_permissions(closed, Permissions::from_mode(0o000)).unwrap();
        let mut command = tool_without_privileges();
        command.arg("rooms").env_clear().env("SANCTUARY_ADMIN_SOCKET", &socket);
        let Output { status, stderr, .. } = command.output().unwrap();
        let told = String::from_utf8(stderr).unwrap();
        let expected = format!(
            "the socket at {} is not yours; run this as the user the server runs as, or as root\n",
            socket.display()
        );
        assert_eq!((status.code(), told), (Some(3), expected), "{}", closed.display());
    }
    fs::set_permissions(&folder, Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn a_server_that_goes_away_or_babbles_is_told_apart() {
    let home = Home::new();
    let server = home.serve(vec![]);
    let ended = home.run(&["status"], "");
    assert_eq!(ended.code, 3);
    assert!(ended.err.contains("ended before the server answered"), "{}", ended.err);
    server.join().unwrap();

    for babble in ["HTTP/1.1 400 Bad Request", "{}", "", "\u{0}"] {
        let home = Home::new();
        let server = home.serve(vec![babble.to_owned()]);
        let ended = home.run(&["status"], "");
        assert_eq!(ended.code, 3, "{babble:?}");
        assert!(ended.err.contains("does not speak"), "{babble:?}: {}", ended.err);
        server.join().unwrap();
    }

    let home = Home::new();
    let server = home.serve(vec![rooms_reply()]);
    let ended = home.run(&["status"], "");
    assert_eq!(ended.code, 3);
    assert!(ended.err.contains("something else"), "{}", ended.err);
    server.join().unwrap();
}

#[test]
fn a_script_stops_at_its_first_failure_and_names_the_line() {
    let home = Home::new();
    let server = home.serve(vec![rooms_reply(), refused_reply("no_such_room"), rooms_reply()]);
    let ended = home.run(&[], "rooms\n\nroom r9\nrooms\n");
    assert_eq!(ended.code, 1);
    assert_eq!(ended.out.lines().count(), 2, "{}", ended.out);
    assert!(ended.err.starts_with("line 3: no such room"), "{}", ended.err);
    assert_eq!(server.join().unwrap().len(), 2);
}

#[test]
fn a_script_may_quit_and_may_lack_its_last_newline() {
    let home = Home::new();
    let ended = home.run(&[], "help\nquit\nnonsense\n");
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let ended = home.run(&[], "help");
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let ended = home.run(&[], "");
    assert_eq!((ended.code, ended.out.as_str(), ended.err.as_str()), (0, "", ""));
}

#[test]
fn a_wrong_command_or_option_ends_with_two() {
    let home = Home::new();
    for words in [&["kick"][..], &["purge"], &["purge", "r7", "r8"], &["--jsn"], &["room", "7"]] {
        let ended = home.run(words, "");
        assert_eq!(ended.code, 2, "{words:?}");
        assert!(!ended.err.is_empty(), "{words:?}");
    }
    let ended = home.run(&["--help"], "");
    assert_eq!(ended.code, 0);
    assert!(ended.out.contains("Exit codes:"), "{}", ended.out);
}

#[test]
fn nothing_is_left_behind() {
    let home = Home::new();
    let server = home.serve(vec![rooms_reply(), room_reply(), room_reply(), purged_reply()]);
    let ended = home.run(&["--yes"], "rooms\nroom r7\npurge r7\nhelp purge\nquit\n");
    assert_eq!(ended.code, 0, "{}", ended.err);
    server.join().unwrap();
    let left: Vec<_> =
        fs::read_dir(home.folder.path()).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(left, [home.socket()]);
}
