//! One search of a text for everything that any rule tests it for.
//!
//! The constants that one text is tested for form a [`Class`]. Their clues' literals go into one automaton (Aho-Corasick as a contiguous
//! NFA: of the ways measured for this, the fastest that is also small). After the search each test is false, true, or open; open ones run
//! when a rule asks, once.

use super::Constant;
use crate::clue::{Bytes, Clue, searched};
use crate::library::Wanted;
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use rustc_hash::FxHashMap;
use std::cell::OnceCell;
use std::sync::OnceLock;

/// The tests of one text, by their bits.
pub(crate) struct Class {
    /// The constants of the plan, by bit; none for a class of others.
    pub constants: Vec<usize>,
    /// Tests of which nothing is known: they are open on every text.
    always: Vec<u64>,
    /// Tests that need no literal, but bytes.
    by_bytes: Vec<(usize, Vec<Bytes>)>,
    /// Tests that need literals of several groups, or bytes besides: the bit, the number of groups, the bytes.
    joint: Vec<Joint>,
    literals: Literals,
}

struct Joint {
    bit: usize,
    groups: u32,
    bytes: Vec<Bytes>,
}

/// The literals of a class and what each is good for.
#[derive(Default)]
struct Literals {
    texts: Vec<Box<str>>,
    feeds: Vec<Vec<Feed>>,
    numbers: FxHashMap<Box<str>, usize>,
    automaton: OnceLock<Option<AhoCorasick>>,
}

/// What the occurrence of a literal says.
#[derive(Clone, Copy)]
enum Feed {
    /// The test is true, where nothing folds but ASCII letters.
    Decides(usize),
    /// The test is open.
    Opens(usize),
    /// One group of a joint test.
    Joins(usize, u32),
}

/// Tests of one text that are sooner run than searched for.
const FEW: usize = 3;

/// Bytes of literals up to which the automaton is a table of all transitions: some 300 bytes for each of them.
const MAX_DFA: usize = 6_000;

/// Groups of one clue that are looked at.
const MAX_GROUPS: usize = 32;

/// What is known of a text after its search, in two words for each 64 tests: which are open, which are true.
pub(crate) struct Answers<'a> {
    pub open: &'a mut [u64],
    pub yes: &'a mut [u64],
}

/// What a search needs besides the text, used again for the next.
#[derive(Default)]
pub(crate) struct Scratch {
    /// Literals that occurred.
    seen: Vec<u64>,
    touched: Vec<usize>,
    /// The groups of joint tests that occurred.
    groups: Vec<u32>,
    joints: Vec<usize>,
}

impl Class {
    /// The class of these constants of a plan.
    pub fn new(numbers: Vec<usize>, constants: &[Constant]) -> Class {
        let mut class = Class::of(numbers.iter().map(|number| &*constants[*number].wanted));
        class.constants = numbers;
        class
    }

