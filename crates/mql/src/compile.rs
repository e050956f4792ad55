//! Checked tree to program: field paths are joined, constants prepared, lists numbered.

use crate::diagnostic::Diagnostic;
use crate::library::{Body, Default, Function, Given, Literal};
use crate::program::{Call, FormFacts, Node, Program, Shared};
use crate::typed::{Kind, Typed};
use mailhound_value::{Type, lowercase};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What rules of one set share: the numbers of the lists, equal constants, and what functions prepared from them.
#[derive(std::default::Default)]
pub struct Table {
    names: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, usize>,
    texts: HashSet<Arc<str>>,
    prepared: HashMap<PreparedKey, Shared>,
}

type PreparedKey = (&'static str, Vec<Option<Literal>>, Vec<Option<Literal>>);

impl Table {
    /// The lists in the order of their numbers: [`crate::Context::lists`] must have the same order.
    pub fn names(&self) -> &[Arc<str>] {
        &self.names
    }

    fn number(&mut self, name: &Arc<str>) -> usize {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        self.names.push(Arc::clone(name));
        self.numbers.insert(Arc::clone(name), self.names.len() - 1);
        self.names.len() - 1
    }

    /// The one copy of a constant text, so that calls with equal constants have equal arguments.
    fn text(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return Arc::clone(known);
        }
        let text: Arc<str> = text.into();
        self.texts.insert(Arc::clone(&text));
        text
    }
}

/// Compiles a checked rule. Diagnostics are about constants that a function cannot use; `source` is the rule's text. A tree with errors is
/// compiled for its diagnostics only: the program must not be run.
pub fn compile(typed: &Typed, source: &str, table: &mut Table) -> (Program, Vec<Diagnostic>) {
    let mut compiler = Compiler { source, table, diagnostics: Vec::new() };
    let root = compiler.node(typed);
    (Program { root, ty: typed.ty }, compiler.diagnostics)
}

struct Compiler<'c> {
    source: &'c str,
    table: &'c mut Table,
    diagnostics: Vec<Diagnostic>,
}

