//! What becomes of whoever was accepted: our own, because warp's accept loop has no header timeout, no
//! TCP_NODELAY and no bound on connections. One task a connection, which no restart of the gateway
//! touches.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response, Uri};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};

use super::handshake::{Spoken, greet};
use super::peer::{Peer, TurnedAway, Way, Whence};
use super::reply::Reply;
use super::{Gate, headers, reply, routes};
use crate::tls::Tls;

/// How long a connection may go on without becoming a WebSocket: time to fetch the page over the
/// slowest link, and an end for whoever reads a byte a minute.
const REQUESTS_WAIT: Duration = Duration::from_secs(300);

/// Bytes of a request's head, which is all we read of one. hyper takes no less than 8 KiB.
const HEAD_BYTES_MAX: usize = 16 * 1024;

/// Made once for all connections: a clone is a few counts.
pub(super) fn routes(gate: &Arc<Gate>) -> impl Routes + use<> {
    TowerToHyperService::new(warp::service(routes::routes(gate.clone())))
}

/// Somebody from elsewhere, at the chat.
pub(super) fn receive<R: Routes>(
    stream: TcpStream,
    address: SocketAddr,
    gate: &Arc<Gate>,
    routes: &R,
) {
    let tls = gate.rules.tls.clone();
    let way = if tls.is_some() { Way::Tls } else { Way::Plain };
    match (Peer::admit(gate, Whence::socket(address), way), tls) {
        (Ok(peer), None) => {
            tokio::spawn(serve(stream, peer, gate.clone(), routes.clone()));
        }
        (Ok(peer), Some(tls)) => {
            tokio::spawn(serve_tls(stream, peer, gate.clone(), tls, routes.clone()));
        }
        // A word would cost more than the whole of a handshake that was not paid for.
        (Err(_), Some(_)) => {}
        (Err(why), None) => turn_away(stream, why, gate),
    }
}

/// Somebody from this machine, at the chat.
pub(super) fn receive_local<R: Routes>(stream: UnixStream, gate: &Arc<Gate>, routes: &R) {
    match Peer::admit(gate, Whence::Here, Way::Plain) {
        Ok(peer) => {
            tokio::spawn(serve(stream, peer, gate.clone(), routes.clone()));
        }
        Err(why) => turn_away(stream, why, gate),
    }
}

/// Somebody from this machine, over any stream, until no request is to follow.
#[cfg(feature = "streams")]
pub(crate) async fn serve_local<S: AsyncRead + AsyncWrite + Send + Unpin + 'static>(
    stream: S,
    gate: &Arc<Gate>,
) {
    if let Ok(peer) = Peer::admit(gate, Whence::Here, Way::Plain) {
        serve(stream, peer, gate.clone(), routes(gate)).await;
    }
}

/// Somebody who looks for the chat where it is not.
pub(super) fn redirect(stream: TcpStream, address: SocketAddr, gate: &Arc<Gate>) {
    match Peer::admit(gate, Whence::socket(address), Way::Plain) {
        Ok(peer) => {
            let gate = gate.clone();
            tokio::spawn(async move {
                lead_to_tls(stream, &gate).await;
                drop(peer);
            });
        }
        Err(why) => turn_away(stream, why, gate),
    }
}

/// Whoever gets no permit is closed without a word: words cost a task.
fn turn_away<S: Stream>(stream: S, why: TurnedAway, gate: &Arc<Gate>) {
    if let Ok(permit) = gate.turned_away.clone().try_acquire_owned() {
        let gate = gate.clone();
        tokio::spawn(async move {
            answer_once(stream, |_| reply::turned_away(why), &gate).await;
            drop(permit);
        });
    }
}

async fn lead_to_tls(stream: TcpStream, gate: &Gate) {
    answer_once(stream, |request| gate.rules.redirect.answer(request), gate).await;
}

fn builder(gate: &Gate) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(gate.tree.limits().header_wait)
        .max_buf_size(HEAD_BYTES_MAX);
    builder
}

/// What carries requests and their answers.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin + 'static> Stream for S {}

/// warp's routes, as hyper calls them.
pub(super) trait Routes: Answers + Clone + Send + 'static {}

impl<R: Answers + Clone + Send + 'static> Routes for R {}

/// One request, one answer.
pub(super) trait Answers:
    Service<
        Request<Incoming>,
        Response = warp::reply::Response,
        Error = Infallible,
        Future: Send + 'static,
    >
{
}

impl<R> Answers for R where
    R: Service<
            Request<Incoming>,
            Response = warp::reply::Response,
            Error = Infallible,
            Future: Send + 'static,
        >
{
}

async fn serve_tls<R: Routes>(
    stream: TcpStream,
    peer: Peer,
    gate: Arc<Gate>,
    tls: Arc<Tls>,
    routes: R,
) {
    match greet(stream, &gate, &tls).await {
        Some(Spoken::Tls(stream)) => serve(*stream, peer, gate, routes).await,
        Some(Spoken::Plain(stream)) => lead_to_tls(stream, &gate).await,
        None => {}
    }
}

