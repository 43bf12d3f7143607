//! The cipher in a browser: the known answers, through the wasm that `cargo xtask test` built of it.
//! Its page is served from here, and by nobody else.

use std::env;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::house::House;
use crate::wait::comes_to_hold;
use crate::window::Window;

/// The page's files, and what they are.
const FILES: [(&str, &str, &str); 4] = [
    ("/", "index.html", "text/html"),
    ("/worker.js", "worker.js", "text/javascript"),
    ("/cipher.js", "cipher.js", "text/javascript"),
    ("/cipher.wasm", "cipher.wasm", "application/wasm"),
];

/// What every answer says. A page of no other's company has a clock of 5 µs, and else of 100 µs
/// (High Resolution Time §4.1).
const HEADERS: &str = "Cross-Origin-Opener-Policy: same-origin\r\n\
                       Cross-Origin-Embedder-Policy: require-corp\r\nConnection: close";

/// How many times as long as for anything else an answer is waited for: some measures take a minute.
const PATIENCES: usize = 8;

/// Of each set how many vectors must hold, and how many must fail: as many as natively.
const VECTORS: [(&str, u64, u64); 7] = [
    ("AES-256-GCM", 78, 132),
    ("AES-128-GCM", 80, 136),
    ("HMAC-SHA256", 66, 108),
    ("HKDF-SHA256", 83, 3),
    ("PBKDF2-HMAC-SHA256", 60, 0),
    ("X25519", 487, 31),
    ("Ed25519", 88, 63),
];

#[tokio::test]
async fn the_cipher_gives_the_known_answers_in_a_browser() {
    let mut house = House::open().await;
    let window = cipher_page(&mut house).await;
    let tallies = asked(&window, json!(["vectors"])).await;
    let tallies = tallies.as_array().unwrap();
    assert_eq!(tallies.len(), VECTORS.len(), "{tallies:#?}");
    for (tally, (set, valid, invalid)) in tallies.iter().zip(VECTORS) {
        assert_eq!(tally["set"], set);
        assert!(tally["wrong"].as_array().unwrap().is_empty(), "{tally:#}");
        assert_eq!(
            (tally["valid"].as_u64(), tally["invalid"].as_u64()),
            (Some(valid), Some(invalid))
        );
    }
    house.close().await;
}

/// A window on the cipher's page, loaded.
pub(crate) async fn cipher_page(house: &mut House) -> Window {
    let window = house.window_at(&serve().await).await;
    window.until("the page is loaded", "return window.ask !== undefined").await;
    window
}

/// What a function of the page's answers: its name and what it is given.
pub(crate) async fn asked(window: &Window, question: Value) -> Value {
    window.eval(&format!("window.ask({question})")).await;
    let answered = async || window.eval("return window.answer !== undefined").await == true;
    for _ in 0..PATIENCES {
        if comes_to_hold(answered).await {
            break;
        }
    }
    let answer = window.eval("return window.answer").await;
    serde_json::from_str(answer.as_str().unwrap()).unwrap()
}

/// Serves the page for as long as the test runs; its address.
async fn serve() -> String {
    let folder: Arc<Path> = built_page().into();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((browser, _)) = listener.accept().await {
            tokio::spawn(answer(browser, folder.clone()));
        }
    });
    format!("http://{address}/")
}

/// What `cargo xtask test` builds before this runs stands beside the profiles' folders.
fn built_page() -> PathBuf {
    let tests = env::current_exe().unwrap();
    let page = tests.ancestors().nth(3).unwrap().join("cipher-page");
    assert!(page.exists(), "{} is missing: cargo xtask test builds it", page.display());
    page
}

/// Answers one request. A browser that asks for nothing, or goes, is no failure.
async fn answer(mut browser: TcpStream, folder: Arc<Path>) {
    let mut lines = BufReader::new(&mut browser).lines();
    let Ok(Some(asked)) = lines.next_line().await else { return };
    while lines.next_line().await.is_ok_and(|line| line.is_some_and(|line| !line.is_empty())) {}
    let path = asked.split(' ').nth(1).unwrap_or_default();
    let answer = match FILES.iter().find(|(of, _, _)| *of == path) {
        Some((_, file, kind)) => {
            let body = std::fs::read(folder.join(file)).unwrap();
            let length = body.len();
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\
                 {HEADERS}\r\n\r\n"
            );
            [head.into_bytes(), body].concat()
        }
        None => {
            b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec()
        }
    };
    let _gone = browser.write_all(&answer).await;
}
