//! What the room's order brings a session: garbage, genuine posts and commits that were touched, and what
//! a member seals that holds the keys and keeps no rule. A session's keys come from the system and from
//! nowhere else, so that no bytes could be genuine by themselves: a plan says what is done to genuine
//! ones.

use sanctuary_crypto::{Alias, Charter, Event, Session};
use sanctuary_protocol::{
    CommitBlob, EntryKind, Few, MemberId, PostBlob, ServerFrame, SortedMap, decode,
};

use super::steps::{Steps, touched};
use super::table::{ADA, BOB, Table};
use super::{Held, Violation, hold};

/// Entries of one plan: enough for one to stand in another's way.
const STEPS_MAX: usize = 6;

/// Two members; one of them seals what the plan says, and the other's session is handed it. What is
/// refused changes nothing, and whoever is honest afterwards is heard.
///
/// # Errors
/// Says what does not hold.
pub fn session_input(bytes: &[u8]) -> Held {
    let mut plan = Steps::of(bytes);
    let Some(first) = plan.byte() else { return Ok(()) };
    let (author, listener) = if first % 2 == 0 { (BOB, ADA) } else { (ADA, BOB) };
    let mut table = Table::of(2);
    let Some(writing) = table.sessions.remove(&author) else {
        return Err(Violation("whoever came in is at the table".to_owned()));
    };
    let mut stage = Stage { table, writing, author, listener, is_intact: true };
    for _ in 0..STEPS_MAX {
        if stage.step(&mut plan)?.is_none() {
            break;
        }
    }
    stage.finish()
}

struct Stage {
    table: Table,
    writing: Session,
    author: MemberId,
    listener: MemberId,
    /// Whether nothing was shown yet but what nobody sealed.
    is_intact: bool,
}

/// Who can have made an entry.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Maker {
    /// Anybody: it holds nothing sealed that is whole.
    Anybody,
    /// Who holds the keys.
    Member,
    /// The server: it gives places, and seats.
    Server,
}

/// What a session holds that no refused entry may change.
#[derive(PartialEq)]
struct State {
    epoch: u64,
    charter: Charter,
    members: SortedMap<MemberId, Alias>,
}

impl State {
    fn of(session: &Session) -> Self {
        let (charter, members) = (*session.charter(), session.members().clone());
        Self { epoch: session.epoch(), charter, members }
    }
}

impl Stage {
    /// One entry of the plan; `None` when the plan has ended.
    fn step(&mut self, plan: &mut Steps<'_>) -> Result<Option<()>, Violation> {
        let Some((kind, maker)) = self.entry(plan) else { return Ok(None) };
        // What is longer than its blob never reached a server.
        let Some(kind) = kind else { return Ok(Some(())) };
        self.is_intact &= maker == Maker::Anybody;
        let before = State::of(self.table.at(self.listener));
        let entry = self.table.sequence(self.author, kind);
        let events = self.table.show_to(self.listener, &entry);
        let session = self.table.at(self.listener);
        judge(maker, self.author, &events, &before, &State::of(session))?;
        // Whatever is held now can be looked at.
        let _ = (session.safety(), session.bearing(), format!("{session:?} {events:?}"));
        Ok(Some(()))
    }

    fn entry(&mut self, plan: &mut Steps<'_>) -> Option<(Option<EntryKind>, Maker)> {
        let way = plan.byte()?;
        Some(match way % 7 {
            0 => (post(plan.piece()?.to_vec()), Maker::Anybody),
            1 => (commit(plan.piece()?.to_vec(), plan.piece()?), Maker::Anybody),
            2 => {
                let changes = plan.piece()?;
                self.writing.post(b"touched").ok()?;
                let genuine = self.writing.outgoing().posts.pop()?;
                let changed = touched(genuine.as_slice(), changes);
                let maker = made_by(changed != genuine.as_slice());
                (post(changed), maker)
            }
            3 => {
                let (changes, charter) = (plan.piece()?, self.charter(plan.piece()?));
                let genuine = self.writing.commit_anything(&[], &[], charter)?;
                let changed = touched(genuine.as_slice(), changes);
                let maker = made_by(changed != genuine.as_slice());
                (commit(changed, &[]), maker)
            }
            4 => {
                let sealed = self.writing.seal_anything(plan.piece()?);
                (sealed.map(|ciphertext| EntryKind::Post { ciphertext }), Maker::Member)
            }
            5 => {
                let (content, numbers) = (plan.piece()?, plan.piece()?);
                let sealed = self.writing.wrap_anything(content);
                (sealed.and_then(|it| announced(it, numbers)), Maker::Member)
            }
            _ => (self.server_s(plan.piece()?), Maker::Server),
        })
    }

    /// The charter as it stands but for what the plan says of its numbers.
    fn charter(&self, numbers: &[u8]) -> Option<Charter> {
        let [host, generation, ..] = *numbers else { return None };
        let charter = *self.writing.charter();
        Some(Charter { host: MemberId(host.into()), generation: generation.into(), ..charter })
    }

