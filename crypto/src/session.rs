//! A member's side of a room: it seals what the member says, and opens what the room's order brings.
//! Sans-IO: frames out, entries in, events back. Knows no connection, no host and no policy; who may
//! do what is the server's to refuse, and the client's to offer.
//!
//! The roster changes only by entries, so every member that reads the same order has the same one.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use sanctuary_protocol::limits::{ADMITS_MAX, EVICTS_MAX};
use sanctuary_protocol::{
    ClientFrame, CommitBlob, DoorBlob, Entry, EntryKind, Few, KnockBlob, MemberId, Opening,
    PostBlob, RoomId, WelcomeBlob,
};
use serde::{Deserialize, Serialize};
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::door::{
    DoorStep, DoorWord, Knock, KnockHeard, KnockTag, TurnedAway, Welcome, always_fits,
    welcome_envelope, wrong_key,
};
use crate::event::{AdmitError, Event, KickError, SealError};
use crate::seal::{DoesNotFit, Envelope, Kind, decode};
use crate::stretched::Keys;
use crate::{Alias, Stretched};

/// Bytes of what is said at once: what is left of the largest bucket when the longest header, a
/// whisper's, is taken off.
pub const PLAINTEXT_BYTES_MAX: usize =
    Kind::Post.buckets().content_bytes_max() - BODY_HEADER_BYTES_MAX;

/// A body's kind (1 byte), a whisper's target (up to 5), the text's length (2, below 16 384).
const BODY_HEADER_BYTES_MAX: usize = 8;

/// Knocks remembered at once: twice what a server keeps waiting by default.
const KNOCKS_MAX: usize = 64;

/// A member in a room.
#[derive(ZeroizeOnDrop)]
pub struct Session {
    #[zeroize(skip)]
    room: RoomId,
    #[zeroize(skip)]
    me: MemberId,
    keys: Keys,
    // Aliases wipe themselves.
    #[zeroize(skip)]
    roster: BTreeMap<MemberId, Alias>,
    /// Heard and admissible, and not yet let in.
    #[zeroize(skip)]
    knocks: BTreeMap<MemberId, Knock>,
}

/// What a post holds.
#[derive(Serialize, Deserialize)]
enum Body<'a> {
    Said(#[serde(borrow)] &'a [u8]),
    Whisper {
        to: MemberId,
        #[serde(borrow)]
        text: &'a [u8],
    },
}

/// What a commit holds: the sealed word that the entry's clear members must be covered by.
#[derive(Serialize, Deserialize)]
enum Change {
    Admit(Few<(MemberId, Alias), ADMITS_MAX>),
    Evict(Few<MemberId, EVICTS_MAX>),
}

impl Session {
    /// The first member's, in the room that `opening` opened.
    pub fn create(room: RoomId, stretched: &Stretched, alias: Alias, opening: &Opening) -> Self {
        let me = opening.member;
        Self::enter(room, stretched.keys(room), me, BTreeMap::from([(me, alias)]))
    }

    pub(crate) const fn enter(
        room: RoomId,
        keys: Keys,
        me: MemberId,
        roster: BTreeMap<MemberId, Alias>,
    ) -> Self {
        Self { room, me, keys, roster, knocks: BTreeMap::new() }
    }

    /// This member.
    pub const fn me(&self) -> MemberId {
        self.me
    }

    /// Who is in the room, this member included until it is put out.
    pub const fn roster(&self) -> &BTreeMap<MemberId, Alias> {
        &self.roster
    }

    /// Opens a newcomer's knock, and remembers it when it can be let in.
    pub fn hear_knock(&mut self, newcomer: MemberId, blob: &KnockBlob) -> KnockHeard {
        let Some(knock) = Knock::open(&self.keys.door, self.room, blob) else {
            return KnockHeard::Refused { why: TurnedAway::WrongKey, reply: wrong_key() };
        };
        let (why, word) = if self.is_taken(&knock.alias, newcomer) {
            (TurnedAway::AliasTaken, DoorWord::AliasTaken)
        } else if self.roster.contains_key(&newcomer) || self.has_no_room_for(newcomer) {
            (TurnedAway::Declined, DoorWord::Declined)
        } else {
            let reply = self.say(DoorWord::Heard, newcomer, &knock.tag);
            let alias = knock.alias.clone();
            self.knocks.insert(newcomer, knock);
            return KnockHeard::Admissible { alias, reply };
        };
        KnockHeard::Refused { why, reply: self.say(word, newcomer, &knock.tag) }
    }

    /// A newcomer's further word. There is none yet: a knock says everything.
    pub fn hear_door(&mut self, _newcomer: MemberId, _blob: &DoorBlob) -> DoorStep {
        DoorStep::Ignored
    }

    /// Forgets a knock, and tells the newcomer that nobody opens. A newcomer whose knock is not
    /// remembered does not understand the answer.
    pub fn decline(&mut self, newcomer: MemberId) -> DoorBlob {
        let tag = self.knocks.remove(&newcomer).map_or(KnockTag::NONE, |knock| knock.tag);
        self.say(DoorWord::Declined, newcomer, &tag)
    }

