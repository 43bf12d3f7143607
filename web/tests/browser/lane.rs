//! One direction of one connection over the line: what goes in at one end comes out at the other, in
//! order, as late and as slowly as the line is. Time is waited for here, as a network does it.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};

use crate::dice::Dice;
use crate::proxy::Line;

/// Read at once: a page's largest file in a few turns.
const CHUNK_BYTES: usize = 64 * 1024;

/// Read at once where bytes take their time: as much as a packet of the internet's carries.
const PACKET_BYTES: usize = 1_400;

/// What may be under way, beyond which the sender waits. In packets, 90 kB: what the queues of a slow
/// network hold.
const UNDER_WAY_MAX: usize = 64;

/// How slow a line is, in each direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pace {
    latency: Duration,
    bytes_per_second: u32,
}

impl Pace {
    /// 2G, as the Network Information API bounds it: 1,400 ms there and back, and 70 kbit/s (WICG,
    /// *effective connection types*).
    pub(crate) const SECOND_GENERATION: Self =
        Self { latency: Duration::from_millis(700), bytes_per_second: 8_750 };

    /// How long so many bytes take to be put on the line.
    fn takes(self, bytes: usize) -> Duration {
        Duration::from_secs_f64(bytes as f64 / f64::from(self.bytes_per_second))
    }
}

/// Bytes under way, and when they may arrive.
struct Packet {
    due: Instant,
    bytes: Vec<u8>,
}

/// The direction.
pub(crate) struct Lane {
    line: watch::Receiver<Line>,
    /// When what nobody answered is tried again.
    timer: Dice,
}

impl Lane {
    /// Over the line; its timer is another's than that of any other number.
    pub(crate) fn new(line: watch::Receiver<Line>, number: u64) -> Self {
        Self { line, timer: Dice::new(number) }
    }

    /// Carries until the sender has ended its side and all has arrived, or nobody takes it.
    pub(crate) async fn carry(
        mut self,
        from: &mut (impl AsyncRead + Unpin),
        to: &mut (impl AsyncWrite + Unpin),
        mut seen: impl FnMut(&[u8]) -> Vec<u8>,
    ) {
        let (under_way, mut arriving) = mpsc::channel::<Packet>(UNDER_WAY_MAX);
        let taken_in = take_in(from, self.line.clone(), under_way);
        let handed_out = async move {
            while let Some(Packet { due, bytes }) = arriving.recv().await {
                sleep_until(due).await;
                self.passes().await;
                if to.write_all(&seen(&bytes)).await.is_err() {
                    return;
                }
            }
            let _gone_already = to.shutdown().await;
        };
        tokio::join!(taken_in, handed_out);
    }

    /// Waits until the line passes. An error is a line that is gone: what has come may pass.
    async fn passes(&mut self) {
        loop {
            let before = *self.line.borrow_and_update();
            if before.passes() {
                return;
            }
            let begun = Instant::now();
            if self.line.wait_for(|line| line.passes()).await.is_err() || before != Line::Silent {
                return;
            }
            let again = begun.elapsed().mul_f64(self.timer.fraction());
            sleep_until(Instant::now() + again).await;
        }
    }
}

/// Takes in what the sender gives, no faster than the line is.
async fn take_in(
    from: &mut (impl AsyncRead + Unpin),
    line: watch::Receiver<Line>,
    under_way: mpsc::Sender<Packet>,
) {
    let mut free_at = Instant::now();
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let most = if line.borrow().pace().is_some() { PACKET_BYTES } else { CHUNK_BYTES };
        let Ok(count @ 1..) = from.read(&mut chunk[..most]).await else { return };
        let now = Instant::now();
        let pace = line.borrow().pace();
        let due = pace.map_or(now, |pace| {
            free_at = free_at.max(now) + pace.takes(count);
            free_at + pace.latency
        });
        let packet = Packet { due, bytes: chunk[..count].to_vec() };
        if under_way.send(packet).await.is_err() {
            return;
        }
    }
}

/// By a clock that is moved by hand.
mod tests {
    use tokio::io::{DuplexStream, duplex};
    use tokio::time::{advance, timeout};

    use super::*;

    /// More than any of these carries.
    const ROOM_BYTES: usize = 1 << 20;

    /// A line, and the two ends of a lane over it.
    fn lane(at_first: Line) -> (watch::Sender<Line>, DuplexStream, DuplexStream) {
        let line = watch::Sender::new(at_first);
        let (sender, mut from) = duplex(ROOM_BYTES);
        let (mut to, receiver) = duplex(ROOM_BYTES);
        let lane = Lane::new(line.subscribe(), 1);
        tokio::spawn(async move { lane.carry(&mut from, &mut to, <[u8]>::to_vec).await });
        (line, sender, receiver)
    }

    /// How long it takes until so many bytes have come, and what they are.
    async fn comes(receiver: &mut DuplexStream, bytes: usize) -> (Duration, Vec<u8>) {
        let begun = Instant::now();
        let mut came = vec![0; bytes];
        receiver.read_exact(&mut came).await.unwrap();
        (begun.elapsed(), came)
    }

    async fn nothing_comes(receiver: &mut DuplexStream, within: Duration) {
        let came = timeout(within, receiver.read_u8()).await;
        assert!(came.is_err(), "{came:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn over_a_slow_line_bytes_come_later_and_slower_and_whole() {
        let (line, mut sender, mut receiver) = lane(Line::Slow(Pace::SECOND_GENERATION));
        sender.write_all(&[7; 17_500]).await.unwrap();
        nothing_comes(&mut receiver, Duration::from_millis(700)).await;
        let (took, came) = comes(&mut receiver, 17_500).await;
        assert_eq!(came, [7; 17_500]);
        // The bytes of two seconds.
        assert_eq!(took.as_millis() / 50, 2_000 / 50);
        line.send_replace(Line::Up);
        sender.write_all(&[8; 17_500]).await.unwrap();
        let (took, _) = comes(&mut receiver, 17_500).await;
        assert!(took.is_zero(), "{took:?}");
        drop(sender);
        assert_eq!(receiver.read(&mut [0]).await.unwrap(), 0, "its end comes through");
    }

    #[tokio::test(start_paused = true)]
    async fn over_a_line_that_is_held_nothing_comes_until_it_is_up() {
        let (line, mut sender, mut receiver) = lane(Line::Held);
        sender.write_all(b"one").await.unwrap();
        nothing_comes(&mut receiver, Duration::from_secs(60)).await;
        line.send_replace(Line::Up);
        assert_eq!(comes(&mut receiver, 3).await, (Duration::ZERO, b"one".to_vec()));
    }

    #[tokio::test(start_paused = true)]
    async fn what_a_silent_line_swallowed_comes_in_order_by_a_timer_of_its_own() {
        let (line, mut sender, mut receiver) = lane(Line::Silent);
        sender.write_all(b"one ").await.unwrap();
        nothing_comes(&mut receiver, Duration::from_secs(8)).await;
        line.send_replace(Line::Up);
        sender.write_all(b"two").await.unwrap();
        let (again, came) = comes(&mut receiver, 7).await;
        assert_eq!(came, b"one two");
        assert!(!again.is_zero() && again <= Duration::from_secs(8), "{again:?}");
        advance(Duration::from_secs(60)).await;
        sender.write_all(b"three").await.unwrap();
        assert_eq!(comes(&mut receiver, 5).await, (Duration::ZERO, b"three".to_vec()));
    }
}