    /// An entry that needs no member, as the wire has it.
    fn server_s(&self, bytes: &[u8]) -> Option<EntryKind> {
        match decode::<ServerFrame>(bytes) {
            Ok(ServerFrame::Entry(entry)) => Some(entry.kind),
            Ok(_) | Err(_) => None,
        }
    }

    /// Whoever is honest is heard, when nothing was taken before.
    fn finish(mut self) -> Held {
        if !self.is_intact {
            return Ok(());
        }
        let failed = || Violation("a member can speak".to_owned());
        self.writing.post(b"genuine").map_err(|_| failed())?;
        let ciphertext = self.writing.outgoing().posts.pop().ok_or_else(failed)?;
        let entry = self.table.sequence(self.author, EntryKind::Post { ciphertext });
        let events = self.table.show_to(self.listener, &entry);
        let is_heard = events.iter().any(|event| match event {
            Event::Said { from, plaintext } => {
                *from == self.author && plaintext.as_slice() == b"genuine"
            }
            _ => false,
        });
        hold(is_heard, "what is refused costs the genuine nothing")
    }
}

fn made_by(is_touched: bool) -> Maker {
    if is_touched { Maker::Anybody } else { Maker::Member }
}

fn post(bytes: Vec<u8>) -> Option<EntryKind> {
    PostBlob::try_from(bytes).ok().map(|ciphertext| EntryKind::Post { ciphertext })
}

fn commit(bytes: Vec<u8>, numbers: &[u8]) -> Option<EntryKind> {
    CommitBlob::try_from(bytes).ok().and_then(|ciphertext| announced(ciphertext, numbers))
}

/// A commit, and what the server is told of it: each byte a member let in, or, past 127, put out.
fn announced(ciphertext: CommitBlob, numbers: &[u8]) -> Option<EntryKind> {
    let (evicts, admits): (Vec<u8>, Vec<u8>) = numbers.iter().partition(|it| **it > 127);
    let members =
        |bytes: Vec<u8>| bytes.into_iter().map(|it| MemberId((it % 128).into())).collect();
    let (admits, evicts): (Vec<_>, Vec<_>) = (members(admits), members(evicts));
    let (admits, evicts) = (Few::try_from(admits).ok()?, Few::try_from(evicts).ok()?);
    Some(EntryKind::Commit { ciphertext, admits, evicts })
}

fn judge(maker: Maker, author: MemberId, events: &[Event], before: &State, after: &State) -> Held {
    let is_refused = events.iter().any(|event| matches!(event, Event::Unreadable { .. }));
    hold(!is_refused || before == after, "what is refused changes nothing")?;
    let is_a_step = [before.epoch, before.epoch + 1].contains(&after.epoch);
    hold(is_a_step, "an entry begins one epoch at most")?;
    let is_others = |event: &Event| match event {
        Event::Said { from, .. } | Event::Whispered { from, .. } => *from != author,
        Event::Unreadable { from, .. } => *from != author,
        _ => false,
    };
    hold(!events.iter().any(is_others), "nobody speaks in another's name")?;
    if maker == Maker::Anybody {
        hold(before == after, "who holds no keys changes nothing")?;
        // A seat may be taken by the server's word, and is told as that.
        let is_harmless = |event: &Event| {
            matches!(event, Event::Unreadable { .. } | Event::Removed { .. } | Event::Tampering(_))
        };
        hold(events.iter().all(is_harmless), "who holds no keys says nothing")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use sanctuary_crypto::Unreadable;

    use super::*;

    #[test]
    fn a_session_that_is_wrong_is_found_out() {
        let mut table = Table::of(2);
        let state = |table: &mut Table| State::of(table.at(ADA));
        let (before, unchanged) = (state(&mut table), state(&mut table));
        let renew = table.at(ADA).renew().unwrap();
        table.commit(ADA, renew);
        let after = state(&mut table);
        let check = |maker, events: &[Event], after, what: &str| {
            let judged = judge(maker, BOB, events, &before, after);
            assert_eq!(judged.unwrap_err(), Violation(what.to_owned()));
        };
        let said = |from| Event::Said { from, plaintext: b"x".to_vec().into() };
        let refused = Event::Unreadable { from: BOB, why: Unreadable::Garbage };
        assert_eq!(judge(Maker::Member, BOB, &[said(BOB)], &before, &after), Ok(()));
        check(Maker::Member, &[refused], &after, "what is refused changes nothing");
        check(Maker::Member, &[said(ADA)], &unchanged, "nobody speaks in another's name");
        check(Maker::Anybody, &[], &after, "who holds no keys changes nothing");
        check(Maker::Anybody, &[said(BOB)], &unchanged, "who holds no keys says nothing");
    }
}
