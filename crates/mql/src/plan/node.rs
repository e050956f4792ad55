//! The steps of a plan. A step stands once in it, however many rules hold it.

use crate::ast::Op;
use crate::forms::Form;
use crate::library::Function;
use std::sync::Arc;

/// The number of a step: in its planner, where it comes after the steps that it uses, or in the plan.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(crate) struct NodeId(pub u32);

impl NodeId {
    pub fn idx(self) -> usize {
        self.0 as usize
    }
}

/// Items that can share answers: all of one shape, or all of one list of scalars. Number 0 is the message itself.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(crate) struct Family(pub u32);

impl Family {
    /// The message itself.
    pub const ROOT: Family = Family(0);

    pub fn idx(self) -> usize {
        self.0 as usize
    }
}

/// One step. Two that are equal have the same value on the same message, for the same items of the loops around them.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    Null,
    Bool(bool),
    Int(i64),
    /// By its bits.
    Float(u64),
    Text(Arc<str>),
    NamedList(usize),
    /// Fields of the message, one after the other.
    Root(Box<[usize]>),
    /// Fields of the item of an enclosing loop; 0 is the innermost.
    Item(usize, Family, Box<[usize]>),
    /// Fields of a computed object.
    Fields(NodeId, Box<[usize]>),
    Index(NodeId, NodeId),
    Slice {
        base: NodeId,
        start: Option<NodeId>,
        end: Option<NodeId>,
        of_text: bool,
    },
    Array(Box<[NodeId]>),
    Neg(NodeId),
    Not(NodeId),
    And(Box<[NodeId]>),
    Or(Box<[NodeId]>),
    /// The last tells that the result is a float, whatever the operands are.
    Arithmetic(Op, NodeId, NodeId, bool),
    Compare(Op, NodeId, NodeId),
    Range([NodeId; 3], Op, Op),
    IsNull(NodeId, bool),
    /// Membership among constant texts, by their number in the plan; folded ones are in lower case.
    InTexts {
        item: NodeId,
        texts: usize,
        negated: bool,
        fold: bool,
    },
    InValues {
        item: NodeId,
        values: Box<[NodeId]>,
        negated: bool,
        fold: bool,
    },
    InNamed {
        item: NodeId,
        list: usize,
        negated: bool,
        fold: bool,
    },
    InList {
        item: NodeId,
        list: NodeId,
        negated: bool,
        fold: bool,
    },
    Of(usize, Box<[NodeId]>),
    /// Where the form opens a scope, the family of the items.
    Form(Form, Box<[NodeId]>, FormFacts, Family),
    Call(Box<Call>),
    Test(Box<Test>),
    /// Is any entry of a named list true of a text? Stands for `any($list, test(text, .))`.
    Listed(Box<Listed>),
}

/// What a form has to know of the static types of its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

/// A call of a function.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Call {
    pub function: &'static Function,
    pub single: Box<[NodeId]>,
    pub repeated: Box<[NodeId]>,
    /// What the function prepared from its constants, by its number in the plan.
    pub prepared: Option<usize>,
}

/// Is any of some texts true of a text ([`crate::Body::Test`])?
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Test {
    pub function: &'static Function,
    pub text: NodeId,
    /// The constants, by their numbers in the plan.
    pub constants: Box<[usize]>,
    /// What is known only while a rule runs.
    pub computed: Box<[NodeId]>,
}

/// A test of a text for all entries of a named list.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Listed {
    pub function: &'static Function,
    pub text: NodeId,
    pub list: usize,
    /// Where the plan keeps the entries, ready for use.
    pub entries: usize,
}

impl Node {
    /// A test of a text. In which order the constants are written, and how often, makes no difference.
    pub fn test(function: &'static Function, text: NodeId, mut constants: Vec<usize>, computed: Vec<NodeId>) -> Node {
        constants.sort_unstable();
        constants.dedup();
        Node::Test(Box::new(Test { function, text, constants: constants.into(), computed: computed.into() }))
    }

