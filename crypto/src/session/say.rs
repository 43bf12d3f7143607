//! Saying something: to everybody, to one, or nothing at all. All three look alike from outside: the
//! same frame, the same few sizes.
//!
//! | application data      | bytes                    |
//! |-----------------------|--------------------------|
//! | claim                 | 48                       |
//! | body                  | kind, length, what is said |
//! | padding               | to the bucket            |

use sanctuary_protocol::{Digest, MemberId, PostBlob};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::Session;
use crate::group::Unmade;
use crate::label::{label, length_prefixed};
use crate::padding::{Buckets, MARK, pad};
use crate::transcript::{CLAIM_BYTES, Claim};
use crate::unsettled::Saying;
use crate::{Recollection, SealError, Ticket};

/// What is sealed comes in these sizes, in bytes.
const POSTS: Buckets = Buckets::new(256, 16 * 1024);

/// A whisper's kind, its encapsulated key, the length of the rest, the tag and the mark.
const WHISPER_BYTES: usize = 1 + KEM_BYTES + 2 + 16 + 1;

/// An encapsulated X25519 key (RFC 9180 §7.1).
const KEM_BYTES: usize = 32;

/// Bytes of what is said at once: what the largest bucket holds of a whisper, which has the longest
/// header, so that nothing can be said aloud that could not be whispered.
pub const PLAINTEXT_BYTES_MAX: usize = POSTS.content_bytes_max() - CLAIM_BYTES - WHISPER_BYTES;

/// What a post holds after its claim.
#[derive(Serialize, Deserialize)]
pub(super) enum Body<'a> {
    /// Nothing.
    Heartbeat,
    /// For everybody.
    Said(#[serde(borrow)] &'a [u8]),
    /// For whoever can open it.
    Whisper {
        kem: [u8; KEM_BYTES],
        #[serde(borrow)]
        sealed: &'a [u8],
    },
    /// What its author saw of the order at a place, in an earlier stay or in this one.
    Recalled(Recollection),
}

/// What goes out.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outgoing {
    /// To be sent, in this order.
    pub posts: Vec<PostBlob>,
    /// Cannot be said any more: whom it was for has gone.
    pub undeliverable: Vec<Ticket>,
}

impl Session {
    /// Says something to everybody, when it is [`outgoing`](Self::outgoing).
    ///
    /// # Errors
    /// When it is longer than [`PLAINTEXT_BYTES_MAX`].
    pub fn post(&mut self, plaintext: &[u8]) -> Result<Ticket, SealError> {
        check_length(plaintext)?;
        Ok(self.unsettled.push(Saying::Said(Zeroizing::new(plaintext.to_vec()))))
    }

    /// Says something to one member. It is sealed to that member's own key: the others see that
    /// this member whispers, and neither what nor to whom.
    ///
    /// # Errors
    /// When it is longer than [`PLAINTEXT_BYTES_MAX`], or nobody is there to hear it.
    pub fn whisper(&mut self, to: MemberId, plaintext: &[u8]) -> Result<Ticket, SealError> {
        check_length(plaintext)?;
        if !self.roster.contains_key(&to) || to == self.me {
            return Err(SealError::NoSuchMember);
        }
        let text = Zeroizing::new(plaintext.to_vec());
        Ok(self.unsettled.push(Saying::Whisper { to, text }))
    }

    /// Vouches for the order, saying nothing. What waits to be said does that as well.
    pub fn heartbeat(&mut self) -> Option<Ticket> {
        (self.unsettled.len() == 0).then(|| self.unsettled.push(Saying::Heartbeat))
    }

    /// Things said that are not settled.
    pub fn unsettled_len(&self) -> usize {
        self.unsettled.len()
    }

    /// The oldest of them.
    pub fn oldest_unsettled(&self) -> Option<Ticket> {
        self.unsettled.oldest()
    }

    /// Takes something said back, as far as it has not arrived.
    pub fn forget(&mut self, ticket: Ticket) {
        self.unsettled.forget(ticket);
    }

    /// Seals whatever is said and not out. Call it while the connection stands and everything that
    /// came has been taken in: what is given out counts as sent.
    pub fn outgoing(&mut self) -> Outgoing {
        let mut outgoing = Outgoing::default();
        if !self.is_vouched() {
            return outgoing;
        }
        while let Some((saying, counter)) = self.unsettled.next() {
            let content = self.content(saying, self.transcript.claim(counter));
            let sealed = content.and_then(|content| self.group.seal(&content));
            match sealed.ok().and_then(|sealed| PostBlob::try_from(sealed).ok()) {
                Some(post) => {
                    self.unsettled.seal(Digest::of(post.as_slice()), counter);
                    outgoing.posts.push(post);
                }
                None => outgoing.undeliverable.extend(self.unsettled.give_up_next()),
            }
        }
        outgoing
    }

