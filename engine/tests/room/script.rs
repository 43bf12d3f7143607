//! Reads a script, plays it to a room, and compares what the room wants done, as text.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::time::{Duration, Instant};

use sanctuary_protocol::{
    ClientFrame, DoorPolicy, Entry, EntryKind, MemberId, Moderation, Opening, Policy, Presence,
    ResumeToken, Seq, ServerFrame, Text,
};

use sanctuary_engine::limits::RoomLimits;
use sanctuary_engine::room::{Command, ConnectionId, Effect, Room};

const KEY: [u8; 32] = [7; 32];

/// Member 1 by connection 1, and so on to 3: who were let in by one commit, entry 1.
pub(crate) const THREE: &str = "
    c1: create
    c2: knock
    c3: knock
    c1: commit +2 +3
    wait 1000
";

/// Plays `script` under the default limits.
pub(crate) fn check(script: &str) {
    check_with(RoomLimits::default(), script);
}

/// Plays `script` under `limits`, and hands back the room for more.
pub(crate) fn check_with(limits: RoomLimits, script: &str) -> (Room, Instant) {
    let now = Instant::now();
    let room = Room::new(limits, KEY, now);
    let mut stage = Stage { room, now, tokens: BTreeMap::new() };
    for line in lines(script) {
        let (said, expected) = match line.split_once("=>") {
            Some((said, expected)) => (said.trim(), Some(expected.trim())),
            None => (line.as_str(), None),
        };
        let effects = stage.play(said);
        stage.learn_tokens(&effects);
        let shown: Vec<String> = effects.iter().map(show_effect).collect();
        let shown = if shown.is_empty() { "nothing".to_owned() } else { shown.join(", ") };
        if let Some(expected) = expected {
            assert_eq!(shown, expected, "after `{said}`");
        }
    }
    (stage.room, stage.now)
}

/// A room, the time there, and the tokens its members were told.
struct Stage {
    room: Room,
    now: Instant,
    tokens: BTreeMap<MemberId, ResumeToken>,
}

impl Stage {
    fn play(&mut self, said: &str) -> Vec<Effect> {
        let words: Vec<&str> = said.split_whitespace().collect();
        let command = match words.as_slice() {
            ["wait", milliseconds] => {
                self.now += Duration::from_millis(milliseconds.parse().unwrap());
                Command::Elapse
            }
            ["gone", connection] => Command::Vanish { connection: connection_id(connection) },
            ["purge"] => Command::Purge,
            ["shut", "down"] => Command::ShutDown,
            ["notify"] => Command::Notify { text: Text::try_from("a word".to_owned()).unwrap() },
            ["shed", bytes] => Command::Shed { bytes: bytes.parse().unwrap() },
            [from, frame @ ..] => {
                let from = connection_id(from.strip_suffix(':').unwrap());
                Command::Receive { from, frame: self.read_frame(frame) }
            }
            [] => panic!("an empty command"),
        };
        self.room.handle(command, self.now)
    }

    /// A member nobody was ever told of goes by a token nobody was ever told.
    fn token(&self, member: MemberId) -> ResumeToken {
        self.tokens.get(&member).cloned().unwrap_or(ResumeToken::from_bytes([0; 16]))
    }

    /// A member is told one token each time, and no two are told the same.
    fn learn_tokens(&mut self, effects: &[Effect]) {
        for effect in effects {
            if let Effect::Send { frame: ServerFrame::Opened(opening), .. } = effect {
                let known = self.tokens.insert(opening.member, opening.token.clone());
                assert!(known.is_none_or(|token| token == opening.token));
                let holders = self.tokens.values().filter(|token| **token == opening.token);
                assert_eq!(holders.count(), 1);
            }
        }
    }

    fn read_frame(&self, words: &[&str]) -> ClientFrame {
        match words {
            ["create", rules @ ..] => ClientFrame::Create { policy: policy(rules) },
            ["knock"] => ClientFrame::Knock { blob: vec![1].try_into().unwrap() },
            ["door", member] => {
                ClientFrame::Door { member: member_id(member), blob: vec![2].try_into().unwrap() }
            }
            ["resume", member, "after", seq] => ClientFrame::Resume {
                token: self.token(member_id(member)),
                last_seq: Seq(seq.parse().unwrap()),
            },
            ["post", bytes] => {
                let ciphertext = vec![3; bytes.parse().unwrap()].try_into().unwrap();
                ClientFrame::Post { ciphertext }
            }
            ["commit", changes @ ..] => {
                let named = |sign: char| {
                    changes.iter().filter_map(|it| it.strip_prefix(sign)).map(member_id).collect()
                };
                let (admits, evicts): (Vec<_>, Vec<_>) = (named('+'), named('-'));
                let bytes = if changes.contains(&"blank") { 0 } else { 100 };
                ClientFrame::Commit {
                    ciphertext: vec![4; bytes].try_into().unwrap(),
                    admits: admits.try_into().unwrap(),
                    evicts: evicts.try_into().unwrap(),
                    welcome: vec![5].try_into().unwrap(),
                }
            }
            ["lock", rules @ ..] => ClientFrame::Lock(policy(rules)),
            ["hand", "over", to] => ClientFrame::HandOver { to: member_id(to) },
            ["close"] => ClientFrame::Close,
            ["leave"] => ClientFrame::Leave,
            _ => panic!("no such frame: {words:?}"),
        }
    }
}

