//! What the library stores: one key package, while somebody waits for a welcome, and else nothing.
//! A group lives in the page that is in it.

use std::convert::Infallible;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use mls_rs::psk::{ExternalPskId, PreSharedKey};
use mls_rs::{GroupStateStorage, KeyPackageStorage, PreSharedKeyStorage};
use mls_rs_core::group::{EpochRecord, GroupState};
use mls_rs_core::key_package::KeyPackageData;
use zeroize::Zeroizing;

/// Stores nothing, and so finds nothing.
#[derive(Clone, Debug)]
pub(crate) struct Nothing;

impl GroupStateStorage for Nothing {
    type Error = Infallible;

    fn state(&self, _group: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>, Infallible> {
        Ok(None)
    }

    fn epoch(&self, _group: &[u8], _epoch: u64) -> Result<Option<Zeroizing<Vec<u8>>>, Infallible> {
        Ok(None)
    }

    fn write(
        &mut self,
        _state: GroupState,
        _inserts: Vec<EpochRecord>,
        _updates: Vec<EpochRecord>,
    ) -> Result<(), Infallible> {
        Ok(())
    }

    fn max_epoch_id(&self, _group: &[u8]) -> Result<Option<u64>, Infallible> {
        Ok(None)
    }
}

impl PreSharedKeyStorage for Nothing {
    type Error = Infallible;

    fn get(&self, _id: &ExternalPskId) -> Result<Option<PreSharedKey>, Infallible> {
        Ok(None)
    }
}

/// Holds the last key package made, and what opens a welcome to it. All copies share it.
#[derive(Clone, Default)]
pub(crate) struct OneKeyPackage {
    held: Arc<Mutex<Option<Held>>>,
}

struct Held {
    id: Vec<u8>,
    data: KeyPackageData,
}

impl OneKeyPackage {
    /// Deletes it.
    pub(crate) fn forget(&self) {
        self.replace(None);
    }

    fn replace(&self, with: Option<Held>) {
        // Whoever broke while holding it has left it whole: it is only ever replaced.
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = with;
    }

    fn find(&self, id: &[u8]) -> Option<KeyPackageData> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().filter(|held| held.id == id).map(|held| held.data.clone())
    }
}

impl KeyPackageStorage for OneKeyPackage {
    type Error = Infallible;

    fn delete(&mut self, id: &[u8]) -> Result<(), Infallible> {
        if self.find(id).is_some() {
            self.forget();
        }
        Ok(())
    }

    fn insert(&mut self, id: Vec<u8>, data: KeyPackageData) -> Result<(), Infallible> {
        self.replace(Some(Held { id, data }));
        Ok(())
    }

    fn get(&self, id: &[u8]) -> Result<Option<KeyPackageData>, Infallible> {
        Ok(self.find(id))
    }
}

impl fmt::Debug for OneKeyPackage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { held: _ } = self;
        f.debug_struct("OneKeyPackage").finish_non_exhaustive()
    }
}