    fn content(&self, saying: &Saying, claim: Claim) -> Result<Zeroizing<Vec<u8>>, Unmade> {
        match saying {
            Saying::Heartbeat => padded(&claim, &Body::Heartbeat),
            Saying::Recalled(seen) => padded(&claim, &Body::Recalled(*seen)),
            Saying::Said(text) => padded(&claim, &Body::Said(text)),
            Saying::Whisper { to, text } => {
                // Filled up to the bucket: within one, all whispers are as long.
                let bucket =
                    POSTS.holding(CLAIM_BYTES + WHISPER_BYTES + text.len()).ok_or(Unmade)?;
                // Less the padding's mark outside; the mark inside is counted with the whisper.
                let mut inner = Zeroizing::new(vec![0; bucket - CLAIM_BYTES - WHISPER_BYTES]);
                inner.get_mut(..text.len()).ok_or(Unmade)?.copy_from_slice(text);
                pad(&mut inner, text.len());
                let around = self.around_whisper(self.me, claim.counter);
                let (kem, sealed) = self.group.whisper(*to, &around, &inner)?;
                let kem = kem.try_into().map_err(|_| Unmade)?;
                padded(&claim, &Body::Whisper { kem, sealed: &sealed })
            }
        }
    }

    /// What a whisper is bound to.
    pub(super) fn around_whisper(&self, from: MemberId, counter: u64) -> Vec<u8> {
        length_prefixed(&[label!("whisper"), &from.0.to_le_bytes(), &counter.to_le_bytes()])
    }

    /// A whisper's text, when it is for this member.
    pub(super) fn open_whisper(
        &self,
        from: MemberId,
        counter: u64,
        kem: &[u8; KEM_BYTES],
        sealed: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        let around = self.around_whisper(from, counter);
        let mut text = self.group.hear_whisper(&around, kem, sealed)?;
        let mark = text.iter().rposition(|byte| *byte != 0)?;
        if text[mark] != MARK {
            return None;
        }
        text.truncate(mark);
        Some(text)
    }
}

/// What a post's application data holds; `None` unless it is padded as ours are.
pub(super) fn read(content: &[u8]) -> Option<(Claim, Body<'_>)> {
    let content = &content[..POSTS.content_bytes(content)?];
    let (claim, body) = content.split_first_chunk::<CLAIM_BYTES>()?;
    Some((Claim::from_bytes(claim), crate::seal::decode(body)?))
}

pub(super) fn padded(claim: &Claim, body: &Body<'_>) -> Result<Zeroizing<Vec<u8>>, Unmade> {
    let body_bytes = postcard::experimental::serialized_size(body).map_err(|_| Unmade)?;
    let content_bytes = CLAIM_BYTES + body_bytes;
    let bucket_bytes = POSTS.holding(content_bytes).ok_or(Unmade)?;
    let mut bucket = Zeroizing::new(vec![0; bucket_bytes]);
    bucket[..CLAIM_BYTES].copy_from_slice(&claim.to_bytes());
    postcard::to_slice(body, &mut bucket[CLAIM_BYTES..]).map_err(|_| Unmade)?;
    pad(&mut bucket, content_bytes);
    Ok(bucket)
}

fn check_length(plaintext: &[u8]) -> Result<(), SealError> {
    let (limit, actual) = (PLAINTEXT_BYTES_MAX, plaintext.len());
    if actual > limit { Err(SealError::TooLong { limit, actual }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{ADA, BOB, Table};

    #[test]
    fn a_whisper_fills_its_bucket_whatever_it_says() {
        let table = Table::of(2);
        let ada = &table.sessions[&ADA];
        for text_bytes in [0, 1, 155, 156, PLAINTEXT_BYTES_MAX] {
            let text = Zeroizing::new(vec![7; text_bytes]);
            let claim = ada.transcript.claim(1);
            let content = ada.content(&Saying::Whisper { to: BOB, text }, claim).unwrap();
            assert_eq!(content.last(), Some(&MARK), "{text_bytes}");
        }
        let text = Zeroizing::new(vec![7; PLAINTEXT_BYTES_MAX + 1]);
        let longer = Saying::Whisper { to: BOB, text };
        assert!(ada.content(&longer, ada.transcript.claim(1)).is_err(), "no bucket holds it");
    }
}
