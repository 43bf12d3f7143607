//! Parts that more than one screen uses: fields, choices, dialogs, names. They know no screen.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use sanctuary_client::room::{Person, Whose};
use sanctuary_crypto::uppercase;

use crate::words::say;

/// What is said of a field beside its label.
#[derive(Clone, Copy)]
pub(super) struct Label {
    /// The field's id.
    pub(super) id: &'static str,
    /// What it is for.
    pub(super) name: &'static str,
    /// What helps to fill it in.
    pub(super) hint: &'static str,
}

/// A labelled field. Its problem is tied to it, and read out when it comes up.
///
/// The `input` carries `aria-describedby`, which [`described_by`] writes.
pub(super) fn field(label: Label, problem: Memo<String>, input: impl IntoView) -> impl IntoView {
    let Label { id, name, hint } = label;
    view! { class="s",
        <div class="field" class:field-wrong=move || !problem.read().is_empty()>
            <label class="label" for=id>{name}</label>
            {input}
            <p class="problem" id=format!("{id}-problem") role="alert">{move || problem.get()}</p>
            <p class="hint" id=format!("{id}-hint")>{hint}</p>
        </div>
    }
}

/// The ids of what explains a field.
pub(super) fn described_by(id: &str) -> String {
    format!("{id}-problem {id}-hint")
}

/// One of a few, side by side.
pub(super) fn choice(
    group: &'static str,
    name: &'static str,
    chosen: Memo<bool>,
    choose: impl Fn() + 'static,
) -> impl IntoView {
    view! { class="s",
        <label class="choice">
            <input type="radio" name=group prop:checked=move || chosen.get() on:change=move |_| choose() />
            <span class="choice-name">{name}</span>
        </label>
    }
}

/// A person's name, in its colour and in its own direction.
pub(super) fn name(person: &Person) -> impl IntoView + use<> {
    view! { class="s",
        <bdi class=format!("name hue-{}", person.hue()) title=tag_in_words(person)>
            {plain_name(person)}
        </bdi>
    }
}

fn tag_in_words(person: &Person) -> Option<String> {
    person.tag.map(|tag| say!("Key tag {0}", tag.letters()))
}

/// The tag of a person's key, small beside its name.
pub(super) fn key_tag(person: &Person) -> impl IntoView + use<> {
    person.tag.map(|tag| {
        view! { class="s",
            <span class="key-tag">
                <span class="unseen">{say!("Key tag ")}</span>
                {tag.letters()}
            </span>
        }
        .into_any()
    })
}

/// A person's name, or `You`.
pub(super) fn name_or_you(person: &Person) -> AnyView {
    match person.whose {
        Whose::Own => {
            view! { class="s", <span class="name name-own">{say!("You")}</span> }.into_any()
        }
        Whose::Others => name(person).into_any(),
    }
}

/// A person's name as text.
pub(super) fn plain_name(person: &Person) -> String {
    match &person.alias {
        Some(alias) => alias.as_str().to_owned(),
        None => say!("Somebody (no. {0})", person.member.0),
    }
}

/// A tile with the first letter of a name.
pub(super) fn tile(person: &Person) -> impl IntoView {
    let letter = uppercase(&plain_name(person).chars().take(1).collect::<String>());
    view! { class="s",
        <span class=format!("tile hue-{}", person.hue()) aria-hidden="true">{letter}</span>
    }
}

/// Puts the keyboard's focus on a heading once it stands, so that it is read out.
pub(super) fn focus_when_shown(heading: NodeRef<leptos::html::H1>) {
    follow(move || {
        if let Some(heading) = heading.get() {
            let _unable = heading.focus();
        }
    });
}

/// What browsers report for a key that went to an input method.
const COMPOSING_KEY_CODE: u32 = 229;

/// Whether a key went to an input method.
pub(crate) fn composes(event: &KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == COMPOSING_KEY_CODE
}

/// Does something, and again whenever what it read has changed.
pub(super) fn follow(act: impl FnMut() + 'static) {
    follow_boxed(Box::new(act));
}

/// Effects of one type, for the same reason as [`listed`](super::listed).
fn follow_boxed(mut act: Box<dyn FnMut()>) {
    Effect::new(move |_| act());
}
