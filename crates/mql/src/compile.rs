//! Checked tree to steps of a plan: field paths are joined, constants prepared, lists numbered.

use crate::diagnostic::Diagnostic;
use crate::forms::Form;
use crate::library::{Body, Default, Function, Given, Literal, MakeWanted, PrepareFault};
use crate::plan::{Call, Draft, Family, FormFacts, Node, NodeId, Planner};
use crate::typed::{Kind, Typed};
use mailhound_value::{Type, lowercase};
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// Compiles a checked rule. Diagnostics are about constants that a function cannot use; `source` is the rule's text. A tree with errors is
/// compiled for its diagnostics only: the program must not be run.
pub fn compile(typed: &Typed, source: &str, planner: &mut Planner) -> (Draft, Vec<Diagnostic>) {
    let mut compiler = Compiler { source, planner, scopes: Vec::new(), diagnostics: Vec::new() };
    let root = compiler.node(typed);
    (Draft { root, ty: typed.ty }, compiler.diagnostics)
}

struct Compiler<'c> {
    source: &'c str,
    planner: &'c mut Planner,
    /// The families of the items of the loops around, the innermost last.
    scopes: Vec<Family>,
    diagnostics: Vec<Diagnostic>,
}

impl Compiler<'_> {
    fn optional(&mut self, typed: Option<&Typed>) -> Option<NodeId> {
        typed.map(|typed| self.node(typed))
    }

    fn nodes(&mut self, typed: &[Typed]) -> Box<[NodeId]> {
        typed.iter().map(|typed| self.node(typed)).collect()
    }

    fn node(&mut self, typed: &Typed) -> NodeId {
        let node = self.step(typed);
        self.planner.node(node)
    }

    fn step(&mut self, typed: &Typed) -> Node {
        match &typed.kind {
            Kind::Null | Kind::Error => Node::Null,
            Kind::Bool(it) => Node::Bool(*it),
            Kind::Int(it) => Node::Int(*it),
            Kind::Float(it) => Node::Float(it.to_bits()),
            Kind::Text(it) => Node::Text(self.planner.text(it)),
            Kind::List(name) => Node::NamedList(self.planner.list(name)),
            Kind::Root => Node::Root(Box::default()),
            Kind::Item { up } => Node::Item(*up, self.family(*up), Box::default()),
            Kind::Field { .. } => self.path(typed),
            Kind::Index { base, index } => Node::Index(self.node(base), self.node(index)),
            Kind::Slice { base, start, end } => Node::Slice {
                of_text: base.ty == Type::String,
                base: self.node(base),
                start: self.optional(start.as_deref()),
                end: self.optional(end.as_deref()),
            },
            Kind::Array(items) => Node::Array(self.nodes(items)),
            Kind::Neg(inner) => Node::Neg(self.node(inner)),
            Kind::Not(inner) => Node::Not(self.node(inner)),
            Kind::And(operands) => Node::And(self.nodes(operands)),
            Kind::Or(operands) => Node::Or(self.nodes(operands)),
            Kind::Binary { op, left, right } if op.is_arithmetic() => {
                Node::Arithmetic(*op, self.node(left), self.node(right), typed.ty == Type::Float)
            }
            Kind::Binary { op, left, right } => Node::Compare(*op, self.node(left), self.node(right)),
            Kind::Range { low, first, middle, second, high } => {
                Node::Range([self.node(low), self.node(middle), self.node(high)], *first, *second)
            }
            Kind::IsNull { value, negated } => Node::IsNull(self.node(value), *negated),
            Kind::InTuple { item, tuple, negated, fold } => self.in_tuple(item, tuple, *negated, *fold),
            Kind::InList { item, list, negated, fold } => {
                let (negated, fold, item) = (*negated, *fold, self.node(item));
                match &list.kind {
                    Kind::List(name) => Node::InNamed { item, list: self.planner.list(name), negated, fold },
                    _ => Node::InList { item, list: self.node(list), negated, fold },
                }
            }
            Kind::Of { count, clauses } => Node::Of(*count, self.nodes(clauses)),
            Kind::Form { form, args } => self.form(*form, args, typed.ty),
            Kind::Call { function, single, repeated } => self.call(function, single, repeated),
        }
    }

    fn form(&mut self, form: Form, args: &[Typed], ty: Type) -> Node {
        let of = args.first().map_or(Type::Any, |first| first.ty);
        let facts = FormFacts {
            of_map: matches!(of, Type::Map(_)),
            of_lists: matches!(of, Type::List(Type::List(_))),
            boolean_body: args.get(1).is_some_and(|body| body.ty == Type::Bool),
            floats: ty == Type::Float,
        };
        if let (Form::Distinct, Some(compared)) = (form, args.last()) {
            // Whole items, or whole keys of them.
            self.planner.reads_mut().add_whole(compared.ty);
        }
        let ([list, body], true) = (args, form.opens_scope()) else {
            return Node::Form(form, self.nodes(args), facts, Family::ROOT);
        };
        let list = self.node(list);
        let item = if let Type::List(item) = of { *item } else { Type::Any };
        let family = self.planner.family(list, item);
        self.scopes.push(family);
        let body = self.node(body);
        self.scopes.pop();
        if let Some(test) = (form == Form::Any).then(|| self.planner.any_of_constants(list, body)).flatten() {
            return test;
        }
        Node::Form(form, Box::new([list, body]), facts, family)
    }

    /// The family of the item of the loop `up` loops further out.
    fn family(&self, up: usize) -> Family {
        self.scopes.iter().rev().nth(up).copied().unwrap_or(Family::ROOT)
    }

    /// Joins `a.b.c` into one step.
    fn path(&mut self, typed: &Typed) -> Node {
        let mut fields = Vec::new();
        let mut base = typed;
        while let Kind::Field { base: inner, index } = &base.kind {
            fields.push(*index);
            if let Type::Object(shape) = inner.ty {
                self.planner.reads_mut().add(shape, *index);
            }
            base = inner;
        }
        fields.reverse();
        match &base.kind {
            Kind::Root => Node::Root(fields.into()),
            Kind::Item { up } => Node::Item(*up, self.family(*up), fields.into()),
            _ => Node::Fields(self.node(base), fields.into()),
        }
    }

    fn in_tuple(&mut self, item: &Typed, tuple: &[Typed], negated: bool, fold: bool) -> Node {
        let item = self.node(item);
        let texts: Option<FxHashSet<Box<str>>> = tuple
            .iter()
            .map(|value| match &value.kind {
                Kind::Text(text) if fold => Some(lowercase(text).into()),
                Kind::Text(text) => Some((**text).into()),
                _ => None,
            })
            .collect();
        match texts {
            Some(texts) => Node::InTexts { item, texts: self.planner.set(texts), negated, fold },
            None => Node::InValues { item, values: self.nodes(tuple), negated, fold },
        }
    }

    fn call(&mut self, function: &'static Function, single: &[Option<Typed>], repeated: &[Typed]) -> Node {
        if let Body::Test(make) = function.body {
            return self.test(function, make, single, repeated);
        }
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

    fn test(&mut self, function: &'static Function, make: MakeWanted, single: &[Option<Typed>], repeated: &[Typed]) -> Node {
        let text = match single.first() {
            Some(Some(text)) => self.node(text),
            _ => self.planner.node(Node::Null),
        };
        let (mut constants, mut computed) = (Vec::new(), Vec::new());
        for arg in repeated {
            let Kind::Text(text) = &arg.kind else {
                computed.push(self.node(arg));
                continue;
            };
            match self.planner.constant(function, text, make) {
                Ok(number) => constants.extend(number),
                Err(fault) => self.fault(Some(arg), fault),
            }
        }
        Node::test(function, text, constants, computed)
    }

    fn default_node(&mut self, default: Option<Default>) -> NodeId {
        let node = match default {
            None | Some(Default::Null) => Node::Null,
            Some(Default::Bool(it)) => Node::Bool(it),
            Some(Default::Int(it)) => Node::Int(it),
            Some(Default::Text(it)) => Node::Text(self.planner.text(it)),
            Some(Default::Texts(texts)) => {
                let mut text = |text: &&str| {
                    let text = self.planner.text(text);
                    self.planner.node(Node::Text(text))
                };
                Node::Array(texts.iter().map(&mut text).collect())
            }
        };
        self.planner.node(node)
    }

    fn prepare(&mut self, function: &'static Function, prepare: Prepare, single: &[Option<Typed>], repeated: &[Typed]) -> Option<usize> {
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
        match self.planner.prepared(function, prepare, given) {
            Ok(number) => number,
            Err(fault) => {
                let args: Vec<&Typed> = single.iter().flatten().chain(repeated).collect();
                self.fault(args.get(fault.argument).copied(), fault);
                None
            }
        }
    }

    /// A constant that the function cannot use.
    fn fault(&mut self, arg: Option<&Typed>, fault: PrepareFault) {
        let span = arg.map_or(crate::Span::default(), |arg| arg.span);
        let at = crate::lex::literal_offset(self.source, span, fault.offset);
        let at = crate::Span::new(at, at.max(span.end as usize));
        self.diagnostics.push(Diagnostic::new(fault.code, at, fault.message));
    }
}

type Prepare = fn(&Given) -> Result<crate::library::Prepared, PrepareFault>;

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
