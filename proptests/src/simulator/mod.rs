//! The simulator: real client cores, real WebSockets over a network that does as it is told, the real
//! engine with its gateway, rooms and members, and an operator at its console, all in one thread by
//! one stopped clock. A seed makes a plan, a plan is data, so a failing one replays and shrinks.
//!
//! ```text
//! plan        what happens: people, network, machine, operator, faults
//! run         takes it step by step, and judges
//! world       the pages, the clock, and whatever is under way
//! ├─ page     a client core, and what its shell would hold; observe enters what it shows
//! ├─ socket   its WebSocket, and the wire under it
//! └─ server   the engine, whoever operates it, and whoever starts it again
//! tally       what was injected and what came of it, by kind
//! invariants  what must hold, beside what `people::judgement` says of what was read
//! ```
//!
//! Ciphertext differs from run to run, and nothing that happens depends on it: [`Record`] holds every
//! decision, and a plan that is run twice makes two that are equal.

pub mod invariants;
pub mod plan;
pub mod tally;

mod observe;
mod page;
mod panics;
mod record;
mod run;
mod server;
mod socket;
mod world;

pub use record::Record;
pub use run::{Failed, Report, run};
