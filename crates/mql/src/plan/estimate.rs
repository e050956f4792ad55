//! What a step costs and how often it is true, roughly: the order of operands follows from it, never an outcome.
//!
//! The figures come from `mailhound scan --profile` over the corpus (docs/performance.md), rounded to classes. Only their order matters.

use super::node::{Family, Node, NodeId};
use crate::ast::Op;
use crate::forms::Form;
use crate::library::Function;
use mailhound_value::Type;
use smallvec::SmallVec;

/// What is known about a step before it runs.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// The loops around it whose items it reads: how many to climb, and the family of their items. In order, without repeats.
    pub free: SmallVec<[(usize, Family); 2]>,
    /// Nanoseconds.
    pub cost: f32,
    /// The share of messages for which a boolean step is true.
    pub chance: f32,
    kind: Kind,
}

/// What comparisons want to know of their sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A text that a rule names.
    Text,
    /// The number that a function gives, as that of edits between two texts.
    Measure,
    Other,
}

/// Items of a list, for the cost of a loop.
const ITEMS: f32 = 8.0;

/// A test of a text, mostly answered by the search.
const TEST: f32 = 50.0;

/// The same for a test that takes a while when it has to run.
const PATTERN: f32 = 250.0;

/// The chance of a test of a text with a constant, and of being equal to one. Texts that anyone looks for are rare.
const RARE: f32 = 0.006;

/// The chance of a comparison with what a function counts. Rules ask whether two texts are nearly the same.
const FEW_EDITS: f32 = 0.02;

/// A search of a text for the entries of a list.
const LISTED: f32 = 2_000.0;

/// A call that is worth keeping.
const DEAR: f32 = 20_000.0;

/// A call that is not.
const CALL: f32 = 150.0;

impl Facts {
    /// The facts of a step from those of the steps that it uses.
    pub fn of(node: &Node, all: &[Facts]) -> Facts {
        let operands = node.operands();
        let body = node.body().and_then(|body| all.get(body.idx()));
        let mut free: SmallVec<[(usize, Family); 2]> = SmallVec::new();
        if let Node::Item(up, family, _) = node {
            free.push((*up, *family));
        }
        for operand in operands.iter().filter_map(|id| all.get(id.idx())) {
            free.extend(operand.free.iter().copied());
        }
        free.extend(body.iter().flat_map(|body| &body.free).filter(|(up, _)| *up > 0).map(|(up, family)| (up - 1, *family)));
        free.sort();
        free.dedup();
        let below: f32 = match node {
            Node::And(_) => until(&operands, all, |chance| chance),
            Node::Or(_) => until(&operands, all, |chance| 1.0 - chance),
            _ => operands.iter().filter_map(|id| all.get(id.idx())).map(|facts| facts.cost).sum(),
        };
        let is = |kind, sides: [&NodeId; 2]| sides.iter().any(|id| all.get(id.idx()).is_some_and(|facts| facts.kind == kind));
        let chances =
            |ids: &[NodeId]| -> SmallVec<[f32; 8]> { ids.iter().filter_map(|id| all.get(id.idx())).map(|it| it.chance).collect() };
        let first = chances(&operands).first().copied().unwrap_or(0.5);
        let inside = body.map_or(0.5, |body| body.chance);
        let (own, chance) = match node {
            Node::Not(_) => (1.0, 1.0 - first),
            Node::And(ids) => (2.0, chances(ids).iter().product()),
            Node::Or(ids) => (2.0, 1.0 - chances(ids).iter().map(|it| 1.0 - it).product::<f32>()),
            Node::Of(..) => (5.0, 0.2),
            Node::Compare(op, left, right) if is(Kind::Text, [left, right]) => (10.0, comparison(*op, RARE)),
            Node::Compare(op, left, right) if is(Kind::Measure, [left, right]) => (10.0, FEW_EDITS),
            Node::Compare(op, ..) => (10.0, comparison(*op, 0.3)),
            Node::Range(..) => (15.0, 0.6),
            Node::IsNull(_, negated) => (2.0, if *negated { 0.7 } else { 0.3 }),
            Node::InTexts { negated, .. } | Node::InValues { negated, .. } => (25.0, unless(*negated, 0.03)),
            Node::InNamed { negated, .. } => (50.0, unless(*negated, 0.03)),
            Node::InList { negated, .. } => (50.0, unless(*negated, 0.2)),
            Node::Test(test) if test.computed.is_empty() && test.function.name.starts_with("regex.") => (PATTERN, RARE),
            Node::Test(test) if test.computed.is_empty() => (TEST, RARE),
            Node::Test(_) => (CALL, 0.1),
            Node::Listed(_) => (LISTED, 0.1),
            Node::Call(call) => (price(call.function), 0.3),
            Node::Form(Form::Any, ..) => (20.0, 1.0 - (1.0 - inside).powi(3)),
            Node::Form(Form::All, ..) => (20.0, inside.powi(3).max(0.1)),
            Node::Form(..) => (20.0, 0.5),
            Node::Root(fields) | Node::Item(_, _, fields) | Node::Fields(_, fields) => (2.0 + 2.0 * fields.len() as f32, 0.5),
            _ => (2.0, 0.5),
        };
        let cost = own + below + body.map_or(0.0, |body| ITEMS * (body.cost + 5.0));
        let kind = match node {
            Node::Text(_) => Kind::Text,
            Node::Call(call) if call.function.returns == Type::Int => Kind::Measure,
            _ => Kind::Other,
        };
        Facts { free, cost, chance: chance.clamp(0.001, 0.999), kind }
    }

    /// The rank of an operand of `and`: what it costs to learn that the whole is false.
    pub fn rank_in_and(&self) -> f32 {
        self.cost / (1.0 - self.chance)
    }

    /// The rank of an operand of `or`: what it costs to learn that the whole is true.
    pub fn rank_in_or(&self) -> f32 {
        self.cost / self.chance
    }
}

/// The price of operands that are asked one after the other, until one decides; each goes on with this chance.
fn until(operands: &[NodeId], all: &[Facts], goes_on: impl Fn(f32) -> f32) -> f32 {
    let operands = operands.iter().filter_map(|id| all.get(id.idx()));
    let add = |(price, reached): (f32, f32), facts: &Facts| (price + reached * facts.cost, reached * goes_on(facts.chance));
    operands.fold((0.0, 1.0), add).0
}

/// The chance of a comparison where the sides are equal in such a share of messages.
fn comparison(op: Op, equal: f32) -> f32 {
    match op {
        Op::Eq | Op::EqFold => equal,
        Op::Ne | Op::NeFold => 1.0 - equal,
        _ => 0.5,
    }
}

fn unless(negated: bool, chance: f32) -> f32 {
    if negated { 1.0 - chance } else { chance }
}

fn price(function: &Function) -> f32 {
    match (function.memo, function.needs.is_empty()) {
        (true, true) => DEAR,
        // Without its engine the answer comes at once, but decides nothing.
        (_, false) => DEAR / 2.0,
        (false, true) => CALL,
    }
}