    /// Forgets a knock: the newcomer went away, or another member keeps the door.
    pub fn forget_knock(&mut self, newcomer: MemberId) {
        self.knocks.remove(&newcomer);
    }

    /// The commit that lets remembered newcomers in. They stay remembered until it is sequenced, so
    /// that it can be made again when the server refuses it.
    ///
    /// # Errors
    /// When nobody or too many are named, or one of them cannot be let in; then nobody is.
    pub fn admit(&mut self, newcomers: &[MemberId]) -> Result<ClientFrame, AdmitError> {
        let newcomers: BTreeSet<MemberId> = newcomers.iter().copied().collect();
        if newcomers.is_empty() {
            return Err(AdmitError::Nobody);
        }
        let mut admitted = Vec::new();
        let mut tags = Vec::new();
        for member in newcomers {
            let knock = self.knocks.get(&member).ok_or(AdmitError::NotKnocking(member))?;
            if self.roster.values().any(|alias| alias.looks_like(&knock.alias)) {
                return Err(AdmitError::AliasTaken(member));
            }
            admitted.push((member, knock.alias.clone()));
            tags.push((member, knock.tag));
        }
        let admits: Vec<MemberId> = admitted.iter().map(|(member, _)| *member).collect();
        let present = self.roster.iter().map(|(member, alias)| (*member, alias.clone()));
        let roster: Vec<_> = present.chain(admitted.iter().cloned()).collect();
        let welcome = Welcome {
            newcomers: Few::try_from(tags).map_err(|_| AdmitError::TooMany)?,
            roster: Few::try_from(roster).map_err(|_| AdmitError::RosterTooLarge)?,
        };
        let change = Change::Admit(Few::try_from(admitted).map_err(|_| AdmitError::TooMany)?);
        Ok(ClientFrame::Commit {
            ciphertext: always_fits(self.seal_change(&change)),
            admits: Few::try_from(admits).map_err(|_| AdmitError::TooMany)?,
            evicts: Few::none(),
            welcome: (self.keys.group)
                .seal(&welcome_envelope(self.room, self.me), &welcome)
                .map_err(|DoesNotFit| AdmitError::RosterTooLarge)?,
        })
    }

    /// The commit that puts a member out. It takes effect when it is sequenced.
    ///
    /// # Errors
    /// When there is no such member, or it is this one.
    pub fn kick(&mut self, member: MemberId) -> Result<ClientFrame, KickError> {
        if member == self.me {
            return Err(KickError::Yourself);
        }
        if !self.roster.contains_key(&member) {
            return Err(KickError::NoSuchMember);
        }
        let evicts = always_fits(Few::try_from(vec![member]).map_err(|_| DoesNotFit));
        Ok(ClientFrame::Commit {
            ciphertext: always_fits(self.seal_change(&Change::Evict(evicts.clone()))),
            admits: Few::none(),
            evicts,
            welcome: always_fits(WelcomeBlob::try_from(Vec::new()).map_err(|_| DoesNotFit)),
        })
    }

    /// Seals something said to everybody.
    ///
    /// # Errors
    /// When it is longer than [`PLAINTEXT_BYTES_MAX`].
    pub fn post(&mut self, plaintext: &[u8]) -> Result<PostBlob, SealError> {
        self.seal_body(&Body::Said(plaintext), plaintext.len())
    }

    /// Seals something said to one member. Every member holds the key it is sealed under: it is
    /// private from the server, and from honest clients alone.
    ///
    /// # Errors
    /// When it is longer than [`PLAINTEXT_BYTES_MAX`], or nobody is there to hear it.
    pub fn whisper(&mut self, to: MemberId, plaintext: &[u8]) -> Result<PostBlob, SealError> {
        if !self.roster.contains_key(&to) {
            return Err(SealError::NoSuchMember);
        }
        self.seal_body(&Body::Whisper { to, text: plaintext }, plaintext.len())
    }

    /// What the next entry of the room's order means. Whatever it is, the session stays usable.
    pub fn receive(&mut self, entry: &Entry) -> Vec<Event> {
        let from = entry.from;
        match &entry.kind {
            EntryKind::Post { ciphertext } => vec![self.hear_post(from, ciphertext)],
            EntryKind::Commit { ciphertext, admits, evicts } => {
                self.hear_commit(from, ciphertext, admits.as_slice(), evicts.as_slice())
            }
            EntryKind::Left => self.part(from, |member, alias| Event::Left { member, alias }),
            EntryKind::Expired => self.part(from, |member, alias| Event::Expired { member, alias }),
            EntryKind::Shed { .. }
            | EntryKind::Gone
            | EntryKind::Back
            | EntryKind::Host { .. }
            | EntryKind::Committer
            | EntryKind::Policy(_) => Vec::new(),
        }
    }

    fn hear_post(&self, from: MemberId, ciphertext: &PostBlob) -> Event {
        let content = self.open_from(Kind::Post, from, ciphertext.as_slice());
        let keep = |text: &[u8]| Zeroizing::new(text.to_vec());
        match content.as_ref().and_then(|content| decode(content)) {
            Some(Body::Said(text)) => Event::Said { from, plaintext: keep(text) },
            Some(Body::Whisper { to, text }) if from == self.me || to == self.me => {
                Event::Whispered { from, to, plaintext: keep(text) }
            }
            Some(Body::Whisper { .. }) => Event::WhisperPassed { from },
            None => Event::Unreadable { from },
        }
    }

