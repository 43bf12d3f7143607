//! Where things are in the workspace, and its crates as cargo describes them. Knows no task.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::child;

/// The workspace's folders.
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// The workspace this tool belongs to; started by hand, the one it stands in.
    pub(crate) fn locate() -> Result<Self> {
        let here = env::current_dir().context("there is no current folder")?;
        let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let root = package.and_then(|package| package.parent().map(Path::to_owned));
        let root = root.unwrap_or(here);
        let chosen = env::var_os("CARGO_TARGET_DIR").map(|target| root.join(target));
        Ok(Self { target: chosen.unwrap_or_else(|| root.join("target")), root })
    }

    /// A copy of the workspace in another folder, which builds into a target folder of its own.
    pub(crate) fn copied_to(root: PathBuf) -> Self {
        Self { target: root.join("target"), root }
    }

    /// A path inside the workspace.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// The workspace's own folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Where cargo builds.
    pub(crate) fn target(&self) -> PathBuf {
        self.target.clone()
    }

    /// Where this tool keeps its stamps.
    pub(crate) fn stamps(&self) -> PathBuf {
        self.target().join("xtask")
    }

    /// What `cargo metadata` says of every crate in the tree.
    pub(crate) fn metadata(&self) -> Result<Value> {
        self.described(&[])
    }

    /// The same of the crates of a workspace that lies inside this one, and of none that they need.
    pub(crate) fn metadata_within(&self, manifest: &str) -> Result<Value> {
        self.described(&["--no-deps", "--manifest-path", manifest])
    }

    fn described(&self, of: &[&str]) -> Result<Value> {
        let mut cargo = child::cargo(self);
        cargo.args(["metadata", "--format-version", "1"]).args(of);
        let described = child::output(&mut cargo)?;
        serde_json::from_slice(&described).context("cargo metadata wrote no JSON")
    }
}
