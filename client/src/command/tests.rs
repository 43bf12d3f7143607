//! What is typed, and what it comes to.

use super::*;
use crate::markup::{MarkupError, plain};

const ME: MemberId = MemberId(1);
const ANN: MemberId = MemberId(2);
const ANN_B: MemberId = MemberId(3);
const ZOE: MemberId = MemberId(4);

fn aliases() -> Vec<(MemberId, Alias)> {
    [(ME, "Me"), (ANN, "Ann"), (ANN_B, "Ann B"), (ZOE, "Zoë \"Z\" Ö")]
        .map(|(member, name)| (member, Alias::new(name).unwrap()))
        .to_vec()
}

fn with_roster<T>(run: impl Fn(&[(MemberId, &Alias)]) -> T) -> T {
    let aliases = aliases();
    let roster: Vec<_> = aliases.iter().map(|(member, alias)| (*member, alias)).collect();
    run(&roster)
}

fn read(input: &str) -> Result<Composed, CommandError> {
    with_roster(|roster| parse(input, ME, roster))
}

/// Short words for what was composed.
fn check(input: &str, expected: &str) {
    let words = match read(input).unwrap() {
        Composed::Say(markup) => format!("say {}", plain(&markup)),
        Composed::Command(Command::Exit { farewell: None }) => "exit".to_owned(),
        Composed::Command(Command::Exit { farewell: Some(markup) }) => {
            format!("exit {}", plain(&markup))
        }
        Composed::Command(Command::Stop) => "stop".to_owned(),
        Composed::Command(Command::Kick { member }) => format!("kick {}", member.0),
        Composed::Command(Command::Purr { to, text }) => format!("purr {} {}", to.0, plain(&text)),
        Composed::Command(Command::Me { text }) => format!("me {}", plain(&text)),
        Composed::Command(Command::Mute { member }) => format!("mute {}", member.0),
        Composed::Command(Command::Unmute { member }) => format!("unmute {}", member.0),
        Composed::Command(Command::HandOver { to }) => format!("host {}", to.0),
        Composed::Command(Command::Door { policy }) => format!("door {policy:?}"),
        Composed::Command(Command::Fade { fading }) => format!("fade {fading:?}"),
        Composed::Command(Command::ClearDoor) => "door clear".to_owned(),
        Composed::Command(Command::Renew) => "renew".to_owned(),
        Composed::Command(Command::Safety) => "safety".to_owned(),
        Composed::Command(Command::Help) => "help".to_owned(),
    };
    assert_eq!(words, expected, "{input:?}");
}

fn check_error(input: &str, expected: &str) {
    assert_eq!(read(input).unwrap_err().to_string(), expected, "{input:?}");
}

#[test]
fn what_does_not_begin_with_a_slash_is_said() {
    check("hello", "say hello");
    check("  and/or \n", "say and/or");
    check("//kick Ann", "say /kick Ann");
    check("//", "say /");
}

#[test]
fn each_verb_is_understood_in_either_case() {
    check("/exit", "exit");
    check("/exit  good *night* ", "exit good night");
    check("/EXIT", "exit");
    check("/stop", "stop");
    check("/help", "help");
    check("/help kick", "help");
    check(" /Kick Ann", "kick 2");
    check("/mute Ann", "mute 2");
    check("/unmute Ann", "unmute 2");
    check("/host Ann", "host 2");
    check("/door open", "door Open");
    check("/Door ASK", "door Ask");
    check("/door locked", "door Locked");
    check("/door clear", "door clear");
    check("/me waves", "me waves");
    check("/fade never", "fade Never");
    check("/Fade 1H", "fade Hour");
    check("/fade 5min", "fade Minutes5");
    check("/fade 30s", "fade Seconds30");
    check("/renew", "renew");
    check("/safety", "safety");
    check("/purr Ann hi **there**", "purr 2 hi there");
    check("/purr Ann\nhi\nthere", "purr 2 hi\nthere");
}

