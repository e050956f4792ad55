//! The forms of the language other than `any` and `all`, with null and what is unavailable treated as mql-observed.md and decisions.md say.

use super::answer::{Answer, Outcome};
use super::scalar::{arithmetic, is_number};
use super::trace::Trace;
use super::walker::{Scope, Scopes, Walker};
use crate::ast::Op;
use crate::forms::Form;
use crate::typed::Typed;
use mailhound_value::{Eval, Item, ItemList, List, Type, Unavailable, Value, to_json};
use serde_json::Value as Json;
use std::collections::{BTreeMap, HashSet};

impl<'m, T: Trace<'m>> Walker<'_, 'm, T> {
    /// A form that is no logic; `node` is the whole.
    pub fn form(&self, form: Form, node: &'m Typed, args: &'m [Typed], scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let Some(first) = args.first() else { return Ok(Value::Null) };
        let body = args.get(1);
        match form {
            Form::Any | Form::All => self.answer(node, scopes).value(),
            Form::Filter => self.filter(first, body, scopes),
            Form::Map => self.map(first, body, scopes),
            Form::Distinct => self.distinct(first, body, scopes),
            Form::Ratio => self.ratio(first, body, scopes),
            Form::Sum => self.sum(node.ty == Type::Float, first, body, scopes),
            Form::Length => self.length(first, scopes),
            Form::Coalesce => self.coalesce(args, scopes),
            Form::Flatten => self.flatten(first, scopes),
            Form::Keys => self.entries(first, scopes, |key, _| Ok(Value::Str(key))),
            Form::Values => self.entries(first, scopes, |_, value| value),
        }
    }

    /// The body of a loop for one item, as a value.
    fn body(&self, body: &'m Typed, idx: usize, list: List<'m>, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let item = list.get(idx);
        self.trace.item(idx, &item);
        let value = self.step().and_then(|()| {
            let scope = Scope { item, outer: scopes };
            if body.ty == Type::Bool { self.answer(body, Some(&scope)).value() } else { self.value(body, Some(&scope)) }
        });
        self.trace.item_done(None);
        value
    }

    fn filter(&self, list: &'m Typed, body: Option<&'m Typed>, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let (Some(list), Some(body)) = (self.list(list, scopes)?, body) else { return Ok(Value::List(List::Empty)) };
        self.trace.list(list);
        let mut kept = ItemList { items: Vec::new(), rest: list.rest().cloned() };
        for idx in 0..list.known() {
            let answer = self.condition(body, idx, list, scopes);
            open_when_true(&answer)?;
            if answer.is(Outcome::True) {
                kept.items.push(Item { value: list.get(idx), doubt: list.doubt(idx).cloned() });
            }
        }
        Ok(self.ctx.arena.list(kept))
    }

    fn map(&self, list: &'m Typed, body: Option<&'m Typed>, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let (Some(list), Some(body)) = (self.list(list, scopes)?, body) else { return Ok(Value::Null) };
        self.trace.list(list);
        let mut mapped = ItemList { items: Vec::new(), rest: list.rest().cloned() };
        for idx in 0..list.known() {
            mapped.items.push(Item { value: self.body(body, idx, list, scopes), doubt: list.doubt(idx).cloned() });
        }
        Ok(self.ctx.arena.list(mapped))
    }

    fn distinct(&self, list: &'m Typed, key: Option<&'m Typed>, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let Some(list) = self.list(list, scopes)? else { return Ok(Value::List(List::Empty)) };
        self.trace.list(list);
        let mut seen = HashSet::new();
        let mut kept = ItemList { items: Vec::new(), rest: list.rest().cloned() };
        for idx in 0..list.known() {
            if let Some(doubt) = list.doubt(idx) {
                return Err(doubt.clone());
            }
            let item = list.get(idx)?;
            let key = match key {
                Some(key) => self.body(key, idx, list, scopes)?,
                None => item,
            };
            if seen.insert(key_of(key)?) {
                kept.items.push(Item { value: Ok(item), doubt: None });
            }
        }
        Ok(self.ctx.arena.list(kept))
    }

    fn ratio(&self, list: &'m Typed, body: Option<&'m Typed>, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let (Some(list), Some(body)) = (self.list(list, scopes)?, body) else { return Ok(Value::Null) };
        let len = list.length()?;
        self.trace.list(list);
        let mut trues = 0usize;
        for idx in 0..len {
            let answer = self.condition(body, idx, list, scopes);
            open_when_true(&answer)?;
            trues += usize::from(answer.is(Outcome::True));
        }
        Ok(if len == 0 { Value::Null } else { Value::Float(trues as f64 / len as f64) })
    }

