//! No build for use fails on demand: the engine's feature `faults` is for tests alone.

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::Breach;

const ENGINE: &str = "sanctuary-engine";

const FAULTS: &str = "faults";

/// No package turns the feature on but for its tests, and the engine not by default.
pub(super) fn check(metadata: &Value) -> Result<Vec<Breach>> {
    let packages = metadata["packages"].as_array().context("no packages in metadata")?;
    let engine = packages.iter().find(|package| package["name"] == ENGINE);
    let engine = engine.with_context(|| format!("there is no {ENGINE}"))?;
    let by_default = holds(&engine["features"]["default"], FAULTS).then_some(ENGINE);
    let turning_on = packages.iter().filter(|package| turns_on(package));
    let names = turning_on.filter_map(|package| package["name"].as_str());
    Ok(names.chain(by_default).map(breach).collect())
}

/// Whether what a package needs for use has the engine fail on demand.
fn turns_on(package: &Value) -> bool {
    let dependencies = package["dependencies"].as_array().into_iter().flatten();
    let is_for_use = |it: &Value| it["kind"].is_null() || it["kind"] == "build";
    dependencies
        .filter(|it| it["name"] == ENGINE && is_for_use(it))
        .any(|it| holds(&it["features"], FAULTS))
}

fn holds(list: &Value, word: &str) -> bool {
    list.as_array().is_some_and(|list| list.iter().any(|it| it == word))
}

fn breach(package: &str) -> Breach {
    Breach {
        path: format!("{package}: Cargo.toml"),
        line: 1,
        wrong: format!("it builds {ENGINE} to fail on demand"),
        remedy: "turn the feature `faults` on in [dev-dependencies] alone",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn breaches(kind: &Value, features: &[&str], by_default: &[&str]) -> usize {
        let metadata = json!({"packages": [
            {"name": ENGINE, "features": {"default": by_default, FAULTS: []}, "dependencies": []},
            {"name": "other", "features": {}, "dependencies": [
                {"name": ENGINE, "kind": kind, "features": features},
            ]},
        ]});
        check(&metadata).unwrap().len()
    }

    #[test]
    fn tests_alone_have_a_server_fail_on_demand() {
        assert_eq!(breaches(&json!("dev"), &[FAULTS], &[]), 0);
        assert_eq!(breaches(&json!(null), &[], &[]), 0);
        assert_eq!(breaches(&json!(null), &[FAULTS], &[]), 1);
        assert_eq!(breaches(&json!("build"), &[FAULTS], &[]), 1);
        assert_eq!(breaches(&json!("dev"), &[], &[FAULTS]), 1);
    }
}
