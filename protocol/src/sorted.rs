//! Maps and sets in sorted vectors, for who is in a room and what is known of each: few, and nearly
//! always told in their order. A B-tree would be the better machine for millions; each kind of one
//! is 3 to 5 KB of code in the page, ten times what a kind of these is. Must not know what it holds.

use std::fmt;

/// A map in the order of its keys.
#[derive(Clone, PartialEq, Eq)]
pub struct SortedMap<K, V> {
    entries: Vec<(K, V)>,
}

impl<K, V> SortedMap<K, V> {
    /// An empty map.
    pub const fn new() -> Self {
        Self { entries: Vec::new() }
    }

    /// How many entries there are.
    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Every entry, by rising keys.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> + Clone {
        self.entries.iter().map(|(key, value)| (key, value))
    }

    /// Every key, rising.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + Clone {
        self.entries.iter().map(|(key, _)| key)
    }

    /// Every value, by rising keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + Clone {
        self.entries.iter().map(|(_, value)| value)
    }

    /// Every value, by rising keys, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.entries.iter_mut().map(|(_, value)| value)
    }

    /// Keeps what `keeps` says.
    pub fn retain(&mut self, mut keeps: impl FnMut(&K, &V) -> bool) {
        self.entries.retain(|(key, value)| keeps(key, value));
    }

    /// Empties it.
    pub fn clear(&mut self) {
        self.entries.clear();
    }
}

impl<K: Ord, V> SortedMap<K, V> {
    /// Where the key is, or else would be.
    fn place(&self, key: &K) -> Result<usize, usize> {
        self.entries.binary_search_by(|(known, _)| known.cmp(key))
    }

    /// The key's value.
    pub fn get(&self, key: &K) -> Option<&V> {
        let place = self.place(key).ok()?;
        self.entries.get(place).map(|(_, value)| value)
    }

    /// The key's value, to be changed.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let place = self.place(key).ok()?;
        self.entries.get_mut(place).map(|(_, value)| value)
    }

    /// Whether the key has a value.
    pub fn contains_key(&self, key: &K) -> bool {
        self.place(key).is_ok()
    }

    /// Gives the key a value, and returns the one it had. What comes by rising keys is put at the
    /// end; anything else moves what is behind it.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.place(&key) {
            Ok(place) => {
                let known = self.entries.get_mut(place)?;
                Some(std::mem::replace(&mut known.1, value))
            }
            Err(place) => {
                self.entries.insert(place, (key, value));
                None
            }
        }
    }

    /// Takes the key and its value out.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        let place = self.place(key).ok()?;
        Some(self.entries.remove(place).1)
    }
}

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for SortedMap<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<K: Ord, V> Extend<(K, V)> for SortedMap<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for SortedMap<K, V> {
    /// Of a key that comes twice, the last value counts.
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::new();
        map.extend(entries);
        map
    }
}

impl<K: Ord, V, const N: usize> From<[(K, V); N]> for SortedMap<K, V> {
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl<K, V> IntoIterator for SortedMap<K, V> {
    type Item = (K, V);
    type IntoIter = std::vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

/// A set in its members' order.
#[derive(Clone, PartialEq, Eq)]
pub struct SortedSet<T> {
    members: SortedMap<T, ()>,
}

impl<T> SortedSet<T> {
    /// An empty set.
    pub const fn new() -> Self {
        Self { members: SortedMap::new() }
    }

    /// How many members there are.
    pub const fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Every member, rising.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + Clone {
        self.members.keys()
    }

    /// Keeps what `keeps` says.
    pub fn retain(&mut self, mut keeps: impl FnMut(&T) -> bool) {
        self.members.retain(|member, ()| keeps(member));
    }

    /// Empties it.
    pub fn clear(&mut self) {
        self.members.clear();
    }
}

impl<T: Ord> SortedSet<T> {
    /// Whether it has this member.
    pub fn contains(&self, member: &T) -> bool {
        self.members.contains_key(member)
    }

    /// Adds a member; false when it was there.
    pub fn insert(&mut self, member: T) -> bool {
        self.members.insert(member, ()).is_none()
    }

    /// Takes a member out; false when it was not there.
    pub fn remove(&mut self, member: &T) -> bool {
        self.members.remove(member).is_some()
    }

    /// Whether every member is one of `others`.
    pub fn is_subset(&self, others: &Self) -> bool {
        self.iter().all(|member| others.contains(member))
    }

    /// Whether no member is one of `others`.
    pub fn is_disjoint(&self, others: &Self) -> bool {
        !self.iter().any(|member| others.contains(member))
    }
}

impl<T> Default for SortedSet<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: fmt::Debug> fmt::Debug for SortedSet<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl<T: Ord> Extend<T> for SortedSet<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, members: I) {
        for member in members {
            self.insert(member);
        }
    }
}

