//! HTML documents: the tree, what a reader sees of it, its links (mdm.md §10 and §11).
//!
//! `parse.rs` builds the tree within limits (`tags.rs` says when it takes no care), `attributes.rs`, `css.rs` and `style.rs` say what is hidden, `render.rs` walks once and fills `lines.rs`: the
//! lines a reader sees with the places of elements and links. Texts, links and thread segments are made from that one walk.

mod attributes;
mod css;
mod lines;
mod object;
mod parse;
mod part;
mod render;
mod style;
mod tags;
mod words;

use crate::Link;
use crate::link;
use css::Styles;
use ego_tree::NodeId;
use mailhound_value::fixed::HTML_DEPTH;
use mailhound_value::{Cut, Fixed, Limits, Unavailable};
use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

pub use lines::{Block, Line, Rendering};
pub use object::Html;
pub use part::Part;
pub use scraper::node::Element;
pub use style::clean_text;

/// A parsed HTML document. Broken markup is normal: the tree is what browsers make of it (WHATWG HTML §13.2).
pub struct Document {
    page: Rc<Page>,
    limits: Vec<&'static Fixed>,
    rendering: OnceCell<Rendering>,
    links: OnceCell<Vec<(usize, Arc<Link>)>>,
}

/// A tree and what its style sheets say.
struct Page {
    dom: scraper::Html,
    styles: OnceCell<Styles>,
}

impl Page {
    fn styles(&self) -> &Styles {
        self.styles.get_or_init(|| render::styles(&self.dom))
    }
}

impl std::fmt::Debug for Document {
    /// Short: a tree of thousands of nodes helps nobody in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Document").field("nodes", &self.page.dom.tree.nodes().len()).field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl Document {
    /// The document in `html`. Nesting beyond `html.depth` is flattened; beyond `html.elements` only text is kept.
    pub fn parse(html: &str) -> Document {
        let (dom, limits) = parse::parse(html);
        Document { page: Rc::new(Page { dom, styles: OnceCell::new() }), limits, rendering: OnceCell::new(), links: OnceCell::new() }
    }

    /// The tree, as XPath and scanners read it.
    pub fn dom(&self) -> &scraper::Html {
        &self.page.dom
    }

    /// An element of the tree as a document of its own.
    pub fn part(&self, element: NodeId) -> Part {
        Part::new(Rc::clone(&self.page), element)
    }

    /// The limits that were hit.
    pub fn limits(&self) -> &[&'static Fixed] {
        &self.limits
    }

    /// The limit because of which markup was left out; links may have gone with it. Deep nesting loses none.
    pub fn lost_markup(&self) -> Option<&'static Fixed> {
        self.limits.iter().copied().find(|limit| limit.name != HTML_DEPTH.name)
    }

    /// The lines a reader sees, and where elements and links stand in them.
    pub fn rendering(&self) -> &Rendering {
        self.rendering.get_or_init(|| render::render(self.page.dom.tree.root(), self.page.styles()))
    }

    /// The text a reader sees: one line per rendered line, no blank lines (mdm.md §10.3).
    pub fn display_text(&self) -> String {
        self.rendering().text()
    }

    /// All text nodes of the body, hidden ones too, one per line (mdm.md §10.2).
    pub fn inner_text(&self) -> String {
        words::inner_text(self.page.dom.tree.root())
    }

    /// The links without repeats: elements in document order, then finds in the text outside anchors. `limits.message_links` counts the
    /// places where links stand: repeats can hide others, and so can markup that was left out.
    pub fn links(&self, limits: &Limits) -> Cut<Arc<Link>> {
        let placed = self.placed_links(limits);
        let too_many = (placed.len() >= limits.message_links).then(|| Unavailable::limit("message.links"));
        let lost = || self.lost_markup().map(|limit| Unavailable::limit(limit.name));
        Cut { items: link::unique(placed.iter().map(|(_, link)| Arc::clone(link)).collect()), rest: too_many.or_else(lost) }
    }

    /// The links with the index of the line in [`Rendering::lines`] they stand in (the line before, for one without text), in the order
    /// of [`Document::links`], with repeats. The limits of the first call count: a document is read under one set of them.
    pub fn placed_links(&self, limits: &Limits) -> &[(usize, Arc<Link>)] {
        self.links.get_or_init(|| self.rendering().links(limits.message_links))
    }
}

#[cfg(test)]
mod tests;
