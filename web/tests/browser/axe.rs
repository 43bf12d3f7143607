//! What keeps people out of a page, as far as axe-core finds it: names that are missing, contrasts that
//! are too low, roles that are wrong. It is put into the page from outside, past the page's policy.

use std::path::PathBuf;

use crate::house::House;
use crate::window::Window;

/// Fails where axe-core finds anything against WCAG 2.2 at level AA, or its own best practices.
pub(crate) async fn check_access(window: &Window, screen: &str) {
    let found = violations(window).await;
    assert!(found.is_empty(), "{screen}: {found:#?}");
}

async fn violations(window: &Window) -> Vec<String> {
    if window.eval("return window.axe === undefined").await == true {
        window.eval(&source()).await;
    }
    let found = window.eval(RUN).await;
    serde_json::from_value(found).unwrap()
}

/// Which rule, and the first elements that break it.
const RUN: &str = "
    return axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
        violations.map(({ id, help, nodes }) => [
            id, help, ...nodes.slice(0, 3).map((node) => `${node.html} ${node.failureSummary}`),
        ].join(' | ')))
";

/// `cargo xtask test` puts it under the target folder.
fn source() -> String {
    let tests = std::env::current_exe().unwrap();
    let target = tests.ancestors().nth(3).unwrap();
    let path: PathBuf = target.join("axe/node_modules/axe-core/axe.min.js");
    let source = std::fs::read_to_string(&path);
    source.unwrap_or_else(|error| panic!("{}: {error}: cargo xtask test brings it", path.display()))
}

#[tokio::test]
async fn what_keeps_people_out_is_found() {
    let mut house = House::open().await;
    let window = house.window().await;
    window.find("#alias").await;
    check_access(&window, "home").await;
    window.eval("document.querySelector('label[for=alias]').remove()").await;
    let found = violations(&window).await;
    assert!(found.iter().any(|found| found.starts_with("label")), "{found:?}");
    house.close().await;
}
