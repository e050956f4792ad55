//! A checked rule with what a walk needs beside it: prepared constants and named lists.

use crate::forms::Form;
use crate::library::{Body, Default, Function, Given, Literal, Origin, Wanted};
use crate::typed::{Kind, Typed};
use mailhound_value::{Maybe, NamedList, Unavailable};
use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;

/// A rule that can be walked. It must have been checked without errors.
pub struct Rule {
    typed: Box<Typed>,
    /// What functions prepared from the constants of a call, by the place of the call in memory; the tree does not move.
    prepared: HashMap<usize, Box<dyn Any + Send + Sync>>,
    /// For each test of a text, by the place of the call: its constants ready for use, `None` for what is no constant.
    tests: HashMap<usize, Vec<Option<Box<dyn Wanted>>>>,
    lists: HashMap<Arc<str>, Maybe<Arc<NamedList>>>,
}

impl Rule {
    /// Prepares the constants of all calls, and asks for each list by its name.
    pub fn new(typed: Typed, mut list: impl FnMut(&str) -> Maybe<Arc<NamedList>>) -> Rule {
        let typed = Box::new(typed);
        let (mut prepared, mut tests, mut lists) = (HashMap::new(), HashMap::new(), HashMap::new());
        visit(&typed, &mut |node| match &node.kind {
            Kind::List(name) => {
                lists.entry(Arc::clone(name)).or_insert_with(|| list(name));
            }
            Kind::Call { function, single, repeated } => {
                prepared.extend(prepare(function, single, repeated).map(|it| (place(node), it)));
                tests.extend(texts(function, repeated).map(|it| (place(node), it)));
            }
            _ => {}
        });
        Rule { typed, prepared, tests, lists }
    }

    /// The checked tree.
    pub fn typed(&self) -> &Typed {
        &self.typed
    }

    /// What was prepared from the constants of this call.
    pub(super) fn prepared(&self, call: &Typed) -> Option<&(dyn Any + Send + Sync)> {
        self.prepared.get(&place(call)).map(|it| &**it)
    }

    /// What a text is tested for by this call: one entry for each repeated argument, `None` for one that is no constant.
    pub(super) fn wanted(&self, call: &Typed) -> &[Option<Box<dyn Wanted>>] {
        self.tests.get(&place(call)).map_or(&[], Vec::as_slice)
    }

    /// A named list.
    pub(super) fn list(&self, name: &str) -> Result<&NamedList, Unavailable> {
        match self.lists.get(name) {
            Some(Ok(list)) => Ok(list),
            Some(Err(missing)) => Err(missing.clone()),
            None => Err(Unavailable::list(name)),
        }
    }
}

fn place(node: &Typed) -> usize {
    std::ptr::from_ref(node) as usize
}

/// Calls `work` on a node and on all below.
fn visit(node: &Typed, work: &mut impl FnMut(&Typed)) {
    work(node);
    for part in parts(node) {
        visit(part, work);
    }
}

/// The nodes right below a node, as they are written.
pub(super) fn parts(node: &Typed) -> Vec<&Typed> {
    match &node.kind {
        Kind::Null | Kind::Error | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) | Kind::Text(_) | Kind::List(_) => Vec::new(),
        Kind::Root | Kind::Item { .. } => Vec::new(),
        Kind::Field { base, .. } => vec![base],
        Kind::Index { base, index } => vec![base, index],
        Kind::Slice { base, start, end } => [Some(base), start.as_ref(), end.as_ref()].into_iter().flatten().map(|it| &**it).collect(),
        Kind::Array(items) | Kind::And(items) | Kind::Or(items) => items.iter().collect(),
        Kind::Of { clauses, .. } => clauses.iter().collect(),
        Kind::Neg(inner) | Kind::Not(inner) | Kind::IsNull { value: inner, .. } => vec![inner],
        Kind::Binary { left, right, .. } => vec![left, right],
        Kind::Range { low, middle, high, .. } => vec![low, middle, high],
        Kind::InTuple { item, tuple, .. } => std::iter::once(&**item).chain(tuple).collect(),
        Kind::InList { item, list, .. } => vec![item, list],
        Kind::Form { args, .. } => args.iter().collect(),
        Kind::Call { single, repeated, .. } => single.iter().flatten().chain(repeated).collect(),
    }
}

/// Is the node logic, so that it is walked as an answer and not as a value?
pub(super) fn is_logic(node: &Typed) -> bool {
    match &node.kind {
        Kind::Not(_) | Kind::And(_) | Kind::Or(_) | Kind::Of { .. } | Kind::Range { .. } | Kind::IsNull { .. } => true,
        Kind::InTuple { .. } | Kind::InList { .. } => true,
        Kind::Binary { op, .. } => !op.is_arithmetic(),
        Kind::Form { form, .. } => matches!(form, Form::Any | Form::All),
        _ => false,
    }
}

/// The constant that a node is; `None` when it is none.
pub(super) fn constant(node: &Typed) -> Option<Literal> {
    Some(match &node.kind {
        Kind::Null => Literal::Null,
        Kind::Bool(it) => Literal::Bool(*it),
        Kind::Int(it) => Literal::Int(*it),
        Kind::Float(it) => Literal::Float(it.to_bits()),
        Kind::Text(it) => Literal::Text(Arc::clone(it)),
        Kind::Array(items) => Literal::List(items.iter().map(constant).collect::<Option<_>>()?),
        _ => return None,
    })
}

/// Is the node a constant?
pub(super) fn is_constant(node: &Typed) -> bool {
    match &node.kind {
        Kind::Array(items) => items.iter().all(is_constant),
        Kind::Null | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) | Kind::Text(_) => true,
        _ => false,
    }
}

/// What the function keeps from the constants of a call. Constants that it cannot use were reported when the rule was compiled; such a call
/// runs with nothing prepared.
fn prepare(function: &Function, single: &[Option<Typed>], repeated: &[Typed]) -> Option<Box<dyn Any + Send + Sync>> {
    let Body::Prepared { prepare, .. } = function.body else { return None };
    let single = single.iter().zip(function.params).map(|(arg, param)| match arg {
        Some(arg) => constant(arg),
        None => param.default.map(left_out),
    });
    let given = Given { single: single.collect(), repeated: repeated.iter().map(constant).collect() };
    prepare(&given).ok().flatten()
}

/// The constants of a test, ready for use.
fn texts(function: &Function, repeated: &[Typed]) -> Option<Vec<Option<Box<dyn Wanted>>>> {
    let Body::Test(make) = function.body else { return None };
    let ready = |arg: &Typed| match &arg.kind {
        Kind::Text(text) => make(text, Origin::Rule).ok(),
        _ => None,
    };
    Some(repeated.iter().map(ready).collect())
}

fn left_out(default: Default) -> Literal {
    match default {
        Default::Null => Literal::Null,
        Default::Bool(it) => Literal::Bool(it),
        Default::Int(it) => Literal::Int(it),
        Default::Text(it) => Literal::Text(it.into()),
        Default::Texts(texts) => Literal::List(texts.iter().map(|text| Literal::Text((*text).into())).collect()),
    }
}
