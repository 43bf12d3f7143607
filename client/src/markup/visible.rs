//! Characters that act on the text around them instead of being seen: direction overrides, zero
//! width characters, controls. They are shown, not obeyed: the view renders each as a small chip.
//! Knows nothing of trees.

pub use sanctuary_crypto::hidden::is_hidden;
use sanctuary_protocol::Redacted;

/// A stretch of text that can be shown as it is, or one character that must be shown by name.
#[derive(Clone, Copy, derive_more::Debug, PartialEq, Eq)]
pub enum Run<'t> {
    /// Text.
    Plain(#[debug("{Redacted}")] &'t str),
    /// A character that would act, or hide; [`code_point`] names it.
    Control(char),
}

/// Splits text into what can be shown and what must be named. In order, nothing lost.
pub fn runs(text: &str) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    let mut start = 0;
    let mut before = None;
    let mut flag_end = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let after = characters.peek().map(|(_, next)| *next);
        flag_end = end_of_flag(text, at).unwrap_or(flag_end);
        if !is_hidden(c) || at < flag_end || belongs(c, before, after) {
            before = Some(c);
            continue;
        }
        if start < at {
            runs.push(Run::Plain(&text[start..at]));
        }
        runs.push(Run::Control(c));
        start = at + c.len_utf8();
        before = None;
    }
    if start < text.len() {
        runs.push(Run::Plain(&text[start..]));
    }
    runs
}

/// How a control is named on its chip: `U+202E`.
pub fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// The hidden characters that honest text cannot do without, where it needs them. One may say how
/// its neighbour is drawn; a row of them says something else.
fn belongs(c: char, before: Option<char>, after: Option<char>) -> bool {
    let Some(before) = before else { return false };
    match c {
        // Joiners inside an emoji, or between letters of scripts that join.
        '\u{200d}' => {
            let Some(after) = after else { return false };
            ((is_pictograph(before) || before == '\u{fe0f}') && is_pictograph(after))
                || (joins(before) && joins(after))
        }
        '\u{200c}' => joins(before) && after.is_some_and(joins),
        // The choice between a sign in black and one in colour.
        '\u{fe0e}' | '\u{fe0f}' => has_two_styles(before),
        // The shapes of a Mongolian letter.
        '\u{180b}'..='\u{180f}' => matches!(before, '\u{1820}'..='\u{18aa}'),
        // The blank in a line of Braille.
        BRAILLE_BLANK => is_braille(before) || after.is_some_and(is_braille),
        _ => false,
    }
}

const BRAILLE_BLANK: char = '\u{2800}';

/// The flags that are spelled with tags. No other is drawn, so no other tags are obeyed.
const SPELLED_FLAGS: [&str; 3] = [
    "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
    "\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
    "\u{1f3f4}\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}",
];

/// Where the flag ends that begins at `at`, if one does.
fn end_of_flag(text: &str, at: usize) -> Option<usize> {
    let flag = SPELLED_FLAGS.iter().find(|flag| text[at..].starts_with(**flag))?;
    Some(at + flag.len())
}

fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}') && !is_braille(c)
}

/// Pictographs, and the signs of older sets that emoji took over.
fn has_two_styles(c: char) -> bool {
    is_pictograph(c)
        || matches!(c, '0'..='9' | '#' | '*' | '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}')
        || matches!(c, '\u{2122}' | '\u{2139}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}')
}

fn is_braille(c: char) -> bool {
    matches!(c, BRAILLE_BLANK..='\u{28ff}')
}

/// Arabic and its kin, and the Indic scripts.
fn joins(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{18aa}')
        && !is_hidden(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Chips in braces.
    fn shown(text: &str) -> String {
        runs(text)
            .into_iter()
            .map(|run| match run {
                Run::Plain(text) => text.to_owned(),
                Run::Control(c) => format!("{{{}}}", code_point(c)),
            })
            .collect()
    }

    fn check(text: &str, expected: &str) {
        assert_eq!(shown(text), expected, "{text:?}");
    }

    #[test]
    fn direction_controls_are_shown() {
        check("exe.\u{202e}gpj", "exe.{U+202E}gpj");
        for c in "\u{202a}\u{202b}\u{202c}\u{202d}\u{2066}\u{2067}\u{2068}\u{2069}\u{200e}\u{200f}\u{61c}"
            .chars()
        {
            check(&format!("a{c}b"), &format!("a{{{}}}b", code_point(c)));
        }
    }

    #[test]
    fn zero_width_and_control_characters_are_shown() {
        check("a\u{200b}b\u{feff}", "a{U+200B}b{U+FEFF}");
        check("\u{7}\u{1b}[31m\u{9b}\r", "{U+0007}{U+001B}[31m{U+009B}{U+000D}");
        check("A\u{e0041}\u{e0042}", "A{U+E0041}{U+E0042}");
        check("a\u{200d}b", "a{U+200D}b");
    }

    #[test]
    fn what_says_nothing_of_its_neighbour_is_shown() {
        check("a\u{2800}b", "a{U+2800}b");
        check("a\u{fe0f}", "a{U+FE0F}");
        check("☺\u{fe0f}\u{fe0e}\u{fe01}", "☺\u{fe0f}{U+FE0E}{U+FE01}");
        check("☺\u{e0100}\u{e01ef}", "☺{U+E0100}{U+E01EF}");
        check("葛\u{e0100}", "葛{U+E0100}");
        check("ក\u{17b4}", "ក{U+17B4}");
        check("🏴\u{e0061}\u{e007f}", "🏴{U+E0061}{U+E007F}");
        let flag = "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}";
        check(&format!("{flag}\u{e0061}"), &format!("{flag}{{U+E0061}}"));
        check("❤\u{200d}\u{200d}🔥", "❤{U+200D}{U+200D}🔥");
    }

    #[test]
    fn ordinary_text_of_any_script_is_one_run() {
        for text in [
            "a\tb\nc",
            "שלום",
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            "👩\u{200d}👧",
            "❤\u{fe0f}\u{200d}🔥",
            "🏳\u{fe0f}\u{200d}🌈",
            "🏴\u{200d}☠\u{fe0f}",
            "🤷🏽\u{200d}♀\u{fe0f}",
            "1\u{fe0f}\u{20e3}",
            "☺\u{fe0e}",
            "ᠨᠠ\u{180e}ᠠ",
            "⠓\u{2800}⠓\u{2800}\u{2800}⠓",
        ] {
            assert_eq!(runs(text), [Run::Plain(text)], "{text:?}");
        }
        let flag = "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}";
        assert_eq!(runs(flag), [Run::Plain(flag)]);
        assert_eq!(runs(""), []);
    }
}
