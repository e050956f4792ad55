//! Evaluation of XPath expressions.
//!
//! The nodes of each step are found for all context nodes together. Where no predicate asks for positions, a node that was reached from
//! one context node is not visited again from another, so that a step costs what it finds, however the context nodes overlap.

use super::ast::{Axis, Expr, Operator, Path, Predicate, Start, Step, Test};
use super::axes::Walk;
use super::document::{Document, Kind, NodeRef};
use super::search::Search;
use super::value::Value;
use mailhound_value::Unavailable;
use std::borrow::Cow;
use std::rc::Rc;

/// The name of the limit in needs ([`mailhound_value::Limits::xpath_steps`]).
const LIMIT: &str = "xpath.steps";

/// Bytes of text that count as one step.
const BYTES_PER_STEP: usize = 64;

pub(super) type Result<T> = std::result::Result<T, Unavailable>;

/// The context of an expression (XPath 1.0 §1).
#[derive(Clone, Copy)]
pub(super) struct Context {
    pub node: NodeRef,
    /// From 1.
    pub position: usize,
    pub size: usize,
}

impl Context {
    fn alone(node: NodeRef) -> Context {
        Context { node, position: 1, size: 1 }
    }
}

pub(super) struct Evaluator<'a> {
    pub document: &'a Document,
    /// Values of absolute paths.
    slots: Vec<Option<Rc<Vec<NodeRef>>>>,
    steps_left: usize,
}

impl<'a> Evaluator<'a> {
    pub fn new(document: &'a Document, slots: usize, max_steps: usize) -> Self {
        Evaluator { document, slots: vec![None; slots], steps_left: max_steps }
    }

    /// The nodes that the expression selects from the root.
    pub fn select(&mut self, expr: &'a Expr) -> Result<Rc<Vec<NodeRef>>> {
        self.nodes(expr, Context::alone(NodeRef::ROOT))
    }

    /// Steps that may still be taken.
    pub fn steps_left(&self) -> usize {
        self.steps_left
    }

    /// Counts work.
    pub fn spend(&mut self, steps: usize) -> Result<()> {
        self.steps_left = self.steps_left.checked_sub(steps).ok_or_else(|| Unavailable::limit(LIMIT))?;
        Ok(())
    }

    pub fn spend_text(&mut self, text: &str) -> Result<()> {
        self.spend(1 + text.len() / BYTES_PER_STEP)
    }

    pub fn value(&mut self, expr: &'a Expr, context: Context) -> Result<Value<'a>> {
        Ok(match expr {
            Expr::Chain(first, rest) => self.chain(first, rest, context)?,
            Expr::Negate(expr) => Value::Number(-self.number(expr, context)?),
            Expr::Union(_) | Expr::Path(_) => Value::Nodes(self.nodes(expr, context)?),
            Expr::Literal(text) => Value::text(text.as_str()),
            Expr::Number(number) => Value::Number(*number),
            Expr::Call(function, args) => self.call(*function, args, context)?,
        })
    }

    /// The value as a boolean. A path is only followed to its first node.
    pub fn boolean(&mut self, expr: &'a Expr, context: Context) -> Result<bool> {
        match expr {
            Expr::Path(path) => self.exists(path, context),
            _ => Ok(self.value(expr, context)?.to_boolean()),
        }
    }

    pub fn number(&mut self, expr: &'a Expr, context: Context) -> Result<f64> {
        let value = self.value(expr, context)?;
        self.read_number(&value)
    }

    pub fn read_number(&mut self, value: &Value<'a>) -> Result<f64> {
        match value {
            Value::Nodes(nodes) => self.spend_text(nodes.first().map_or("", |node| self.document.value(*node)))?,
            Value::String(text) => self.spend_text(text)?,
            Value::Boolean(_) | Value::Number(_) => {}
        }
        Ok(value.to_number(self.document))
    }

    pub fn text(&mut self, expr: &'a Expr, context: Context) -> Result<Cow<'a, str>> {
        let text = self.value(expr, context)?.into_text(self.document);
        self.spend_text(&text)?;
        Ok(text)
    }

    /// The string-value of a node, which is going to be read.
    pub fn value_of(&mut self, node: NodeRef) -> Result<&'a str> {
        let value = self.document.value(node);
        self.spend_text(value)?;
        Ok(value)
    }

    /// The value of an expression that gives nodes.
    pub fn nodes(&mut self, expr: &'a Expr, context: Context) -> Result<Rc<Vec<NodeRef>>> {
        match expr {
            Expr::Path(path) => self.path(path, context),
            Expr::Union(parts) => {
                let mut all = Vec::new();
                for part in parts {
                    all.extend_from_slice(&self.nodes(part, context)?);
                }
                self.spend(all.len())?;
                Ok(Rc::new(in_order(all)))
            }
            _ => match self.value(expr, context)? {
                Value::Nodes(nodes) => Ok(nodes),
                // The parser has seen to that.
                _ => Ok(Rc::default()),
            },
        }
    }

    fn chain(&mut self, first: &'a Expr, rest: &'a [(Operator, Expr)], context: Context) -> Result<Value<'a>> {
        if let Some((operator @ (Operator::And | Operator::Or), _)) = rest.first() {
            let decides = *operator == Operator::Or;
            for expr in std::iter::once(first).chain(rest.iter().map(|(_, expr)| expr)) {
                if self.boolean(expr, context)? == decides {
                    return Ok(Value::Boolean(decides));
                }
            }
            return Ok(Value::Boolean(!decides));
        }
        let mut left = self.value(first, context)?;
        for (operator, expr) in rest {
            let right = self.value(expr, context)?;
            left = self.binary(*operator, &left, &right)?;
        }
        Ok(left)
    }

