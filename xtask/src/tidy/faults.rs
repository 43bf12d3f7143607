//! No build for use fails on demand, has a way in beside its sockets, or seals what no rule allows: the
//! features for that are for tests alone.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::Breach;

/// Which package's feature is for tests alone.
const FOR_TESTS: [(&str, &str); 3] = [
    ("sanctuary-engine", "faults"),
    ("sanctuary-engine", "streams"),
    ("sanctuary-crypto", "dishonest"),
];

/// All of it is proof, so that nothing for use may need it.
const PROOF: &str = "sanctuary-proptests";

/// No package turns one of the features on but for its tests, and none is on by default.
pub(super) fn check(metadata: &Value) -> Result<Vec<Breach>> {
    let packages = metadata["packages"].as_array().context("no packages in metadata")?;
    let mut breaches = Vec::new();
    for (owner, feature) in FOR_TESTS {
        let package = packages.iter().find(|package| package["name"] == owner);
        let features = &package.with_context(|| format!("there is no {owner}"))?["features"];
        ensure!(features[feature].is_array(), "{owner} has no feature `{feature}`");
        let by_default = holds(&features["default"], feature).then_some(owner);
        let turning_on = packages.iter().filter(|package| package["name"] != PROOF).filter(|it| {
            needs(it, owner).any(|dependency| holds(&dependency["features"], feature))
        });
        let names = turning_on.filter_map(|package| package["name"].as_str());
        let wrong = format!("it builds {owner} with `{feature}`");
        breaches.extend(names.chain(by_default).map(|name| breach(name, &wrong)));
    }
    let needing = packages.iter().filter(|package| needs(package, PROOF).next().is_some());
    let names = needing.filter_map(|package| package["name"].as_str());
    breaches.extend(names.map(|name| breach(name, "it needs what is only proof")));
    Ok(breaches)
}

/// What a package needs of another for use.
fn needs<'a>(package: &'a Value, other: &'a str) -> impl Iterator<Item = &'a Value> {
    let dependencies = package["dependencies"].as_array().into_iter().flatten();
    let is_for_use = |it: &Value| it["kind"].is_null() || it["kind"] == "build";
    dependencies.filter(move |it| it["name"] == other && is_for_use(it))
}

fn holds(list: &Value, word: &str) -> bool {
    list.as_array().is_some_and(|list| list.iter().any(|it| it == word))
}

fn breach(package: &str, wrong: &str) -> Breach {
    Breach {
        path: format!("{package}: Cargo.toml"),
        line: 1,
        wrong: wrong.to_owned(),
        remedy: "turn what is for tests on in [dev-dependencies] alone",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Somebody needs something for `kind`, with these features.
    fn breaches(name: &str, needed: &str, kind: &Value, features: &[&str]) -> usize {
        let metadata = json!({"packages": [
            {"name": "sanctuary-engine", "features": {"faults": [], "streams": []}},
            {"name": "sanctuary-crypto", "features": {"dishonest": []}},
            {"name": name, "features": {}, "dependencies": [
                {"name": needed, "kind": kind, "features": features},
            ]},
        ]});
        check(&metadata).unwrap().len()
    }

    #[test]
    fn tests_alone_have_a_server_fail_on_demand_or_a_member_keep_no_rule() {
        for (owner, feature) in FOR_TESTS {
            let check = |name, kind: &Value, features: &[&str], expected| {
                assert_eq!(breaches(name, owner, kind, features), expected, "{name} {feature}");
            };
            check("other", &json!("dev"), &[feature], 0);
            check("other", &json!(null), &[], 0);
            check("other", &json!(null), &[feature], 1);
            check("other", &json!("build"), &[feature], 1);
            check(PROOF, &json!(null), &[feature], 0);
        }
    }

    #[test]
    fn nothing_for_use_needs_what_is_proof() {
        assert_eq!(breaches("other", PROOF, &json!("dev"), &[]), 0);
        assert_eq!(breaches("other", PROOF, &json!(null), &[]), 1);
    }

    #[test]
    fn no_feature_for_tests_is_on_by_default_or_lost() {
        let metadata = |engine: Value| {
            let crypto = json!({"name": "sanctuary-crypto", "features": {"dishonest": []}});
            json!({"packages": [{"name": "sanctuary-engine", "features": engine}, crypto]})
        };
        let by_default = json!({"default": ["faults"], "faults": [], "streams": []});
        assert_eq!(check(&metadata(by_default)).unwrap().len(), 1);
        assert!(check(&metadata(json!({"faults": []}))).is_err());
    }
}
