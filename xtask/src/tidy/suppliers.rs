//! Who else is trusted is written down: `docs/SECURITY.md` has a row for every crate that one of ours
//! names, under the heading of what it is for. Whether a row is true is for its reader.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::Breach;

/// Where the rows are.
pub(super) const DOCUMENT: &str = "docs/SECURITY.md";

/// The crates of ours that nobody but us runs.
const TOOLS: [&str; 6] = [
    "sanctuary-bench-page",
    "sanctuary-benches",
    "sanctuary-fuzz",
    "sanctuary-load",
    "sanctuary-proptests",
    "xtask",
];

/// Name, who keeps it, why it is here, what it may touch.
const CELLS: usize = 4;

/// The most that a crate is for; who ships it is asked the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Purpose {
    Shipped,
    Tools,
    Tests,
}

impl Purpose {
    const ALL: [Self; 3] = [Self::Shipped, Self::Tools, Self::Tests];

    const fn heading(self) -> &'static str {
        match self {
            Self::Shipped => "### What is shipped",
            Self::Tools => "### What builds, measures and proves",
            Self::Tests => "### What only tests use",
        }
    }

    /// A build script runs on the machine that builds, and decides what is shipped.
    fn of(package: &str, kind: &Value) -> Self {
        match kind.as_str() {
            Some("dev") => Self::Tests,
            _ if TOOLS.contains(&package) => Self::Tools,
            _ => Self::Shipped,
        }
    }
}

/// A row of the document.
#[derive(Debug, PartialEq, Eq)]
struct Row<'a> {
    line: usize,
    purpose: Purpose,
    name: &'a str,
    full: bool,
}

/// Every dependency of every member of these workspaces has its row, and every row its dependency.
pub(super) fn check(workspaces: &[&Value], document: &str) -> Result<Vec<Breach>> {
    let mut dependencies = BTreeMap::new();
    for metadata in workspaces {
        gather(metadata, &mut dependencies)?;
    }
    let rows = rows(document);
    let named: BTreeSet<_> = rows.iter().map(|row| (row.name, row.purpose)).collect();
    let missing = dependencies
        .iter()
        .filter(|(name, purpose)| !named.contains(&(name.as_str(), **purpose)))
        .map(|(name, purpose)| missing(document, name, *purpose));
    let wrong = rows.iter().filter_map(|row| {
        let (wrong, remedy) = if dependencies.get(row.name) != Some(&row.purpose) {
            ("is no dependency of this kind", "take the row out, or move it")
        } else if !row.full {
            ("says too little", "fill in each of its four cells")
        } else {
            return None;
        };
        Some(breach(row.line, format!("`{}` {wrong}", row.name), remedy))
    });
    Ok(missing.chain(wrong).collect())
}

fn missing(document: &str, name: &str, purpose: Purpose) -> Breach {
    let heading = purpose.heading();
    let line = document.lines().position(|line| line == heading).map_or(1, |at| at + 1);
    let wrong = format!("`{name}` has no row under `{heading}`");
    breach(line, wrong, "write who keeps it, why it is here and what it may touch")
}

fn breach(line: usize, wrong: String, remedy: &'static str) -> Breach {
    Breach { path: DOCUMENT.to_owned(), line, wrong, remedy }
}

/// The crates that members of a workspace name and that are not ours, each with the most it is for.
fn gather(metadata: &Value, dependencies: &mut BTreeMap<String, Purpose>) -> Result<()> {
    let members = metadata["workspace_members"].as_array().context("no members in metadata")?;
    let packages = metadata["packages"].as_array().context("no packages in metadata")?;
    for package in packages.iter().filter(|package| members.contains(&package["id"])) {
        let ours = package["name"].as_str().context("a package without a name")?;
        let theirs = package["dependencies"].as_array().into_iter().flatten();
        for dependency in theirs.filter(|dependency| !dependency["source"].is_null()) {
            let name = dependency["name"].as_str().context("a dependency without a name")?;
            let purpose = Purpose::of(ours, &dependency["kind"]);
            let most = dependencies.entry(name.to_owned()).or_insert(purpose);
            *most = purpose.min(*most);
        }
    }
    Ok(())
}

