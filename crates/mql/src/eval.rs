//! Programs on messages: every node as a value or as a truth.
//!
//! Boolean nodes are evaluated as [`Truth`], so that logic can absorb what is unavailable; everything else hands it on. The depth of the
//! recursion is bounded by the parser.

use crate::ast::Op;

use crate::context::{Args, Context};
use crate::forms::Form;
use crate::library::{Body, Function};
use crate::program::{Call, FormFacts, Node, Program};
use crate::truth::{Fold, Truth, count_of};
use mailhound_value::{Eval, Item, ItemList, List, NamedList, Unavailable, Value, lower_char};
use smallvec::SmallVec;
use std::cmp::Ordering;
use std::collections::HashSet;

impl Program {
    /// The result for one message, as a truth.
    pub fn truth<'m>(&'m self, ctx: &Context<'m>) -> Truth {
        ctx.begin();
        Run { ctx }.truth(&self.root, None)
    }

    /// The result for one message, as a value.
    pub fn value<'m>(&'m self, ctx: &Context<'m>) -> Eval<'m> {
        ctx.begin();
        Run { ctx }.value(&self.root, None)
    }
}

/// The item of a loop, and the loop around it.
struct Scope<'s, 'm> {
    item: Eval<'m>,
    outer: Option<&'s Scope<'s, 'm>>,
}

type Scopes<'s, 'm> = Option<&'s Scope<'s, 'm>>;

struct Run<'r, 'm> {
    ctx: &'r Context<'m>,
}

