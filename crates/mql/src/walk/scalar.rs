//! Scalars and parts of values: comparison, arithmetic, indexes, slices (mql.md §3, §4.2).

use crate::ast::Op;
use mailhound_value::{Arena, Eval, Item, ItemList, List, Value, lower_char};
use serde_json::Value as Json;
use std::cmp::Ordering;

/// A value that is neither null nor made of others. A scalar of JSON is what it holds.
enum Scalar<'m> {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(&'m str),
}

fn scalar(value: Value<'_>) -> Option<Scalar<'_>> {
    match value {
        Value::Bool(it) | Value::Json(&Json::Bool(it)) => Some(Scalar::Bool(it)),
        Value::Int(it) => Some(Scalar::Int(it)),
        Value::Float(it) => Some(Scalar::Float(it)),
        Value::Str(it) => Some(Scalar::Text(it)),
        Value::Json(Json::String(it)) => Some(Scalar::Text(it)),
        Value::Json(Json::Number(it)) => it.as_i64().map(Scalar::Int).or_else(|| it.as_f64().map(Scalar::Float)),
        Value::Null | Value::List(_) | Value::Map(_) | Value::Object(_) | Value::Json(_) => None,
    }
}

/// Is the value a number?
pub(super) fn is_number(value: Value<'_>) -> bool {
    matches!(scalar(value), Some(Scalar::Int(_) | Scalar::Float(_)))
}

/// A comparison; `None` is null: where a side is null or of another type. Integers and floats compare as numbers.
pub(super) fn compare(op: Op, left: Value<'_>, right: Value<'_>) -> Option<bool> {
    let (left, right) = (scalar(left)?, scalar(right)?);
    if let (Op::EqFold | Op::NeFold, Scalar::Text(a), Scalar::Text(b)) = (op, &left, &right) {
        let is_equal = a.chars().map(lower_char).eq(b.chars().map(lower_char));
        return Some(is_equal == (op == Op::EqFold));
    }
    let ordering = match (left, right) {
        (Scalar::Text(a), Scalar::Text(b)) => a.cmp(b),
        (Scalar::Bool(a), Scalar::Bool(b)) => a.cmp(&b),
        (Scalar::Int(a), Scalar::Int(b)) => a.cmp(&b),
        (Scalar::Int(a), Scalar::Float(b)) => (a as f64).partial_cmp(&b)?,
        (Scalar::Float(a), Scalar::Int(b)) => a.partial_cmp(&(b as f64))?,
        (Scalar::Float(a), Scalar::Float(b)) => a.partial_cmp(&b)?,
        _ => return None,
    };
    match op {
        Op::Eq => Some(ordering == Ordering::Equal),
        Op::Ne => Some(ordering != Ordering::Equal),
        Op::Lt => Some(ordering == Ordering::Less),
        Op::Le => Some(ordering != Ordering::Greater),
        Op::Gt => Some(ordering == Ordering::Greater),
        Op::Ge => Some(ordering != Ordering::Less),
        _ => None,
    }
}

/// Arithmetic; null for an operand that is no number, on overflow and on division by zero. Two integers give an integer, unless `is_float` says
/// that the operation is one of floats.
pub(super) fn arithmetic<'m>(op: Op, left: Value<'m>, right: Value<'m>, is_float: bool) -> Value<'m> {
    let widened = |value| match value {
        Value::Int(it) if is_float => Value::Float(it as f64),
        other => other,
    };
    match (scalar(widened(left)), scalar(widened(right))) {
        (Some(Scalar::Int(a)), Some(Scalar::Int(b))) => integers(op, a, b).map_or(Value::Null, Value::Int),
        (Some(Scalar::Int(a)), Some(Scalar::Float(b))) => floats(op, a as f64, b),
        (Some(Scalar::Float(a)), Some(Scalar::Int(b))) => floats(op, a, b as f64),
        (Some(Scalar::Float(a)), Some(Scalar::Float(b))) => floats(op, a, b),
        _ => Value::Null,
    }
}

fn integers(op: Op, a: i64, b: i64) -> Option<i64> {
    match op {
        Op::Add => a.checked_add(b),
        Op::Sub => a.checked_sub(b),
        Op::Mul => a.checked_mul(b),
        Op::Div => a.checked_div(b),
        Op::Rem => a.checked_rem(b),
        _ => None,
    }
}

fn floats<'m>(op: Op, a: f64, b: f64) -> Value<'m> {
    let result = match op {
        Op::Add => a + b,
        Op::Sub => a - b,
        Op::Mul => a * b,
        Op::Div => a / b,
        Op::Rem => a % b,
        _ => f64::NAN,
    };
    if result.is_finite() { Value::Float(result) } else { Value::Null }
}

/// `base[index]`; null outside, for a missing key, and where a side is null.
pub(super) fn index<'m>(base: Value<'m>, index: Value<'m>) -> Eval<'m> {
    let key = index.as_str();
    let position = index.as_int().and_then(|position| usize::try_from(position).ok());
    match base {
        Value::List(list) => position.map_or(Ok(Value::Null), |position| item(list, position)),
        Value::Map(map) => key.and_then(|key| map.get(key)).unwrap_or(Ok(Value::Null)),
        Value::Json(json) => {
            let found = match (key, position) {
                (Some(key), _) => json.get(key),
                (None, Some(position)) => json.get(position),
                (None, None) => None,
            };
            Ok(found.map_or(Value::Null, Value::Json))
        }
        _ => Ok(Value::Null),
    }
}

/// The item at a position. An item before it that exists only perhaps leaves open which one it is.
fn item(list: List<'_>, position: usize) -> Eval<'_> {
    if let Some(doubt) = (0..list.known()).take_while(|idx| *idx <= position).find_map(|idx| list.doubt(idx)) {
        return Err(doubt.clone());
    }
    if position < list.known() {
        return list.get(position);
    }
    list.rest().map_or(Ok(Value::Null), |missing| Err(missing.clone()))
}

/// `list[start:end]`, clamped; `end` is `None` where the slice is open. What is hidden behind the known items matters where the slice reaches it.
pub(super) fn part<'m>(list: List<'m>, start: usize, end: Option<usize>, arena: &'m Arena<'m>) -> Eval<'m> {
    let reach = end.unwrap_or(usize::MAX).max(start);
    let last = reach.min(list.known());
    if let Some(doubt) = (0..last).find_map(|idx| list.doubt(idx)) {
        return Err(doubt.clone());
    }
    let rest = list.rest().filter(|_| reach > list.known());
    if let (Some(missing), Some(_)) = (rest, end) {
        return Err(missing.clone());
    }
    let items = (start..last).map(|idx| Item { value: list.get(idx), doubt: None }).collect();
    Ok(arena.list(ItemList { items, rest: rest.cloned() }))
}

/// The code points of a text from `start` to `end`, clamped.
pub(super) fn code_points(text: &str, start: usize, end: Option<usize>) -> &str {
    let byte = |position: usize| text.char_indices().nth(position).map_or(text.len(), |(byte, _)| byte);
    let first = byte(start);
    let last = end.map_or(text.len(), byte).max(first);
    text.get(first..last).unwrap_or_default()
}