impl<T: Ord> FromIterator<T> for SortedSet<T> {
    fn from_iter<I: IntoIterator<Item = T>>(members: I) -> Self {
        let mut set = Self::new();
        set.extend(members);
        set
    }
}

impl<T: Ord, const N: usize> From<[T; N]> for SortedSet<T> {
    fn from(members: [T; N]) -> Self {
        members.into_iter().collect()
    }
}

impl<T> IntoIterator for SortedSet<T> {
    type Item = T;
    type IntoIter = std::iter::Map<std::vec::IntoIter<(T, ())>, fn((T, ())) -> T>;

    fn into_iter(self) -> Self::IntoIter {
        self.members.into_iter().map(|(member, ())| member)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_is_in_the_order_of_its_keys_however_it_was_told() {
        let mut map = SortedMap::from([(3, 'c'), (1, 'a'), (2, 'x'), (2, 'b')]);
        assert!(map.iter().eq([(&1, &'a'), (&2, &'b'), (&3, &'c')]));
        assert_eq!((map.insert(2, 'y'), map.insert(0, 'z')), (Some('b'), None));
        assert_eq!((map.remove(&1), map.remove(&1)), (Some('a'), None));
        assert_eq!((map.get(&2), map.get(&1)), (Some(&'y'), None));
        assert!(map.keys().eq(&[0, 2, 3]) && map.keys().next_back() == Some(&3));
        map.get_mut(&3).into_iter().for_each(|value| *value = 'w');
        map.retain(|key, _| *key != 0);
        assert_eq!(format!("{map:?}"), "{2: 'y', 3: 'w'}");
    }

    #[test]
    fn a_set_holds_each_member_once() {
        let mut set = SortedSet::from([2, 1, 2]);
        assert!(set.iter().eq(&[1, 2]));
        assert!(!set.insert(1) && set.insert(0) && set.remove(&2) && !set.remove(&2));
        assert!(set.contains(&0) && !set.contains(&2));
        assert!(SortedSet::from([0]).is_subset(&set) && !SortedSet::from([0, 2]).is_subset(&set));
        assert!(
            SortedSet::from([2]).is_disjoint(&set) && !SortedSet::from([1, 2]).is_disjoint(&set)
        );
        assert!(set.into_iter().eq([0, 1]));
    }

    #[test]
    fn a_map_is_counted_changed_and_emptied() {
        let mut map = SortedMap::from([(1, 'a'), (2, 'b')]);
        assert_eq!((map.len(), map.is_empty()), (2, false));
        map.values_mut().for_each(|value| value.make_ascii_uppercase());
        assert!(map.values().eq(&['A', 'B']));
        map.clear();
        assert_eq!((map.len(), map.is_empty()), (0, true));
    }

    #[test]
    fn a_set_is_counted_thinned_and_emptied() {
        let mut set = SortedSet::from([1, 2, 3]);
        assert_eq!((set.len(), set.is_empty()), (3, false));
        set.retain(|member| *member != 2);
        assert!(set.iter().eq(&[1, 3]));
        set.clear();
        assert_eq!((set.len(), set.is_empty()), (0, true));
    }
}
