//! The form of a rule that runs: field paths joined, constants prepared, lists numbered.

use crate::ast::Op;
use crate::forms::Form;
use crate::library::Function;
use mailhound_value::Type;
use std::any::Any;
use std::collections::HashSet;
use std::sync::Arc;

/// A rule that is ready to run. Immutable; threads share it.
pub struct Program {
    pub(crate) root: Node,
    pub(crate) ty: Type,
}

impl Program {
    /// The type of the result.
    pub fn ty(&self) -> Type {
        self.ty
    }
}

/// What a function prepared from its constants, shared by all calls with equal ones.
pub(crate) type Shared = Option<Arc<dyn Any + Send + Sync>>;

/// One step of a program.
pub(crate) enum Node {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Arc<str>),
    NamedList(usize),
    /// Fields of the message, one after the other.
    Root(Box<[usize]>),
    /// Fields of the item of an enclosing loop.
    Item(usize, Box<[usize]>),
    /// Fields of a computed object.
    Fields(Box<Node>, Box<[usize]>),
    Index(Box<Node>, Box<Node>),
    Slice {
        base: Box<Node>,
        start: Option<Box<Node>>,
        end: Option<Box<Node>>,
        of_text: bool,
    },
    Array(Box<[Node]>),
    Neg(Box<Node>),
    Not(Box<Node>),
    And(Box<[Node]>),
    Or(Box<[Node]>),
    /// The last tells that the result is a float, whatever the operands are.
    Arithmetic(Op, Box<Node>, Box<Node>, bool),
    Compare(Op, Box<Node>, Box<Node>),
    Range(Box<[Node; 3]>, Op, Op),
    IsNull(Box<Node>, bool),
    /// Membership among constant texts; folded ones are in lower case.
    InTexts {
        item: Box<Node>,
        texts: HashSet<Box<str>>,
        negated: bool,
        fold: bool,
    },
    InValues {
        item: Box<Node>,
        values: Box<[Node]>,
        negated: bool,
        fold: bool,
    },
    InNamed {
        item: Box<Node>,
        list: usize,
        negated: bool,
        fold: bool,
    },
    InList {
        item: Box<Node>,
        list: Box<Node>,
        negated: bool,
        fold: bool,
    },
    Of(usize, Box<[Node]>),
    Form(Form, Box<[Node]>, FormFacts),
    Call(Box<Call>),
}

/// What a form has to know of the static types of its arguments.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FormFacts {
    /// The first argument is a map.
    pub of_map: bool,
    /// The items of the first argument are lists.
    pub of_lists: bool,
    /// The body of a loop is boolean.
    pub boolean_body: bool,
    /// The numbers are floats.
    pub floats: bool,
}

pub(crate) struct Call {
    pub function: &'static Function,
    pub single: Box<[Node]>,
    pub repeated: Box<[Node]>,
    pub prepared: Shared,
}
