//! A WebSocket's bytes (RFC 6455 §5.2), written and read by hand: a second opinion, which takes nothing
//! from the library that the server uses, and can say what no library would. Must not know the chat.

/// Whatever ends a message or stands alone has it (FIN).
pub(crate) const WHOLE: u8 = 0x80;

pub(crate) const CONTINUATION: u8 = 0x0;
pub(crate) const TEXT: u8 = 0x1;
pub(crate) const BINARY: u8 = 0x2;
pub(crate) const CLOSE: u8 = 0x8;
pub(crate) const PING: u8 = 0x9;
pub(crate) const PONG: u8 = 0xa;

const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];
const MASKED: u8 = 0x80;

/// A client's frame: FIN, reserved bits and opcode in `first`, the length in its shortest form.
pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let masked = payload.iter().zip(MASK.iter().cycle()).map(|(byte, key)| byte ^ key);
    header(first, payload.len() as u64).into_iter().chain(masked).collect()
}

/// The header alone of a frame that says it is so long.
pub(crate) fn header(first: u8, length: u64) -> Vec<u8> {
    let mut bytes = vec![first];
    if let Ok(short @ ..126) = u8::try_from(length) {
        bytes.push(MASKED | short);
    } else if let Ok(middle) = u16::try_from(length) {
        bytes.push(MASKED | 126);
        bytes.extend(middle.to_be_bytes());
    } else {
        bytes.push(MASKED | 127);
        bytes.extend(length.to_be_bytes());
    }
    bytes.extend(MASK);
    bytes
}

/// What no client may send: a frame that is not masked.
pub(crate) fn unmasked(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first, u8::try_from(payload.len()).unwrap()];
    bytes.extend(payload);
    bytes
}

pub(crate) fn binary(payload: &[u8]) -> Vec<u8> {
    frame(WHOLE | BINARY, payload)
}

pub(crate) fn ping(payload: &[u8]) -> Vec<u8> {
    frame(WHOLE | PING, payload)
}

pub(crate) fn pong(payload: &[u8]) -> Vec<u8> {
    frame(WHOLE | PONG, payload)
}

pub(crate) fn close(code: u16, reason: &[u8]) -> Vec<u8> {
    frame(WHOLE | CLOSE, &[&code.to_be_bytes(), reason].concat())
}

/// What a server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Said {
    Binary(Vec<u8>),
    Pong(Vec<u8>),
    /// With its code, if it has one.
    Close(Option<u16>),
    /// What no server of ours says, and why it does not.
    Amiss(String),
}

/// The next frame of `bytes`, if it is whole; the rest is left in it.
pub(crate) fn take(bytes: &mut Vec<u8>) -> Option<Said> {
    let (&first, &second) = (bytes.first()?, bytes.get(1)?);
    let (length, at) = match second & !MASKED {
        126 => (u64::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().unwrap())), 4),
        127 => (u64::from_be_bytes(bytes.get(2..10)?.try_into().unwrap()), 10),
        short => (u64::from(short), 2),
    };
    let end = at + usize::try_from(length).unwrap();
    let payload = bytes.get(at..end)?.to_vec();
    bytes.drain(..end);
    Some(judge(first, second, at, &payload).unwrap_or_else(Said::Amiss))
}

/// A server's frames are not masked, have no reserved bits, and say their length in the shortest form;
/// ours are never in parts.
fn judge(first: u8, second: u8, header: usize, payload: &[u8]) -> Result<Said, String> {
    let shortest = match payload.len() {
        ..126 => 2,
        126..=0xffff => 4,
        _ => 10,
    };
    if second & MASKED != 0 {
        return Err("masked".to_owned());
    }
    if first & 0x70 != 0 || first & WHOLE == 0 || header != shortest {
        return Err(format!("the header {first:x} {second:x}"));
    }
    match (first & 0xf, payload) {
        (BINARY, payload) => Ok(Said::Binary(payload.to_vec())),
        (PONG, payload) if payload.len() <= 125 => Ok(Said::Pong(payload.to_vec())),
        (CLOSE, []) => Ok(Said::Close(None)),
        (CLOSE, [high, low, reason @ ..]) if reason.len() <= 123 => {
            std::str::from_utf8(reason).map_err(|_| "a reason that is no UTF-8".to_owned())?;
            Ok(Said::Close(Some(u16::from_be_bytes([*high, *low]))))
        }
        (opcode, payload) => Err(format!("opcode {opcode}, {} bytes", payload.len())),
    }
}
