//! The core function library (XPath 1.0 §4).

use super::ast::{Expr, Kind};
use super::document::{Document, NodeRef};
use super::value::{is_space, round};
use std::collections::HashMap;

/// A function of the core library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Boolean,
    Ceiling,
    Concat,
    Contains,
    Count,
    False,
    Floor,
    Id,
    Lang,
    Last,
    LocalName,
    Name,
    NamespaceUri,
    NormalizeSpace,
    Not,
    Number,
    Position,
    Round,
    StartsWith,
    String,
    StringLength,
    Substring,
    SubstringAfter,
    SubstringBefore,
    Sum,
    Translate,
    True,
}

/// Name, function, fewest and most arguments, type of the value.
const TABLE: [(&str, Function, usize, usize, Kind); 27] = [
    ("boolean", Function::Boolean, 1, 1, Kind::Boolean),
    ("ceiling", Function::Ceiling, 1, 1, Kind::Number),
    ("concat", Function::Concat, 2, usize::MAX, Kind::String),
    ("contains", Function::Contains, 2, 2, Kind::Boolean),
    ("count", Function::Count, 1, 1, Kind::Number),
    ("false", Function::False, 0, 0, Kind::Boolean),
    ("floor", Function::Floor, 1, 1, Kind::Number),
    ("id", Function::Id, 1, 1, Kind::Nodes),
    ("lang", Function::Lang, 1, 1, Kind::Boolean),
    ("last", Function::Last, 0, 0, Kind::Number),
    ("local-name", Function::LocalName, 0, 1, Kind::String),
    ("name", Function::Name, 0, 1, Kind::String),
    ("namespace-uri", Function::NamespaceUri, 0, 1, Kind::String),
    ("normalize-space", Function::NormalizeSpace, 0, 1, Kind::String),
    ("not", Function::Not, 1, 1, Kind::Boolean),
    ("number", Function::Number, 0, 1, Kind::Number),
    ("position", Function::Position, 0, 0, Kind::Number),
    ("round", Function::Round, 1, 1, Kind::Number),
    ("starts-with", Function::StartsWith, 2, 2, Kind::Boolean),
    ("string", Function::String, 0, 1, Kind::String),
    ("string-length", Function::StringLength, 0, 1, Kind::Number),
    ("substring", Function::Substring, 2, 3, Kind::String),
    ("substring-after", Function::SubstringAfter, 2, 2, Kind::String),
    ("substring-before", Function::SubstringBefore, 2, 2, Kind::String),
    ("sum", Function::Sum, 1, 1, Kind::Number),
    ("translate", Function::Translate, 3, 3, Kind::String),
    ("true", Function::True, 0, 0, Kind::Boolean),
];

impl Function {
    pub fn named(name: &str) -> Option<Function> {
        TABLE.iter().find(|row| row.0 == name).map(|row| row.1)
    }

    /// The type of the value.
    pub fn kind(self) -> Kind {
        TABLE.iter().find(|row| row.1 == self).map_or(Kind::String, |row| row.4)
    }

    /// True when the value depends on the position among the context nodes.
    pub fn asks_position(self) -> bool {
        matches!(self, Function::Position | Function::Last)
    }

    /// Checks number and types of arguments; the error is a sentence for the author of the rule.
    pub fn check(self, args: &[Expr]) -> Result<(), String> {
        let Some((name, _, min, max, _)) = TABLE.iter().find(|row| row.1 == self) else { return Ok(()) };
        if args.len() < *min || args.len() > *max {
            let wanted = match (*min, *max) {
                (min, max) if min == max => format!("{min}"),
                (min, usize::MAX) => format!("at least {min}"),
                (min, max) => format!("{min} to {max}"),
            };
            return Err(format!("`{name}` takes {wanted} arguments, found {}", args.len()));
        }
        let takes_nodes = matches!(self, Function::Count | Function::Sum | Function::LocalName | Function::Name | Function::NamespaceUri);
        if takes_nodes && args.iter().any(|arg| arg.kind() != Kind::Nodes) {
            return Err(format!("the argument of `{name}` must be nodes"));
        }
        Ok(())
    }
}

/// White space at both ends removed, and each run of it inside made one space.
pub(super) fn normalize_space(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    for word in text.split(is_space).filter(|word| !word.is_empty()) {
        if !normal.is_empty() {
            normal.push(' ');
        }
        normal.push_str(word);
    }
    normal
}

/// Each character of `text` that stands in `from` replaced by the one at the same place in `to`, or removed when there is none.
pub(super) fn translate(text: &str, from: &str, to: &str) -> String {
    let mut table = HashMap::new();
    let mut to = to.chars();
    for c in from.chars() {
        let replacement = to.next();
        table.entry(c).or_insert(replacement);
    }
    text.chars().filter_map(|c| table.get(&c).copied().unwrap_or(Some(c))).collect()
}

/// The characters whose position, counted from 1, is at least `start` and below `start + len`, both rounded.
pub(super) fn substring(text: &str, start: f64, len: Option<f64>) -> String {
    let first = round(start);
    let end = len.map_or(f64::INFINITY, |len| first + round(len));
    let mut position = 0.0;
    let inside = |_: &char| {
        position += 1.0;
        position >= first && position < end
    };
    text.chars().filter(inside).collect()
}

/// The language that the node itself states: its `lang` or `xml:lang` attribute.
pub(super) fn lang(document: &Document, node: NodeRef) -> Option<&str> {
    if node.attribute_index().is_some() {
        return None;
    }
    let mut attributes = (0..document.attribute_count(node.number())).map(|index| NodeRef::attribute(node.number(), index));
    let lang = attributes.find(|attribute| matches!(document.name(*attribute), Some("lang" | "xml:lang")))?;
    Some(document.value(lang))
}

/// Is the language `wanted`, or a part of it (`en-US` of `en`)? Letter case does not count.
pub(super) fn is_part_of(lang: &str, wanted: &str) -> bool {
    let head = lang.get(..wanted.len());
    head.is_some_and(|head| head.eq_ignore_ascii_case(wanted)) && matches!(lang.as_bytes().get(wanted.len()), None | Some(b'-'))
}
