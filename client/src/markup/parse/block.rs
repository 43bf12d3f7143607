//! What only begins at the start of a line: quotes, fenced code. Finds where it ends, and reads
//! nothing inside.

use super::{TypedTag, run_length};

/// Lines that begin with `> `.
pub(super) struct Quote {
    /// The lines without their `> `.
    pub(super) inner: String,
    pub(super) bytes: usize,
}

/// Lines between two of ```` ``` ````.
pub(super) struct Fence<'t> {
    pub(super) body: &'t str,
    pub(super) bytes: usize,
}

/// The quote a text begins with. Without its space, `>` begins a face (`>_<`) or a prompt (`>>>`).
pub(super) fn quote(text: &str) -> Option<Quote> {
    text.strip_prefix("> ")?;
    let mut inner = String::new();
    let mut bytes = 0;
    for line in text.split_inclusive('\n') {
        let content = line.strip_suffix('\n').unwrap_or(line);
        let Some(quoted) = content.strip_prefix("> ").or((content == ">").then_some("")) else {
            break;
        };
        if bytes > 0 {
            inner.push('\n');
        }
        inner.push_str(quoted);
        bytes += line.len();
    }
    Some(Quote { inner, bytes })
}

/// The fenced code a text begins with; without a closing line it goes on to the end. The first line
/// may name a language, which is not shown.
pub(super) fn fence(text: &str) -> Option<Fence<'_>> {
    let ticks = run_length(text, '`');
    let (first, _) = text.split_once('\n')?;
    if ticks < 3 || first[ticks..].contains('`') {
        return None;
    }
    let start = first.len() + 1;
    let mut end = start;
    for line in text[start..].split_inclusive('\n') {
        let content = line.trim_end();
        if run_length(content, '`') >= ticks && content.trim_start_matches('`').is_empty() {
            return Some(Fence { body: body(&text[start..end]), bytes: end + line.len() });
        }
        end += line.len();
    }
    Some(Fence { body: body(&text[start..]), bytes: text.len() })
}

fn body(lines: &str) -> &str {
    lines.strip_suffix('\n').unwrap_or(lines)
}

/// Whether the next line begins with a block, or ends one.
pub(super) fn begins(text: &str) -> bool {
    text.starts_with("> ")
        || (text.starts_with("```") && fence(text).is_some())
        || (text.starts_with('<') && TypedTag::read(text).is_some_and(|tag| tag.is_block()))
}
