//! A plan on a message: every step as a value or as a truth.
//!
//! Boolean steps are evaluated as [`Truth`], so that logic can absorb what is unavailable; everything else hands it on. The depth of the
//! recursion is bounded by the parser.

mod forms;
mod known;
mod prefilter;
mod profile;
mod scalar;
mod search;

use crate::ast::Op;
use crate::context::{Args, Context};
use crate::forms::Form;
use crate::library::{Body, Function};
use crate::plan::{Call, Family, Node, NodeId, Place, Plan, Program, Scoped};
use crate::truth::{Fold, Truth, count_of};
use known::Known;
pub use known::Memory;
use mailhound_value::{Eval, Item, ItemList, List, NamedList, Unavailable, Value};
pub use profile::{Profile, Tally};
use rustc_hash::FxHashSet;
use scalar::{arithmetic, as_float, code_points, compare};
use smallvec::SmallVec;
use std::cell::{Cell, RefCell};
use std::time::Instant;

/// A plan at work on one message. It keeps the answers that rules share.
pub struct Evaluator<'m> {
    plan: &'m Plan,
    ctx: &'m Context<'m>,
    known: RefCell<Known<'m>>,
    /// The texts of the message were looked at for what rules need.
    looked: Cell<bool>,
    profile: Option<&'m Profile>,
}

impl<'m> Evaluator<'m> {
    /// A plan at work on the message of the context.
    pub fn new(plan: &'m Plan, ctx: &'m Context<'m>) -> Self {
        Evaluator::with_memory(plan, ctx, Memory::default())
    }

    /// The same in the memory of an evaluator before it.
    pub fn with_memory(plan: &'m Plan, ctx: &'m Context<'m>, memory: Memory) -> Self {
        Evaluator { plan, ctx, known: RefCell::new(Known::new(plan, memory)), looked: Cell::new(false), profile: None }
    }

    /// The memory, for the next message.
    pub fn into_memory(self) -> Memory {
        self.known.into_inner().into_memory()
    }

    /// The same, which tells the profile where its time goes.
    #[must_use]
    pub fn with_profile(mut self, profile: Option<&'m Profile>) -> Self {
        self.profile = profile;
        self
    }

    /// Is a program of the plan true? As a truth, but false may stand for null: who asks this wants to know no more.
    pub fn match_of(&self, program: &Program) -> Truth {
        let program = self.plan.program(program);
        if !self.may_match(program) {
            return Truth::known(Some(false));
        }
        self.ctx.begin();
        self.truth(program.root, None)
    }

    /// The result of a program of the plan, as a value.
    pub fn value_of(&self, program: &Program) -> Eval<'m> {
        self.ctx.begin();
        self.value(self.plan.program(program).root, None)
    }
}

/// The item of a loop, and the loop around it.
struct Scope<'s, 'm> {
    item: Eval<'m>,
    /// Where answers on the item are kept; `None` when it cannot be told from others.
    row: Option<u32>,
    outer: Option<&'s Scope<'s, 'm>>,
}

type Scopes<'s, 'm> = Option<&'s Scope<'s, 'm>>;

impl<'m> Evaluator<'m> {
    fn truth(&self, id: NodeId, scopes: Scopes<'_, 'm>) -> Truth {
        let Place::Truth(scope, slot) = &self.plan.steps[id.idx()].place else { return self.new_truth(id, scopes) };
        let Some(row) = row(*scope, scopes) else { return self.new_truth(id, scopes) };
        if let Some(truth) = self.known.borrow().truth(scope.family(), row, *slot) {
            return truth;
        }
        let truth = self.new_truth(id, scopes);
        if truth.missing().is_none() || !self.ctx.is_spent() {
            self.known.borrow_mut().keep_truth(scope.family(), row, *slot, &truth);
        }
        truth
    }