fn lines(script: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match (line.strip_prefix(".."), lines.last_mut()) {
            (Some(rest), Some(last)) => last.push_str(rest),
            (Some(_), None) | (None, _) => lines.push(line.to_owned()),
        }
    }
    lines
}

fn connection_id(word: &str) -> ConnectionId {
    ConnectionId(word.strip_prefix('c').unwrap().parse().unwrap())
}

fn member_id(word: &str) -> MemberId {
    MemberId(word.parse().unwrap())
}

fn policy(words: &[&str]) -> Policy {
    let mut policy = Policy::default();
    for word in words {
        match *word {
            "everyone" => policy.moderation = Moderation::Everyone,
            "locked" => policy.door = DoorPolicy::Locked,
            "ask" => policy.door = DoorPolicy::Ask,
            _ => panic!("no such rule: {word}"),
        }
    }
    policy
}

fn show_effect(effect: &Effect) -> String {
    match effect {
        Effect::Send { to: ConnectionId(to), frame } => format!("c{to} {}", show_frame(frame)),
        Effect::Seat { connection: ConnectionId(connection) } => format!("seat c{connection}"),
        Effect::Broadcast(frame) => format!("all {}", show_frame(frame)),
        Effect::HangUp { connection: ConnectionId(connection), reason } => {
            format!("hang up c{connection} {}", word(reason))
        }
        Effect::End => "end".to_owned(),
    }
}

fn show_frame(frame: &ServerFrame) -> String {
    match frame {
        ServerFrame::Opened(opening) => show_opening(opening),
        ServerFrame::Knocked { member } => format!("knocked {}", member.0),
        ServerFrame::Knocking { member, .. } => format!("knocking {}", member.0),
        ServerFrame::Door { member, .. } => format!("door {}", member.0),
        ServerFrame::Welcome { .. } => "welcome".to_owned(),
        ServerFrame::Entry(entry) => show_entry(entry),
        ServerFrame::Refused { what, why } => format!("refused {} {}", word(what), word(why)),
        ServerFrame::Notice { .. } => "notice".to_owned(),
        ServerFrame::Closed { reason } => format!("closed {}", word(reason)),
        ServerFrame::Withdrawn { member } => format!("withdrawn {}", member.0),
    }
}

/// `opened 2@1 host 1 keeper 1 seats 1 2 3?`: member 2, after entry 1; a gone member is in doubt.
fn show_opening(opening: &Opening) -> String {
    let seat = |presence| match presence {
        Presence::Live => "",
        Presence::Gone => "?",
    };
    let seats: Vec<String> = opening
        .seats
        .iter()
        .map(|listed| format!("{}{}", listed.member.0, seat(listed.presence)))
        .collect();
    let (member, seq) = (opening.member.0, opening.seq.0);
    let (host, keeper) = (opening.host.0, opening.committer.0);
    format!("opened {member}@{seq} host {host} keeper {keeper} seats {}", seats.join(" "))
}

fn show_entry(entry: &Entry) -> String {
    let kind = match &entry.kind {
        EntryKind::Post { .. } => "post".to_owned(),
        EntryKind::Shed { .. } => "shed".to_owned(),
        EntryKind::Commit { admits, evicts, .. } => {
            let admits = admits.iter().map(|member| format!(" +{}", member.0));
            let evicts = evicts.iter().map(|member| format!(" -{}", member.0));
            format!("commit{}", admits.chain(evicts).collect::<String>())
        }
        EntryKind::Gone => "gone".to_owned(),
        EntryKind::Back => "back".to_owned(),
        EntryKind::Left => "left".to_owned(),
        EntryKind::Expired => "expired".to_owned(),
        EntryKind::Host { to } => format!("host {}", to.0),
        EntryKind::Committer => "committer".to_owned(),
        EntryKind::Policy(policy) => {
            format!("policy {} {}", word(&policy.moderation), word(&policy.door))
        }
    };
    format!("#{} {} {kind}", entry.seq.0, entry.from.0)
}

fn word(name: &impl Debug) -> String {
    format!("{name:?}").to_lowercase()
}
