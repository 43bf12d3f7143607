//! A message's tree as elements. Every element is built by its name from a closed list, every text
//! is a text node: nothing anybody wrote is ever read as HTML.

use leptos::ev::MouseEvent;
use leptos::html::custom;
use leptos::prelude::*;
use sanctuary_client::markup::{Href, Markup, Node, Run, code_point, runs};
use sanctuary_client::{Msg, room};

use crate::runtime::Runtime;

/// A message, in a box that keeps its direction to itself.
pub(super) fn message(markup: &Markup, runtime: Runtime) -> AnyView {
    let nodes = nodes(markup.nodes(), runtime);
    view! { class="s", <div class="markup" dir="auto">{nodes}</div> }.into_any()
}

/// A few words of somebody's in the midst of others.
pub(super) fn words(markup: &Markup, runtime: Runtime) -> AnyView {
    let nodes = nodes(markup.nodes(), runtime);
    view! { class="s", <div class="markup markup-inline" dir="auto">{nodes}</div> }.into_any()
}

fn nodes(nodes: &[Node], runtime: Runtime) -> Vec<AnyView> {
    nodes.iter().map(|node| self::node(node, runtime)).collect()
}

/// The tree is at most eight deep, so that recursion is bounded.
fn node(node: &Node, runtime: Runtime) -> AnyView {
    match node {
        Node::Text(text) => runs(text).into_iter().map(run).collect::<Vec<_>>().into_any(),
        Node::Element { tag, children } if children.is_empty() => custom(tag.name()).into_any(),
        Node::Element { tag, children } => {
            custom(tag.name()).child(nodes(children, runtime)).into_any()
        }
        Node::Link { href, children } => link(href, nodes(children, runtime), runtime),
    }
}

fn run(run: Run<'_>) -> AnyView {
    match run {
        Run::Plain(text) => text.to_owned().into_any(),
        Run::Control(character) => view! { class="s",
            <span class="control" title="A character that would hide or act, shown by its name">
                {code_point(character)}
            </span>
        }
        .into_any(),
    }
}

/// A link asks before it leads anywhere, by whichever button it is pressed.
fn link(href: &Href, children: Vec<AnyView>, runtime: Runtime) -> AnyView {
    let to = href.clone();
    let ask = move |event: MouseEvent| {
        event.prevent_default();
        runtime.dispatch(Msg::Room(room::Msg::PressedLink(to.clone())));
    };
    let ask_too = ask.clone();
    view! { class="s",
        <a
            href=href.as_str().to_owned()
            title=href.as_str().to_owned()
            rel="noopener noreferrer"
            target="_blank"
            draggable="false"
            on:click=ask
            on:auxclick=ask_too
        >
            {children}
        </a>
    }
    .into_any()
}