    fn value(&self, id: NodeId, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        match &self.plan.steps[id.idx()].place {
            Place::Value(slot) => {
                if let Some(value) = self.known.borrow().value(*slot) {
                    return value;
                }
                let value = self.new_value(id, scopes);
                if !self.ctx.is_spent() {
                    self.known.borrow_mut().keep_value(*slot, &value);
                }
                value
            }
            Place::ItemValue(scope) => {
                let Some(row) = row(*scope, scopes) else { return self.new_value(id, scopes) };
                if let Some(value) = self.known.borrow().item_value(id, row) {
                    return value;
                }
                let value = self.new_value(id, scopes);
                if !self.ctx.is_spent() {
                    self.known.borrow_mut().keep_item_value(id, row, &value);
                }
                value
            }
            Place::Truth(..) => self.truth(id, scopes).value(),
            Place::Nowhere | Place::Search(_) => self.new_value(id, scopes),
        }
    }

    fn new_truth(&self, id: NodeId, scopes: Scopes<'_, 'm>) -> Truth {
        match &self.plan.steps[id.idx()].node {
            Node::Bool(it) => Truth::known(Some(*it)),
            Node::Not(inner) => !self.truth(*inner, scopes),
            Node::And(operands) => self.fold(Fold::and(), operands, scopes),
            Node::Or(operands) => self.fold(Fold::or(), operands, scopes),
            Node::Of(count, clauses) => match self.ctx.looks(clauses.len()) {
                Ok(()) => count_of(*count, clauses.iter().map(|clause| self.truth(*clause, scopes))),
                Err(missing) => Truth::unavailable(missing),
            },
            Node::Compare(op, left, right) => Truth::of(self.comparison(*op, *left, *right, scopes)),
            Node::Range(operands, first, second) => self.range(operands, *first, *second, scopes),
            Node::IsNull(value, negated) => match self.value(*value, scopes) {
                Ok(value) => Truth::known(Some(value.is_null() != *negated)),
                Err(missing) => Truth::unavailable(missing),
            },
            Node::InTexts { item, texts, negated, fold } => {
                negate(Truth::of(self.in_texts(*item, &self.plan.sets[*texts], *fold, scopes)), *negated)
            }
            Node::InNamed { item, list, negated, fold } => negate(Truth::of(self.in_named(*item, *list, *fold, scopes)), *negated),
            Node::InValues { item, values, negated, fold } => negate(self.in_values(*item, values, *fold, scopes), *negated),
            Node::InList { item, list, negated, fold } => negate(self.in_list(*item, *list, *fold, scopes), *negated),
            Node::Form(Form::Any, ..) if self.is_denied(id) => Truth::known(Some(false)),
            Node::Form(Form::Any, args, _, family) => self.quantifier(Fold::or(), None, args, *family, scopes),
            Node::Form(Form::All, args, _, family) => self.quantifier(Fold::and(), Some(true), args, *family, scopes),
            Node::Test(test) => Truth::of(self.test(id, test, scopes)),
            Node::Listed(listed) => self.listed(listed, scopes),
            _ => Truth::of(self.value(id, scopes)),
        }
    }

    fn new_value(&self, id: NodeId, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        match &self.plan.steps[id.idx()].node {
            Node::Null => Ok(Value::Null),
            Node::Bool(it) => Ok(Value::Bool(*it)),
            Node::Int(it) => Ok(Value::Int(*it)),
            Node::Float(it) => Ok(Value::Float(f64::from_bits(*it))),
            Node::Text(it) => Ok(Value::Str(it)),
            Node::NamedList(list) => Ok(self.named(*list)?.value()),
            Node::Root(fields) => self.read(Value::Object(self.ctx.root), fields),
            Node::Item(up, _, fields) => self.read(item(scopes, *up)?, fields),
            Node::Fields(base, fields) => follow(self.value(*base, scopes)?, fields),
            Node::Index(base, index) => self.index(*base, *index, scopes),
            Node::Slice { base, start, end, of_text } => self.slice(*base, *start, *end, *of_text, scopes),
            Node::Array(items) => {
                self.ctx.looks(items.len())?;
                Ok(self.ctx.arena.list(ItemList::of(items.iter().map(|item| self.value(*item, scopes)))))
            }
            Node::Neg(inner) => Ok(match self.value(*inner, scopes)? {
                Value::Int(number) => number.checked_neg().map_or(Value::Null, Value::Int),
                Value::Float(number) => Value::Float(-number),
                _ => Value::Null,
            }),
            Node::Arithmetic(op, left, right, float) => {
                let (left, right) = (self.value(*left, scopes)?, self.value(*right, scopes)?);
                Ok(if *float { arithmetic(*op, as_float(left), as_float(right)) } else { arithmetic(*op, left, right) })
            }
            Node::Form(form, args, facts, family) if !matches!(form, Form::Any | Form::All) => {
                self.form(*form, args, *facts, *family, scopes)
            }
            Node::Call(call) => self.call(call, scopes),
            Node::Test(test) => self.test(id, test, scopes),
            _ => self.new_truth(id, scopes).value(),
        }
    }

