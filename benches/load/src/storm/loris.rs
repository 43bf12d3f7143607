//! Sockets that send a byte at a time, or stop in the middle, as slowly as they may: each is dropped
//! when its time is over, and not before; honest rooms do not notice, and memory does neither.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use sanctuary_protocol::{ClientFrame, Policy, PostBlob, SUBPROTOCOL, encode};

use super::honest::Honest;
use super::{Findings, Storm};
use crate::crowd::ReceiveBuffer;
use crate::dice::Dice;
use crate::frame::{self, Opcode};
use crate::handshake::Request;
use crate::house::House;
use crate::ledger::{Faults, Layout};
use crate::operator::Operator;
use crate::usage;

const HONEST: Layout = Layout { rooms: 20, members: 5, senders: 5 };
const PER_SECOND: u32 = 200;
const PAYLOAD_BYTES: usize = 256;

/// Of each kind.
const EACH: usize = 20;

/// Between two bytes, and between two looks.
const DRIP: Duration = Duration::from_millis(250);

/// What the server's closing may take beyond the bound: it waits two seconds for a close, and two for
/// an end; and a little for a machine that has other work.
const CLOSING: Duration = Duration::from_secs(6);

/// How long the honest talk with nobody else there.
const QUIET: Duration = Duration::from_secs(15);

/// Longer than any bound, and its closing.
const PATIENCE: Duration = Duration::from_secs(45);

/// What a request's head may have, and what a message has that is on its way.
const HELD_BYTES_MAX: u64 = (16 + 20) * 1024;

/// What somebody does slowly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Connects and says nothing.
    Silent,
    /// Sends a request's head, byte by byte.
    Head,
    /// Opens a WebSocket and asks for nothing.
    Idle,
    /// In a room of its own, sends a message byte by byte, its header first.
    Frame,
    /// In a room of its own, sends half of a message at once, and nothing more.
    Half,
}

const KINDS: [Kind; 5] = [Kind::Silent, Kind::Head, Kind::Idle, Kind::Frame, Kind::Half];

/// One of them.
struct Loris {
    kind: Kind,
    socket: TcpStream,
    /// What it drips, and how much of it is out.
    words: Vec<u8>,
    sent: usize,
    begun: Instant,
    lived: Option<Duration>,
}

impl Kind {
    /// How long the server puts up with it (docs/ARCHITECTURE.md, Bounds).
    fn bound(self) -> Duration {
        Duration::from_secs(match self {
            Self::Silent | Self::Head => 5,
            Self::Idle | Self::Frame | Self::Half => 30,
        })
    }
}

pub(super) fn pass(storm: &Storm, findings: &mut Findings) -> Result<()> {
    let house = House::open_apart(&storm.sanctuary, &[])?;
    println!("{house}");
    let mut operator = house.operator()?;
    let pace = (PER_SECOND, PAYLOAD_BYTES);
    let mut honest = Honest::gather(&house, HONEST, pace, |_| ReceiveBuffer::System)?;
    let quiet = honest.timed(QUIET)?;
    let before = unretained(&house, &mut operator)?;
    let mut dice = Dice::new(1);
    let mut all = Vec::new();
    for kind in KINDS {
        for _ in 0..EACH {
            all.push(Loris::begin(kind, &house, &mut dice)?);
        }
    }
    let begun = Instant::now();
    let mut most = before;
    honest.measure(PATIENCE);
    while all.iter().any(|it| it.lived.is_none()) && begun.elapsed() < PATIENCE {
        all.iter_mut().for_each(Loris::drip);
        honest.go_on(DRIP)?;
        most = most.max(unretained(&house, &mut operator)?);
    }
    let faults = honest.faults(0..HONEST.receivers())?;
    let stats = operator.stats()?;
    for kind in KINDS {
        let lives: Vec<Duration> =
            all.iter().filter(|it| it.kind == kind).filter_map(|it| it.lived).collect();
        let seconds = |lived: Option<&Duration>| lived.map_or(0.0, Duration::as_secs_f64);
        let (least, longest) = (seconds(lives.iter().min()), seconds(lives.iter().max()));
        println!("{kind:?}: {} of {EACH} dropped, after {least:.1} to {longest:.1} s", lives.len());
        let in_time = |lived: &Duration| (kind.bound()..kind.bound() + CLOSING).contains(lived);
        let what = format!("{kind:?}: dropped after {:?}, and not before", kind.bound());
        findings.expect(&what, lives.len() == EACH && lives.iter().all(in_time));
    }
    let noisy = honest.late()?;
    println!(
        "honest: half within {:.0} µs, 99 of 100 within {:.0} µs before; {:.0} and {:.0} µs \
         meanwhile; RSS less what rooms retain {} KiB before, {} at most; {:?}",
        quiet.half,
        quiet.most,
        noisy.half,
        noisy.most,
        before / 1024,
        most / 1024,
        stats.hung_up,
    );
    findings.expect("honest rooms lost nothing", faults == Faults::default());
    findings.expect("nobody honest was cut off", honest.talk.crowd.down() == 0);
    let held = all.len() as u64 * HELD_BYTES_MAX;
    let grew = most.saturating_sub(before);
    findings.expect("memory grew by no more than what each may have it hold", grew <= held);
    findings.expect("no part failed", stats.failures == 0);
    Ok(())
}

