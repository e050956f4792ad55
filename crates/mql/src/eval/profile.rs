//! Where the time of a run goes.

use rustc_hash::FxHashMap;
use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

/// How often something was done, and how long it took in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Times.
    pub count: u64,
    /// Time in all.
    pub time: Duration,
}

impl Tally {
    /// Counts one that began at `started` and ends now.
    pub fn add(&mut self, started: Instant) {
        self.count += 1;
        self.time += started.elapsed();
    }

    /// Counts what another tally counted.
    pub fn merge(&mut self, other: Tally) {
        self.count += other.count;
        self.time += other.time;
    }
}

/// Where the time of the evaluation goes. To measure costs time itself, so that the whole takes longer than without.
#[derive(Debug, Default)]
pub struct Profile {
    /// Rules that were asked whether they match.
    pub rules: Cell<u64>,
    /// Those that could not, by what occurs in the message.
    pub ruled_out: Cell<u64>,
    /// Looking for what rules need, with the searches and the reading that this takes.
    pub prefilter: Cell<Tally>,
    /// Reading fields of the model, with what is computed for it then.
    pub model: Cell<Tally>,
    /// Searches of texts for everything that is tested.
    pub search: Cell<Tally>,
    /// For each function its calls; for a test of a text, those that had to run.
    pub functions: RefCell<FxHashMap<&'static str, Tally>>,
    /// For each constant of the plan ([`crate::Plan::constant`]) the texts on which it had to run.
    pub constants: RefCell<Vec<Tally>>,
    /// Tests of texts that were asked for.
    pub asked: Cell<u64>,
    /// Tests of which the search alone knew the answer.
    pub answered: Cell<u64>,
}

impl Profile {
    /// Counts the call of a function that began at `started`.
    pub(super) fn function(&self, name: &'static str, started: Instant) {
        self.functions.borrow_mut().entry(name).or_default().add(started);
    }

    /// Counts a run of a constant that began at `started`.
    pub(super) fn constant(&self, number: usize, name: &'static str, started: Instant) {
        self.function(name, started);
        let mut constants = self.constants.borrow_mut();
        if constants.len() <= number {
            constants.resize(number + 1, Tally::default());
        }
        constants[number].add(started);
    }

    /// Counts what another profile of the same plan counted.
    pub fn merge(&self, other: &Profile) {
        for (mine, others) in [(&self.model, &other.model), (&self.search, &other.search), (&self.prefilter, &other.prefilter)] {
            mine.set(merged(mine.get(), others.get()));
        }
        for (name, tally) in other.functions.borrow().iter() {
            self.functions.borrow_mut().entry(name).or_default().merge(*tally);
        }
        let (mut mine, others) = (self.constants.borrow_mut(), other.constants.borrow());
        let longest = mine.len().max(others.len());
        mine.resize(longest, Tally::default());
        mine.iter_mut().zip(others.iter()).for_each(|(mine, others)| mine.merge(*others));
        for (mine, others) in [
            (&self.asked, &other.asked),
            (&self.answered, &other.answered),
            (&self.rules, &other.rules),
            (&self.ruled_out, &other.ruled_out),
        ] {
            mine.set(mine.get() + others.get());
        }
    }
}

/// Counts one more.
pub(super) fn one_more(cell: &Cell<u64>) {
    cell.set(cell.get() + 1);
}

/// Counts in a cell.
pub(super) fn count(cell: &Cell<Tally>, started: Instant) {
    let mut tally = cell.get();
    tally.add(started);
    cell.set(tally);
}

fn merged(mut one: Tally, other: Tally) -> Tally {
    one.merge(other);
    one
}
