//! Members whose words one does not want to read. It is between a page and its person: nobody else
//! learns of it, and it is over when the member's seat is. What touches safety is shown all the same.

use sanctuary_protocol::MemberId;

use super::{Happening, Problem, Room};
use crate::update::Context;

/// Whether a member's words are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// They are.
    Heard,
    /// From when it was muted on they are not.
    Muted,
}

impl Room {
    pub(super) fn voice(&self, member: MemberId) -> Voice {
        if self.muted.contains_key(&member) { Voice::Muted } else { Voice::Heard }
    }

    pub(super) fn mute(
        &mut self,
        member: MemberId,
        context: &mut Context<'_>,
    ) -> Result<(), Problem> {
        if member == self.me() {
            return Err(Problem::Yourself);
        }
        let alias = self.session.roster().get(&member).cloned().ok_or(Problem::NoSuchMember)?;
        if self.muted.insert(member, alias).is_some() {
            return Err(Problem::Already);
        }
        self.give_up_pictures_of(member);
        let who = self.person(member);
        self.timeline.happened(context.now, Happening::Muted(who));
        Ok(())
    }

    pub(super) fn unmute(
        &mut self,
        member: MemberId,
        context: &mut Context<'_>,
    ) -> Result<(), Problem> {
        self.muted.remove(&member).ok_or(Problem::Already)?;
        let who = self.person(member);
        self.timeline.happened(context.now, Happening::Unmuted(who));
        Ok(())
    }

    /// Whoever gave up its seat is muted no more. Names are compared too: in a room that was started
    /// anew the numbers are other people's.
    pub(super) fn forget_muted(&mut self) {
        let roster = self.session.roster();
        self.muted.retain(|member, alias| roster.get(member) == Some(alias));
    }
}
