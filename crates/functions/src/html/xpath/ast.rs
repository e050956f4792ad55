//! Expressions of XPath 1.0 as trees.

use super::functions::Function;

/// An expression.
#[derive(Debug)]
pub(super) enum Expr {
    /// Operands and the operators between them, all of one precedence, applied from the left.
    Chain(Box<Expr>, Vec<(Operator, Expr)>),
    Negate(Box<Expr>),
    Union(Vec<Expr>),
    Path(Path),
    Literal(String),
    Number(f64),
    Call(Function, Vec<Expr>),
}

/// A binary operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

/// A location path, or a filtered expression with a path behind it.
#[derive(Debug)]
pub(super) struct Path {
    pub start: Start,
    pub steps: Vec<Step>,
}

/// Where a path starts.
#[derive(Debug)]
pub(super) enum Start {
    /// At the root. Its value is always the same, and is kept in this slot while an expression is evaluated.
    Root { slot: usize },
    /// At the context node.
    Context,
    /// At the nodes of an expression that pass the predicates.
    Expr(Box<Expr>, Vec<Predicate>),
}

/// One step of a path.
#[derive(Debug)]
pub(super) struct Step {
    pub axis: Axis,
    pub test: Test,
    pub predicates: Vec<Predicate>,
}

impl Step {
    /// True when some predicate looks at positions, so that the nodes of each context node must be told apart.
    pub fn is_positional(&self) -> bool {
        self.predicates.iter().any(|predicate| predicate.positional)
    }
}

/// A condition in brackets.
#[derive(Debug)]
pub(super) struct Predicate {
    pub expr: Expr,
    /// Its value may be a number, or it asks for `position()` or `last()`.
    pub positional: bool,
}

impl Predicate {
    pub fn new(expr: Expr) -> Predicate {
        Predicate { positional: expr.kind() == Kind::Number || expr.asks_position(), expr }
    }
}

/// An axis (XPath 1.0 §2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Axis {
    Ancestor,
    AncestorOrSelf,
    Attribute,
    Child,
    Descendant,
    DescendantOrSelf,
    Following,
    FollowingSibling,
    /// Always empty: HTML has no namespace nodes.
    Namespace,
    Parent,
    Preceding,
    PrecedingSibling,
    SelfNode,
}

impl Axis {
    pub fn named(name: &str) -> Option<Axis> {
        Some(match name {
            "ancestor" => Axis::Ancestor,
            "ancestor-or-self" => Axis::AncestorOrSelf,
            "attribute" => Axis::Attribute,
            "child" => Axis::Child,
            "descendant" => Axis::Descendant,
            "descendant-or-self" => Axis::DescendantOrSelf,
            "following" => Axis::Following,
            "following-sibling" => Axis::FollowingSibling,
            "namespace" => Axis::Namespace,
            "parent" => Axis::Parent,
            "preceding" => Axis::Preceding,
            "preceding-sibling" => Axis::PrecedingSibling,
            "self" => Axis::SelfNode,
            _ => return None,
        })
    }
}

/// What nodes of an axis are taken (XPath 1.0 §2.3).
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Test {
    /// `*`: any element, or any attribute on the attribute axis.
    Any,
    /// A name in lower case.
    Name(String),
    /// `prefix:*`: names that start with this, colon included.
    Prefix(String),
    /// `node()`.
    Node,
    /// `text()`.
    Text,
    /// `comment()`.
    Comment,
    /// `processing-instruction()`: never, HTML has none.
    Never,
}

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Nodes,
    Boolean,
    Number,
    String,
}

impl Expr {
    /// The type of the value, which XPath 1.0 without variables always tells.
    pub fn kind(&self) -> Kind {
        match self {
            Expr::Chain(_, rest) => match rest.first().map(|(operator, _)| operator) {
                Some(Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide | Operator::Modulo) => Kind::Number,
                _ => Kind::Boolean,
            },
            Expr::Negate(_) | Expr::Number(_) => Kind::Number,
            Expr::Union(_) | Expr::Path(_) => Kind::Nodes,
            Expr::Literal(_) => Kind::String,
            Expr::Call(function, _) => function.kind(),
        }
    }

    /// True when the value depends on the position among the context nodes. Predicates inside have contexts of their own.
    fn asks_position(&self) -> bool {
        match self {
            Expr::Chain(first, rest) => first.asks_position() || rest.iter().any(|(_, expr)| expr.asks_position()),
            Expr::Negate(expr) => expr.asks_position(),
            Expr::Union(exprs) => exprs.iter().any(Expr::asks_position),
            Expr::Path(Path { start: Start::Expr(expr, _), .. }) => expr.asks_position(),
            Expr::Path(_) | Expr::Literal(_) | Expr::Number(_) => false,
            Expr::Call(function, args) => function.asks_position() || args.iter().any(Expr::asks_position),
        }
    }
}
