//! An element of a page, read for itself.

use super::{Page, render, words};
use ego_tree::{NodeId, NodeRef};
use scraper::Node;
use std::rc::Rc;

/// An element of a page. It counts as shown even where pages do not show it, as a title, and wherever it stands.
pub struct Part {
    page: Rc<Page>,
    node: NodeId,
}

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Part").field(&self.node).finish()
    }
}

impl Part {
    pub(super) fn new(page: Rc<Page>, node: NodeId) -> Part {
        Part { page, node }
    }

    /// The text that a reader sees of it, as [`super::Document::display_text`]. The style sheets of the page count.
    pub fn display_text(&self) -> String {
        self.tree().map(|tree| render::render(tree, self.page.styles()).text()).unwrap_or_default()
    }

    /// All its text nodes, hidden ones too, one per line, without a line feed at the end.
    pub fn inner_text(&self) -> String {
        let mut text = self.tree().map(words::inner_text).unwrap_or_default();
        text.truncate(text.trim_end_matches('\n').len());
        text
    }

    fn tree(&self) -> Option<NodeRef<'_, Node>> {
        self.page.dom.tree.get(self.node)
    }
}
