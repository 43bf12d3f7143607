//! No `Debug` that is derived prints what must not be printed: text, bytes, addresses, sockets (which
//! tell of both ends). A field of that kind stands under `#[debug("{Redacted}")]`, or its type has a
//! `Debug` written by hand.

use super::Breach;
use super::source::Source;

/// Whose values may hold something of a person's.
const HOUSES: [&str; 5] =
    ["protocol/src/", "crypto/src/", "words/src/", "client/src/", "engine/src/"];

/// Files whose texts and addresses are the operator's own or the program's, each with the reason.
const OPERATORS: [(&str, &str); 10] = [
    ("protocol/src/admin.rs", "the version"),
    ("crypto/src/vectors.rs", "published test vectors"),
    ("engine/src/config.rs", "settings"),
    ("engine/src/engine.rs", "where the server listens"),
    ("engine/src/gateway/listen.rs", "where the server listens"),
    ("engine/src/gateway/mod.rs", "settings, and where the server listens"),
    ("engine/src/options.rs", "settings"),
    ("engine/src/options/", "settings"),
    ("engine/src/console.rs", "the operator's own connection"),
    ("words/src/sentence.rs", "the program's own phrases"),
];

/// Types that print what they hold.
const PRINTING: [&str; 15] = [
    "String",
    "str",
    "OsString",
    "Vec<u8>",
    "VecDeque<u8>",
    "[u8",
    "Bytes",
    "BytesMut",
    "IpAddr",
    "Ipv4Addr",
    "Ipv6Addr",
    "SocketAddr",
    "TcpStream",
    "UnixStream",
    "HeaderMap",
];

/// A derived `Debug` prints no field that could hold something of a person's.
pub(super) fn check(source: &Source) -> Vec<Breach> {
    let is_held = HOUSES.iter().any(|house| source.path.starts_with(house));
    let is_operators = OPERATORS.iter().any(|(path, _)| source.path.starts_with(path));
    if !is_held || is_operators || source.is_for_tests() {
        return Vec::new();
    }
    // A visibility's parentheses hold no field.
    let code = source.shipped_code().replace("(crate)", "       ").replace("(super)", "       ");
    let derives = code.match_indices("#[derive(").filter_map(|(at, _)| {
        let end = at + code[at..].find(")]")?;
        let is_printed = code[at..end].contains("Debug");
        is_printed.then_some(end)
    });
    let breach = |(at, printing): (usize, &str)| Breach {
        path: source.path.clone(),
        line: source.line_of(at),
        wrong: format!("a derived Debug prints `{printing}`"),
        remedy: "put #[debug(\"{Redacted}\")] above it and derive derive_more::Debug",
    };
    derives.flat_map(|from| printed(&code, from)).map(breach).collect()
}

/// Each field of the item behind `from` that its `Debug` prints, by its place, and what it prints.
fn printed(code: &str, from: usize) -> Vec<(usize, &'static str)> {
    let Some(body) = body(code, from) else { return Vec::new() };
    let mut found = Vec::new();
    let (mut start, mut depth) = (body.start, 0_usize);
    for (at, byte) in code.bytes().enumerate().take(body.end).skip(body.start) {
        match byte {
            b'<' | b'[' => depth += 1,
            b'>' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        // A field ends at its comma; braces and parentheses only hold more fields.
        let is_end = matches!(byte, b',' | b'{' | b'}' | b'(' | b')') && depth == 0;
        if is_end {
            let field = &code[start..at];
            if !field.contains("#[debug(")
                && let Some(printing) = printing(field)
            {
                found.push((start + field.len() - field.trim_start().len(), printing));
            }
            start = at + 1;
        }
    }
    found
}

fn printing(field: &str) -> Option<&'static str> {
    // A phrase of the program's own is nobody's.
    let field = field.replace("'static str", "").replace("'static [&", "");
    let in_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    PRINTING.into_iter().find(|name| {
        field.match_indices(name).any(|(at, _)| {
            !field[..at].ends_with(in_word) && !field[at + name.len()..].starts_with(in_word)
        })
    })
}

/// What stands between the outermost braces or parentheses of the next `struct` or `enum`.
fn body(code: &str, from: usize) -> Option<std::ops::Range<usize>> {
    let is_item = |word: &str| code[from..].find(word).map(|at| from + at);
    let item = [is_item("struct "), is_item("enum ")].into_iter().flatten().min()?;
    let open = item + code[item..].find(['{', '(', ';'])?;
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'{' | b'(' => depth += 1,
            b'}' | b')' if depth <= 1 => return Some(open + 1..at + 1),
            b'}' | b')' => depth -= 1,
            b';' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_derived_debug_prints_no_text_no_bytes_and_no_address() {
        let check = |text: &str, lines: &[usize]| {
            let breaches = check(&Source::new("client/src/a.rs", text));
            let found: Vec<usize> = breaches.iter().map(|breach| breach.line).collect();
            assert_eq!(found, lines, "{text}");
        };
        check("#[derive(Debug)]\nstruct A {\n a: u8,\n b: String,\n}", &[4]);
        check("#[derive(Clone, Debug)]\nstruct A(String);", &[2]);
        check("#[derive(Clone, Debug)]\nstruct A<T>(Map<T, Vec<u8>>, u8);", &[2]);
        check("#[derive(Debug)]\nenum A {\n B(u8),\n C {\n d: IpAddr,\n },\n}", &[5]);
        check("#[derive(Debug)]\nenum A {\n B(u8, String),\n C,\n}", &[3]);
        check("#[derive(Debug)]\nstruct A<'a>(&'a str);", &[2]);
        check("#[derive(Debug)]\nstruct A {\n pub(crate) b: String,\n}", &[3]);
        check("#[derive(Debug)]\nstruct A(&'static str);", &[]);
        check("#[derive(Clone)]\nstruct A(String);", &[]);
        check("#[derive(Debug)]\nstruct A;\nfn b(c: String) {}", &[]);
        let redacted = "#[derive(derive_more::Debug)]\nstruct A {\n #[debug(\"{Redacted}\")]\n \
                        b: String,\n c: u8,\n}";
        check(redacted, &[]);
        check(&redacted.replace("u8", "Bytes"), &[5]);
        check("#[cfg(test)]\nmod tests { #[derive(Debug)] struct A(String); }", &[]);
    }

    #[test]
    fn what_is_the_operators_own_may_be_printed() {
        let text = "#[derive(Debug)]\nstruct A(String);";
        assert!(check(&Source::new("engine/src/options/file.rs", text)).is_empty());
        assert!(check(&Source::new("xtask/src/a.rs", text)).is_empty());
        assert!(!check(&Source::new("engine/src/line.rs", text)).is_empty());
    }
}