    fn sum(&self, is_float: bool, list: &'m Typed, body: Option<&'m Typed>, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let mut sum = if is_float { Value::Float(0.0) } else { Value::Int(0) };
        let Some(list) = self.list(list, scopes)? else { return Ok(sum) };
        let len = list.length()?;
        self.trace.list(list);
        for idx in 0..len {
            let number = match body {
                Some(body) => self.body(body, idx, list, scopes)?,
                None => list.get(idx)?,
            };
            if is_number(number) {
                sum = arithmetic(Op::Add, sum, number, false);
            }
        }
        Ok(sum)
    }

    fn length(&self, of: &'m Typed, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let len = match self.value(of, scopes)? {
            Value::Str(text) => text.chars().count(),
            Value::List(list) => list.length()?,
            Value::Map(map) => map.len(),
            Value::Json(Json::String(text)) => text.chars().count(),
            Value::Json(Json::Array(items)) => items.len(),
            Value::Json(Json::Object(map)) => map.len(),
            Value::Null if matches!(of.ty, Type::Map(_)) => 0,
            _ => return Ok(Value::Null),
        };
        Ok(Value::Int(i64::try_from(len).unwrap_or(i64::MAX)))
    }

    /// The first value that is not null. Arguments behind it are not needed.
    fn coalesce(&self, args: &'m [Typed], scopes: Scopes<'_, 'm>) -> Eval<'m> {
        for (idx, arg) in args.iter().enumerate() {
            let value = self.value(arg, scopes)?;
            if !value.is_null() {
                args.iter().skip(idx + 1).for_each(|arg| self.trace.passed(arg));
                return Ok(value);
            }
        }
        Ok(Value::Null)
    }

    fn flatten(&self, of: &'m Typed, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let Some(list) = self.list(of, scopes)? else { return Ok(Value::List(List::Empty)) };
        let mut flat = ItemList::default();
        flatten(list, matches!(of.ty, Type::List(Type::List(_))), None, &mut flat.items)?;
        flat.rest = list.rest().cloned();
        Ok(self.ctx.arena.list(flat))
    }

    /// Something of each entry of a map or JSON object, by the order of the keys.
    fn entries(&self, of: &'m Typed, scopes: Scopes<'_, 'm>, part: fn(&'m str, Eval<'m>) -> Eval<'m>) -> Eval<'m> {
        let parts: Vec<Eval<'m>> = match self.value(of, scopes)? {
            Value::Map(map) => map.iter().map(|(key, value)| part(key, value)).collect(),
            Value::Json(Json::Object(map)) => {
                let sorted: BTreeMap<&'m str, &'m Json> = map.iter().map(|(key, value)| (key.as_str(), value)).collect();
                sorted.into_iter().map(|(key, value)| part(key, Ok(Value::Json(value)))).collect()
            }
            _ => return Ok(Value::Null),
        };
        Ok(self.ctx.arena.list(ItemList::of(parts)))
    }
}

/// A condition that is true in one of several possible outcomes leaves the whole open.
fn open_when_true(answer: &Answer) -> Result<(), Unavailable> {
    match answer.missing().filter(|_| answer.may_be(Outcome::True)) {
        Some(missing) => Err(missing.clone()),
        None => Ok(()),
    }
}

/// The items of the lists in a list, all levels. Where the end of an inner list is hidden, an unknown item that may not exist stands in its place.
/// The depth is that of the types of values, or of a JSON text, which its reader bounds.
fn flatten<'m>(list: List<'m>, of_lists: bool, doubt: Option<&Unavailable>, flat: &mut Vec<Item<'m>>) -> Result<(), Unavailable> {
    for idx in 0..list.known() {
        let doubt = list.doubt(idx).or(doubt);
        match list.get(idx)? {
            Value::Null if of_lists => {} // a null list has no items
            Value::Json(Json::Array(items)) => flatten(List::Owned(items), false, doubt, flat)?,
            Value::List(inner) => {
                flatten(inner, false, doubt, flat)?;
                flat.extend(inner.rest().map(|missing| Item { value: Err(missing.clone()), doubt: Some(missing.clone()) }));
            }
            value => flat.push(Item { value: Ok(value), doubt: doubt.cloned() }),
        }
    }
    Ok(())
}

/// A value as a key of `distinct`: equal keys are equal texts. A whole float is the integer that it equals.
fn key_of(value: Value<'_>) -> Result<String, Unavailable> {
    Ok(match value {
        Value::Null => "null".to_owned(),
        Value::Bool(it) => format!("bool {it}"),
        Value::Int(it) => format!("number {it}"),
        Value::Float(it) if it.fract() == 0.0 && it.abs() < 1e15 => format!("number {}", it as i64),
        Value::Float(it) => format!("float {}", it.to_bits()),
        Value::Str(it) => format!("text {it}"),
        structure => {
            let mut gaps = Vec::new();
            let json = to_json(Ok(structure), &mut gaps);
            match gaps.into_iter().next() {
                Some((_, missing)) => return Err(missing),
                None => format!("json {json}"),
            }
        }
    })
}