async fn serve<S: Stream, R: Routes>(stream: S, peer: Peer, gate: Arc<Gate>, routes: R) {
    let way = peer.way();
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer.clone());
        // warp panics over a target without a path.
        let answer = names_a_path(request.uri()).then(|| routes.call(request));
        async move {
            let mut response = match answer {
                Some(answer) => answer.await?,
                None => warp::Reply::into_response(reply::no_path()),
            };
            headers::secure(response.headers_mut(), way);
            Ok::<_, Infallible>(response)
        }
    });
    let connection = builder(&gate).serve_connection(TokioIo::new(stream), service).with_upgrades();
    let mut connection = std::pin::pin!(connection);
    let mut stopping = gate.tree.stopping();
    let patience = tokio::time::timeout(REQUESTS_WAIT, async {
        tokio::select! {
            biased;
            _ = connection.as_mut() => return,
            _ = stopping.wait_for(|stopping| *stopping) => {}
        }
        connection.as_mut().graceful_shutdown();
        let _ = connection.as_mut().await;
    });
    let _ = patience.await;
}

/// Whether a request's target has a path: that of `CONNECT` has none, nor has `*` (RFC 9112 §3.2).
fn names_a_path(target: &Uri) -> bool {
    target.path_and_query().is_some_and(|path| path.as_str().starts_with('/'))
}

/// One answer, whatever was asked, over a socket as it is.
async fn answer_once<S: Stream>(
    stream: S,
    answer: impl Fn(&Request<Incoming>) -> Reply,
    gate: &Gate,
) {
    let service = service_fn(|request: Request<Incoming>| {
        let mut response = answer(&request).map(Full::new);
        headers::secure(response.headers_mut(), Way::Plain);
        std::future::ready(Ok::<Response<_>, Infallible>(response))
    });
    let mut builder = builder(gate);
    let connection = builder.keep_alive(false).serve_connection(TokioIo::new(stream), service);
    let _ = tokio::time::timeout(gate.tree.limits().write_wait, connection).await;
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use tokio::net::TcpListener;

    use super::super::Rules;
    use super::*;
    use crate::Tree;
    use crate::ledger::Gauge;
    use crate::limits::Limits;

    const STRANGER: &str = "192.0.2.1:4711";
    const ANOTHER: &str = "192.0.2.2:4711";

    /// A gate, and sockets that reach it as if from elsewhere: loopback itself is exempt.
    struct Way {
        gate: Arc<Gate>,
        listener: TcpListener,
    }

    impl Way {
        async fn new(limits: Limits) -> Self {
            let gate = Arc::new(Gate::new(Tree::new(limits), Rules::default()));
            Self { gate, listener: TcpListener::bind("127.0.0.1:0").await.unwrap() }
        }

        async fn connect(&self, from: &str) -> TcpStream {
            let at = self.listener.local_addr().unwrap();
            let (client, accepted) = tokio::join!(TcpStream::connect(at), self.listener.accept());
            let from = from.parse().unwrap();
            receive(accepted.unwrap().0, from, &self.gate, &routes(&self.gate));
            client.unwrap()
        }

        async fn status(&self, from: &str) -> String {
            let mut client = self.connect(from).await;
            let asked = b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
            // A socket closed without a word may refuse the write.
            let _ = client.write_all(asked).await;
            let mut answer = String::new();
            let _ = client.read_to_string(&mut answer).await;
            answer.split(' ').nth(1).unwrap_or_default().to_owned()
        }
    }

    #[tokio::test]
    async fn sockets_that_say_nothing_use_up_their_address_and_nobody_elses() {
        let often = Limits { address_burst: 2, ..Limits::default() };
        let crowded = Limits { address_connections_max: 2, ..Limits::default() };
        for limits in [often, crowded] {
            let limits = Limits { address_refill: REQUESTS_WAIT, ..limits };
            let way = Way::new(limits).await;
            let _silent = [way.connect(STRANGER).await, way.connect(STRANGER).await];
            assert_eq!(way.status(STRANGER).await, "429");
            assert_eq!(way.status(ANOTHER).await, "200");
        }
    }

    #[tokio::test]
    async fn a_socket_that_closes_gives_its_place_back() {
        let way = Way::new(Limits { address_connections_max: 1, ..Limits::default() }).await;
        let silent = way.connect(STRANGER).await;
        assert_eq!(way.status(STRANGER).await, "429");
        drop(silent);
        let mut sockets = way.gate.tree.ledger().watch(Gauge::Sockets);
        sockets.wait_for(|count| *count == 0).await.unwrap();
        assert_eq!(way.status(STRANGER).await, "200");
    }
}