    // Logic.

    fn fold(&self, mut fold: Fold, operands: &[NodeId], scopes: Scopes<'_, 'm>) -> Truth {
        if let Err(missing) = self.ctx.looks(operands.len()) {
            return Truth::unavailable(missing);
        }
        for operand in operands {
            if fold.add(self.truth(*operand, scopes)) {
                break;
            }
        }
        fold.finish()
    }

    /// `any` and `all`.
    fn quantifier(&self, fold: Fold, over_null: Option<bool>, args: &[NodeId], family: Family, scopes: Scopes<'_, 'm>) -> Truth {
        let list = match self.list(args[0], scopes) {
            Ok(Some(list)) => list,
            Ok(None) => return Truth::known(over_null),
            Err(missing) => return Truth::unavailable(missing),
        };
        let rows = self.rows(list, family);
        fold_items(fold, list, |idx, item| self.condition(args[1], item, self.row_at(rows, idx), scopes))
    }

    /// Where answers on the items of a list are kept.
    fn rows(&self, list: List<'m>, family: Family) -> usize {
        self.known.borrow_mut().rows(list, family)
    }

    fn row_at(&self, rows: usize, idx: usize) -> Option<u32> {
        self.known.borrow().row_at(rows, idx)
    }

    /// The condition of a loop for one item.
    fn condition(&self, body: NodeId, item: Eval<'m>, row: Option<u32>, scopes: Scopes<'_, 'm>) -> Truth {
        match self.ctx.step() {
            Ok(()) => self.truth(body, Some(&Scope { item, row, outer: scopes })),
            Err(missing) => Truth::unavailable(missing),
        }
    }

