//! RFC 6455, case by case, over raw sockets against the real engine: the cases that the Autobahn test
//! suite made famous, in its groups. A row is what is sent, and all that must come back up to the end
//! of TCP. Where our protocol closes by a rule of its own before the RFC's comes to matter, the row
//! says which.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed test says so")]

mod case;
mod closing;
mod controls;
mod framing;
mod handshake;
mod refusals;
mod speech;
mod wire;

#[path = "../common/mod.rs"]
mod common;
#[path = "../common/web.rs"]
mod web;
