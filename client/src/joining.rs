//! On the way in: stretch the secret, reach the server, start the room or knock, be let in. Every
//! way this can stop has a step of its own, with what can be done about it.

mod offers;
mod refusal;
mod socket;
mod step;

use sanctuary_crypto::{CannotCreate, DoorStep, Newcomer};
use sanctuary_protocol::{
    ClientFrame, DoorBlob, MemberId, Opening, ServerFrame, WelcomeBlob, decode,
};

use offers::Offers;
pub use step::{Failure, Intent, Step};

use crate::heard::Heard;
use crate::home::Home;
use crate::room::{Arrival, Keepsake, Room};
use crate::update::{Context, Next};
use crate::{Effect, Epoch, Invitation, Msg as PageMsg, Screen};

/// Times it knocks again by itself because others came in first: a rush at the door is over sooner.
const KNOCKS_MAX: u32 = 8;

/// On the way in.
#[derive(Debug)]
pub struct Joining {
    /// Where to, and as whom.
    pub invitation: Invitation,
    /// To start the room, or to be let in.
    pub intent: Intent,
    /// How far it has come.
    pub step: Step,
    /// What was filled in on the home screen, to go back to.
    form: Home,
    /// What is brought along from a seat that was lost.
    keepsake: Keepsake,
    /// The question whose answers count.
    epoch: Epoch,
    tries: u32,
    knocks: u32,
    offers: Offers,
    newcomer: Option<Newcomer>,
    me: Option<MemberId>,
    opening: Option<Opening>,
    heard: Heard,
}

/// What a person did on the way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Msg {
    /// Start the room in which nobody is.
    PressedStart,
    /// Once more.
    PressedTryAgain,
    /// Back to the home screen.
    PressedBack,
}

impl Joining {
    /// From the home screen.
    pub(crate) fn begin(
        form: Home,
        invitation: Invitation,
        intent: Intent,
        context: &mut Context<'_>,
    ) -> Self {
        let (keepsake, offers) = (Keepsake::default(), Offers::default());
        Self::on_the_way(form, invitation, intent, keepsake, offers, context)
    }

    /// For somebody who was inside.
    pub(crate) fn come_back(
        invitation: Invitation,
        keepsake: Keepsake,
        context: &mut Context<'_>,
    ) -> Self {
        let form = Home::invited(&invitation);
        let offers = Offers::by_itself(keepsake.offers_taken);
        Self::on_the_way(form, invitation, Intent::Knock, keepsake, offers, context)
    }

    fn on_the_way(
        form: Home,
        invitation: Invitation,
        intent: Intent,
        keepsake: Keepsake,
        offers: Offers,
        context: &mut Context<'_>,
    ) -> Self {
        context.perform(Effect::EraseAddress);
        let mut joining = Self {
            invitation,
            intent,
            step: Step::Deriving,
            form,
            keepsake,
            epoch: Epoch::default(),
            tries: 0,
            knocks: 0,
            offers,
            newcomer: None,
            me: None,
            opening: None,
            heard: Heard::default(),
        };
        joining.start(context);
        joining
    }

    fn start(&mut self, context: &mut Context<'_>) {
        self.tries = 0;
        self.knocks = 0;
        match self.invitation.stretched {
            Some(_) => self.connect(context),
            None => {
                self.step = Step::Deriving;
                self.epoch = context.next_epoch();
                let link = self.invitation.link.clone();
                context.perform(Effect::Derive { epoch: self.epoch, link });
            }
        }
    }

