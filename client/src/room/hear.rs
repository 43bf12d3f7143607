//! What the session makes of the room's order, and what members' sealed words mean.

use sanctuary_crypto::{Charter, Event, Fault, Unreadable};
use sanctuary_protocol::MemberId;

use super::{Body, Happening, Room, Voice};
use crate::payload::Payload;
use crate::update::Context;

impl Room {
    pub(super) fn take_event(&mut self, event: Event, context: &mut Context<'_>) {
        let now = context.now;
        match event {
            Event::Settled(ticket) => self.settled(ticket, context),
            Event::Said { from, plaintext } => match Payload::decode(&plaintext) {
                Ok(payload) => self.hear(from, payload, context),
                Err(_) => self.unreadable(from, context),
            },
            Event::Whispered { from, plaintext } => match Payload::decode(&plaintext) {
                Ok(Payload::Say(_)) if self.voice(from) == Voice::Muted => {}
                Ok(Payload::Say(words)) => {
                    let (from, to) = (self.person(from), self.person(self.me()));
                    self.show(Body::Whispered { from, to, words }, context);
                }
                Ok(
                    Payload::Farewell(_)
                    | Payload::Purge
                    | Payload::DoorFailed
                    | Payload::DoorCleared
                    | Payload::Picture { .. }
                    | Payload::Piece(_)
                    | Payload::PictureDropped { .. },
                )
                | Err(_) => self.unreadable(from, context),
            },
            Event::WhisperPassed { from } if self.voice(from) == Voice::Muted => {}
            Event::WhisperPassed { from } => {
                let from = self.person(from);
                self.timeline.add(now, Body::WhisperPassed { from });
            }
            Event::Joined { member, alias, by } => {
                self.came_in(member, context);
                let (who, by) = (self.named(member, Some(alias)), self.person(by));
                self.timeline.happened(now, Happening::Joined { who, by });
            }
            Event::Kicked { member, alias, by } => {
                self.give_up_pictures_of(member);
                if member == self.me() {
                    self.kicker = self.person(by).alias;
                }
                self.farewells.remove(&member);
                let (who, by) = (self.named(member, Some(alias)), self.person(by));
                self.timeline.happened(now, Happening::Kicked { who, by });
            }
            Event::Removed { member, alias, by } => {
                self.give_up_pictures_of(member);
                if member == self.me() {
                    self.remover = self.person(by).alias;
                }
                self.farewells.remove(&member);
                let (who, by) = (self.named(member, Some(alias)), self.person(by));
                self.timeline.happened(now, Happening::Removed { who, by });
            }
            Event::Left { member, alias } => {
                self.give_up_pictures_of(member);
                let who = self.named(member, Some(alias));
                if !self.farewells.remove(&member) {
                    self.timeline.happened(now, Happening::Left(who));
                }
            }
            Event::Expired { member, alias } => {
                self.give_up_pictures_of(member);
                self.farewells.remove(&member);
                let who = self.named(member, Some(alias));
                self.timeline.happened(now, Happening::Expired(who));
            }
            Event::Chartered { by, before } => self.chartered(by, &before, context),
            Event::Renewed { secret, by } => self.renewed(secret, by, context),
            Event::Committed(change) => self.committed(&change, context),
            Event::Void(change) => self.voided(change, context),
            Event::Vouched => {}
            // Whom it named left, or came back, as it was said: nobody did anything wrong.
            Event::Unreadable { from: _, why: Unreadable::Unlawful(Fault::Host) } => {}
            Event::Unreadable { from, why: _ } => self.unreadable(from, context),
            Event::Tampering(what) => self.accuse(what, context),
        }
    }

    fn hear(&mut self, from: MemberId, payload: Payload, context: &mut Context<'_>) {
        match payload {
            Payload::Say(_) if self.voice(from) == Voice::Muted => {}
            Payload::Say(words) => {
                let from = self.person(from);
                self.show(Body::Said { from, words }, context);
            }
            Payload::Farewell(words) => {
                // Kept until the member is gone; whoever is gone has nobody left to tell.
                if self.session.roster().contains_key(&from) {
                    self.farewells.insert(from);
                }
                // That it goes is news of the room; its last words are its own.
                let words = words.filter(|_| self.voice(from) == Voice::Heard);
                let who = self.person(from);
                self.timeline.happened(context.now, Happening::Farewell { who, words });
            }
            // Nobody's word counts who may not end the room.
            Payload::Purge => {
                if self.may_moderate(from) {
                    self.purger = Some(from);
                }
            }
            Payload::Picture { .. } if self.voice(from) == Voice::Muted => {}
            Payload::Picture { announced, words } => {
                self.picture_announced(from, announced, words, context);
            }
            Payload::Piece(piece) => self.piece_came(from, &piece, context),
            Payload::PictureDropped { number } => self.picture_dropped(from, number),
            Payload::DoorFailed => self.hear_failure(from, context),
            Payload::DoorCleared => {
                if self.may_moderate(from) {
                    self.door_cleared(from, context);
                }
            }
        }
    }

    /// A member changed who is host, or the rules, and the members took it.
    fn chartered(&mut self, by: MemberId, before: &Charter, context: &mut Context<'_>) {
        let Charter { host, policy, generation: _, fading } = *self.session.charter();
        if host != before.host {
            let host = self.person(host);
            self.timeline.happened(context.now, Happening::Host(host));
        }
        if policy != before.policy {
            let by = self.person(by);
            self.timeline.happened(context.now, Happening::Policy(by));
        }
        if fading != before.fading {
            self.timeline.fade_after(fading);
            let by = self.person(by);
            self.timeline.happened(context.now, Happening::Fading { by, fading });
        }
    }

    fn unreadable(&mut self, from: MemberId, context: &mut Context<'_>) {
        let from = self.person(from);
        self.timeline.unreadable(context.now, from);
    }
}