    fn hear_commit(
        &mut self,
        from: MemberId,
        ciphertext: &CommitBlob,
        admits: &[MemberId],
        evicts: &[MemberId],
    ) -> Vec<Event> {
        for admitted in admits {
            self.knocks.remove(admitted);
        }
        let content = self.open_from(Kind::Commit, from, ciphertext.as_slice());
        let mut events = match content.and_then(|content| decode(&content)) {
            Some(Change::Admit(sealed)) if evicts.is_empty() => {
                self.let_in(from, admits, sealed.as_slice())
            }
            Some(Change::Evict(sealed)) if admits.is_empty() && covers(&sealed, evicts) => {
                return self.put_out(evicts, |member, alias| Event::Kicked {
                    member,
                    alias,
                    by: from,
                });
            }
            Some(Change::Admit(_) | Change::Evict(_)) | None => None,
        }
        .unwrap_or_else(|| vec![Event::Unreadable { from }]);
        // The server took these seats all the same.
        events.extend(self.put_out(evicts, |member, alias| Event::Removed { member, alias }));
        events
    }

    /// Lets in whom the server seated and the sealed word names; `None`, and nobody, when the word
    /// does not name them all or would give two members names that look alike. The server leaves
    /// out whom an earlier commit seated, so the word may name more than it.
    fn let_in(
        &mut self,
        by: MemberId,
        seated: &[MemberId],
        sealed: &[(MemberId, Alias)],
    ) -> Option<Vec<Event>> {
        let mut roster = self.roster.clone();
        let mut events = Vec::new();
        for &member in seated {
            let (_, alias) = sealed.iter().find(|(named, _)| *named == member)?;
            if roster.get(&member) == Some(alias) {
                continue;
            }
            if roster.contains_key(&member) || roster.values().any(|it| it.looks_like(alias)) {
                return None;
            }
            roster.insert(member, alias.clone());
            events.push(Event::Joined { member, alias: alias.clone(), by });
        }
        self.roster = roster;
        (!seated.is_empty()).then_some(events)
    }

    fn put_out(
        &mut self,
        members: &[MemberId],
        event: impl Fn(MemberId, Alias) -> Event,
    ) -> Vec<Event> {
        members.iter().flat_map(|member| self.part(*member, &event)).collect()
    }

    fn part(&mut self, member: MemberId, event: impl Fn(MemberId, Alias) -> Event) -> Vec<Event> {
        self.roster.remove(&member).map(|alias| event(member, alias)).into_iter().collect()
    }

    fn is_taken(&self, alias: &Alias, newcomer: MemberId) -> bool {
        let before = self.knocks.iter().filter(|(member, _)| **member != newcomer);
        let at_the_door = before.map(|(_, knock)| &knock.alias);
        self.roster.values().chain(at_the_door).any(|taken| taken.looks_like(alias))
    }

    fn has_no_room_for(&self, newcomer: MemberId) -> bool {
        self.knocks.len() >= KNOCKS_MAX && !self.knocks.contains_key(&newcomer)
    }

    fn say(&self, word: DoorWord, newcomer: MemberId, tag: &KnockTag) -> DoorBlob {
        word.seal(&self.keys.door, self.room, self.me, newcomer, tag)
    }

    fn seal_change(&self, change: &Change) -> Result<CommitBlob, DoesNotFit> {
        self.keys.group.seal(&self.envelope(Kind::Commit, self.me), change)
    }

    fn seal_body(&self, body: &Body<'_>, text_bytes: usize) -> Result<PostBlob, SealError> {
        let too_long = SealError::TooLong { limit: PLAINTEXT_BYTES_MAX, actual: text_bytes };
        if text_bytes > PLAINTEXT_BYTES_MAX {
            return Err(too_long);
        }
        let envelope = self.envelope(Kind::Post, self.me);
        self.keys.group.seal(&envelope, body).map_err(|DoesNotFit| too_long)
    }

    /// What a member of the roster sealed; nobody else is heard, whatever key they hold.
    fn open_from(&self, kind: Kind, from: MemberId, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        self.roster.get(&from)?;
        self.keys.group.open(&self.envelope(kind, from), sealed)
    }

    const fn envelope(&self, kind: Kind, from: MemberId) -> Envelope<'static> {
        Envelope { kind, room: self.room, from: Some(from), to: None, answers: &[] }
    }
}

/// Whether a sealed word covers everybody the server put out, and it put somebody out.
fn covers(sealed: &Few<MemberId, EVICTS_MAX>, evicts: &[MemberId]) -> bool {
    !evicts.is_empty() && evicts.iter().all(|evicted| sealed.as_slice().contains(evicted))
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { room: _, me, keys: _, roster, knocks } = self;
        f.debug_struct("Session")
            .field("me", me)
            .field("members", &roster.len())
            .field("knocks", &knocks.len())
            .finish_non_exhaustive()
    }
}
