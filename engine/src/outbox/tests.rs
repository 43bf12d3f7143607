//! What holds of an outbox, whoever fills and empties it.

use std::future::poll_fn;
use std::io;
use std::time::Duration;

use bytes::Bytes;

use super::*;
use crate::ledger::Ledger;

fn small() -> (Outbox, Delivery, Arc<Account>) {
    let account = Ledger::new(1_000).account();
    let bounds = OutboxBounds { frames_max: 3, bytes_max: 10 };
    let (outbox, delivery) = outbox(bounds, account.clone(), watch::Sender::new(false).subscribe());
    (outbox, delivery, account)
}

fn frame(bytes: usize) -> Encoded {
    Encoded::written(&vec![0; bytes])
}

fn delivered(bytes: usize) -> Delivered {
    Delivered::Frame(Bytes::from(vec![0; bytes]))
}

#[test]
fn a_bound_in_frames_or_bytes_passed_is_full() {
    for sizes in [&[1, 1, 1, 1][..], &[5, 6], &[11]] {
        let (outbox, _delivery, _) = small();
        let (last, before) = sizes.split_last().unwrap();
        before.iter().for_each(|size| outbox.push(frame(*size), Weight::Counted).unwrap());
        assert_eq!(outbox.push(frame(*last), Weight::Counted), Err(Full), "{sizes:?}");
    }
}

