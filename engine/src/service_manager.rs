//! What a service manager is told of the server, where one asks to be: that it is open, that it stops,
//! and now and then that it lives (sd_notify(3)). Must not know what is served.

use std::convert::Infallible;
use std::env;
use std::ffi::OsString;
use std::io;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

use sanctuary_engine::Engine;
use sanctuary_protocol::admin::RoomHandle;

/// Signs of life within the time that a watchdog allows: one may be late.
const SIGNS_OF_LIFE: u32 = 2;

/// No room ever has this handle: they are counted from one.
const NO_ROOM: RoomHandle = RoomHandle(0);

/// Whoever started the server and wants to hear of it; by default nobody.
#[derive(Debug, Default)]
pub(crate) struct ServiceManager {
    socket: Option<UnixDatagram>,
    watchdog: Option<Duration>,
}

/// The service manager asks to be told, and cannot be.
#[derive(Debug, thiserror::Error)]
#[error("the service manager cannot be told: {0}; look at NOTIFY_SOCKET, or unset it")]
pub(crate) struct Deaf(#[from] io::Error);

impl ServiceManager {
    /// As the environment says.
    ///
    /// # Errors
    /// When there is nobody where it says.
    pub(crate) fn of_this_process() -> Result<Self, Deaf> {
        let Some(place) = env::var_os("NOTIFY_SOCKET").filter(|place| !place.is_empty()) else {
            return Ok(Self::default());
        };
        let address = match place.as_bytes().strip_prefix(b"@") {
            Some(name) => SocketAddr::from_abstract_name(name)?,
            None => SocketAddr::from_pathname(&place)?,
        };
        let socket = UnixDatagram::unbound()?;
        socket.connect_addr(&address)?;
        // Nobody waits for a manager that does not listen.
        socket.set_nonblocking(true)?;
        let own_id = std::process::id().to_string();
        let is_meant = env::var_os("WATCHDOG_PID").is_none_or(|id| id == *own_id);
        let watchdog = env::var_os("WATCHDOG_USEC").filter(|_| is_meant).and_then(duration);
        Ok(Self { socket: Some(socket), watchdog })
    }

    /// The server is open.
    pub(crate) fn ready(&self) {
        self.tell("READY=1");
    }

    /// The server stops.
    pub(crate) fn stopping(&self) {
        self.tell("STOPPING=1");
    }

    /// Tells that the server lives, for ever, for as long as its lobby answers.
    pub(crate) async fn watch(&self, engine: &Engine) -> Infallible {
        let Some(allowed) = self.watchdog else { return std::future::pending().await };
        let mut signs = tokio::time::interval(allowed / SIGNS_OF_LIFE);
        loop {
            signs.tick().await;
            if engine.tree().room(NO_ROOM).await.is_ok() {
                self.tell("WATCHDOG=1");
            }
        }
    }

    fn tell(&self, word: &str) {
        let _ = self.socket.as_ref().map(|socket| socket.send(word.as_bytes()));
    }
}

/// Of microseconds, in digits; none at all is no watchdog.
fn duration(text: OsString) -> Option<Duration> {
    let microseconds = text.to_str()?.parse().ok().filter(|microseconds| *microseconds > 0)?;
    Some(Duration::from_micros(microseconds))
}
