//! Where the answers of a plan are kept while a message is at hand.

use super::Constant;
use super::estimate::Facts;
use super::node::{Family, Node, NodeId, Test};
use super::search::Class;
use crate::library::Function;
use rustc_hash::FxHashMap;

/// The places of all answers.
pub(crate) struct Layout {
    /// For each family the truths that are kept for one item.
    pub strides: Vec<usize>,
    /// Values that are kept for the message.
    pub values: usize,
    /// The texts that are searched.
    pub classes: Vec<Class>,
}

/// Where the answer of a step is kept.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// Nowhere: it is evaluated each time.
    Nowhere,
    /// The truth of a step.
    Truth(Scoped, usize),
    /// The value of a step on the message.
    Value(usize),
    /// The value of a step on an item; the step itself is the key.
    ItemValue(Scoped),
    /// The tests of a text.
    Search(Box<Searched>),
}

/// What a step depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scoped {
    /// On the message alone.
    Message,
    /// On the item of one of the loops around it.
    Item(usize, Family),
}

impl Scoped {
    pub fn family(self) -> Family {
        match self {
            Scoped::Message => Family::ROOT,
            Scoped::Item(_, family) => family,
        }
    }
}

/// Which class answers a test of a text, and which of its bits.
#[derive(Clone, Debug)]
pub(crate) struct Searched {
    pub scope: Scoped,
    pub class: usize,
    /// The words that hold bits of the test, and the bits.
    pub bits: Box<[(usize, u64)]>,
}

/// What a step must cost, in nanoseconds, for its answer to be kept.
const WORTH_KEEPING: f32 = 40.0;

impl Layout {
    /// The layout, and the place of each step.
    pub fn new(nodes: &[Node], facts: &[Facts], constants: &[Constant], families: usize, roots: &[NodeId]) -> (Layout, Vec<Place>) {
        let uses = uses(nodes, facts, roots);
        let mut layout = Layout { strides: vec![0; families], values: 0, classes: Vec::new() };
        let (mut classes, mut places) = (Classes::default(), Vec::with_capacity(nodes.len()));
        for ((node, about), used) in nodes.iter().zip(facts).zip(&uses) {
            let place = match node {
                _ if used.times == 0 => Place::Nowhere,
                Node::Test(test) if !test.constants.is_empty() => match facts.get(test.text.idx()).and_then(scope) {
                    Some(scope) => Place::Search(Box::new(classes.test(scope, test))),
                    None => Place::Nowhere,
                },
                _ => layout.keep(node, about, *used),
            };
            places.push(place);
        }
        layout.classes = classes.finish(constants);
        (layout, places)
    }

    /// A place for a step that is used more than once and costs something.
    fn keep(&mut self, node: &Node, about: &Facts, used: Use) -> Place {
        let again = used.times > 1 || used.in_loop;
        let Some(scope) = scope(about).filter(|_| again && about.cost >= WORTH_KEEPING) else { return Place::Nowhere };
        if node.is_truth() {
            let stride = &mut self.strides[scope.family().idx()];
            *stride += 1;
            return Place::Truth(scope, *stride - 1);
        }
        match scope {
            // A field of what is kept, and the answer of a function without its engine, are had as fast again.
            Scoped::Item(..) if matches!(node, Node::Fields(..)) || matches!(node, Node::Call(call) if is_absent(call.function)) => {
                Place::Nowhere
            }
            Scoped::Message => {
                self.values += 1;
                Place::Value(self.values - 1)
            }
            Scoped::Item(..) => Place::ItemValue(scope),
        }
    }
}

fn is_absent(function: &Function) -> bool {
    !function.memo && !function.needs.is_empty()
}

/// What a step depends on; `None` when on several items.
fn scope(facts: &Facts) -> Option<Scoped> {
    match facts.free.as_slice() {
        [] => Some(Scoped::Message),
        [(up, family)] => Some(Scoped::Item(*up, *family)),
        _ => None,
    }
}

/// How a step is used.
#[derive(Clone, Copy, Default)]
struct Use {
    /// By so many steps and rules.
    times: u32,
    /// By the body of a loop whose item it does not read.
    in_loop: bool,
}

/// Counts the uses below the roots. In the planner a step comes after those that it uses.
fn uses(nodes: &[Node], facts: &[Facts], roots: &[NodeId]) -> Vec<Use> {
    let mut uses = vec![Use::default(); nodes.len()];
    for root in roots {
        uses[root.idx()].times += 1;
    }
    for (idx, node) in nodes.iter().enumerate().rev() {
        if uses[idx].times == 0 {
            continue;
        }
        let free = &facts[idx].free;
        for operand in node.operands() {
            uses[operand.idx()].times += 1;
            uses[operand.idx()].in_loop |= facts[operand.idx()].free.len() < free.len();
        }
        if let Some(body) = node.body() {
            uses[body.idx()].times += 1;
            uses[body.idx()].in_loop |= facts[body.idx()].free.iter().all(|(up, _)| *up > 0);
        }
    }
    uses
}

/// The texts that are searched, and the tests of each, while they are collected.
#[derive(Default)]
struct Classes {
    of_text: FxHashMap<NodeId, usize>,
    /// For each class the constants by their bits.
    constants: Vec<Vec<usize>>,
    bits: FxHashMap<(usize, usize), usize>,
}

impl Classes {
    fn test(&mut self, scope: Scoped, test: &Test) -> Searched {
        let class = *self.of_text.entry(test.text).or_insert_with(|| {
            self.constants.push(Vec::new());
            self.constants.len() - 1
        });
        let mut words: Vec<(usize, u64)> = Vec::new();
        for constant in &test.constants {
            let all = &mut self.constants[class];
            let bit = *self.bits.entry((class, *constant)).or_insert_with(|| {
                all.push(*constant);
                all.len() - 1
            });
            match words.iter_mut().find(|(word, _)| *word == bit / 64) {
                Some((_, bits)) => *bits |= 1 << (bit % 64),
                None => words.push((bit / 64, 1 << (bit % 64))),
            }
        }
        Searched { scope, class, bits: words.into() }
    }

    fn finish(self, constants: &[Constant]) -> Vec<Class> {
        self.constants.into_iter().map(|class| Class::new(class, constants)).collect()
    }
}