#[test]
fn a_name_is_found_however_it_is_written() {
    for name in ["Ann", "ann", "ANN", "@Ann", "@ann", "\"Ann\"", "@\"ann\"", "Ann  "] {
        check(&format!("/kick {name}"), "kick 2");
    }
    for name in ["Ann B", "ann b", "@ann B", "\"Ann B\""] {
        check(&format!("/kick {name}"), "kick 3");
        check(&format!("/purr {name} hi"), "purr 3 hi");
    }
    check("/kick zOË \"z\" ö", "kick 4");
}

#[test]
fn the_longest_name_that_fits_is_meant_unless_quoted() {
    check("/purr Ann B hi", "purr 3 hi");
    check("/purr Ann But hi", "purr 2 But hi");
    check("/purr \"Ann\" B hi", "purr 2 B hi");
    check(&format!("{}B hi", whisper_draft(&Alias::new("Ann").unwrap())), "purr 2 B hi");
}

#[test]
fn capitals_decide_between_two_alike() {
    let (upper, lower) = (Alias::new("Bo").unwrap(), Alias::new("bo").unwrap());
    let roster = [(ANN, &upper), (ZOE, &lower)];
    let kick = |typed: &str| parse(&format!("/kick {typed}"), ME, &roster);
    assert_eq!(kick("bo"), Ok(Composed::Command(Command::Kick { member: ZOE })));
    assert_eq!(kick("Bo"), Ok(Composed::Command(Command::Kick { member: ANN })));
    assert_eq!(kick("BO"), Err(CommandError::AmbiguousName { typed: "BO".to_owned() }));
    assert_eq!(kick("\"BO\""), Err(CommandError::AmbiguousName { typed: "BO".to_owned() }));
}

#[test]
fn every_mistake_is_answered_with_the_right_usage() {
    check_error(
        "/kik Ann",
        "There is no command /kik. Did you mean /kick? /help lists them; \
         begin with // to say it instead.",
    );
    check_error(
        "/etc/passwd",
        "There is no command /etc/passwd. /help lists them; begin with // to say it instead.",
    );
    check_error("/", "There is no command /. /help lists them; begin with // to say it instead.");
    check_error("/kick", "Whom? Type /kick NAME");
    check_error("/host  ", "Whom? Type /host NAME");
    check_error("/purr", "Whom? Type /purr NAME TEXT");
    check_error("/purr @", "Whom? Type /purr NAME TEXT");
    check_error("/purr Ann", "And say what? Type /purr NAME TEXT");
    check_error("/purr Ann <b></b>", "And say what? Type /purr NAME TEXT");
    check_error("/kick Anna", "Nobody here is called Anna. Did you mean Ann?");
    check_error("/kick @An", "Nobody here is called @An. Did you mean Ann?");
    check_error("/kick \"Ann C\"", "Nobody here is called Ann C. Did you mean Ann B?");
    check_error("/kick Ann and Zoë", "Nobody here is called Ann and Zoë. Did you mean Ann?");
    check_error("/purr Walter hi", "Nobody here is called Walter.");
    check_error("/kick me", "That is you. Name somebody else.");
    check_error("/mute me", "That is you. Name somebody else.");
    check_error("/mute", "Whom? Type /mute NAME");
    check_error("/purr Me hi", "That is you. Name somebody else.");
    check_error("/host ME", "That is you. Name somebody else.");
    check_error(
        "/stop the car",
        "Nothing follows /stop. Type it alone, or begin with // to say it instead.",
    );
    let door = "The door can be one of these: type /door open|ask|locked|clear";
    check_error("/door", door);
    check_error("/door shut", door);
    check_error("/door open please", door);
    check_error(
        "/renew it",
        "Nothing follows /renew. Type it alone, or begin with // to say it instead.",
    );
    check_error("", "Write something first.");
    check_error(" \n ", "Write something first.");
    check_error("<b> </b>", "Write something first.");
    assert_eq!(read(&"<b>".repeat(9)), Err(CommandError::Markup(MarkupError::TooDeep)));
    assert_eq!(
        read(&format!("/purr Ann {}", "x".repeat(99_999))),
        Err(CommandError::Markup(MarkupError::TooLong))
    );
}

#[test]
fn an_error_repeats_only_the_beginning_of_what_was_typed() {
    let error = read(&format!("/{}", "x".repeat(9_999))).unwrap_err().to_string();
    assert!(error.len() < 150, "{error}");
}

