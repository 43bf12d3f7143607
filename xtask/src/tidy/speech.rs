//! The server says nothing by the way: what it writes to its operator goes through two files, which
//! have no way to write what a person typed. The page writes nothing to its console.

use super::Breach;
use super::source::Source;

/// Whose code says nothing.
const HOUSES: [&str; 6] =
    ["protocol/src/", "crypto/src/", "words/src/", "client/src/", "engine/src/", "web/src/"];

/// The server's first line and its last words; its journal; and where the page says that it failed, and
/// never why.
const SPEAKERS: [&str; 3] = ["engine/src/main.rs", "engine/src/journal.rs", "web/src/panic.rs"];

/// By any of these something could be said.
const WAYS: [&str; 14] = [
    "io::stdout",
    "io::stderr",
    "println!",
    "eprintln!",
    "print!",
    "eprint!",
    "dbg!",
    "tracing::",
    "tracing_subscriber",
    "log::",
    "syslog",
    "console::",
    "logging::",
    "console_log",
];

/// Nothing but the speakers writes to a standard stream, a log or a console.
pub(super) fn check(source: &Source) -> Vec<Breach> {
    let is_silent = HOUSES.iter().any(|house| source.path.starts_with(house))
        && !SPEAKERS.contains(&source.path.as_str())
        && !source.is_for_tests();
    if !is_silent {
        return Vec::new();
    }
    let code = source.shipped_code();
    let uses = WAYS.iter().flat_map(|way| {
        let own = |at: &usize| !is_ours(&code, *at, way);
        code.match_indices(way).map(|(at, _)| at).filter(own).map(move |at| (at, *way))
    });
    let breach = |(at, way): (usize, &str)| Breach {
        path: source.path.clone(),
        line: source.line_of(at),
        wrong: format!("`{way}` could say what a person typed"),
        remedy: "make it a note of the journal, or an error that main says",
    };
    uses.map(breach).collect()
}

/// Whether the word at `at` only ends like one of the ways (`catalog::`), or is our own module.
fn is_ours(code: &str, at: usize, way: &str) -> bool {
    let in_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let ends_alike = code[..at].ends_with(in_word);
    let is_module = way == "console::" && !code[..at].ends_with("web_sys::");
    ends_alike || is_module
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_said_by_the_way() {
        let check = |path: &str, text: &str, breaches: usize| {
            assert_eq!(check(&Source::new(path, text)).len(), breaches, "{path}: {text}");
        };
        check("engine/src/actor/room.rs", "tracing::info!(1);", 1);
        check("engine/src/actor/room.rs", "let _ = writeln!(io::stderr(), x);", 1);
        check("engine/src/actor/room.rs", "use crate::console::Console; let a = catalog::b;", 0);
        check("engine/src/journal.rs", "let _ = writeln!(io::stderr(), x);", 0);
        check("web/src/runtime.rs", "web_sys::console::log_1(&x)", 1);
        check("client/src/a.rs", "#[cfg(test)]\nmod tests { fn a() { println!(1) } }", 0);
        check("xtask/src/a.rs", "println!(1)", 0);
    }
}
