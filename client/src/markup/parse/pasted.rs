//! HTML from a clipboard, as what a person could have typed: the formatting that messages know, and
//! the words. Whatever else it holds is dropped, so that what is pasted is what is seen and nothing
//! that comes along with it.

use super::typed_tag::comment;
use super::{Meaning, TypedTag, entity};
use crate::markup::href::strip_prefix_ignoring_case;
use crate::markup::{TYPED_BYTES_MAX, Tag};

/// Bytes of HTML that are looked through: a long document of a word processor, styles and all. What is
/// longer is hardly a message, and whoever copies from a page did not write it.
const HTML_BYTES_MAX: usize = 1024 * 1024;

/// Elements that may be open at once: it bounds what each further piece costs. Pages nest some dozens,
/// and pictures, which nothing closes, count too.
const OPEN_MAX: usize = 1_024;

/// Comments that end as they begin.
const EMPTY_COMMENTS: [&str; 2] = ["<!-->", "<!--->"];

/// Elements whose words are not the page's words.
const UNREAD: [&str; 10] =
    ["script", "style", "head", "title", "template", "svg", "math", "noscript", "iframe", "object"];

/// Elements that begin lines of their own and are no formatting.
const BLOCKS: [&str; 11] = [
    "div", "section", "article", "header", "footer", "main", "table", "tr", "form", "figure",
    "address",
];

/// Elements that stand beside each other in a line.
const CELLS: [&str; 2] = ["td", "th"];

/// What to type for the words and the formatting of a piece of HTML; `None` when it has no formatting
/// that messages know, so that its plain text says as much, or is too long to be typed, or too much to
/// be looked through. Each piece costs no more than what is open: the page stands still meanwhile.
pub fn pasted(html: &str) -> Option<String> {
    if html.len() > HTML_BYTES_MAX {
        return None;
    }
    let mut pasted = Pasted::default();
    let mut rest = html;
    while let Some(next) = rest.chars().next() {
        let taken = match next {
            '<' => pasted.markup(rest),
            _ => {
                let words = rest.split('<').next().unwrap_or_default();
                pasted.words(&entity::decoded(words));
                words.len()
            }
        };
        rest = &rest[taken..];
        if pasted.typed.len() > TYPED_BYTES_MAX || pasted.open.len() > OPEN_MAX {
            return None;
        }
    }
    pasted.finish()
}

#[derive(Default)]
struct Pasted {
    typed: String,
    /// Open elements by their names, innermost last.
    open: Vec<(String, Role)>,
    formats: Formats,
}

/// What an open element is to a message.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    Nothing,
    Lines,
    Link,
    Format(Tag),
}

/// Whether any formatting was met.
#[derive(Clone, Copy, Default, PartialEq)]
enum Formats {
    #[default]
    Unmet,
    Met,
}

impl Pasted {
    /// Takes in a tag, a comment or a lonely `<`; the bytes it took.
    fn markup(&mut self, text: &str) -> usize {
        if let Some(empty) = EMPTY_COMMENTS.iter().find(|empty| text.starts_with(**empty)) {
            return empty.len();
        }
        if text.starts_with("<!--") {
            // One that nothing ends goes on to the end, as in a browser.
            return comment(text).unwrap_or(text.len());
        }
        if text.starts_with("<!") || text.starts_with("<?") {
            return text.find('>').map_or(text.len(), |end| end + 1);
        }
        let Some(tag) = TypedTag::read(text) else {
            self.words("<");
            return 1;
        };
        let name = tag.name().to_ascii_lowercase();
        if !tag.opens() {
            self.end(&name);
            return tag.bytes;
        }
        if UNREAD.contains(&name.as_str()) {
            let inside = &text[tag.bytes..];
            let mut closing = inside.match_indices("</").map(|(at, _)| at);
            let is_its =
                |at: &usize| strip_prefix_ignoring_case(&inside[at + 2..], &name).is_some();
            return tag.bytes + closing.find(is_its).unwrap_or(inside.len());
        }
        self.begin(name, &tag);
        tag.bytes
    }