#[test]
fn the_table_holds_each_verb_once() {
    let acts = [
        Act::Exit,
        Act::Stop,
        Act::Kick,
        Act::Purr,
        Act::Mute,
        Act::Unmute,
        Act::HandOver,
        Act::Me,
        Act::Door,
        Act::Fade,
        Act::Renew,
        Act::Safety,
        Act::Help,
    ];
    assert_eq!(acts.len(), VERBS.len());
    for act in acts {
        let verb = verb::of(act);
        assert_eq!(verb.act, act);
        assert!(verb.usage.starts_with(&format!("/{}", verb.name)));
    }
}

/// The drafts that the completions make of this one; `|` is the caret.
fn check_completions(draft: &str, expected: &[&str]) {
    let caret = draft.find('|').unwrap();
    let draft = draft.replace('|', "");
    let made: Vec<String> = with_roster(|roster| complete(&draft, caret, roster))
        .into_iter()
        .map(|completion| {
            let mut made = draft.clone();
            made.replace_range(completion.replace, &completion.text);
            made
        })
        .collect();
    assert_eq!(made, expected, "{draft:?}");
}

#[test]
fn a_slash_completes_to_verbs() {
    let all =
        "/purr ,/me ,/kick ,/mute ,/unmute ,/host ,/exit ,/stop,/door ,/fade ,/renew,/safety,/help";
    check_completions("/|", &all.split(',').collect::<Vec<_>>());
    check_completions("/h|", &["/host ", "/help"]);
    check_completions("/K|", &["/kick "]);
    check_completions("/ki|x Ann", &["/kick Ann"]);
    check_completions("/help|", &[]);
    check_completions("/x|", &[]);
    check_completions("/me |", &[]);
    check_completions("/fade 3|", &["/fade 30s"]);
    check_completions("/fade |", &["/fade never", "/fade 1h", "/fade 5min", "/fade 30s"]);
    check_completions("//h|", &[]);
    check_completions("a /h|", &[]);
}

#[test]
fn a_verb_that_takes_a_name_completes_to_names() {
    check_completions("/kick an|", &["/kick \"Ann\"", "/kick Ann B"]);
    check_completions("/purr @ann |", &["/purr Ann B "]);
    check_completions("/purr \"An|", &["/purr \"Ann\" ", "/purr Ann B "]);
    check_completions("/host Z|", &["/host Zoë \"Z\" Ö"]);
    check_completions("/kick Ann B|", &[]);
    check_completions("/purr Zoë \"Z\" Ö hi|", &[]);
    check_completions("/stop |", &[]);
}

#[test]
fn the_door_completes_to_its_words() {
    check_completions("/door |", &["/door open", "/door ask", "/door locked", "/door clear"]);
    check_completions("/door L|", &["/door locked"]);
    check_completions("/door ask|", &[]);
    check_completions("/door x|", &[]);
}

#[test]
fn an_at_sign_completes_to_names_anywhere() {
    check_completions("hi @zo|", &["hi @Zoë \"Z\" Ö "]);
    check_completions("hi @An| there", &["hi @Ann  there", "hi @Ann B  there"]);
    check_completions("/purr Zoë \"Z\" Ö ask @m|", &["/purr Zoë \"Z\" Ö ask @Me "]);
    check_completions("mail me@|", &[]);
    check_completions("hi @q|", &[]);
}

#[test]
fn a_caret_that_is_nowhere_is_moved_to_where_it_can_be() {
    with_roster(|roster| {
        assert_eq!(complete("é", 1, roster), []);
        assert_eq!(complete("/é", 99, roster), []);
        assert_eq!(complete("/k", usize::MAX, roster).len(), 1);
    });
}

#[test]
fn no_more_is_offered_than_fits() {
    let aliases: Vec<Alias> = (0..99).map(|n| Alias::new(&format!("n{n}")).unwrap()).collect();
    let roster: Vec<_> = aliases.iter().map(|alias| (ANN, alias)).collect();
    assert_eq!(complete("@", 1, &roster).len(), COMPLETIONS_MAX);
}
