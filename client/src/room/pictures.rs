//! Pictures in a room: one's own from the preview to its last piece, the others' from their first,
//! and for how long the page keeps each.

use sanctuary_crypto::Ticket;
use sanctuary_protocol::{MemberId, Redacted, SortedMap};

use super::coming::{Announced, Came, Coming, Piece};
use super::preview::{Opening, Preview};
use super::sending::{Beginning, PACE_MILLIS, Sending, SendingState, Turn};
use super::unsettled::Saying;
use super::{Body, Dialog, Line, Problem, Room};
use crate::markup::parse;
use crate::payload::Payload;
use crate::picture::{Picture, PictureId};
use crate::update::Context;
use crate::{Effect, Epoch, Field, Manner, Timer, Words};

/// Pictures the page keeps, the newest: 10 MiB of them at the most.
pub const PICTURES_MAX: usize = 40;

/// The pictures of a room.
#[derive(Debug, Default)]
pub(super) struct Pictures {
    known: SortedMap<PictureId, Showing>,
    /// One was chosen here, and is being drawn anew.
    pub(super) opening: Opening,
    pub(super) preview: Option<Preview>,
    sending: Option<Sending>,
    coming: Coming,
    /// How many were begun here.
    numbers: u32,
}

/// What there is of a picture to show.
#[derive(Clone, derive_more::Debug, Default, PartialEq, Eq)]
pub struct Showing {
    /// Where in this page's memory the browser has it, once it has.
    #[debug("{Redacted}")]
    pub url: Option<String>,
    /// How far it has come, or gone.
    pub progress: Progress,
}

/// How far a picture has come, or gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Progress {
    /// So many hundredths of it.
    Underway(u8),
    /// All of it is there.
    Whole,
    /// It did not get there whole, and will not by itself.
    Failed,
    /// It is all there, and the browser can make nothing of it.
    Unshowable,
    /// It is no longer kept.
    #[default]
    Gone,
}

impl Room {
    /// What there is of a picture to show.
    pub fn picture(&self, picture: PictureId) -> Showing {
        self.pictures.known.get(&picture).cloned().unwrap_or_default()
    }

    /// Whether a picture may be chosen: one at a time.
    pub(super) fn check_may_picture(&self) -> Result<(), Problem> {
        match &self.pictures.sending {
            Some(_) => Err(Problem::PictureUnderway),
            None => Ok(()),
        }
    }

    /// Gives a picture to the browser, which answers where it has it.
    pub(super) fn hold(&mut self, picture: PictureId, content: Picture, context: &mut Context<'_>) {
        let progress = Progress::Whole;
        self.pictures.known.insert(picture, Showing { url: None, progress });
        context.perform(Effect::HoldPicture { picture, content });
    }

    pub(super) fn held(&mut self, picture: PictureId, url: String) {
        if let Some(showing) = self.pictures.known.get_mut(&picture) {
            showing.url = Some(url);
        }
    }

    /// The browser was given a picture and can make nothing of it.
    pub(super) fn see_broken(&mut self, picture: PictureId) {
        self.progress(picture, Progress::Unshowable);
    }

    fn progress(&mut self, picture: PictureId, progress: Progress) {
        if let Some(showing) = self.pictures.known.get_mut(&picture) {
            showing.progress = progress;
        }
    }

    /// The picture that was looked at is to be sent, with this below it.
    pub(super) fn send_picture(
        &mut self,
        caption: &str,
        context: &mut Context<'_>,
    ) -> Result<(), Problem> {
        self.check_may_picture()?;
        self.check_room_for_post()?;
        let markup = parse(caption.trim()).map_err(|error| Problem::Command(error.into()))?;
        let Some(Preview { picture, content }) = self.pictures.preview.take() else {
            return Ok(());
        };
        let words = Words { manner: Manner::Plain, reply_to: self.public_reply(), markup };
        self.composer.reply_to = None;
        self.begin_picture(picture, content, words, context)
    }

