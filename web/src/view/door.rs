//! The mark: an archway with a door in it, and light behind the door. How far the door stands open
//! says how far somebody has come.

use leptos::prelude::*;

/// How far the door stands open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Pose {
    /// Shut, and dark behind.
    Dark,
    /// Shut, with light at its foot.
    #[default]
    Shut,
    /// Not quite shut.
    Ajar,
    /// Half open.
    Half,
    /// Wide open.
    Open,
}

impl Pose {
    const fn name(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Shut => "shut",
            Self::Ajar => "ajar",
            Self::Half => "half",
            Self::Open => "open",
        }
    }
}

/// The doorway, as a picture. The stylesheet moves the door from pose to pose.
pub(super) fn doorway(pose: impl Fn() -> Pose + Send + Sync + 'static) -> impl IntoView {
    view! { class="s",
        <svg
            class="doorway"
            data-pose=move || pose().name()
            viewBox="0 0 160 200"
            aria-hidden="true"
            focusable="false"
        >
            <path class="doorway-spill" d="M44 176H116L146 200H14Z"></path>
            <path class="doorway-inside" d="M44 176V80a36 36 0 0 1 72 0v96Z"></path>
            <path class="doorway-floor" d="M-2000 176H2160"></path>
            <g class="doorway-leaf">
                <path d="M44 176V80a36 36 0 0 1 72 0v96Z"></path>
                <circle cx="104" cy="116" r="3.5"></circle>
            </g>
            <path class="doorway-frame" d="M38 176V80a42 42 0 0 1 84 0v96"></path>
        </svg>
    }
}

/// The mark at the size of a letter.
pub(super) fn mark() -> impl IntoView {
    view! { class="s",
        <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <path class="mark-frame" d="M5 30V14a11 11 0 0 1 22 0v16Z"></path>
            <path class="mark-light" d="M16 30V9.2a6 6 0 0 1 6 6V30Z"></path>
        </svg>
    }
}