fn rows(document: &str) -> Vec<Row<'_>> {
    let (mut rows, mut here) = (Vec::new(), None);
    for (at, line) in document.lines().enumerate() {
        if line.starts_with('#') {
            here = Purpose::ALL.into_iter().find(|purpose| purpose.heading() == line);
        }
        let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
        let name = cells[0].strip_prefix('`').and_then(|name| name.strip_suffix('`'));
        if let (Some(purpose), Some(name)) = (here, name) {
            let full = cells.len() == CELLS && cells.iter().all(|cell| !cell.is_empty());
            rows.push(Row { line: at + 1, purpose, name, full });
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What one of our crates needs, by kind.
    fn metadata(package: &str, dependencies: &[(&str, Option<&str>)]) -> Value {
        let named = |(name, kind): &(&str, Option<&str>)| json!({ "name": name, "kind": kind, "source": "registry" });
        let mut named: Vec<_> = dependencies.iter().map(named).collect();
        named.push(json!({ "name": "ours-too", "kind": null, "source": null }));
        json!({
            "workspace_members": ["1"],
            "packages": [
                { "id": "1", "name": package, "dependencies": named },
                { "id": "2", "name": "theirs", "dependencies": [{ "name": "deep", "source": "registry" }] },
            ],
        })
    }

    fn document(purpose: Purpose, row: &str) -> String {
        let head = "| crate | kept by | for | may touch |\n|---|---|---|---|";
        format!(
            "## Suppliers\n\n{}\n\n{head}\n{row}\n\n## After\n\n| `x` | y |\n",
            purpose.heading()
        )
    }

    fn said(breaches: &[Breach]) -> Vec<&str> {
        breaches.iter().map(|breach| breach.wrong.as_str()).collect()
    }

    #[test]
    fn a_row_for_each_is_in_order() {
        let metadata = metadata("sanctuary-web", &[("leptos", None)]);
        let document = document(Purpose::Shipped, "| `leptos` | its author | views | the page |");
        assert_eq!(check(&[&metadata], &document).unwrap(), []);
    }

    #[test]
    fn a_dependency_has_a_row_and_a_row_a_dependency() {
        let metadata = metadata("sanctuary-web", &[("leptos", None)]);
        let document = document(Purpose::Shipped, "| `yew` | its author | views | the page |");
        let breaches = check(&[&metadata], &document).unwrap();
        let missing = "`leptos` has no row under `### What is shipped`";
        assert_eq!(said(&breaches), [missing, "`yew` is no dependency of this kind"]);
        assert_eq!(breaches.iter().map(|breach| breach.line).collect::<Vec<_>>(), [3, 7]);
    }

    #[test]
    fn a_row_stands_under_the_most_that_a_crate_is_for() {
        let shipped =
            metadata("sanctuary-engine", &[("tokio", Some("dev")), ("cc", Some("build"))]);
        let tools = metadata("sanctuary-fuzz", &[("tokio", None)]);
        let mut dependencies = BTreeMap::new();
        for metadata in [&shipped, &tools] {
            gather(metadata, &mut dependencies).unwrap();
        }
        let most = |name: &str| dependencies.get(name).copied();
        assert_eq!(most("tokio"), Some(Purpose::Tools));
        assert_eq!(most("cc"), Some(Purpose::Shipped));
        assert_eq!(dependencies.len(), 2);
    }

    #[test]
    fn a_row_says_all_it_is_asked() {
        let metadata = metadata("xtask", &[("tar", None)]);
        for row in ["| `tar` | its author | archives | |", "| `tar` | its author | archives |"] {
            let breaches = check(&[&metadata], &document(Purpose::Tools, row)).unwrap();
            assert_eq!(said(&breaches), ["`tar` says too little"], "{row}");
        }
    }
}