impl Loris {
    /// Connects, and does at once what is not slow.
    fn begin(kind: Kind, house: &House, dice: &mut Dice) -> Result<Self> {
        let address = house.server.address();
        let mut socket = TcpStream::connect(address)?;
        socket.set_nodelay(true)?;
        let (host, path) = (address.to_string(), format!("/room/{}", dice.room_id()));
        let subprotocol = Some(SUBPROTOCOL);
        let request = Request { host: &host, path: &path, subprotocol, forwarded: None }.written();
        let mut post = Vec::new();
        let ciphertext = PostBlob::try_from(vec![0x5a; 20 * 1024])?;
        frame::write_masked(
            &mut post,
            Opcode::Binary,
            &encode(&ClientFrame::Post { ciphertext }),
            [1, 2, 3, 4],
        );
        let words = match kind {
            Kind::Silent | Kind::Idle => Vec::new(),
            // It never ends.
            Kind::Head => request[..request.len() - 2].to_vec(),
            Kind::Frame => post,
            Kind::Half => post[..post.len() / 2].to_vec(),
        };
        match kind {
            Kind::Silent | Kind::Head => {}
            Kind::Idle => socket.write_all(&request)?,
            Kind::Frame | Kind::Half => {
                socket.write_all(&request)?;
                sit_down(&mut socket)?;
            }
        }
        socket.set_nonblocking(true)?;
        Ok(Self { kind, socket, words, sent: 0, begun: Instant::now(), lived: None })
    }

    /// One byte more, or all of half a message; and a look whether that was the end.
    fn drip(&mut self) {
        if self.lived.is_some() {
            return;
        }
        let next = match self.kind {
            Kind::Half => self.words.len(),
            Kind::Silent | Kind::Head | Kind::Idle | Kind::Frame => self.sent + 1,
        };
        let next = next.min(self.words.len());
        if let Some(words) = self.words.get(self.sent..next) {
            // What cannot be written any more is told of by the read.
            self.sent += self.socket.write(words).unwrap_or(0);
        }
        let mut heard = [0; 4096];
        loop {
            match self.socket.read(&mut heard) {
                // Pings and, at last, why it is over.
                Ok(read) if read > 0 => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Ok(_) | Err(_) => {
                    self.lived = Some(self.begun.elapsed());
                    return;
                }
            }
        }
    }
}

/// What the server has in memory beside the frames of those who talk meanwhile.
fn unretained(house: &House, operator: &mut Operator) -> Result<u64> {
    let rss = usage::status(house.server.process())?.rss;
    Ok(rss.saturating_sub(operator.stats()?.retained_bytes))
}

/// Starts a room, and waits to be in it.
fn sit_down(socket: &mut TcpStream) -> Result<()> {
    let mut create = Vec::new();
    let frame = encode(&ClientFrame::Create { policy: Policy::default() });
    frame::write_masked(&mut create, Opcode::Binary, &frame, [1, 2, 3, 4]);
    socket.write_all(&create)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    // The answer's head, and behind it the opening, which begins with its variant's number.
    let mut heard = Vec::new();
    let is_in = |heard: &[u8]| {
        let end = heard.windows(4).position(|window| window == b"\r\n\r\n");
        end.is_some_and(|end| heard.get(end + 4..).is_some_and(|rest| rest.len() > 2))
    };
    while !is_in(&heard) {
        let mut part = [0; 4096];
        let read = socket.read(&mut part)?;
        ensure!(read > 0, "it was not let in");
        heard.extend_from_slice(&part[..read]);
    }
    Ok(())
}
