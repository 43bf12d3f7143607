//! What can be typed: commands, from the table the parser reads; formatting; keys.

use leptos::prelude::*;
use sanctuary_client::command::{ESCAPE, VERBS};
use sanctuary_words::{Phrase, phrase};

use super::dialogs::{close, dialog};
use crate::runtime::Runtime;
use crate::words::{self, say};

/// What is typed for formatting, and what it does.
const FORMATTING: [(&str, Phrase); 8] = [
    ("**strong**", phrase!("bold")),
    ("*emphasis*", phrase!("italic")),
    ("~~gone~~", phrase!("struck through")),
    ("`code`", phrase!("as it is typed")),
    ("```", phrase!("begins and ends a listing, on lines of its own")),
    ("> words", phrase!("a quote")),
    ("<u> <mark> <kbd> <sub> <ul> <h3> \u{2026}", phrase!("HTML\u{2019}s formatting tags")),
    ("https://\u{2026}", phrase!("a link, which asks before it opens")),
];

/// Keys, and what they do.
const KEYS: [(&str, Phrase); 11] = [
    ("Enter", phrase!("Send.")),
    ("Shift + Enter", phrase!("Begin a line.")),
    ("Ctrl + B, I, E", phrase!("Bold, italic, as it is typed.")),
    ("Ctrl + Shift + X", phrase!("Struck through.")),
    ("Ctrl + Shift + V", phrase!("Paste without formatting.")),
    ("Tab", phrase!("Take the first completion; the arrows choose another.")),
    ("\u{2191}, \u{2193}", phrase!("In an empty field: bring back what you sent.")),
    ("Alt + \u{2191}, Alt + \u{2193}", phrase!("Choose a message to reply to.")),
    ("?", phrase!("Where nothing is being written: show this.")),
    ("Esc", phrase!("Fold the completions away; close what is open.")),
    ("Esc, Esc", phrase!("Cover tracks: leave at once for an empty page.")),
];

/// The dialog.
pub(super) fn help(runtime: Runtime) -> AnyView {
    let commands = VERBS.iter().map(|verb| (verb.usage, verb.does));
    let commands = commands.chain([(ESCAPE.usage, ESCAPE.does)]);
    let body = view! { class="s",
        <h3 class="help-title">{say!("Commands")}</h3>
        {table(say!("Commands"), commands)}
        <h3 class="help-title">{say!("Formatting")}</h3>
        {table(say!("Formatting"), FORMATTING.into_iter())}
        <h3 class="help-title">{say!("Keys")}</h3>
        {table(say!("Keys"), KEYS.into_iter())}
    }
    .into_any();
    dialog(
        runtime,
        "dialog dialog-wide",
        say!("What can be typed").into_any(),
        body,
        close(runtime),
    )
}

fn table(
    caption: &'static str,
    rows: impl Iterator<Item = (&'static str, Phrase)>,
) -> impl IntoView {
    let row = |(typed, does)| {
        view! { class="s",
            <tr>
                <th scope="row"><code dir="ltr">{breakable(typed)}</code></th>
                <td>{words::spoken(does)}</td>
            </tr>
        }
    };
    view! { class="s",
        <table class="help-table">
            <caption class="unseen">{caption}</caption>
            <tbody>{rows.map(row).collect::<Vec<_>>()}</tbody>
        </table>
    }
}

/// What is typed, to be broken between alternatives rather than within a word.
fn breakable(typed: &'static str) -> impl IntoView {
    let parts = typed.split_inclusive('|').map(|part| view! { class="s", {part} <wbr /> });
    parts.collect::<Vec<_>>()
}
