//! Whether this member and the others still hold the same keys, by whose words open here and whose
//! do not. One member's garbage must look like one member's garbage: only when nobody who is here can
//! be read, or the host cannot, has this member lost the group. Must not know why a word did not
//! open, nor the time: what came is weighed at every heartbeat.

use sanctuary_protocol::{MemberId, Presence, SortedMap, SortedSet, View};

/// Heartbeats that must have brought news of it before a member takes itself for lost: one can fall
/// on words that a commit overtook and that are about to be said again.
const DOUBTS_MAX: u32 = 2;

/// Heartbeats without a word after which somebody is not counted among those who are here, whatever
/// the server says: a page that is looked at says something at each, a hidden one once a minute, and
/// a connection that does not answer is down within a minute.
const SILENT_MAX: u32 = 5;

/// Whether this session and the room are still one group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bearing {
    /// As far as can be told.
    True,
    /// The last words of everybody here, or of the host, did not open.
    Doubtful,
    /// Whatever comes, this member cannot follow: it must come in again through the door.
    Lost,
}

/// Whose words open.
#[derive(Debug, Default)]
pub(crate) struct Hearing {
    /// Whose have.
    read: SortedSet<MemberId>,
    /// Whose last did not.
    unread: SortedSet<MemberId>,
    /// Of those, who has spoken since it was last weighed.
    fresh: SortedSet<MemberId>,
    /// Who has not spoken for so many heartbeats.
    silence: SortedMap<MemberId, u32>,
    doubts: u32,
    /// It has come in again by itself already.
    came_back: bool,
}

impl Hearing {
    /// This member has come in again by itself: not once more for a host that it never reads.
    pub(crate) fn came_back(&mut self) {
        self.came_back = true;
    }

    /// Something of this member's opened.
    pub(crate) fn opened(&mut self, from: MemberId) {
        self.read.insert(from);
        self.unread.remove(&from);
        self.fresh.remove(&from);
        self.silence.remove(&from);
    }

    /// Something in this member's name did not, of whatever epoch.
    pub(crate) fn failed(&mut self, from: MemberId) {
        self.unread.insert(from);
        self.fresh.insert(from);
        self.silence.remove(&from);
    }

    /// This member is not inside any more.
    pub(crate) fn parted(&mut self, member: MemberId) {
        self.read.remove(&member);
        self.unread.remove(&member);
        self.fresh.remove(&member);
        self.silence.remove(&member);
    }

    /// How it stands with `me`, among those that `view` says are here.
    pub(crate) fn bearing(&self, me: MemberId, view: &View) -> Bearing {
        match self.unheard(me, view) {
            Some(_) if self.doubts >= DOUBTS_MAX => Bearing::Lost,
            Some(_) => Bearing::Doubtful,
            None => Bearing::True,
        }
    }

    /// The same, once a heartbeat: news of it makes the doubt grow.
    pub(crate) fn weigh(&mut self, me: MemberId, view: &View) -> Bearing {
        let fresh = std::mem::take(&mut self.fresh);
        match self.unheard(me, view) {
            Some(unheard) => self.doubts += u32::from(!unheard.is_disjoint(&fresh)),
            None => self.doubts = 0,
        }
        // Whoever speaks before the next begins anew.
        self.silence.retain(|member, _| view.seats.contains_key(member));
        for member in live(me, view) {
            let heartbeats = self.silence.get(&member).copied().unwrap_or_default();
            self.silence.insert(member, heartbeats + 1);
        }
        self.bearing(me, view)
    }

    /// Whether this member has said anything of late, readable or not.
    pub(crate) fn speaks(&self, member: MemberId) -> bool {
        self.silence.get(&member).is_none_or(|heartbeats| *heartbeats < SILENT_MAX)
    }

    /// Whose words would have to open, and do not: everybody's who is here; or the host's, since that
    /// is the group the others come back to.
    fn unheard(&self, me: MemberId, view: &View) -> Option<SortedSet<MemberId>> {
        let others: SortedSet<MemberId> =
            live(me, view).filter(|member| self.speaks(*member)).collect();
        if !others.is_empty() && others.is_subset(&self.unread) {
            return Some(others);
        }
        let host = view.host;
        let may_be_read = self.read.contains(&host) || !self.came_back;
        (others.contains(&host) && may_be_read && self.unread.contains(&host))
            .then(|| SortedSet::from([host]))
    }
}