    fn begin_picture(
        &mut self,
        picture: PictureId,
        content: Picture,
        words: Words,
        context: &mut Context<'_>,
    ) -> Result<(), Problem> {
        self.pictures.numbers += 1;
        let number = self.pictures.numbers;
        let announced = Sending::announced(number, &content);
        let announcement = Payload::Picture { announced, words: words.clone() }.encode();
        let announcement = self.session.post(&announcement)?;
        let (from, size) = (self.person(self.me()), content.size());
        let body = Body::Pictured { from, picture, size, words: words.clone() };
        let drafted = self.timeline.draft(context.now, body);
        let line = drafted.id;
        self.unsettled.push(announcement, Saying::Shown(drafted));
        self.progress(picture, Progress::Underway(0));
        let timer = context.start_timer(Timer::Picture, 0);
        let beginning = Beginning { picture, number, content, line, words, announcement, timer };
        self.pictures.sending = Some(Sending::begin(beginning));
        self.attention.spoke();
        self.pump(context);
        Ok(())
    }

    /// Time for the next piece.
    pub(super) fn send_piece(&mut self, timer: Epoch, context: &mut Context<'_>) {
        let is_busy = self.pictures.coming.is_busy(context.now);
        let turn = if is_busy { Turn::Others } else { Turn::Own };
        let Some(sending) = self.pictures.sending.as_mut().filter(|it| it.timer == timer) else {
            return;
        };
        let next = if self.connection.is_live() { sending.next(turn) } else { None };
        // A piece has the length that fits.
        let posted = next.and_then(|piece| self.session.post(&Payload::Piece(piece).encode()).ok());
        if let Some(ticket) = posted {
            sending.gave(ticket);
            self.unsettled.push(ticket, Saying::Lasting);
        }
        if sending.has_more() {
            sending.timer = context.start_timer(Timer::Picture, PACE_MILLIS);
        }
        self.pump(context);
    }

    /// Something said has its place in the room's order: perhaps a piece.
    pub(super) fn piece_settled(&mut self, ticket: Ticket) {
        let Some(sending) = &mut self.pictures.sending else { return };
        let Some(percent) = sending.settle(ticket) else { return };
        let picture = sending.picture;
        if percent < 100 {
            self.progress(picture, Progress::Underway(percent));
        } else {
            self.pictures.sending = None;
            self.progress(picture, Progress::Whole);
        }
    }

    /// The connection went down under what was on its way.
    pub(super) fn set_picture_back(&mut self) {
        let Some(sending) = &mut self.pictures.sending else { return };
        sending.set_back();
        if sending.is_hopeless() {
            let picture = sending.picture;
            self.recall_picture();
            self.progress(picture, Progress::Failed);
        }
    }

    /// What is out of it is taken back, and the others are told.
    fn recall_picture(&mut self) {
        let Some(sending) = &mut self.pictures.sending else { return };
        let number = sending.number();
        if sending.state == SendingState::Failed {
            return;
        }
        for ticket in sending.fail() {
            self.session.forget(ticket);
            self.unsettled.take(ticket);
        }
        self.tell_all(&Payload::PictureDropped { number });
    }

    /// Its author thinks better of it, or gives it up. Nothing is left where it stood.
    pub(super) fn drop_picture(&mut self, picture: PictureId, context: &mut Context<'_>) {
        if let Some(sending) = self.take_sending(picture) {
            self.remove_line(&sending);
            self.pump(context);
        }
    }

    /// One that failed is sent again, from its beginning.
    pub(super) fn retry_picture(
        &mut self,
        picture: PictureId,
        context: &mut Context<'_>,
    ) -> Result<(), Problem> {
        let Some(sending) = self.take_sending(picture) else { return Ok(()) };
        self.remove_line(&sending);
        let words = sending.words.clone();
        self.begin_picture(picture, sending.into_content(), words, context)
    }

    fn take_sending(&mut self, picture: PictureId) -> Option<Sending> {
        self.pictures.sending.as_ref().filter(|it| it.picture == picture)?;
        self.recall_picture();
        self.pictures.sending.take()
    }

    fn remove_line(&mut self, sending: &Sending) {
        self.session.forget(sending.announcement);
        self.unsettled.take(sending.announcement);
        self.timeline.retain(|line| line.id != sending.line);
    }

