//! The list a release is published with, `client.sha256`: the hash of every file a browser is served,
//! as it is served. A line is the hash, two spaces, the path, and after another two spaces the coding,
//! if it is a compressed form.

use std::fmt;
use std::str::FromStr;

/// Bytes of a hash, in hexadecimal.
const HASH_DIGITS: usize = 64;

/// Lines a list may have: a release has some thirty.
const FILES_MAX: usize = 1_000;

/// Where the page is.
const PAGE: &str = "/";

/// How a file may be packed on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Coding {
    /// As it is.
    Identity,
    /// Gzip.
    Gzip,
    /// Brotli.
    Brotli,
}

impl Coding {
    /// As HTTP names it (RFC 9110 §8.4.1).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
            Self::Brotli => "br",
        }
    }

    /// The coding of that name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Identity, Self::Gzip, Self::Brotli].into_iter().find(|coding| coding.name() == name)
    }
}

/// A file as it must be served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its path, from the server's root.
    pub path: String,
    /// How it is packed.
    pub coding: Coding,
    /// Its SHA-256, in lower hexadecimal.
    pub hash: String,
}

impl fmt::Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.coding {
            Coding::Identity => f.write_str(&self.path),
            packed @ (Coding::Gzip | Coding::Brotli) => {
                write!(f, "{} ({})", self.path, packed.name())
            }
        }
    }
}

/// A whole list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List(Vec<Listed>);

/// Why a text is no list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidList {
    /// A line is not what it should be.
    #[error("line {0} is no hash and path; take the release's client.sha256 as it is published")]
    Line(usize),
    /// It does not name the page.
    #[error("the list does not name the page, `/`; take the release's client.sha256")]
    NoPage,
    /// It is too long.
    #[error("the list has more than {FILES_MAX} lines; take the release's client.sha256")]
    TooLong,
}

impl List {
    /// Its files, in its order.
    pub fn files(&self) -> &[Listed] {
        &self.0
    }

    /// What a file must be in some coding.
    pub fn hash_of(&self, path: &str, coding: Coding) -> Option<&str> {
        let found = self.0.iter().find(|it| it.path == path && it.coding == coding);
        found.map(|it| it.hash.as_str())
    }
}

impl FromStr for List {
    type Err = InvalidList;

    fn from_str(text: &str) -> Result<Self, InvalidList> {
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let mut files = Vec::new();
        for (at, line) in lines {
            files.push(listed(line).ok_or(InvalidList::Line(at + 1))?);
            if files.len() > FILES_MAX {
                return Err(InvalidList::TooLong);
            }
        }
        let list = Self(files);
        match list.hash_of(PAGE, Coding::Identity) {
            Some(_) => Ok(list),
            None => Err(InvalidList::NoPage),
        }
    }
}

fn listed(line: &str) -> Option<Listed> {
    let mut words = line.split_whitespace();
    let (hash, path) = (words.next()?, words.next()?);
    let coding = words.next().map_or(Some(Coding::Identity), Coding::named)?;
    let is_hash = hash.len() == HASH_DIGITS && hash.bytes().all(|it| it.is_ascii_hexdigit());
    // A path, and nothing by which another server could be meant.
    let is_path = path.starts_with('/') && !path.starts_with("//") && path.is_ascii();
    let whole = is_hash && is_path && words.next().is_none();
    whole.then(|| Listed { path: path.to_owned(), coding, hash: hash.to_ascii_lowercase() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_and_anything_else_is_refused_by_its_line() {
        let hash = "ab".repeat(32);
        let check = |text: &str, expected: Result<usize, InvalidList>| {
            let read = text.replace("HASH", &hash).parse::<List>();
            assert_eq!(read.map(|list| list.files().len()), expected, "{text}");
        };
        check("HASH  /\nHASH  /assets/a.js\n\nHASH  /assets/a.js  br\n", Ok(3));
        check("", Err(InvalidList::NoPage));
        check("HASH  /assets/a.js", Err(InvalidList::NoPage));
        check("HASH  /  gzip", Err(InvalidList::NoPage));
        for wrong in ["abc  /", "HASH", "HASH  a", "HASH  //x/y", "HASH  /  zip", "HASH  /  br  x"]
        {
            check(&format!("HASH  /\n{wrong}"), Err(InvalidList::Line(2)));
        }
        check(&"HASH  /\n".repeat(FILES_MAX + 1), Err(InvalidList::TooLong));
    }
}
