//! What somebody pastes or follows as an invitation: a room's name and its secret, or nothing.

use std::str;

use sanctuary_crypto::{
    InvalidLink, Link, ROOM_NAME_CHARS_MAX, RoomName, SECRET_CHARS_MAX, Secret,
};

use super::{Held, hold};

/// Any text is an invitation or none; one that is reads back from its own fragment, however that is
/// wrapped, and name and secret are read once and for all.
///
/// # Errors
/// Says what does not hold.
pub fn link(bytes: &[u8]) -> Held {
    match str::from_utf8(bytes) {
        Ok(text) => judge(text, Link::parse),
        // Only texts are pasted.
        Err(_) => Ok(()),
    }
}

fn judge(text: &str, parse: impl Fn(&str) -> Result<Link, InvalidLink>) -> Held {
    let Ok(link) = parse(text) else { return Ok(()) };
    let Link { room, secret } = &link;
    let name_chars = room.as_str().chars().count();
    hold((1..=ROOM_NAME_CHARS_MAX).contains(&name_chars), "a room's name is within its bound")?;
    let secret_chars = secret.expose().chars().count();
    hold((1..=SECRET_CHARS_MAX).contains(&secret_chars), "a secret is within its bound")?;
    let is_seen = |text: &str| !text.chars().any(char::is_control);
    hold(is_seen(room.as_str()) && is_seen(secret.expose()), "neither holds a control")?;
    let again = RoomName::new(room.as_str());
    hold(again.as_ref() == Ok(room), "a room's name is read once and for all")?;
    let again = Secret::new(secret.expose());
    hold(again.as_ref() == Ok(secret), "a secret is read once and for all")?;
    let fragment = link.fragment();
    hold(fragment.is_ascii() && fragment.matches('.').count() == 1, "a fragment has one shape")?;
    for wrapped in [
        fragment.to_string(),
        format!("#{}", *fragment),
        format!(" https://chat.example/?a.b#{}\n", *fragment),
    ] {
        hold(parse(&wrapped).as_ref() == Ok(&link), "an invitation reads back")?;
    }
    let shown = format!("{link:?}");
    // What is shorter could stand in any text.
    let prints = |text: &str| text.len() > 8 && shown.contains(text);
    hold(!prints(room.as_str()) && !prints(secret.expose()), "an invitation prints nothing")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parser_that_is_wrong_is_found_out() {
        assert_eq!(judge("#tea.meow", Link::parse), Ok(()));
        // It takes whatever stands before the `#` for a part of the name.
        let greedy = |text: &str| Link::parse(&text.replacen('#', "%23", 1));
        assert!(judge("a#tea.meow", greedy).is_err());
    }
}
