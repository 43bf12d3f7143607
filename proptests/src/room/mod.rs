//! The room core against a reference model: what may happen (`step`), what must follow (`model`),
//! and a shell that performs what the room wants done and believes none of it (`shell`).

pub mod model;
pub mod shell;
pub mod step;
