//! A rule with all names resolved: fields by index, functions by their definition, every node with its type.

use crate::Span;
use crate::ast::Op;
use crate::forms::Form;
use crate::library::Function;
use mailhound_value::Type;
use std::sync::Arc;

/// One checked expression.
#[derive(Clone)]
pub struct Typed {
    /// What it is.
    pub kind: Kind,
    /// Its type.
    pub ty: Type,
    /// Where it stands in the source.
    pub span: Span,
}

/// The kinds of checked expressions.
#[derive(Clone)]
pub enum Kind {
    /// `null`
    Null,
    /// In place of what could not be checked.
    Error,
    /// A truth value.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// A text.
    Text(Arc<str>),
    /// A named list.
    List(Arc<str>),
    /// The message.
    Root,
    /// The item of the loop that is `up` loops further out; 0 is the innermost.
    Item {
        /// How many loops to climb.
        up: usize,
    },
    /// Field `index` of an object.
    Field {
        /// The object.
        base: Box<Typed>,
        /// The index in its shape.
        index: usize,
    },
    /// `base[index]` of a list, map, text or JSON value.
    Index {
        /// What is indexed.
        base: Box<Typed>,
        /// The position or key.
        index: Box<Typed>,
    },
    /// `base[start:end]` of a list or text.
    Slice {
        /// What is sliced.
        base: Box<Typed>,
        /// The first position; from the beginning when absent.
        start: Option<Box<Typed>>,
        /// The position behind the last; to the end when absent.
        end: Option<Box<Typed>>,
    },
    /// A list literal.
    Array(Vec<Typed>),
    /// `-a`
    Neg(Box<Typed>),
    /// `not a`
    Not(Box<Typed>),
    /// `a and b …`
    And(Vec<Typed>),
    /// `a or b …`
    Or(Vec<Typed>),
    /// Arithmetic or comparison.
    Binary {
        /// The operator.
        op: Op,
        /// The left operand.
        left: Box<Typed>,
        /// The right operand.
        right: Box<Typed>,
    },
    /// `low first middle second high`, the middle evaluated once.
    Range {
        /// The lower bound.
        low: Box<Typed>,
        /// `<` or `<=`.
        first: Op,
        /// The value between.
        middle: Box<Typed>,
        /// `<` or `<=`.
        second: Op,
        /// The upper bound.
        high: Box<Typed>,
    },
    /// `a is null`, `a is not null`
    IsNull {
        /// The tested value.
        value: Box<Typed>,
        /// `is not`.
        negated: bool,
    },
    /// Membership in a tuple.
    InTuple {
        /// The item.
        item: Box<Typed>,
        /// The tuple.
        tuple: Vec<Typed>,
        /// `not in`.
        negated: bool,
        /// `in~`.
        fold: bool,
    },
    /// Membership in a list.
    InList {
        /// The item.
        item: Box<Typed>,
        /// The list.
        list: Box<Typed>,
        /// `not in`.
        negated: bool,
        /// `in~`.
        fold: bool,
    },
    /// `count of (…)`
    Of {
        /// How many must be true.
        count: usize,
        /// The clauses.
        clauses: Vec<Typed>,
    },
    /// A form of the language; where it opens a scope, the second argument lies in it.
    Form {
        /// Which.
        form: Form,
        /// Its arguments.
        args: Vec<Typed>,
    },
    /// A function of the library.
    Call {
        /// Which.
        function: &'static Function,
        /// One entry for each parameter that is not repeated; `None` where the default holds.
        single: Vec<Option<Typed>>,
        /// The repeated arguments.
        repeated: Vec<Typed>,
    },
}

impl Typed {
    /// Calls `visit` with each expression that this one is made of.
    pub fn for_each_part(&self, visit: &mut dyn FnMut(&Typed)) {
        match &self.kind {
            Kind::Null | Kind::Error | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) | Kind::Text(_) | Kind::List(_) => {}
            Kind::Root | Kind::Item { .. } => {}
            Kind::Field { base: it, .. } | Kind::Neg(it) | Kind::Not(it) | Kind::IsNull { value: it, .. } => visit(it),
            Kind::Index { base: left, index: right } | Kind::Binary { left, right, .. } | Kind::InList { item: left, list: right, .. } => {
                visit(left);
                visit(right);
            }
            Kind::Slice { base, start, end } => {
                visit(base);
                start.iter().chain(end).for_each(|bound| visit(bound));
            }
            Kind::Range { low, middle, high, .. } => [low, middle, high].into_iter().for_each(|part| visit(part)),
            Kind::InTuple { item, tuple, .. } => {
                visit(item);
                tuple.iter().for_each(visit);
            }
            Kind::Array(parts) | Kind::And(parts) | Kind::Or(parts) | Kind::Of { clauses: parts, .. } | Kind::Form { args: parts, .. } => {
                parts.iter().for_each(visit);
            }
            Kind::Call { single, repeated, .. } => single.iter().flatten().chain(repeated).for_each(visit),
        }
    }
}
