//! The home screen: a name to go by, and a room to go to, be it new, known by its key and password,
//! or named by the link that opened the page.

use sanctuary_crypto::{
    ALIAS_CHARS_MAX, Alias, InvalidAlias, InvalidLink, InvalidRoomName, InvalidSecret, Link,
    ROOM_NAME_CHARS_MAX, RoomName, SECRET_CHARS_MAX, Secret, Strength, strength,
};
use sanctuary_protocol::{DoorPolicy, Moderation, Policy, Redacted};
use sanctuary_words::{Phrase, Sentence, phrase};
use zeroize::Zeroizing;

use crate::joining::{Intent, Joining};
use crate::update::{Context, Next};
use crate::{Effect, Field, Invitation, Screen};

/// The home screen.
#[derive(derive_more::Debug, Default)]
pub struct Home {
    /// The name to go by, as typed.
    #[debug("{Redacted}")]
    pub alias: String,
    /// What the person is about to do.
    pub way: Way,
    /// For a new room: how its key comes about.
    pub key: KeyChoice,
    /// The room's key, as typed.
    #[debug("{Redacted}")]
    pub room: String,
    /// The room's password, as typed.
    #[debug("{Redacted}")]
    pub secret: Zeroizing<String>,
    /// For a new room: who may kick and purge.
    pub moderation: Moderation,
    /// For a new room: who may come in.
    pub door: DoorPolicy,
    /// Why the last press led nowhere.
    pub problem: Option<Problem>,
}

/// What the person is about to do.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Way {
    /// Start a room.
    #[default]
    Start,
    /// Join a room by its key and password.
    Join,
    /// Join the room of the link that opened the page.
    Invited(Link),
}

/// How a new room's key comes about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyChoice {
    /// Drawn at random: nobody guesses it.
    #[default]
    Generated,
    /// Drawn at random, in words to be read aloud.
    Words,
    /// Chosen by the person, and as weak as that.
    Chosen,
}

