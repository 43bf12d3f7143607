//! Small drawings beside words. Each is one path on a 24 by 24 grid, drawn as a line.

use leptos::prelude::*;

/// A small drawing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Icon {
    Bell,
    Close,
    Copy,
    Cover,
    Fold,
    Help,
    Host,
    Invite,
    Leave,
    Lock,
    People,
    Picture,
    Send,
    Shield,
    Veil,
    Warning,
    Whisper,
}

/// The drawing, for the eye alone: the words beside it say the same.
pub(super) fn icon(icon: Icon) -> impl IntoView {
    view! { class="s",
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=path(icon)></path>
        </svg>
    }
}

const fn path(icon: Icon) -> &'static str {
    match icon {
        Icon::Bell => "M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 20.5h4",
        Icon::Close => "M6 6l12 12M18 6L6 18",
        Icon::Copy => "M9 9h10v11H9zM15 9V4H5v11h4",
        Icon::Cover => {
            "M3 12s3.4-6 9-6c1.6 0 3 .5 4.2 1.2M21 12s-3.4 6-9 6c-1.6 0-3-.5-4.2-1.2M4 20L20 4"
        }
        Icon::Fold => "M7 10l5 5 5-5",
        Icon::Help => {
            "M9.2 9.3a2.9 2.9 0 1 1 4.3 2.5c-.9.5-1.5 1.1-1.5 2.2M12 17.2v.1\
             M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z"
        }
        Icon::Host => "M5 20V11a7 7 0 0 1 14 0v9M9 20v-8a3 3 0 0 1 6 0v8M3 20h18",
        Icon::Invite => {
            "M15 20c0-3.3-2.7-5-6-5s-6 1.7-6 5M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z\
             M18 8v6M15 11h6"
        }
        Icon::Leave => "M10 4H5v16h5M15 8l4 4-4 4M9 12h10",
        Icon::Lock => "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
        Icon::People => {
            "M15 20c0-3.3-2.7-5-6-5s-6 1.7-6 5M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z\
             M21 19c0-2.4-1.4-4-3.6-4.6M15.5 4.8a3.5 3.5 0 0 1 0 6.4"
        }
        Icon::Picture => "M4 5h16v14H4zM4 16l4.5-4.5 3.5 3.5 3-3 5 5M15.5 9.5h.1",
        Icon::Send => "M12 19V6M6 11.5L12 5.5l6 6",
        Icon::Shield => {
            "M12 3.5l7 2.5v5.5c0 4.3-2.9 7.5-7 9-4.1-1.5-7-4.7-7-9V6zM9 12l2.2 2.2L15.2 10"
        }
        Icon::Veil => "M12 4s6 6.3 6 10.3a6 6 0 0 1-12 0C6 10.3 12 4 12 4z",
        Icon::Warning => "M12 4L2.8 20h18.4zM12 10v4.5M12 17.2v.1",
        Icon::Whisper => "M4 5h16v11h-9l-4.5 3.5V16H4zM9 10.5h.1M12 10.5h.1M15 10.5h.1",
    }
}
