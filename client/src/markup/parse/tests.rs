//! What each way of typing becomes. The tree is written as HTML here, its text escaped.

use super::*;
use crate::markup::{DEPTH_MAX, Href, NODES_MAX, TEXT_BYTES_MAX, plain};

fn html(nodes: &[Node]) -> String {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let piece = |node: &Node| match node {
        Node::Text(text) => escaped(text),
        Node::Element { tag, .. } if tag.is_void() => format!("<{}>", tag.name()),
        Node::Element { tag, children } => {
            format!("<{0}>{1}</{0}>", tag.name(), html(children))
        }
        Node::Link { href, children } => format!("<a {}>{}</a>", href.as_str(), html(children)),
    };
    nodes.iter().map(piece).collect()
}

fn check(cases: &[(&str, &str)]) {
    for (typed, expected) in cases {
        assert_eq!(html(parse(typed).unwrap().nodes()), *expected, "{typed:?}");
    }
}

/// These are shown as they were typed, in one piece.
fn check_inert(cases: &[&str]) {
    for typed in cases {
        assert_eq!(parse(typed).unwrap().nodes(), [Node::Text((*typed).to_owned())], "{typed:?}");
    }
}

#[test]
fn ordinary_text_stays_as_it_is() {
    check_inert(&[
        "hello",
        " two  spaces ",
        "I <3 you",
        "a < b > c",
        "a<b",
        "1 * 2 * 3",
        "2*3*4",
        "snake_case_name and __init__",
        "~5 minutes, ~~ hm",
        "what the ****",
        "* an item",
        "AT&T &c; &;&#;&#x;&bogus;&#xD800;&#0;&#+5;",
        ">_< and >>> prompt",
        ">",
        "`",
        "``` ``",
        "**",
        "**open",
        "*a **b _c ~~d",
        "close** it*",
        "¯\\_(ツ)_/¯",
        "C:\\*.*",
        "你好，世界 שלום",
        "a\tb",
    ]);
    check(&[("", ""), ("\u{202e}x", "\u{202e}x")]);
}

#[test]
fn formatting_tags_become_elements() {
    check(&[
        ("<b>a</b>", "<b>a</b>"),
        ("<STRONG class='x' onclick=\"y()\">a</Strong >", "<strong>a</strong>"),
        ("a<br>b<br/>c<wbr />d<hr>", "a<br>b<br>c<wbr>d<hr>"),
        ("<h1>a</h1><p>b", "<h1>a</h1><p>b</p>"),
        ("<ul><li>a<li>b</ul>c", "<ul><li>a</li><li>b</li></ul>c"),
        ("<dl><dt>a<dd>b<dt>c</dl>", "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>"),
        ("<ruby>漢<rp>(<rt>kan<rp>)</ruby>", "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<q>a <sub>b</sub></q>", "<q>a <sub>b</sub></q>"),
    ]);
    for tag in Tag::ALL.iter().filter(|tag| !tag.is_void()) {
        let name = tag.name();
        let typed = format!("<{name}>a</{name}>");
        assert_eq!(html(parse(&typed).unwrap().nodes()), typed);
    }
}

#[test]
fn tags_that_cross_or_never_close_are_made_whole() {
    check(&[
        ("<b>a<i>b", "<b>a<i>b</i></b>"),
        ("<b>a<i>b</b>c</i>d", "<b>a<i>b</i></b><i>c</i>d"),
        ("<b><i>a</b></i>", "<b><i>a</i></b>"),
        ("<b><ul><li>a</b>b", "<b><ul><li>a</li></ul></b>b"),
        ("a</b>c", "a&lt;/b&gt;c"),
        ("</br>", "&lt;/br&gt;"),
        ("<b/>a", "&lt;b/&gt;a"),
        ("*a <b>b* c</b>", "*a <b>b* c</b>"),
        ("<b>*a</b>*", "<b>*a</b>*"),
        ("**<b>a</b>**", "<strong><b>a</b></strong>"),
    ]);
}