    fn begin(&mut self, name: String, tag: &TypedTag<'_>) {
        let role = match tag.meaning() {
            // In code a tag would be shown.
            _ if self.is_code() => Role::Nothing,
            Meaning::Void(Tag::Br) => return self.typed.push('\n'),
            Meaning::Void(Tag::Hr) => {
                begin_line(&mut self.typed);
                self.formats = Formats::Met;
                return self.typed.push_str("<hr>\n");
            }
            Meaning::OpenLink(href) => {
                let quoted = href.as_str().replace('&', "&amp;").replace('"', "&quot;");
                self.typed.push_str(&format!("<a href=\"{quoted}\">"));
                Role::Link
            }
            Meaning::Open(Tag::P) => Role::Lines,
            Meaning::Open(format) | Meaning::Raw(format) if !tag.is_undone() => {
                if format.is_block() {
                    begin_line(&mut self.typed);
                }
                self.typed.push_str(&format!("<{}>", format.name()));
                Role::Format(format)
            }
            _ if BLOCKS.contains(&name.as_str()) => Role::Lines,
            _ if CELLS.contains(&name.as_str()) => return self.words(" "),
            _ => Role::Nothing,
        };
        match role {
            Role::Lines => begin_line(&mut self.typed),
            Role::Link | Role::Format(_) => self.formats = Formats::Met,
            Role::Nothing => {}
        }
        self.open.push((name, role));
    }

    /// Closes the innermost element of that name, and what was left open inside it.
    fn end(&mut self, name: &str) {
        let Some(at) = self.open.iter().rposition(|(open, _)| open == name) else { return };
        for (_, role) in self.open.split_off(at).into_iter().rev() {
            match role {
                Role::Nothing => {}
                Role::Lines => begin_line(&mut self.typed),
                Role::Link => self.typed.push_str("</a>"),
                Role::Format(tag) => {
                    self.typed.push_str(&format!("</{}>", tag.name()));
                    if tag.is_block() {
                        self.typed.push('\n');
                    }
                }
            }
        }
    }

    /// White space is layout, but in a listing.
    fn words(&mut self, words: &str) {
        let is_listing = self.open.iter().any(|(_, role)| *role == Role::Format(Tag::Pre));
        for c in words.chars() {
            match c {
                '<' => self.typed.push_str("&lt;"),
                '&' => self.typed.push_str("&amp;"),
                c if c.is_whitespace() && c != '\u{a0}' && !is_listing => {
                    if !self.typed.ends_with([' ', '\n']) && !self.begins_block() {
                        self.typed.push(' ');
                    }
                }
                c => self.typed.push(c),
            }
        }
    }

    fn is_code(&self) -> bool {
        let is_raw = |role| matches!(role, Role::Format(Tag::Code | Tag::Pre));
        self.open.iter().any(|(_, role)| is_raw(*role))
    }

    /// Whether nothing stands between here and the beginning of a block, or of it all.
    fn begins_block(&self) -> bool {
        let in_block = self
            .open
            .last()
            .is_some_and(|(_, role)| matches!(role, Role::Format(tag) if tag.is_block()));
        self.typed.is_empty() || (in_block && self.typed.ends_with('>'))
    }

    fn finish(mut self) -> Option<String> {
        if let Some((outermost, _)) = self.open.first() {
            let outermost = outermost.clone();
            self.open.insert(0, (outermost.clone(), Role::Nothing));
            while !self.open.is_empty() {
                let (innermost, _) = self.open[self.open.len() - 1].clone();
                self.end(&innermost);
            }
        }
        let typed = self.typed.trim();
        (self.formats == Formats::Met && !typed.is_empty()).then(|| typed.to_owned())
    }
}

