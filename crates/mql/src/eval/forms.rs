//! The forms of the language other than `any` and `all`: over lists, maps and scalars, with null and what is unavailable treated as
//! decisions.md says.

use super::scalar::{Scalar, arithmetic, scalar};
use super::{Evaluator, Scope, Scopes};
use crate::ast::Op;
use crate::forms::Form;
use crate::plan::{Family, FormFacts, NodeId};
use crate::truth::Fold;
use mailhound_value::{Eval, Item, ItemList, List, Unavailable, Value};
use std::collections::HashSet;

impl<'m> Evaluator<'m> {
    pub(super) fn form(&self, form: Form, args: &[NodeId], facts: FormFacts, family: Family, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        match form {
            Form::Any => self.quantifier(Fold::or(), None, args, family, scopes).value(),
            Form::All => self.quantifier(Fold::and(), Some(true), args, family, scopes).value(),
            Form::Filter => self.filter(args, family, scopes),
            Form::Map => self.map(args, facts, family, scopes),
            Form::Distinct => self.distinct(args, facts, family, scopes),
            Form::Ratio => self.ratio(args, family, scopes),
            Form::Sum => self.sum(args, facts, family, scopes),
            Form::Length => self.length(args[0], facts, scopes),
            Form::Coalesce => self.coalesce(args, scopes),
            Form::Flatten => self.flatten(args[0], facts, scopes),
            Form::Keys => Ok(match self.value(args[0], scopes)? {
                Value::Map(map) => self.ctx.arena.list(ItemList::of(map.iter().map(|(key, _)| Ok(Value::Str(key))))),
                Value::Json(serde_json::Value::Object(map)) => {
                    self.ctx.arena.list(ItemList::of(sorted(map).into_iter().map(|(key, _)| Ok(Value::Str(key)))))
                }
                _ => Value::Null,
            }),
            Form::Values => Ok(match self.value(args[0], scopes)? {
                Value::Map(map) => self.ctx.arena.list(ItemList::of(map.iter().map(|(_, value)| value))),
                Value::Json(serde_json::Value::Object(map)) => {
                    self.ctx.arena.list(ItemList::of(sorted(map).into_iter().map(|(_, value)| Ok(Value::Json(value)))))
                }
                _ => Value::Null,
            }),
        }
    }

    fn filter(&self, args: &[NodeId], family: Family, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let Some(list) = self.list(args[0], scopes)? else { return Ok(Value::List(List::Empty)) };
        let rows = self.rows(list, family);
        let mut kept = ItemList { items: Vec::new(), rest: list.rest().cloned() };
        for idx in 0..list.known() {
            let item = list.get(idx);
            let condition = self.condition(args[1], item.clone(), self.row_at(rows, idx), scopes);
            if condition.is_true() {
                kept.items.push(Item { value: item, doubt: list.doubt(idx).cloned() });
            } else if condition.may_be_true() {
                return condition.value();
            }
        }
        Ok(self.ctx.arena.list(kept))
    }

    fn map(&self, args: &[NodeId], facts: FormFacts, family: Family, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let Some(list) = self.list(args[0], scopes)? else { return Ok(Value::Null) };
        let rows = self.rows(list, family);
        let mut mapped = ItemList { items: Vec::with_capacity(list.known()), rest: list.rest().cloned() };
        for idx in 0..list.known() {
            let value = self.body(args[1], facts, list.get(idx), self.row_at(rows, idx), scopes);
            mapped.items.push(Item { value, doubt: list.doubt(idx).cloned() });
        }
        Ok(self.ctx.arena.list(mapped))
    }

    /// The body of a loop for one item, as a value.
    fn body(&self, body: NodeId, facts: FormFacts, item: Eval<'m>, row: Option<u32>, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        self.ctx.step()?;
        let scope = Scope { item, row, outer: scopes };
        if facts.boolean_body { self.truth(body, Some(&scope)).value() } else { self.value(body, Some(&scope)) }
    }

    fn distinct(&self, args: &[NodeId], facts: FormFacts, family: Family, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let Some(list) = self.list(args[0], scopes)? else { return Ok(Value::List(List::Empty)) };
        let rows = self.rows(list, family);
        let mut seen = HashSet::new();
        let mut kept = ItemList { items: Vec::new(), rest: list.rest().cloned() };
        for idx in 0..list.known() {
            if let Some(doubt) = list.doubt(idx) {
                return Err(doubt.clone());
            }
            let item = list.get(idx)?;
            let key = match args.get(1) {
                Some(key) => self.body(*key, facts, Ok(item), self.row_at(rows, idx), scopes)?,
                None => item,
            };
            if seen.insert(Key::of(key)?) {
                kept.items.push(Item { value: Ok(item), doubt: None });
            }
        }
        Ok(self.ctx.arena.list(kept))
    }

    fn ratio(&self, args: &[NodeId], family: Family, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let Some(list) = self.list(args[0], scopes)? else { return Ok(Value::Null) };
        let len = list.length()?;
        let rows = self.rows(list, family);
        let mut trues = 0usize;
        for (idx, item) in list.iter().enumerate() {
            let condition = self.condition(args[1], item, self.row_at(rows, idx), scopes);
            if condition.is_true() {
                trues += 1;
            } else if condition.may_be_true() {
                return condition.value();
            }
        }
        Ok(if len == 0 { Value::Null } else { Value::Float(trues as f64 / len as f64) })
    }

    fn sum(&self, args: &[NodeId], facts: FormFacts, family: Family, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let zero = if facts.floats { Value::Float(0.0) } else { Value::Int(0) };
        let Some(list) = self.list(args[0], scopes)? else { return Ok(zero) };
        list.length()?;
        let rows = self.rows(list, family);
        let mut sum = zero;
        for (idx, item) in list.iter().enumerate() {
            let number = match args.get(1) {
                Some(body) => self.body(*body, facts, item, self.row_at(rows, idx), scopes)?,
                None => item?,
            };
            if matches!(scalar(number), Some(Scalar::Int(_) | Scalar::Float(_))) {
                sum = arithmetic(Op::Add, sum, number);
            }
        }
        Ok(sum)
    }

    fn length(&self, node: NodeId, facts: FormFacts, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let len = match self.value(node, scopes)? {
            Value::Str(text) => {
                self.ctx.work(text.len())?;
                text.chars().count()
            }
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

    fn coalesce(&self, args: &[NodeId], scopes: Scopes<'_, 'm>) -> Eval<'m> {
        self.ctx.looks(args.len())?;
        for arg in args {
            let value = self.value(*arg, scopes)?;
            if !value.is_null() {
                return Ok(value);
            }
        }
        Ok(Value::Null)
    }

    fn flatten(&self, node: NodeId, facts: FormFacts, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let Some(list) = self.list(node, scopes)? else { return Ok(Value::List(List::Empty)) };
        let mut flat = ItemList::default();
        self.ctx.looks(list.known())?;
        flatten_into(list, facts.of_lists, None, &mut flat.items)?;
        flat.rest = list.rest().cloned();
        Ok(self.ctx.arena.list(flat))
    }
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
