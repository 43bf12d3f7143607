//! Certificates from an authority, against pebble: Let's Encrypt's own, made small for tests.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a failed test says so")]

mod common;
#[path = "common/tls.rs"]
mod tls;
#[path = "common/web.rs"]
mod web;

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use common::eventually;
use sanctuary_engine::{Acme, Config, Engine, Listen, Tls, start};
use tls::{Authority, Files, HOLDS, client_of, connect, shown, try_connect};
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::version::TLS13;
use web::{LOOPBACK, send_over};

/// An authority that is ended with the test that started it.
struct Pebble {
    child: Child,
    orders: u16,
    management: u16,
}

impl Pebble {
    /// It comes to `port` of the domains it certifies. Nothing, if it is not installed.
    fn start(files: &Files, orders: u16, management: u16, port: u16) -> Option<Self> {
        let config = files.folder().join("pebble.json");
        let text = format!(
            "{{\"pebble\": {{\"listenAddress\": \"127.0.0.1:{orders}\", \
             \"managementListenAddress\": \"127.0.0.1:{management}\", \
             \"certificate\": {:?}, \"privateKey\": {:?}, \"httpPort\": 1, \"tlsPort\": {port}, \
             \"ocspResponderURL\": \"\", \"externalAccountBindingRequired\": false}}}}",
            files.certificate(),
            files.key(),
        );
        fs::write(&config, text).unwrap();
        let mut command = Command::new("pebble");
        command.arg("-config").arg(config).stdout(Stdio::null()).stderr(Stdio::null());
        // It would wait, and refuse, at random.
        command.env("PEBBLE_VA_NOSLEEP", "1").env("PEBBLE_WFE_NONCEREJECT", "0");
        let child = command.spawn().ok()?;
        Some(Self { child, orders, management })
    }

    /// The certificate that all it gives lead to, which is new at each of its starts.
    async fn root(&self, authority: &Authority) -> CertificateDer<'static> {
        let client = authority.client(&[&TLS13]);
        let address = SocketAddr::from(([127, 0, 0, 1], self.management));
        let stream = connect(&client, address).await;
        let asked = "GET /roots/0 HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
        let answer = send_over(stream, asked).await;
        CertificateDer::from_pem_slice(answer.body.as_bytes()).unwrap()
    }
}

impl Drop for Pebble {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind(LOOPBACK).unwrap().local_addr().unwrap().port()
}

async fn serve(folder: &Path, orders: u16, authority: &Path) -> (Engine, SocketAddr) {
    let acme = Acme {
        domains: vec!["localhost".parse().unwrap()],
        directory: format!("https://localhost:{orders}/dir"),
        contacts: vec!["operator@chat.example".parse().unwrap()],
        folder: folder.to_owned(),
        authority: Some(authority.to_owned()),
    };
    // Whichever address the authority finds the domain at.
    let listen = vec![Listen::DualStack { port: 0 }];
    let tls = Some(Tls::Acme(acme));
    let engine = start(Config { listen, tls, ..Config::default() }).await.unwrap();
    let address = SocketAddr::from(([127, 0, 0, 1], engine.addresses()[0].port()));
    (engine, address)
}

#[tokio::test]
async fn a_certificate_comes_by_itself_and_outlives_the_server() {
    let authority = Authority::new();
    let files = Files::of(&authority.issue(HOLDS));
    let believed = files.folder().join("authority.pem");
    fs::write(&believed, authority.pem()).unwrap();
    let folder = files.folder().join("acme");
    let (orders, management) = (free_port(), free_port());
    let (engine, address) = serve(&folder, orders, &believed).await;

    // There is nobody to give one yet, which is told, and no reason to end.
    let said = engine.remark().await.to_string();
    let expected = format!("no certificate came from https://localhost:{orders}/dir: ");
    assert!(said.starts_with(&expected), "{said}");
    assert!(try_connect(&authority.client(&[&TLS13]), address).await.is_err());

    let Some(pebble) = Pebble::start(&files, orders, management, address.port()) else {
        eprintln!("NOT TESTED: pebble is not installed");
        return;
    };
    assert_eq!(pebble.orders, orders);
    let own = &authority.client(&[&TLS13]);
    let manager = SocketAddr::from(([127, 0, 0, 1], management));
    eventually("the authority is there", || async move { try_connect(own, manager).await.is_ok() })
        .await;
    let client = client_of(pebble.root(&authority).await);
    let believing = &client;
    eventually(
        "a certificate comes",
        || async move { try_connect(believing, address).await.is_ok() },
    )
    .await;
    let first = shown(&client, address).await;
    let asked = "GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    assert_eq!(send_over(connect(&client, address).await, asked).await.status, 200);

    let kept = |folder: &Path| {
        let found = fs::read_dir(folder).unwrap().map(|found| found.unwrap());
        let mut kept: Vec<_> = found
            .map(|found| {
                let name = found.file_name().into_string().unwrap();
                let kind = name.split('-').next().unwrap().to_owned();
                (kind, found.metadata().unwrap().mode() & 0o777)
            })
            .collect();
        kept.sort();
        kept
    };
    let expected = [("account".to_owned(), 0o600), ("certificate".to_owned(), 0o600)];
    let (place, expected) = (folder.as_path(), &expected);
    eventually("both are kept", || async move { kept(place) == *expected }).await;
    assert_eq!(fs::metadata(&folder).unwrap().mode() & 0o777, 0o700);

    // The next server has the same, without asking anybody.
    engine.shut_down().await;
    drop(pebble);
    let (_engine, address) = serve(&folder, orders, &believed).await;
    eventually("the certificate that was kept is shown", || async move {
        try_connect(believing, address).await.is_ok()
    })
    .await;
    assert_eq!(shown(&client, address).await, first);
}
