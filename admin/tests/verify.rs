//! `sanctuary-admin verify` as a shell sees it, against small servers that serve a client well or not.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::thread;

use sanctuary_protocol::page::SECURITY_HEADERS;

/// SHA-256 of `abc` (FIPS 180-2, appendix B.1): every file here says just that.
const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/// An answer: its status line's end, headers, body.
type Answer = (&'static str, Vec<(&'static str, &'static str)>, &'static str);

/// Serves one request a connection, until the test's process ends.
fn serve(answer: impl Fn(&str) -> Answer + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let _ = converse(&stream.unwrap(), &answer);
        }
    });
    address
}

fn converse(stream: &TcpStream, answer: &impl Fn(&str) -> Answer) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let (status, headers, body) = answer(first.split(' ').nth(1).unwrap_or_default());
    let mut text = format!("HTTP/1.1 {status}\r\nconnection: close\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
    let mut stream = stream;
    stream.write_all(text.as_bytes())
}

fn proper(_path: &str) -> Answer {
    ("200 OK", SECURITY_HEADERS.to_vec(), "abc")
}

/// Its exit code, and all it says.
fn verify(arguments: &[&str]) -> (i32, String) {
    let folder = tempfile::tempdir().unwrap();
    let list = format!("{ABC}  /\n{ABC}  /assets/a.js\n{ABC}  /assets/a.js  br\n");
    fs::write(folder.path().join("client.sha256"), list).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_sanctuary-admin"));
    command.env_clear().current_dir(folder.path()).arg("verify").args(arguments);
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(said).unwrap())
}

fn verify_at(address: SocketAddr) -> (i32, String) {
    verify(&[&format!("http://{address}/"), "--hashes", "client.sha256"])
}

#[test]
fn the_releases_client_is_told_from_another_and_what_differs_is_named() {
    let (code, said) = verify_at(serve(proper));
    assert_eq!(code, 0, "{said}");
    assert_eq!(said.lines().count(), 3 + SECURITY_HEADERS.len() + 1, "{said}");
    assert!(said.lines().rev().skip(1).all(|line| line.starts_with("ok  ")), "{said}");

    let another = |path: &str| match path {
        "/assets/a.js" => ("200 OK", SECURITY_HEADERS.to_vec(), "abd"),
        other => proper(other),
    };
    let (code, said) = verify_at(serve(another));
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("DIFFERS  /assets/a.js: it is "), "{said}");
    assert!(said.contains("DIFFERS  /assets/a.js (br): it is "), "{said}");
    assert!(said.contains("THIS IS NOT THE RELEASE'S CLIENT: 2 "), "{said}");

    let absent = |path: &str| match path {
        "/assets/a.js" => ("404 Not Found", Vec::new(), ""),
        other => proper(other),
    };
    let (code, said) = verify_at(serve(absent));
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("MISSING  /assets/a.js: the server answers 404"), "{said}");
}

#[test]
fn a_page_without_its_protection_is_not_the_releases() {
    let bare = |_: &str| ("200 OK", SECURITY_HEADERS[1..].to_vec(), "abc");
    let (code, said) = verify_at(serve(bare));
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("MISSING  / content-security-policy"), "{said}");
    let more = |_: &str| {
        let mut headers = SECURITY_HEADERS.to_vec();
        headers.push(("set-cookie", "a=b"));
        ("200 OK", headers, "abc")
    };
    let (code, said) = verify_at(serve(more));
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("DIFFERS  / set-cookie"), "{said}");
}

#[test]
fn a_redirect_leads_nowhere() {
    let elsewhere = serve(proper);
    let location: &'static str = Box::leak(format!("http://{elsewhere}/").into_boxed_str());
    let (code, said) =
        verify_at(serve(move |_: &str| ("302 Found", vec![("location", location)], "")));
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("MISSING  /: the server answers 302"), "{said}");
}

#[test]
fn a_server_that_cannot_be_asked_is_no_verdict() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (code, said) = verify_at(address);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("could not be fetched"), "{said}");
}

#[test]
fn the_list_is_asked_for_and_never_taken_from_the_server() {
    let url = format!("http://{}", serve(proper));
    for (arguments, expected) in [
        (vec![url.as_str()], "--hashes"),
        (vec![&url, "--hashes", "absent"], "absent"),
        (vec![&url, "--hashes", "/dev/null"], "does not name the page"),
        (vec!["chat.example", "--hashes", "client.sha256"], "an address is written"),
        (vec![&url, "--hashes", "client.sha256", "--ca", "client.sha256"], "no certificate"),
    ] {
        let (code, said) = verify(&arguments);
        assert_eq!(code, 2, "{arguments:?}: {said}");
        assert!(said.contains(expected), "{arguments:?}: {said}");
    }
}
