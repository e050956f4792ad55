//! The closest miss: the fewest conditions that would have to come out otherwise for the whole to come out as it is wanted.

use super::answer::Answer;
use super::preview::Shown;
use super::rule::parts;
use crate::Span;
use crate::forms::Form;
use crate::typed::{Kind, Typed};
use std::sync::Arc;

/// A condition without `and`, `or`, `not`, `of` or a loop that came out otherwise than it was wanted.
#[derive(Clone, Debug)]
pub struct Lacking {
    /// What it is.
    pub leaf: Arc<Leaf>,
    /// The items of the loops around it, outermost first.
    pub way: Vec<Place>,
}

/// What a condition was.
#[derive(Debug)]
pub struct Leaf {
    /// Where it stands.
    pub span: Span,
    /// What would have helped.
    pub wanted: bool,
    /// What it was.
    pub answer: Answer,
    /// Values that were read for it.
    pub values: Vec<(Span, Shown)>,
    /// It is a loop with nothing to go over.
    pub is_empty_loop: bool,
}

/// An item of a loop.
#[derive(Clone, Debug)]
pub struct Place {
    /// The list.
    pub list: Span,
    /// Its position, from 0.
    pub index: usize,
    /// What it is; `None` when it is not known.
    pub item: Option<Shown>,
}

/// The fewest conditions that are lacking.
#[derive(Clone, Debug, Default)]
pub struct Miss {
    /// How far off it is: the number of conditions, where one over an empty list counts as all that an item would have to fulfil.
    pub weight: usize,
    /// How many conditions are lacking.
    pub count: usize,
    /// The conditions in the order in which they are written; at most [`MAX_LACKING`].
    pub lacking: Vec<Lacking>,
    /// There may be more: not everything behind could be walked.
    pub is_partial: bool,
}

/// Conditions of a miss that are kept.
pub const MAX_LACKING: usize = 20;

impl Miss {
    /// One condition.
    pub(super) fn leaf(leaf: Leaf, weight: usize) -> Miss {
        Miss { weight, count: 1, lacking: vec![Lacking { leaf: Arc::new(leaf), way: Vec::new() }], is_partial: false }
    }

    /// All of them are lacking.
    pub(super) fn sum(misses: impl IntoIterator<Item = Miss>) -> Miss {
        let mut sum = Miss::default();
        for miss in misses {
            sum.weight = sum.weight.saturating_add(miss.weight);
            sum.count = sum.count.saturating_add(miss.count);
            sum.is_partial |= miss.is_partial;
            let room = MAX_LACKING.saturating_sub(sum.lacking.len());
            sum.lacking.extend(miss.lacking.into_iter().take(room));
        }
        sum
    }

    /// The `count` smallest of them are lacking; the first of equal ones.
    pub(super) fn smallest(misses: Vec<Miss>, count: usize) -> Miss {
        let mut order: Vec<(usize, Miss)> = misses.into_iter().enumerate().collect();
        order.sort_by_key(|(idx, miss)| (miss.weight, *idx));
        order.truncate(count);
        order.sort_by_key(|(idx, _)| *idx);
        Miss::sum(order.into_iter().map(|(_, miss)| miss))
    }

    /// The same, inside of an item.
    pub(super) fn inside(mut self, place: &Place) -> Miss {
        for it in &mut self.lacking {
            it.way.insert(0, place.clone());
        }
        self
    }
}

/// The fewest conditions that have to be fulfilled for a node to come out as it is wanted, whatever the message.
pub(super) fn least(node: &Typed, wanted: bool) -> usize {
    let all = |nodes: &[Typed]| nodes.iter().map(|node| least(node, wanted)).fold(0, usize::saturating_add);
    let one = |nodes: &[Typed]| nodes.iter().map(|node| least(node, wanted)).min().unwrap_or(1);
    match &node.kind {
        Kind::Not(inner) => least(inner, !wanted),
        Kind::And(operands) => {
            if wanted {
                all(operands)
            } else {
                one(operands)
            }
        }
        Kind::Or(operands) => {
            if wanted {
                one(operands)
            } else {
                all(operands)
            }
        }
        Kind::Of { count, clauses } => {
            let mut each: Vec<usize> = clauses.iter().map(|clause| least(clause, wanted)).collect();
            each.sort_unstable();
            let needed = if wanted { *count } else { (clauses.len() + 1).saturating_sub(*count) };
            each.into_iter().take(needed).fold(0, usize::saturating_add)
        }
        Kind::Form { form: Form::Any, .. } if wanted => parts(node).get(1).map_or(1, |body| least(body, true)),
        Kind::Form { form: Form::All, .. } if !wanted => parts(node).get(1).map_or(1, |body| least(body, false)),
        _ => 1,
    }
}
