//! `docs/PROTOCOL.md` and the wire types say the same: every hex example there decodes to a frame of
//! the kind its label names, encodes to the same bytes, and every sample below stands there. It must
//! not know what any frame is for.

#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use sanctuary_protocol::{
    ClientFrame, CloseReason, Digest, DoorPolicy, Entry, EntryKind, Few, Frame, Head, MemberId,
    Moderation, Opening, Policy, Presence, Refusal, ResumeToken, Seat, Seq, ServerFrame, Text,
    View, decode, encode,
};

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/PROTOCOL.md");

/// A fenced block of the document.
struct Example {
    label: String,
    bytes: Vec<u8>,
    line: usize,
}

#[test]
fn every_example_reads_back_to_the_frame_it_is_labelled_with() {
    let examples = examples();
    assert!(!examples.is_empty());
    for Example { label, bytes, line } in examples {
        let read = match label.split_once(' ') {
            Some(("client", _)) => read_back::<ClientFrame>(&bytes).map(|it| client_label(&it)),
            Some(("server", _)) => read_back::<ServerFrame>(&bytes).map(|it| server_label(&it)),
            Some(_) | None => None,
        };
        assert_eq!(read, Some(label), "docs/PROTOCOL.md:{line}");
    }
}

#[test]
fn every_sample_stands_in_the_document() {
    let documented = examples();
    let missing: Vec<String> = samples()
        .into_iter()
        .filter(|(label, bytes)| {
            !documented.iter().any(|example| example.label == *label && example.bytes == *bytes)
        })
        .map(|(label, bytes)| format!("```hex {label}\n{}```\n", in_lines(&bytes)))
        .collect();
    assert!(missing.is_empty(), "paste into docs/PROTOCOL.md:\n\n{}", missing.join("\n"));
}

/// The frame in `bytes`, if it encodes to the same bytes again.
fn read_back<F: Frame>(bytes: &[u8]) -> Option<F> {
    decode::<F>(bytes).ok().filter(|frame| encode(frame) == bytes)
}

fn examples() -> Vec<Example> {
    let document = std::fs::read_to_string(DOCUMENT).unwrap();
    let mut examples: Vec<Example> = Vec::new();
    let mut inside = false;
    for (at, line) in document.lines().enumerate() {
        if let Some(label) = line.strip_prefix("```hex ") {
            inside = true;
            examples.push(Example { label: label.to_owned(), bytes: Vec::new(), line: at + 1 });
        } else if line.starts_with("```") {
            inside = false;
        } else if inside && let Some(example) = examples.last_mut() {
            let digits = line.split_whitespace();
            example.bytes.extend(digits.map(|pair| u8::from_str_radix(pair, 16).unwrap()));
        }
    }
    examples
}

fn in_lines(bytes: &[u8]) -> String {
    let line = |bytes: &[u8]| {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ") + "\n"
    };
    bytes.chunks(16).map(line).collect()
}

fn client_label(frame: &ClientFrame) -> String {
    format!("client {:?}", frame.kind())
}

fn server_label(frame: &ServerFrame) -> String {
    let name = match frame {
        ServerFrame::Opened(_) => "Opened",
        ServerFrame::Knocked { .. } => "Knocked",
        ServerFrame::Knocking { .. } => "Knocking",
        ServerFrame::Door { .. } => "Door",
        ServerFrame::Welcome { .. } => "Welcome",
        ServerFrame::Entry(entry) => entry_name(&entry.kind),
        ServerFrame::Refused { .. } => "Refused",
        ServerFrame::Notice { .. } => "Notice",
        ServerFrame::Closed { .. } => "Closed",
        ServerFrame::Withdrawn { .. } => "Withdrawn",
    };
    format!("server {name}")
}

const fn entry_name(kind: &EntryKind) -> &'static str {
    match kind {
        EntryKind::Post { .. } => "Entry Post",
        EntryKind::Shed { .. } => "Entry Shed",
        EntryKind::Commit { .. } => "Entry Commit",
        EntryKind::Gone => "Entry Gone",
        EntryKind::Back => "Entry Back",
        EntryKind::Left => "Entry Left",
        EntryKind::Expired => "Entry Expired",
        EntryKind::Host { .. } => "Entry Host",
        EntryKind::Committer => "Entry Committer",
        EntryKind::Policy(_) => "Entry Policy",
    }
}

/// A frame of every kind, with its label.
fn samples() -> Vec<(String, Vec<u8>)> {
    let client = client_samples().into_iter().map(|frame| (client_label(&frame), encode(&frame)));
    let server = server_samples().into_iter().map(|frame| (server_label(&frame), encode(&frame)));
    client.chain(server).collect()
}

