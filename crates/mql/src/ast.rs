//! What was written: the syntax tree with the place of every node.

use crate::Span;
use std::sync::Arc;

/// One expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub span: Span,
    /// Nesting below it, itself counted: bounds every recursion over the tree.
    pub depth: u32,
}

/// A name and its place.
#[derive(Clone, Debug)]
pub struct Name {
    /// The name.
    pub text: Arc<str>,
    /// Where it stands.
    pub span: Span,
}

/// An argument of a call.
#[derive(Clone, Debug)]
pub struct Argument {
    /// The keyword, when it is a keyword argument.
    pub name: Option<Name>,
    /// The value.
    pub value: Expr,
}

/// Two-sided operators other than `and` and `or`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // the spelling in `text` says it
pub enum Op {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    EqFold,
    NeFold,
}

impl Op {
    /// The spelling.
    pub fn text(self) -> &'static str {
        match self {
            Op::Add => "+",
            Op::Sub => "-",
            Op::Mul => "*",
            Op::Div => "/",
            Op::Rem => "%",
            Op::Eq => "==",
            Op::Ne => "!=",
            Op::Lt => "<",
            Op::Le => "<=",
            Op::Gt => ">",
            Op::Ge => ">=",
            Op::EqFold => "=~",
            Op::NeFold => "!~",
        }
    }

    /// True for `+ - * / %`.
    pub fn is_arithmetic(self) -> bool {
        matches!(self, Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Rem)
    }
}

/// The kinds of expressions.
#[derive(Clone, Debug)]
#[allow(missing_docs)] // the notation above each kind names its parts
pub enum Kind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// A string; `raw` tells the single-quoted form.
    String { value: Arc<str>, raw: bool },
    /// `$name`
    List(Arc<str>),
    /// A field of the message.
    Name(Arc<str>),
    /// `.`, `.x`, `..x`: the item of the `dots`-th enclosing loop, and a field of it.
    Scope { dots: usize, field: Option<Name> },
    /// `base.name`
    Field { base: Box<Expr>, name: Name },
    /// `base[index]`
    Index { base: Box<Expr>, index: Box<Expr> },
    /// `base[start:end]`
    Slice { base: Box<Expr>, start: Option<Box<Expr>>, end: Option<Box<Expr>> },
    /// `name(args)`
    Call { name: Name, args: Vec<Argument> },
    /// `[a, b]`
    Array(Vec<Expr>),
    /// `(a)`
    Paren(Box<Expr>),
    /// `-a`
    Neg(Box<Expr>),
    /// `not a`
    Not(Box<Expr>),
    /// `a and b and …`
    And(Vec<Expr>),
    /// `a or b or …`
    Or(Vec<Expr>),
    /// `a op b`
    Binary { op: Op, left: Box<Expr>, right: Box<Expr> },
    /// `low op middle op high`; the operators are `<` or `<=`.
    Range { low: Box<Expr>, first: Op, middle: Box<Expr>, second: Op, high: Box<Expr> },
    /// `a is null`, `a is not null`
    IsNull { value: Box<Expr>, negated: bool },
    /// `a in (…)`, `a not in~ (…)`
    InTuple { item: Box<Expr>, tuple: Vec<Expr>, negated: bool, fold: bool },
    /// `a in list`
    InList { item: Box<Expr>, list: Box<Expr>, negated: bool, fold: bool },
    /// `count of (…)`
    Of { count: i64, clauses: Vec<Expr> },
    /// Something that could not be read; a diagnostic says what.
    Error,
}

impl Expr {
    /// The direct children in the order of the source.
    pub fn children(&self) -> Vec<&Expr> {
        match &self.kind {
            Kind::Null | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) | Kind::String { .. } => vec![],
            Kind::List(_) | Kind::Name(_) | Kind::Scope { .. } | Kind::Error => vec![],
            Kind::Field { base, .. } => vec![base],
            Kind::Index { base, index } => vec![base, index],
            Kind::Slice { base, start, end } => std::iter::once(base).chain(start).chain(end).map(|child| &**child).collect(),
            Kind::Call { args, .. } => args.iter().map(|arg| &arg.value).collect(),
            Kind::Array(items) | Kind::And(items) | Kind::Or(items) | Kind::Of { clauses: items, .. } => items.iter().collect(),
            Kind::Paren(inner) | Kind::Neg(inner) | Kind::Not(inner) | Kind::IsNull { value: inner, .. } => vec![inner],
            Kind::Binary { left, right, .. } => vec![left, right],
            Kind::Range { low, middle, high, .. } => vec![low, middle, high],
            Kind::InTuple { item, tuple, .. } => std::iter::once(&**item).chain(tuple).collect(),
            Kind::InList { item, list, .. } => vec![item, list],
        }
    }

    /// True when both say the same, wherever they stand.
    pub fn same(&self, other: &Expr) -> bool {
        let (a, b) = (self.children(), other.children());
        self.head() == other.head() && a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a.same(b))
    }

    /// What the node says apart from its children.
    fn head(&self) -> String {
        let name = |name: &Option<Name>| name.as_ref().map_or(String::new(), |name| name.text.to_string());
        match &self.kind {
            Kind::Null => "null".to_owned(),
            Kind::Bool(it) => it.to_string(),
            Kind::Int(it) => format!("int {it}"),
            Kind::Float(it) => format!("float {it}"),
            Kind::String { value, raw } => format!("string {raw} {value}"),
            Kind::List(list) => format!("list {list}"),
            Kind::Name(name) => format!("name {name}"),
            Kind::Scope { dots, field } => format!("scope {dots} {}", name(field)),
            Kind::Field { name, .. } => format!("field {}", name.text),
            Kind::Index { .. } => "index".to_owned(),
            Kind::Slice { start, end, .. } => format!("slice {} {}", start.is_some(), end.is_some()),
            Kind::Call { name: callee, args } => {
                let keywords: Vec<_> = args.iter().map(|arg| name(&arg.name)).collect();
                format!("call {} {keywords:?}", callee.text)
            }
            Kind::Array(_) => "array".to_owned(),
            Kind::Paren(_) => "paren".to_owned(),
            Kind::Neg(_) => "neg".to_owned(),
            Kind::Not(_) => "not".to_owned(),
            Kind::And(_) => "and".to_owned(),
            Kind::Or(_) => "or".to_owned(),
            Kind::Binary { op, .. } => format!("binary {op:?}"),
            Kind::Range { first, second, .. } => format!("range {first:?} {second:?}"),
            Kind::IsNull { negated, .. } => format!("is null {negated}"),
            Kind::InTuple { negated, fold, .. } => format!("in tuple {negated} {fold}"),
            Kind::InList { negated, fold, .. } => format!("in list {negated} {fold}"),
            Kind::Of { count, .. } => format!("of {count}"),
            Kind::Error => "error".to_owned(),
        }
    }
}
