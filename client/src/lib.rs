//! The client's Elm core: a [`Model`], what can happen to it ([`Msg`]), and what it wants done
//! ([`Effect`]). Pure: no browser, no socket, no clock; the shell in `web` performs effects and
//! brings what happened back through [`update`].

mod effect;
mod model;
mod msg;
mod notify;
mod time;
mod update;

pub mod ended;
mod heard;
pub mod home;
pub mod joining;
pub mod room;

pub mod command;
pub mod markup;
mod payload;
mod picture;
mod qr_code;
mod words;

pub use effect::{Clipboard, Effect, Field, Timer};
pub use model::{Epoch, Gaze, Invitation, Model, Page, Screen, Veil};
pub use msg::{CopyOutcome, Msg};
pub use notify::{Notifier, Notify};
pub use picture::{
    NoPicture, PICTURE_BYTES_MAX, PICTURE_SIDE_MAX, Picture, PictureId, PictureKind, PictureSize,
};
pub use qr_code::{QrCode, Run};
pub use time::Timestamp;
pub use update::update;
pub use words::{Manner, Words};