    /// A class of tests that are no constants of a plan.
    pub fn of<'w>(tests: impl ExactSizeIterator<Item = &'w dyn Wanted>) -> Class {
        let words = tests.len().div_ceil(64);
        let mut class =
            Class { constants: Vec::new(), always: vec![0; words], by_bytes: Vec::new(), joint: Vec::new(), literals: Literals::default() };
        let few = tests.len() <= FEW;
        for (bit, wanted) in tests.enumerate() {
            if few {
                class.always[bit / 64] |= 1 << (bit % 64);
                continue;
            }
            let Clue { mut groups, bytes } = wanted.clue();
            groups.truncate(MAX_GROUPS);
            match groups.as_slice() {
                [] if bytes.is_empty() => class.always[bit / 64] |= 1 << (bit % 64),
                [] => class.by_bytes.push((bit, bytes)),
                [group] if bytes.is_empty() => {
                    let feed = if wanted.is_its_clue() { Feed::Decides(bit) } else { Feed::Opens(bit) };
                    class.literals.add(group, feed);
                }
                groups => {
                    let joint = class.joint.len();
                    for (idx, group) in groups.iter().enumerate() {
                        class.literals.add(group, Feed::Joins(joint, 1 << idx));
                    }
                    class.joint.push(Joint { bit, groups: u32::MAX >> (32 - groups.len()), bytes });
                }
            }
        }
        class
    }

    /// The tests of a word that are open on every text.
    pub fn always_open(&self, word: usize) -> u64 {
        self.always[word]
    }

    /// Words of one half of the answers.
    pub fn words(&self) -> usize {
        self.always.len()
    }

    /// Searches `text`. `answers` is all zero.
    pub fn search(&self, text: &str, scratch: &mut Scratch, answers: &mut Answers<'_>) {
        answers.open.copy_from_slice(&self.always);
        let bytes = OnceCell::new();
        let meets =
            |needed: &[Bytes]| needed.is_empty() || needed.iter().all(|needed| needed.meets(*bytes.get_or_init(|| Bytes::of(text))));
        for (bit, needed) in &self.by_bytes {
            if meets(needed) {
                set(answers.open, *bit);
            }
        }
        if self.literals.texts.is_empty() {
            return;
        }
        let Some(automaton) = self.literals.automaton() else {
            // So many literals that no automaton holds them: every test runs.
            (0..self.words() * 64).for_each(|bit| set(answers.open, bit));
            return;
        };
        let plain = searched(text);
        let exact = matches!(plain, std::borrow::Cow::Borrowed(_));
        scratch.seen.resize(self.literals.texts.len().div_ceil(64).max(scratch.seen.len()), 0);
        scratch.groups.resize(self.joint.len().max(scratch.groups.len()), 0);
        for found in automaton.find_overlapping_iter(&*plain) {
            let literal = found.pattern().as_usize();
            if scratch.seen[literal / 64] & 1 << (literal % 64) != 0 {
                continue;
            }
            set(&mut scratch.seen, literal);
            scratch.touched.push(literal / 64);
            for feed in &self.literals.feeds[literal] {
                match *feed {
                    Feed::Decides(bit) if exact => set(answers.yes, bit),
                    Feed::Decides(bit) | Feed::Opens(bit) => set(answers.open, bit),
                    Feed::Joins(joint, group) => {
                        if scratch.groups[joint] == 0 {
                            scratch.joints.push(joint);
                        }
                        scratch.groups[joint] |= group;
                    }
                }
            }
        }
        for word in scratch.touched.drain(..) {
            scratch.seen[word] = 0;
        }
        for joint in scratch.joints.drain(..) {
            let Joint { bit, groups, bytes: needed } = &self.joint[joint];
            if std::mem::take(&mut scratch.groups[joint]) == *groups && meets(needed) {
                set(answers.open, *bit);
            }
        }
    }
}

impl Literals {
    fn add(&mut self, group: &[Box<str>], feed: Feed) {
        for literal in group {
            let number = *self.numbers.entry(literal.clone()).or_insert_with(|| {
                self.texts.push(literal.clone());
                self.feeds.push(Vec::new());
                self.texts.len() - 1
            });
            self.feeds[number].push(feed);
        }
    }

    /// Made when a text is first searched; `None` when the literals are too many for one.
    fn automaton(&self) -> Option<&AhoCorasick> {
        let make = || {
            let mut builder = AhoCorasick::builder();
            let size: usize = self.texts.iter().map(|text| text.len()).sum();
            let kind = if size <= MAX_DFA { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
            builder.ascii_case_insensitive(true).match_kind(MatchKind::Standard).kind(Some(kind));
            builder.build(self.texts.iter().map(|text| text.as_bytes())).ok()
        };
        self.automaton.get_or_init(make).as_ref()
    }
}

fn set(words: &mut [u64], bit: usize) {
    words[bit / 64] |= 1 << (bit % 64);
}
