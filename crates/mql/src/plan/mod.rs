//! All rules of a set as one program.
//!
//! Steps that are equal stand once in the plan, whatever rules hold them, and what is dear among them is evaluated at most once for a
//! message, or for an item of a list of the message. Tests of one text with constants are a [`search::Class`]: the text is searched once
//! for what all of them need, and a test runs only when that occurred.

mod estimate;
mod layout;
mod node;
mod planner;
mod prefilter;
pub(crate) mod search;

pub(crate) use layout::{Layout, Place, Scoped, Searched};
pub(crate) use node::{Call, Family, FormFacts, Listed, Node, NodeId, Test};
pub use planner::Planner;
pub(crate) use prefilter::{Clauses, Found, Guard, Prefilter, Source, Text};

use crate::library::{Function, Wanted};
use mailhound_value::Type;
use rustc_hash::FxHashSet;
use std::any::Any;
use std::sync::{Arc, OnceLock};

/// A rule as steps of a planner, which [`Planner::keep`] makes part of the plan.
pub struct Draft {
    pub(crate) root: NodeId,
    pub(crate) ty: Type,
}

/// A rule that is ready to run on the plan that keeps it.
#[derive(Clone, Copy)]
pub struct Program {
    /// Its place among the programs of the plan.
    number: u32,
    ty: Type,
}

impl Program {
    /// The type of the result.
    pub fn ty(&self) -> Type {
        self.ty
    }
}

/// The programs of a rule set. Immutable; threads share it.
pub struct Plan {
    pub(crate) steps: Vec<Step>,
    programs: Vec<Kept>,
    pub(crate) sets: Vec<FxHashSet<Box<str>>>,
    pub(crate) prepared: Vec<Arc<dyn Any + Send + Sync>>,
    pub(crate) constants: Vec<Constant>,
    /// The entries of named lists that texts are searched for, made ready by the first text.
    pub(crate) entries: Vec<OnceLock<Entries>>,
    pub(crate) layout: Layout,
    pub(crate) prefilter: Prefilter,
}

/// The entries of a named list, ready for use.
pub(crate) struct Entries {
    pub wanted: Vec<Box<dyn Wanted>>,
    /// An entry cannot be used, or is no text.
    pub broken: bool,
    pub class: search::Class,
}

/// A program of a plan.
#[derive(Clone, Copy)]
pub(crate) struct Kept {
    /// The step that it ends in.
    pub root: NodeId,
    /// What must occur for it to be true.
    pub needs: Clauses,
}

/// A step, and where its answer is kept: read together, they lie together.
pub(crate) struct Step {
    pub node: Node,
    pub place: Place,
    pub guard: Guard,
}

/// A constant text of a test.
pub(crate) struct Constant {
    pub function: &'static Function,
    pub text: Arc<str>,
    pub wanted: Box<dyn Wanted>,
}

impl Plan {
    pub(crate) fn program(&self, program: &Program) -> Kept {
        self.programs[program.number as usize]
    }

    /// The function and the text of a constant that texts are tested for, by its number in a [`crate::Profile`].
    pub fn constant(&self, number: usize) -> Option<(&'static str, &str)> {
        self.constants.get(number).map(|constant| (constant.function.name, &*constant.text))
    }

    /// What the plan is made of, for people who want to know what their rules cost.
    pub fn size(&self) -> Size {
        let shared = self.steps.iter().filter(|step| !matches!(step.place, Place::Nowhere)).count();
        Size { steps: self.steps.len(), shared, tests: self.constants.len(), texts: self.layout.classes.len() }
    }
}

/// How large a plan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Distinct steps.
    pub steps: usize,
    /// Those whose answers are kept for a message or an item.
    pub shared: usize,
    /// Distinct constants that texts are tested for.
    pub tests: usize,
    /// Texts that are searched.
    pub texts: usize,
}
