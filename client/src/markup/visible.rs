//! Characters that act on the text around them instead of being seen: direction overrides, zero
//! width characters, controls. They are shown, not obeyed: the view renders each as a small chip.
//! Knows nothing of trees.

/// A stretch of text that can be shown as it is, or one character that must be shown by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run<'t> {
    /// Text.
    Plain(&'t str),
    /// A character that would act, or hide; [`code_point`] names it.
    Control(char),
}

/// Splits text into what can be shown and what must be named. In order, nothing lost.
pub fn runs(text: &str) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    let mut start = 0;
    let mut before = None;
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let after = characters.peek().map(|(_, next)| *next);
        if !is_hidden(c) || belongs(c, before, after) {
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

/// Whether a character acts or hides rather than being seen. White space is seen; of the controls,
/// only the tab and the line feed are.
pub fn is_hidden(c: char) -> bool {
    match c {
        '\t' | '\n' => false,
        c if c.is_control() => true,
        // Soft hyphen, grapheme joiner, Arabic letter mark, vowel separator.
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' => true,
        // Hangul fillers: letters without a shape.
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => true,
        // Zero width space and joiners, direction marks; separators; embeddings and overrides.
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' => true,
        // Word joiner, invisible operators, isolates, deprecated format characters.
        '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' => true,
        // Tags: a second, unseen alphabet.
        '\u{e0000}'..='\u{e007f}' => true,
        _ => false,
    }
}

/// The hidden characters that honest text cannot do without, where it needs them: joiners inside an
/// emoji or between letters of scripts that join, and the tags that spell a flag.
fn belongs(c: char, before: Option<char>, after: Option<char>) -> bool {
    let (Some(before), true) = (before, is_hidden(c)) else { return false };
    match c {
        '\u{200d}' => {
            let Some(after) = after else { return false };
            (is_pictograph(before) && is_pictograph(after)) || (joins(before) && joins(after))
        }
        '\u{200c}' => joins(before) && after.is_some_and(joins),
        '\u{e0020}'..='\u{e007f}' => {
            before == '\u{1f3f4}' || matches!(before, '\u{e0020}'..='\u{e007e}')
        }
        _ => false,
    }
}

fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}')
}

/// Arabic and its kin, and the Indic scripts.
fn joins(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{18aa}')
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
    fn ordinary_text_of_any_script_is_one_run() {
        for text in [
            "a\tb\nc",
            "שלום",
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            "👩\u{200d}👧",
            "❤\u{fe0f}\u{200d}🔥",
        ] {
            assert_eq!(runs(text), [Run::Plain(text)], "{text:?}");
        }
        let flag = "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}";
        assert_eq!(runs(flag), [Run::Plain(flag)]);
        assert_eq!(runs(""), []);
    }
}
