//! What must occur in a message for a rule to be true of it.
//!
//! Most rules are false of most messages, and most of them because some text is not there. What a rule needs is drawn from its steps as a
//! conjunction of [`Clause`]s, of each of which at least one [`Atom`] must occur. Every text of the message is looked at once for the atoms of
//! all rules; a rule that lacks a clause cannot be true, and its steps are not visited. A clause never denies a message of which the rule is
//! true or may be true.

mod builder;
mod clauses;

pub(in crate::plan) use builder::Builder;

use super::node::{Family, NodeId};
use rustc_hash::FxHashMap;

/// The prefilter of a plan.
#[derive(Default)]
pub(crate) struct Prefilter {
    /// What is looked at; number 0 is the message itself.
    pub sources: Vec<Source>,
    /// The clauses of all rules, one rule after the other, then those of guards.
    terms: Vec<Term>,
    /// What steps within rules need, by the numbers of their guards.
    guards: Vec<Clauses>,
    /// Atoms of all rules.
    atoms: usize,
}

/// The message, or the items of a list.
#[derive(Default)]
pub(crate) struct Source {
    /// The atom of its having an item.
    pub item: Option<u32>,
    pub texts: Vec<Text>,
    /// Steps that are evaluated for it, with their atoms.
    pub steps: Vec<(NodeId, u32)>,
    /// Lists of each item: the step of the list, the family of its items, the source that they are.
    pub lists: Vec<(NodeId, Family, usize)>,
    /// All atoms of the source and of its lists: they may occur where an item cannot be read.
    pub atoms: Vec<u32>,
}

/// A text that is looked at.
pub(crate) struct Text {
    pub step: NodeId,
    /// The class of tests that the text is searched for.
    pub class: Option<usize>,
    /// The atoms of each test of the class, by its bit.
    pub tests: FxHashMap<u32, Vec<u32>>,
    /// The atoms of the texts that it may be equal to, in lower case.
    pub equal: FxHashMap<Box<str>, Vec<u32>>,
    /// Named lists that it may stand in, in the case in which they are asked.
    pub lists: Vec<(usize, bool, u32)>,
    /// All of its atoms.
    pub atoms: Vec<u32>,
}

/// What is needed for a step within rules to be anything but false, by its number; [`Guard::NONE`] where nothing is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Guard(u32);

impl Guard {
    pub const NONE: Guard = Guard(u32::MAX);
}

/// Clauses, all of which are needed: where their terms begin and end. None for a rule that needs nothing known.
#[derive(Clone, Copy, Default)]
pub(crate) struct Clauses(u32, u32);

/// A part of a clause: atoms of one word.
struct Term {
    mask: u64,
    word: u32,
    /// The last of its clause.
    ends: bool,
}

/// Something that may occur in a text of a source: a step that may be true of it.
type Atom = u32;

/// Atoms of which at least one is needed.
type Clause = Vec<Atom>;

/// What a message has of the atoms.
#[derive(Default)]
pub(crate) struct Found {
    /// Those whose step may be true somewhere.
    may: Vec<u64>,
    /// Those whose step may be null or true somewhere: the others are false of every text of their source.
    open: Vec<u64>,
}

impl Found {
    /// The step of an atom may be true.
    pub fn add(&mut self, atom: Atom) {
        self.may[atom as usize / 64] |= 1 << (atom % 64);
        self.open[atom as usize / 64] |= 1 << (atom % 64);
    }

    /// The same for several atoms.
    pub fn add_all(&mut self, atoms: &[Atom]) {
        atoms.iter().for_each(|atom| self.add(*atom));
    }

    /// The steps of atoms are null somewhere.
    pub fn add_null(&mut self, atoms: &[Atom]) {
        atoms.iter().for_each(|atom| self.open[*atom as usize / 64] |= 1 << (atom % 64));
    }
}

impl Prefilter {
    /// Forgets what was found, for the next message.
    pub fn clear(&self, found: &mut Found) {
        for words in [&mut found.may, &mut found.open] {
            words.clear();
            words.resize(self.atoms.div_ceil(64), 0);
        }
    }

    /// Can a rule with these needs be true of a message in which no other atoms occur?
    pub fn admits(&self, needs: Clauses, found: &Found) -> bool {
        self.are_met(needs, &found.may)
    }

    /// Is the step with this guard surely false, neither true nor null nor unavailable?
    pub fn denies(&self, guard: Guard, found: &Found) -> bool {
        self.guards.get(guard.0 as usize).is_some_and(|clauses| !self.are_met(*clauses, &found.open))
    }

    fn are_met(&self, Clauses(begin, end): Clauses, found: &[u64]) -> bool {
        let mut met = false;
        for term in &self.terms[begin as usize..end as usize] {
            met |= found.get(term.word as usize).is_some_and(|word| word & term.mask != 0);
            if term.ends {
                if !met {
                    return false;
                }
                met = false;
            }
        }
        true
    }
}
