//! Whether the server still answers somebody who has nothing to say: a word to nobody is refused, and
//! whatever comes is an answer. Must not know what is done about a socket that leads nowhere.

use sanctuary_protocol::ClientFrame;

use crate::Effect;
use crate::update::Context;

/// How often it is asked, in milliseconds.
pub(crate) const HEARTBEAT_MILLIS: u32 = 20_000;

/// Words to nobody since anything came.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Heard {
    unanswered: u32,
}

impl Heard {
    /// Something came.
    pub(crate) const fn hear(&mut self) {
        self.unanswered = 0;
    }

    /// Asks once more, unless as many words as may went unanswered.
    #[must_use]
    pub(crate) fn ask(&mut self, unanswered_max: u32, context: &mut Context<'_>) -> bool {
        if self.unanswered >= unanswered_max {
            return false;
        }
        self.unanswered += 1;
        context.perform(Effect::Send(ClientFrame::word_to_nobody()));
        true
    }
}
