//! Replies: what of a message stands above one, the button that begins one, and what the composer
//! says while one is written.

use leptos::prelude::*;
use sanctuary_client::markup::{Run, code_point, runs};
use sanctuary_client::room::{LineId, Msg, Quote, Quoted};

use super::super::icon::{Icon, icon};
use super::super::parts::name_or_you;
use super::{focus, press, read, send};
use crate::runtime::Runtime;
use crate::words::say;

/// The id of a line's element, by which it is brought into sight.
pub(super) fn line_id(line: LineId) -> String {
    format!("line-{}", line.0)
}

/// What of the message stands above a reply. A press leads to it.
pub(super) fn quote(runtime: Runtime, quote: &Quote) -> AnyView {
    view! { class="s",
        <button class="quote" type="button" on:click=press(runtime, Msg::PressedQuote(quote.line))>
            <span class="unseen">{say!("In reply to ")}</span>
            {name_or_you(&quote.from)}
            {excerpt(quote)}
        </button>
    }
    .into_any()
}

/// Stands above a reply to what this page does not have.
pub(super) fn quote_of_nothing() -> AnyView {
    view! { class="s",
        <p class="quote quote-of-nothing">{say!("In reply to a message that is not here")}</p>
    }
    .into_any()
}

/// The way to reply to a line: by the pointer. The keyboard's is in the composer, or there would be a
/// stop at each line.
pub(super) fn reply_button(runtime: Runtime, line: LineId) -> AnyView {
    view! { class="s",
        <button
            class="reply"
            type="button"
            tabindex="-1"
            aria-label=say!("Reply")
            title=say!("Reply")
            on:click=press(runtime, Msg::PressedReply(line))
        ></button>
    }
    .into_any()
}

/// Above the composer: what the draft replies to.
pub(super) fn replying(runtime: Runtime) -> impl IntoView {
    let replies_to = read(runtime, |room| room.replies_to());
    let drop = move |_| {
        send(runtime, Msg::DroppedReply);
        focus(super::composer::ID);
    };
    move || {
        replies_to.get().map(|quote| {
            view! { class="s",
                <div class="replying" role="status">
                    <p class="replying-to">
                        {say!("Reply to {0}", [name_or_you(&quote.from)])} {excerpt(&quote)}
                    </p>
                    <button
                        class="button button-icon"
                        type="button"
                        aria-label=say!("Do not reply")
                        title=say!("Do not reply")
                        on:click=drop
                    >
                        {icon(Icon::Close)}
                    </button>
                </div>
            }
            .into_any()
        })
    }
}

fn excerpt(quote: &Quote) -> AnyView {
    if quote.of == Quoted::Picture && quote.excerpt.is_empty() {
        return view! { class="s", <span class="excerpt">{say!("Picture")}</span> }.into_any();
    }
    let shown: String = runs(&quote.excerpt)
        .into_iter()
        .map(|run| match run {
            Run::Plain(text) => text.to_owned(),
            Run::Control(character) => code_point(character),
        })
        .collect();
    view! { class="s", <span class="excerpt" dir="auto">{shown}</span> }.into_any()
}
