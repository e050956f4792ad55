//! The texts of nodes: blanks as HTML collapses them, and all text nodes of a document.

use super::style::clean_text;
use ego_tree::NodeRef;
use ego_tree::iter::Edge;
use scraper::Node;

/// Blanks of HTML; others were made plain before.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0c')
}

/// Blanks collapsed and trimmed, characters without width removed.
pub(super) fn collapse(text: &str) -> String {
    let mut collapsed = String::with_capacity(text.len());
    append_collapsed(&mut collapsed, &clean_text(text));
    collapsed.trim().to_owned()
}

/// Adds text with its blanks collapsed.
pub(super) fn append_collapsed(text: &mut String, more: &str) {
    for c in more.chars() {
        let space = is_space(c);
        if !space {
            text.push(c);
        } else if !text.is_empty() && !text.ends_with(' ') {
            text.push(' ');
        }
    }
}

/// All text nodes below a node, also hidden ones, each on a line of its own, blanks collapsed; with a final line feed. What is no text of the
/// body is left out, unless it is the node itself.
pub(super) fn inner_text(top: NodeRef<'_, Node>) -> String {
    let mut inner = String::new();
    let mut silent = 0_usize;
    for edge in top.traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Element(_) if node.id() == top.id() => {}
                Node::Element(element) if silent > 0 || matches!(element.name(), "script" | "style" | "head") => silent += 1,
                Node::Text(text) if silent == 0 => append_node(&mut inner, text),
                _ => {}
            },
            Edge::Close(node) => {
                if node.value().is_element() {
                    silent = silent.saturating_sub(1);
                }
            }
        }
    }
    inner
}

/// A node of nothing but blanks, no-break ones included, gives no line.
fn append_node(inner: &mut String, text: &str) {
    if text.trim().is_empty() {
        return;
    }
    let mut words = text.split(is_space).filter(|word| !word.is_empty());
    let Some(first) = words.next() else { return };
    inner.push_str(first);
    for word in words {
        inner.push(' ');
        inner.push_str(word);
    }
    inner.push('\n');
}