    pub(crate) fn update(&mut self, msg: PageMsg, context: &mut Context<'_>) -> Next {
        match msg {
            PageMsg::Joining(msg) => self.pressed(msg, context),
            PageMsg::Derived { epoch, stretched } if epoch == self.epoch => {
                self.invitation.stretched = Some(stretched);
                self.connect(context);
                None
            }
            PageMsg::SocketOpened { epoch } if epoch == self.epoch => self.ask(context),
            PageMsg::SocketReceived { epoch, bytes } if epoch == self.epoch => {
                match decode(&bytes) {
                    Ok(frame) => self.receive(frame, context),
                    Err(_) => self.fail(Failure::Unreadable, context),
                }
            }
            PageMsg::SocketClosed { epoch } if epoch == self.epoch => self.lose(context),
            PageMsg::TimerFired { epoch, timer } => self.wake(epoch, timer, context),
            PageMsg::ChangedAddress { .. } => {
                context.perform(Effect::EraseAddress);
                None
            }
            // For a screen that is not shown, or an answer to an earlier question.
            PageMsg::Home(_)
            | PageMsg::Room(_)
            | PageMsg::Ended(_)
            | PageMsg::Derived { .. }
            | PageMsg::SocketOpened { .. }
            | PageMsg::SocketReceived { .. }
            | PageMsg::SocketClosed { .. }
            | PageMsg::Copied { .. }
            | PageMsg::HeldPicture { .. }
            | PageMsg::PressedEscape
            | PageMsg::PressedQuestionMark
            | PageMsg::LookedAway
            | PageMsg::ChoseVeil(_)
            | PageMsg::PressedNotify
            | PageMsg::AnsweredNotify(_)
            | PageMsg::LookedBack
            | PageMsg::Woke
            | PageMsg::ClosedPage
            | PageMsg::PressedCoverTracks => None,
        }
    }

    fn pressed(&mut self, msg: Msg, context: &mut Context<'_>) -> Next {
        match (msg, self.step) {
            (Msg::PressedStart, Step::NobodyThere) => {
                self.intent = Intent::Create;
                self.offers = Offers::default();
                self.start(context);
                None
            }
            (Msg::PressedTryAgain, Step::Failed(_) | Step::NobodyThere) => {
                self.offers = Offers::default();
                self.start(context);
                None
            }
            (Msg::PressedBack, _) => {
                context.perform(Effect::Disconnect);
                Some(Screen::Home(self.form_to_mend()))
            }
            (Msg::PressedStart | Msg::PressedTryAgain, _) => None,
        }
    }

    /// The form as it was filled in; where the key may be what is wrong, with the key laid open.
    fn form_to_mend(&mut self) -> Home {
        let form = std::mem::take(&mut self.form);
        match self.step {
            Step::Failed(Failure::WrongKey) | Step::NobodyThere => {
                form.with_key(&self.invitation.link)
            }
            Step::Deriving
            | Step::Connecting
            | Step::AtDoor
            | Step::Waiting
            | Step::Asked
            | Step::Entering
            | Step::Failed(_) => form,
        }
    }

    /// The socket stands: say what this one came for.
    fn ask(&mut self, context: &mut Context<'_>) -> Next {
        let Invitation { link, alias, policy, stretched } = &self.invitation;
        let frame = match (self.intent, stretched) {
            (Intent::Create, _) => ClientFrame::Create { policy: *policy },
            (Intent::Knock, Some(stretched)) => {
                let (newcomer, blob) = Newcomer::knock(link.room.id(), stretched, alias.clone());
                self.newcomer = Some(self.offers.go_on(newcomer));
                ClientFrame::Knock { blob }
            }
            // Nobody connects before the secret is stretched.
            (Intent::Knock, None) => return None,
        };
        context.perform(Effect::Send(frame));
        None
    }

    fn receive(&mut self, frame: ServerFrame, context: &mut Context<'_>) -> Next {
        self.heard.hear();
        match frame {
            ServerFrame::Knocked { member } => {
                self.me = Some(member);
                self.step = Step::AtDoor;
                self.wait_at_door(context);
                None
            }
            ServerFrame::Door { member, blob } => self.hear_door(member, &blob, context),
            ServerFrame::Opened(opening) => match self.intent {
                Intent::Create => self.enter_own(opening, context),
                Intent::Knock => {
                    self.opening = Some(opening);
                    None
                }
            },
            ServerFrame::Welcome { ciphertext } => self.enter(&ciphertext, context),
            ServerFrame::Refused { what, why } => self.refused(what, why, context),
            ServerFrame::Closed { reason } => self.closed(reason, context),
            // The room's traffic begins once inside, and no newcomer keeps a door.
            ServerFrame::Knocking { .. }
            | ServerFrame::Withdrawn { .. }
            | ServerFrame::Entry(_)
            | ServerFrame::Notice { .. } => None,
        }
    }

