//! What is known of the message at hand: the answers that rules share.

use crate::plan::search::{Answers, Class, Scratch};
use crate::plan::{Family, Found, NodeId, Plan};
use crate::truth::Truth;
use mailhound_value::{Eval, List, Unavailable, Value};
use rustc_hash::FxHashMap;

/// The answers so far.
pub(super) struct Known<'m> {
    memory: Memory,
    values: Vec<Option<Eval<'m>>>,
    item_values: FxHashMap<(NodeId, u32), Eval<'m>>,
}

/// The memory of an [`super::Evaluator`], which the next message uses again.
#[derive(Default)]
pub struct Memory {
    /// For each family, rows of truths by their codes; 0 is not known yet.
    truths: Vec<Vec<u8>>,
    strides: Vec<usize>,
    /// What undetermined truths lack.
    missing: FxHashMap<(Family, u32, usize), Unavailable>,
    /// The rows of items, by what they are.
    rows: FxHashMap<(Family, Identity), u32>,
    /// How many rows each family has.
    counts: Vec<u32>,
    /// Where the rows of a list begin in `list_rows`.
    lists: FxHashMap<(Family, usize, usize), usize>,
    list_rows: Vec<u32>,
    /// For each class the searched texts, by row.
    searched: Vec<Vec<Searched>>,
    /// The answers of all searches: for each text the open ones, then the true ones. Those of a text of which nothing is true stand first.
    answers: Vec<u64>,
    scratch: Scratch,
    /// What rules need and the message has.
    found: Found,
    /// The room of [`Known::values`], empty.
    values: Vec<Option<Eval<'static>>>,
}

/// Bytes of answers that are kept for the next message; what a larger one took is given back.
const KEPT: usize = 4 << 20;

impl Memory {
    /// Forgets all of the last message.
    fn clear(&mut self, plan: &Plan) {
        let layout = &plan.layout;
        let large = self.truths.iter().map(Vec::capacity).sum::<usize>() + self.answers.capacity() * 8 > KEPT;
        if large {
            *self = Memory::default();
        }
        self.strides.clone_from(&layout.strides);
        self.truths.resize_with(layout.strides.len(), Vec::new);
        self.truths.iter_mut().for_each(Vec::clear);
        self.counts.clear();
        self.counts.resize(layout.strides.len(), 0);
        self.searched.resize_with(layout.classes.len(), Vec::new);
        self.searched.iter_mut().for_each(Vec::clear);
        self.missing.clear();
        self.rows.clear();
        self.lists.clear();
        self.list_rows.clear();
        self.answers.clear();
        plan.prefilter.clear(&mut self.found);
    }

    fn row_of(&mut self, family: Family, identity: Identity) -> u32 {
        if let Some(row) = self.rows.get(&(family, identity)) {
            return *row;
        }
        let row = if self.counts[family.idx()] < MAX_ROWS { self.new_row(family) } else { NO_ROW };
        self.rows.insert((family, identity), row);
        row
    }

    fn new_row(&mut self, family: Family) -> u32 {
        let family = family.idx();
        self.counts[family] += 1;
        self.truths[family].resize(self.counts[family] as usize * self.strides[family], 0);
        self.counts[family] - 1
    }
}

/// The room of a list of values for those of another message.
fn emptied<'b>(mut values: Vec<Option<Eval<'_>>>) -> Vec<Option<Eval<'b>>> {
    values.clear();
    // Nothing is mapped; the allocation goes on.
    values.into_iter().map(|_| None).collect()
}

/// An item by where it lies; what lies in the message or its arena never moves.
type Identity = (usize, usize);

/// No row: the item is a number or unavailable, or there are too many.
const NO_ROW: u32 = u32::MAX;

/// Items of one family whose answers are kept.
const MAX_ROWS: u32 = 1 << 14;

/// What is known of a text.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) enum Searched {
    /// Nothing yet.
    #[default]
    Not,
    /// It is null.
    Null,
    /// It was searched, all of it or a part (`cut`), and the answers begin there.
    At { begin: u32, cut: bool },
}

impl<'m> Known<'m> {
    pub fn new(plan: &Plan, mut memory: Memory) -> Self {
        memory.clear(plan);
        let mut values = emptied(std::mem::take(&mut memory.values));
        values.resize(plan.layout.values, None);
        let mut known = Known { memory, values, item_values: FxHashMap::default() };
        known.memory.new_row(Family::ROOT);
        let longest = plan.layout.classes.iter().map(Class::words).max().unwrap_or_default();
        known.memory.answers.resize(2 * longest, 0);
        known
    }

    /// The memory, for the next message.
    pub fn into_memory(self) -> Memory {
        let Known { mut memory, values, .. } = self;
        memory.values = emptied(values);
        memory
    }

    pub fn truth(&self, family: Family, row: u32, slot: usize) -> Option<Truth> {
        let code = self.memory.truths[family.idx()][row as usize * self.memory.strides[family.idx()] + slot];
        (code != 0).then(|| Truth::from_code(code, || self.memory.missing.get(&(family, row, slot)).cloned()))
    }

