//! What a reader sees of a document: lines, blocks, links, as the walk over the tree leaves them.

use crate::{Link, Url, text};
use ego_tree::NodeId;
use std::ops::Range;
use std::sync::Arc;

/// What a reader sees of a document.
#[derive(Debug, Default)]
pub struct Rendering {
    /// The lines, top to bottom, trimmed, none empty.
    pub lines: Vec<Line>,
    /// The block elements in document order.
    pub blocks: Vec<Block>,
    pub(super) anchors: Vec<Anchor>,
    pub(super) base: Option<String>,
}

/// One line of visible text.
#[derive(Debug)]
pub struct Line {
    /// The text, trimmed.
    pub text: String,
    /// The element that holds the first text of the line.
    pub node: NodeId,
    /// Where the text of anchors stands in it, in bytes; URLs there belong to the anchor.
    pub(super) anchors: Vec<Range<usize>>,
}

/// A block element (paragraph, table cell, quote, rule) and the lines it covers.
#[derive(Debug)]
pub struct Block {
    /// The element.
    pub node: NodeId,
    /// Lines by index; empty for a block that shows nothing (`hr`). Cells of one row may share a line.
    pub lines: Range<usize>,
    /// Number of the innermost block around it, `None` at the top.
    pub parent: Option<usize>,
}

/// An element that leads somewhere.
#[derive(Debug)]
pub(super) struct Anchor {
    pub(super) node: NodeId,
    pub(super) href: String,
    /// Visible text; all text when nothing of it is visible.
    pub(super) shown: String,
    pub(super) hidden: String,
    pub(super) has_image: bool,
    /// The line of its first visible text, else the last line that has text where it stands.
    pub(super) line: usize,
    pub(super) placed: bool,
    /// A form or an image map area, which is seen without text.
    pub(super) is_seen: Option<bool>,
}

impl Rendering {
    /// All lines, joined by line feeds.
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(self.lines.iter().map(|line| line.text.len() + 1).sum());
        for (idx, line) in self.lines.iter().enumerate() {
            if idx > 0 {
                text.push('\n');
            }
            text.push_str(&line.text);
        }
        text
    }

    /// The links with the index of their line: elements in document order, then finds in text outside anchors; at most `max`.
    pub(super) fn links(&self, max: usize) -> Vec<(usize, Arc<Link>)> {
        let base = self.base.as_deref().and_then(Url::parse_strict);
        let anchors = self.anchors.iter().take(max).map(|anchor| (anchor.line, Arc::new(anchor.link(base.as_ref()))));
        let mut links: Vec<(usize, Arc<Link>)> = anchors.collect();
        for (idx, line) in self.lines.iter().enumerate() {
            if links.len() >= max {
                break;
            }
            let free = text::find(&line.text, max - links.len()).into_iter().filter(|found| line.is_free(&found.range));
            links.extend(free.map(|found| (idx, Arc::new(Link::plain(found.url)))));
        }
        links
    }

    /// The links of the elements, with the element of each, in document order.
    pub fn hyperlinks(&self) -> impl Iterator<Item = (NodeId, &str)> {
        self.anchors.iter().map(|anchor| (anchor.node, anchor.href.as_str()))
    }
}

impl Line {
    fn is_free(&self, range: &Range<usize>) -> bool {
        // The anchors of a line stand in order and do not overlap.
        let next = self.anchors.partition_point(|anchor| anchor.end <= range.start);
        self.anchors.get(next).is_none_or(|anchor| anchor.start >= range.end)
    }
}

impl Anchor {
    fn link(&self, base: Option<&Url>) -> Link {
        let shown = self.shown.trim();
        let is_visible = self.is_seen.unwrap_or(!shown.is_empty() || self.has_image);
        let text = if shown.is_empty() && !self.has_image { self.hidden.trim() } else { shown };
        Link::hyperlink(Url::href(&self.href, base), text, is_visible)
    }
}
