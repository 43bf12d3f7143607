//! Every socket that a server is reached by, bound before anything else starts: all of them, or none.
//! Must not know what is said over them.

use sanctuary_protocol::Redacted;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::net::UnixListener;

use crate::config::{Config, Listen};
use crate::engine::StartError;
use crate::gateway::listen::{self, BindError, Listener};
use crate::socket_file::{self, Purpose, SocketError, SocketFile};

/// Bound sockets, and where they are.
#[derive(Debug)]
pub(crate) struct Doors {
    pub(crate) listeners: Vec<Listener>,
    pub(crate) console: Option<UnixListener>,
    pub(crate) places: Places,
}

/// Where a server is reached.
#[derive(derive_more::Debug, Default)]
pub(crate) struct Places {
    #[debug("{Redacted}")]
    pub(crate) addresses: Vec<SocketAddr>,
    #[debug("{Redacted}")]
    pub(crate) redirects: Vec<SocketAddr>,
    pub(crate) unix: Option<SocketFile>,
    admin: Option<SocketFile>,
}

impl Doors {
    /// Binds what is asked for.
    ///
    /// # Errors
    /// When one cannot be had. Then nothing is left of the others.
    pub(crate) fn open(config: &Config) -> Result<Self, StartError> {
        let chat = bind(&config.listen, "--port")?;
        let redirect = bind(&config.http_redirect, "--http-redirect")?;
        let places = Places {
            addresses: addresses(&chat),
            redirects: addresses(&redirect),
            ..Places::default()
        };
        let chat = chat.into_iter().map(Listener::Chat);
        let listeners = chat.chain(redirect.into_iter().map(Listener::Redirect)).collect();
        let mut doors = Self { listeners, console: None, places };
        match doors.make_files(config) {
            Ok(()) => Ok(doors),
            Err(error) => {
                doors.places.remove_files();
                Err(error.into())
            }
        }
    }

    fn make_files(&mut self, config: &Config) -> Result<(), SocketError> {
        if let Some(path) = &config.admin_socket {
            let (listener, file) = socket_file::bind(path, Purpose::Operator)?;
            self.console = Some(listener);
            self.places.admin = Some(file);
        }
        if let Some(place) = &config.listen_unix {
            let purpose = Purpose::Visitors { mode: place.mode };
            let (listener, file) = socket_file::bind(&place.path, purpose)?;
            self.listeners.push(Listener::Unix(listener));
            self.places.unix = Some(file);
        }
        Ok(())
    }
}

impl Places {
    /// Removes what was made of files.
    pub(crate) fn remove_files(&self) {
        for file in self.unix.iter().chain(&self.admin) {
            socket_file::unbind(file);
        }
    }
}

fn bind(places: &[Listen], flag: &'static str) -> Result<Vec<TcpListener>, BindError> {
    places.iter().map(|place| listen::bind(place, flag)).collect()
}

fn addresses(sockets: &[TcpListener]) -> Vec<SocketAddr> {
    sockets.iter().filter_map(|socket| socket.local_addr().ok()).collect()
}
