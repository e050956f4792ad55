//! The nodes of one axis from many context nodes.
//!
//! Walks from different context nodes run into each other: the ancestors of two siblings are the same, the descendants of a table hold
//! those of the table inside of it. A search visits each node about once, however the context nodes overlap.

use super::ast::Axis;
use super::axes::{Walk, following};
use super::document::{Document, NodeRef};
use std::collections::HashSet;

fn slice_of<T>(item: Option<&T>) -> &[T] {
    item.map_or(&[], std::slice::from_ref)
}

/// A search under way.
pub(super) struct Search<'n, 'd> {
    document: &'d Document,
    axis: Axis,
    from: std::slice::Iter<'n, NodeRef>,
    walk: Option<Walk<'d>>,
    /// Numbers of the nodes that were visited; only kept for axes on which walks run into each other.
    seen: Option<HashSet<NodeRef>>,
    /// Descendants below this number were visited.
    covered: u32,
}

impl<'n, 'd> Search<'n, 'd> {
    pub fn new(document: &'d Document, axis: Axis, from: &'n [NodeRef]) -> Self {
        let meets = matches!(axis, Axis::Ancestor | Axis::AncestorOrSelf | Axis::Parent | Axis::FollowingSibling | Axis::PrecedingSibling);
        // What follows some node follows the one that ends first; what precedes some node precedes the last one.
        let from = match axis {
            Axis::Following => slice_of(from.iter().min_by_key(|node| following(document, **node))),
            Axis::Preceding => slice_of(from.last()),
            _ => from,
        };
        let seen = (meets && from.len() > 1).then(HashSet::new);
        Search { document, axis, from: from.iter(), walk: None, seen, covered: 0 }
    }

    /// The next node; `Some(None)` is a step to a place without one. `None` at the end.
    pub fn next(&mut self) -> Option<Option<NodeRef>> {
        if let Some(node) = self.walk.as_mut().and_then(Walk::next) {
            if self.seen.as_mut().is_none_or(|seen| seen.insert(node)) {
                return Some(Some(node));
            }
            // From here on the walk is one that was made before.
            self.walk = None;
            return Some(None);
        }
        let node = *self.from.next()?;
        self.walk = self.is_new(node).then(|| Walk::new(self.document, self.axis, node));
        Some(None)
    }

    /// False when all nodes of the axis from this node were visited.
    fn is_new(&mut self, node: NodeRef) -> bool {
        if node.attribute_index().is_some() || !matches!(self.axis, Axis::Descendant | Axis::DescendantOrSelf) {
            return true;
        }
        let covered = node.number() < self.covered;
        self.covered = self.covered.max(self.document.end(node.number()));
        !covered
    }
}
