//! The home screen: what this is, a name to go by, and a room to go to.

mod room_fields;

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use sanctuary_client::home::{Home, KeyChoice, Msg, Way};
use sanctuary_client::{Field, Model, Msg as PageMsg, Screen};
use sanctuary_protocol::{DoorPolicy, Moderation};

use super::door::{Pose, doorway};
use super::icon::{Icon, icon};
use super::parts::{Label, choice, described_by, field};
use crate::runtime::Runtime;
use crate::words::{say, tell};

/// What the form asks for: [`Way`], without the link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Errand {
    #[default]
    Start,
    Join,
    Invited,
}

impl Errand {
    fn of(way: &Way) -> Self {
        match way {
            Way::Start => Self::Start,
            Way::Join => Self::Join,
            Way::Invited(_) => Self::Invited,
        }
    }

    const fn pose(self) -> Pose {
        match self {
            Self::Start => Pose::Shut,
            Self::Join => Pose::Ajar,
            Self::Invited => Pose::Half,
        }
    }

    fn submit(self) -> &'static str {
        match self {
            Self::Start => say!("Start the room"),
            Self::Join => say!("Knock"),
            Self::Invited => say!("Go in"),
        }
    }
}

/// The screen.
pub(super) fn screen(runtime: Runtime) -> impl IntoView {
    let errand = read(runtime, |home| Errand::of(&home.way));
    view! { class="s",
        <div class="home">
            <header class="threshold">
                {doorway(move || errand.get().pose())}
                <div class="threshold-words">
                    <h1 class="wordmark">"Sanctuary"</h1>
                    <p class="tagline">{say!("A room to talk in that leaves nothing behind.")}</p>
                </div>
            </header>
            <main class="home-main">
                {form(runtime, errand)}
                {privacy()}
            </main>
        </div>
    }
}

fn form(runtime: Runtime, errand: Memo<Errand>) -> impl IntoView {
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        send(runtime, Msg::Submitted);
    };
    view! { class="s",
        <form class="form" name="home" autocomplete="off" novalidate on:submit=submit>
            {move || heading(runtime, errand.get())}
            {link_problem(runtime)}
            {alias(runtime)}
            {move || match errand.get() {
                Errand::Start => start(runtime).into_any(),
                Errand::Join => room_fields::known(runtime).into_any(),
                Errand::Invited => ().into_any(),
            }}
            <button class="button button-main button-wide" type="submit">
                {move || errand.get().submit()}
            </button>
            {move || (errand.get() == Errand::Invited).then(|| instead(runtime).into_any())}
        </form>
    }
}

fn heading(runtime: Runtime, errand: Errand) -> AnyView {
    match errand {
        Errand::Start | Errand::Join => ways(runtime).into_any(),
        Errand::Invited => view! { class="s",
            <div class="invited">
                <h2 class="title">{say!("You are invited to a room")}</h2>
                <p class="hint">
                    {say!(
                        "The link brought its key and password. Choose a name and knock: \
                         somebody inside lets you in."
                    )}
                </p>
            </div>
        }
        .into_any(),
    }
}

/// For an invitation that was not wanted.
fn instead(runtime: Runtime) -> impl IntoView {
    view! { class="s",
        <button
            class="button button-quiet"
            type="button"
            on:click=move |_| send(runtime, Msg::ChoseWay(Way::Start))
        >
            {say!("Start a room of your own instead")}
        </button>
    }
}

fn ways(runtime: Runtime) -> impl IntoView {
    let way = move |name, way: Way| {
        let own = Errand::of(&way);
        let chosen = read(runtime, move |home| Errand::of(&home.way) == own);
        choice("way", name, chosen, move || send(runtime, Msg::ChoseWay(way.clone())))
    };
    view! { class="s",
        <fieldset class="choices choices-tabs">
            <legend class="unseen">{say!("What would you like to do?")}</legend>
            {way(say!("Start a room"), Way::Start)}
            {way(say!("Join a room"), Way::Join)}
        </fieldset>
    }
}

fn link_problem(runtime: Runtime) -> impl IntoView {
    let problem = problem(runtime, None);
    view! { class="s",
        <p class="problem problem-form" role="alert">{move || problem.get()}</p>
    }
}

