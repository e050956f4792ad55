//! What is gathered of a node or item while it is walked, and what becomes of it when it is left.

use super::answer::{Answer, Outcome};
use super::miss::{Leaf, Miss, Place, least};
use super::preview::Shown;
use super::rule::parts;
use super::seen::{Found, Items, MAX_ITEMS, Seen, SeenItem};
use crate::Span;
use crate::forms::Form;
use crate::typed::{Kind, Typed};

/// A node that is being walked, or an item of a loop.
pub(super) struct Frame<'m> {
    pub kind: FrameKind<'m>,
    /// What would help; `None` where it cannot be said.
    pub wanted: Option<bool>,
    pub is_needed: bool,
    pub operands: Vec<Seen>,
    /// The misses of operands or items.
    pub misses: Vec<Miss>,
    pub items: Option<Items>,
    /// Ranks of the items that are kept.
    ranks: Vec<(usize, usize)>,
    pub decided_by: Option<usize>,
    pub decided_part: Option<Span>,
    /// Not everything behind the operand that decided was walked.
    pub is_partial: bool,
}

pub(super) enum FrameKind<'m> {
    /// A node.
    Node(&'m Typed),
    /// An item by its position, and what it is.
    Item(usize, Option<Shown>),
}

impl<'m> Frame<'m> {
    /// Nothing seen below yet.
    pub fn new(kind: FrameKind<'m>, wanted: Option<bool>, is_needed: bool) -> Frame<'m> {
        Frame {
            kind,
            wanted,
            is_needed,
            operands: Vec::new(),
            misses: Vec::new(),
            items: None,
            ranks: Vec::new(),
            decided_by: None,
            decided_part: None,
            is_partial: false,
        }
    }

    /// What would help, in a node right below.
    pub fn wanted_below(&self) -> Option<bool> {
        match &self.kind {
            FrameKind::Item(..) => self.wanted,
            FrameKind::Node(node) => match node.kind {
                Kind::Not(_) => self.wanted.map(|wanted| !wanted),
                Kind::And(_) | Kind::Or(_) | Kind::Of { .. } => self.wanted,
                _ => None,
            },
        }
    }

    /// What would help, in an item of this loop: an item of `filter` or `ratio` is wanted to be kept.
    pub fn wanted_item(&self) -> Option<bool> {
        match self.form() {
            Some(Form::Any | Form::All) => self.wanted,
            Some(Form::Filter | Form::Ratio) => Some(true),
            _ => None,
        }
    }

    fn form(&self) -> Option<Form> {
        match &self.kind {
            FrameKind::Node(Typed { kind: Kind::Form { form, .. }, .. }) => Some(*form),
            _ => None,
        }
    }
}

/// A node that is left, and what it lacks.
pub(super) fn close(node: &Typed, mut frame: Frame<'_>, found: Found, is_cut: bool) -> (Seen, Option<Miss>) {
    let misses = std::mem::take(&mut frame.misses);
    let mut miss = match (&found, frame.wanted) {
        (Found::Answer(answer), Some(wanted)) => Some(miss(node, &frame, answer, wanted, misses)),
        _ => None,
    };
    if let Some(miss) = miss.as_mut().filter(|miss| miss.weight > 0) {
        miss.is_partial |= is_cut || frame.is_partial;
    }
    let mut items = frame.items;
    if let (Some(items), Some(idx)) = (&mut items, frame.decided_by) {
        items.decided_by = Some(idx);
        items.shown.retain(|item| item.index == idx);
    }
    let decided_by = frame.decided_by.filter(|_| items.is_none());
    let seen = Seen {
        span: node.span,
        found,
        is_needed: frame.is_needed,
        operands: frame.operands,
        items,
        decided_by,
        decided_part: frame.decided_part,
        hidden: 0,
    };
    (seen, miss)
}

/// What is lacking for the node to come out as it is wanted.
fn miss(node: &Typed, frame: &Frame<'_>, answer: &Answer, wanted: bool, misses: Vec<Miss>) -> Miss {
    if answer.is(if wanted { Outcome::True } else { Outcome::False }) {
        return Miss::default();
    }
    let miss = match (&node.kind, wanted) {
        (Kind::Not(_), _) | (Kind::And(_), true) | (Kind::Or(_), false) => Miss::sum(misses),
        (Kind::And(_), false) | (Kind::Or(_), true) => Miss::smallest(misses, 1),
        (Kind::Of { count, .. }, true) => Miss::smallest(misses, *count),
        (Kind::Of { count, clauses }, false) => Miss::smallest(misses, (clauses.len() + 1).saturating_sub(*count)),
        (Kind::Form { form: Form::Any, .. }, true) | (Kind::Form { form: Form::All, .. }, false) => Miss::smallest(misses, 1),
        (Kind::Form { form: Form::Any, .. }, false) | (Kind::Form { form: Form::All, .. }, true) => Miss::sum(misses),
        _ => Miss::default(),
    };
    if miss.weight > 0 {
        return miss;
    }
    let is_loop = matches!(frame.form(), Some(Form::Any | Form::All));
    let is_empty_loop = is_loop && frame.items.as_ref().is_some_and(|items| items.known == 0);
    let mut values = Vec::new();
    frame.operands.iter().for_each(|operand| values_of(operand, &mut values));
    Miss::leaf(Leaf { span: node.span, wanted, answer: answer.clone(), values, is_empty_loop }, least(node, wanted).max(1))
}

/// Values of a condition that are told with it.
const MAX_VALUES: usize = 4;

fn values_of(seen: &Seen, values: &mut Vec<(Span, Shown)>) {
    if values.len() < MAX_VALUES
        && let Found::Value(shown) = &seen.found
    {
        values.push((seen.span, shown.clone()));
    }
    if values.len() < MAX_VALUES {
        seen.operands.iter().for_each(|operand| values_of(operand, values));
    }
}

/// Adds an item to its loop: it is counted, its miss is noted, and it is kept when it is among the most telling. What is known of it by half only,
/// since recording ended, is not compared with the others.
pub(super) fn keep_item(frame: &mut Frame<'_>, item: Frame<'_>, answer: Option<&Answer>, is_cut: bool) {
    let (FrameKind::Item(index, shown), FrameKind::Node(node)) = (item.kind, &frame.kind) else { return };
    let list = parts(node).first().map_or(node.span, |list| list.span);
    let place = Place { list, index, item: shown };
    let is_known = !item.misses.is_empty() && !is_cut;
    let miss = Miss::sum(item.misses);
    let weight = if is_known { miss.weight } else { usize::MAX - 2 };
    let form = frame.form();
    if is_known && matches!(form, Some(Form::Any | Form::All)) {
        note_miss(frame, miss.inside(&place));
    }
    if !item.is_needed && frame.is_needed {
        return;
    }
    let Some(items) = &mut frame.items else { return };
    let outcome = answer.map(Answer::outcome);
    match outcome {
        Some(Some(outcome)) => items.counts[outcome as usize] += 1,
        Some(None) => items.counts[3] += 1,
        None => {}
    }
    let decides = matches!((form, outcome.flatten()), (Some(Form::Any), Some(Outcome::True)) | (Some(Form::All), Some(Outcome::False)));
    if decides && frame.decided_by.is_none() {
        frame.decided_by = Some(index);
    }
    let rank = match (form, outcome) {
        _ if decides => 0,
        (Some(Form::All), Some(Some(Outcome::True))) => return,
        (Some(Form::Filter | Form::Ratio), Some(Some(Outcome::True)) | None) | (_, Some(None)) | (_, None) => 1,
        _ => 2 + weight,
    };
    let at = frame.ranks.partition_point(|known| *known <= (rank, index));
    if at < MAX_ITEMS {
        frame.ranks.insert(at, (rank, index));
        items.shown.insert(at, SeenItem { index, item: place.item, body: item.operands.into_iter().next() });
        frame.ranks.truncate(MAX_ITEMS);
        items.shown.truncate(MAX_ITEMS);
    }
}

/// Notes the miss of an item. Where one item is enough only the smallest is kept, else what all of them lack together.
fn note_miss(frame: &mut Frame<'_>, miss: Miss) {
    let one_is_enough = matches!((frame.form(), frame.wanted), (Some(Form::Any), Some(true)) | (Some(Form::All), Some(false)));
    let known = std::mem::take(&mut frame.misses);
    let both = known.into_iter().chain([miss]);
    frame.misses = vec![if one_is_enough { Miss::smallest(both.collect(), 1) } else { Miss::sum(both) }];
}
