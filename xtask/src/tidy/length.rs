//! A file is read in a sitting, or says why not.

use super::Breach;
use super::source::Source;

/// Past this a file says why.
const LINES_MAX: usize = 400;

/// What the reason starts with, in the file's `//!`.
const REASON: &str = "lines because";

/// A file past 400 lines gives its reason.
pub(super) fn check(source: &Source) -> Option<Breach> {
    let lines = source.text.lines().count();
    let excused = source.text.lines().any(|line| line.starts_with("//!") && line.contains(REASON));
    (lines > LINES_MAX && !excused).then(|| Breach {
        path: source.path.clone(),
        line: lines,
        wrong: format!("the file has {lines} lines, and past {LINES_MAX} it says why"),
        remedy: "split it along a noun, or say in its `//!`: this many lines because …",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_file_says_why() {
        let check = |text: String| check(&Source::new("x.rs", &text)).is_none();
        assert!(check("\n".repeat(400)));
        assert!(!check("\n".repeat(401)));
        assert!(check(format!("//! This many lines because of a table.\n{}", "\n".repeat(400))));
        assert!(!check(format!("// lines because\n{}", "\n".repeat(400))));
    }
}
