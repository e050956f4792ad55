//! What a step needs to be true, drawn from the steps that it uses.

use super::super::layout::Place;
use super::super::node::{Family, Node, NodeId};
use super::builder::{Builder, What};
use super::{Atom, Clause, Source};
use crate::ast::Op;
use crate::forms::Form;
use mailhound_value::Type;

/// Atoms of a clause.
const MAX_ATOMS: usize = 256;

/// The estimated price of a text, in nanoseconds, up to which it is looked at for every message.
const MAX_PRICE: f32 = 500.0;

/// The chance up to which a cheap step that no text answers is asked for every message.
const RARE: f32 = 0.05;

impl Builder<'_> {
    /// What is needed for the step to be true; of every clause one atom. `scopes` are the sources of the loops around it.
    pub(super) fn clauses(&mut self, id: NodeId, scopes: &mut Vec<usize>) -> Vec<Clause> {
        match &self.nodes[id.idx()] {
            Node::And(operands) => operands.iter().flat_map(|operand| self.clauses(*operand, scopes)).collect(),
            Node::Or(operands) => self.union(operands, scopes).into_iter().collect(),
            Node::Of(count, operands) => self.of(*count, operands, scopes).into_iter().collect(),
            Node::Not(inner) => self.denied(*inner, scopes),
            Node::Form(Form::Any, args, _, family) => self.items(args[0], *family, Some(args[1]), scopes),
            Node::Range([low, number, high], first, second) => {
                let mut clauses = self.count(id, (*low, *first, *number), scopes);
                clauses.extend(self.count(id, (*number, *second, *high), scopes));
                clauses
            }
            Node::Compare(op, left, right) => match self.atom(id, scopes) {
                Some(atom) => vec![vec![atom]],
                None if self.facts[id.idx()].chance <= RARE => self.step(id).map(|atom| vec![atom]).into_iter().collect(),
                None => self.count(id, (*left, *op, *right), scopes),
            },
            Node::Bool(false) => vec![Clause::new()],
            _ => self.atom(id, scopes).map(|atom| vec![atom]).into_iter().collect(),
        }
    }

    /// What is needed for the step to be false.
    fn denied(&mut self, id: NodeId, scopes: &mut Vec<usize>) -> Vec<Clause> {
        match &self.nodes[id.idx()] {
            Node::Not(inner) => self.clauses(*inner, scopes),
            Node::Or(operands) => operands.iter().flat_map(|operand| self.denied(*operand, scopes)).collect(),
            _ => Vec::new(),
        }
    }

    /// One of the operands is needed: the least of the clauses of each, together.
    fn union(&mut self, operands: &[NodeId], scopes: &mut Vec<usize>) -> Option<Clause> {
        let mut all = Clause::new();
        for operand in operands {
            match self.clauses(*operand, scopes).into_iter().min_by_key(Vec::len) {
                Some(clause) => all.extend(clause),
                None => all.push(self.step(*operand)?),
            }
        }
        all.sort_unstable();
        all.dedup();
        (all.len() <= MAX_ATOMS).then_some(all)
    }

    /// Of the operands at least `count` are true, so that of any `n + 1 - count` one is.
    fn of(&mut self, count: usize, operands: &[NodeId], scopes: &mut Vec<usize>) -> Option<Clause> {
        let needed = (operands.len() + 1).checked_sub(count.max(1))?;
        let least = |clauses: Vec<Clause>| clauses.into_iter().min_by_key(Vec::len);
        let mut clauses: Vec<Clause> = operands.iter().filter_map(|operand| least(self.clauses(*operand, scopes))).collect();
        // With clauses that are null the whole is null, however many are false.
        if self.exact || count == 0 || clauses.len() < needed {
            return None;
        }
        clauses.sort_by_key(Vec::len);
        let mut all: Clause = clauses.into_iter().take(needed).flatten().collect();
        all.sort_unstable();
        all.dedup();
        (all.len() <= MAX_ATOMS).then_some(all)
    }

    /// What is needed for the list to have an item, one that meets the condition.
    fn items(&mut self, list: NodeId, family: Family, condition: Option<NodeId>, scopes: &mut Vec<usize>) -> Vec<Clause> {
        let (mut list, mut family, mut conditions) = (list, family, Vec::from_iter(condition));
        // A list that is made of another has an item only if that has one.
        loop {
            match &self.nodes[list.idx()] {
                Node::Form(Form::Filter, args, _, items) => {
                    conditions.push(args[1]);
                    (list, family) = (args[0], *items);
                }
                Node::Form(Form::Map, args, _, items) => {
                    conditions.clear();
                    (list, family) = (args[0], *items);
                }
                Node::Form(Form::Distinct, args, ..) => list = args[0],
                Node::Slice { base, of_text: false, .. } => list = *base,
                _ => break,
            }
        }
        let Some(source) = self.source(list, family, scopes) else { return Vec::new() };
        scopes.push(source);
        let mut clauses: Vec<Clause> = conditions.into_iter().flat_map(|condition| self.clauses(condition, scopes)).collect();
        scopes.pop();
        if self.exact {
            // Over a null list the loop is null, whatever is known of texts outside of it.
            clauses.retain(|clause| clause.iter().all(|atom| self.is_within(self.wanted[*atom as usize].source, source)));
        }
        clauses.push(vec![self.wanted(source, What::Item, list)]);
        clauses
    }

    /// True when the items of the one source are those of the other, or lie in them.
    fn is_within(&self, mut source: usize, outer: usize) -> bool {
        while source > outer {
            source = self.parents[source];
        }
        source == outer
    }

    /// What is needed for a comparison of a list's length to be true: an item, when an empty list does not do.
    fn count(&mut self, id: NodeId, (left, op, right): (NodeId, Op, NodeId), scopes: &mut Vec<usize>) -> Vec<Clause> {
        let (list, least) = match (&self.nodes[left.idx()], op, &self.nodes[right.idx()]) {
            (Node::Form(Form::Length, args, facts, _), Op::Gt, Node::Int(number)) if !facts.of_map => (args[0], number.saturating_add(1)),
            (Node::Form(Form::Length, args, facts, _), Op::Ge | Op::Eq, Node::Int(number)) if !facts.of_map => (args[0], *number),
            (Node::Int(number), Op::Lt, Node::Form(Form::Length, args, facts, _)) if !facts.of_map => (args[0], number.saturating_add(1)),
            (Node::Int(number), Op::Le | Op::Eq, Node::Form(Form::Length, args, facts, _)) if !facts.of_map => (args[0], *number),
            _ => return Vec::new(),
        };
        match self.list_of(list) {
            Some((list, family)) if least > 0 => self.items(list, family, None, scopes),
            None if least > 0 => self.step(id).map(|atom| vec![atom]).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// The list whose items are counted, and their family; `None` when no loop goes over it.
    fn list_of(&self, id: NodeId) -> Option<(NodeId, Family)> {
        match &self.nodes[id.idx()] {
            Node::Form(Form::Filter | Form::Distinct | Form::Map, _, _, family) => Some((id, *family)),
            _ => self.families.get(&id).map(|family| (id, *family)),
        }
    }

    /// The source that the items of a list are.
    fn source(&mut self, list: NodeId, family: Family, scopes: &[usize]) -> Option<usize> {
        let outer = self.scope_of(list, scopes)?;
        if self.facts[list.idx()].cost > MAX_PRICE {
            return None;
        }
        if let Some(source) = self.sources.get(&(outer, list)) {
            return Some(*source);
        }
        let source = self.filter.sources.len();
        self.filter.sources.push(Source::default());
        self.parents.push(outer);
        self.filter.sources[outer].lists.push((list, family, source));
        self.sources.insert((outer, list), source);
        Some(source)
    }

    /// The source in whose scope a step can be read: the message, or the innermost loop.
    fn scope_of(&self, id: NodeId, scopes: &[usize]) -> Option<usize> {
        match self.facts[id.idx()].free.as_slice() {
            [] => Some(0),
            [(0, _)] => scopes.last().copied(),
            _ => None,
        }
    }

    /// A step that can only be true of texts that hold something known.
    fn atom(&mut self, id: NodeId, scopes: &[usize]) -> Option<Atom> {
        let text = match &self.nodes[id.idx()] {
            Node::Test(test) if test.computed.is_empty() => {
                let Place::Search(searched) = &self.places[id.idx()] else { return None };
                let class = &self.layout.classes[searched.class];
                if searched.bits.iter().any(|(word, bits)| class.always_open(*word) & bits != 0) {
                    return None;
                }
                test.text
            }
            Node::Compare(Op::Eq | Op::EqFold, one, other) => match (&self.nodes[one.idx()], &self.nodes[other.idx()]) {
                (_, Node::Text(_)) => *one,
                (Node::Text(_), _) => *other,
                _ => return None,
            },
            Node::InTexts { item, negated: false, .. } | Node::InNamed { item, negated: false, .. } => *item,
            _ => return None,
        };
        if !self.is_cheap(text) {
            return None;
        }
        let source = self.scope_of(text, scopes)?;
        let number = self.text(source, text);
        Some(self.wanted(source, What::Text(number), id))
    }

    fn is_cheap(&self, text: NodeId) -> bool {
        match &self.nodes[text.idx()] {
            // A transformed text of the message: computed once, and searched like the text itself.
            Node::Call(call) if call.function.memo && call.function.needs.is_empty() && call.function.returns == Type::String => {
                call.repeated.is_empty()
                    && call.single.iter().all(|arg| self.facts[arg.idx()].cost <= MAX_PRICE && self.facts[arg.idx()].free.is_empty())
            }
            _ => self.facts[text.idx()].cost <= MAX_PRICE,
        }
    }

    /// A cheap condition on the message that is evaluated as it is.
    fn step(&mut self, id: NodeId) -> Option<Atom> {
        let facts = &self.facts[id.idx()];
        let is_cheap = facts.free.is_empty() && facts.cost <= MAX_PRICE;
        (is_cheap && self.nodes[id.idx()].is_truth()).then(|| self.wanted(0, What::Step, id))
    }
}
