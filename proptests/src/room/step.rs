//! What may happen to a room, and which of it to try next. Knows the model only to aim.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use sanctuary_protocol::{ClientFrameKind, DoorPolicy, Moderation, Policy};

use super::model::{Model, Phase};

/// One thing that happens. Connections and members go by their numbers.
#[derive(Clone, Debug)]
pub enum Step {
    /// A connection sends a frame.
    Say {
        /// The connection.
        from: u64,
        /// The frame.
        said: Said,
    },
    /// A connection is no more.
    Vanish {
        /// Which.
        connection: u64,
    },
    /// So many ticks pass, each with its `Elapse`.
    Wait {
        /// Of half a second.
        ticks: u64,
    },
    /// The operator has a word.
    Notify,
    /// The process holds too much.
    Shed {
        /// To give up.
        bytes: usize,
    },
    /// The operator ends the room.
    Purge,
    /// The server stops.
    ShutDown,
}

/// A client's frame, with a member where the wire has its token.
#[derive(Clone, Debug)]
pub enum Said {
    /// `Create`
    Create(Policy),
    /// `Knock`
    Knock,
    /// `Door`, to a member.
    Door(u32),
    /// `Resume` of a member's seat, after an entry.
    Resume(u32, u64),
    /// `Post` of so many bytes.
    Post(usize),
    /// `Commit` that admits, and evicts.
    Commit(Vec<u32>, Vec<u32>),
    /// The same, without a ciphertext.
    BlankCommit(Vec<u32>, Vec<u32>),
    /// `Lock`
    Lock(Policy),
    /// `HandOver`, to a member.
    HandOver(u32),
    /// `Close`
    Close,
    /// `Leave`
    Leave,
}

impl Said {
    /// Which frame it is.
    pub const fn kind(&self) -> ClientFrameKind {
        match self {
            Self::Create(_) => ClientFrameKind::Create,
            Self::Knock => ClientFrameKind::Knock,
            Self::Door(_) => ClientFrameKind::Door,
            Self::Resume(..) => ClientFrameKind::Resume,
            Self::Post(_) => ClientFrameKind::Post,
            Self::Commit(..) | Self::BlankCommit(..) => ClientFrameKind::Commit,
            Self::Lock(_) => ClientFrameKind::Lock,
            Self::HandOver(_) => ClientFrameKind::HandOver,
            Self::Close => ClientFrameKind::Close,
            Self::Leave => ClientFrameKind::Leave,
        }
    }
}

/// What to try next: mostly what moves the room along, and a good part of nonsense.
pub fn next_step(model: &Model) -> BoxedStrategy<Step> {
    let fresh = model.fresh_connection();
    let mut weighted = vec![(7, nonsense(model)), (6, wait())];
    match model.phase {
        Phase::Empty => {
            weighted.push((30, say(Just(fresh), policy().prop_map(Said::Create))));
            weighted.push((2, say(Just(fresh), Just(Said::Knock))));
        }
        Phase::Live => weighted.extend(sensible(model, fresh)),
        Phase::Over => {}
    }
    proptest::strategy::Union::new_weighted(weighted).boxed()
}

fn sensible(model: &Model, fresh: u64) -> Vec<(u32, BoxedStrategy<Step>)> {
    let seated = model.seated_connections();
    let newcomers: Vec<u64> = model.knocks.iter().map(|knock| knock.connection).collect();
    let waiting: Vec<u32> = model.knocks.iter().map(|knock| knock.number).collect();
    let seats: Vec<u32> = model.seats.iter().map(|seat| seat.number).collect();
    let seq = model.seq();
    let mut weighted = vec![
        (7, say(Just(fresh), Just(Said::Knock))),
        (
            8,
            say(
                Just(fresh),
                (select(seats.clone()), seq.saturating_sub(6)..=seq)
                    .prop_map(|(seat, seq)| Said::Resume(seat, seq)),
            ),
        ),
        (1, Just(Step::Notify).boxed()),
        (1, (1_usize..2_000).prop_map(|bytes| Step::Shed { bytes }).boxed()),
    ];
    if !seated.is_empty() {
        let someone = || select(seated.clone());
        weighted.push((10, say(someone(), (0_usize..900).prop_map(Said::Post))));
        weighted.push((6, someone().prop_map(|connection| Step::Vanish { connection }).boxed()));
        weighted.push((1, say(someone(), Just(Said::Leave))));
        weighted.push((2, say(someone(), select(seats.clone()).prop_map(Said::HandOver))));
        weighted.push((
            2,
            say(
                someone(),
                vec(select(seats.clone()), 1..3).prop_map(|out| Said::Commit(Vec::new(), out)),
            ),
        ));
        weighted.push((1, say(someone(), Just(Said::Commit(Vec::new(), Vec::new())))));
    }
    weighted.extend(committing_again(model, &seats, &waiting));
    if let Some(keeper) = model.keeper_connection()
        && !waiting.is_empty()
    {
        let admits = || vec(select(waiting.clone()), 1..3);
        let someone = || select(seated.clone());
        weighted.push((2, say(someone(), admits().prop_map(|new| Said::Commit(new, vec![])))));
        weighted.push((2, say(someone(), select(waiting.clone()).prop_map(Said::Door))));
        weighted.push((16, say(Just(keeper), admits().prop_map(|new| Said::Commit(new, vec![])))));
        weighted.push((3, say(Just(keeper), select(waiting).prop_map(Said::Door))));
        weighted.push((2, say(select(newcomers.clone()), Just(Said::Door(model.keeper)))));
        weighted.push((
            1,
            select(newcomers).prop_map(|connection| Step::Vanish { connection }).boxed(),
        ));
    }
    weighted
}

