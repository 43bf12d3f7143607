//! A picture before it is sent: chosen, drawn anew, and looked at by its author.

use super::{Dialog, Room, Toast};
use crate::picture::{Picture, PictureId, PictureSize};
use crate::update::Context;

/// Whether a picture that is drawn anew was chosen in this room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Opening {
    #[default]
    None,
    Here,
}

/// A picture that its author looks at before it is sent.
#[derive(Debug)]
pub(super) struct Preview {
    pub(super) picture: PictureId,
    pub(super) content: Picture,
}

/// What is said of a picture before it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Previewed {
    /// On the screen.
    pub size: PictureSize,
    /// To be sent.
    pub bytes: usize,
}

/// Why a file is not to be sent as a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureRefusal {
    /// The browser sees no picture in it.
    Unreadable,
    /// It is too much to be opened on a phone.
    TooLarge,
}

impl Room {
    /// The picture that is about to be sent.
    pub fn previewed(&self) -> Option<Previewed> {
        let Preview { content, .. } = self.pictures.preview.as_ref()?;
        Some(Previewed { size: content.size(), bytes: content.bytes().len() })
    }

    /// One was chosen, and is being drawn anew.
    pub(super) fn open_picture(&mut self, context: &mut Context<'_>) {
        self.pictures.opening = Opening::Here;
        self.toast(Toast::OpeningPicture, context);
    }

    /// It is drawn. Whether it was chosen in this room: drawing takes a while, and one may have gone
    /// into another meanwhile.
    fn opened_here(&mut self) -> bool {
        self.toast.take_if(|toast| *toast == Toast::OpeningPicture);
        std::mem::take(&mut self.pictures.opening) == Opening::Here
    }

    /// What was chosen is not to be sent as a picture.
    pub(super) fn refuse_picture(&mut self, why: PictureRefusal) {
        if self.opened_here() || why == PictureRefusal::TooLarge {
            self.composer.problem = Some(why.into());
        }
    }

    /// A picture was chosen, and is small enough to be sent. Its author looks at it first.
    pub(super) fn preview(&mut self, content: Picture, context: &mut Context<'_>) {
        if !self.opened_here() {
            return;
        }
        if let Err(problem) = self.check_may_picture() {
            self.composer.problem = Some(problem);
            return;
        }
        let picture = PictureId(context.next_epoch().number());
        self.hold(picture, content.clone(), context);
        self.pictures.preview = Some(Preview { picture, content });
        self.composer.problem = None;
        // A question that stands is answered first.
        if matches!(self.dialog, Some(Dialog::SendPicture(_))) {
            self.dialog = None;
        }
    }

    /// Its author thinks better of it.
    pub(super) fn drop_preview(&mut self) {
        self.pictures.preview = None;
    }
}