    /// A list argument; `None` is a null list.
    fn list(&self, node: NodeId, scopes: Scopes<'_, 'm>) -> Result<Option<List<'m>>, Unavailable> {
        Ok(match self.value(node, scopes)? {
            Value::List(list) => Some(list),
            Value::Json(serde_json::Value::Array(items)) => Some(List::Owned(items)),
            _ => None,
        })
    }

    // Comparisons.

    fn comparison(&self, op: Op, left: NodeId, right: NodeId, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let left = self.value(left, scopes)?;
        let right = self.value(right, scopes)?;
        Ok(compare(op, left, right).map_or(Value::Null, Value::Bool))
    }

    fn range(&self, operands: &[NodeId; 3], first: Op, second: Op, scopes: Scopes<'_, 'm>) -> Truth {
        let [low, middle, high] = *operands;
        let low = self.value(low, scopes);
        let middle = self.value(middle, scopes);
        let half = |op, left: &Eval<'m>, right: &Eval<'m>| match (left, right) {
            (Ok(left), Ok(right)) => Truth::known(compare(op, *left, *right)),
            (Err(missing), _) | (_, Err(missing)) => Truth::unavailable(missing.clone()),
        };
        let mut fold = Fold::and();
        fold.add(half(first, &low, &middle));
        fold.add(half(second, &middle, &self.value(high, scopes)));
        fold.finish()
    }

    fn in_texts(&self, item: NodeId, texts: &FxHashSet<Box<str>>, fold: bool, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        Ok(match self.value(item, scopes)?.as_str() {
            Some(text) => Value::Bool(texts.contains(if fold { self.ctx.lower(text) } else { text })),
            None => Value::Null,
        })
    }

    fn in_named(&self, item: NodeId, list: usize, fold: bool, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let (item, list) = (self.value(item, scopes)?, self.named(list)?);
        match item.as_str() {
            Some(text) => list.contains(text, fold).map(Value::Bool),
            None => Ok(Value::Null),
        }
    }

    /// A named list.
    fn named(&self, list: usize) -> Result<&'m NamedList, Unavailable> {
        match self.ctx.lists.get(list) {
            Some(Ok(list)) => Ok(list),
            Some(Err(missing)) => Err(missing.clone()),
            None => Err(Unavailable::failure("the lists belong to another rule set")),
        }
    }

    fn in_values(&self, item: NodeId, values: &[NodeId], fold: bool, scopes: Scopes<'_, 'm>) -> Truth {
        let item = match self.ctx.looks(values.len()).and_then(|()| self.value(item, scopes)) {
            Ok(item) => item,
            Err(missing) => return Truth::unavailable(missing),
        };
        let mut found = Fold::or();
        for value in values {
            if found.add(equals(item, self.value(*value, scopes), fold)) {
                break;
            }
        }
        found.finish()
    }

    fn in_list(&self, item: NodeId, list: NodeId, fold: bool, scopes: Scopes<'_, 'm>) -> Truth {
        let item = match self.value(item, scopes) {
            Ok(item) => item,
            Err(missing) => return Truth::unavailable(missing),
        };
        let list = match self.list(list, scopes) {
            Ok(Some(list)) => list,
            Ok(None) => return Truth::known(None),
            Err(missing) => return Truth::unavailable(missing),
        };
        if item.is_null() && list.known() == 0 && list.rest().is_none() {
            return Truth::known(None);
        }
        if let Err(missing) = self.ctx.looks(list.known()) {
            return Truth::unavailable(missing);
        }
        fold_items(Fold::or(), list, |_, other| equals(item, other, fold))
    }

    // Parts.

    fn index(&self, base: NodeId, index: NodeId, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let base = self.value(base, scopes)?;
        let index = self.value(index, scopes)?;
        match (base, index) {
            (Value::List(list), index) => match index.as_int() {
                Some(idx) => position(list, idx),
                None => Ok(Value::Null),
            },
            (Value::Map(map), index) => index.as_str().and_then(|key| map.get(key)).unwrap_or(Ok(Value::Null)),
            (Value::Json(json), index) => {
                let found = match (index.as_str(), index.as_int().and_then(|idx| usize::try_from(idx).ok())) {
                    (Some(key), _) => json.get(key),
                    (None, Some(idx)) => json.get(idx),
                    (None, None) => None,
                };
                Ok(found.map_or(Value::Null, Value::Json))
            }
            _ => Ok(Value::Null),
        }
    }

    fn slice(&self, base: NodeId, start: Option<NodeId>, end: Option<NodeId>, of_text: bool, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let base = self.value(base, scopes)?;
        let bound = |node: Option<NodeId>, open: i64| match node {
            None => Ok(Some(open)),
            Some(node) => self.value(node, scopes).map(|value| value.as_int()),
        };
        let (start, end) = (bound(start, 0)?, bound(end, i64::MAX)?);
        let (Some(start), Some(end)) = (start, end) else { return Ok(Value::Null) };
        let start = usize::try_from(start).unwrap_or(0);
        let len = usize::try_from(end).unwrap_or(0).saturating_sub(start);
        match base {
            Value::Str(text) => Ok(Value::Str(code_points(text, start, len))),
            Value::List(list) => self.part(list, start, len),
            _ if of_text => Ok(Value::Null),
            _ => Ok(Value::List(List::Empty)),
        }
    }

    fn part(&self, list: List<'m>, start: usize, len: usize) -> Eval<'m> {
        let end = start.saturating_add(len);
        if let Some(doubt) = (0..list.known().min(end)).find_map(|idx| list.doubt(idx)) {
            return Err(doubt.clone());
        }
        let items = (start..list.known().min(end)).map(|idx| Item { value: list.get(idx), doubt: None }).collect();
        let rest = list.rest().filter(|_| end > list.known()).cloned();
        if rest.is_some() && end != i64::MAX as usize {
            return rest.map_or(Ok(Value::Null), Err);
        }
        Ok(self.ctx.arena.list(ItemList { items, rest }))
    }

    /// Fields of the model.
    fn read(&self, value: Value<'m>, fields: &[usize]) -> Eval<'m> {
        let Some(profile) = self.profile else { return follow(value, fields) };
        let started = Instant::now();
        let read = follow(value, fields);
        profile::count(&profile.model, started);
        read
    }

    // Calls.

    fn call(&self, call: &'m Call, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let mut values: SmallVec<[Value<'m>; 6]> = SmallVec::new();
        for node in call.single.iter().chain(&call.repeated) {
            values.push(self.value(*node, scopes)?);
        }
        let texts: usize = values.iter().filter_map(Value::as_str).map(str::len).sum();
        self.ctx.looks(values.len())?;
        let (single, repeated) = values.split_at(call.single.len());
        let args = Args { ctx: self.ctx, single, repeated, prepared: call.prepared.map(|number| &*self.plan.prepared[number]) };
        let work = || {
            self.ctx.work(texts)?;
            let started = self.profile.map(|_| Instant::now());
            let result = match call.function.body {
                Body::Plain(body) => body(&args),
                Body::Prepared { run, .. } => run(&args),
                Body::Form(_) | Body::Test(_) => Ok(Value::Null),
            };
            if let (Some(profile), Some(started)) = (self.profile, started) {
                profile.function(call.function.name, started);
            }
            result
        };
        if call.function.memo {
            return self.ctx.once(std::ptr::from_ref::<Function>(call.function) as usize, &values, work);
        }
        work()
    }
}

