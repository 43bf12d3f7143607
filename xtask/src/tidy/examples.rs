//! Every kind of frame has an example in `docs/PROTOCOL.md`. Whether the examples are true is for
//! `protocol/tests/examples.rs`.

use std::collections::BTreeSet;

use super::Breach;
use super::source::Source;

/// The wire's enums, and how an example of one of their variants is labelled.
const ENUMS: [(&str, &str); 3] = [
    ("ClientFrame", "hex client "),
    ("ServerFrame", "hex server "),
    ("EntryKind", "hex server Entry "),
];

/// What holds the other enum, and so is shown by the examples of that.
const SHOWN_BY_ITS_KINDS: &str = "hex server Entry";

/// Every variant has a fenced block with its label.
pub(super) fn check(sources: &[Source], document: &str) -> Vec<Breach> {
    let labels: BTreeSet<&str> =
        document.lines().filter_map(|line| line.strip_prefix("```")).map(str::trim).collect();
    let wire = sources.iter().filter(|source| source.path.starts_with("protocol/src/"));
    let mut breaches = Vec::new();
    for source in wire {
        for (name, prefix) in ENUMS {
            for (variant, at) in variants(&source.code, name) {
                let label = format!("{prefix}{variant}");
                if label != SHOWN_BY_ITS_KINDS && !labels.contains(label.as_str()) {
                    breaches.push(missing(source, at, &label));
                }
            }
        }
    }
    breaches
}

fn missing(source: &Source, at: usize, label: &str) -> Breach {
    Breach {
        path: source.path.clone(),
        line: source.line_of(at),
        wrong: format!("docs/PROTOCOL.md has no block ```{label}"),
        remedy: "add a sample to protocol/tests/examples.rs; its failure prints the block to paste",
    }
}

/// The variants of an enum, each with where it stands: the words at the enum's own depth that begin
/// a variant. Attributes are skipped.
fn variants<'a>(code: &'a str, name: &str) -> Vec<(&'a str, usize)> {
    let Some(start) = code.find(&format!("pub enum {name} {{")) else {
        return Vec::new();
    };
    let body = start + code[start..].find('{').unwrap_or(0) + 1;
    let (mut found, mut depth, mut begins) = (Vec::new(), 0_usize, true);
    let mut at = body;
    while let Some(letter) = code[at..].chars().next() {
        match letter {
            '}' if depth == 0 => break,
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => begins = true,
            _ if depth == 0 && begins && letter.is_alphabetic() => {
                let end = code[at..].find(|next: char| !next.is_alphanumeric()).unwrap_or(1);
                found.push((&code[at..at + end], at));
                (begins, at) = (false, at + end);
                continue;
            }
            _ => {}
        }
        at += letter.len_utf8();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAMES: &str = "\
        /// A frame.\n#[derive(Debug)]\npub enum ClientFrame {\n    /// One, two.\n    \
        #[serde(rename = \"x\")]\n    Create {\n        policy: Policy,\n    },\n    \
        Lock(Policy),\n    Close,\n}\n";

    #[test]
    fn a_variant_begins_after_a_comma_at_the_enums_own_depth() {
        let source = Source::new("protocol/src/a.rs", FRAMES);
        let names: Vec<_> =
            variants(&source.code, "ClientFrame").into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["Create", "Lock", "Close"]);
    }

    #[test]
    fn every_kind_of_frame_has_an_example() {
        let sources = [Source::new("protocol/src/a.rs", FRAMES)];
        let document = "```hex client Create\n00 00\n```\n\n```hex client Close\n08\n```\n";
        let breaches = check(&sources, document);
        assert_eq!(breaches.len(), 1);
        assert!(breaches[0].wrong.contains("hex client Lock"));
        assert_eq!(breaches[0].line, 9);
    }
}
