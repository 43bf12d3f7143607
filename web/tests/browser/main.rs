//! Stories told in real browsers, against the real server. They know the page as people do, and
//! nothing of what is behind it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a story whose stage breaks has failed, and says where"
)]

mod house;
mod people;
mod proxy;

mod driver;
mod wait;
mod window;

mod about;
mod connection;
mod door;
mod key;
mod keyboard;
mod moderation;
mod operator;
mod policy;
mod screens;
mod talk;
mod traces;
