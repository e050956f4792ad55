//! Collects what rules need, and has it looked for.

use super::super::estimate::Facts;
use super::super::layout::{Layout, Place};
use super::super::node::{Family, Node, NodeId};
use super::{Atom, Clause, Clauses, Guard, Prefilter, Source, Term, Text};
use crate::forms::Form;
use mailhound_value::lowercase;
use rustc_hash::{FxHashMap, FxHashSet};

/// Clauses of a rule that are kept: those with the fewest atoms.
const MAX_CLAUSES: usize = 6;

/// Draws clauses from steps.
pub(in crate::plan) struct Builder<'p> {
    pub nodes: &'p [Node],
    pub facts: &'p [Facts],
    pub places: &'p [Place],
    pub layout: &'p Layout,
    pub sets: &'p [FxHashSet<Box<str>>],
    /// The steps that rules use.
    pub used: &'p [bool],
    pub(super) filter: Prefilter,
    /// The source that the list of each lies in; it has a lower number.
    pub(super) parents: Vec<usize>,
    /// The number of the source of a list within another.
    pub(super) sources: FxHashMap<(usize, NodeId), usize>,
    pub(super) texts: FxHashMap<(usize, NodeId), usize>,
    /// Atoms by their source and step, and what they stand for.
    pub(super) atoms: FxHashMap<(usize, NodeId), Atom>,
    pub(super) wanted: Vec<Wanted>,
    /// The families of lists that loops go over.
    pub(super) families: FxHashMap<NodeId, Family>,
    /// The numbers of the atoms that are kept.
    pub(super) numbers: FxHashMap<Atom, Atom>,
    /// Clauses are drawn that without their atoms leave a step false, not null.
    pub(super) exact: bool,
}

/// What an atom stands for.
pub(super) struct Wanted {
    pub(super) source: usize,
    pub(super) what: What,
    pub(super) step: NodeId,
}

#[derive(Clone, Copy)]
pub(super) enum What {
    /// Any item of the source.
    Item,
    /// The step is true of this text.
    Text(usize),
    /// The step is true.
    Step,
}

