//! What must occur in a message for a rule to be true of it.
//!
//! Most rules are false of most messages, and most of them because some text is not there. What a rule needs is drawn from its steps as a
//! conjunction of [`Clause`]s, of each of which at least one [`Atom`] must occur. Every text of the message is looked at once for the atoms of
//! all rules; a rule that lacks a clause cannot be true, and its steps are not visited. A clause never denies a message of which the rule is
//! true or may be true.

use super::estimate::Facts;
use super::layout::{Layout, Place};
use super::node::{Family, Node, NodeId};
use crate::ast::Op;
use crate::forms::Form;
use mailhound_value::{Type, lowercase};
use rustc_hash::{FxHashMap, FxHashSet};

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

/// Clauses of a rule that are kept: those with the fewest atoms.
const MAX_CLAUSES: usize = 6;

/// Atoms of a clause.
const MAX_ATOMS: usize = 256;

/// The estimated price of a text, in nanoseconds, up to which it is looked at for every message.
const MAX_PRICE: f32 = 500.0;

/// The chance up to which a cheap step that no text answers is asked for every message.
const RARE: f32 = 0.05;

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

/// Draws clauses from steps.
pub(super) struct Builder<'p> {
    pub nodes: &'p [Node],
    pub facts: &'p [Facts],
    pub places: &'p [Place],
    pub layout: &'p Layout,
    pub sets: &'p [FxHashSet<Box<str>>],
    /// The steps that rules use.
    pub used: &'p [bool],
    filter: Prefilter,
    /// The source that the list of each lies in; it has a lower number.
    parents: Vec<usize>,
    /// The number of the source of a list within another.
    sources: FxHashMap<(usize, NodeId), usize>,
    texts: FxHashMap<(usize, NodeId), usize>,
    /// Atoms by their source and step, and what they stand for.
    atoms: FxHashMap<(usize, NodeId), Atom>,
    wanted: Vec<Wanted>,
    /// The families of lists that loops go over.
    families: FxHashMap<NodeId, Family>,
    /// The numbers of the atoms that are kept.
    numbers: FxHashMap<Atom, Atom>,
    /// Clauses are drawn that without their atoms leave a step false, not null.
    exact: bool,
}

/// What an atom stands for.
struct Wanted {
    source: usize,
    what: What,
    step: NodeId,
}

#[derive(Clone, Copy)]
enum What {
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

    /// What is needed for the step to be true; of every clause one atom. `scopes` are the sources of the loops around it.
    fn clauses(&mut self, id: NodeId, scopes: &mut Vec<usize>) -> Vec<Clause> {
        match &self.nodes[id.idx()] {
            Node::And(operands) => operands.iter().flat_map(|operand| self.clauses(*operand, scopes)).collect(),
            Node::Or(operands) => self.union(operands, scopes).into_iter().collect(),
            Node::Of(count, operands) => self.of(*count, operands, scopes).into_iter().collect(),
            Node::Not(inner) => match &self.nodes[inner.idx()] {
                Node::Not(inner) => self.clauses(*inner, scopes),
                Node::Or(operands) => operands.iter().flat_map(|operand| self.denied(*operand, scopes)).collect(),
                _ => self.denied(*inner, scopes),
            },
            Node::Form(Form::Any, args, _, family) => self.items(args[0], *family, Some(args[1]), scopes),
            Node::Range([low, number, high], first, second) => {
                let mut clauses = self.count(id, (*low, *first, *number), scopes);
                clauses.extend(self.count(id, (*number, *second, *high), scopes));
                clauses
            }
            Node::Compare(op, left, right) => match self.atom(id, scopes) {
                Some(atom) => vec![vec![atom]],
                None if self.facts[id.idx()].chance <= RARE => self.step(id).map(|atom| vec![atom]).into_iter().collect(),
                None => self.count(id, (*left, *op, *right), scopes),
            },
            Node::Bool(false) => vec![Clause::new()],
            _ => self.atom(id, scopes).map(|atom| vec![atom]).into_iter().collect(),
        }
    }

