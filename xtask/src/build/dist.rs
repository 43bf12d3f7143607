//! `dist/` on disk: each asset plain, in brotli and in gzip; and what it weighs.

use std::fs::{self, File};
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context as _, Result};

use super::compress;
use super::pages::Asset;
use crate::workspace::Workspace;

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

/// Says what a visitor downloads.
pub(super) fn report(workspace: &Workspace) -> Result<()> {
    let dist = workspace.path("dist");
    let mut files = vec![dist.join("index.html")];
    for file in fs::read_dir(dist.join("assets"))? {
        files.push(file?.path());
    }
    files.retain(|path| !path.extension().is_some_and(|end| end == "br" || end == "gz"));
    files.sort();
    let (mut plain, mut packed) = (0, 0);
    eprintln!("{:<36} {:>9} {:>9}", "dist/", "bytes", "brotli");
    for path in files {
        let (bytes, brotli) = (size(&path)?, size(Path::new(&format!("{}.br", path.display())))?);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        eprintln!("{name:<36} {bytes:>9} {brotli:>9}");
        plain += bytes;
        packed += brotli;
    }
    eprintln!("{:<36} {plain:>9} {packed:>9}", "all");
    Ok(())
}

fn size(path: &Path) -> Result<u64> {
    Ok(fs::metadata(path).with_context(|| format!("cannot find {}", path.display()))?.len())
}
