//! Every version is exact: an upgrade is a change somebody reads.

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::Breach;

/// Every dependency of a member that comes from a registry is pinned with `=`. The manifest is the
/// workspace's own, at `path`.
pub(super) fn check(metadata: &Value, path: &str, manifest: &str) -> Result<Vec<Breach>> {
    let members = metadata["workspace_members"].as_array().context("no members in metadata")?;
    let packages = metadata["packages"].as_array().context("no packages in metadata")?;
    let ours = packages.iter().filter(|package| members.contains(&package["id"]));
    let mut loose: Vec<(String, String)> = ours
        .filter_map(|package| package["dependencies"].as_array())
        .flatten()
        .filter(|dependency| !dependency["source"].is_null())
        .filter_map(|dependency| Some((text(&dependency["name"])?, text(&dependency["req"])?)))
        .filter(|(_, version)| !version.starts_with('='))
        .collect();
    loose.sort();
    loose.dedup();
    let breach = |(name, version): (String, String)| Breach {
        path: path.to_owned(),
        line: line_of(manifest, &name),
        wrong: format!("`{name}` may be any version of {version}"),
        remedy: "pin it as `=x.y.z`, in [workspace.dependencies] where there are any",
    };
    Ok(loose.into_iter().map(breach).collect())
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// The line that gives a dependency, from 1; the first when another manifest gives it.
fn line_of(manifest: &str, name: &str) -> usize {
    let gives =
        |line: &str| line.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with('='));
    manifest.lines().position(gives).map_or(1, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_version_is_exact() {
        let metadata = json!({
            "workspace_members": ["ours"],
            "packages": [
                { "id": "ours", "dependencies": [
                    { "name": "pinned", "req": "=1.0.0", "source": "registry" },
                    { "name": "loose", "req": "^1.0.0", "source": "registry" },
                    { "name": "beside", "req": "*", "source": null },
                ] },
                { "id": "theirs", "dependencies": [
                    { "name": "other", "req": "^1.0.0", "source": "registry" },
                ] },
            ],
        });
        let breaches = check(&metadata, "Cargo.toml", "[dependencies]\nloose = \"1\"\n").unwrap();
        assert_eq!(breaches.len(), 1);
        assert_eq!(breaches[0].line, 2);
        assert!(breaches[0].wrong.contains("`loose`"));
    }
}
