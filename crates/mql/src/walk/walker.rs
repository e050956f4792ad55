//! The walk itself: each node as an answer or as a value, operands in the order in which they are written.
//!
//! The depth of the recursion is bounded by the parser. What is seen on the way goes to a [`Trace`].

use super::answer::{Answer, Join, Outcome, count_of};
use super::rule::{Rule, is_constant, is_logic};
use super::scalar::{arithmetic, compare, index};
use super::trace::Trace;
use crate::ast::Op;
use crate::context::Context;
use crate::forms::Form;
use crate::typed::{Kind, Typed};
use mailhound_value::{Eval, ItemList, List, Maybe, Type, Unavailable, Value};

/// The item of a loop, and the loop around it.
pub(super) struct Scope<'s, 'm> {
    pub item: Eval<'m>,
    pub outer: Scopes<'s, 'm>,
}

pub(super) type Scopes<'s, 'm> = Option<&'s Scope<'s, 'm>>;

/// One walk of a rule over a message.
pub(super) struct Walker<'w, 'm, T> {
    pub ctx: &'w Context<'m>,
    pub rule: &'m Rule,
    pub trace: T,
}

impl<'m, T: Trace<'m>> Walker<'_, 'm, T> {
    /// A boolean node.
    pub fn answer(&self, node: &'m Typed, scopes: Scopes<'_, 'm>) -> Answer {
        self.trace.enter(node);
        let answer = if is_logic(node) { self.logic(node, scopes) } else { Answer::of(self.plain(node, scopes)) };
        self.trace.answered(&answer);
        answer
    }

