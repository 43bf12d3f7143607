//! What is wrong with certificates and keys is said before anything starts, as an operator meets it.
#![allow(clippy::unwrap_used, reason = "a failed test says so")]

mod common;
#[path = "common/process.rs"]
mod process;
#[path = "common/tls.rs"]
mod tls;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use process::{Server, run, words};
use tls::{Authority, Files, HOLDS, connect};
use tokio_rustls::rustls::version::TLS13;

#[tokio::test]
async fn what_it_prints_begins_with_https_where_it_speaks_tls() {
    let authority = Authority::new();
    let files = Files::of(&authority.issue(HOLDS));
    let (certificate, key) = (files.certificate(), files.key());
    let flags = ["--tls-certificate", certificate.to_str().unwrap()];
    let flags = [&flags[..], &["--tls-key", key.to_str().unwrap(), "--no-admin-socket"]].concat();
    let mut server = Server::start(&flags);
    let port = server.address.port();
    assert_eq!(server.line, format!("Sanctuary is open at https://localhost:{port}/\n"));
    drop(connect(&authority.client(&[&TLS13]), server.address).await);

    // What the engine has to say while it runs, it says here.
    fs::write(files.key(), "").unwrap();
    let mut said = String::new();
    let stderr = server.child.stderr.as_mut().unwrap();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(stderr), &mut said).unwrap();
    let expected = format!("sanctuary: there is no private key in {}; ", files.key().display());
    assert!(said.starts_with(&expected), "{said}");
}

#[test]
fn a_pair_that_does_not_hold_is_told_in_a_sentence_and_starts_nothing() {
    let authority = Authority::new();
    let good = authority.issue(HOLDS);
    let check = |certificate: &str, key: &str, expected: &str| {
        let files = Files::of(&good);
        fs::write(files.certificate(), certificate).unwrap();
        fs::write(files.key(), key).unwrap();
        refused(&files, expected);
    };
    let (certificate, key) = (good.certificate.as_str(), good.key.as_str());
    check("", key, "there is no certificate in ");
    check(key, certificate, "there is no certificate in ");
    check("a diary", key, "there is no certificate in ");
    check(&certificate.replace("MII", "AAA"), key, "there is no certificate in ");
    check(certificate, "", "there is no private key in ");
    check(certificate, certificate, "there is no private key in ");
    let locked = key.replace("PRIVATE", "ENCRYPTED PRIVATE");
    check(certificate, &locked, "is locked by a passphrase; `openssl pkey -in ");
    let other = authority.issue(HOLDS);
    check(certificate, &other.key, "does not belong to the certificate in ");
    let ended = authority.issue((2020, 2021));
    check(&ended.certificate, &ended.key, "ended on 2021-01-01 at 00:00 UTC; renew it");
    let coming = authority.issue((2100, 2120));
    check(&coming.certificate, &coming.key, "begins on 2100-01-01 at 00:00 UTC; wait until");

    let files = Files::of(&good);
    fs::remove_file(files.key()).unwrap();
    refused(&files, "cannot be read: No such file or directory (os error 2); name another with");
    fs::create_dir(files.key()).unwrap();
    refused(&files, "is not a file of PEM; name another with --tls-key");
}

/// Neither the check nor the start goes by, and both say so alike.
fn refused(files: &Files, expected: &str) {
    let (certificate, key) = (files.certificate(), files.key());
    let pair = ["--tls-certificate", certificate.to_str().unwrap()];
    let pair = [&pair[..], &["--tls-key", key.to_str().unwrap()]].concat();
    let socket = files.folder().join("own").join("admin.sock");
    let rest = ["--port", "0", "--admin-socket", socket.to_str().unwrap()];
    for task in [&["check-config"][..], &[]] {
        let output = run(&[task, &pair, &rest].concat());
        let words = words(&output);
        assert_eq!(output.status.code(), Some(1), "{expected}: {words}");
        assert!(words.contains(expected), "{expected}: {words}");
        assert_eq!((words.lines().count(), output.stdout.as_slice()), (1, &b""[..]), "{words}");
        assert!(!socket.exists());
    }
}

#[test]
fn what_does_not_go_together_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let open = folder.path().join("open");
    fs::create_dir(&open).unwrap();
    fs::set_permissions(&open, fs::Permissions::from_mode(0o755)).unwrap();
    let open = open.to_str().unwrap();
    let diary = folder.path().join("diary");
    fs::write(&diary, "a diary").unwrap();
    let diary = diary.to_str().unwrap();
    let own = folder.path().join("own");
    let own = own.to_str().unwrap();
    let acme = ["--acme", "chat.example", "--acme-folder"];
    for (flags, expected) in [
        (
            &["--tls-certificate", "a.pem"][..],
            "--tls-certificate needs its key: name it with --tls-key",
        ),
        (
            &["--tls-key", "a.pem"],
            "--tls-key needs its certificate: name it with --tls-certificate",
        ),
        (&["--acme", "chat.example"], "name one with --acme-folder"),
        (&[&acme[..], &[open]].concat(), "`chmod 700` it, or name another with --acme-folder"),
        (&[&acme[..], &[diary]].concat(), "`chmod 700` it, or name another with --acme-folder"),
        (
            &[&acme[..], &[own, "--acme-authority", diary]].concat(),
            "name one in PEM with --acme-authority",
        ),
        (&["--http-redirect", "80"], "or a domain with --acme"),
        (
            &[&acme[..], &[own, "--listen-unix", "x", "--http-redirect", "80"]].concat(),
            "needs an address beside --listen-unix; name one with --bind",
        ),
    ] {
        for task in [&["check-config"][..], &[]] {
            let output = run(&[task, &["--no-admin-socket"], flags].concat());
            let words = words(&output);
            assert_eq!(output.status.code(), Some(1), "{flags:?}: {words}");
            assert!(words.ends_with(&format!("{expected}\n")), "{flags:?}: {words}");
        }
    }
    assert!(!Path::new(own).exists(), "the check makes nothing");
}

#[test]
fn what_does_not_go_together_in_a_file_is_told_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sanctuary.toml");
    let name = file.to_str().unwrap();
    for (settings, line, expected) in [
        ("port = 0\ntls-certificate = \"a.pem\"\n", 2, "--tls-certificate needs its key"),
        ("# ours\n\ntls-key = \"a.pem\"\n", 3, "--tls-key needs its certificate"),
        ("http-redirect = 80\n", 1, "--http-redirect leads to TLS"),
        ("acme = \"chat.example\"\nport = 0\n", 1, "a certificate by --acme is kept"),
        ("port = 0\ntls-certificate = \"a\"\ntls-key = \"b\"\n", 2, "a cannot be read"),
    ] {
        fs::write(&file, settings).unwrap();
        for task in [&["check-config"][..], &[]] {
            let output = run(&[task, &["--no-admin-socket", "--config", name]].concat());
            let words = words(&output);
            let expected = format!("sanctuary: {name}, line {line}: {expected}");
            assert!(words.starts_with(&expected), "{settings:?}: {words}");
        }
    }
}