    fn hear_door(&mut self, keeper: MemberId, blob: &DoorBlob, context: &mut Context<'_>) -> Next {
        let (Some(newcomer), Some(me)) = (&mut self.newcomer, self.me) else { return None };
        match newcomer.hear_door(keeper, me, blob) {
            DoorStep::Heard => {
                self.prove(keeper);
                self.step = Step::Entering;
            }
            DoorStep::Asked => {
                self.prove(keeper);
                self.step = Step::Asked;
            }
            DoorStep::Reply(blob) => {
                self.offers.take(keeper, newcomer);
                if self.step == Step::Waiting {
                    self.step = Step::AtDoor;
                }
                context.perform(Effect::Send(ClientFrame::Door { member: keeper, blob }));
            }
            // Numbers only rise, and one that is higher came in first: this takes another.
            DoorStep::KnockAgain if self.knocks < KNOCKS_MAX => {
                self.prove(keeper);
                self.knocks += 1;
                self.connect(context);
            }
            DoorStep::KnockAgain => return self.fail(Failure::Busy, context),
            DoorStep::TurnedAway(why) => return self.fail(why.into(), context),
            DoorStep::Spent => return self.fail(Failure::TriesSpent, context),
            DoorStep::Ignored => {}
        }
        None
    }

    /// This doorkeeper has shown that it knows the secret.
    fn prove(&mut self, keeper: MemberId) {
        let newcomer = self.newcomer.take();
        self.newcomer = newcomer.map(|newcomer| self.offers.prove(keeper, newcomer));
    }

    fn enter_own(&mut self, opening: Opening, context: &mut Context<'_>) -> Next {
        let Some(stretched) = &self.invitation.stretched else { return None };
        let session = sanctuary_crypto::Session::create(
            self.invitation.link.room.id(),
            stretched,
            self.invitation.alias.clone(),
            self.invitation.policy,
            &opening,
        );
        match session {
            Ok(session) => self.arrive(Arrival::Started, session, opening, context),
            Err(CannotCreate) => {
                context.perform(Effect::Send(ClientFrame::Leave));
                self.fail(Failure::CannotCreate, context)
            }
        }
    }

    fn enter(&mut self, welcome: &WelcomeBlob, context: &mut Context<'_>) -> Next {
        // A welcome before its opening is none.
        let opening = self.opening.take()?;
        let newcomer = self.newcomer.take()?;
        match newcomer.welcome(&opening, welcome) {
            Ok(session) => self.arrive(Arrival::LetIn, session, opening, context),
            Err(unreadable) => self.fail(unreadable.into(), context),
        }
    }

    fn arrive(
        &mut self,
        arrival: Arrival,
        session: sanctuary_crypto::Session,
        opening: Opening,
        context: &mut Context<'_>,
    ) -> Next {
        let invitation = Invitation {
            link: self.invitation.link.clone(),
            alias: self.invitation.alias.clone(),
            policy: opening.policy,
            stretched: self.invitation.stretched.take(),
        };
        let offers_taken = self.offers.taken_by_itself();
        let keepsake = Keepsake { offers_taken, ..std::mem::take(&mut self.keepsake) };
        let room =
            Room::enter(arrival, invitation, session, opening, self.epoch, keepsake, context);
        Some(Screen::Room(Box::new(room)))
    }

    fn fail(&mut self, failure: Failure, context: &mut Context<'_>) -> Next {
        context.perform(Effect::Disconnect);
        self.step = Step::Failed(failure);
        None
    }
}