impl<'p> Builder<'p> {
    pub fn new(
        nodes: &'p [Node],
        facts: &'p [Facts],
        places: &'p [Place],
        layout: &'p Layout,
        sets: &'p [FxHashSet<Box<str>>],
        used: &'p [bool],
    ) -> Builder<'p> {
        let filter = Prefilter { sources: vec![Source::default()], ..Prefilter::default() };
        let families = nodes.iter().filter_map(|node| match node {
            Node::Form(form, args, _, family) if form.opens_scope() => Some((args[0], *family)),
            _ => None,
        });
        Builder {
            families: families.collect(),
            nodes,
            facts,
            places,
            layout,
            sets,
            used,
            filter,
            parents: vec![0],
            sources: FxHashMap::default(),
            texts: FxHashMap::default(),
            atoms: FxHashMap::default(),
            wanted: Vec::new(),
            numbers: FxHashMap::default(),
            exact: false,
        }
    }

    /// The prefilter, what the rules that end in these steps need, and the guards of all steps. `number` gives the steps of the plan.
    pub fn finish(mut self, roots: &[NodeId], number: impl Fn(NodeId) -> NodeId) -> (Prefilter, Vec<Clauses>, Vec<Guard>) {
        let mut known: FxHashMap<NodeId, Clauses> = FxHashMap::default();
        let mut needs = Vec::with_capacity(roots.len());
        for root in roots {
            let needed = match known.get(root) {
                Some(needed) => *needed,
                None => {
                    let clauses = self.clauses(*root, &mut vec![0]);
                    self.keep(clauses)
                }
            };
            known.insert(*root, needed);
            needs.push(needed);
        }
        self.exact = true;
        let mut guards = vec![Guard::NONE; self.nodes.len()];
        for (idx, guard) in guards.iter_mut().enumerate() {
            if !self.is_guarded(idx) {
                continue;
            }
            let clauses = self.clauses(NodeId(idx as u32), &mut vec![0]);
            if !clauses.is_empty() {
                let clauses = self.keep(clauses);
                self.filter.guards.push(clauses);
                *guard = Guard(self.filter.guards.len() as u32 - 1);
            }
        }
        self.filter.atoms = self.numbers.len();
        let mut used: Vec<(Atom, Atom)> = self.numbers.drain().collect();
        used.sort_by_key(|(_, atom)| *atom);
        for (old, atom) in used {
            self.place(old, atom);
        }
        (self.renumbered(number), needs, guards)
    }

    /// True for a loop over items of the message that the plan has.
    fn is_guarded(&self, idx: usize) -> bool {
        matches!(self.nodes[idx], Node::Form(Form::Any, ..)) && self.facts[idx].free.is_empty() && self.used[idx]
    }

    /// Keeps clauses, of which only the best count. Atoms are numbered in the order in which they are kept, so that a clause lies in one word
    /// or two.
    fn keep(&mut self, mut clauses: Vec<Clause>) -> Clauses {
        clauses.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
        clauses.dedup();
        clauses.truncate(MAX_CLAUSES);
        let begin = self.filter.terms.len() as u32;
        for clause in clauses {
            let mut words: Vec<(u32, u64)> = Vec::new();
            for atom in clause {
                let fresh = self.numbers.len() as Atom;
                let atom = *self.numbers.entry(atom).or_insert(fresh);
                match words.iter_mut().find(|(word, _)| *word == atom / 64) {
                    Some((_, mask)) => *mask |= 1 << (atom % 64),
                    None => words.push((atom / 64, 1 << (atom % 64))),
                }
            }
            if words.is_empty() {
                // Nothing is enough: the rule is never true.
                words.push((0, 0));
            }
            let last = words.len() - 1;
            self.filter.terms.extend(words.into_iter().enumerate().map(|(idx, (word, mask))| Term { mask, word, ends: idx == last }));
        }
        Clauses(begin, self.filter.terms.len() as u32)
    }

    /// The steps by their numbers in the plan; sources and texts without atoms are left out.
    fn renumbered(self, number: impl Fn(NodeId) -> NodeId) -> Prefilter {
        let mut filter = self.filter;
        for source in (0..filter.sources.len()).rev() {
            // The sources of its lists have higher numbers.
            let lists = std::mem::take(&mut filter.sources[source].lists);
            let lists: Vec<_> = lists.into_iter().filter(|(_, _, items)| !filter.sources[*items].atoms.is_empty()).collect();
            let below: Vec<Atom> = lists.iter().flat_map(|(_, _, items)| filter.sources[*items].atoms.iter().copied()).collect();
            let it = &mut filter.sources[source];
            it.lists = lists.into_iter().map(|(list, family, items)| (number(list), family, items)).collect();
            it.texts.retain(|text| !text.atoms.is_empty());
            it.texts.iter_mut().for_each(|text| text.step = number(text.step));
            it.steps.iter_mut().for_each(|(step, _)| *step = number(*step));
            let own =
                it.texts.iter().flat_map(|text| text.atoms.iter().copied()).chain(it.item).chain(it.steps.iter().map(|(_, atom)| *atom));
            it.atoms = own.chain(below).collect();
        }
        filter
    }

    /// The atom of a step.
    pub(super) fn wanted(&mut self, source: usize, what: What, step: NodeId) -> Atom {
        let next = self.wanted.len() as Atom;
        let atom = *self.atoms.entry((source, step)).or_insert(next);
        if atom == next {
            self.wanted.push(Wanted { source, what, step });
        }
        atom
    }

    pub(super) fn text(&mut self, source: usize, step: NodeId) -> usize {
        if let Some(number) = self.texts.get(&(source, step)) {
            return *number;
        }
        let texts = &mut self.filter.sources[source].texts;
        texts.push(Text {
            step,
            class: None,
            tests: FxHashMap::default(),
            equal: FxHashMap::default(),
            lists: Vec::new(),
            atoms: Vec::new(),
        });
        self.texts.insert((source, step), texts.len() - 1);
        texts.len() - 1
    }

    /// Has an atom that is kept looked for, under its number.
    fn place(&mut self, wanted: Atom, atom: Atom) {
        let Wanted { source, what, step } = self.wanted[wanted as usize];
        let source = &mut self.filter.sources[source];
        let text = match what {
            What::Item => return source.item = Some(atom),
            What::Step => return source.steps.push((step, atom)),
            What::Text(number) => &mut source.texts[number],
        };
        text.atoms.push(atom);
        match (&self.nodes[step.idx()], &self.places[step.idx()]) {
            (Node::Test(_), Place::Search(searched)) => {
                text.class = Some(searched.class);
                for (word, bits) in &searched.bits {
                    for bit in (0..64).filter(|bit| bits >> bit & 1 == 1) {
                        text.tests.entry((word * 64) as u32 + bit).or_default().push(atom);
                    }
                }
            }
            (Node::Compare(_, one, other), _) => {
                for side in [one, other] {
                    if let Node::Text(constant) = &self.nodes[side.idx()] {
                        text.equal.entry(lowercase(constant).into()).or_default().push(atom);
                    }
                }
            }
            (Node::InTexts { texts, .. }, _) => {
                for constant in &self.sets[*texts] {
                    text.equal.entry(lowercase(constant).into()).or_default().push(atom);
                }
            }
            (Node::InNamed { list, fold, .. }, _) => text.lists.push((*list, *fold, atom)),
            _ => {}
        }
    }
}
