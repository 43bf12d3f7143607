//! Every file says first what it is, and what it must not know.

use super::Breach;
use super::source::Source;

/// A file opens with `//!`.
pub(super) fn check(source: &Source) -> Option<Breach> {
    let opened = source.text.lines().next().is_some_and(|first| first.starts_with("//!"));
    (!opened).then(|| Breach {
        path: source.path.clone(),
        line: 1,
        wrong: "the file does not open with `//!`".to_owned(),
        remedy: "say in its first line what it is, and what it must not know",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_opens_with_what_it_is() {
        let check = |text: &str| check(&Source::new("x.rs", text)).is_none();
        assert!(check("//! A room.\n\nuse x;\n"));
        assert!(!check("use x;\n//! A room.\n"));
        assert!(!check(""));
    }
}
