//! Scalars: comparison, arithmetic, parts of texts.

use crate::ast::Op;
use mailhound_value::{Value, lower_char};
use std::cmp::Ordering;

/// A scalar as comparisons see it.
pub(super) enum Scalar<'m> {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(&'m str),
}

pub(super) fn scalar(value: Value<'_>) -> Option<Scalar<'_>> {
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
pub(super) fn compare(op: Op, left: Value<'_>, right: Value<'_>) -> Option<bool> {
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
pub(super) fn as_float(value: Value<'_>) -> Value<'_> {
    match value {
        Value::Int(number) => Value::Float(number as f64),
        other => other,
    }
}

/// Arithmetic; null for a null operand, on overflow and on division by zero.
pub(super) fn arithmetic<'m>(op: Op, left: Value<'m>, right: Value<'m>) -> Value<'m> {
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

/// `len` code points of the text from the code point `start`.
pub(super) fn code_points(text: &str, start: usize, len: usize) -> &str {
    let byte = |text: &str, count: usize| text.char_indices().nth(count).map_or(text.len(), |(byte, _)| byte);
    let rest = &text[byte(text, start)..];
    &rest[..byte(rest, len)]
}