/// The truths of all items and of what hides further ones.
fn fold_items<'m>(mut fold: Fold, list: List<'m>, truth: impl Fn(usize, Eval<'m>) -> Truth) -> Truth {
    for idx in 0..list.known() {
        if fold.add_item(truth(idx, list.get(idx)), list.doubt(idx)) {
            return fold.finish();
        }
    }
    if let Some(missing) = list.rest() {
        fold.add(Truth::unavailable(missing.clone()));
    }
    fold.finish()
}

fn negate(truth: Truth, negated: bool) -> Truth {
    if negated { !truth } else { truth }
}

/// The place of what a step depends on; `None` when it has none.
fn row(scope: Scoped, scopes: Scopes<'_, '_>) -> Option<u32> {
    match scope {
        Scoped::Message => Some(0),
        Scoped::Item(up, _) => {
            let mut scope = scopes?;
            for _ in 0..up {
                scope = scope.outer?;
            }
            scope.row
        }
    }
}

/// The item of the loop `up` loops further out.
fn item<'m>(scopes: Scopes<'_, 'm>, up: usize) -> Eval<'m> {
    let mut scope = scopes;
    for _ in 0..up {
        scope = scope.and_then(|scope| scope.outer);
    }
    scope.map_or(Ok(Value::Null), |scope| scope.item.clone())
}

/// A field of a field of an object; null stays null.
fn follow<'m>(value: Value<'m>, fields: &[usize]) -> Eval<'m> {
    let mut value = value;
    for field in fields {
        value = match value {
            Value::Object(object) => object.field(*field)?,
            _ => return Ok(Value::Null),
        };
    }
    Ok(value)
}

/// An item by its position; null outside of the list.
fn position<'m>(list: List<'m>, idx: i64) -> Eval<'m> {
    let Ok(idx) = usize::try_from(idx) else { return Ok(Value::Null) };
    if let Some(doubt) = (0..list.known().min(idx.saturating_add(1))).find_map(|idx| list.doubt(idx)) {
        return Err(doubt.clone());
    }
    match list.rest() {
        _ if idx < list.known() => list.get(idx),
        Some(missing) => Err(missing.clone()),
        None => Ok(Value::Null),
    }
}

/// `a == b` or `a =~ b` where one side may be unavailable.
fn equals<'m>(item: Value<'m>, other: Eval<'m>, fold: bool) -> Truth {
    match other {
        Ok(other) => Truth::known(compare(if fold { Op::EqFold } else { Op::Eq }, item, other)),
        Err(missing) => Truth::unavailable(missing),
    }
}