impl<'m> Run<'_, 'm> {
    fn truth(&self, node: &'m Node, scopes: Scopes<'_, 'm>) -> Truth {
        match node {
            Node::Bool(it) => Truth::known(Some(*it)),
            Node::Not(inner) => !self.truth(inner, scopes),
            Node::And(operands) => self.fold(Fold::and(), operands, scopes),
            Node::Or(operands) => self.fold(Fold::or(), operands, scopes),
            Node::Of(count, clauses) => count_of(*count, clauses.iter().map(|clause| self.truth(clause, scopes))),
            Node::Compare(op, left, right) => Truth::of(self.comparison(*op, left, right, scopes)),
            Node::Range(operands, first, second) => self.range(operands, *first, *second, scopes),
            Node::IsNull(value, negated) => match self.value(value, scopes) {
                Ok(value) => Truth::known(Some(value.is_null() != *negated)),
                Err(missing) => Truth::unavailable(missing),
            },
            Node::InTexts { item, texts, negated, fold } => negate(Truth::of(self.in_texts(item, texts, *fold, scopes)), *negated),
            Node::InNamed { item, list, negated, fold } => negate(Truth::of(self.in_named(item, *list, *fold, scopes)), *negated),
            Node::InValues { item, values, negated, fold } => negate(self.in_values(item, values, *fold, scopes), *negated),
            Node::InList { item, list, negated, fold } => negate(self.in_list(item, list, *fold, scopes), *negated),
            Node::Form(Form::Any, args, _) => self.quantifier(Fold::or(), None, args, scopes),
            Node::Form(Form::All, args, _) => self.quantifier(Fold::and(), Some(true), args, scopes),
            _ => Truth::of(self.value(node, scopes)),
        }
    }

    fn value(&self, node: &'m Node, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        match node {
            Node::Null => Ok(Value::Null),
            Node::Bool(it) => Ok(Value::Bool(*it)),
            Node::Int(it) => Ok(Value::Int(*it)),
            Node::Float(it) => Ok(Value::Float(*it)),
            Node::Text(it) => Ok(Value::Str(it)),
            Node::NamedList(list) => Ok(self.named(*list)?.value()),
            Node::Root(fields) => follow(Value::Object(self.ctx.root), fields),
            Node::Item(up, fields) => follow(item(scopes, *up)?, fields),
            Node::Fields(base, fields) => follow(self.value(base, scopes)?, fields),
            Node::Index(base, index) => self.index(base, index, scopes),
            Node::Slice { base, start, end, of_text } => self.slice(base, start.as_deref(), end.as_deref(), *of_text, scopes),
            Node::Array(items) => Ok(self.ctx.arena.list(ItemList::of(items.iter().map(|item| self.value(item, scopes))))),
            Node::Neg(inner) => Ok(match self.value(inner, scopes)? {
                Value::Int(number) => number.checked_neg().map_or(Value::Null, Value::Int),
                Value::Float(number) => Value::Float(-number),
                _ => Value::Null,
            }),
            Node::Arithmetic(op, left, right, float) => {
                let (left, right) = (self.value(left, scopes)?, self.value(right, scopes)?);
                Ok(if *float { arithmetic(*op, as_float(left), as_float(right)) } else { arithmetic(*op, left, right) })
            }
            Node::Form(form, args, facts) if !matches!(form, Form::Any | Form::All) => self.form(*form, args, *facts, scopes),
            Node::Call(call) => self.call(call, scopes),
            _ => self.truth(node, scopes).value(),
        }
    }

    // Logic.

    fn fold(&self, mut fold: Fold, operands: &'m [Node], scopes: Scopes<'_, 'm>) -> Truth {
        for operand in operands {
            if fold.add(self.truth(operand, scopes)) {
                break;
            }
        }
        fold.finish()
    }

    /// `any` and `all`.
    fn quantifier(&self, mut fold: Fold, over_null: Option<bool>, args: &'m [Node], scopes: Scopes<'_, 'm>) -> Truth {
        let list = match self.list(&args[0], scopes) {
            Ok(Some(list)) => list,
            Ok(None) => return Truth::known(over_null),
            Err(missing) => return Truth::unavailable(missing),
        };
        for idx in 0..list.known() {
            if let Err(missing) = self.ctx.step() {
                fold.add(Truth::unavailable(missing));
                return fold.finish();
            }
            let scope = Scope { item: list.get(idx), outer: scopes };
            if fold.add_item(self.truth(&args[1], Some(&scope)), list.doubt(idx)) {
                return fold.finish();
            }
        }
        if let Some(missing) = list.rest() {
            fold.add(Truth::unavailable(missing.clone()));
        }
        fold.finish()
    }

    /// A list argument; `None` is a null list.
    fn list(&self, node: &'m Node, scopes: Scopes<'_, 'm>) -> Result<Option<List<'m>>, Unavailable> {
        Ok(match self.value(node, scopes)? {
            Value::List(list) => Some(list),
            Value::Json(serde_json::Value::Array(items)) => Some(List::Owned(items)),
            _ => None,
        })
    }

    // Comparisons.

    fn comparison(&self, op: Op, left: &'m Node, right: &'m Node, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let left = self.value(left, scopes)?;
        let right = self.value(right, scopes)?;
        Ok(compare(op, left, right).map_or(Value::Null, Value::Bool))
    }

    fn range(&self, operands: &'m [Node; 3], first: Op, second: Op, scopes: Scopes<'_, 'm>) -> Truth {
        let [low, middle, high] = operands;
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

    fn in_texts(&self, item: &'m Node, texts: &HashSet<Box<str>>, fold: bool, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        Ok(match self.value(item, scopes)?.as_str() {
            Some(text) => Value::Bool(texts.contains(if fold { self.ctx.lower(text) } else { text })),
            None => Value::Null,
        })
    }

    fn in_named(&self, item: &'m Node, list: usize, fold: bool, scopes: Scopes<'_, 'm>) -> Eval<'m> {
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

    fn in_values(&self, item: &'m Node, values: &'m [Node], fold: bool, scopes: Scopes<'_, 'm>) -> Truth {
        let item = match self.value(item, scopes) {
            Ok(item) => item,
            Err(missing) => return Truth::unavailable(missing),
        };
        let mut found = Fold::or();
        for value in values {
            if found.add(equals(item, self.value(value, scopes), fold)) {
                break;
            }
        }
        found.finish()
    }

    fn in_list(&self, item: &'m Node, list: &'m Node, fold: bool, scopes: Scopes<'_, 'm>) -> Truth {
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
        let mut found = Fold::or();
        for idx in 0..list.known() {
            if found.add_item(equals(item, list.get(idx), fold), list.doubt(idx)) {
                return found.finish();
            }
        }
        if let Some(missing) = list.rest() {
            found.add(Truth::unavailable(missing.clone()));
        }
        found.finish()
    }

    // Parts.

    fn index(&self, base: &'m Node, index: &'m Node, scopes: Scopes<'_, 'm>) -> Eval<'m> {
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

    fn slice(&self, base: &'m Node, start: Option<&'m Node>, end: Option<&'m Node>, of_text: bool, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let base = self.value(base, scopes)?;
        let bound = |node: Option<&'m Node>, open: i64| match node {
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

    // Forms.

    fn form(&self, form: Form, args: &'m [Node], facts: FormFacts, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        match form {
            Form::Any => self.quantifier(Fold::or(), None, args, scopes).value(),
            Form::All => self.quantifier(Fold::and(), Some(true), args, scopes).value(),
            Form::Filter => self.filter(args, scopes),
            Form::Map => self.map(args, facts, scopes),
            Form::Distinct => self.distinct(args, facts, scopes),
            Form::Ratio => self.ratio(args, scopes),
            Form::Sum => self.sum(args, facts, scopes),
            Form::Length => self.length(&args[0], facts, scopes),
            Form::Coalesce => self.coalesce(args, scopes),
            Form::Flatten => self.flatten(&args[0], facts, scopes),
            Form::Keys => Ok(match self.value(&args[0], scopes)? {
                Value::Map(map) => self.ctx.arena.list(ItemList::of(map.iter().map(|(key, _)| Ok(Value::Str(key))))),
                Value::Json(serde_json::Value::Object(map)) => {
                    self.ctx.arena.list(ItemList::of(sorted(map).into_iter().map(|(key, _)| Ok(Value::Str(key)))))
                }
                _ => Value::Null,
            }),
            Form::Values => Ok(match self.value(&args[0], scopes)? {
                Value::Map(map) => self.ctx.arena.list(ItemList::of(map.iter().map(|(_, value)| value))),
                Value::Json(serde_json::Value::Object(map)) => {
                    self.ctx.arena.list(ItemList::of(sorted(map).into_iter().map(|(_, value)| Ok(Value::Json(value)))))
                }
                _ => Value::Null,
            }),
        }
    }

    fn filter(&self, args: &'m [Node], scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let Some(list) = self.list(&args[0], scopes)? else { return Ok(Value::List(List::Empty)) };
        let mut kept = ItemList { items: Vec::new(), rest: list.rest().cloned() };
        for idx in 0..list.known() {
            self.ctx.step()?;
            let scope = Scope { item: list.get(idx), outer: scopes };
            let condition = self.truth(&args[1], Some(&scope));
            if condition.is_true() {
                kept.items.push(Item { value: scope.item, doubt: list.doubt(idx).cloned() });
            } else if condition.may_be_true() {
                return condition.value();
            }
        }
        Ok(self.ctx.arena.list(kept))
    }

    fn map(&self, args: &'m [Node], facts: FormFacts, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let Some(list) = self.list(&args[0], scopes)? else { return Ok(Value::Null) };
        let mut mapped = ItemList { items: Vec::with_capacity(list.known()), rest: list.rest().cloned() };
        for idx in 0..list.known() {
            let value = self.body(&args[1], facts, list.get(idx), scopes);
            mapped.items.push(Item { value, doubt: list.doubt(idx).cloned() });
        }
        Ok(self.ctx.arena.list(mapped))
    }

    /// The body of a loop for one item, as a value.
    fn body(&self, body: &'m Node, facts: FormFacts, item: Eval<'m>, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        self.ctx.step()?;
        let scope = Scope { item, outer: scopes };
        if facts.boolean_body { self.truth(body, Some(&scope)).value() } else { self.value(body, Some(&scope)) }
    }

    fn distinct(&self, args: &'m [Node], facts: FormFacts, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let Some(list) = self.list(&args[0], scopes)? else { return Ok(Value::List(List::Empty)) };
        let mut seen = HashSet::new();
        let mut kept = ItemList { items: Vec::new(), rest: list.rest().cloned() };
        for idx in 0..list.known() {
            if let Some(doubt) = list.doubt(idx) {
                return Err(doubt.clone());
            }
            let item = list.get(idx)?;
            let key = match args.get(1) {
                Some(key) => self.body(key, facts, Ok(item), scopes)?,
                None => item,
            };
            if seen.insert(Key::of(key)?) {
                kept.items.push(Item { value: Ok(item), doubt: None });
            }
        }
        Ok(self.ctx.arena.list(kept))
    }

    fn ratio(&self, args: &'m [Node], scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let Some(list) = self.list(&args[0], scopes)? else { return Ok(Value::Null) };
        let len = list.length()?;
        let mut trues = 0usize;
        for item in list.iter() {
            self.ctx.step()?;
            let scope = Scope { item, outer: scopes };
            let condition = self.truth(&args[1], Some(&scope));
            if condition.is_true() {
                trues += 1;
            } else if condition.may_be_true() {
                return condition.value();
            }
        }
        Ok(if len == 0 { Value::Null } else { Value::Float(trues as f64 / len as f64) })
    }

    fn sum(&self, args: &'m [Node], facts: FormFacts, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let zero = if facts.floats { Value::Float(0.0) } else { Value::Int(0) };
        let Some(list) = self.list(&args[0], scopes)? else { return Ok(zero) };
        list.length()?;
        let mut sum = zero;
        for item in list.iter() {
            let number = match args.get(1) {
                Some(body) => self.body(body, facts, item, scopes)?,
                None => item?,
            };
            if matches!(scalar(number), Some(Scalar::Int(_) | Scalar::Float(_))) {
                sum = arithmetic(Op::Add, sum, number);
            }
        }
        Ok(sum)
    }

    fn length(&self, node: &'m Node, facts: FormFacts, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let len = match self.value(node, scopes)? {
            Value::Str(text) => text.chars().count(),
            Value::List(list) => list.length()?,
            Value::Map(map) => map.len(),
            Value::Json(serde_json::Value::String(text)) => text.chars().count(),
            Value::Json(serde_json::Value::Array(items)) => items.len(),
            Value::Json(serde_json::Value::Object(map)) => map.len(),
            Value::Null if facts.of_map => 0,
            _ => return Ok(Value::Null),
        };
        Ok(Value::Int(len as i64))
    }

    fn coalesce(&self, args: &'m [Node], scopes: Scopes<'_, 'm>) -> Eval<'m> {
        for arg in args {
            let value = self.value(arg, scopes)?;
            if !value.is_null() {
                return Ok(value);
            }
        }
        Ok(Value::Null)
    }

    fn flatten(&self, node: &'m Node, facts: FormFacts, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let Some(list) = self.list(node, scopes)? else { return Ok(Value::List(List::Empty)) };
        let mut flat = ItemList::default();
        flatten_into(list, facts.of_lists, None, &mut flat.items)?;
        flat.rest = list.rest().cloned();
        Ok(self.ctx.arena.list(flat))
    }

    // Calls.

    fn call(&self, call: &'m Call, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let mut values: SmallVec<[Value<'m>; 6]> = SmallVec::new();
        for node in call.single.iter().chain(&call.repeated) {
            values.push(self.value(node, scopes)?);
        }
        let (single, repeated) = values.split_at(call.single.len());
        let args = Args { ctx: self.ctx, single, repeated, prepared: call.prepared.as_deref() };
        let work = || match call.function.body {
            Body::Plain(body) => body(&args),
            Body::Prepared { run, .. } => run(&args),
            Body::Form(_) => Ok(Value::Null),
        };
        if call.function.memo {
            return self.ctx.once(std::ptr::from_ref::<Function>(call.function) as usize, &values, work);
        }
        work()
    }
}