    /// A member's picture begins.
    pub(super) fn picture_announced(
        &mut self,
        from: MemberId,
        announced: Announced,
        words: Words,
        context: &mut Context<'_>,
    ) {
        let picture = PictureId(context.next_epoch().number());
        let showing = Showing { url: None, progress: Progress::Underway(0) };
        let instead_of = self.pictures.coming.begin(from, announced, picture, context.now);
        self.pictures.known.insert(picture, showing);
        if let Some(before) = instead_of {
            self.progress(before, Progress::Failed);
        }
        let from = self.person(from);
        self.show(Body::Pictured { from, picture, size: announced.size, words }, context);
    }

    /// A piece of one came.
    pub(super) fn piece_came(&mut self, from: MemberId, piece: &Piece, context: &mut Context<'_>) {
        match self.pictures.coming.take(from, piece, context.now) {
            Some(Came::Part(picture, percent)) => {
                self.progress(picture, Progress::Underway(percent));
            }
            Some(Came::Whole(picture, content)) => self.hold(picture, content, context),
            Some(Came::Broken(picture)) => self.progress(picture, Progress::Failed),
            None => {}
        }
    }

    /// Its author took it back before it was whole: nothing is left where it stood.
    pub(super) fn picture_dropped(&mut self, from: MemberId, number: u32) {
        if let Some(dropped) = self.pictures.coming.drop(from, number) {
            self.timeline.retain(|line| line.picture() != Some(dropped));
        }
    }

    /// Nothing more of that member's comes, or is wanted.
    pub(super) fn give_up_pictures_of(&mut self, member: MemberId) {
        if let Some(picture) = self.pictures.coming.give_up(member) {
            self.progress(picture, Progress::Failed);
        }
    }

    /// Lets go of pictures that no line shows any more, and of the oldest where there are too many.
    pub(super) fn tend_pictures(&mut self, context: &mut Context<'_>) {
        if self.pictures.known.iter().next().is_none() {
            return;
        }
        let previewed = self.pictures.preview.as_ref().map(|preview| preview.picture);
        if self.dialog.is_none() {
            self.dialog = previewed.map(Dialog::SendPicture);
        }
        let lines = self.unsettled.lines().rev().chain(self.timeline.lines().rev());
        let mut shown: Vec<(MemberId, PictureId)> = lines.filter_map(Line::pictured).collect();
        let is_whole = |picture: &PictureId| {
            let showing = self.pictures.known.get(picture);
            showing.is_some_and(|showing| showing.progress == Progress::Whole)
        };
        let_go_of_most(&mut shown, is_whole);
        let mut kept: Vec<PictureId> = shown.into_iter().map(|(_, picture)| picture).collect();
        kept.extend(previewed);
        self.pictures.known.retain(|picture, _| {
            let is_kept = kept.contains(picture);
            if !is_kept {
                context.perform(Effect::ReleasePicture(*picture));
            }
            is_kept
        });
        // Its message was to go before it had arrived.
        let sent = self.pictures.sending.as_ref().map(|sending| sending.picture);
        if let Some(picture) = sent.filter(|picture| !kept.contains(picture)) {
            self.take_sending(picture);
        }
        if let Some(Dialog::Picture(picture)) = self.dialog
            && !kept.contains(&picture)
        {
            self.dialog = None;
            context.perform(Effect::Focus(Field::Composer));
        }
    }

    /// Nothing of this room's pictures stays.
    pub(super) fn release_pictures(&mut self, context: &mut Context<'_>) {
        for (picture, _) in self.pictures.known.iter() {
            context.perform(Effect::ReleasePicture(*picture));
        }
    }
}

/// Of those that are whole no more are kept than may be, newest first: whoever has most of them loses
/// the oldest, so that nobody's pictures push out everybody's.
fn let_go_of_most(shown: &mut Vec<(MemberId, PictureId)>, is_whole: impl Fn(&PictureId) -> bool) {
    loop {
        let whole = || shown.iter().filter(|(_, picture)| is_whole(picture));
        if whole().count() <= PICTURES_MAX {
            return;
        }
        let count = |member| whole().filter(|(own, _)| *own == member).count();
        let most = whole().map(|(member, _)| *member).max_by_key(|member| count(*member));
        let is_it =
            |(own, picture): &(MemberId, PictureId)| Some(*own) == most && is_whole(picture);
        let Some(oldest) = shown.iter().rposition(is_it) else { return };
        shown.remove(oldest);
    }
}
