//! Settings from flags, variables and a file, as the server's operator meets them.
#![allow(clippy::unwrap_used, reason = "a failed test says so")]

mod common;
#[path = "common/process.rs"]
mod process;
#[path = "common/web.rs"]
mod web;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Output;

use common::{ROOM, create, knock, refused};
use process::{Server, sanctuary, words};
use sanctuary_protocol::{ClientFrameKind, Refusal};
use web::Socket;

/// A folder with these settings in it.
fn settings(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("sanctuary.toml"), text).unwrap();
    folder
}

fn run_in(folder: &Path, words: &[&str]) -> Output {
    sanctuary(words).current_dir(folder).output().unwrap()
}

#[tokio::test]
async fn a_flag_is_before_a_variable_and_a_variable_before_the_settings_file() {
    let folder = settings("port = 0\nno-admin-socket = true\nmembers-max = 1\n");
    let members_max = |words: &[&str], variable: Option<&str>| {
        let mut command = sanctuary(words);
        command.current_dir(folder.path());
        if let Some(value) = variable {
            command.env("SANCTUARY_MEMBERS_MAX", value);
        }
        let output = command.output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let line = text.lines().find(|line| line.starts_with("members-max")).unwrap();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(members_max(&["print-config"], None), "members-max = 1 # sanctuary.toml");
    let by_variable = members_max(&["print-config"], Some("2"));
    assert_eq!(by_variable, "members-max = 2 # SANCTUARY_MEMBERS_MAX");
    let by_flag = members_max(&["print-config", "--members-max", "3"], Some("2"));
    assert_eq!(by_flag, "members-max = 3 # a flag");

    // And the server goes by it.
    let mut command = sanctuary(&[]);
    let server = Server::spawn(command.current_dir(folder.path()));
    let mut ada = Socket::open(server.address, ROOM).await;
    ada.send(create()).await;
    ada.opened().await;
    let mut ben = Socket::open(server.address, ROOM).await;
    ben.send(knock()).await;
    let full = refused(ClientFrameKind::Knock, Refusal::RoomFull);
    let is_full = |frame| (frame == full).then_some(());
    ben.until(is_full).await;
}

#[test]
fn a_wrong_settings_file_names_its_line_and_starts_nothing() {
    let folder = settings("port = 0\n\nmembres-max = 7\n");
    for words in [&[][..], &["check-config"], &["print-config"]] {
        let output = run_in(folder.path(), words);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        let expected = "sanctuary: sanctuary.toml, line 3: there is no setting `membres-max`; \
                        did you mean `members-max`?\n";
        assert_eq!(self::words(&output), expected, "{words:?}");
        assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{words:?}");
    }
    let missing = run_in(folder.path(), &["check-config", "--config", "other.toml"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(words(&missing).contains("other.toml: "), "{}", words(&missing));
}

#[test]
fn settings_that_are_right_are_said_to_be() {
    let folder = settings("no-admin-socket = true\nbind = [\"127.0.0.1\", \"::1\"]\n");
    let output = run_in(folder.path(), &["check-config"]);
    assert_eq!((output.status.code(), words(&output).as_str()), (Some(0), ""));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "sanctuary.toml is in order\n");
    let empty = tempfile::tempdir().unwrap();
    let output = run_in(empty.path(), &["check-config", "--no-admin-socket"]);
    let expected = "there is no sanctuary.toml here; flags and variables are in order\n";
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
}

#[test]
fn a_file_that_anybody_could_have_written_holds_only_when_it_is_named() {
    let folder = settings("no-admin-socket = true\n");
    let path = folder.path().join("sanctuary.toml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
    let output = run_in(folder.path(), &["check-config"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(words(&output).contains("sanctuary.toml is not yours alone to write"));
    let output = run_in(folder.path(), &["check-config", "--config", "sanctuary.toml"]);
    assert_eq!((output.status.code(), words(&output).as_str()), (Some(0), ""));
}
