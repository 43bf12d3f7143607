//! Where in the settings file a setting stands, so that whatever is wrong with it later is told with its
//! line. Must not know what any setting means: it goes by the names of flags in what is said.

use std::path::{Path, PathBuf};

/// The settings that hold because a file says so.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lines {
    path: PathBuf,
    /// Flags without their dashes, and lines from one, in the file's order.
    named: Vec<(String, usize)>,
}

impl Lines {
    pub(crate) fn new(path: &Path, named: Vec<(String, usize)>) -> Self {
        Self { path: path.to_owned(), named }
    }

    /// What is said, and before it the file and the line, where the first flag that it names is one that
    /// the file set: what is wrong is named first, and what would help after it.
    pub(crate) fn place(&self, said: &str) -> String {
        match self.line_of(said) {
            Some(line) => format!("{}, line {line}: {said}", self.path.display()),
            None => said.to_owned(),
        }
    }

    /// Whether that flag was set there.
    pub(crate) fn set(&self, flag: &str) -> bool {
        self.named.iter().any(|(name, _)| name == flag)
    }

    /// The line of the first flag that is named in what is said.
    pub(crate) fn line_of(&self, said: &str) -> Option<usize> {
        let (_, rest) = said.split_once("--")?;
        let end = rest.find(|it: char| it != '-' && !it.is_alphanumeric()).unwrap_or(rest.len());
        let flag = rest.get(..end)?;
        self.named.iter().find(|(name, _)| name == flag).map(|(_, line)| *line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_a_flag_is_placed_at_its_line() {
        let named = [("acme", 2), ("acme-folder", 4)].map(|(name, line)| (name.to_owned(), line));
        let lines = Lines::new(Path::new("s.toml"), named.into());
        let check = |said: &str, expected: &str| assert_eq!(lines.place(said), expected);
        check("--acme needs a house", "s.toml, line 2: --acme needs a house");
        check("mend it, or --acme-folder", "s.toml, line 4: mend it, or --acme-folder");
        check("name another with --acme.", "s.toml, line 2: name another with --acme.");
        check("--acme-contact is odd", "--acme-contact is odd");
        check("--port needs --acme", "--port needs --acme");
        check("the port is in use", "the port is in use");
    }
}