    /// What is needed for the step to be false.
    fn denied(&mut self, id: NodeId, scopes: &mut Vec<usize>) -> Vec<Clause> {
        match &self.nodes[id.idx()] {
            Node::Not(inner) => self.clauses(*inner, scopes),
            Node::Or(operands) => operands.iter().flat_map(|operand| self.denied(*operand, scopes)).collect(),
            _ => Vec::new(),
        }
    }

    /// One of the operands is needed: the least of the clauses of each, together.
    fn union(&mut self, operands: &[NodeId], scopes: &mut Vec<usize>) -> Option<Clause> {
        let mut all = Clause::new();
        for operand in operands {
            match self.clauses(*operand, scopes).into_iter().min_by_key(Vec::len) {
                Some(clause) => all.extend(clause),
                None => all.push(self.step(*operand)?),
            }
        }
        all.sort_unstable();
        all.dedup();
        (all.len() <= MAX_ATOMS).then_some(all)
    }

    /// Of the operands at least `count` are true, so that of any `n + 1 - count` one is.
    fn of(&mut self, count: usize, operands: &[NodeId], scopes: &mut Vec<usize>) -> Option<Clause> {
        let needed = (operands.len() + 1).checked_sub(count.max(1))?;
        let least = |clauses: Vec<Clause>| clauses.into_iter().min_by_key(Vec::len);
        let mut clauses: Vec<Clause> = operands.iter().filter_map(|operand| least(self.clauses(*operand, scopes))).collect();
        // With clauses that are null the whole is null, however many are false.
        if self.exact || count == 0 || clauses.len() < needed {
            return None;
        }
        clauses.sort_by_key(Vec::len);
        let mut all: Clause = clauses.into_iter().take(needed).flatten().collect();
        all.sort_unstable();
        all.dedup();
        (all.len() <= MAX_ATOMS).then_some(all)
    }

    /// What is needed for the list to have an item, one that meets the condition.
    fn items(&mut self, list: NodeId, family: Family, condition: Option<NodeId>, scopes: &mut Vec<usize>) -> Vec<Clause> {
        match &self.nodes[list.idx()] {
            Node::Form(Form::Filter, args, _, family) => {
                let mut clauses = self.items(args[0], *family, Some(args[1]), scopes);
                clauses.extend(condition.into_iter().flat_map(|condition| self.items(args[0], *family, Some(condition), scopes)));
                clauses.dedup();
                clauses
            }
            Node::Form(Form::Distinct, args, ..) => self.items(args[0], family, condition, scopes),
            Node::Form(Form::Map, args, _, family) => self.items(args[0], *family, None, scopes),
            Node::Slice { base, of_text: false, .. } => self.items(*base, family, condition, scopes),
            _ => {
                let Some(source) = self.source(list, family, scopes) else { return Vec::new() };
                scopes.push(source);
                let mut clauses = condition.map(|condition| self.clauses(condition, scopes)).unwrap_or_default();
                scopes.pop();
                if self.exact {
                    // Over a null list the loop is null, whatever is known of texts outside of it.
                    clauses.retain(|clause| clause.iter().all(|atom| self.is_within(self.wanted[*atom as usize].source, source)));
                }
                clauses.push(vec![self.wanted(source, What::Item, list)]);
                clauses
            }
        }
    }

    /// True when the items of the one source are those of the other, or lie in them.
    fn is_within(&self, mut source: usize, outer: usize) -> bool {
        while source > outer {
            source = self.parents[source];
        }
        source == outer
    }