    pub fn keep_truth(&mut self, family: Family, row: u32, slot: usize, truth: &Truth) {
        self.memory.truths[family.idx()][row as usize * self.memory.strides[family.idx()] + slot] = truth.code();
        if let Some(missing) = truth.missing() {
            self.memory.missing.insert((family, row, slot), missing.clone());
        }
    }

    pub fn value(&self, slot: usize) -> Option<Eval<'m>> {
        self.values[slot].clone()
    }

    pub fn keep_value(&mut self, slot: usize, value: &Eval<'m>) {
        self.values[slot] = Some(value.clone());
    }

    pub fn item_value(&self, id: NodeId, row: u32) -> Option<Eval<'m>> {
        self.item_values.get(&(id, row)).cloned()
    }

    pub fn keep_item_value(&mut self, id: NodeId, row: u32, value: &Eval<'m>) {
        self.item_values.insert((id, row), value.clone());
    }

    /// What rules need and the message has.
    pub fn found(&mut self) -> &mut Found {
        &mut self.memory.found
    }

    /// Gives each item of the list its row; returns where they begin.
    pub fn rows(&mut self, list: List<'m>, family: Family) -> usize {
        let place = match list {
            List::Owned(list) => std::ptr::from_ref(list).cast::<()>() as usize,
            List::Items(list) => std::ptr::from_ref(list) as usize,
            List::Empty => return 0,
        };
        let key = (family, place, list.known());
        if let Some(begin) = self.memory.lists.get(&key) {
            return *begin;
        }
        let begin = self.memory.list_rows.len();
        for item in list.iter() {
            let row = identity(&item).map_or(NO_ROW, |identity| self.memory.row_of(family, identity));
            self.memory.list_rows.push(row);
        }
        self.memory.lists.insert(key, begin);
        begin
    }

    pub fn row_at(&self, rows: usize, idx: usize) -> Option<u32> {
        self.memory.list_rows.get(rows + idx).copied().filter(|row| *row != NO_ROW)
    }

    pub fn searched(&self, class: usize, row: u32) -> Searched {
        self.memory.searched[class].get(row as usize).copied().unwrap_or_default()
    }

    pub fn keep_null(&mut self, class: usize, row: u32) {
        self.keep_searched(class, row, Searched::Null);
    }

    fn keep_searched(&mut self, class: usize, row: u32, searched: Searched) {
        let rows = &mut self.memory.searched[class];
        if rows.len() <= row as usize {
            rows.resize(row as usize + 1, Searched::Not);
        }
        rows[row as usize] = searched;
    }

    /// Searches a text, or the first part of a long one (`cut`), for all that it is tested for. Returns where the answers begin.
    pub fn search(&mut self, number: usize, row: u32, class: &Class, text: &str, cut: bool) -> u32 {
        let answers = &mut self.memory.answers;
        let (words, end) = (class.words(), answers.len());
        answers.resize(end + 2 * words, 0);
        let (open, yes) = answers[end..].split_at_mut(words);
        class.search(text, &mut self.memory.scratch, &mut Answers { open, yes });
        // Of most texts every test is false: they share these answers, which nothing changes since no test is open.
        let nothing = answers[end..].iter().all(|word| *word == 0);
        let begin = if nothing { 0 } else { end };
        answers.truncate(if nothing { end } else { end + 2 * words });
        self.keep_searched(number, row, Searched::At { begin: begin as u32, cut });
        begin as u32
    }

    /// What was found so far, and the tests of a class that may be true of a searched text.
    pub fn found_and_possible(&mut self, begin: u32, words: usize) -> (&mut Found, impl Iterator<Item = u32>) {
        let (open, yes) = self.memory.answers[begin as usize..][..2 * words].split_at(words);
        let bits = open.iter().zip(yes).map(|(open, yes)| open | yes).enumerate().filter(|(_, bits)| *bits != 0);
        let possible = bits.flat_map(|(word, bits)| (0..64).filter(move |bit| bits >> bit & 1 == 1).map(move |bit| word as u32 * 64 + bit));
        (&mut self.memory.found, possible)
    }

    /// The open and the true tests in one word of the answers.
    pub fn answers(&self, begin: u32, words: usize, word: usize) -> (u64, u64) {
        let open = begin as usize + word;
        (self.memory.answers[open], self.memory.answers[open + words])
    }

    /// Keeps the answer of a test that was open.
    pub fn answer(&mut self, begin: u32, words: usize, bit: usize, is_true: bool) {
        let open = begin as usize + bit / 64;
        self.memory.answers[open] &= !(1 << (bit % 64));
        if is_true {
            self.memory.answers[open + words] |= 1 << (bit % 64);
        }
    }
}

/// What an item is, when it lies somewhere.
fn identity(item: &Eval<'_>) -> Option<Identity> {
    fn place<T: ?Sized>(it: &T) -> usize {
        std::ptr::from_ref(it).cast::<()>() as usize
    }
    match item {
        Ok(Value::Object(object)) => Some((place(*object), place(object.shape()))),
        Ok(Value::Str(text)) => Some((text.as_ptr() as usize, text.len())),
        Ok(Value::Json(json)) => Some((place(*json), usize::MAX)),
        _ => None,
    }
}