#[test]
fn whatever_could_run_load_or_disguise_is_shown_as_typed() {
    check_inert(&[
        "<script>alert(1)</script>",
        "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>",
        "<img src=x onerror=alert(1)>",
        "<img src='http://evil.example/a.png'>",
        "<img src=javascript:alert(1)>",
        "<img>",
        "<svg onload=alert(1)>",
        "<svg><animate onbegin=alert(1) attributeName=x>",
        "<math><mtext><mglyph><style>",
        "<style>*{display:none}</style>",
        "<iframe srcdoc='&lt;script&gt;'></iframe>",
        "<a href=javascript:alert(1)>x</a>",
        "<a href='java&#10;script:alert(1)'>x</a>",
        "<a href=\"data:text/html,x\">x</a>",
        "<a href='https://good.example@evil.example'>x</a>",
        "<a>x</a>",
        "<input autofocus onfocus=alert(1)>",
        "<form action=https://evil.example><button>",
        "<meta http-equiv=refresh content='0;url=//evil.example'>",
        "<base href=//evil.example>",
        "<template><b-x></b-x></template>",
        "<!-- a comment <b> -->",
        "<!DOCTYPE html>",
        "<?php x ?>",
        "<b",
        "<b onclick='",
        "< b>",
        "<\u{0}b>",
        "<div style='position:fixed'>",
    ]);
    check(&[
        ("<b onmouseover=alert(1)>x</b>", "<b>x</b>"),
        ("<p style='position:fixed'>x", "<p>x</p>"),
        ("<<b>x</b>", "&lt;<b>x</b>"),
        ("<b <i>x</i>", "&lt;b <i>x</i>"),
        ("&lt;script&gt;", "&lt;script&gt;"),
        ("<scr<b>ipt>", "&lt;scr<b>ipt&gt;</b>"),
        ("<a href=https://a.org onclick=x>y</a>", "<a https://a.org>y</a>"),
    ]);
}

#[test]
fn links_lead_where_they_say() {
    check(&[
        ("<a href=\"https://a.org/?x=1&amp;y=2\">b</a>", "<a https://a.org/?x=1&y=2>b</a>"),
        ("<A HREF='mailto:a@b.org'><b>c</b></A>", "<a mailto:a@b.org><b>c</b></a>"),
        ("<a href=https://a.org></a>", "<a https://a.org>https://a.org</a>"),
        (
            "<a href=https://a.org>x <a href=https://b.org>y</a>",
            "<a https://a.org>x &lt;a href=https://b.org&gt;y</a>",
        ),
        ("<a href=https://a.org>https://b.org", "<a https://a.org>https://b.org</a>"),
        (
            "<a href=https://a.org>x\n> https://b.org",
            "<a https://a.org>x<blockquote>https://b.org</blockquote></a>",
        ),
    ]);
}

#[test]
fn a_picture_is_a_link_with_its_name() {
    check(&[
        ("<img src=https://a.org/c.png alt='a cat'>", "<a https://a.org/c.png>a cat</a>"),
        (
            "<img alt=' ' src=https://a.org/c.png />",
            "<a https://a.org/c.png>https://a.org/c.png</a>",
        ),
        (
            "<a href=https://a.org>x<img src=https://b.org></a>",
            "<a https://a.org>x&lt;img src=https://b.org&gt;</a>",
        ),
    ]);
}

#[test]
fn bare_addresses_become_links() {
    let link =
        |address: &str| format!("<a {}>{address}</a>", Href::parse(address).unwrap().as_str());
    for (typed, before, address, after) in [
        ("https://a.org", "", "https://a.org", ""),
        ("see https://a.org/x_y_z*.", "see ", "https://a.org/x_y_z", "*."),
        ("(https://a.org/b)", "(", "https://a.org/b", ")"),
        ("https://a.org/B_(c)?!", "", "https://a.org/B_(c)", "?!"),
        ("HTTPS://A.org, b", "", "HTTPS://A.org", ", b"),
        ("at https://a.org。", "at ", "https://a.org", "。"),
        ("mailto:a.b@c.org.", "", "mailto:a.b@c.org", "."),
    ] {
        assert_eq!(
            html(parse(typed).unwrap().nodes()),
            format!("{before}{}{after}", link(address))
        );
    }
    check(&[
        ("<https://a.org>", "&lt;<a https://a.org>https://a.org</a>&gt;"),
        ("write ann+x@a.org!", "write <a mailto:ann+x@a.org>ann+x@a.org</a>!"),
        ("**https://a.org**", "<strong><a https://a.org>https://a.org</a></strong>"),
        ("https://a.org\nb", "<a https://a.org>https://a.org</a><br>b"),
    ]);
    check_inert(&[
        "http://a.org",
        "xhttps://a.org",
        "https://",
        "https://a:b@c.org",
        "https://аpple.com",
        "@ann 3@4 a@b mailto:",
        "javascript:alert(1)",
    ]);
}

