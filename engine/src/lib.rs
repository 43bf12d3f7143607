//! The chat engine. (Module docs follow with the tree.)

pub mod limits;
pub mod room;
