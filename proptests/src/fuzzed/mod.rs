//! What is done with arbitrary bytes, a file a target: from any bytes to what must hold of them. The
//! fuzzer (`fuzz/`) and the replay of what it found (`tests/corpora.rs`) call these very functions, so
//! they must know neither, and keep nothing from one call to the next.

mod admin_line;
mod client_frame;
mod clock;
mod door_blob;
mod frame;
mod link;
mod markup;
mod server_frame;
mod session_input;
mod steps;
mod upgrade;

pub mod seeds;

#[path = "../../../crypto/tests/common/mod.rs"]
mod table;

use std::fmt;

pub use admin_line::admin_line;
pub use client_frame::client_frame;
pub use door_blob::door_blob;
pub use link::link;
pub use markup::markup;
pub use server_frame::server_frame;
pub use session_input::session_input;
pub use upgrade::upgrade;

/// From bytes to whether everything holds that must.
pub type Target = fn(&[u8]) -> Held;

/// Every target, by the name of its corpus.
pub const TARGETS: [(&str, Target); 8] = [
    ("admin_line", admin_line),
    ("client_frame", client_frame),
    ("door_blob", door_blob),
    ("link", link),
    ("markup", markup),
    ("server_frame", server_frame),
    ("session_input", session_input),
    ("upgrade", upgrade),
];

/// Something that must hold and does not, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation(String);

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(words) = self;
        write!(f, "it does not hold that {words}")
    }
}

/// Whether what must hold does.
pub type Held = Result<(), Violation>;

/// Ends the process where something does not hold: what a fuzzer listens for.
pub fn must_hold(held: Held) {
    if let Err(violation) = held {
        #[expect(clippy::panic, reason = "a panic is how a target says what it found")]
        {
            panic!("{violation}");
        }
    }
}

/// It must hold that `what`.
///
/// # Errors
/// When the condition is not met.
pub fn hold(condition: bool, what: &str) -> Held {
    if condition { Ok(()) } else { Err(Violation(what.to_owned())) }
}
