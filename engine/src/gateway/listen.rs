//! Listening sockets: one for both families where that is wanted, and clear words where a port
//! cannot be had. Must not know what is served.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::os::unix::net::UnixListener;

use socket2::{Domain, Protocol, Socket, Type};

use crate::config::Listen;

/// Connections the kernel holds before they are accepted: a second's worth of a busy start.
const BACKLOG: i32 = 1024;

/// Why a socket cannot listen.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Another process has the port.
    #[error("port {port} is in use; stop what uses it, or choose another with {flag}")]
    InUse {
        /// Which.
        port: u16,
        /// The option that names it.
        flag: &'static str,
    },
    /// The system keeps the port for privileged processes.
    #[error("port {port} needs privileges; choose one from 1024 up with {flag}")]
    NotPermitted {
        /// Which.
        port: u16,
        /// The option that names it.
        flag: &'static str,
    },
    /// No interface has the address.
    #[error("this machine has no address {address}; choose another with --bind")]
    NoSuchAddress {
        /// Which.
        address: SocketAddr,
    },
    /// Anything else.
    #[error("cannot listen on {address}: {error}")]
    Other {
        /// Where.
        address: SocketAddr,
        /// What the system said.
        error: io::Error,
    },
}

/// A listening socket, and what it is for.
#[derive(Debug)]
pub(crate) enum Listener {
    /// The chat; over TLS where that is spoken.
    Chat(TcpListener),
    /// The way to the chat over TLS.
    Redirect(TcpListener),
    /// The chat, for a proxy or an onion service on this machine.
    Unix(UnixListener),
}

impl Listener {
    /// Another handle to the same socket.
    pub(crate) fn try_clone(&self) -> io::Result<Self> {
        Ok(match self {
            Self::Chat(socket) => Self::Chat(socket.try_clone()?),
            Self::Redirect(socket) => Self::Redirect(socket.try_clone()?),
            Self::Unix(socket) => Self::Unix(socket.try_clone()?),
        })
    }
}

/// A listening socket, non-blocking; `flag` names its port.
pub(crate) fn bind(listen: &Listen, flag: &'static str) -> Result<TcpListener, BindError> {
    let explain = |address, error| explain(address, flag, error);
    match *listen {
        Listen::Address(address) => {
            listen_on(address, Families::One).map_err(|error| explain(address, error))
        }
        Listen::DualStack { port } => {
            let six = SocketAddr::from((Ipv6Addr::UNSPECIFIED, port));
            let four = SocketAddr::from((Ipv4Addr::UNSPECIFIED, port));
            match listen_on(six, Families::Both) {
                Err(error) if lacks_ipv6(&error) => {
                    listen_on(four, Families::One).map_err(|error| explain(four, error))
                }
                bound => bound.map_err(|error| explain(six, error)),
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Families {
    One,
    Both,
}

fn listen_on(address: SocketAddr, families: Families) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if address.is_ipv6() {
        socket.set_only_v6(families == Families::One)?;
    }
    // A server that is started again must not wait for its last connections to be forgotten.
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    socket.set_nonblocking(true)?;
    Ok(socket.into())
}

/// The kernel was built, or told, to do without.
fn lacks_ipv6(error: &io::Error) -> bool {
    const EAFNOSUPPORT: i32 = 97;
    error.raw_os_error() == Some(EAFNOSUPPORT) || error.kind() == io::ErrorKind::AddrNotAvailable
}

fn explain(address: SocketAddr, flag: &'static str, error: io::Error) -> BindError {
    match error.kind() {
        io::ErrorKind::AddrInUse => BindError::InUse { port: address.port(), flag },
        io::ErrorKind::PermissionDenied => BindError::NotPermitted { port: address.port(), flag },
        io::ErrorKind::AddrNotAvailable => BindError::NoSuchAddress { address },
        _ => BindError::Other { address, error },
    }
}
