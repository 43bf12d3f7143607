//! A Rust file as the rules see it: its text, and its code alone, in which comments and the insides
//! of strings are spaces. Both have the same lines. A lexer of twenty rules, not a parser.

/// One file.
pub(super) struct Source {
    /// Relative to the workspace, with `/`.
    pub(super) path: String,
    /// As written.
    pub(super) text: String,
    /// Without comments, and without what strings say.
    pub(super) code: String,
}

impl Source {
    /// A file's source.
    pub(super) fn new(path: &str, text: &str) -> Self {
        Self { path: path.replace('\\', "/"), text: text.to_owned(), code: code_of(text) }
    }

    /// The line a byte of the code stands on, from 1.
    pub(super) fn line_of(&self, at: usize) -> usize {
        self.code.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
    }

    /// Whether a doc comment holds a block that `cargo test --doc` would run.
    pub(super) fn has_documented_example(&self) -> bool {
        let comments = self.text.lines().map(str::trim_start).filter_map(|line| {
            line.strip_prefix("///").or_else(|| line.strip_prefix("//!")).map(str::trim)
        });
        // Every second fence closes a block.
        let mut opening = comments.filter_map(|line| line.strip_prefix("```")).step_by(2);
        opening.any(is_run)
    }

    /// Whether all of it is tests: a `tests` module in files of its own.
    pub(super) fn is_for_tests(&self) -> bool {
        self.path.contains("/tests/") || self.path.ends_with("/tests.rs")
    }

    /// The code outside `#[cfg(test)]` items, which are spaces here; line breaks stay.
    pub(super) fn shipped_code(&self) -> String {
        let mut code = self.code.clone();
        let mut from = 0;
        while let Some(found) = code[from..].find("#[cfg(test)]") {
            let start = from + found;
            let end = end_of_item(&code, start);
            code = format!("{}{}{}", &code[..start], blank(&code[start..end]), &code[end..]);
            from = end;
        }
        code
    }
}

/// Whether rustdoc would run a block with that label: Rust unless it says otherwise.
fn is_run(label: &str) -> bool {
    let attributes = ["", "rust", "no_run", "should_panic", "compile_fail"];
    label.split(',').all(|word| attributes.contains(&word.trim()))
}

/// Where the item whose attribute begins at `start` ends: at its closing brace, or its semicolon
/// when that comes before any brace.
fn end_of_item(code: &str, start: usize) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate().skip(start) {
        match byte {
            b'{' => depth += 1,
            b'}' if depth <= 1 => return at + 1,
            b'}' => depth -= 1,
            b';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

fn blank(text: &str) -> String {
    text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect()
}

/// Replaces comments and the insides of literals by spaces, byte for byte.
fn code_of(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (kept, hidden) = token(rest, first, code.chars().next_back());
        code.push_str(&rest[..kept]);
        code.push_str(&blank(&rest[kept..kept + hidden]));
        rest = &rest[kept + hidden..];
    }
    code
}

/// The next token: how many of its bytes are code, and how many after those are not.
fn token(rest: &str, first: char, before: Option<char>) -> (usize, usize) {
    let in_word = before.is_some_and(|before| before.is_alphanumeric() || before == '_');
    if rest.starts_with("//") {
        return (0, rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return (0, block_comment(rest));
    }
    if first == '"' {
        return (1, quoted(&rest[1..], '"'));
    }
    if first == 'r'
        && !in_word
        && let Some(opening) = raw_opening(rest)
    {
        let closing = format!("\"{}", "#".repeat(opening - 2));
        let inside = rest[opening..].find(&closing).unwrap_or(rest.len() - opening);
        // The closing quote is hidden too; nobody looks for it.
        return (opening, (inside + closing.len()).min(rest.len() - opening));
    }
    if first == '\'' && is_char_literal(rest) {
        return (1, quoted(&rest[1..], '\''));
    }
    (first.len_utf8(), 0)
}

/// The length of `r"`, `r#"`, `r##"` … at the start, if that is what stands there.
fn raw_opening(rest: &str) -> Option<usize> {
    let hashes = rest[1..].bytes().take_while(|byte| *byte == b'#').count();
    rest[1 + hashes..].starts_with('"').then_some(hashes + 2)
}

/// Bytes up to and with the closing quote.
fn quoted(inside: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, letter) in inside.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if letter == quote => return at + letter.len_utf8(),
            _ => {}
        }
    }
    inside.len()
}

/// `'x'` and `'\n'`, but not the lifetime `'x`.
fn is_char_literal(rest: &str) -> bool {
    let mut letters = rest.chars().skip(1);
    match (letters.next(), letters.next()) {
        (Some('\\'), _) => true,
        (Some(_), second) => second == Some('\''),
        (None, _) => false,
    }
}

/// Block comments nest.
fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        let here = &rest.as_bytes()[at..];
        if here.starts_with(b"/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if here.starts_with(b"*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_the_insides_of_literals_are_not_code() {
        let check = |text: &str, kept: &[&str], hidden: &[&str]| {
            let code = code_of(text);
            assert_eq!(code.len(), text.len(), "{text:?}");
            for word in kept {
                assert!(code.contains(word), "{word} of {text:?}");
            }
            for word in hidden {
                assert!(!code.contains(word), "{word} of {text:?}");
            }
        };
        check("a // b\nc", &["a", "c"], &["b"]);
        check("a /* b /* c */ d */ e", &["a", "e"], &["b", "c", "d"]);
        check(r#"a("b \" c", d)"#, &["a(", "d)"], &["b", "c"]);
        check(r##"a(r#"b " c"#, d)"##, &["a(", "d)"], &["b", "c"]);
        check("fn f<'a>(x: &'a str) { '{' }", &["'a>", "&'a str"], &["'{'"]);
        check("let é = \"ü\"; // ö\nz", &["let é", "z"], &["ü", "ö"]);
    }

    #[test]
    fn a_documented_example_is_a_block_of_rust() {
        let check = |text: &str| Source::new("x.rs", text).has_documented_example();
        assert!(check("/// ```\n/// a();\n/// ```\n"));
        assert!(check("/// ```text\n/// a\n/// ```\n//! ```rust,no_run\n//! b\n//! ```\n"));
        assert!(!check("/// ```text\n/// a();\n/// ```\n"));
        assert!(!check("/// ```rust,ignore\n/// a();\n/// ```\n"));
    }

    #[test]
    fn what_only_tests_see_is_not_shipped() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n fn b() { c(); }\n}\nfn d() {}\n";
        let source = Source::new("x.rs", text);
        let shipped = source.shipped_code();
        assert!(shipped.contains("fn a") && shipped.contains("fn d"));
        assert!(!shipped.contains("fn b") && !shipped.contains("c()"));
        assert_eq!(shipped.lines().count(), text.lines().count());
        assert!(!Source::new("x.rs", "#[cfg(test)]\nmod tests;\nfn a() {}").code.is_empty());
    }
}