fn begin_line(typed: &mut String) {
    typed.truncate(typed.trim_end_matches(' ').len());
    if !typed.is_empty() && !typed.ends_with('\n') {
        typed.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::parse;

    #[track_caller]
    fn check(html: &str, expected: Option<&str>) {
        let typed = pasted(html);
        assert_eq!(typed.as_deref(), expected, "{html:?}");
        if let Some(typed) = typed {
            parse(&typed).unwrap();
        }
    }

    #[test]
    fn formatting_that_messages_know_is_kept_and_the_rest_dropped() {
        check("a <b class=x onclick=y>c</b> d", Some("a <b>c</b> d"));
        check("<B>a</B>", Some("<b>a</b>"));
        check("<p>a <em>b</em></p><p>c</p>", Some("a <em>b</em>\nc"));
        check("<div>a<br>b <s>c</s></div>", Some("a\nb <s>c</s>"));
        check("<ul>\n  <li> a</li>\n <li>b\n</ul>", Some("<ul>\n<li>a</li>\n<li>b </li>\n</ul>"));
        check("<table><tr><td>a</td><td><b>b</b></td></tr></table>", Some("a <b>b</b>"));
        check(
            "<pre><code>a\n  <span>b</span> &lt;c&gt;</code></pre>",
            Some("<pre>a\n  b &lt;c></pre>"),
        );
        check("a<hr>b", Some("a\n<hr>\nb"));
    }

    #[test]
    fn without_formatting_the_plain_text_says_as_much() {
        check("", None);
        check("<p>a</p>\n<p>b</p>", None);
        check("<span style='color:red'>a</span>", None);
        check("<!--StartFragment--><meta charset=utf-8>a<!--EndFragment-->", None);
        // How one word processor wraps all it copies.
        check("<b style=\"font-weight:normal;\">a</b>", None);
        check("<b></b>", Some("<b></b>"));
    }

    #[test]
    fn a_link_is_kept_with_where_it_leads_if_a_link_may_lead_there() {
        check(
            "<a href='https://a.org/?b&amp;c' target=x>d</a>",
            Some("<a href=\"https://a.org/?b&amp;c\">d</a>"),
        );
        check("<a href='javascript:alert(1)'><b>d</b></a>", Some("<b>d</b>"));
        check("<a name=x>d</a>", None);
    }

    #[test]
    fn nothing_that_comes_along_is_pasted() {
        check("<style>b{}</style><b>a</b><script>x</script>", Some("<b>a</b>"));
        check("<svg><b>no</b></svg><b>a</b>", Some("<b>a</b>"));
        check("<b>a</b><script>no end", Some("<b>a</b>"));
        check("<img src=https://a.org/x.png onerror=y><b>a</b>", Some("<b>a</b>"));
        check("<!doctype html><!-- <b>no</b> --><i>a</i>", Some("<i>a</i>"));
        check("<b>a</b><!-- <i>no</i> >", Some("<b>a</b>"));
        check("<SVG><b>no</b></Svg><b>a</b>", Some("<b>a</b>"));
        check("<b>a &lt;script&gt; & <3</b>", Some("<b>a &lt;script> &amp; &lt;3</b>"));
    }

    #[test]
    fn whatever_is_left_open_is_closed_and_what_was_never_open_is_not() {
        check("<b>a <i>b", Some("<b>a <i>b</i></b>"));
        check("<b>a</i></b></b>", Some("<b>a</b>"));
        check("<b>a</b><!--><i>b</i><!--->c", Some("<b>a</b><i>b</i>c"));
        check("<b>a <i>b</b> c</i>", Some("<b>a <i>b</i></b> c"));
    }

    #[test]
    fn what_is_too_long_to_be_typed_is_left_to_its_plain_text() {
        check(&"<b>a</b>".repeat(TYPED_BYTES_MAX), None);
    }

    #[test]
    fn what_is_too_much_to_be_looked_through_is_left_to_its_plain_text() {
        let words = "<b>a</b>";
        let html = |before: &str, times: usize| format!("{}{words}", before.repeat(times));
        check(&html("<x>", OPEN_MAX - 1), Some(words));
        check(&html("<x>", OPEN_MAX), None);
        check(&html(" ", HTML_BYTES_MAX - words.len()), Some(words));
        check(&html(" ", HTML_BYTES_MAX), None);
    }

    /// Each takes a moment; to look at the rest anew for each piece would take minutes.
    #[test]
    fn no_piece_is_looked_at_for_each_that_comes_before_it() {
        for piece in ["<svg></svg>", "<!-- >", "<x></x>", "<x></y>", "</", "<a b='\""] {
            check(&piece.repeat(HTML_BYTES_MAX / piece.len()), None);
        }
    }
}