    /// Any node as a value. Constants are no news to anybody.
    pub fn value(&self, node: &'m Typed, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        if is_logic(node) {
            return self.answer(node, scopes).value();
        }
        if is_constant(node) {
            return self.plain(node, scopes);
        }
        self.trace.enter(node);
        let value = self.plain(node, scopes);
        self.trace.valued(&value);
        value
    }

    fn logic(&self, node: &'m Typed, scopes: Scopes<'_, 'm>) -> Answer {
        match &node.kind {
            Kind::Not(inner) => self.answer(inner, scopes).negated(),
            Kind::And(operands) => self.operands(Join::and(), operands, scopes),
            Kind::Or(operands) => self.operands(Join::or(), operands, scopes),
            Kind::Of { count, clauses } => self.count_of(*count, clauses, scopes),
            Kind::Binary { op, left, right } => Answer::of(self.comparison(*op, left, right, scopes)),
            Kind::Range { low, first, middle, second, high } => self.range([low, middle, high], *first, *second, scopes),
            Kind::IsNull { value, negated } => Answer::of(self.value(value, scopes).map(|value| Value::Bool(value.is_null() != *negated))),
            Kind::InTuple { item, tuple, negated, fold } => negate(self.in_tuple(item, tuple, *fold, scopes), *negated),
            Kind::InList { item, list, negated, fold } => negate(self.in_list(item, list, *fold, scopes), *negated),
            Kind::Form { form: Form::Any, args } => self.quantifier(Join::or(), None, args, scopes),
            Kind::Form { form: Form::All, args } => self.quantifier(Join::and(), Some(true), args, scopes),
            _ => Answer::of(self.plain(node, scopes)),
        }
    }

    /// A node that is no logic.
    pub fn plain(&self, node: &'m Typed, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        match &node.kind {
            Kind::Bool(it) => Ok(Value::Bool(*it)),
            Kind::Int(it) => Ok(Value::Int(*it)),
            Kind::Float(it) => Ok(Value::Float(*it)),
            Kind::Text(it) => Ok(Value::Str(it)),
            Kind::List(name) => Ok(self.rule.list(name)?.value()),
            Kind::Root => Ok(Value::Object(self.ctx.root)),
            Kind::Item { up } => item(scopes, *up),
            Kind::Field { base, index } => match self.base(base, scopes)? {
                Value::Object(object) => object.field(*index),
                _ => Ok(Value::Null),
            },
            Kind::Index { base, index: at } => index(self.value(base, scopes)?, self.value(at, scopes)?),
            Kind::Slice { base, start, end } => self.slice(base, start.as_deref(), end.as_deref(), scopes),
            Kind::Array(items) => Ok(self.ctx.arena.list(ItemList::of(items.iter().map(|item| self.value(item, scopes))))),
            Kind::Neg(inner) => Ok(match self.value(inner, scopes)? {
                Value::Int(it) => it.checked_neg().map_or(Value::Null, Value::Int),
                Value::Float(it) => Value::Float(-it),
                _ => Value::Null,
            }),
            Kind::Binary { op, left, right } => {
                let (left, right) = (self.value(left, scopes)?, self.value(right, scopes)?);
                Ok(arithmetic(*op, left, right, node.ty == Type::Float))
            }
            Kind::Form { form, args } => self.form(*form, node, args, scopes),
            Kind::Call { function, single, repeated } => self.call(node, function, single, repeated, scopes),
            _ => Ok(Value::Null),
        }
    }

    /// What a field is read of. The steps of a path are one thing to a reader, so only where the path begins is told.
    fn base(&self, node: &'m Typed, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        match node.kind {
            Kind::Root | Kind::Item { .. } | Kind::Field { .. } => self.plain(node, scopes),
            _ => self.value(node, scopes),
        }
    }

    // Logic.

    fn operands(&self, mut join: Join, operands: &'m [Typed], scopes: Scopes<'_, 'm>) -> Answer {
        for operand in operands {
            match join.decided() {
                Some(decided) => self.behind(decided, operand, scopes),
                None => join.add(&self.answer(operand, scopes)),
            }
        }
        join.finish()
    }

    /// An operand behind the one that decided: walked only where the trace wants to know what it would have been.
    fn behind(&self, decided: Outcome, operand: &'m Typed, scopes: Scopes<'_, 'm>) {
        if self.trace.is_curious(decided) {
            self.trace.aside(true);
            self.answer(operand, scopes);
            self.trace.aside(false);
        } else {
            self.trace.passed(operand);
        }
    }

    fn count_of(&self, count: usize, clauses: &'m [Typed], scopes: Scopes<'_, 'm>) -> Answer {
        let (mut answers, mut trues) = (Vec::new(), 0);
        for clause in clauses {
            if trues >= count {
                self.behind(Outcome::True, clause, scopes);
                continue;
            }
            let answer = self.answer(clause, scopes);
            trues += usize::from(answer.is(Outcome::True));
            answers.push(answer);
        }
        count_of(count, &answers)
    }

    /// `any` and `all`.
    fn quantifier(&self, mut join: Join, over_null: Option<bool>, args: &'m [Typed], scopes: Scopes<'_, 'm>) -> Answer {
        let (Some(list), Some(body)) = (args.first(), args.get(1)) else { return Answer::known(None) };
        let list = match self.list(list, scopes) {
            Ok(Some(list)) => list,
            Ok(None) => return Answer::known(over_null),
            Err(missing) => return Answer::unavailable(missing),
        };
        self.trace.list(list);
        for idx in 0..list.known() {
            match join.decided() {
                Some(decided) if self.trace.is_curious(decided) => {
                    self.trace.aside(true);
                    self.condition(body, idx, list, scopes);
                    self.trace.aside(false);
                }
                Some(_) => break,
                None => join.add_item(self.condition(body, idx, list, scopes), list.doubt(idx)),
            }
        }
        if let Some(missing) = list.rest().filter(|_| join.decided().is_none()) {
            join.add(&Answer::unavailable(missing.clone()));
        }
        join.finish()
    }

    /// The condition of a loop for one item.
    pub fn condition(&self, body: &'m Typed, idx: usize, list: List<'m>, scopes: Scopes<'_, 'm>) -> Answer {
        let item = list.get(idx);
        self.trace.item(idx, &item);
        let answer = match self.step() {
            Ok(()) => self.answer(body, Some(&Scope { item, outer: scopes })),
            Err(missing) => Answer::unavailable(missing),
        };
        self.trace.item_done(Some(&answer));
        answer
    }

    /// Counts one evaluation of a loop body.
    pub fn step(&self) -> Maybe<()> {
        self.trace.step_aside().unwrap_or_else(|| self.ctx.step())
    }

    /// A list; `None` is a null list.
    pub fn list(&self, node: &'m Typed, scopes: Scopes<'_, 'm>) -> Result<Option<List<'m>>, Unavailable> {
        Ok(match self.value(node, scopes)? {
            Value::List(list) => Some(list),
            Value::Json(serde_json::Value::Array(items)) => Some(List::Owned(items)),
            _ => None,
        })
    }

    // Comparisons.

    fn comparison(&self, op: Op, left: &'m Typed, right: &'m Typed, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let (left, right) = (self.value(left, scopes)?, self.value(right, scopes)?);
        Ok(compare(op, left, right).map_or(Value::Null, Value::Bool))
    }

    /// `low first middle second high` is `(low first middle) and (middle second high)`.
    fn range(&self, operands: [&'m Typed; 3], first: Op, second: Op, scopes: Scopes<'_, 'm>) -> Answer {
        let [low, middle, high] = operands.map(|operand| self.value(operand, scopes));
        let half = |op, left: &Eval<'m>, right: &Eval<'m>| match (left, right) {
            (Ok(left), Ok(right)) => Answer::known(compare(op, *left, *right)),
            (Err(missing), _) | (_, Err(missing)) => Answer::unavailable(missing.clone()),
        };
        let mut join = Join::and();
        join.add(&half(first, &low, &middle));
        join.add(&half(second, &middle, &high));
        join.finish()
    }

    /// `item in (a, b)` is `item == a or item == b`.
    fn in_tuple(&self, item: &'m Typed, tuple: &'m [Typed], fold: bool, scopes: Scopes<'_, 'm>) -> Answer {
        let item = match self.value(item, scopes) {
            Ok(item) => item,
            Err(missing) => return Answer::unavailable(missing),
        };
        let mut join = Join::or();
        for (idx, value) in tuple.iter().enumerate() {
            join.add(&equals(item, self.value(value, scopes), fold));
            if join.decided().is_some() {
                self.trace.decided_by(idx, Some(value.span));
                break;
            }
        }
        join.finish()
    }

    fn in_list(&self, item: &'m Typed, list: &'m Typed, fold: bool, scopes: Scopes<'_, 'm>) -> Answer {
        let item = match self.value(item, scopes) {
            Ok(item) => item,
            Err(missing) => return Answer::unavailable(missing),
        };
        if let Kind::List(name) = &list.kind {
            return Answer::of(self.in_named(item, name, fold));
        }
        let list = match self.list(list, scopes) {
            Ok(Some(list)) => list,
            Ok(None) => return Answer::known(None),
            Err(missing) => return Answer::unavailable(missing),
        };
        // Null is in no list and not outside of one, whatever the list holds (mql-observed.md).
        if item.is_null() && list.known() == 0 && list.rest().is_none() {
            return Answer::known(None);
        }
        let mut join = Join::or();
        for idx in 0..list.known() {
            join.add_item(equals(item, list.get(idx), fold), list.doubt(idx));
            if join.decided().is_some() {
                self.trace.decided_by(idx, None);
                return join.finish();
            }
        }
        if let Some(missing) = list.rest() {
            join.add(&Answer::unavailable(missing.clone()));
        }
        join.finish()
    }

    fn in_named(&self, item: Value<'m>, name: &str, fold: bool) -> Eval<'m> {
        let list = self.rule.list(name)?;
        match item.as_str() {
            Some(text) => list.contains(text, fold).map(Value::Bool),
            None => Ok(Value::Null),
        }
    }
}

fn negate(answer: Answer, negated: bool) -> Answer {
    if negated { answer.negated() } else { answer }
}

/// The item of the loop `up` loops further out.
fn item<'m>(scopes: Scopes<'_, 'm>, up: usize) -> Eval<'m> {
    let scope = (0..up).fold(scopes, |scope, _| scope.and_then(|scope| scope.outer));
    scope.map_or(Ok(Value::Null), |scope| scope.item.clone())
}

/// `item == other`, or `=~`, where the other may be unavailable.
fn equals<'m>(item: Value<'m>, other: Eval<'m>, fold: bool) -> Answer {
    match other {
        Ok(other) => Answer::known(compare(if fold { Op::EqFold } else { Op::Eq }, item, other)),
        Err(missing) => Answer::unavailable(missing),
    }
}
