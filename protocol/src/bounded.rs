//! Values with a bound that is checked before a byte is allocated for them: a sealed blob, a short
//! list, a short text. Knows nothing of what they carry.

use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;
use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use serde::{Serialize, Serializer};

use crate::Redacted;

/// A value was larger than the wire allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{actual} is over the limit of {limit}")]
pub struct OverBound {
    /// The bound, in bytes or items.
    pub limit: usize,
    /// What was offered, in the same unit.
    pub actual: usize,
}

fn within(actual: usize, limit: usize) -> Result<(), OverBound> {
    if actual > limit { Err(OverBound { limit, actual }) } else { Ok(()) }
}

/// At most `MAX` opaque bytes. Cloning shares them.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Blob<const MAX: usize>(Bytes);

impl<const MAX: usize> Blob<MAX> {
    /// The bytes.
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }

    /// How many bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<const MAX: usize> TryFrom<Vec<u8>> for Blob<MAX> {
    type Error = OverBound;

    /// # Errors
    /// When there are more than `MAX` bytes.
    fn try_from(bytes: Vec<u8>) -> Result<Self, OverBound> {
        within(bytes.len(), MAX)?;
        Ok(Self(bytes.into()))
    }
}

/// Its size alone: a sealed blob printed is a log line nobody should have.
impl<const MAX: usize> fmt::Debug for Blob<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Blob({} bytes)", self.0.len())
    }
}

impl<const MAX: usize> Serialize for Blob<MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Blob<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct BlobVisitor<const MAX: usize>;

        impl<const MAX: usize> Visitor<'_> for BlobVisitor<MAX> {
            type Value = Blob<MAX>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "at most {MAX} bytes")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Blob<MAX>, E> {
                within(bytes.len(), MAX).map_err(E::custom)?;
                Ok(Blob(Bytes::copy_from_slice(bytes)))
            }
        }

        deserializer.deserialize_bytes(BlobVisitor)
    }
}

/// At most `MAX` items.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Few<T, const MAX: usize>(Vec<T>);

impl<T, const MAX: usize> Few<T, MAX> {
    /// None at all.
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// The items.
    pub fn as_slice(&self) -> &[T] {
        &self.0
    }

    /// The items, one after the other.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T, const MAX: usize> TryFrom<Vec<T>> for Few<T, MAX> {
    type Error = OverBound;

    /// # Errors
    /// When there are more than `MAX` items.
    fn try_from(items: Vec<T>) -> Result<Self, OverBound> {
        within(items.len(), MAX)?;
        Ok(Self(items))
    }
}

impl<T: Serialize, const MAX: usize> Serialize for Few<T, MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>, const MAX: usize> Deserialize<'de> for Few<T, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FewVisitor<T, const MAX: usize>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>, const MAX: usize> Visitor<'de> for FewVisitor<T, MAX> {
            type Value = Few<T, MAX>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "at most {MAX} items")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Few<T, MAX>, A::Error> {
                within(seq.size_hint().unwrap_or(0), MAX).map_err(A::Error::custom)?;
                // No capacity from the peer's claim: it grows with what really arrives.
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    within(items.len() + 1, MAX).map_err(A::Error::custom)?;
                    items.push(item);
                }
                Ok(Few(items))
            }
        }

        deserializer.deserialize_seq(FewVisitor(PhantomData))
    }
}

/// At most `MAX` bytes of UTF-8.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<const MAX: usize>(String);

impl<const MAX: usize> fmt::Debug for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Text").field(&Redacted).finish()
    }
}

impl<const MAX: usize> Text<MAX> {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> TryFrom<String> for Text<MAX> {
    type Error = OverBound;

    /// # Errors
    /// When the text takes more than `MAX` bytes.
    fn try_from(text: String) -> Result<Self, OverBound> {
        within(text.len(), MAX)?;
        Ok(Self(text))
    }
}

impl<const MAX: usize> Serialize for Text<MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Text<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor<const MAX: usize>;

        impl<const MAX: usize> Visitor<'_> for TextVisitor<MAX> {
            type Value = Text<MAX>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "at most {MAX} bytes of text")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Text<MAX>, E> {
                within(text.len(), MAX).map_err(E::custom)?;
                Ok(Text(text.to_owned()))
            }
        }

        deserializer.deserialize_str(TextVisitor)
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use serde::de::DeserializeOwned;

    use super::*;

    /// What is just within its bound travels; what is one over does not arrive, and something of
    /// another kind is told what was expected.
    fn check<T>(within: &T, over: &impl Serialize, expected: &str)
    where
        T: Serialize + DeserializeOwned + Debug + PartialEq,
    {
        let sent = postcard::to_allocvec(within).unwrap();
        assert_eq!(postcard::from_bytes::<T>(&sent).as_ref(), Ok(within));
        assert!(postcard::from_bytes::<T>(&postcard::to_allocvec(over).unwrap()).is_err());
        let why = serde_json::from_str::<T>("true").unwrap_err().to_string();
        assert!(why.contains(expected), "{why}");
    }

    #[test]
    fn a_blob_holds_so_many_bytes_and_prints_how_many() {
        let blob = Blob::<4>::try_from(vec![7; 4]).unwrap();
        assert_eq!(Blob::<4>::try_from(vec![7; 5]), Err(OverBound { limit: 4, actual: 5 }));
        assert_eq!((blob.as_slice(), blob.len(), blob.is_empty()), (&[7; 4][..], 4, false));
        assert!(Blob::<4>::try_from(vec![]).unwrap().is_empty());
        assert_eq!(format!("{blob:?}"), "Blob(4 bytes)");
        check(&blob, &Blob::<5>::try_from(vec![7; 5]).unwrap(), "at most 4 bytes");
    }

    #[test]
    fn a_list_holds_so_many_items() {
        let few = Few::<u8, 2>::try_from(vec![1, 2]).unwrap();
        assert_eq!(Few::<u8, 2>::try_from(vec![1; 3]), Err(OverBound { limit: 2, actual: 3 }));
        assert_eq!((few.as_slice(), few.iter().count(), few.is_empty()), (&[1, 2][..], 2, false));
        assert!(Few::<u8, 2>::none().is_empty());
        check(&few, &vec![1_u8; 3], "at most 2 items");
        // Where nobody says how many will come, they are counted as they do.
        let read = |list: &str| serde_json::from_str::<Few<u8, 2>>(list).ok();
        assert_eq!((read("[1, 2]"), read("[1, 2, 3]")), (Some(few), None));
    }

    #[test]
    fn a_text_holds_so_many_bytes_and_prints_none() {
        let text = Text::<4>::try_from("öö".to_owned()).unwrap();
        let over = "ööö".to_owned();
        assert_eq!(Text::<4>::try_from(over.clone()), Err(OverBound { limit: 4, actual: 6 }));
        assert_eq!(text.as_str(), "öö");
        assert_eq!(format!("{text:?}"), "Text(…)");
        check(&text, &over, "at most 4 bytes of text");
    }
}
