//! Every `view!` carries a class before its markup. Without one, Leptos 0.8 sets a static subtree
//! through `innerHTML`, which Trusted Types block.

use super::Breach;
use super::source::Source;

/// `view! { class="s", …` in all of `web/src`.
pub(super) fn check(source: &Source) -> Vec<Breach> {
    if !source.path.starts_with("web/src/") {
        return Vec::new();
    }
    let views = source.code.match_indices("view!").filter(|(at, _)| {
        let before = source.code[..*at].chars().next_back();
        !before.is_some_and(|before| before.is_alphanumeric() || before == '_')
    });
    let bare = views.filter(|(at, view)| !is_classed(&source.code[at + view.len()..]));
    let breach = |(at, _)| Breach {
        path: source.path.clone(),
        line: source.line_of(at),
        wrong: "a `view!` without a class would be set through innerHTML".to_owned(),
        remedy: "write `view! { class=\"s\", …`",
    };
    bare.map(breach).collect()
}

/// Whether what follows `view!` starts with a class argument. A view's own markup starts with `<`,
/// so that a `class` here can be nothing else.
fn is_classed(after: &str) -> bool {
    let inside = after.trim_start().strip_prefix(['{', '(', '[']);
    let class = inside.and_then(|inside| inside.trim_start().strip_prefix("class"));
    class.is_some_and(|class| class.trim_start().starts_with('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_view_carries_a_class() {
        let check = |text: &str, breaches: usize| {
            assert_eq!(check(&Source::new("web/src/view/home.rs", text)).len(), breaches, "{text}");
        };
        check("view! { class=\"s\", <p>\"hi\"</p> }", 0);
        check("view! {\n    class = \"s\",\n    <p/>\n}", 0);
        check("view! { <p class=\"s\">\"hi\"</p> }", 1);
        check("view! { class=\"s\", {move || view! { <b/> }} }", 1);
        check("// view! { <b/> }\nreview! { <b/> }", 0);
    }
}
