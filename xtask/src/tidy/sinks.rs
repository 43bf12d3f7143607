//! No markup is ever set as text in the page: elements are built one by one.

use super::Breach;
use super::source::Source;

/// What would parse HTML, or clone what the build parsed.
const SINKS: [&str; 6] = [
    "inner_html",
    "outer_html",
    "insert_adjacent_html",
    "create_contextual_fragment",
    "parse_from_string",
    "template!",
];

/// `web/src` uses no sink for markup.
pub(super) fn check(source: &Source) -> Vec<Breach> {
    if !source.path.starts_with("web/src/") {
        return Vec::new();
    }
    let uses = SINKS.iter().flat_map(|sink| source.code.match_indices(sink));
    let breach = |(at, sink): (usize, &str)| Breach {
        path: source.path.clone(),
        line: source.line_of(at),
        wrong: format!("`{sink}` sets markup as text"),
        remedy: "build the elements, in a `view!` or with `create_element`",
    };
    uses.map(breach).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_sets_no_markup_as_text() {
        let check = |path: &str, text: &str, breaches: usize| {
            assert_eq!(check(&Source::new(path, text)).len(), breaches, "{text}");
        };
        check("web/src/a.rs", "element.set_inner_html(text)", 1);
        check("web/src/a.rs", "view! { class=\"s\", <p inner_html=x/> }", 1);
        check("web/src/a.rs", "template! { <p/> }", 1);
        check("web/src/a.rs", "/// Never `inner_html`.\nfn a() {}", 0);
        check("xtask/src/a.rs", "element.set_inner_html(text)", 0);
    }
}