#[test]
fn what_a_seat_begins_with_counts_against_no_bound() {
    let (outbox, mut delivery, account) = small();
    (0..9).for_each(|_| outbox.push(frame(20), Weight::Uncounted).unwrap());
    (0..3).for_each(|_| outbox.push(frame(1), Weight::Counted).unwrap());
    assert_eq!(outbox.push(frame(1), Weight::Counted), Err(Full));
    assert_eq!((account.held(), outbox.waiting()), (183, 183));
    while delivery.try_next().is_some() {}
    assert_eq!(outbox.push(frame(10), Weight::Counted), Ok(()));
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_one_hung_up_on_does_not_wait_for_ever() {
    let (outbox, mut delivery, account) = small();
    outbox.push(frame(9), Weight::Counted).unwrap();
    outbox.hang_up(CloseReason::Kicked);
    tokio::time::advance(DRAIN_WAIT).await;
    assert_eq!(delivery.next().await, Delivered::Closed(CloseReason::Kicked));
    assert_eq!(account.held(), 0);
}

#[test]
fn what_waits_is_delivered_before_the_reason() {
    let (outbox, mut delivery, account) = small();
    outbox.push(frame(4), Weight::Counted).unwrap();
    outbox.hang_up(CloseReason::Purged);
    outbox.hang_up(CloseReason::Idle);
    outbox.push(frame(1), Weight::Counted).unwrap();
    assert_eq!(account.held(), 4);
    assert_eq!(delivery.try_next(), Some(delivered(4)));
    assert_eq!(delivery.try_next(), Some(Delivered::Closed(CloseReason::Purged)));
    assert_eq!(delivery.try_next(), Some(Delivered::Closed(CloseReason::Purged)));
    assert_eq!(account.held(), 0);
}

#[test]
fn the_too_slow_give_their_memory_back_at_once() {
    let (outbox, mut delivery, account) = small();
    outbox.push(frame(9), Weight::Counted).unwrap();
    outbox.hang_up(CloseReason::TooSlow);
    assert_eq!((account.held(), outbox.waiting()), (0, 0));
    assert_eq!(delivery.try_next(), Some(Delivered::Closed(CloseReason::TooSlow)));
}

#[test]
fn an_abandoned_outbox_holds_nothing() {
    let (outbox, delivery, account) = small();
    outbox.push(frame(3), Weight::Counted).unwrap();
    drop(delivery);
    outbox.push(frame(3), Weight::Counted).unwrap();
    assert!(outbox.is_hung_up());
    assert_eq!(account.held(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_wait_given_up_loses_nothing() {
    let (outbox, mut delivery, _) = small();
    assert!(tokio::time::timeout(Duration::from_secs(1), delivery.next()).await.is_err());
    outbox.push(frame(2), Weight::Counted).unwrap();
    assert_eq!(delivery.next().await, delivered(2));
}

#[tokio::test(start_paused = true)]
async fn the_idle_are_hung_up_on_when_their_time_is_over_and_not_before() {
    let account = Ledger::new(1_000).account();
    let bounds = OutboxBounds { frames_max: 3, bytes_max: 10 };
    let stopping = watch::Sender::new(false);
    let (outbox, mut delivery) = super::outbox(bounds, account, stopping.subscribe());
    let until = Instant::now() + Duration::from_secs(30);
    outbox.idle_until(Some(until));
    assert_eq!(delivery.next().await, Delivered::Closed(CloseReason::Idle));
    assert_eq!(Instant::now(), until);
}

/// A socket that takes so many bytes, and then nothing more.
#[derive(Debug)]
struct Socket {
    room: Mutex<usize>,
    taken: Mutex<Vec<u8>>,
}

impl Socket {
    fn with_room_for(bytes: usize) -> Arc<Self> {
        Arc::new(Self { room: Mutex::new(bytes), taken: Mutex::default() })
    }

    fn taken(&self) -> Vec<u8> {
        self.taken.lock().unwrap().clone()
    }
}

impl Outlet for Socket {
    fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        let mut room = self.room.lock().unwrap();
        let taken = bytes.len().min(*room);
        if taken == 0 {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        *room -= taken;
        self.taken.lock().unwrap().extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }
}

/// Frames that can be told from each other.
fn batch(sizes: &[usize]) -> Batch {
    let number = |(number, size): (usize, &usize)| Encoded::written(&vec![number as u8; *size]);
    Batch::of(sizes.iter().enumerate().map(number).collect())
}

/// Everything that waits, written to memory.
async fn rest(outbox: &Outbox, delivery: &Delivery) -> Vec<u8> {
    let mut written = Vec::new();
    while outbox.shared.queue().due() == Some(Due::Frames) {
        poll_fn(|context| delivery.poll_write(&mut written, context)).await.unwrap();
    }
    written
}

#[tokio::test]
async fn a_batch_is_written_at_once_as_far_as_the_socket_takes_it_and_the_rest_waits() {
    for room in 0..=6 {
        let (outbox, delivery, account) = small();
        let socket = Socket::with_room_for(room);
        delivery.write_through(socket.clone());
        outbox.deliver(&batch(&[1, 2, 3]), 0).unwrap();
        let whole = [0, 1, 1, 2, 2, 2];
        assert_eq!(socket.taken(), whole[..room]);
        // A frame that was begun waits whole.
        assert_eq!(account.held() == 0, room == 6);
        assert_eq!(rest(&outbox, &delivery).await, whole[room..]);
        assert_eq!((account.held(), outbox.waiting()), (0, 0));
    }
}

#[tokio::test]
async fn nothing_overtakes_what_waits() {
    let (outbox, delivery, _account) = small();
    let socket = Socket::with_room_for(9);
    delivery.write_through(socket.clone());
    outbox.push(Encoded::written(&[7]), Weight::Counted).unwrap();
    outbox.deliver(&batch(&[2, 2]), 1).unwrap();
    assert_eq!(socket.taken().len(), 0);
    assert_eq!(rest(&outbox, &delivery).await, [7, 1, 1]);
    outbox.deliver(&batch(&[1]), 0).unwrap();
    assert_eq!(socket.taken(), [0]);
}

#[tokio::test]
async fn a_batch_that_does_not_fit_is_full_and_the_frame_that_was_begun_is_finished() {
    let (outbox, delivery, account) = small();
    let socket = Socket::with_room_for(2);
    delivery.write_through(socket.clone());
    assert_eq!(outbox.deliver(&batch(&[4, 4, 4, 4]), 0), Err(Full));
    outbox.hang_up(CloseReason::TooSlow);
    assert_eq!(account.held(), 4);
    assert_eq!(rest(&outbox, &delivery).await, [0, 0]);
    assert_eq!(outbox.shared.queue().due(), Some(Due::Closed(CloseReason::TooSlow)));
}

#[tokio::test]
async fn a_carrier_that_is_no_more_keeps_no_socket() {
    let (outbox, delivery, account) = small();
    let socket = Socket::with_room_for(1);
    delivery.write_through(socket.clone());
    outbox.deliver(&batch(&[3]), 0).unwrap();
    drop(delivery);
    outbox.deliver(&batch(&[3]), 0).unwrap();
    assert_eq!((socket.taken().len(), account.held(), Arc::strong_count(&socket)), (1, 0, 1));
}

#[test]
fn what_a_carrier_says_is_bounded_as_all_else_is() {
    let (outbox, delivery, _account) = small();
    let aside = delivery.aside();
    (0..3).for_each(|_| aside.say(Encoded::ping()));
    assert!(!outbox.is_hung_up());
    aside.say(Encoded::ping());
    assert!(outbox.is_hung_up());
}

#[tokio::test]
async fn after_a_close_nothing_follows_but_the_end_of_what_was_begun() {
    let (outbox, delivery, account) = small();
    let socket = Socket::with_room_for(2);
    delivery.write_through(socket.clone());
    outbox.deliver(&batch(&[1, 3, 3]), 0).unwrap();
    delivery.abandon();
    outbox.deliver(&batch(&[1]), 0).unwrap();
    outbox.push(Encoded::ping(), Weight::Counted).unwrap();
    assert_eq!((socket.taken(), account.held()), (vec![0, 1], 3));
    let mut rest = Vec::new();
    while delivery.is_waiting() {
        poll_fn(|context| delivery.poll_write(&mut rest, context)).await.unwrap();
    }
    assert_eq!(rest, [1, 1]);
}

#[tokio::test]
async fn a_frame_that_was_begun_is_finished_even_where_it_does_not_fit() {
    let (outbox, delivery, account) = small();
    delivery.write_through(Socket::with_room_for(2));
    outbox.deliver(&batch(&[11]), 0).unwrap();
    outbox.hang_up(CloseReason::TooSlow);
    assert_eq!(account.held(), 11);
    assert_eq!(rest(&outbox, &delivery).await.len(), 9);
}

#[tokio::test(start_paused = true)]
async fn whoever_does_not_finish_what_was_begun_is_lost_in_time() {
    let (outbox, delivery, _account) = small();
    delivery.write_through(Socket::with_room_for(2));
    outbox.deliver(&batch(&[4]), 0).unwrap();
    outbox.hang_up(CloseReason::Kicked);
    assert_eq!(outbox.shared.queue().due(), Some(Due::Frames));
    tokio::time::advance(DRAIN_WAIT).await;
    assert_eq!(outbox.shared.queue().due(), Some(Due::Lost));
}
