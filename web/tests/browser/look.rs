//! What a window looks like: its size, how fine its pixels are, and what a person likes screens to be.
//! Written as the developer tools ask for it.

use serde_json::{Value, json};

/// Pixels up to which a window is a phone's.
const PHONE_WIDTH_MAX: u32 = 600;

/// The size of a window, and what it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// The screen's own points to a pixel of the page's, along each side.
    pub(crate) scale: u32,
    pub(crate) scheme: Scheme,
    pub(crate) contrast: Contrast,
}

/// What a person likes their screen to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Light,
    Dark,
}

/// How far apart a person needs things to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contrast {
    /// As they come.
    Ordinary,
    /// Further than most.
    More,
    /// The system has chosen all colours, and the page has no say.
    Forced,
}

impl Look {
    /// A window on a desk.
    pub(crate) const DESK: Self = Self {
        width: 1280,
        height: 800,
        scale: 1,
        scheme: Scheme::Light,
        contrast: Contrast::Ordinary,
    };

    /// The phone of most people.
    pub(crate) const PHONE: Self = Self { width: 390, height: 844, ..Self::DESK };

    /// For `Emulation.setDeviceMetricsOverride`.
    pub(crate) fn metrics(self) -> Value {
        json!({
            "width": self.width,
            "height": self.height,
            "deviceScaleFactor": self.scale,
            // A phone's scroll bars take no room.
            "mobile": self.width < PHONE_WIDTH_MAX,
        })
    }

    /// For `Emulation.setEmulatedMedia`. What an empty value is written for is as it would be.
    pub(crate) fn media(self) -> Value {
        let scheme = match self.scheme {
            Scheme::Light => "light",
            Scheme::Dark => "dark",
        };
        let (contrast, forced) = match self.contrast {
            Contrast::Ordinary => ("", ""),
            Contrast::More => ("more", ""),
            Contrast::Forced => ("", "active"),
        };
        json!({ "features": [
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
            { "name": "prefers-contrast", "value": contrast },
            { "name": "forced-colors", "value": forced },
        ] })
    }
}
