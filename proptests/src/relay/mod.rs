//! The simulator with a hostile relay: real client cores around a real room core, and between them
//! somebody who by a plan is honest, careless or a liar. A plan is data, so a failing one shrinks; no
//! decision depends on a ciphertext's bytes, so it replays.
//!
//! From the plan to the verdict: [`plan`] says what happens, [`World`] makes it happen to its pages
//! and its [`server`], where lies become [`story`]s told to members one by one; the [`Ledger`](crate::people::Ledger) keeps
//! what was typed and what was shown, [`evidence`] which lie whom must be found out by, and
//! [`invariants`] judges.

pub mod plan;

mod alter;
mod page;
pub mod server;
pub mod story;

mod garbage;
mod lie;
mod world;

pub mod evidence;
pub mod invariants;
pub mod run;

pub use run::{Report, run};
pub use world::World;