impl Compiler<'_> {
    fn boxed(&mut self, typed: &Typed) -> Box<Node> {
        Box::new(self.node(typed))
    }

    fn optional(&mut self, typed: Option<&Typed>) -> Option<Box<Node>> {
        typed.map(|typed| self.boxed(typed))
    }

    fn nodes(&mut self, typed: &[Typed]) -> Box<[Node]> {
        typed.iter().map(|typed| self.node(typed)).collect()
    }

    fn node(&mut self, typed: &Typed) -> Node {
        match &typed.kind {
            Kind::Null | Kind::Error => Node::Null,
            Kind::Bool(it) => Node::Bool(*it),
            Kind::Int(it) => Node::Int(*it),
            Kind::Float(it) => Node::Float(*it),
            Kind::Text(it) => Node::Text(self.table.text(it)),
            Kind::List(name) => Node::NamedList(self.table.number(name)),
            Kind::Root => Node::Root(Box::default()),
            Kind::Item { up } => Node::Item(*up, Box::default()),
            Kind::Field { .. } => self.path(typed),
            Kind::Index { base, index } => Node::Index(self.boxed(base), self.boxed(index)),
            Kind::Slice { base, start, end } => Node::Slice {
                of_text: base.ty == Type::String,
                base: self.boxed(base),
                start: self.optional(start.as_deref()),
                end: self.optional(end.as_deref()),
            },
            Kind::Array(items) => Node::Array(self.nodes(items)),
            Kind::Neg(inner) => Node::Neg(self.boxed(inner)),
            Kind::Not(inner) => Node::Not(self.boxed(inner)),
            Kind::And(operands) => Node::And(self.nodes(operands)),
            Kind::Or(operands) => Node::Or(self.nodes(operands)),
            Kind::Binary { op, left, right } if op.is_arithmetic() => {
                Node::Arithmetic(*op, self.boxed(left), self.boxed(right), typed.ty == Type::Float)
            }
            Kind::Binary { op, left, right } => Node::Compare(*op, self.boxed(left), self.boxed(right)),
            Kind::Range { low, first, middle, second, high } => {
                Node::Range(Box::new([self.node(low), self.node(middle), self.node(high)]), *first, *second)
            }
            Kind::IsNull { value, negated } => Node::IsNull(self.boxed(value), *negated),
            Kind::InTuple { item, tuple, negated, fold } => self.in_tuple(item, tuple, *negated, *fold),
            Kind::InList { item, list, negated, fold } => {
                let (negated, fold, item) = (*negated, *fold, self.boxed(item));
                match &list.kind {
                    Kind::List(name) => Node::InNamed { item, list: self.table.number(name), negated, fold },
                    _ => Node::InList { item, list: self.boxed(list), negated, fold },
                }
            }
            Kind::Of { count, clauses } => Node::Of(*count, self.nodes(clauses)),
            Kind::Form { form, args } => {
                let of = args.first().map_or(Type::Any, |first| first.ty);
                let facts = FormFacts {
                    of_map: matches!(of, Type::Map(_)),
                    of_lists: matches!(of, Type::List(Type::List(_))),
                    boolean_body: args.get(1).is_some_and(|body| body.ty == Type::Bool),
                    floats: typed.ty == Type::Float,
                };
                Node::Form(*form, self.nodes(args), facts)
            }
            Kind::Call { function, single, repeated } => self.call(function, single, repeated),
        }
    }

    /// Joins `a.b.c` into one step.
    fn path(&mut self, typed: &Typed) -> Node {
        let mut fields = Vec::new();
        let mut base = typed;
        while let Kind::Field { base: inner, index } = &base.kind {
            fields.push(*index);
            base = inner;
        }
        fields.reverse();
        match &base.kind {
            Kind::Root => Node::Root(fields.into()),
            Kind::Item { up } => Node::Item(*up, fields.into()),
            _ => Node::Fields(self.boxed(base), fields.into()),
        }
    }

    fn in_tuple(&mut self, item: &Typed, tuple: &[Typed], negated: bool, fold: bool) -> Node {
        let item = self.boxed(item);
        let texts: Option<HashSet<Box<str>>> = tuple
            .iter()
            .map(|value| match &value.kind {
                Kind::Text(text) if fold => Some(lowercase(text).into()),
                Kind::Text(text) => Some((**text).into()),
                _ => None,
            })
            .collect();
        match texts {
            Some(texts) => Node::InTexts { item, texts, negated, fold },
            None => Node::InValues { item, values: self.nodes(tuple), negated, fold },
        }
    }

    fn call(&mut self, function: &'static Function, single: &[Option<Typed>], repeated: &[Typed]) -> Node {
        let prepared = match function.body {
            Body::Prepared { prepare, .. } => self.prepare(function, prepare, single, repeated),
            _ => None,
        };
        let given = single.iter().zip(function.params).map(|(arg, param)| match arg {
            Some(arg) => self.node(arg),
            None => self.default_node(param.default),
        });
        let single = given.collect();
        let dynamic = repeated.iter().filter(|arg| prepared.is_none() || literal(arg).is_none());
        let repeated = dynamic.map(|arg| self.node(arg)).collect();
        Node::Call(Box::new(Call { function, single, repeated, prepared }))
    }

    fn default_node(&mut self, default: Option<Default>) -> Node {
        match default {
            None | Some(Default::Null) => Node::Null,
            Some(Default::Bool(it)) => Node::Bool(it),
            Some(Default::Int(it)) => Node::Int(it),
            Some(Default::Text(it)) => Node::Text(self.table.text(it)),
            Some(Default::Texts(texts)) => Node::Array(texts.iter().map(|text| Node::Text(self.table.text(text))).collect()),
        }
    }

    fn prepare(
        &mut self,
        function: &'static Function,
        prepare: fn(&Given) -> Result<crate::library::Prepared, crate::library::PrepareFault>,
        single: &[Option<Typed>],
        repeated: &[Typed],
    ) -> Shared {
        let given = Given {
            single: single
                .iter()
                .zip(function.params)
                .map(|(arg, param)| match arg {
                    Some(arg) => literal(arg),
                    None => default_literal(param.default),
                })
                .collect(),
            repeated: repeated.iter().map(literal).collect(),
        };
        let key = (function.name, given.single.clone(), given.repeated.clone());
        if let Some(known) = self.table.prepared.get(&key) {
            return known.clone();
        }
        match prepare(&given) {
            Ok(prepared) => {
                let shared: Shared = prepared.map(Arc::from);
                self.table.prepared.insert(key, shared.clone());
                shared
            }
            Err(fault) => {
                let args: Vec<&Typed> = single.iter().flatten().chain(repeated).collect();
                let span = args.get(fault.argument).map_or(crate::Span::default(), |arg| arg.span);
                let at = crate::lex::literal_offset(self.source, span, fault.offset);
                let at = crate::Span::new(at, at.max(span.end as usize));
                self.diagnostics.push(Diagnostic::new(fault.code, at, fault.message));
                None
            }
        }
    }
}

fn default_literal(default: Option<Default>) -> Option<Literal> {
    Some(match default? {
        Default::Null => Literal::Null,
        Default::Bool(it) => Literal::Bool(it),
        Default::Int(it) => Literal::Int(it),
        Default::Text(it) => Literal::Text(it.into()),
        Default::Texts(texts) => Literal::List(texts.iter().map(|text| Literal::Text((*text).into())).collect()),
    })
}

/// The constant that the expression is.
fn literal(typed: &Typed) -> Option<Literal> {
    Some(match &typed.kind {
        Kind::Null => Literal::Null,
        Kind::Bool(it) => Literal::Bool(*it),
        Kind::Int(it) => Literal::Int(*it),
        Kind::Float(it) => Literal::Float(it.to_bits()),
        Kind::Text(it) => Literal::Text(Arc::clone(it)),
        Kind::Array(items) => Literal::List(items.iter().map(literal).collect::<Option<_>>()?),
        _ => return None,
    })
}
