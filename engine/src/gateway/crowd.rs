//! How many connections each address has open. An address is kept as a keyed hash, and only while a
//! connection of it is open; the key changes whenever nobody is connected. Must not know what a
//! connection is for.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::tag::{Tag, TagKey};

/// The open connections of all addresses. Its table has no more rows than connections are open.
#[derive(Debug)]
pub(crate) struct Crowd {
    address_connections_max: usize,
    table: Mutex<Table>,
}

#[derive(Debug)]
struct Table {
    key: TagKey,
    open: BTreeMap<Tag, usize>,
}

/// The address has as many connections open as it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Crowded;

/// One open connection of an address, counted until dropped.
#[derive(Debug)]
pub(crate) struct Place {
    crowd: Arc<Crowd>,
    tag: Tag,
}

impl Crowd {
    pub(crate) fn new(address_connections_max: usize) -> Arc<Self> {
        let table = Mutex::new(Table { key: TagKey::new(), open: BTreeMap::new() });
        Arc::new(Self { address_connections_max, table })
    }

    /// How many addresses are counted.
    pub(crate) fn len(&self) -> usize {
        self.table().open.len()
    }

    /// Counts one more connection of `address`.
    pub(crate) fn enter(self: &Arc<Self>, address: IpAddr) -> Result<Place, Crowded> {
        let mut table = self.table();
        let tag = table.key.tag(address);
        let open = table.open.get(&tag).copied().unwrap_or_default();
        if open >= self.address_connections_max {
            return Err(Crowded);
        }
        table.open.insert(tag, open + 1);
        Ok(Place { crowd: self.clone(), tag })
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut table = self.crowd.table();
        if let Some(open) = table.open.get_mut(&self.tag) {
            *open -= 1;
            if *open == 0 {
                table.open.remove(&self.tag);
            }
        }
        // No place is left whose tag the old key made.
        if table.open.is_empty() {
            table.key = TagKey::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_has_so_many_places_and_others_have_their_own() {
        let crowd = Crowd::new(2);
        let first = crowd.enter(address("192.0.2.1")).unwrap();
        let _second = crowd.enter(address("::ffff:192.0.2.1")).unwrap();
        assert_eq!(crowd.enter(address("192.0.2.1")).err(), Some(Crowded));
        let _other = crowd.enter(address("192.0.2.2")).unwrap();
        drop(first);
        let _third = crowd.enter(address("192.0.2.1")).unwrap();
        assert_eq!(crowd.enter(address("192.0.2.1")).err(), Some(Crowded));
    }

    #[test]
    fn one_ipv6_network_is_one_address() {
        let crowd = Crowd::new(1);
        let _first = crowd.enter(address("2001:db8::1")).unwrap();
        assert_eq!(crowd.enter(address("2001:db8::2:3:4")).err(), Some(Crowded));
        assert!(crowd.enter(address("2001:db8:0:1::1")).is_ok());
    }

    #[test]
    fn nothing_is_kept_of_an_address_that_has_gone() {
        let crowd = Crowd::new(1);
        let before = crowd.table().key.tag(address("192.0.2.1"));
        let one = crowd.enter(address("192.0.2.1")).unwrap();
        let other = crowd.enter(address("192.0.2.2")).unwrap();
        drop(one);
        assert_eq!(crowd.table().open.len(), 1);
        assert!(!crowd.table().open.contains_key(&before));
        drop(other);
        assert!(crowd.table().open.is_empty());
        assert_ne!(crowd.table().key.tag(address("192.0.2.1")), before);
    }
}