fn negate(truth: Truth, negated: bool) -> Truth {
    if negated { !truth } else { truth }
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

/// `len` code points of the text from the code point `start`.
fn code_points(text: &str, start: usize, len: usize) -> &str {
    let byte = |text: &str, count: usize| text.char_indices().nth(count).map_or(text.len(), |(byte, _)| byte);
    let rest = &text[byte(text, start)..];
    &rest[..byte(rest, len)]
}

/// Adds the items of `list` and of the lists in it. Where a part of an inner list is hidden, one wholly unknown item that may not exist
/// stands in its place.
fn flatten_into<'m>(list: List<'m>, of_lists: bool, doubt: Option<&Unavailable>, flat: &mut Vec<Item<'m>>) -> Result<(), Unavailable> {
    for idx in 0..list.known() {
        let doubt = list.doubt(idx).or(doubt);
        match list.get(idx)? {
            // A null list has no items.
            Value::Null if of_lists => {}
            Value::Json(serde_json::Value::Array(items)) => flatten_into(List::Owned(items), false, doubt, flat)?,
            Value::List(inner) => {
                flatten_into(inner, false, doubt, flat)?;
                if let Some(missing) = inner.rest() {
                    flat.push(Item { value: Err(missing.clone()), doubt: Some(missing.clone()) });
                }
            }
            value => flat.push(Item { value: Ok(value), doubt: doubt.cloned() }),
        }
    }
    Ok(())
}

