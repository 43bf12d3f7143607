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
mod restart;
mod tally;

mod encoded;
mod outbox;

mod line;

mod tree;

mod actor;

pub mod console;

mod gateway;

mod connection;

mod engine;

#[cfg(feature = "faults")]
pub mod fault;

pub use config::{Config, Listen, Origin};
pub use connection::Connection;
pub use engine::{Ended, Engine, Part, StartError, start};
pub use gateway::listen::BindError;
pub use journal::Journal;
pub use line::{HungUp, Line};
pub use outbox::{Delivered, Delivery};
pub use tree::{Notice, Order, Tree, Unavailable};
