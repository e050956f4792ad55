//! Syntax tree to checked tree: names become field indexes, calls are bound to their functions, every node gets its type.
//!
//! All mistakes are reported. What could not be checked gets the type [`Type::Any`], so that one mistake does not cause others.

mod call;

use crate::Span;
use crate::ast::{Expr, Kind as Ast, Name, Op};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::library::Library;
use crate::typed::{Kind, Typed};
use mailhound_value::{Shape, Type};
use std::sync::Arc;

/// What a rule can refer to.
pub struct Dialect<'d> {
    /// The message.
    pub root: &'static Shape,
    /// Fields of the message that this kind of rule does not have, with the reason.
    pub hidden: &'d [(&'static str, &'static str)],
    /// The functions.
    pub library: &'d Library,
    /// The item type of a named list; `None` when no such list is known.
    pub list: &'d dyn Fn(&str) -> Option<Type>,
}

/// The result of [`check`]; with errors the tree must not be run.
pub struct Checked {
    /// The checked tree.
    pub typed: Typed,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks an expression. With `wanted`, the whole must have that type.
pub fn check(expr: &Expr, dialect: &Dialect<'_>, wanted: Option<Type>) -> Checked {
    let mut checker = Checker { dialect, scopes: Vec::new(), diagnostics: Vec::new() };
    let typed = match wanted {
        Some(Type::Bool) => checker.condition(expr),
        _ => checker.expr(expr),
    };
    checker.diagnostics.sort_by_key(|fault| fault.span);
    Checked { typed, diagnostics: checker.diagnostics }
}

struct Checker<'c> {
    dialect: &'c Dialect<'c>,
    /// Item types of the enclosing loops, innermost last.
    scopes: Vec<Type>,
    diagnostics: Vec<Diagnostic>,
}

