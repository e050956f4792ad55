//! Keeps what a walk tells: the tree of what was seen, and the closest miss.
//!
//! Of a loop only the items that decide or come closest are kept, so that the tree does not grow with the message.

use super::answer::{Answer, Outcome};
use super::miss::{Leaf, Miss, Place, least};
use super::preview::{Labels, Shown, show};
use super::rule::parts;
use super::seen::{Found, Items, MAX_ITEMS, Seen, SeenItem};
use super::trace::Trace;
use crate::Span;
use crate::forms::Form;
use crate::typed::{Kind, Typed};
use mailhound_value::{Arena, Eval, Limits, List, Maybe, Type, Unavailable, fixed};
use std::cell::RefCell;

/// The trace that is kept.
pub(super) struct Record<'r, 'm> {
    labels: Labels<'r>,
    arena: &'m Arena<'m>,
    /// Bytes in the arena up to which nodes are walked that decide nothing: what decides must have room left.
    max_bytes: usize,
    state: RefCell<State<'m>>,
}

#[derive(Default)]
struct State<'m> {
    /// The nodes and items that are being walked, outermost first.
    stack: Vec<Frame<'m>>,
    /// What came out of the whole.
    root: Option<(Seen, Option<Miss>)>,
    /// Nodes recorded so far, and nested nodes that are walked without being recorded.
    recorded: usize,
    muted: usize,
    /// Nested walks of nodes that decide nothing, and the loop bodies in them.
    aside: usize,
    steps_aside: usize,
    /// Arguments that were tried one by one.
    arguments: usize,
    is_cut: bool,
}

/// A node that is being walked, or an item of a loop.
struct Frame<'m> {
    kind: FrameKind<'m>,
    /// What would help; `None` where it cannot be said.
    wanted: Option<bool>,
    is_needed: bool,
    operands: Vec<Seen>,
    /// The misses of operands or items.
    misses: Vec<Miss>,
    items: Option<Items>,
    /// Ranks of the items that are kept.
    ranks: Vec<(usize, usize)>,
    decided_by: Option<usize>,
    decided_part: Option<Span>,
}

enum FrameKind<'m> {
    Node(&'m Typed),
    Item(usize, Option<Shown>),
}

impl<'m> Frame<'m> {
    fn new(kind: FrameKind<'m>, wanted: Option<bool>, is_needed: bool) -> Frame<'m> {
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
        }
    }