    fn path(&mut self, path: &'a Path, context: Context) -> Result<Rc<Vec<NodeRef>>> {
        let slot = match path.start {
            Start::Root { slot } => Some(slot),
            _ => None,
        };
        if let Some(known) = slot.and_then(|slot| self.slots.get(slot)?.clone()) {
            return Ok(known);
        }
        let mut nodes = self.start(&path.start, context)?;
        for step in &path.steps {
            nodes = Rc::new(self.step(step, &nodes)?);
        }
        if let Some(slot) = slot.and_then(|slot| self.slots.get_mut(slot)) {
            *slot = Some(nodes.clone());
        }
        Ok(nodes)
    }

    fn start(&mut self, start: &'a Start, context: Context) -> Result<Rc<Vec<NodeRef>>> {
        match start {
            Start::Root { .. } => Ok(Rc::new(vec![NodeRef::ROOT])),
            Start::Context => Ok(Rc::new(vec![context.node])),
            Start::Expr(expr, predicates) => {
                let nodes = self.nodes(expr, context)?;
                if predicates.is_empty() {
                    return Ok(nodes);
                }
                Ok(Rc::new(self.filter(nodes.to_vec(), predicates)?))
            }
        }
    }

    /// Does the path lead anywhere? The last step ends at the first node that it finds.
    fn exists(&mut self, path: &'a Path, context: Context) -> Result<bool> {
        let Some((last, before)) = path.steps.split_last() else { return Ok(!self.path(path, context)?.is_empty()) };
        if matches!(path.start, Start::Root { .. }) || last.is_positional() {
            return Ok(!self.path(path, context)?.is_empty());
        }
        let mut nodes = self.start(&path.start, context)?;
        for step in before {
            nodes = Rc::new(self.step(step, &nodes)?);
        }
        let mut search = Search::new(self.document, last.axis, &nodes);
        while let Some(node) = self.next_found(&mut search, last)? {
            if self.passes(last, node)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The nodes of a step from all context nodes, in document order.
    fn step(&mut self, step: &'a Step, from: &[NodeRef]) -> Result<Vec<NodeRef>> {
        let mut found = Vec::new();
        let names = match &step.test {
            Test::Name(name) => Some(self.document.indexes(name)),
            _ => None,
        };
        if names.is_some_and(<[u32]>::is_empty) {
            // No element and no attribute of the page has the name.
            return Ok(found);
        }
        if let (Some(names), Axis::Descendant, [node], false) = (names, step.axis, from, step.is_positional()) {
            let below = self.document.below(*node);
            self.spend(below.len())?;
            for number in below {
                if matches!(self.document.kind(number), Kind::Element(name) if names.contains(&name))
                    && self.passes(step, NodeRef::node(number))?
                {
                    found.push(NodeRef::node(number));
                }
            }
            return Ok(found);
        }
        if step.is_positional() {
            for node in from {
                let nodes = self.near(step, *node)?;
                found.append(&mut self.filter(nodes, &step.predicates)?);
            }
        } else {
            let mut search = Search::new(self.document, step.axis, from);
            while let Some(node) = self.next_found(&mut search, step)? {
                if self.passes(step, node)? {
                    found.push(node);
                }
            }
        }
        Ok(in_order(found))
    }

    /// The nodes of a step from one context node that pass the node test, nearest first; no more than a first predicate `[n]` needs.
    fn near(&mut self, step: &'a Step, from: NodeRef) -> Result<Vec<NodeRef>> {
        let needed = match step.predicates.first() {
            Some(Predicate { expr: Expr::Number(number), .. }) => *number,
            _ => f64::INFINITY,
        };
        self.spend(1)?;
        let mut nodes = Vec::new();
        for node in Walk::new(self.document, step.axis, from) {
            self.spend(1)?;
            if step.test.accepts(self.document, step.axis, node) {
                nodes.push(node);
            }
            if nodes.len() as f64 >= needed {
                break;
            }
        }
        Ok(nodes)
    }

    /// The next node of a search that passes the node test.
    fn next_found(&mut self, search: &mut Search<'_, 'a>, step: &Step) -> Result<Option<NodeRef>> {
        while let Some(node) = search.next() {
            self.spend(1)?;
            if node.is_some_and(|node| step.test.accepts(self.document, step.axis, node)) {
                return Ok(node);
            }
        }
        Ok(None)
    }

    /// Does the node pass all predicates, none of which asks for positions?
    fn passes(&mut self, step: &'a Step, node: NodeRef) -> Result<bool> {
        for predicate in &step.predicates {
            if !self.boolean(&predicate.expr, Context::alone(node))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The nodes that pass the predicates; positions count in the order of `nodes`.
    fn filter(&mut self, mut nodes: Vec<NodeRef>, predicates: &'a [Predicate]) -> Result<Vec<NodeRef>> {
        for predicate in predicates {
            let size = nodes.len();
            let mut kept = Vec::new();
            for (idx, node) in nodes.into_iter().enumerate() {
                self.spend(1)?;
                let context = Context { node, position: idx + 1, size };
                let keep = match &predicate.expr {
                    Expr::Path(path) => self.exists(path, context)?,
                    expr => match self.value(expr, context)? {
                        Value::Number(number) => number == context.position as f64,
                        value => value.to_boolean(),
                    },
                };
                if keep {
                    kept.push(node);
                }
            }
            nodes = kept;
        }
        Ok(nodes)
    }
}

/// Sorts nodes into document order and removes repeats.
pub(super) fn in_order(mut nodes: Vec<NodeRef>) -> Vec<NodeRef> {
    if !nodes.is_sorted() {
        nodes.sort_unstable();
    }
    nodes.dedup();
    nodes
}
