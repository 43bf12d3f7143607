//! Telling somebody who looks elsewhere that something came: that, and nothing of what or from whom.
//! Asked for by a press, for as long as the page is open, and kept nowhere.

use crate::{Effect, Gaze, Timestamp};

/// Time between two notifications: a conversation is one thing that happens, not many.
const BETWEEN_MILLIS: u64 = 30_000;

/// Whether the page tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Notify {
    /// Nobody asked it to.
    #[default]
    Off,
    /// The browser asks the person.
    Asked,
    /// It does.
    On,
    /// The person, or the browser in its name, does not let it.
    Denied,
    /// The browser cannot.
    Unable,
}

/// When the page tells.
#[derive(Debug, Default)]
pub struct Notifier {
    /// Whether it does.
    pub notify: Notify,
    last: Option<Timestamp>,
}

impl Notifier {
    /// Turned on, or off.
    pub(crate) fn turn(&mut self) -> Option<Effect> {
        match self.notify {
            Notify::Off | Notify::Denied => {
                self.notify = Notify::Asked;
                Some(Effect::AskToNotify)
            }
            Notify::On | Notify::Asked => {
                self.notify = Notify::Off;
                Some(Effect::CloseNotification)
            }
            Notify::Unable => None,
        }
    }

    /// The browser's answer. Whoever has turned it off meanwhile is not overruled.
    pub(crate) fn answered(&mut self, answer: Notify) {
        if self.notify != Notify::Off {
            self.notify = answer;
        }
    }

    /// One more thing was said.
    pub(crate) fn came(&mut self, gaze: Gaze, now: Timestamp) -> Option<Effect> {
        let is_soon = |last: Timestamp| now.0.saturating_sub(last.0) < BETWEEN_MILLIS;
        if (self.notify, gaze) != (Notify::On, Gaze::Away) || self.last.is_some_and(is_soon) {
            return None;
        }
        self.last = Some(now);
        Some(Effect::Notify)
    }

    /// Somebody looks.
    pub(crate) fn looked_back(&mut self) -> Option<Effect> {
        self.last.take().map(|_| Effect::CloseNotification)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on() -> Notifier {
        Notifier { notify: Notify::On, last: None }
    }

    #[test]
    fn it_is_asked_for_and_turned_off_again() {
        let mut notifier = Notifier::default();
        assert_eq!(notifier.turn(), Some(Effect::AskToNotify));
        notifier.answered(Notify::On);
        assert_eq!(notifier.notify, Notify::On);
        assert_eq!(notifier.turn(), Some(Effect::CloseNotification));
        notifier.answered(Notify::On);
        assert_eq!(notifier.notify, Notify::Off, "turned off before the answer came");
    }

    #[test]
    fn whoever_said_no_may_be_asked_again_and_a_browser_that_cannot_may_not() {
        let mut denied = Notifier { notify: Notify::Denied, last: None };
        assert_eq!(denied.turn(), Some(Effect::AskToNotify));
        let mut unable = Notifier { notify: Notify::Unable, last: None };
        assert_eq!(unable.turn(), None);
    }

    #[test]
    fn it_tells_while_nobody_looks_and_not_at_each_message() {
        let mut notifier = on();
        assert_eq!(notifier.came(Gaze::Here, Timestamp(0)), None);
        assert_eq!(notifier.came(Gaze::Away, Timestamp(0)), Some(Effect::Notify));
        assert_eq!(notifier.came(Gaze::Away, Timestamp(29_999)), None);
        assert_eq!(notifier.came(Gaze::Away, Timestamp(30_000)), Some(Effect::Notify));
        assert_eq!(notifier.looked_back(), Some(Effect::CloseNotification));
        assert_eq!(notifier.looked_back(), None);
        assert_eq!(notifier.came(Gaze::Away, Timestamp(30_001)), Some(Effect::Notify));
    }

    #[test]
    fn it_tells_nothing_unless_it_was_let() {
        for notify in [Notify::Off, Notify::Asked, Notify::Denied, Notify::Unable] {
            let mut notifier = Notifier { notify, last: None };
            assert_eq!(notifier.came(Gaze::Away, Timestamp(0)), None, "{notify:?}");
        }
    }
}
