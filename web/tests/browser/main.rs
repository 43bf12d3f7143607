//! Stories told in real browsers, against the real server. They know the page as people do, and
//! nothing of what is behind it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a story whose stage breaks has failed, and says where"
)]

mod house;
mod people;

mod dice;
mod frames;
mod lane;
mod proxy;

mod devtools;
mod driver;
mod look;
mod wait;
mod window;

mod about;
mod asking;
mod attention;
mod axe;
mod burst;
mod cipher;
mod composing;
mod connection;
mod contrast;
mod costs;
mod crowd;
mod device;
mod door;
mod flapping;
mod gallery;
mod honesty;
mod hostile;
mod key;
mod keyboard;
mod moderation;
mod operator;
mod phone;
mod pictures;
mod policy;
mod refusals;
mod renewal;
mod replies;
mod safety;
mod screens;
mod talk;
mod tongues;
mod traces;
mod wiped;
