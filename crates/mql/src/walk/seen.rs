//! What a walk saw: the tree that `explain` shows.

use super::answer::Answer;
use super::preview::Shown;
use crate::Span;
use mailhound_value::Unavailable;
use std::collections::VecDeque;

/// What a node was.
#[derive(Clone, Debug)]
pub enum Found {
    /// A condition, and its outcomes.
    Answer(Answer),
    /// A value.
    Value(Shown),
    /// A value that could not be found out.
    Unavailable(Unavailable),
    /// It was not walked.
    Nothing,
}

/// A node of the rule on this message. Constants are left out.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Where it stands in the source.
    pub span: Span,
    /// What it was. For a node that was not needed, what it would have been.
    pub found: Found,
    /// False when what stands before it had already decided.
    pub is_needed: bool,
    /// What it is made of, in the order in which it is written.
    pub operands: Vec<Seen>,
    /// What a loop went over.
    pub items: Option<Items>,
    /// The item of the list or tuple that decided a membership; the first of the repeated arguments that makes a call true alone.
    pub decided_by: Option<usize>,
    /// Where that is written.
    pub decided_part: Option<Span>,
    /// Nodes right below that are not shown.
    pub hidden: usize,
}

/// The items of a loop.
#[derive(Clone, Debug, Default)]
pub struct Items {
    /// How many the list has, as far as it is known.
    pub known: usize,
    /// Perhaps there are more.
    pub is_cut: bool,
    /// How many came out as true, false, null, and as one of several.
    pub counts: [usize; 4],
    /// The item that decided `any` or `all`.
    pub decided_by: Option<usize>,
    /// Those that decided, or came closest; at most [`MAX_ITEMS`].
    pub shown: Vec<SeenItem>,
}

/// Items of one loop that are shown.
pub const MAX_ITEMS: usize = 3;

/// An item of a loop.
#[derive(Clone, Debug)]
pub struct SeenItem {
    /// Its position, from 0.
    pub index: usize,
    /// What it is; `None` when it could not be found out.
    pub item: Option<Shown>,
    /// The body of the loop for it.
    pub body: Option<Seen>,
}

impl Seen {
    /// A node that was not walked.
    pub(super) fn passed(span: Span) -> Seen {
        Seen {
            span,
            found: Found::Nothing,
            is_needed: false,
            operands: Vec::new(),
            items: None,
            decided_by: None,
            decided_part: None,
            hidden: 0,
        }
    }

    /// Number of nodes.
    fn count(&self) -> usize {
        let items = self.items.iter().flat_map(|items| &items.shown).filter_map(|item| item.body.as_ref());
        1 + self.operands.iter().chain(items).map(Seen::count).sum::<usize>()
    }

    /// Leaves at most so many nodes, those nearest to the root; `hidden` counts what went.
    pub(super) fn prune(&mut self, max: usize) {
        if self.count() <= max {
            return;
        }
        let mut left = max.saturating_sub(1);
        let mut level = VecDeque::from([self]);
        while let Some(node) = level.pop_front() {
            let room = left.min(node.operands.len());
            node.hidden += node.operands.len() - room;
            node.operands.truncate(room);
            left -= room;
            for item in node.items.iter_mut().flat_map(|items| &mut items.shown) {
                if left == 0 && item.body.take().is_some() {
                    node.hidden += 1;
                }
                left -= usize::from(item.body.is_some());
            }
            let items = node.items.iter_mut().flat_map(|items| &mut items.shown).filter_map(|item| item.body.as_mut());
            level.extend(node.operands.iter_mut().chain(items));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(depth: u32) -> Seen {
        let operands = if depth == 0 { Vec::new() } else { vec![tree(depth - 1), tree(depth - 1)] };
        let shown = if depth == 0 { Vec::new() } else { vec![SeenItem { index: 0, item: None, body: Some(tree(depth - 1)) }] };
        let items = Some(Items { shown, ..Items::default() });
        Seen { operands, items, ..Seen::passed(Span::default()) }
    }

    /// The nodes below and those that were counted only.
    fn hidden(seen: &Seen) -> usize {
        let items = seen.items.iter().flat_map(|items| &items.shown).filter_map(|item| item.body.as_ref());
        seen.hidden + seen.operands.iter().chain(items).map(hidden).sum::<usize>()
    }

    #[test]
    fn a_pruned_tree_keeps_what_is_near_the_root() {
        let whole = tree(5);
        assert_eq!(whole.count(), 1 + 3 + 9 + 27 + 81 + 243);
        for max in [1, 2, 3, 4, 13, 100, 363] {
            let mut pruned = tree(5);
            pruned.prune(max);
            assert_eq!(pruned.count(), max, "{max}");
            assert!(hidden(&pruned) > 0, "{max}");
        }
        let mut two_levels = tree(5);
        two_levels.prune(13);
        assert_eq!((two_levels.operands[1].operands.len(), two_levels.operands[0].operands[0].hidden), (2, 3));
        let mut same = tree(5);
        same.prune(364);
        assert_eq!(hidden(&same), 0);
    }
}
