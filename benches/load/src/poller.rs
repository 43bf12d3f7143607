//! epoll, as far as both ends need it: level-triggered, one number a socket. Must not know what the
//! sockets carry.

use std::io;
use std::time::Duration;

use rustix::event::Timespec;
use rustix::event::epoll::{self, CreateFlags, Event, EventData, EventFlags};
use rustix::fd::{AsFd, OwnedFd};

/// Events taken at once: whoever is ready beyond that is ready in the next turn too.
const EVENTS_MAX: usize = 1024;

/// What a socket waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Interest {
    pub(crate) reading: bool,
    pub(crate) writing: bool,
}

impl Interest {
    pub(crate) const READ: Self = Self { reading: true, writing: false };

    fn flags(self) -> EventFlags {
        let mut flags = EventFlags::empty();
        flags.set(EventFlags::IN, self.reading);
        flags.set(EventFlags::OUT, self.writing);
        flags
    }
}

/// A socket is ready.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ready {
    pub(crate) token: u64,
    /// There are bytes, or an end; also of a socket that failed, which a read tells more about.
    pub(crate) readable: bool,
    pub(crate) writable: bool,
}

/// An epoll set and what it last said.
pub(crate) struct Poller {
    epoll: OwnedFd,
    events: Vec<Event>,
}

impl Poller {
    /// # Errors
    /// When the system gives none.
    pub(crate) fn new() -> io::Result<Self> {
        let epoll = epoll::create(CreateFlags::CLOEXEC)?;
        Ok(Self { epoll, events: Vec::with_capacity(EVENTS_MAX) })
    }

    /// # Errors
    /// What the system says.
    pub(crate) fn add(&self, socket: impl AsFd, token: u64, interest: Interest) -> io::Result<()> {
        Ok(epoll::add(&self.epoll, socket, EventData::new_u64(token), interest.flags())?)
    }

    /// # Errors
    /// What the system says.
    pub(crate) fn change(
        &self,
        socket: impl AsFd,
        token: u64,
        interest: Interest,
    ) -> io::Result<()> {
        Ok(epoll::modify(&self.epoll, socket, EventData::new_u64(token), interest.flags())?)
    }

    /// # Errors
    /// What the system says.
    pub(crate) fn remove(&self, socket: impl AsFd) -> io::Result<()> {
        Ok(epoll::delete(&self.epoll, socket)?)
    }

    /// Waits until a socket is ready or the time is over, to the nanosecond as far as the system
    /// goes, and says how many are.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn wait(&mut self, wait: Option<Duration>) -> io::Result<usize> {
        let wait = wait.map(|wait| Timespec {
            tv_sec: i64::try_from(wait.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: wait.subsec_nanos().into(),
        });
        self.events.clear();
        let spare = rustix::buffer::spare_capacity(&mut self.events);
        match epoll::wait(&self.epoll, spare, wait.as_ref()) {
            Ok(ready) => Ok(ready),
            Err(rustix::io::Errno::INTR) => Ok(0),
            Err(error) => Err(error.into()),
        }
    }

    /// One of those that are ready.
    pub(crate) fn ready(&self, at: usize) -> Ready {
        let event = self.events[at];
        let (flags, data) = (event.flags, event.data);
        let down = flags.intersects(EventFlags::HUP | EventFlags::ERR);
        Ready {
            token: data.u64(),
            readable: down || flags.contains(EventFlags::IN),
            writable: flags.contains(EventFlags::OUT),
        }
    }
}
