//! The loop of the page: what happened goes into the core, what the core wants is performed, and
//! the views hear of it. Knows no screen and no effect by name.

use std::collections::VecDeque;

use leptos::prelude::{
    GetValue as _, LocalStorage, Memo, Notify as _, RwSignal, StoredValue, UpdateUntracked as _,
    UpdateValue as _, With as _,
};
use sanctuary_client::{Effect, Model, Msg, Timestamp, update};

use crate::perform::Hands;
use crate::stack;

/// A handle on the page's model, to be copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Runtime {
    model: RwSignal<Model, LocalStorage>,
    /// What happened and has not been taken in. It drains before `dispatch` returns, and an effect
    /// adds one at most, so it needs no limit of its own.
    inbox: StoredValue<VecDeque<Msg>, LocalStorage>,
    turn: StoredValue<Turn, LocalStorage>,
    hands: StoredValue<Hands, LocalStorage>,
}

/// Whether a `dispatch` further up the stack is at work.
#[derive(Clone, Copy, PartialEq)]
enum Turn {
    Free,
    Taken,
}

impl Runtime {
    /// Starts with a model. To be called where the views are mounted, whose owner it shares.
    pub(crate) fn new(model: Model) -> Self {
        Self {
            model: RwSignal::new_local(model),
            inbox: StoredValue::new_local(VecDeque::new()),
            turn: StoredValue::new_local(Turn::Free),
            hands: StoredValue::new_local(Hands::new()),
        }
    }

    /// Takes in what happened, performs what follows from it, and returns once nothing is left to
    /// do. Called from within itself it queues, and the outer call sees to it.
    pub(crate) fn dispatch(self, msg: Msg) {
        self.inbox.update_value(|inbox| inbox.push_back(msg));
        if self.turn.get_value() == Turn::Taken {
            return;
        }
        self.turn.update_value(|turn| *turn = Turn::Taken);
        while let Some(msg) = self.inbox.try_update_value(VecDeque::pop_front).flatten() {
            for effect in self.take_in(msg) {
                self.hands.update_value(|hands| hands.perform(effect, self));
            }
        }
        self.turn.update_value(|turn| *turn = Turn::Free);
        stack::wipe();
    }

    /// The core's turn. The model is released, and the views told, before anything is performed.
    fn take_in(self, msg: Msg) -> Vec<Effect> {
        let step = |model: &mut Model| update(model, msg, now());
        let effects = self.model.try_update_untracked(step).unwrap_or_default();
        self.model.notify();
        effects
    }

    /// A view's part of the model. It is computed after each update, and tells those who read it
    /// only when it changed.
    pub(crate) fn read<T>(self, projection: impl Fn(&Model) -> T + Send + Sync + 'static) -> Memo<T>
    where
        T: Clone + PartialEq + Send + Sync + 'static,
    {
        self.read_boxed(Box::new(projection))
    }

    /// One memo for each type, and not one more for each projection, is a good deal to download.
    fn read_boxed<T>(self, projection: Box<dyn Fn(&Model) -> T + Send + Sync>) -> Memo<T>
    where
        T: PartialEq + Send + Sync + 'static,
    {
        Memo::new(move |_| self.model.with(&projection))
    }

    /// For an answer that arrives on its own: what asked for it is cleared away. Never from within
    /// an effect.
    pub(crate) fn with_hands(self, change: impl FnOnce(&mut Hands)) {
        self.hands.update_value(change);
    }
}

fn now() -> Timestamp {
    // The cast saturates: a clock before 1970 reads as 1970.
    Timestamp(js_sys::Date::now() as u64)
}
