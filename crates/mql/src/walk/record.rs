//! Keeps what a walk tells: the tree of what was seen, and the closest miss.
//!
//! Of a loop only the items that decide or come closest are kept, so that the tree does not grow with the message.

use super::answer::{Answer, Outcome};
use super::frame::{Frame, FrameKind, close, keep_item};
use super::miss::Miss;
use super::preview::{Labels, show};
use super::seen::{Found, Items, Seen};
use super::trace::Trace;
use crate::Span;
use crate::typed::Typed;
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
        let is_muted = self.state.borrow().muted > 0;
        self.leave(match value {
            Ok(_) if is_muted => Found::Nothing,
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
        let state = &mut *self.state.borrow_mut();
        // What decides must have room left to be recorded.
        let has_room = state.steps_aside < fixed::EXPLAIN_STEPS.value
            && state.recorded < fixed::EXPLAIN_RECORDED.value / 2
            && self.arena.bytes() < self.max_bytes;
        let Some(frame) = state.stack.last_mut().filter(|_| state.muted == 0) else { return false };
        let is_in_the_way = frame.wanted.is_some_and(|wanted| wanted != (decided == Outcome::True));
        frame.is_partial |= is_in_the_way && !has_room;
        is_in_the_way && has_room
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