/// What is wrong with the form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.sentence())]
pub enum Problem {
    /// With the name.
    Alias(#[from] InvalidAlias),
    /// With the room's key.
    RoomName(#[from] InvalidRoomName),
    /// With the password.
    Secret(#[from] InvalidSecret),
    /// With the link that opened the page.
    Link(#[from] InvalidLink),
}

impl Problem {
    /// What is said of it.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Alias(InvalidAlias::Empty) => {
                phrase!("A name needs at least one character.").into()
            }
            Self::Alias(InvalidAlias::TooLong) => {
                at_most(phrase!("A name has at most {0} characters."), ALIAS_CHARS_MAX)
            }
            Self::Alias(InvalidAlias::Unseen) => {
                phrase!("A name is made of visible characters.").into()
            }
            Self::RoomName(why) | Self::Link(InvalidLink::Room(why)) => of_room_name(*why),
            Self::Secret(why) | Self::Link(InvalidLink::Secret(why)) => of_secret(*why),
            Self::Link(InvalidLink::Shape) => phrase!(
                "An invitation ends in the room\u{2019}s name and its password, with one dot \
                 between them."
            )
            .into(),
            Self::Link(InvalidLink::Garbled) => {
                phrase!("A part of this invitation was lost on the way.").into()
            }
        }
    }

    /// The field to mend, if there is one on the screen.
    pub fn field(&self) -> Option<Field> {
        match self {
            Self::Alias(_) => Some(Field::Alias),
            Self::RoomName(_) => Some(Field::RoomName),
            Self::Secret(_) => Some(Field::Secret),
            Self::Link(_) => None,
        }
    }
}

fn of_room_name(why: InvalidRoomName) -> Sentence {
    match why {
        InvalidRoomName::Empty => {
            phrase!("A room\u{2019}s name needs at least one character.").into()
        }
        InvalidRoomName::TooLong => {
            let phrase = phrase!("A room\u{2019}s name has at most {0} characters.");
            at_most(phrase, ROOM_NAME_CHARS_MAX)
        }
        InvalidRoomName::Control => {
            phrase!("A room\u{2019}s name holds no control characters.").into()
        }
    }
}

fn of_secret(why: InvalidSecret) -> Sentence {
    match why {
        InvalidSecret::Empty => phrase!("A password needs at least one character.").into(),
        InvalidSecret::TooLong => {
            at_most(phrase!("A password has at most {0} characters."), SECRET_CHARS_MAX)
        }
        InvalidSecret::Control => phrase!("A password holds no control characters.").into(),
    }
}

fn at_most(phrase: Phrase, most: usize) -> Sentence {
    Sentence::with(phrase, [most.to_string()])
}

/// What happened on the home screen.
#[derive(Clone, derive_more::Debug, PartialEq)]
pub enum Msg {
    /// The name changed.
    TypedAlias(#[debug("{Redacted}")] String),
    /// The room's key changed. A whole link pasted here is taken as one.
    TypedRoomName(#[debug("{Redacted}")] String),
    /// The password changed.
    TypedSecret(#[debug("{Redacted}")] Zeroizing<String>),
    /// Start or join.
    ChoseWay(Way),
    /// Generated or chosen.
    ChoseKey(KeyChoice),
    /// Host or everyone.
    ChoseModeration(Moderation),
    /// Who may come in.
    ChoseDoor(DoorPolicy),
    /// Go in.
    Submitted,
}

impl Home {
    /// The screen as the page opens it.
    pub fn open(fragment: &str) -> Self {
        let mut home = Self::default();
        home.read(fragment);
        home
    }

    /// The form that leads to where `invitation` leads, for somebody who filled in none.
    pub(crate) fn invited(invitation: &Invitation) -> Self {
        Self {
            alias: invitation.alias.as_str().to_owned(),
            way: Way::Invited(invitation.link.clone()),
            moderation: invitation.policy.moderation,
            door: invitation.policy.door,
            ..Self::default()
        }
    }

    /// The form with room and password laid open, to be mended by hand.
    pub(crate) fn with_key(self, link: &Link) -> Self {
        Self {
            way: Way::Join,
            room: link.room.as_str().to_owned(),
            secret: Zeroizing::new(link.secret.expose().to_owned()),
            ..self
        }
    }

    /// How good the password of a room to be started is, where a person chose one.
    pub fn strength(&self) -> Option<Strength> {
        let chosen = self.way == Way::Start && self.key == KeyChoice::Chosen;
        let secret = Secret::new(&self.secret).ok().filter(|_| chosen)?;
        Some(strength(&secret))
    }

    /// An invitation was opened in this page.
    pub(crate) fn invite(&mut self, fragment: &str, context: &mut Context<'_>) -> Next {
        self.read(fragment);
        context.perform(Effect::EraseAddress);
        context.perform(Effect::Focus(Field::Alias));
        None
    }

    fn read(&mut self, fragment: &str) {
        if fragment.trim_start_matches('#').is_empty() {
            return;
        }
        match Link::parse(fragment) {
            Ok(link) => (self.way, self.problem) = (Way::Invited(link), None),
            Err(invalid) => self.problem = Some(invalid.into()),
        }
    }

    pub(crate) fn update(&mut self, msg: Msg, context: &mut Context<'_>) -> Next {
        match msg {
            Msg::TypedAlias(alias) => self.alias = alias,
            Msg::TypedRoomName(room) => self.type_room_name(room),
            Msg::TypedSecret(secret) => self.secret = secret,
            Msg::ChoseWay(way) => self.way = way,
            Msg::ChoseKey(key) => self.key = key,
            Msg::ChoseModeration(moderation) => self.moderation = moderation,
            Msg::ChoseDoor(door) => self.door = door,
            Msg::Submitted => return self.submit(context),
        }
        self.problem = None;
        None
    }

    fn type_room_name(&mut self, room: String) {
        // A room's key holds no `#` of its own that a whole link would not explain better.
        match Link::parse(&room).ok().filter(|_| room.contains('#')) {
            Some(link) => (self.way, self.room) = (Way::Invited(link), String::new()),
            None => self.room = room,
        }
    }

    fn submit(&mut self, context: &mut Context<'_>) -> Next {
        match self.invitation() {
            Ok((invitation, intent)) => {
                let form = std::mem::take(self);
                Some(Screen::Joining(Box::new(Joining::begin(form, invitation, intent, context))))
            }
            Err(problem) => {
                if let Some(field) = problem.field() {
                    context.perform(Effect::Focus(field));
                }
                self.problem = Some(problem);
                None
            }
        }
    }

    fn invitation(&self) -> Result<(Invitation, Intent), Problem> {
        let alias = Alias::new(&self.alias)?;
        let typed = || -> Result<Link, Problem> {
            Ok(Link { room: RoomName::heard(&self.room)?, secret: Secret::heard(&self.secret)? })
        };
        let (link, intent) = match (&self.way, self.key) {
            (Way::Start, KeyChoice::Generated) => (Link::generate(), Intent::Create),
            (Way::Start, KeyChoice::Words) => (Link::generate_words(), Intent::Create),
            (Way::Start, KeyChoice::Chosen) => (typed()?, Intent::Create),
            (Way::Join, _) => (typed()?, Intent::Knock),
            (Way::Invited(link), _) => (link.clone(), Intent::Knock),
        };
        let policy = Policy { moderation: self.moderation, door: self.door };
        Ok((Invitation { link, alias, policy, stretched: None }, intent))
    }
}
