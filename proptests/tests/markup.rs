//! Whatever is typed and whatever arrives: markup and commands stay within their limits, lose
//! nothing, and never panic.

use proptest::prelude::*;
use sanctuary_client::command::{self, complete};
use sanctuary_client::markup::{
    DEPTH_MAX, ENCODED_BYTES_MAX, Markup, NODES_MAX, Node, Run, TEXT_BYTES_MAX, parse, plain, runs,
};
use sanctuary_crypto::Alias;
use sanctuary_protocol::MemberId;

/// Pieces that mean something somewhere, which random characters hardly ever line up into.
fn piece() -> impl Strategy<Value = String> {
    let known = "<b>|</b>|<i>|</i>|<ul>|<li>|</ul>|<p>|<br>|<hr/>|<pre>|</pre>|<code>|</code>|<ruby>|<rt>|\
                 <script>|</script>|<img src=https://a.org/b alt='c'>|<a href='https://a.org'>|</a>|\
                 <a href=javascript:x>|<!--|-->|<b x='|\">|<svg onload=x>|\n> |\n```\n|\n|> |```|``|`|\
                 **|***|*|_|~~|\\|&lt;|&#x202e;|&|;|https://a.org/(x).|mailto:a@b.org|a@b.org|@Ann |\
                 /purr |/kick |/|//|\"|\u{202e}|\u{200b}|é|🐱| |word";
    let known: Vec<String> = known.split('|').map(str::to_owned).collect();
    prop_oneof![8 => proptest::sample::select(known), 1 => ".{0,4}", 1 => "[ -~]{0,8}"]
}

fn typed() -> impl Strategy<Value = String> {
    proptest::collection::vec(piece(), 0..80).prop_map(|pieces| pieces.concat())
}

#[derive(Default)]
struct Measure {
    depth: usize,
    nodes: usize,
    text_bytes: usize,
}

/// An independent count of what the limits are about.
fn measure(nodes: &[Node], depth: usize, total: &mut Measure) {
    total.depth = total.depth.max(depth);
    for node in nodes {
        total.nodes += 1;
        match node {
            Node::Text(text) => total.text_bytes += text.len(),
            Node::Element { tag, children } => {
                assert!(!tag.is_void() || children.is_empty());
                measure(children, depth + 1, total);
            }
            Node::Link { href, children } => {
                assert!(["https://", "mailto:"].iter().any(|it| href.as_str().starts_with(it)));
                assert!(!href.host().is_empty());
                total.text_bytes += href.as_str().len();
                measure(children, depth + 1, total);
            }
        }
    }
}

fn assert_within_limits(markup: &Markup) {
    let mut total = Measure::default();
    measure(markup.nodes(), 0, &mut total);
    assert!(total.depth <= DEPTH_MAX && total.nodes <= NODES_MAX);
    assert!(total.text_bytes <= TEXT_BYTES_MAX);
    assert!(markup.encode().len() <= ENCODED_BYTES_MAX);
}

fn with_roster<T>(run: impl Fn(MemberId, &[(MemberId, &Alias)]) -> T) -> T {
    let names = ["Me", "Ann", "Ann B", "Zoë", "ann"];
    let aliases: Vec<Alias> = names.into_iter().flat_map(Alias::new).collect();
    let roster: Vec<_> = (0..).map(MemberId).zip(&aliases).collect();
    run(MemberId(0), &roster)
}

proptest! {
    #![proptest_config(sanctuary_proptests::config("markup"))]

    #[test]
    fn whatever_is_typed_is_refused_or_within_the_limits(typed in typed()) {
        if let Ok(markup) = parse(&typed) {
            assert_within_limits(&markup);
        }
    }

    #[test]
    fn every_message_reads_back_from_its_bytes(typed in typed()) {
        if let Ok(markup) = parse(&typed) {
            prop_assert_eq!(Markup::decode(&markup.encode()), Ok(markup));
        }
    }

    #[test]
    fn a_message_says_what_it_was_typed_as_where_nothing_is_markup(
        typed in "[a-zA-Z0-9 ,.;:!?()'$%+=/-]{0,200}",
    ) {
        prop_assert_eq!(plain(&parse(&typed).unwrap()), typed);
    }

    #[test]
    fn every_letter_typed_is_shown(words in proptest::collection::vec("[a-z]{1,6}", 1..20), marks in
        proptest::collection::vec(proptest::sample::select(vec!["*", "**", "_", "~~", " ", "> ", "\n"]), 20))
    {
        let typed: String = words.iter().zip(&marks).flat_map(|(word, mark)| [word, *mark]).collect();
        let letters = |text: &str| text.chars().filter(char::is_ascii_lowercase).collect::<String>();
        prop_assert_eq!(letters(&plain(&parse(&typed).unwrap())), letters(&typed));
    }

    #[test]
    fn any_bytes_are_refused_or_a_message_within_the_limits(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        if let Ok(markup) = Markup::decode(&bytes) {
            assert_within_limits(&markup);
        }
    }

    #[test]
    fn bytes_that_are_nearly_a_message_are_refused_or_within_the_limits(
        typed in typed(),
        at in any::<proptest::sample::Index>(),
        byte in any::<u8>(),
    ) {
        if let Ok(markup) = parse(&typed) {
            let mut bytes = markup.encode();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            if let Ok(markup) = Markup::decode(&bytes) {
                assert_within_limits(&markup);
            }
            let cut = Markup::decode(&bytes[..at]);
            prop_assert!(cut.is_err() || at == bytes.len(), "a beginning is no message");
        }
    }

    #[test]
    fn showing_controls_loses_nothing(text in typed()) {
        let shown: String = runs(&text)
            .into_iter()
            .map(|run| match run {
                Run::Plain(text) => text.to_owned(),
                Run::Control(c) => c.to_string(),
            })
            .collect();
        prop_assert_eq!(shown, text);
    }

    #[test]
    fn whatever_is_composed_is_read_or_answered_in_a_line(draft in typed()) {
        with_roster(|me, roster| match command::parse(&draft, me, roster) {
            Ok(_) => {}
            Err(error) => assert!(error.to_string().len() < 300),
        });
    }

    #[test]
    fn every_completion_fits_its_draft(draft in typed(), caret in 0_usize..400) {
        with_roster(|_, roster| {
            for completion in complete(&draft, caret, roster) {
                let mut completed = draft.clone();
                completed.replace_range(completion.replace, &completion.text);
                assert_ne!(completed, draft);
            }
        });
    }
}
