//! The WebSocket to a room. One at a time: letting go of it sends what is buffered and closes it,
//! and nothing of it is heard after that.

use js_sys::{ArrayBuffer, Uint8Array};
use leptos::prelude::window;
use sanctuary_client::{Epoch, Msg};
use sanctuary_protocol::{ClientFrame, ROOM_PATH, RoomId, SUBPROTOCOL, encode};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use web_sys::{BinaryType, MessageEvent, WebSocket};
use zeroize::Zeroizing;

use crate::runtime::Runtime;

/// A socket, and the closures it calls.
pub(super) struct Socket {
    socket: WebSocket,
    _on_open: Closure<dyn FnMut()>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_close: Closure<dyn FnMut()>,
}

impl Socket {
    /// Opens a socket to a room. When the browser will not even try, that counts as closed.
    pub(super) fn open(epoch: Epoch, room: RoomId, runtime: Runtime) -> Option<Self> {
        match Self::connect(epoch, room, runtime) {
            Ok(socket) => Some(socket),
            Err(_) => {
                runtime.dispatch(Msg::SocketClosed { epoch });
                None
            }
        }
    }

    fn connect(epoch: Epoch, room: RoomId, runtime: Runtime) -> Result<Self, JsValue> {
        let socket = WebSocket::new_with_str(&address(room)?, SUBPROTOCOL)?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let on_open: Closure<dyn FnMut()> =
            Closure::new(move || runtime.dispatch(Msg::SocketOpened { epoch }));
        let on_message: Closure<dyn FnMut(MessageEvent)> =
            Closure::new(move |event: MessageEvent| {
                let bytes = bytes_of(&event);
                runtime.dispatch(Msg::SocketReceived { epoch, bytes });
            });
        // A socket closes once, whether it ever stood or not; what `error` adds is for nobody.
        let on_close: Closure<dyn FnMut()> =
            Closure::new(move || runtime.dispatch(Msg::SocketClosed { epoch }));
        socket.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        Ok(Self { socket, _on_open: on_open, _on_message: on_message, _on_close: on_close })
    }

    /// Sends a frame. On a socket that does not stand it is lost: the core hears of that socket's
    /// end, and sends again what matters.
    pub(super) fn send(&self, frame: &ClientFrame) {
        if self.socket.ready_state() == WebSocket::OPEN {
            let bytes = Zeroizing::new(encode(frame));
            let _lost = self.socket.send_with_u8_array(&bytes);
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        let _closed_already = self.socket.close();
    }
}

fn address(room: RoomId) -> Result<String, JsValue> {
    let location = window().location();
    let scheme = if location.protocol()? == "https:" { "wss" } else { "ws" };
    Ok(format!("{scheme}://{}{ROOM_PATH}{room}", location.host()?))
}

/// A message's bytes. The server sends no text: the core finds none of its frames in nothing.
fn bytes_of(event: &MessageEvent) -> Vec<u8> {
    let buffer = event.data().dyn_into::<ArrayBuffer>();
    buffer.map(|buffer| Uint8Array::new(&buffer).to_vec()).unwrap_or_default()
}