impl Checker<'_> {
    fn fault(&mut self, fault: Diagnostic) {
        self.diagnostics.push(fault);
    }

    fn error(&mut self, code: Code, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.diagnostics.push(Diagnostic::new(code, span, message));
        self.diagnostics.last_mut().expect("just pushed")
    }

    fn exprs(&mut self, exprs: &[Expr]) -> Vec<Typed> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    fn boxed(&mut self, expr: &Expr) -> Box<Typed> {
        Box::new(self.expr(expr))
    }

    /// An expression that must be boolean.
    fn condition(&mut self, expr: &Expr) -> Typed {
        let typed = self.expr(expr);
        if !typed.ty.fits(Type::Bool) {
            let help = match typed.ty {
                Type::Json => Some("compare a JSON value with `== true`".to_owned()),
                Type::List(_) => Some("ask for its `length(…)` or use `any(…)`".to_owned()),
                Type::String | Type::Object(_) => Some("test it with `is not null` or a comparison".to_owned()),
                _ => None,
            };
            self.error(Code::NotBoolean, expr.span, format!("expected a boolean, found {}", article(typed.ty))).help = help;
        }
        typed
    }

    fn conditions(&mut self, exprs: &[Expr]) -> Vec<Typed> {
        exprs.iter().map(|expr| self.condition(expr)).collect()
    }

    fn expr(&mut self, expr: &Expr) -> Typed {
        let (kind, ty) = match &expr.kind {
            Ast::Null => (Kind::Null, Type::Any),
            Ast::Error => (Kind::Error, Type::Any),
            Ast::Bool(it) => (Kind::Bool(*it), Type::Bool),
            Ast::Int(it) => (Kind::Int(*it), Type::Int),
            Ast::Float(it) => (Kind::Float(*it), Type::Float),
            Ast::String { value, .. } => (Kind::Text(Arc::clone(value)), Type::String),
            Ast::List(name) => self.named_list(name, expr.span),
            Ast::Name(name) => self.root_field(name, expr.span),
            Ast::Scope { dots, field } => self.scope(*dots, field.as_ref(), expr.span),
            Ast::Field { base, name } => {
                let base = self.expr(base);
                self.field(base, name)
            }
            Ast::Index { base, index } => self.index(base, index),
            Ast::Slice { base, start, end } => self.slice(base, start.as_deref(), end.as_deref()),
            Ast::Call { name, args } => self.call(name, args, expr.span),
            Ast::Array(items) => self.array(items),
            Ast::Paren(inner) => return self.expr(inner),
            Ast::Neg(inner) => self.negation(inner),
            Ast::Not(inner) => (Kind::Not(Box::new(self.condition(inner))), Type::Bool),
            Ast::And(operands) => (Kind::And(self.conditions(operands)), Type::Bool),
            Ast::Or(operands) => (Kind::Or(self.conditions(operands)), Type::Bool),
            Ast::Binary { op, left, right } => self.binary(*op, left, right, expr.span),
            Ast::Range { low, first, middle, second, high } => {
                let (low, middle, high) = (self.boxed(low), self.boxed(middle), self.boxed(high));
                self.comparable(*first, &low, &middle, low.span.to(middle.span));
                self.comparable(*second, &middle, &high, middle.span.to(high.span));
                (Kind::Range { low, first: *first, middle, second: *second, high }, Type::Bool)
            }
            Ast::IsNull { value, negated } => self.is_null(value, *negated),
            Ast::InTuple { item, tuple, negated, fold } => self.in_tuple(item, tuple, *negated, *fold),
            Ast::InList { item, list, negated, fold } => self.in_list(item, list, *negated, *fold),
            Ast::Of { count, clauses } => self.count_of(*count, clauses, expr.span),
        };
        Typed { kind, ty, span: expr.span }
    }

    // Names.

    fn named_list(&mut self, name: &Arc<str>, span: Span) -> (Kind, Type) {
        let item = (self.dialect.list)(name).unwrap_or_else(|| {
            let message = format!("no list `${name}` is known: what depends on it will be undetermined");
            self.fault(Diagnostic::new(Code::UnknownList, span, message));
            Type::String
        });
        (Kind::List(Arc::clone(name)), Type::list(item))
    }

    fn root_field(&mut self, name: &str, span: Span) -> (Kind, Type) {
        if let Some((_, reason)) = self.dialect.hidden.iter().find(|(hidden, _)| *hidden == name) {
            self.error(Code::HiddenField, span, format!("`{name}` does not exist here: {reason}"));
            return (Kind::Error, Type::Any);
        }
        if let Some((index, field)) = self.dialect.root.field(name) {
            let base = Box::new(Typed { kind: Kind::Root, ty: Type::Object(self.dialect.root), span });
            return (Kind::Field { base, index }, field.ty);
        }
        let message = format!("the message has no field `{name}`");
        let near = nearest(name, self.dialect.root.fields.iter().map(|field| field.name));
        let fault = Diagnostic::new(Code::UnknownField, span, message).suggest(near);
        let fault = match self.dialect.library.get(name) {
            Some(_) => fault.help(format!("`{name}` is a function: call it with `{name}(…)`")),
            None => fault,
        };
        self.fault(fault);
        (Kind::Error, Type::Any)
    }

    fn scope(&mut self, dots: usize, field: Option<&Name>, span: Span) -> (Kind, Type) {
        let Some(depth) = self.scopes.len().checked_sub(dots) else {
            let message = match self.scopes.len() {
                0 => "there is no loop here that `.` could mean an item of".to_owned(),
                loops => format!("`{}` climbs {dots} loops, but only {loops} enclose it", ".".repeat(dots.min(10))),
            };
            self.error(Code::NoSuchScope, span, message);
            return (Kind::Error, Type::Any);
        };
        let item = Typed { kind: Kind::Item { up: dots - 1 }, ty: self.scopes[depth], span };
        match field {
            Some(name) => self.field(item, name),
            None => (item.kind, item.ty),
        }
    }

    fn field(&mut self, base: Typed, name: &Name) -> (Kind, Type) {
        let shape = match base.ty {
            Type::Object(shape) => shape,
            Type::Any => return (Kind::Error, Type::Any),
            Type::List(_) => {
                let message = format!("a list has no field `{}`; each item has its own", name.text);
                self.error(Code::FieldOfList, name.span, message).help =
                    Some(format!("loop over it: `any(…, .{} …)` or `map(…, .{})`", name.text, name.text));
                return (Kind::Error, Type::Any);
            }
            other => {
                let fault = Diagnostic::new(Code::UnknownField, name.span, format!("{} has no fields", article(other)));
                self.fault(match other {
                    Type::Json | Type::Map(_) => fault.help(format!("write `[\"{}\"]`", name.text)),
                    _ => fault,
                });
                return (Kind::Error, Type::Any);
            }
        };
        match shape.field(&name.text) {
            Some((index, field)) => (Kind::Field { base: Box::new(base), index }, field.ty),
            None => {
                let near = nearest(&name.text, shape.fields.iter().map(|field| field.name));
                let message = format!("{} has no field `{}`", shape.name, name.text);
                self.fault(Diagnostic::new(Code::UnknownField, name.span, message).suggest(near));
                (Kind::Error, Type::Any)
            }
        }
    }

    // Indexes.

    fn index(&mut self, base: &Expr, index: &Expr) -> (Kind, Type) {
        let (base, index) = (self.boxed(base), self.boxed(index));
        let (ty, wanted) = match base.ty {
            Type::List(item) => (*item, Type::Int),
            Type::Map(item) => (*item, Type::String),
            Type::Json => (Type::Json, if index.ty.fits(Type::Int) { Type::Int } else { Type::String }),
            Type::Any => (Type::Any, Type::Any),
            other => {
                let fault = self.error(Code::NotIndexable, base.span, format!("{} cannot be indexed", article(other)));
                if other == Type::String {
                    fault.help = Some("a slice gives a part of a text: `x[0:1]`".to_owned());
                }
                (Type::Any, Type::Any)
            }
        };
        let index_type = if index.ty == Type::Json { Type::Any } else { index.ty };
        if !index_type.fits(wanted) || (index_type == Type::Float && wanted == Type::Int) {
            let message = format!("expected {} as index, found {}", article(wanted), article(index.ty));
            self.error(Code::WrongType, index.span, message);
        }
        (Kind::Index { base, index }, ty)
    }

    fn slice(&mut self, base: &Expr, start: Option<&Expr>, end: Option<&Expr>) -> (Kind, Type) {
        let base = self.boxed(base);
        if !matches!(base.ty, Type::List(_) | Type::String | Type::Any) {
            self.error(Code::NotIndexable, base.span, format!("{} cannot be sliced", article(base.ty)));
        }
        let mut bound = |expr: Option<&Expr>| {
            let bound = self.boxed(expr?);
            if !bound.ty.fits(Type::Int) {
                let message = format!("expected an integer, found {}", article(bound.ty));
                self.error(Code::WrongType, bound.span, message);
            }
            Some(bound)
        };
        let (start, end) = (bound(start), bound(end));
        let ty = base.ty;
        (Kind::Slice { base, start, end }, ty)
    }

    fn array(&mut self, items: &[Expr]) -> (Kind, Type) {
        let items = self.exprs(items);
        let mut ty = Type::Any;
        for item in &items {
            ty = self.join(ty, item, "the items of a list have one type");
        }
        (Kind::Array(items), Type::list(ty))
    }

    /// The type that holds both; reports when there is none.
    fn join(&mut self, ty: Type, item: &Typed, rule: &str) -> Type {
        unify(ty, item.ty).unwrap_or_else(|| {
            let message = format!("{rule}; found {} after {}", article(item.ty), article(ty));
            self.error(Code::WrongType, item.span, message);
            ty
        })
    }

    // Operators.

    fn negation(&mut self, inner: &Expr) -> (Kind, Type) {
        let inner = self.expr(inner);
        match inner.kind {
            Kind::Int(number) => return (Kind::Int(number.wrapping_neg()), Type::Int),
            Kind::Float(number) => return (Kind::Float(-number), Type::Float),
            _ => {}
        }
        self.number(&inner);
        let ty = inner.ty;
        (Kind::Neg(Box::new(inner)), ty)
    }

    fn number(&mut self, operand: &Typed) {
        if !operand.ty.is_number() && operand.ty != Type::Any {
            let message = format!("expected a number, found {}", article(operand.ty));
            let fault = self.error(Code::WrongType, operand.span, message);
            if operand.ty == Type::String {
                fault.help = Some("texts are joined with `strings.concat(…)`".to_owned());
            }
        }
    }

    fn binary(&mut self, op: Op, left: &Expr, right: &Expr, span: Span) -> (Kind, Type) {
        let (left, right) = (self.boxed(left), self.boxed(right));
        let ty = if op.is_arithmetic() {
            self.number(&left);
            self.number(&right);
            match (left.ty, right.ty) {
                (Type::Float, _) | (_, Type::Float) => Type::Float,
                (Type::Any, Type::Any) => Type::Any,
                _ => Type::Int,
            }
        } else {
            self.comparable(op, &left, &right, span);
            Type::Bool
        };
        (Kind::Binary { op, left, right }, ty)
    }

    fn comparable(&mut self, op: Op, left: &Typed, right: &Typed, span: Span) {
        let literal_null = |it: &Typed| matches!(it.kind, Kind::Null);
        if (literal_null(left) || literal_null(right)) && !matches!(left.ty, Type::List(_)) && !matches!(right.ty, Type::List(_)) {
            let message = format!("`{}` with null is always null", op.text());
            let help = if op == Op::Ne { "write `is not null`" } else { "write `is null`" };
            self.fault(Diagnostic::new(Code::ComparedWithNull, span, message).help(help));
            return;
        }
        let (a, b) = (left.ty, right.ty);
        let text = |ty: Type| matches!(ty, Type::String | Type::Json | Type::Any);
        let scalar = |ty: Type| !matches!(ty, Type::List(_) | Type::Map(_) | Type::Object(_));
        let fine = match op {
            Op::EqFold | Op::NeFold => text(a) && text(b),
            _ if a == Type::Any || b == Type::Any || a == Type::Json || b == Type::Json => scalar(a) && scalar(b),
            Op::Eq | Op::Ne => scalar(a) && (a == b || a.is_number() && b.is_number()),
            _ => a == Type::String && b == Type::String || a.is_number() && b.is_number(),
        };
        if !fine {
            let message = format!("{} and {} cannot be compared with `{}`", article(a), article(b), op.text());
            self.error(Code::Incomparable, span, message);
        }
    }

    fn is_null(&mut self, value: &Expr, negated: bool) -> (Kind, Type) {
        let value = self.boxed(value);
        if let Type::List(_) = value.ty {
            let message = format!("expected a scalar, found {}", article(value.ty));
            self.error(Code::NullTestOnList, value.span, message).help = Some("ask for its `length(…)`".to_owned());
        }
        (Kind::IsNull { value, negated }, Type::Bool)
    }

    fn in_tuple(&mut self, item: &Expr, tuple: &[Expr], negated: bool, fold: bool) -> (Kind, Type) {
        let (item, tuple) = (self.boxed(item), self.exprs(tuple));
        let op = if fold { Op::EqFold } else { Op::Eq };
        for value in &tuple {
            if !matches!(value.kind, Kind::Null) {
                self.comparable(op, &item, value, value.span);
            }
        }
        (Kind::InTuple { item, tuple, negated, fold }, Type::Bool)
    }

    fn in_list(&mut self, item: &Expr, list: &Expr, negated: bool, fold: bool) -> (Kind, Type) {
        let (item, list) = (self.boxed(item), self.boxed(list));
        match list.ty {
            Type::List(of) => {
                let of = Typed { kind: Kind::Item { up: 0 }, ty: *of, span: list.span };
                let op = if fold { Op::EqFold } else { Op::Eq };
                self.comparable(op, &item, &of, item.span.to(list.span));
            }
            Type::Any | Type::Json => {}
            other => {
                let fault = self.error(Code::WrongType, list.span, format!("expected a list, found {}", article(other)));
                fault.help = Some("a single value stands in parentheses: `x in (\"a\")`".to_owned());
            }
        }
        (Kind::InList { item, list, negated, fold }, Type::Bool)
    }

    fn count_of(&mut self, count: i64, clauses: &[Expr], span: Span) -> (Kind, Type) {
        let clauses = self.conditions(clauses);
        let count = match usize::try_from(count) {
            Ok(count) if (1..=clauses.len()).contains(&count) => count,
            _ => {
                let message = format!("{count} of {} clauses: the count goes from 1 to the number of clauses", clauses.len());
                self.error(Code::CountOutOfRange, span, message);
                1
            }
        };
        (Kind::Of { count, clauses }, Type::Bool)
    }
}

