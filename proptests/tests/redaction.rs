//! Nothing that a person wrote, or is called, or that opens a room, is in any `Debug`: a panic's
//! words, a console and a test's failure are all made of those.
#![allow(clippy::unwrap_used, reason = "a failed test says so")]

use std::fmt::Debug;

use sanctuary_client::command::{CommandError, complete};
use sanctuary_client::markup::{Href, Node, Run};
use sanctuary_client::{Clipboard, Effect, Msg, PictureId, home, room};
use sanctuary_crypto::{Alias, Link, RoomName, Secret};
use sanctuary_engine::room::{Command, ConnectionId};
use sanctuary_proptests::stage::Stage;
use sanctuary_protocol::{
    ClientFrame, Digest, DoorBlob, KnockBlob, MemberId, PostBlob, Redacted, ResumeToken, RoomId,
    ServerFrame, Text,
};

/// Nobody else's words. Short enough for a name, and in lower case, as a room's name is.
const CANARY: &str = "quetzalcanary";

/// How its bytes are printed, wherever somebody prints bytes.
fn forms() -> [String; 4] {
    let bytes = CANARY.as_bytes();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let list = format!("{bytes:?}").trim_matches(['[', ']']).to_owned();
    [CANARY.to_owned(), hex.clone(), hex.to_uppercase(), list]
}

fn check(what: &str, value: &dyn Debug) {
    for printed in [format!("{value:?}"), format!("{value:#?}").replace([' ', '\n'], "")] {
        for form in forms() {
            let form = if printed.contains(' ') { form } else { form.replace(' ', "") };
            assert!(!printed.contains(&form), "{what} prints it");
        }
    }
}

#[test]
fn no_debug_prints_what_a_person_wrote() {
    let text = || CANARY.to_owned();
    let bytes = || CANARY.as_bytes().to_vec();
    let array = || {
        let mut array = [0; 16];
        array[..CANARY.len()].copy_from_slice(CANARY.as_bytes());
        array
    };
    let link = Link { room: RoomName::new(CANARY).unwrap(), secret: Secret::new(CANARY).unwrap() };
    let alias = Alias::new(CANARY).unwrap();
    let unknown = CommandError::UnknownName { typed: text(), nearest: Some(text()) };
    let blob = || PostBlob::try_from(bytes()).unwrap();
    let door = || DoorBlob::try_from(bytes()).unwrap();
    let table: [(&str, &dyn Debug); 26] = [
        ("Redacted", &Redacted),
        ("RoomId", &RoomId::from_bytes(array())),
        ("ResumeToken", &ResumeToken::from_bytes(array())),
        ("Digest", &Digest::from_bytes([array(), array()].concat().try_into().unwrap())),
        ("Text", &Text::<64>::try_from(text()).unwrap()),
        ("ClientFrame::Post", &ClientFrame::Post { ciphertext: blob() }),
        ("ClientFrame::Knock", &ClientFrame::Knock { blob: KnockBlob::try_from(bytes()).unwrap() }),
        (
            "Command::Receive",
            &Command::Receive {
                from: ConnectionId(1),
                frame: ClientFrame::Door { member: MemberId(1), blob: door() },
            },
        ),
        ("ServerFrame::Notice", &ServerFrame::Notice { text: Text::try_from(text()).unwrap() }),
        ("Alias", &alias),
        ("Link", &link),
        ("Href", &Href::parse(&format!("https://{CANARY}.example/")).unwrap()),
        ("Node", &Node::Text(text())),
        ("Run", &Run::Plain(CANARY)),
        ("Completion", &complete("/purr que", 9, &[(MemberId(1), &alias)])),
        ("CommandError", &unknown),
        ("Sentence", &unknown.sentence()),
        ("Msg::SocketReceived", &Msg::SocketReceived { epoch: Default::default(), bytes: bytes() }),
        ("Msg::ChangedAddress", &Msg::ChangedAddress { fragment: text() }),
        ("Msg::HeldPicture", &Msg::HeldPicture { picture: PictureId(1), url: text() }),
        ("home::Msg::TypedAlias", &home::Msg::TypedAlias(text())),
        ("home::Msg::TypedRoomName", &home::Msg::TypedRoomName(text())),
        ("home::Msg::TypedSecret", &home::Msg::TypedSecret(text().into())),
        ("room::Msg::TypedDraft", &room::Msg::TypedDraft { text: text(), caret: 0 }),
        ("room::Msg::PressedCopyListing", &room::Msg::PressedCopyListing(text())),
        ("Effect::Copy", &Effect::Copy { what: Clipboard::Listing, text: text().into() }),
    ];
    for (what, value) in table {
        check(what, value);
    }
}

#[test]
fn a_whole_conversation_prints_nothing_of_itself() {
    let mut stage = Stage::default();
    let page = stage.open_page("");
    for msg in [
        home::Msg::TypedAlias(format!("{CANARY} Ada")),
        home::Msg::ChoseKey(home::KeyChoice::Chosen),
        home::Msg::TypedRoomName(format!("{CANARY} room")),
        home::Msg::TypedSecret(format!("{CANARY} secret").into()),
    ] {
        stage.tell(page, Msg::Home(msg));
        check("a form being filled in", &stage);
    }
    stage.tell(page, Msg::Home(home::Msg::Submitted));
    stage.settle();
    let link = stage.room(page).invitation.link.fragment().to_string();
    let ben = stage.join(&format!("{CANARY} Ben"), &link);
    check("a room of two", &stage);
    let said = [
        format!("{CANARY} to everybody, and https://{CANARY}.example/"),
        format!("/purr \"{CANARY} Ben\" {CANARY} in private"),
        format!("/me {CANARY}"),
        format!("/nothing {CANARY}"),
        format!("/purr {CANARY}nobody {CANARY}"),
    ];
    for draft in said {
        stage.type_and_send(page, &draft);
        check("on its way", &stage);
        stage.settle();
        check("said", &stage);
    }
    stage.cut(ben);
    stage.settle();
    check("one is gone", &stage);
    stage.say(page, &format!("/kick \"{CANARY} Ben\""));
    stage.tell(page, Msg::Room(room::Msg::ConfirmedDialog));
    stage.settle();
    check("one is put out", &stage);
    stage.say(page, &format!("/exit {CANARY}"));
    check("left", &stage);
}
