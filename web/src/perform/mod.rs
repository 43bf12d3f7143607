//! The page's hands: one file for each kind of effect. Nothing here decides anything; an answer
//! goes back through `Runtime::dispatch`, with the epoch it was asked under.

pub(crate) mod address;
mod clipboard;
mod derive;
mod notify;
mod page;
pub(crate) mod picture;
pub(crate) mod share;
mod socket;
mod timer;

use sanctuary_client::Effect;
use web_sys::Notification;

use crate::runtime::Runtime;
use derive::Deriver;
use picture::Album;
use socket::Socket;
use timer::Timers;

/// What the page holds on behalf of the core. Letting go of a part ends it.
pub(crate) struct Hands {
    socket: Option<Socket>,
    timers: Timers,
    deriver: Deriver,
    notification: Option<Notification>,
    album: Album,
}

impl Hands {
    /// Empty hands. Once for a page.
    pub(crate) fn new() -> Self {
        Self {
            socket: None,
            timers: Timers::default(),
            deriver: Deriver::new(),
            notification: None,
            album: Album::default(),
        }
    }

    /// Does one thing. Anything dispatched from in here waits until this is done.
    pub(crate) fn perform(&mut self, effect: Effect, runtime: Runtime) {
        match effect {
            Effect::Derive { epoch, link } => self.deriver.begin(epoch, link, runtime),
            Effect::Connect { epoch, room } => {
                self.socket = None;
                self.socket = Socket::open(epoch, room, runtime);
            }
            Effect::Send(frame) => {
                if let Some(socket) = &self.socket {
                    socket.send(&frame);
                }
            }
            Effect::Disconnect => self.socket = None,
            Effect::StartTimer { epoch, timer, millis } => {
                self.timers.start(epoch, timer, millis, runtime);
            }
            Effect::Copy { what, text } => clipboard::copy(what, &text, runtime),
            Effect::Share { what, text } => share::share(what, &text, runtime),
            Effect::AskToNotify => notify::ask(runtime),
            Effect::Notify => self.notification = notify::show(runtime),
            Effect::CloseNotification => self.close_notification(),
            Effect::Focus(field) => page::focus(field),
            Effect::ShowLine(line) => page::show_line(line),
            Effect::HoldPicture { picture, content } => {
                self.album.hold(picture, &content, runtime);
            }
            Effect::ReleasePicture(picture) => self.album.release(picture),
            Effect::OpenLink(href) => page::open_link(&href),
            Effect::EraseAddress => address::erase(),
            Effect::ShowUnread(unread) => page::show_unread(unread),
            Effect::Wipe => {
                self.let_go();
                page::wipe();
            }
            Effect::LeavePage => address::leave(),
        }
    }

    fn close_notification(&mut self) {
        if let Some(shown) = self.notification.take() {
            shown.close();
        }
    }

    /// Ends the socket, every timer and the worker, and gives up every picture.
    pub(crate) fn let_go(&mut self) {
        self.socket = None;
        self.timers = Timers::default();
        self.deriver.stop();
        self.album = Album::default();
        self.close_notification();
    }
}