fn sorted(map: &serde_json::Map<String, serde_json::Value>) -> Vec<(&str, &serde_json::Value)> {
    let mut entries: Vec<_> = map.iter().map(|(key, value)| (key.as_str(), value)).collect();
    entries.sort_by_key(|(key, _)| *key);
    entries
}

/// `a == b` or `a =~ b` where one side may be unavailable.
fn equals<'m>(item: Value<'m>, other: Eval<'m>, fold: bool) -> Truth {
    match other {
        Ok(other) => Truth::known(compare(if fold { Op::EqFold } else { Op::Eq }, item, other)),
        Err(missing) => Truth::unavailable(missing),
    }
}

/// A scalar as comparisons see it.
enum Scalar<'m> {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(&'m str),
}

fn scalar(value: Value<'_>) -> Option<Scalar<'_>> {
    Some(match value {
        Value::Bool(it) => Scalar::Bool(it),
        Value::Int(it) => Scalar::Int(it),
        Value::Float(it) => Scalar::Float(it),
        Value::Str(it) => Scalar::Text(it),
        Value::Json(serde_json::Value::Bool(it)) => Scalar::Bool(*it),
        Value::Json(serde_json::Value::String(it)) => Scalar::Text(it),
        Value::Json(serde_json::Value::Number(it)) => match it.as_i64() {
            Some(it) => Scalar::Int(it),
            None => Scalar::Float(it.as_f64()?),
        },
        _ => return None,
    })
}

/// A comparison; `None` is null: a side is null, or JSON of another type.
fn compare(op: Op, left: Value<'_>, right: Value<'_>) -> Option<bool> {
    let ordering = match (scalar(left)?, scalar(right)?) {
        (Scalar::Text(a), Scalar::Text(b)) if matches!(op, Op::EqFold | Op::NeFold) => {
            let equal = a.chars().map(lower_char).eq(b.chars().map(lower_char));
            return Some(equal == (op == Op::EqFold));
        }
        (Scalar::Text(a), Scalar::Text(b)) => Some(a.cmp(b)),
        (Scalar::Bool(a), Scalar::Bool(b)) => Some(a.cmp(&b)),
        (Scalar::Int(a), Scalar::Int(b)) => Some(a.cmp(&b)),
        (Scalar::Int(a), Scalar::Float(b)) => (a as f64).partial_cmp(&b),
        (Scalar::Float(a), Scalar::Int(b)) => a.partial_cmp(&(b as f64)),
        (Scalar::Float(a), Scalar::Float(b)) => a.partial_cmp(&b),
        _ => return None,
    }?;
    Some(match op {
        Op::Eq => ordering == Ordering::Equal,
        Op::Ne => ordering != Ordering::Equal,
        Op::Lt => ordering == Ordering::Less,
        Op::Le => ordering != Ordering::Greater,
        Op::Gt => ordering == Ordering::Greater,
        Op::Ge => ordering != Ordering::Less,
        _ => return None,
    })
}

/// An integer as the float that it equals.
fn as_float(value: Value<'_>) -> Value<'_> {
    match value {
        Value::Int(number) => Value::Float(number as f64),
        other => other,
    }
}

/// Arithmetic; null for a null operand, on overflow and on division by zero.
fn arithmetic<'m>(op: Op, left: Value<'m>, right: Value<'m>) -> Value<'m> {
    let float = |a: f64, b: f64| {
        let result = match op {
            Op::Add => a + b,
            Op::Sub => a - b,
            Op::Mul => a * b,
            Op::Div => a / b,
            _ => a % b,
        };
        if result.is_finite() { Value::Float(result) } else { Value::Null }
    };
    match (scalar(left), scalar(right)) {
        (Some(Scalar::Int(a)), Some(Scalar::Int(b))) => {
            let result = match op {
                Op::Add => a.checked_add(b),
                Op::Sub => a.checked_sub(b),
                Op::Mul => a.checked_mul(b),
                Op::Div => a.checked_div(b),
                _ => a.checked_rem(b),
            };
            result.map_or(Value::Null, Value::Int)
        }
        (Some(Scalar::Int(a)), Some(Scalar::Float(b))) => float(a as f64, b),
        (Some(Scalar::Float(a)), Some(Scalar::Int(b))) => float(a, b as f64),
        (Some(Scalar::Float(a)), Some(Scalar::Float(b))) => float(a, b),
        _ => Value::Null,
    }
}

/// A value as a key of `distinct`: scalars by value, everything else by structure.
#[derive(PartialEq, Eq, Hash)]
enum Key<'m> {
    Null,
    Bool(bool),
    Int(i64),
    Float(u64),
    Text(&'m str),
    Structure(String),
}

impl<'m> Key<'m> {
    fn of(value: Value<'m>) -> Result<Key<'m>, Unavailable> {
        Ok(match value {
            Value::Null => Key::Null,
            Value::Bool(it) => Key::Bool(it),
            Value::Int(it) => Key::Int(it),
            // A whole float equals the integer.
            Value::Float(it) if it.fract() == 0.0 && it.abs() < 1e15 => Key::Int(it as i64),
            Value::Float(it) => Key::Float(it.to_bits()),
            Value::Str(it) => Key::Text(it),
            other => {
                let mut gaps = Vec::new();
                let json = mailhound_value::to_json(Ok(other), &mut gaps);
                match gaps.into_iter().next() {
                    Some((_, missing)) => return Err(missing),
                    None => Key::Structure(json.to_string()),
                }
            }
        })
    }
}