fn alias(runtime: Runtime) -> impl IntoView {
    let problem = problem(runtime, Some(Field::Alias));
    let value = read(runtime, |home| home.alias.clone());
    let label = Label {
        id: "alias",
        name: say!("Your name in the room"),
        hint: say!("Anything up to 32 characters. Only people in the room see it."),
    };
    let input = view! { class="s",
        <input
            class="input"
            id="alias"
            type="text"
            autocomplete="off"
            autocapitalize="words"
            spellcheck="false"
            enterkeyhint="go"
            autofocus
            data-1p-ignore="true"
            data-lpignore="true"
            data-bwignore="true"
            aria-describedby=described_by("alias")
            aria-invalid=move || (!problem.read().is_empty()).to_string()
            prop:value=move || value.get()
            on:input=move |event| send(runtime, Msg::TypedAlias(event_target_value(&event)))
        />
    };
    field(label, problem, input)
}

/// What a new room needs: a key, and who may put people out.
fn start(runtime: Runtime) -> impl IntoView {
    let is_own = read(runtime, |home| home.key == KeyChoice::Chosen);
    let hint = read(runtime, |home| match home.key {
        KeyChoice::Generated => say!("Nobody guesses it. You share it as a link."),
        KeyChoice::Words => say!("Nine words, for the telephone. Nobody guesses those either."),
        KeyChoice::Chosen => say!("Easier to say aloud, and easier to guess."),
    });
    let key_choice = move |name, own: KeyChoice| {
        let chosen = read(runtime, move |home| home.key == own);
        choice("key", name, chosen, move || send(runtime, Msg::ChoseKey(own)))
    };
    let moderation_choice = move |name, own: Moderation| {
        let chosen = read(runtime, move |home| home.moderation == own);
        choice("moderation", name, chosen, move || send(runtime, Msg::ChoseModeration(own)))
    };
    view! { class="s",
        <fieldset class="choices">
            <legend class="label">{say!("Room key and password")}</legend>
            {key_choice(say!("Drawn at random"), KeyChoice::Generated)}
            {key_choice(say!("Words to read aloud"), KeyChoice::Words)}
            {key_choice(say!("My own"), KeyChoice::Chosen)}
            <p class="hint">
                {move || hint.get()}
            </p>
        </fieldset>
        {move || is_own.get().then(|| room_fields::chosen(runtime).into_any())}
        <fieldset class="choices">
            <legend class="label">{say!("Who may remove people and end the room")}</legend>
            {moderation_choice(say!("Only me, its host"), Moderation::Host)}
            {moderation_choice(say!("Everybody in it"), Moderation::Everyone)}
        </fieldset>
        {more(runtime)}
    }
}

/// What few need to choose before the room is there, folded away.
fn more(runtime: Runtime) -> impl IntoView {
    let door_choice = move |name, own: DoorPolicy| {
        let chosen = read(runtime, move |home| home.door == own);
        choice("door", name, chosen, move || send(runtime, Msg::ChoseDoor(own)))
    };
    view! { class="s",
        <details class="more">
            <summary class="more-name">{say!("More")} {icon(Icon::Fold)}</summary>
            <fieldset class="choices">
                <legend class="label">{say!("Who may come in")}</legend>
                {door_choice(say!("Whoever has the link"), DoorPolicy::Open)}
                {door_choice(say!("Whom I let in by hand"), DoorPolicy::Ask)}
                <p class="hint">{say!("You can change this and lock the door later, from inside.")}</p>
            </fieldset>
        </details>
    }
}

fn privacy() -> impl IntoView {
    view! { class="s",
        <p class="privacy">
            {icon(Icon::Lock)}
            <span>
                <strong>{say!("End-to-end encrypted.")}</strong>
                {say!(
                    " The server sees only sealed messages; nothing is stored. \
                     A room name you choose can be guessed."
                )}
            </span>
        </p>
    }
}

/// What is wrong with that field; with none, what is wrong and belongs to no field.
fn problem(runtime: Runtime, field: Option<Field>) -> Memo<String> {
    read(runtime, move |home| {
        let problem = home.problem.as_ref().filter(|problem| problem.field() == field);
        problem.map(|problem| tell(&problem.sentence())).unwrap_or_default()
    })
}

fn send(runtime: Runtime, msg: Msg) {
    runtime.dispatch(PageMsg::Home(msg));
}

fn read<T>(runtime: Runtime, part: impl Fn(&Home) -> T + Send + Sync + 'static) -> Memo<T>
where
    T: Clone + Default + PartialEq + Send + Sync + 'static,
{
    runtime.read(move |Model { screen, .. }| match screen {
        Screen::Home(home) => part(home),
        Screen::Joining(_) | Screen::Room(_) | Screen::Ended(_) => T::default(),
    })
}
