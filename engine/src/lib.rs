//! The chat engine: a pure room core, the supervision tree around it, and the gateway in front.
//!
//! ```text
//! gateway ─┐                     a socket, or memory, carries a line
//!          ├─ line → member → room → room::Room      decides, and answers in effects
//! memory ──┘     ← outbox ← audience ←┘
//! ```
//!
//! [`start`] runs the whole of it, with or without a socket; [`Engine::connect`] gives an in-memory
//! connection of frames. Nothing here can read what is said: the cipher is no dependency.

pub mod limits;

pub mod config;

pub mod room;

mod footprint;
mod journal;

mod ledger;
mod rates;
mod remark;
mod restart;
mod tally;

mod encoded;
mod outbox;

mod line;

mod tree;

mod actor;

pub mod console;

mod socket_file;

mod tls;

mod gateway;

mod connection;

mod doors;

mod engine;

#[cfg(feature = "faults")]
pub mod fault;

#[cfg(feature = "streams")]
pub mod streams;

pub use config::{
    Acme, Config, Contact, Domain, InvalidOrigin, Listen, Origin, Proxy, Tls, TlsFiles, UnixPlace,
};
pub use connection::Connection;
pub use engine::{Ended, Engine, Part, StartError, check, start};
pub use gateway::listen::BindError;
pub use journal::Journal;
pub use line::{HungUp, Line};
pub use outbox::{Delivered, Delivery};
pub use remark::Remark;
pub use socket_file::SocketError;
pub use tls::{Moment, TlsError};
pub use tree::{Notice, Order, Tree, Unavailable};