#[test]
fn markdown_marks_become_elements() {
    check(&[
        ("**a**", "<strong>a</strong>"),
        ("*a* _b_", "<em>a</em> <em>b</em>"),
        ("~~a~~", "<del>a</del>"),
        ("***a***", "<strong><em>a</em></strong>"),
        ("**a *b***", "<strong>a <em>b</em></strong>"),
        ("*a **b** c*", "<em>a <strong>b</strong> c</em>"),
        ("*a **b* c**", "<em>a **b</em> c**"),
        ("_snake_case_", "<em>snake_case</em>"),
        ("(*a*), \"_b_\"", "(<em>a</em>), \"<em>b</em>\""),
        ("这是**粗体**文字", "这是<strong>粗体</strong>文字"),
        ("**a\nb**", "<strong>a<br>b</strong>"),
        ("*a\n> b*", "*a<blockquote>b*</blockquote>"),
        ("&#42;a*", "*a*"),
        ("\\**a**", "\\**a**"),
    ]);
}

#[test]
fn nothing_is_parsed_inside_code() {
    check(&[
        ("`a`", "<code>a</code>"),
        ("`<b>**x** &lt; https://a.org`", "<code>&lt;b&gt;**x** &amp;lt; https://a.org</code>"),
        ("``a`b``", "<code>a`b</code>"),
        ("`` ` ``", "<code>`</code>"),
        ("`a\nb`", "<code>a<br>b</code>"),
        ("```a```", "<pre><code>a</code></pre>"),
        ("```\na\n  **b**\n```", "<pre><code>a\n  **b**</code></pre>"),
        ("x\n```rust\na\n```\ny", "x<pre><code>a</code></pre>y"),
        ("````\n```\n````", "<pre><code>```</code></pre>"),
        ("```\nnever closed\n", "<pre><code>never closed</code></pre>"),
        ("<code>*a* <b>&lt;</b></code>b", "<code>*a* &lt;b&gt;&lt;&lt;/b&gt;</code>b"),
        ("<code>a", "<code>a</code>"),
        ("<pre>\na\n b</PRE >c", "<pre>a\n b</pre>c"),
        ("<pre><code>a\n<i></code></pre>", "<pre><code>a\n&lt;i&gt;</code></pre>"),
    ]);
}

#[test]
fn quotes_and_lines_keep_their_shape() {
    check(&[
        ("a\nb\n\nc", "a<br>b<br><br>c"),
        ("a\r\nb", "a<br>b"),
        ("> a\n> b", "<blockquote>a<br>b</blockquote>"),
        ("x\n> a\ny", "x<blockquote>a</blockquote>y"),
        ("> > a\n> b", "<blockquote><blockquote>a</blockquote>b</blockquote>"),
        ("> **a**\n>\n> b", "<blockquote><strong>a</strong><br><br>b</blockquote>"),
        ("a > b", "a &gt; b"),
        ("<ul>\n<li>a</li>\n<li>b</li>\n</ul>\nc", "<ul><li>a</li><li>b</li></ul>c"),
        ("a\n<h2>b</h2>\nc", "a<h2>b</h2>c"),
    ]);
}

#[test]
fn entities_are_read_once() {
    check(&[
        ("&lt;b&gt; &amp;lt; &quot;&apos;&#39;", "&lt;b&gt; &amp;lt; \"''"),
        ("&nbsp;&#x1F431;&#X41;", "\u{a0}\u{1f431}A"),
        ("&#x202e;x", "\u{202e}x"),
    ]);
}

#[test]
fn too_much_is_refused_and_never_cut() {
    let refused = |typed: String, why| assert_eq!(parse(&typed), Err(why));
    refused("<b>".repeat(DEPTH_MAX + 1), MarkupError::TooDeep);
    refused(format!("{}x", "> ".repeat(DEPTH_MAX + 1)), MarkupError::TooDeep);
    refused(format!("{}`x`", "<b>".repeat(DEPTH_MAX)), MarkupError::TooDeep);
    refused(format!("{}*x*", "<b>".repeat(DEPTH_MAX)), MarkupError::TooDeep);
    refused("\n".repeat(NODES_MAX + 1), MarkupError::TooMany);
    refused("x".repeat(TEXT_BYTES_MAX + 1), MarkupError::TooLong);
    refused("<b>".repeat(TYPED_BYTES_MAX), MarkupError::TooLong);
    assert!(parse(&"<b>".repeat(DEPTH_MAX)).is_ok());
    assert!(parse(&format!("```\n{}\n```", "x\n".repeat(NODES_MAX))).is_ok());
}

#[test]
fn beginnings_that_never_end_are_text_however_many() {
    let mut typed: Vec<String> =
        ["<", "</", "<b ", "<b x='", "<!--", "*a ", "_a ~~b ", "&", "https://)", "a@", "\\"]
            .map(|piece| piece.repeat(TEXT_BYTES_MAX / piece.len()))
            .to_vec();
    typed.push((1..150).map(|ticks| "`".repeat(ticks) + " ").collect());
    for typed in typed {
        assert_eq!(plain(&parse(&typed).unwrap()), typed);
    }
}
