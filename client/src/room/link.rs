//! The link, renewed: who was put out knows the one before, and nobody opens to it any more.

use sanctuary_crypto::{Link, Secret, Stretched};
use sanctuary_protocol::MemberId;

use super::{Happening, Room, Sheet};
use crate::update::Context;
use crate::{Effect, Epoch};

/// Which link it is that opens the door.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LinkState {
    /// The one this member came by, or made.
    #[default]
    First,
    /// Another, which is being prepared. Nobody is let in meanwhile.
    Renewing,
    /// Another than the one this member came by.
    Renewed,
}

impl Room {
    /// Which link it is that opens the door.
    pub const fn link_state(&self) -> LinkState {
        self.door.link
    }

    /// There is another link. Whoever proved to know the old one has to prove that it knows this.
    pub(super) fn renewed(&mut self, secret: Secret, by: MemberId, context: &mut Context<'_>) {
        let link = Link { room: self.invitation.link.room.clone(), secret };
        let epoch = context.next_epoch();
        context.perform(Effect::Derive { epoch, link: link.clone() });
        (self.invitation.link, self.invitation.stretched) = (link, None);
        (self.door.link, self.door.deriving) = (LinkState::Renewing, Some(epoch));
        self.begin_anew();
        self.changes.forget_kicked(self.session.members());
        let who = self.person(by);
        self.timeline.happened(context.now, Happening::Renewed { by: who });
        if by == self.me() {
            self.sheet = Some(Sheet::Invitation);
        }
    }

    fn begin_anew(&mut self) {
        self.door.guard.put_all_back();
        for newcomer in self.take_known() {
            self.door.guard.knock(newcomer);
        }
    }

    /// The renewed secret is stretched: the door opens to it.
    pub(super) fn derived(
        &mut self,
        epoch: Epoch,
        stretched: Stretched,
        context: &mut Context<'_>,
    ) {
        if self.door.deriving.take_if(|deriving| *deriving == epoch).is_none() {
            return;
        }
        self.session.renew_door(&stretched);
        self.invitation.stretched = Some(stretched);
        self.door.link = LinkState::Renewed;
        self.attend(context);
    }
}