fn client_samples() -> Vec<ClientFrame> {
    let blob = |bytes: &[u8]| bytes.to_vec();
    vec![
        ClientFrame::Create { policy: Policy::default() },
        ClientFrame::Knock { blob: blob(b"knock").try_into().unwrap() },
        ClientFrame::Door { member: MemberId(2), blob: blob(b"door").try_into().unwrap() },
        ClientFrame::Resume { token: token(), last_seq: Seq(300) },
        ClientFrame::Post { ciphertext: blob(b"post").try_into().unwrap() },
        ClientFrame::Commit {
            ciphertext: blob(b"commit").try_into().unwrap(),
            admits: Few::try_from(vec![MemberId(2), MemberId(200)]).unwrap(),
            evicts: Few::none(),
            welcome: blob(b"welcome").try_into().unwrap(),
        },
        ClientFrame::Lock(Policy { moderation: Moderation::Everyone, door: DoorPolicy::Locked }),
        ClientFrame::HandOver { to: MemberId(2) },
        ClientFrame::Close,
        ClientFrame::Leave,
    ]
}

fn server_samples() -> Vec<ServerFrame> {
    let post = EntryKind::Post { ciphertext: b"post".to_vec().try_into().unwrap() };
    let commit = EntryKind::Commit {
        ciphertext: b"commit".to_vec().try_into().unwrap(),
        admits: Few::try_from(vec![MemberId(2)]).unwrap(),
        evicts: Few::try_from(vec![MemberId(3)]).unwrap(),
    };
    let mut frames = vec![
        ServerFrame::Opened(opening()),
        ServerFrame::Knocked { member: MemberId(2) },
        ServerFrame::Knocking { member: MemberId(2), blob: b"knock".to_vec().try_into().unwrap() },
        ServerFrame::Door { member: MemberId(1), blob: b"door".to_vec().try_into().unwrap() },
        ServerFrame::Welcome { ciphertext: b"welcome".to_vec().try_into().unwrap() },
        ServerFrame::Refused { what: ClientFrame::Close.kind(), why: Refusal::NotHost },
        ServerFrame::Notice { text: Text::try_from("Back at noon.".to_owned()).unwrap() },
        ServerFrame::Closed { reason: CloseReason::Purged },
        ServerFrame::Withdrawn { member: MemberId(2) },
    ];
    let shed = EntryKind::Shed { digest: Digest::of(b"post") };
    let others = [
        EntryKind::Gone,
        EntryKind::Back,
        EntryKind::Left,
        EntryKind::Expired,
        EntryKind::Host { to: MemberId(2) },
        EntryKind::Committer,
        EntryKind::Policy(Policy { moderation: Moderation::Host, door: DoorPolicy::Ask }),
    ];
    for kind in [post, shed, commit].into_iter().chain(others) {
        frames.push(ServerFrame::Entry(Entry { seq: Seq(300), from: MemberId(1), kind }));
    }
    frames
}

fn opening() -> Opening {
    Opening {
        member: MemberId(2),
        token: token(),
        seq: Seq(300),
        head: Head::from_digest(Digest::from_bytes([0xab; 32])),
        policy: Policy::default(),
        host: MemberId(1),
        committer: MemberId(1),
        seats: Few::try_from(vec![
            Seat { member: MemberId(1), presence: Presence::Live },
            Seat { member: MemberId(2), presence: Presence::Live },
        ])
        .unwrap(),
    }
}

/// Sixteen bytes that are easy to find in a dump.
fn token() -> ResumeToken {
    ResumeToken::from_bytes(std::array::from_fn(|at| u8::try_from(at).unwrap()))
}

#[test]
fn the_documented_heads_are_those_of_the_documented_entries() {
    let mut head = Head::START;
    for entry in &documented_entries()[..2] {
        head = head.after(entry);
        check_documented(&format!("the head after entry {}", entry.seq.0), head.as_bytes());
    }
}

#[test]
fn the_documented_view_is_that_of_the_documented_entries() {
    let (seq, head) = (Seq(0), Head::START);
    let mut view = View::from(&Opening { seq, head, ..opening() });
    for entry in documented_entries() {
        view.after(&entry);
    }
    // By hand, as the document says, so that an encoding that changes is noticed.
    let mut bytes = view.head.as_bytes().to_vec();
    bytes.extend([3, 0, 0, 0, 0, 0, 0, 0]);
    bytes.extend([[2, 0, 0, 0], [2, 0, 0, 0]].concat());
    bytes.extend([0, 0]);
    bytes.extend([[1, 0, 0, 0, 1], [2, 0, 0, 0, 0]].concat());
    check_documented("what is hashed", &bytes);
    assert_eq!(view.digest(), Digest::of(&bytes));
    check_documented("the view's digest", view.digest().as_bytes());
}

/// The entries of section 7, in order.
fn documented_entries() -> Vec<Entry> {
    let kinds = [
        EntryKind::Post { ciphertext: b"post".to_vec().try_into().unwrap() },
        EntryKind::Host { to: MemberId(2) },
        EntryKind::Gone,
    ];
    let entry = |(kind, seq)| Entry { seq: Seq(seq), from: MemberId(1), kind };
    kinds.into_iter().zip(1..).map(entry).collect()
}

/// The document holds `bytes` in hexadecimal digits, perhaps over several lines.
fn check_documented(what: &str, bytes: &[u8]) {
    let document = std::fs::read_to_string(DOCUMENT).unwrap();
    let unbroken: String = document.split_whitespace().collect();
    let written: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(unbroken.contains(&written), "{what} is {written}");
}
