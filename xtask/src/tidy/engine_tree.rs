//! The server learns nothing: no way leads from the engine to the cipher or the client.

use std::collections::{BTreeMap, VecDeque};

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::Breach;

const ENGINE: &str = "sanctuary-engine";

/// What the engine must not reach.
const FORBIDDEN: [&str; 2] = ["sanctuary-crypto", "sanctuary-client"];

/// The engine's normal dependencies, all the way down, hold neither.
pub(super) fn check(metadata: &Value) -> Result<Vec<Breach>> {
    let packages = metadata["packages"].as_array().context("no packages in metadata")?;
    let name_of: BTreeMap<&str, &str> = packages
        .iter()
        .filter_map(|package| Some((package["id"].as_str()?, package["name"].as_str()?)))
        .collect();
    let nodes = metadata["resolve"]["nodes"].as_array().context("no tree in metadata")?;
    let needs: BTreeMap<&str, Vec<&str>> = nodes
        .iter()
        .filter_map(|node| Some((node["id"].as_str()?, normal_dependencies(node))))
        .collect();
    let engine = name_of.iter().find(|(_, name)| **name == ENGINE);
    let (engine, _) = engine.with_context(|| format!("there is no {ENGINE}"))?;
    Ok(reached(engine, &needs)
        .into_iter()
        .filter(|way| {
            let last = way.last().and_then(|id| name_of.get(id));
            last.is_some_and(|name| FORBIDDEN.contains(name))
        })
        .map(|way| {
            breach(&way.iter().filter_map(|id| name_of.get(id)).copied().collect::<Vec<_>>())
        })
        .collect())
}

/// What a package needs when it is built for use; not for its build script or its tests.
fn normal_dependencies(node: &Value) -> Vec<&str> {
    let is_normal = |dependency: &&Value| {
        let kinds = dependency["dep_kinds"].as_array();
        kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null()))
    };
    let dependencies = node["deps"].as_array().into_iter().flatten().filter(is_normal);
    dependencies.filter_map(|dependency| dependency["pkg"].as_str()).collect()
}

/// Every package that can be reached, with the shortest way to it.
fn reached<'a>(start: &'a str, needs: &BTreeMap<&'a str, Vec<&'a str>>) -> Vec<Vec<&'a str>> {
    let mut ways = BTreeMap::from([(start, vec![start])]);
    let mut open = VecDeque::from([start]);
    while let Some(here) = open.pop_front() {
        let way = ways.get(here).cloned().unwrap_or_default();
        for next in needs.get(here).into_iter().flatten() {
            if !ways.contains_key(next) {
                ways.insert(next, way.iter().chain([next]).copied().collect());
                open.push_back(next);
            }
        }
    }
    ways.into_values().collect()
}

fn breach(way: &[&str]) -> Breach {
    Breach {
        path: "engine/Cargo.toml".to_owned(),
        line: 1,
        wrong: format!("the engine reaches the cipher's side: {}", way.join(" → ")),
        remedy: "the server must learn nothing: move what it needs to `protocol`",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check_with(kind: &Value) -> Vec<Breach> {
        let needs =
            |id: &str, kind: &Value| json!([{ "pkg": id, "dep_kinds": [{ "kind": kind }] }]);
        let metadata = json!({
            "packages": [
                { "id": "1", "name": "sanctuary-engine" },
                { "id": "2", "name": "middle" },
                { "id": "3", "name": "sanctuary-crypto" },
            ],
            "resolve": { "nodes": [
                { "id": "1", "deps": needs("2", &Value::Null) },
                { "id": "2", "deps": needs("3", kind) },
                { "id": "3", "deps": [] },
            ] },
        });
        check(&metadata).unwrap()
    }

    #[test]
    fn the_engine_does_not_reach_the_cipher() {
        let breaches = check_with(&Value::Null);
        assert_eq!(breaches.len(), 1);
        assert!(breaches[0].wrong.contains("sanctuary-engine → middle → sanctuary-crypto"));
    }

    #[test]
    fn a_test_may_use_what_the_engine_may_not() {
        assert!(check_with(&json!("dev")).is_empty());
    }
}