/// The doorkeeper lets in who is in, and puts out who is out, beside who is not.
fn committing_again(
    model: &Model,
    seats: &[u32],
    waiting: &[u32],
) -> Option<(u32, BoxedStrategy<Step>)> {
    let keeper = model.keeper_connection()?;
    let inside = [seats, waiting].concat();
    let may_go = |number: &u32| *number != model.keeper && !waiting.contains(number);
    let others: Vec<u32> = (1..=model.last_number).filter(may_go).collect();
    let outs = match others.as_slice() {
        [] => Just(Vec::new()).boxed(),
        [..] => prop_oneof![Just(Vec::new()), vec(select(others), 1..4)].boxed(),
    };
    let commit = (vec(select(inside), 0..4), outs);
    Some((5, say(Just(keeper), commit.prop_map(|(admits, evicts)| Said::Commit(admits, evicts)))))
}

fn nonsense(model: &Model) -> BoxedStrategy<Step> {
    let fresh = model.fresh_connection();
    let anyone = select([model.open_connections(), vec![fresh]].concat());
    let member = 0..=model.last_number + 1;
    let members = || vec(member.clone(), 0..3);
    let said = prop_oneof![
        2 => policy().prop_map(Said::Create),
        2 => Just(Said::Knock),
        3 => member.clone().prop_map(Said::Door),
        3 => (member.clone(), 0..=model.seq() + 1).prop_map(|(seat, seq)| Said::Resume(seat, seq)),
        4 => (0_usize..3).prop_map(Said::Post),
        5 => (members(), members()).prop_map(|(admits, evicts)| Said::Commit(admits, evicts)),
        1 => (members(), members()).prop_map(|(admits, evicts)| Said::BlankCommit(admits, evicts)),
        4 => policy().prop_map(Said::Lock),
        3 => member.clone().prop_map(Said::HandOver),
        1 => Just(Said::Leave),
    ];
    let ending = prop_oneof![Just(Step::Purge), Just(Step::ShutDown)];
    let gone = select([model.hung_up_connections(), vec![fresh]].concat())
        .prop_map(|connection| Step::Vanish { connection });
    prop_oneof![
        60 => say(anyone.clone(), said),
        6 => gone,
        2 => say(anyone, Just(Said::Close)),
        1 => ending,
    ]
    .boxed()
}

fn say(
    from: impl Strategy<Value = u64> + 'static,
    said: impl Strategy<Value = Said> + 'static,
) -> BoxedStrategy<Step> {
    (from, said).prop_map(|(from, said)| Step::Say { from, said }).boxed()
}

/// The waits of the limits the suite runs under, and what lies just beside them.
fn wait() -> BoxedStrategy<Step> {
    select(vec![1, 2, 2, 2, 2, 9, 10, 10, 11, 20, 40])
        .prop_map(|ticks| Step::Wait { ticks })
        .boxed()
}

fn policy() -> impl Strategy<Value = Policy> {
    let moderation = prop_oneof![Just(Moderation::Host), Just(Moderation::Everyone)];
    let door = prop_oneof![8 => Just(DoorPolicy::Open), 1 => Just(DoorPolicy::Ask), 1 => Just(DoorPolicy::Locked)];
    (moderation, door).prop_map(|(moderation, door)| Policy { moderation, door })
}
