//! What is where, as warp filters. Must not know what a room is.

use std::convert::Infallible;
use std::sync::Arc;

use http::{HeaderMap, StatusCode};
use hyper::upgrade::OnUpgrade;
use warp::path::FullPath;
use warp::reject::MethodNotAllowed;
use warp::{Filter, Rejection};

use super::peer::Peer;
use super::reply::{self, Reply, sentence};
use super::{Gate, assets, upgrade};

/// `/`, `/healthz`, `/room/{id}` and the assets; a plain sentence anywhere else.
pub(crate) fn routes(
    gate: Arc<Gate>,
) -> impl Filter<Extract = (Reply,), Error = Infallible> + Clone + Send + Sync + 'static {
    let read = warp::get().or(warp::head()).unify();
    let index = warp::path::end()
        .and(read)
        .and(warp::header::headers_cloned())
        .map(|request: HeaderMap| assets::index(&request));
    let health = warp::path!("healthz").and(read).map(|| sentence(StatusCode::OK, "well"));
    let room = warp::path!("room" / String)
        .and(warp::get())
        .and(warp::header::headers_cloned())
        .and(warp::ext::optional::<OnUpgrade>())
        .and(warp::ext::get::<Peer>())
        .map(move |room: String, request: HeaderMap, socket, peer: Peer| {
            upgrade::upgrade(&gate, &room, &request, socket, &peer)
        });
    let asset = warp::path::full().and(warp::header::headers_cloned()).and_then(asset).and(read);
    index.or(health).unify().or(room).unify().or(asset).unify().recover(explain).unify()
}

async fn asset(path: FullPath, request: HeaderMap) -> Result<Reply, Rejection> {
    let path = path.as_str().trim_start_matches('/');
    assets::asset(path, &request).ok_or_else(warp::reject::not_found)
}

async fn explain(rejection: Rejection) -> Result<Reply, Infallible> {
    Ok(match rejection.find::<MethodNotAllowed>() {
        Some(_) => reply::method_not_allowed(),
        None => reply::not_found(),
    })
}
