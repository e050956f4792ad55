//! Calls of the core function library (XPath 1.0 §4).

use super::ast::{Axis, Expr};
use super::axes::Walk;
use super::document::NodeRef;
use super::eval::{Context, Evaluator, Result, in_order};
use super::functions::{Function, is_part_of, lang, normalize_space, substring, translate};
use super::value::{Value, is_space, parse_number, round};
use std::borrow::Cow;

impl<'a> Evaluator<'a> {
    /// Calls a function; the parser has checked number and types of the arguments.
    pub fn call(&mut self, function: Function, args: &'a [Expr], context: Context) -> Result<Value<'a>> {
        Ok(match (function, args) {
            (Function::True, _) => Value::Boolean(true),
            (Function::False, _) => Value::Boolean(false),
            (Function::Last, _) => Value::Number(context.size as f64),
            (Function::Position, _) => Value::Number(context.position as f64),
            (Function::Boolean, [arg]) => Value::Boolean(self.boolean(arg, context)?),
            (Function::Not, [arg]) => Value::Boolean(!self.boolean(arg, context)?),
            (Function::Number, [arg]) => Value::Number(self.number(arg, context)?),
            (Function::Number, _) => Value::Number(parse_number(self.value_of(context.node)?)),
            (Function::Floor, [arg]) => Value::Number(self.number(arg, context)?.floor()),
            (Function::Ceiling, [arg]) => Value::Number(self.number(arg, context)?.ceil()),
            (Function::Round, [arg]) => Value::Number(round(self.number(arg, context)?)),
            (Function::Count, [arg]) => Value::Number(self.nodes(arg, context)?.len() as f64),
            (Function::Sum, [arg]) => Value::Number(self.sum(arg, context)?),
            (Function::Id, [arg]) => Value::nodes(self.by_id(arg, context)?),
            (Function::Lang, [arg]) => {
                let lang = self.text(arg, context)?;
                Value::Boolean(self.is_lang(context.node, &lang)?)
            }
            (Function::NamespaceUri, _) => Value::text(""),
            (Function::Name | Function::LocalName, _) => {
                let node = match args {
                    [arg] => self.nodes(arg, context)?.first().copied(),
                    _ => Some(context.node),
                };
                Value::text(node.and_then(|node| self.document.name(node)).unwrap_or_default())
            }
            _ => self.call_with_text(function, args, context)?,
        })
    }

    /// The functions whose first argument is a text; some take the context node in its place.
    fn call_with_text(&mut self, function: Function, args: &'a [Expr], context: Context) -> Result<Value<'a>> {
        let text = match args.first() {
            Some(arg) => self.text(arg, context)?,
            None => self.value_of(context.node)?.into(),
        };
        Ok(match (function, args) {
            (Function::StringLength, _) => Value::Number(text.chars().count() as f64),
            (Function::NormalizeSpace, _) => Value::text(normalize_space(&text)),
            (Function::Concat, [_, rest @ ..]) => {
                let mut text = text.into_owned();
                for arg in rest {
                    text.push_str(&self.text(arg, context)?);
                }
                Value::text(text)
            }
            (Function::Contains, [_, part]) => Value::Boolean(contains(&text, &self.text(part, context)?)),
            (Function::StartsWith, [_, part]) => Value::Boolean(text.starts_with(&*self.text(part, context)?)),
            (Function::SubstringBefore, [_, part]) => {
                let part = self.text(part, context)?;
                Value::text(text.split_once(&*part).map_or(String::new(), |(before, _)| before.to_owned()))
            }
            (Function::SubstringAfter, [_, part]) => {
                let part = self.text(part, context)?;
                Value::text(text.split_once(&*part).map_or(String::new(), |(_, after)| after.to_owned()))
            }
            (Function::Substring, [_, start, rest @ ..]) => {
                let start = self.number(start, context)?;
                let len = rest.first().map(|len| self.number(len, context)).transpose()?;
                Value::text(substring(&text, start, len))
            }
            (Function::Translate, [_, from, to]) => {
                let (from, to) = (self.text(from, context)?, self.text(to, context)?);
                Value::text(translate(&text, &from, &to))
            }
            _ => Value::String(text),
        })
    }

    /// Is the language of the node `wanted` or a part of it? It is that of the nearest `lang` attribute around.
    fn is_lang(&mut self, node: NodeRef, wanted: &str) -> Result<bool> {
        for node in Walk::new(self.document, Axis::AncestorOrSelf, node) {
            self.spend(1 + self.document.attribute_count(node.number()) as usize)?;
            if let Some(lang) = lang(self.document, node) {
                return Ok(is_part_of(lang, wanted));
            }
        }
        Ok(false)
    }

    fn sum(&mut self, arg: &'a Expr, context: Context) -> Result<f64> {
        let mut sum = 0.0;
        for node in self.nodes(arg, context)?.iter() {
            let value = self.value_of(*node)?;
            sum += parse_number(value);
        }
        Ok(sum)
    }

    /// The elements whose `id` is one of the words of the text, or of the texts of the nodes (§4.1).
    fn by_id(&mut self, arg: &'a Expr, context: Context) -> Result<Vec<NodeRef>> {
        let document = self.document;
        let mut found = Vec::new();
        let texts: Vec<Cow<'a, str>> = match self.value(arg, context)? {
            Value::Nodes(nodes) => nodes.iter().map(|node| Cow::Borrowed(document.value(*node))).collect(),
            value => vec![value.into_text(document)],
        };
        for text in texts {
            self.spend_text(&text)?;
            found.extend(text.split(is_space).filter_map(|id| document.by_id(id)).map(NodeRef::node));
        }
        Ok(in_order(found))
    }
}

/// `memmem` is linear in the worst case, as the standard search is, and faster.
fn contains(text: &str, part: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), part.as_bytes()).is_some()
}