    /// What is needed for a comparison of a list's length to be true: an item, when an empty list does not do.
    fn count(&mut self, id: NodeId, (left, op, right): (NodeId, Op, NodeId), scopes: &mut Vec<usize>) -> Vec<Clause> {
        let (list, least) = match (&self.nodes[left.idx()], op, &self.nodes[right.idx()]) {
            (Node::Form(Form::Length, args, facts, _), Op::Gt, Node::Int(number)) if !facts.of_map => (args[0], number.saturating_add(1)),
            (Node::Form(Form::Length, args, facts, _), Op::Ge | Op::Eq, Node::Int(number)) if !facts.of_map => (args[0], *number),
            (Node::Int(number), Op::Lt, Node::Form(Form::Length, args, facts, _)) if !facts.of_map => (args[0], number.saturating_add(1)),
            (Node::Int(number), Op::Le | Op::Eq, Node::Form(Form::Length, args, facts, _)) if !facts.of_map => (args[0], *number),
            _ => return Vec::new(),
        };
        match self.list_of(list) {
            Some((list, family)) if least > 0 => self.items(list, family, None, scopes),
            None if least > 0 => self.step(id).map(|atom| vec![atom]).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// The list whose items are counted, and their family; `None` when no loop goes over it.
    fn list_of(&self, id: NodeId) -> Option<(NodeId, Family)> {
        match &self.nodes[id.idx()] {
            Node::Form(Form::Filter | Form::Distinct | Form::Map, _, _, family) => Some((id, *family)),
            _ => self.families.get(&id).map(|family| (id, *family)),
        }
    }

    /// The source that the items of a list are.
    fn source(&mut self, list: NodeId, family: Family, scopes: &[usize]) -> Option<usize> {
        let outer = self.scope_of(list, scopes)?;
        if self.facts[list.idx()].cost > MAX_PRICE {
            return None;
        }
        if let Some(source) = self.sources.get(&(outer, list)) {
            return Some(*source);
        }
        let source = self.filter.sources.len();
        self.filter.sources.push(Source::default());
        self.parents.push(outer);
        self.filter.sources[outer].lists.push((list, family, source));
        self.sources.insert((outer, list), source);
        Some(source)
    }

    /// The source in whose scope a step can be read: the message, or the innermost loop.
    fn scope_of(&self, id: NodeId, scopes: &[usize]) -> Option<usize> {
        match self.facts[id.idx()].free.as_slice() {
            [] => Some(0),
            [(0, _)] => scopes.last().copied(),
            _ => None,
        }
    }

    /// A step that can only be true of texts that hold something known.
    fn atom(&mut self, id: NodeId, scopes: &[usize]) -> Option<Atom> {
        let text = match &self.nodes[id.idx()] {
            Node::Test(test) if test.computed.is_empty() => {
                let Place::Search(searched) = &self.places[id.idx()] else { return None };
                let class = &self.layout.classes[searched.class];
                if searched.bits.iter().any(|(word, bits)| class.always_open(*word) & bits != 0) {
                    return None;
                }
                test.text
            }
            Node::Compare(Op::Eq | Op::EqFold, one, other) => match (&self.nodes[one.idx()], &self.nodes[other.idx()]) {
                (_, Node::Text(_)) => *one,
                (Node::Text(_), _) => *other,
                _ => return None,
            },
            Node::InTexts { item, negated: false, .. } | Node::InNamed { item, negated: false, .. } => *item,
            _ => return None,
        };
        if !self.is_cheap(text) {
            return None;
        }
        let source = self.scope_of(text, scopes)?;
        let number = self.text(source, text);
        Some(self.wanted(source, What::Text(number), id))
    }

    fn is_cheap(&self, text: NodeId) -> bool {
        match &self.nodes[text.idx()] {
            // A transformed text of the message: computed once, and searched like the text itself.
            Node::Call(call) if call.function.memo && call.function.needs.is_empty() && call.function.returns == Type::String => {
                call.repeated.is_empty()
                    && call.single.iter().all(|arg| self.facts[arg.idx()].cost <= MAX_PRICE && self.facts[arg.idx()].free.is_empty())
            }
            _ => self.facts[text.idx()].cost <= MAX_PRICE,
        }
    }

    /// A cheap condition on the message that is evaluated as it is.
    fn step(&mut self, id: NodeId) -> Option<Atom> {
        let facts = &self.facts[id.idx()];
        let is_cheap = facts.free.is_empty() && facts.cost <= MAX_PRICE;
        (is_cheap && self.nodes[id.idx()].is_truth()).then(|| self.wanted(0, What::Step, id))
    }

    /// The atom of a step.
    fn wanted(&mut self, source: usize, what: What, step: NodeId) -> Atom {
        let next = self.wanted.len() as Atom;
        let atom = *self.atoms.entry((source, step)).or_insert(next);
        if atom == next {
            self.wanted.push(Wanted { source, what, step });
        }
        atom
    }

    fn text(&mut self, source: usize, step: NodeId) -> usize {
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
