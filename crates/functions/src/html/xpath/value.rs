//! Values of XPath 1.0 and their conversions (§4).

use super::document::{Document, NodeRef};
use std::borrow::Cow;
use std::rc::Rc;

/// The value of an expression.
#[derive(Clone, Debug)]
pub(super) enum Value<'a> {
    /// Nodes in document order, each once.
    Nodes(Rc<Vec<NodeRef>>),
    Boolean(bool),
    Number(f64),
    String(Cow<'a, str>),
}

impl<'a> Value<'a> {
    pub fn nodes(nodes: Vec<NodeRef>) -> Value<'a> {
        Value::Nodes(Rc::new(nodes))
    }

    pub fn text(text: impl Into<Cow<'a, str>>) -> Value<'a> {
        Value::String(text.into())
    }

    pub fn to_boolean(&self) -> bool {
        match self {
            Value::Nodes(nodes) => !nodes.is_empty(),
            Value::Boolean(it) => *it,
            Value::Number(number) => *number != 0.0 && !number.is_nan(),
            Value::String(text) => !text.is_empty(),
        }
    }

    pub fn to_number(&self, document: &Document) -> f64 {
        match self {
            Value::Nodes(nodes) => nodes.first().map_or(f64::NAN, |node| parse_number(document.value(*node))),
            Value::Boolean(it) => f64::from(u8::from(*it)),
            Value::Number(number) => *number,
            Value::String(text) => parse_number(text),
        }
    }

    pub fn into_text(self, document: &'a Document) -> Cow<'a, str> {
        match self {
            Value::Nodes(nodes) => nodes.first().map_or("", |node| document.value(*node)).into(),
            Value::Boolean(it) => (if it { "true" } else { "false" }).into(),
            Value::Number(number) => write_number(number).into(),
            Value::String(text) => text,
        }
    }
}

/// White space of XML, which is what XPath means by the word.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

/// A text as a number (§4.4): white space around, one minus sign, digits with at most one point. Anything else is NaN.
pub(super) fn parse_number(text: &str) -> f64 {
    let text = text.trim_matches(is_space);
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && digits.bytes().any(|byte| byte.is_ascii_digit());
    if plain { text.parse().unwrap_or(f64::NAN) } else { f64::NAN }
}

/// A number as text (§4.2): no exponent, no point in whole numbers, no minus before zero.
pub(super) fn write_number(number: f64) -> String {
    if number.is_nan() {
        "NaN".to_owned()
    } else if number.is_infinite() {
        (if number > 0.0 { "Infinity" } else { "-Infinity" }).to_owned()
    } else if number == 0.0 {
        "0".to_owned()
    } else {
        number.to_string()
    }
}

/// The nearest whole number; the higher one of two (§4.4).
pub(super) fn round(number: f64) -> f64 {
    (number + 0.5).floor()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_without_exponent() {
        let cases = [(1.0, "1"), (-0.0, "0"), (0.5, "0.5"), (-2.25, "-2.25"), (f64::INFINITY, "Infinity"), (f64::NAN, "NaN")];
        for (number, text) in cases {
            assert_eq!(write_number(number), text);
        }
        assert_eq!(write_number(1e21), "1000000000000000000000");
        assert_eq!(write_number(1e-7), "0.0000001");
    }

    #[test]
    fn only_plain_numbers_are_read() {
        for (text, number) in [(" 5\n", 5.0), ("-.5", -0.5), ("5.", 5.0), ("007", 7.0)] {
            assert_eq!(parse_number(text), number, "{text:?}");
        }
        for text in ["", "-", ".", "+5", "1e3", "1.2.3", "5px", "- 5", "inf", "NaN", "\u{a0}5"] {
            assert!(parse_number(text).is_nan(), "{text:?}");
        }
    }
}
