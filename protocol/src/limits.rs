//! The bounds of the wire, each with why that number. What an operator may change lives in the
//! engine's configuration; what stands here is part of the protocol.

/// Bytes of one sealed post. The largest padding bucket is 16 KiB; the rest is room for the
/// cipher's header, tag and authenticated data.
pub const POST_BYTES_MAX: usize = 20 * 1024;

/// Bytes of one sealed commit, padded to a power of two. 256 members' updates fit.
pub const COMMIT_BYTES_MAX: usize = 256 * 1024;

/// Bytes of the one welcome of a batch, padded to a power of two: 61 KB at 256 members.
pub const WELCOME_BYTES_MAX: usize = 256 * 1024;

/// Bytes of a knock, and of each blob that goes through the door: a key package and a tag.
pub const DOOR_BYTES_MAX: usize = 2 * 1024;

/// Newcomers one commit may admit. A commit costs every member work, so they are batched; sixteen
/// keeps the welcome small.
pub const ADMITS_MAX: usize = 16;

/// Members one commit may evict: a kick is one, a clean-up of expired seats a few.
pub const EVICTS_MAX: usize = 16;

/// Members a room may ever be configured to hold; the room core is tested to this.
pub const MEMBERS_MAX: usize = 10_000;

/// Bytes of an operator's notice: a few sentences.
pub const NOTICE_BYTES_MAX: usize = 2 * 1024;

/// Bytes of one client frame: a commit with its welcome, and their framing.
pub const CLIENT_FRAME_BYTES_MAX: usize = 256 * 1024 + 1024;

/// Bytes of one server frame: the largest blob it can carry (a commit, a welcome) with its framing,
/// or an opening that lists every seat of the largest room.
pub const SERVER_FRAME_BYTES_MAX: usize = 256 * 1024 + 1024;