    /// True when the step is logic: it is evaluated as the set of its possible outcomes.
    pub fn is_truth(&self) -> bool {
        match self {
            Node::Bool(_)
            | Node::Not(_)
            | Node::And(_)
            | Node::Or(_)
            | Node::Of(..)
            | Node::Compare(..)
            | Node::Range(..)
            | Node::IsNull(..)
            | Node::InTexts { .. }
            | Node::InValues { .. }
            | Node::InNamed { .. }
            | Node::InList { .. }
            | Node::Test(_)
            | Node::Listed(_) => true,
            Node::Form(form, ..) => matches!(form, Form::Any | Form::All),
            _ => false,
        }
    }

    /// The steps that it uses in the scope that it stands in; the body of a loop is given by [`Node::body`].
    pub fn operands(&self) -> Vec<NodeId> {
        match self {
            Node::Null | Node::Bool(_) | Node::Int(_) | Node::Float(_) | Node::Text(_) => Vec::new(),
            Node::NamedList(_) | Node::Root(_) | Node::Item(..) => Vec::new(),
            Node::Fields(base, _) | Node::Neg(base) | Node::Not(base) | Node::IsNull(base, _) => vec![*base],
            Node::Index(a, b) | Node::Arithmetic(_, a, b, _) | Node::Compare(_, a, b) => vec![*a, *b],
            Node::Slice { base, start, end, .. } => [Some(*base), *start, *end].into_iter().flatten().collect(),
            Node::Array(all) | Node::And(all) | Node::Or(all) | Node::Of(_, all) => all.to_vec(),
            Node::Range(all, ..) => all.to_vec(),
            Node::InTexts { item, .. } | Node::InNamed { item, .. } => vec![*item],
            Node::InValues { item, values, .. } => std::iter::once(*item).chain(values.iter().copied()).collect(),
            Node::InList { item, list, .. } => vec![*item, *list],
            Node::Form(form, args, ..) if form.opens_scope() => args.iter().take(1).copied().collect(),
            Node::Form(_, args, ..) => args.to_vec(),
            Node::Call(call) => call.single.iter().chain(&call.repeated).copied().collect(),
            Node::Listed(listed) => vec![listed.text],
            Node::Test(test) => std::iter::once(test.text).chain(test.computed.iter().copied()).collect(),
        }
    }

    /// The body of a loop, which stands in the scope that the step opens.
    pub fn body(&self) -> Option<NodeId> {
        match self {
            Node::Form(form, args, ..) if form.opens_scope() => args.get(1).copied(),
            _ => None,
        }
    }

    /// The same step with other numbers for the steps that it uses.
    pub fn renumbered(&self, number: &impl Fn(NodeId) -> NodeId) -> Node {
        let all = |ids: &[NodeId]| ids.iter().map(|id| number(*id)).collect::<Box<[NodeId]>>();
        let mut node = self.clone();
        match &mut node {
            Node::Null | Node::Bool(_) | Node::Int(_) | Node::Float(_) | Node::Text(_) => {}
            Node::NamedList(_) | Node::Root(_) | Node::Item(..) => {}
            Node::Fields(base, _) | Node::Neg(base) | Node::Not(base) | Node::IsNull(base, _) => *base = number(*base),
            Node::Index(a, b) | Node::Arithmetic(_, a, b, _) | Node::Compare(_, a, b) => (*a, *b) = (number(*a), number(*b)),
            Node::Slice { base, start, end, .. } => (*base, *start, *end) = (number(*base), start.map(number), end.map(number)),
            Node::Array(ids) | Node::And(ids) | Node::Or(ids) | Node::Of(_, ids) | Node::Form(_, ids, ..) => *ids = all(ids),
            Node::Range(ids, ..) => *ids = ids.map(number),
            Node::InTexts { item, .. } | Node::InNamed { item, .. } => *item = number(*item),
            Node::InValues { item, values, .. } => (*item, *values) = (number(*item), all(values)),
            Node::InList { item, list, .. } => (*item, *list) = (number(*item), number(*list)),
            Node::Call(call) => (call.single, call.repeated) = (all(&call.single), all(&call.repeated)),
            Node::Test(test) => (test.text, test.computed) = (number(test.text), all(&test.computed)),
            Node::Listed(listed) => listed.text = number(listed.text),
        }
        node
    }
}