    /// What would help, in a node right below.
    fn wanted_below(&self) -> Option<bool> {
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
    fn wanted_item(&self) -> Option<bool> {
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

impl<'r, 'm> Record<'r, 'm> {
    /// Nothing seen yet.
    pub fn new(labels: Labels<'r>, arena: &'m Arena<'m>, limits: &Limits) -> Record<'r, 'm> {
        Record { labels, arena, max_bytes: limits.eval_bytes / 2, state: RefCell::default() }
    }

    /// The tree and the closest miss; true when not everything was recorded.
    pub fn finish(self) -> Option<(Seen, Option<Miss>, bool)> {
        let state = self.state.into_inner();
        let is_cut = state.is_cut;
        let (mut seen, miss) = state.root?;
        seen.prune(fixed::EXPLAIN_NODES.value);
        Some((seen, miss, is_cut))
    }

    fn leave(&self, found: Found) {
        let mut state = self.state.borrow_mut();
        if state.muted > 0 {
            state.muted -= 1;
            return;
        }
        let Some(frame) = state.stack.pop() else { return };
        let FrameKind::Node(node) = frame.kind else { return };
        let is_cut = state.is_cut;
        let (seen, miss) = close(node, frame, found, is_cut);
        match state.stack.last_mut() {
            Some(parent) => {
                parent.operands.push(seen);
                parent.misses.extend(miss);
            }
            None => state.root = Some((seen, miss)),
        }
    }
}

impl<'m> Trace<'m> for Record<'_, 'm> {
    fn enter(&self, node: &'m Typed) {
        let state = &mut *self.state.borrow_mut();
        if state.muted > 0 || state.recorded >= fixed::EXPLAIN_RECORDED.value {
            state.muted += 1;
            state.is_cut = true;
            return;
        }
        state.recorded += 1;
        let wanted = match state.stack.last() {
            Some(frame) => frame.wanted_below(),
            None => matches!(node.ty, Type::Bool | Type::Any).then_some(true),
        };
        state.stack.push(Frame::new(FrameKind::Node(node), wanted, state.aside == 0));
    }

    fn answered(&self, answer: &Answer) {
        self.leave(Found::Answer(answer.clone()));
    }

    fn valued(&self, value: &Eval<'m>) {
        self.leave(match value {
            Ok(value) => Found::Value(show(*value, self.labels)),
            Err(missing) => Found::Unavailable(missing.clone()),
        });
    }

    fn passed(&self, node: &'m Typed) {
        let mut state = self.state.borrow_mut();
        if state.muted == 0
            && let Some(frame) = state.stack.last_mut()
        {
            frame.operands.push(Seen::passed(node.span));
        }
    }

    fn list(&self, list: List<'m>) {
        let mut state = self.state.borrow_mut();
        if state.muted == 0
            && let Some(frame) = state.stack.last_mut()
        {
            frame.items = Some(Items { known: list.known(), is_cut: list.rest().is_some(), ..Items::default() });
        }
    }

    fn item(&self, idx: usize, item: &Eval<'m>) {
        let state = &mut *self.state.borrow_mut();
        if state.muted > 0 {
            state.muted += 1;
            return;
        }
        let Some(frame) = state.stack.last() else { return };
        let wanted = frame.wanted_item();
        let shown = item.as_ref().ok().map(|item| show(*item, self.labels));
        state.stack.push(Frame::new(FrameKind::Item(idx, shown), wanted, state.aside == 0));
    }

    fn item_done(&self, answer: Option<&Answer>) {
        let state = &mut *self.state.borrow_mut();
        if state.muted > 0 {
            state.muted -= 1;
            return;
        }
        let Some(item) = state.stack.pop() else { return };
        if let Some(frame) = state.stack.last_mut() {
            keep_item(frame, item, answer, state.is_cut);
        }
    }

    fn decided_by(&self, idx: usize, part: Option<Span>) {
        let mut state = self.state.borrow_mut();
        if state.muted == 0
            && let Some(frame) = state.stack.last_mut()
        {
            frame.decided_by = Some(idx);
            frame.decided_part = part;
        }
    }

    fn asks_which(&self, arguments: usize) -> bool {
        let mut state = self.state.borrow_mut();
        let asked = state.arguments.saturating_add(arguments);
        let has_room = asked <= fixed::EXPLAIN_ARGUMENTS.value && self.arena.bytes() < self.max_bytes;
        if state.muted > 0 || state.aside > 0 || !has_room {
            return false;
        }
        state.arguments = asked;
        true
    }

    fn is_curious(&self, decided: Outcome) -> bool {
        let state = self.state.borrow();
        let has_room = state.steps_aside < fixed::EXPLAIN_STEPS.value && self.arena.bytes() < self.max_bytes && !state.is_cut;
        let frame = state.stack.last().filter(|_| state.muted == 0 && has_room);
        frame.and_then(|frame| frame.wanted).is_some_and(|wanted| wanted != (decided == Outcome::True))
    }

    fn aside(&self, begins: bool) {
        let mut state = self.state.borrow_mut();
        if begins { state.aside += 1 } else { state.aside -= 1 }
    }

    fn step_aside(&self) -> Option<Maybe<()>> {
        let mut state = self.state.borrow_mut();
        if state.aside == 0 {
            return None;
        }
        state.steps_aside += 1;
        if state.steps_aside > fixed::EXPLAIN_STEPS.value || self.arena.bytes() > self.max_bytes {
            return Some(Err(Unavailable::limit(fixed::EXPLAIN_STEPS.name)));
        }
        Some(Ok(()))
    }
}

/// A node that is left, and what it lacks.
fn close(node: &Typed, mut frame: Frame<'_>, found: Found, is_cut: bool) -> (Seen, Option<Miss>) {
    let misses = std::mem::take(&mut frame.misses);
    let mut miss = match (&found, frame.wanted) {
        (Found::Answer(answer), Some(wanted)) => Some(miss(node, &frame, answer, wanted, misses)),
        _ => None,
    };
    if let Some(miss) = miss.as_mut().filter(|miss| miss.weight > 0) {
        miss.is_partial |= is_cut || frame.operands.iter().any(|operand| matches!(operand.found, Found::Nothing));
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
fn keep_item(frame: &mut Frame<'_>, item: Frame<'_>, answer: Option<&Answer>, is_cut: bool) {
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
