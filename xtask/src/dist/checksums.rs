//! What an operator, and a visitor, holds a release against: `SHA256SUMS` of what is downloaded, and
//! `client.sha256` of every file as a browser is served it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

use crate::workspace::Workspace;

/// What is downloaded, as `sha256sum --check` reads it.
pub(super) const RELEASE: &str = "SHA256SUMS";

/// What a browser is served, by its path.
pub(super) const CLIENT: &str = "client.sha256";

/// Where the page is served; every other file is served by its own path.
const PAGE: (&str, &str) = ("index.html", "/");

/// What a packed form's name ends with in `dist/`, and what HTTP calls it.
const PACKED: [(&str, &str); 2] = [(".br", "br"), (".gz", "gzip")];

/// Writes the client's list into a folder.
///
/// # Errors
/// When a file cannot be read or written.
pub(super) fn write_client(workspace: &Workspace, folder: &Path) -> Result<()> {
    Ok(fs::write(folder.join(CLIENT), of_client(&workspace.path("dist"))?)?)
}

/// Writes both.
///
/// # Errors
/// When a file cannot be read or written.
pub(super) fn write(workspace: &Workspace) -> Result<()> {
    let folder = super::folder(workspace);
    write_client(workspace, &folder)?;
    let sums = of_release(&folder)?;
    fs::write(folder.join(RELEASE), &sums)?;
    eprint!("{sums}");
    Ok(())
}

/// Everything in the release's folder, but for the list itself.
pub(super) fn of_release(folder: &Path) -> Result<String> {
    let files = files(folder)?.into_iter().filter(|name| name != RELEASE);
    let mut text = String::new();
    for name in files {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}  {name}", sha256(&folder.join(&name))?);
    }
    Ok(text)
}

/// Every file as a browser may be served it: plain, and in each packed form, which says what it is.
fn of_client(dist: &Path) -> Result<String> {
    let mut text = String::new();
    for name in files(dist)? {
        let hash = sha256(&dist.join(&name))?;
        let packed =
            PACKED.iter().find_map(|(end, coding)| Some((name.strip_suffix(end)?, coding)));
        let (plain, coding) = packed.map_or((name.as_str(), ""), |(plain, coding)| (plain, coding));
        let path = if plain == PAGE.0 { PAGE.1.to_owned() } else { format!("/{plain}") };
        let _ = writeln!(text, "{}", format!("{hash}  {path}  {coding}").trim_end());
    }
    Ok(text)
}

/// Every file below a folder, by its path from there, in order.
pub(super) fn files(folder: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut open = vec![PathBuf::from(folder)];
    while let Some(here) = open.pop() {
        let listing =
            fs::read_dir(&here).with_context(|| format!("cannot list {}", here.display()))?;
        for file in listing {
            let path = file?.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap_or(&path);
                found.push(name.to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// A file's hash, in lower hexadecimal.
pub(super) fn sha256(path: &Path) -> Result<String> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut text = String::new();
    for byte in Sha256::digest(&bytes) {
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clients_list_names_each_file_as_it_is_served_plain_and_packed() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("assets")).unwrap();
        for name in ["index.html", "index.html.br", "assets/a.js", "assets/a.js.gz"] {
            fs::write(folder.path().join(name), "abc").unwrap();
        }
        // FIPS 180-2, appendix B.1.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let expected =
            format!("{abc}  /assets/a.js\n{abc}  /assets/a.js  gzip\n{abc}  /\n{abc}  /  br\n");
        assert_eq!(of_client(folder.path()).unwrap(), expected);
    }

    #[test]
    fn the_releases_list_does_not_name_itself() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(RELEASE), "old").unwrap();
        fs::write(folder.path().join("b"), "").unwrap();
        let sums = of_release(folder.path()).unwrap();
        assert_eq!(sums.lines().count(), 1);
        assert!(sums.ends_with("  b\n"), "{sums}");
    }
}
