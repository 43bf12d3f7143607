//! The site in memory: every asset under a name that holds its own hash, and the page that names
//! them. A name that changes with its content may be cached for ever.

use std::fs;

use anyhow::{Context as _, Result, ensure};
use sanctuary_words::{Tongue, column};
use sha2::{Digest as _, Sha256};

use super::binding::Binding;
use crate::workspace::Workspace;

/// Hexadecimal digits of the hash in a name: 64 bits, far past any collision by accident.
const HASH_DIGITS: usize = 16;

/// The hand-written part of the site, with holes where names of built files go.
pub(super) struct Sources {
    /// The page.
    pub(super) index: String,
    /// Starts the client.
    pub(super) boot: String,
    /// Derives keys off the page's thread.
    pub(super) worker: String,
    /// Every file of `web/style`, in the order of their names.
    pub(super) style: String,
    /// The mark, for the tab.
    pub(super) icon: String,
    /// The mark, for where it is cut to another shape.
    pub(super) maskable: String,
    /// What an installed page is called and looks like.
    pub(super) manifest: String,
}

impl Sources {
    /// Reads them.
    ///
    /// # Errors
    /// When one is missing.
    pub(super) fn read(workspace: &Workspace) -> Result<Self> {
        let read = |name: &str| {
            let path = workspace.path("web").join(name);
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
        };
        Ok(Self {
            index: read("index.html")?,
            boot: read("boot.js")?,
            worker: read("worker.js")?,
            style: style(workspace)?,
            icon: read("icon.svg")?,
            maskable: read("maskable.svg")?,
            manifest: read("manifest.webmanifest")?,
        })
    }

    /// All of it, for the stamp.
    pub(super) fn parts(&self) -> [&str; 7] {
        let Self { index, boot, worker, style, icon, maskable, manifest } = self;
        [index, boot, worker, style, icon, maskable, manifest]
    }
}

fn style(workspace: &Workspace) -> Result<String> {
    let folder = workspace.path("web/style");
    let listing =
        fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut files = Vec::new();
    for file in listing {
        let path = file?.path();
        if path.extension().is_some_and(|extension| extension == "css") {
            files.push(path);
        }
    }
    files.sort();
    let read = |path| fs::read_to_string(path).context("cannot read a stylesheet");
    Ok(files.into_iter().map(read).collect::<Result<Vec<_>>>()?.join("\n"))
}

/// One file of the site.
pub(super) struct Asset {
    /// Relative to `dist/`.
    pub(super) path: String,
    /// Its content.
    pub(super) bytes: Vec<u8>,
}

/// Names everything, and fills the names in.
///
/// # Errors
/// When a source has a hole nobody fills.
pub(super) fn assemble(binding: Binding, sources: &Sources) -> Result<Vec<Asset>> {
    let mut site = Vec::new();
    let mut add = |name: &str, extension: &str, bytes: Vec<u8>| {
        let path = format!("assets/{name}-{}.{extension}", short_hash(&bytes));
        let url = format!("/{path}");
        site.push(Asset { path, bytes });
        url
    };
    let wasm = add("sanctuary", "wasm", binding.wasm);
    let script = add("sanctuary", "js", binding.script.into_bytes());
    let built = [("wasm", wasm.as_str()), ("script", script.as_str())];
    let mut started = Vec::from(built);
    let mut others = Vec::new();
    for tongue in [Tongue::German, Tongue::Arabic] {
        let name = format!("words-{}", tongue.tag());
        let url = add(&name, "json", serde_json::to_vec(&column(tongue)[..])?);
        others.push((name, url));
    }
    started.extend(others.iter().map(|(name, url)| (name.as_str(), url.as_str())));
    let boot = add("boot", "js", fill(&sources.boot, &started)?.into_bytes());
    let worker = add("worker", "js", fill(&sources.worker, &built)?.into_bytes());
    let style = add("style", "css", sources.style.clone().into_bytes());
    let icon = add("icon", "svg", sources.icon.clone().into_bytes());
    let maskable = add("maskable", "svg", sources.maskable.clone().into_bytes());
    let marks = [("icon", icon.as_str()), ("maskable", maskable.as_str())];
    let manifest = add("manifest", "webmanifest", fill(&sources.manifest, &marks)?.into_bytes());
    let holes = [
        ("wasm", wasm.as_str()),
        ("script", script.as_str()),
        ("boot", boot.as_str()),
        ("worker", worker.as_str()),
        ("style", style.as_str()),
        ("icon", icon.as_str()),
        ("manifest", manifest.as_str()),
    ];
    let index = fill(&sources.index, &holes)?.into_bytes();
    site.push(Asset { path: "index.html".to_owned(), bytes: index });
    Ok(site)
}

/// Replaces every `{{name}}`.
fn fill(template: &str, holes: &[(&str, &str)]) -> Result<String> {
    let filled = holes
        .iter()
        .fold(template.to_owned(), |text, (name, value)| text.replace(&hole(name), value));
    ensure!(!filled.contains("{{"), "a template has a hole nobody fills; the holes are {holes:?}");
    Ok(filled)
}

fn hole(name: &str) -> String {
    format!("{{{{{name}}}}}")
}

fn short_hash(bytes: &[u8]) -> String {
    let mut digits = hex(&Sha256::digest(bytes));
    digits.truncate(HASH_DIGITS);
    digits
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources() -> Sources {
        Sources {
            index: "{{boot}} {{worker}} {{style}} {{icon}} {{manifest}}".to_owned(),
            boot: "{{script}} {{wasm}} {{words-de}} {{words-ar}}".to_owned(),
            worker: "{{script}} {{wasm}}".to_owned(),
            style: "main {}".to_owned(),
            icon: "<svg/>".to_owned(),
            maskable: "<svg />".to_owned(),
            manifest: "{{icon}} {{maskable}}".to_owned(),
        }
    }

    fn paths(wasm: &[u8]) -> Vec<String> {
        let binding = Binding { wasm: wasm.to_vec(), script: "export {}".to_owned() };
        let site = assemble(binding, &sources()).unwrap();
        site.into_iter().map(|asset| asset.path).collect()
    }

    #[test]
    fn a_name_changes_exactly_when_what_it_names_changes() {
        let (before, after) = (paths(b"one"), paths(b"two"));
        let changed = |at: usize| before[at] != after[at];
        assert_eq!(before.len(), 11);
        assert!(changed(0), "the module");
        assert!(!changed(1), "its script, the same");
        assert!(!changed(2) && !changed(3), "the other languages");
        assert!(changed(4) && changed(5), "boot and worker, which name the module");
        assert!((6..10).all(|at| !changed(at)), "the style, the marks, and what names them");
        assert!(before[0].starts_with("assets/sanctuary-") && before[0].ends_with(".wasm"));
    }

    #[test]
    fn a_hole_nobody_fills_is_an_error() {
        let binding = Binding { wasm: Vec::new(), script: String::new() };
        let sources = Sources { index: "{{banner}}".to_owned(), ..sources() };
        assert!(assemble(binding, &sources).is_err());
    }
}
