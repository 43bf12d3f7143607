//! How often one address may connect. Addresses are kept as keyed hashes alone, under a key that is
//! random, in memory, and changed every few minutes: nothing here can be turned back into one. Must
//! not know what a connection is for.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::tag::{Tag, TagKey};
use crate::rates::{Rate, Spent, TokenBucket};

/// How long a key lives: long enough to see a flood, short enough to forget who was here.
const KEY_LIFE: Duration = Duration::from_secs(600);

/// Addresses counted at once, some 3 MB; past this the table starts anew.
const ADDRESSES_MAX: usize = 65_536;

/// The buckets of all addresses.
#[derive(Debug)]
pub(crate) struct Throttle {
    rate: Rate,
    table: Mutex<Table>,
}

#[derive(Debug)]
struct Table {
    key: TagKey,
    born: Instant,
    buckets: BTreeMap<Tag, TokenBucket>,
}

impl Throttle {
    pub(crate) fn new(rate: Rate, now: Instant) -> Self {
        Self { rate, table: Mutex::new(Table::new(now)) }
    }

    /// How many addresses are counted.
    pub(crate) fn len(&self) -> usize {
        self.table.lock().unwrap_or_else(PoisonError::into_inner).buckets.len()
    }

    /// Counts a connection from `address`.
    pub(crate) fn admit(&self, address: IpAddr, now: Instant) -> Result<(), Spent> {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        if now.saturating_duration_since(table.born) >= KEY_LIFE {
            *table = Table::new(now);
        }
        if table.buckets.len() >= ADDRESSES_MAX {
            table.buckets.retain(|_, bucket| !bucket.is_full(now));
            // Looking through a table that stays full would be a flood's work, done for it.
            if table.buckets.len() > ADDRESSES_MAX / 2 {
                table.buckets.clear();
            }
        }
        let tag = table.key.tag(address);
        let bucket = table.buckets.entry(tag).or_insert_with(|| TokenBucket::new(self.rate, now));
        bucket.take(1, now)
    }
}

impl Table {
    fn new(now: Instant) -> Self {
        Self { key: TagKey::new(), born: now, buckets: BTreeMap::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_out_of_tokens_waits_and_others_do_not() {
        let now = Instant::now();
        let throttle = Throttle::new(Rate { burst: 1, refill: Duration::from_secs(2) }, now);
        assert_eq!(throttle.admit(address("192.0.2.1"), now), Ok(()));
        let wait = Duration::from_secs(2);
        assert_eq!(throttle.admit(address("192.0.2.1"), now), Err(Spent { wait }));
        assert_eq!(throttle.admit(address("192.0.2.2"), now), Ok(()));
        assert_eq!(throttle.admit(address("192.0.2.1"), now + wait), Ok(()));
    }

    #[test]
    fn one_ipv6_network_is_one_address_and_a_mapped_one_is_ipv4() {
        let now = Instant::now();
        let throttle = Throttle::new(Rate { burst: 1, refill: Duration::from_secs(2) }, now);
        assert!(throttle.admit(address("2001:db8::1"), now).is_ok());
        assert!(throttle.admit(address("2001:db8::2:3:4"), now).is_err());
        assert!(throttle.admit(address("2001:db8:0:1::1"), now).is_ok());
        assert!(throttle.admit(address("192.0.2.1"), now).is_ok());
        assert!(throttle.admit(address("::ffff:192.0.2.1"), now).is_err());
    }

    #[test]
    fn the_key_changes_and_the_table_is_bounded() {
        let start = Instant::now();
        let throttle = Throttle::new(Rate { burst: 1, refill: KEY_LIFE * 10 }, start);
        assert!(throttle.admit(address("192.0.2.1"), start).is_ok());
        assert!(throttle.admit(address("192.0.2.1"), start + KEY_LIFE).is_ok());
        for low in 0..=u32::try_from(ADDRESSES_MAX).unwrap() {
            let _ = throttle.admit(IpAddr::from(low.to_be_bytes()), start + KEY_LIFE);
        }
        assert!(throttle.table.lock().unwrap().buckets.len() <= ADDRESSES_MAX);
    }
}
