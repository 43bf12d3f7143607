//! The accept loop: our own, because warp's has no header timeout, no TCP_NODELAY and no bound on
//! connections. One task a connection, which no restart of the gateway touches.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};

use super::peer::Peer;
use super::{Gate, headers, reply, routes};
use crate::ledger::Gauge;

/// How long to leave a listener alone that cannot accept, which means that descriptors are short.
const ACCEPT_RECOVERY: Duration = Duration::from_millis(200);

/// How long a connection may go on without becoming a WebSocket: time to fetch the page over the
/// slowest link, and an end for whoever reads a byte a minute.
const REQUESTS_WAIT: Duration = Duration::from_secs(300);

/// Bytes of a request's head, which is all we read of one. hyper takes no less than 8 KiB.
const HEAD_BYTES_MAX: usize = 16 * 1024;

/// Accepts for ever.
pub(crate) async fn accept(listener: &TcpListener, gate: &Arc<Gate>) {
    loop {
        match listener.accept().await {
            Ok((stream, address)) => {
                // Without it a small frame waits for the last one's acknowledgement.
                let _ = stream.set_nodelay(true);
                receive(stream, address, gate);
            }
            Err(_) => tokio::time::sleep(ACCEPT_RECOVERY).await,
        }
    }
}

fn receive(stream: TcpStream, address: SocketAddr, gate: &Arc<Gate>) {
    let connections_max = gate.tree.limits().connections_max;
    match gate.tree.ledger().count_under(Gauge::Sockets, connections_max) {
        Some(counted) => {
            let peer = Peer::new(gate.clone(), address, counted);
            tokio::spawn(serve(stream, peer, gate.clone()));
        }
        None => {
            // Whoever gets no permit is closed without a word: words cost a task.
            if let Ok(permit) = gate.turned_away.clone().try_acquire_owned() {
                let gate = gate.clone();
                tokio::spawn(async move {
                    turn_away(stream, &gate).await;
                    drop(permit);
                });
            }
        }
    }
}

fn builder(gate: &Gate) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(gate.tree.limits().header_wait)
        .max_buf_size(HEAD_BYTES_MAX);
    builder
}

async fn serve(stream: TcpStream, peer: Peer, gate: Arc<Gate>) {
    let routes = TowerToHyperService::new(warp::service(routes::routes(gate.clone())));
    let service = service_fn(move |mut request: Request<Incoming>| {
        let admitted = peer.admit();
        request.extensions_mut().insert(peer.clone());
        let answer = routes.call(request);
        async move {
            let mut response = match admitted {
                Ok(()) => answer.await?,
                Err(spent) => warp::Reply::into_response(reply::too_often(spent.wait)),
            };
            headers::secure(response.headers_mut());
            Ok::<_, Infallible>(response)
        }
    });
    let connection = builder(&gate).serve_connection(TokioIo::new(stream), service).with_upgrades();
    let mut connection = std::pin::pin!(connection);
    let mut stopping = gate.tree.stopping();
    let patience = tokio::time::timeout(REQUESTS_WAIT, async {
        tokio::select! {
            _ = connection.as_mut() => return,
            _ = stopping.wait_for(|stopping| *stopping) => {}
        }
        connection.as_mut().graceful_shutdown();
        let _ = connection.as_mut().await;
    });
    let _ = patience.await;
}

/// One answer, whatever was asked.
async fn turn_away(stream: TcpStream, gate: &Gate) {
    let service = service_fn(|_request: Request<Incoming>| async {
        let mut response = reply::server_full().map(Full::new);
        headers::secure(response.headers_mut());
        Ok::<Response<_>, Infallible>(response)
    });
    let mut builder = builder(gate);
    let connection = builder.keep_alive(false).serve_connection(TokioIo::new(stream), service);
    let _ = tokio::time::timeout(gate.tree.limits().write_wait, connection).await;
}