/// The narrowest type that holds the values of both.
fn unify(a: Type, b: Type) -> Option<Type> {
    match (a, b) {
        (Type::Any, other) | (other, Type::Any) => Some(other),
        (Type::Int, Type::Float) | (Type::Float, Type::Int) => Some(Type::Float),
        (Type::List(a), Type::List(b)) => Some(Type::list(unify(*a, *b)?)),
        (a, b) => a.fits(b).then_some(a),
    }
}

/// The type of an item of a list; JSON may hold anything.
fn item_type(list: Type) -> Type {
    match list {
        Type::List(item) => *item,
        Type::Json => Type::Json,
        _ => Type::Any,
    }
}

/// The type as people say it: `a string`, `an integer`.
fn article(ty: Type) -> String {
    match ty {
        Type::Any => "any value".to_owned(),
        Type::Bool => "a boolean".to_owned(),
        Type::Int => "an integer".to_owned(),
        Type::Float => "a number".to_owned(),
        Type::String => "a string".to_owned(),
        Type::Json => "a JSON value".to_owned(),
        Type::List(Type::Any) => "a list".to_owned(),
        Type::List(_) => format!("a list {ty}"),
        Type::Map(_) => "a map".to_owned(),
        Type::Object(_) => format!("an object {ty}"),
    }
}
