//! `dist/` on disk: each asset plain, in brotli and in gzip; and what it weighs.

use std::fs::{self, File};
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context as _, Result, bail};

use super::compress;
use super::pages::Asset;
use crate::workspace::Workspace;

/// What the wasm may weigh in brotli, in bytes: a second on a slow phone's 3 Mbit/s.
const WASM_BYTES_MAX: u64 = 350_000;

/// And everything a visitor downloads: a seventh more, for scripts, style and page.
const ALL_BYTES_MAX: u64 = 400_000;

/// What a visitor downloads, in bytes of brotli.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weight {
    wasm: u64,
    all: u64,
}

/// Replaces `dist/` with the site. The page is written last: it names everything else.
///
/// # Errors
/// When the disk refuses.
pub(super) fn write(workspace: &Workspace, site: &[Asset]) -> Result<()> {
    let dist = workspace.path("dist");
    if dist.exists() {
        fs::remove_dir_all(&dist).with_context(|| format!("cannot clear {}", dist.display()))?;
    }
    fs::create_dir_all(dist.join("assets"))?;
    for Asset { path, bytes } in site {
        fs::write(dist.join(format!("{path}.br")), compress::brotli(bytes)?)?;
        fs::write(dist.join(format!("{path}.gz")), compress::gzip(bytes)?)?;
        fs::write(dist.join(path), bytes)?;
    }
    embed_again(workspace)
}

/// The server's build script watches `dist/` only if there was one when it last ran, so a first
/// `dist/` would go unnoticed: touching the script makes it look again.
fn embed_again(workspace: &Workspace) -> Result<()> {
    let script = workspace.path("engine/build.rs");
    let touched = File::options().append(true).open(&script);
    touched
        .and_then(|file| file.set_modified(SystemTime::now()))
        .with_context(|| format!("cannot touch {}", script.display()))
}

/// Whether that is within the budget.
///
/// # Errors
/// When it is not: what is too heavy, and by how much.
pub(super) fn judge(weight: Weight) -> Result<()> {
    let Weight { wasm, all } = weight;
    for (what, bytes, max) in
        [("the client's wasm", wasm, WASM_BYTES_MAX), ("everything in dist/", all, ALL_BYTES_MAX)]
    {
        if bytes > max {
            let over = bytes - max;
            bail!("{what} is {bytes} bytes in brotli, {over} over the budget of {max}");
        }
    }
    Ok(())
}

/// Says what a visitor downloads.
///
/// # Errors
/// When `dist/` cannot be read.
pub(super) fn report(workspace: &Workspace) -> Result<Weight> {
    let dist = workspace.path("dist");
    let mut files = vec![dist.join("index.html")];
    for file in fs::read_dir(dist.join("assets"))? {
        files.push(file?.path());
    }
    files.retain(|path| !path.extension().is_some_and(|end| end == "br" || end == "gz"));
    files.sort();
    let (mut plain, mut packed, mut wasm) = (0, 0, 0);
    eprintln!("{:<36} {:>9} {:>9}", "dist/", "bytes", "brotli");
    for path in files {
        let (bytes, brotli) = (size(&path)?, size(Path::new(&format!("{}.br", path.display())))?);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        eprintln!("{name:<36} {bytes:>9} {brotli:>9}");
        plain += bytes;
        packed += brotli;
        if path.extension().is_some_and(|end| end == "wasm") {
            wasm += brotli;
        }
    }
    eprintln!("{:<36} {plain:>9} {packed:>9}", "all");
    Ok(Weight { wasm, all: packed })
}

fn size(path: &Path) -> Result<u64> {
    Ok(fs::metadata(path).with_context(|| format!("cannot find {}", path.display()))?.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_over_its_budget_is_named_with_what_it_is_over_by() {
        let check = |wasm, all, expected: Option<&str>| {
            let refused = judge(Weight { wasm, all }).err().map(|error| error.to_string());
            assert_eq!(refused.as_deref(), expected);
        };
        check(0, 0, None);
        check(350_000, 400_000, None);
        let wasm = "the client's wasm is 350001 bytes in brotli, 1 over the budget of 350000";
        check(350_001, 370_000, Some(wasm));
        check(350_001, 400_001, Some(wasm));
        let all = "everything in dist/ is 412345 bytes in brotli, 12345 over the budget of 400000";
        check(345_000, 412_345, Some(all));
    }
}
