//! The cores are pure: no clock, no runtime, no threads. Time arrives as an argument.

use super::Breach;
use super::source::Source;

/// Where the cores live.
const CORES: [&str; 3] = ["engine/src/room/", "client/src/", "crypto/src/"];

/// What a core may not name.
const FORBIDDEN: [&str; 6] =
    ["Instant::now", "SystemTime::now", "tokio", "std::thread", "thread::spawn", "thread::sleep"];

/// A core names no clock, no runtime and no thread outside its tests.
pub(super) fn check(source: &Source) -> Vec<Breach> {
    let in_core = CORES.iter().any(|core| source.path.starts_with(core));
    if !in_core || source.is_for_tests() {
        return Vec::new();
    }
    let code = source.shipped_code();
    let uses = FORBIDDEN.iter().flat_map(|word| {
        let whole = |at: &usize| is_whole_word(&code, *at, word.len());
        code.match_indices(word).map(|(at, _)| at).filter(whole).map(move |at| (at, *word))
    });
    let breach = |(at, word)| Breach {
        path: source.path.clone(),
        line: source.line_of(at),
        wrong: format!("a core names `{word}`"),
        remedy: "take time, randomness and concurrency as arguments from the shell",
    };
    uses.map(breach).collect()
}

/// Whether the bytes before and after belong to no longer word.
fn is_whole_word(code: &str, at: usize, length: usize) -> bool {
    let in_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    !code[..at].ends_with(in_word) && !code[at + length..].starts_with(in_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_core_names_no_clock_no_runtime_and_no_thread() {
        let check = |path: &str, text: &str, breaches: usize| {
            assert_eq!(check(&Source::new(path, text)).len(), breaches, "{path} {text:?}");
        };
        check("engine/src/room/room.rs", "let now = Instant::now();", 1);
        check("client/src/model.rs", "use tokio::time;", 1);
        check("crypto/src/lib.rs", "std::thread::spawn(f)", 2);
        check("crypto/src/lib.rs", "let ticktokio = SystemTime::nowhere;", 0);
        check("engine/src/room/room.rs", "// Instant::now\nlet tokio_free = \"tokio\";", 0);
        check("client/src/a.rs", "#[cfg(test)]\nmod tests { use tokio::test; }", 0);
        check("engine/src/room/tests/script.rs", "Instant::now()", 0);
        check("client/src/model/tests.rs", "Instant::now()", 0);
        check("engine/src/actor/room.rs", "Instant::now()", 0);
    }

    #[test]
    fn a_breach_names_its_line() {
        let source = Source::new("client/src/a.rs", "fn a() {}\nuse tokio::x;\n");
        assert_eq!(check(&source)[0].line, 2);
    }
}
