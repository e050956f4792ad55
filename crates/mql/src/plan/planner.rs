//! Rules become one plan: equal steps are made once, constants are prepared once, operands of logic are put in the order of what they cost.

use super::estimate::Facts;
use super::node::{Family, Listed, Node, NodeId};
use super::{Constant, Draft, Guard, Kept, Layout, Place, Plan, Program, Step, prefilter};
use crate::forms::Form;
use crate::library::{Body, Function, Given, Literal, MakeWanted, Origin, PrepareFault, Prepared};
use crate::ready::Ready;
use mailhound_value::{Reads, Type};
use rustc_hash::{FxHashMap, FxHashSet};
use std::any::Any;
use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

/// Collects the rules of one set into a plan.
#[derive(Default)]
pub struct Planner {
    pub(super) nodes: Vec<Node>,
    pub(super) facts: Vec<Facts>,
    known: FxHashMap<Node, NodeId>,
    texts: HashSet<Arc<str>>,
    lists: Numbered<Arc<str>, Arc<str>>,
    sets: Numbered<Box<[Box<str>]>, FxHashSet<Box<str>>>,
    prepared: Numbered<PreparedKey, Arc<dyn Any + Send + Sync>>,
    constants: Numbered<(&'static str, Arc<str>), Constant>,
    families: FxHashMap<FamilyKey, Family>,
    /// Named lists whose entries a function tests texts for.
    entries: Numbered<(usize, &'static str), ()>,
    /// Constants that were made ready beforehand.
    ready: Arc<Ready>,
    roots: Vec<NodeId>,
    /// The fields that rules read.
    reads: Reads,
}

type PreparedKey = (&'static str, Vec<Option<Literal>>, Vec<Option<Literal>>);

#[derive(PartialEq, Eq, Hash)]
enum FamilyKey {
    Shape(Type),
    List(NodeId),
}

/// Things with a number, by what they are made of.
struct Numbered<K, V> {
    all: Vec<V>,
    /// `None` where there is nothing to keep.
    numbers: FxHashMap<K, Option<usize>>,
}

impl<K, V> Default for Numbered<K, V> {
    fn default() -> Self {
        Numbered { all: Vec::new(), numbers: FxHashMap::default() }
    }
}

impl<K: Eq + std::hash::Hash, V> Numbered<K, V> {
    fn number<E>(&mut self, key: K, make: impl FnOnce(&K) -> Result<Option<V>, E>) -> Result<Option<usize>, E> {
        if let Some(number) = self.numbers.get(&key) {
            return Ok(*number);
        }
        let number = make(&key)?.map(|made| {
            self.all.push(made);
            self.all.len() - 1
        });
        self.numbers.insert(key, number);
        Ok(number)
    }

    /// For what always gives something to keep.
    fn sure(&mut self, key: K, make: impl FnOnce(&K) -> V) -> usize {
        self.number(key, |key| Ok::<_, ()>(Some(make(key)))).ok().flatten().unwrap_or_default()
    }
}

impl Planner {
    /// The lists in the order of their numbers: [`crate::Context::lists`] must have the same order.
    pub fn lists(&self) -> &[Arc<str>] {
        &self.lists.all
    }

    /// The fields that the rules so far read; rules that are not kept may add to them.
    pub fn reads(&self) -> &Reads {
        &self.reads
    }

    pub(crate) fn reads_mut(&mut self) -> &mut Reads {
        &mut self.reads
    }

    /// Takes the constants of the rules to come from here, where they are ready.
    pub fn take_from(&mut self, ready: Arc<Ready>) {
        self.ready = ready;
    }

    /// Keeps a program: only what kept programs use becomes part of the plan.
    pub fn keep(&mut self, draft: &Draft) -> Program {
        self.roots.push(draft.root);
        self.reads.add_whole(draft.ty);
        Program { number: self.roots.len() as u32 - 1, ty: draft.ty }
    }

    /// The plan of all programs that were kept.
    pub fn finish(self) -> Plan {
        let Planner { nodes, facts, sets, prepared, constants, entries, families, roots, .. } = self;
        let (layout, places) = Layout::new(&nodes, &facts, &constants.all, families.len() + 1, &roots);
        let entries = entries.all.iter().map(|()| OnceLock::new()).collect();
        let (order, numbers) = in_order_of_use(&nodes, &roots);
        let used: Vec<bool> = numbers.iter().map(|number| *number != u32::MAX).collect();
        let prefilter = prefilter::Builder::new(&nodes, &facts, &places, &layout, &sets.all, &used);
        let number = |id: NodeId| NodeId(numbers[id.idx()]);
        let (prefilter, needs, guards) = prefilter.finish(&roots, number);
        let programs = roots.iter().zip(needs).map(|(root, needs)| Kept { root: number(*root), needs }).collect();
        let steps = renumbered(&nodes, places, &guards, &order, &numbers);
        Plan { steps, programs, sets: sets.all, prepared: prepared.all, constants: constants.all, entries, layout, prefilter }
    }

    /// The number of this step.
    pub(crate) fn node(&mut self, mut node: Node) -> NodeId {
        self.put_in_order(&mut node);
        if let Some(id) = self.known.get(&node) {
            return *id;
        }
        let id = NodeId(self.nodes.len() as u32);
        self.facts.push(Facts::of(&node, &self.facts));
        self.nodes.push(node.clone());
        self.known.insert(node, id);
        id
    }

    /// Operands of logic may stand in any order, and those of `and` and `or` count once.
    fn put_in_order(&self, node: &mut Node) {
        let rank: fn(&Facts) -> f32 = match node {
            Node::And(_) => Facts::rank_in_and,
            Node::Or(_) => Facts::rank_in_or,
            Node::Of(..) => |facts| facts.cost,
            _ => return,
        };
        let (Node::And(operands) | Node::Or(operands) | Node::Of(_, operands)) = node else { return };
        let mut sorted = operands.to_vec();
        let key = |id: &NodeId| self.facts.get(id.idx()).map_or(0.0, rank);
        sorted.sort_by(|a, b| key(a).total_cmp(&key(b)).then(a.cmp(b)));
        *operands = sorted.into();
        if let Node::And(operands) | Node::Or(operands) = node {
            let mut once = operands.to_vec();
            once.dedup();
            *operands = once.into();
        }
    }

    /// The one copy of a constant text, so that calls with equal constants have equal arguments.
    pub(crate) fn text(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return Arc::clone(known);
        }
        let text: Arc<str> = text.into();
        self.texts.insert(Arc::clone(&text));
        text
    }

    /// The number of a named list.
    pub(crate) fn list(&mut self, name: &Arc<str>) -> usize {
        self.lists.sure(Arc::clone(name), Arc::clone)
    }

    /// The number of a set of texts.
    pub(crate) fn set(&mut self, texts: FxHashSet<Box<str>>) -> usize {
        let mut key: Vec<Box<str>> = texts.iter().cloned().collect();
        key.sort();
        self.sets.sure(key.into(), |_| texts)
    }

    /// What the function keeps from its constants.
    pub(crate) fn prepared(
        &mut self,
        function: &'static Function,
        prepare: fn(&Given) -> Result<Prepared, PrepareFault>,
        given: Given,
    ) -> Result<Option<usize>, PrepareFault> {
        let key = (function.name, given.single.clone(), given.repeated.clone());
        self.prepared.number(key, |_| Ok(prepare(&given)?.map(Arc::from)))
    }

    /// A constant text of a test.
    pub(crate) fn constant(
        &mut self,
        function: &'static Function,
        text: &Arc<str>,
        make: MakeWanted,
    ) -> Result<Option<usize>, PrepareFault> {
        let ready = &self.ready;
        self.constants.number((function.name, Arc::clone(text)), |key| {
            let wanted = match ready.take(key) {
                Some(wanted) => wanted,
                None => make(text, Origin::Rule)?,
            };
            Ok(Some(Constant { function, text: Arc::clone(text), wanted }))
        })
    }

    /// `any(list, test(text, .))` over constants as one test of the text, or over a named list as one search; `None` for every other loop.
    pub(crate) fn any_of_constants(&mut self, list: NodeId, body: NodeId) -> Option<Node> {
        let Node::Test(test) = self.nodes.get(body.idx())? else { return None };
        let ([], [item]) = (&*test.constants, &*test.computed) else { return None };
        let Node::Item(0, _, fields) = self.nodes.get(item.idx())? else { return None };
        if !fields.is_empty() {
            return None;
        }
        let (function, text) = (test.function, test.text);
        let Body::Test(make) = function.body else { return None };
        match self.nodes.get(list.idx())?.clone() {
            Node::NamedList(list) => {
                let text = self.outside(text)?;
                let entries = self.entries.sure((list, function.name), |_| ());
                Some(Node::Listed(Box::new(Listed { function, text, list, entries })))
            }
            Node::Array(items) if !items.is_empty() => {
                let texts: Option<Vec<Arc<str>>> = items.iter().map(|item| self.constant_text(*item)).collect();
                let (texts, text) = (texts?, self.outside(text)?);
                let numbers: Result<Vec<_>, _> = texts.iter().map(|text| self.constant(function, text, make)).collect();
                Some(Node::test(function, text, numbers.ok()?.into_iter().flatten().collect(), Vec::new()))
            }
            _ => None,
        }
    }

    fn constant_text(&self, id: NodeId) -> Option<Arc<str>> {
        match self.nodes.get(id.idx())? {
            Node::Text(text) => Some(Arc::clone(text)),
            _ => None,
        }
    }

    /// The same step outside of the innermost loop; `None` when it reads the item of that, or is not simple.
    fn outside(&mut self, id: NodeId) -> Option<NodeId> {
        if self.facts.get(id.idx())?.free.is_empty() {
            return Some(id);
        }
        match self.nodes.get(id.idx())?.clone() {
            Node::Item(up, family, fields) if up > 0 => Some(self.node(Node::Item(up - 1, family, fields))),
            Node::Fields(base, fields) => {
                let base = self.outside(base)?;
                Some(self.node(Node::Fields(base, fields)))
            }
            _ => None,
        }
    }

    /// The family of the items of a list.
    pub(crate) fn family(&mut self, list: NodeId, item: Type) -> Family {
        let key = match item {
            Type::Object(_) => FamilyKey::Shape(item),
            _ => FamilyKey::List(self.whole(list)),
        };
        let next = Family(self.families.len() as u32 + 1);
        *self.families.entry(key).or_insert(next)
    }

    /// The list that this one is a part of.
    fn whole(&self, list: NodeId) -> NodeId {
        match self.nodes.get(list.idx()) {
            Some(Node::Form(Form::Filter | Form::Distinct, args, ..)) => args.first().map_or(list, |base| self.whole(*base)),
            Some(Node::Slice { base, .. }) => self.whole(*base),
            _ => list,
        }
    }
}

/// The steps that the roots use, in the order in which an evaluation comes upon them: what is read together lies together, since a plan is larger
/// than the processor's caches. Then, for each old number the new one.
fn in_order_of_use(nodes: &[Node], roots: &[NodeId]) -> (Vec<NodeId>, Vec<u32>) {
    let (mut numbers, mut order) = (vec![u32::MAX; nodes.len()], Vec::new());
    let mut waiting: Vec<NodeId> = roots.iter().rev().copied().collect();
    while let Some(id) = waiting.pop() {
        if numbers[id.idx()] == u32::MAX {
            numbers[id.idx()] = order.len() as u32;
            order.push(id);
            waiting.extend(nodes[id.idx()].operands().into_iter().chain(nodes[id.idx()].body()).rev());
        }
    }
    (order, numbers)
}

/// The steps in this order, under these numbers.
fn renumbered(nodes: &[Node], places: Vec<Place>, guards: &[Guard], order: &[NodeId], numbers: &[u32]) -> Vec<Step> {
    let mut places: Vec<Option<Place>> = places.into_iter().map(Some).collect();
    let steps = order.iter().map(|id| Step {
        node: nodes[id.idx()].renumbered(&|id| NodeId(numbers[id.idx()])),
        place: places[id.idx()].take().unwrap_or(Place::Nowhere),
        guard: guards[id.idx()],
    });
    steps.collect()
}