/// The others that the server says are here.
fn live(me: MemberId, view: &View) -> impl Iterator<Item = MemberId> {
    let live = view.seats.iter().filter(|(_, presence)| **presence == Presence::Live);
    live.map(|(member, _)| *member).filter(move |member| *member != me)
}

#[cfg(test)]
mod tests {
    use sanctuary_protocol::{Head, Policy, Seq};

    use super::*;

    const ME: MemberId = MemberId(1);
    const HOST: MemberId = MemberId(2);
    const GUEST: MemberId = MemberId(3);

    fn view(gone: Option<MemberId>) -> View {
        let presence = |member| if gone == Some(member) { Presence::Gone } else { Presence::Live };
        View {
            host: HOST,
            committer: HOST,
            policy: Policy::default(),
            seats: [ME, HOST, GUEST].map(|member| (member, presence(member))).into(),
            seq: Seq(9),
            head: Head::START,
        }
    }

    enum Heard {
        Opened(MemberId),
        Failed(MemberId),
        CameBack,
        Beat,
    }
    use Heard::{Beat, CameBack, Failed, Opened};

    #[track_caller]
    fn check(gone: Option<MemberId>, heard: &[Heard], expected: Bearing) {
        let (view, mut hearing) = (view(gone), Hearing::default());
        for heard in heard {
            match *heard {
                Opened(from) => hearing.opened(from),
                Failed(from) => hearing.failed(from),
                CameBack => hearing.came_back(),
                Beat => drop(hearing.weigh(ME, &view)),
            }
        }
        assert_eq!(hearing.bearing(ME, &view), expected);
    }

    #[test]
    fn one_members_garbage_makes_nobody_doubt() {
        check(None, &[Failed(GUEST), Beat, Failed(GUEST), Beat, Failed(GUEST)], Bearing::True);
        check(None, &[Opened(HOST), Failed(GUEST), Beat, Failed(GUEST), Beat], Bearing::True);
    }

    #[test]
    fn whoever_can_read_nobody_is_lost_once_that_was_news_twice() {
        let all = || [Failed(HOST), Failed(GUEST), Beat];
        check(None, &all()[..2], Bearing::Doubtful);
        check(None, &all(), Bearing::Doubtful);
        let twice: Vec<_> = all().into_iter().chain(all()).collect();
        check(None, &twice, Bearing::Lost);
        // That somebody sleeps is no news, and that one can be read again is.
        check(None, &[Failed(HOST), Failed(GUEST), Beat, Beat, Beat], Bearing::Doubtful);
        check(None, &[Failed(HOST), Failed(GUEST), Beat, Opened(HOST), Beat], Bearing::True);
        check(Some(HOST), &[Failed(GUEST), Beat, Failed(GUEST), Beat], Bearing::Lost);
    }

    #[test]
    fn somebody_who_never_says_anything_is_not_waited_for_for_ever() {
        let mut heard = Vec::new();
        for _ in 0..SILENT_MAX {
            heard.extend([Failed(GUEST), Beat]);
        }
        check(None, &heard, Bearing::Doubtful);
        heard.extend([Failed(GUEST), Beat, Failed(GUEST), Beat]);
        check(None, &heard, Bearing::Lost);
        heard.push(Opened(HOST));
        check(None, &heard, Bearing::True);
    }

    #[test]
    fn whoever_can_read_others_and_not_the_host_any_more_is_lost_too() {
        let split = [Opened(HOST), Failed(HOST), Opened(GUEST), Beat, Failed(HOST), Beat];
        check(None, &split, Bearing::Lost);
        check(Some(HOST), &split, Bearing::True);
        check(None, &[Opened(GUEST), Failed(HOST), Beat, Failed(HOST), Beat], Bearing::Lost);
        // Once: a host that sends nothing but garbage keeps nobody going in and out.
        let again = [CameBack, Opened(GUEST), Failed(HOST), Beat, Failed(HOST), Beat];
        check(None, &again, Bearing::True);
    }
}
