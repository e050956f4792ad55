//! Where the time of a scan goes, for people who write rules.

use mailhound_mql::Tally;
use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

/// What was measured over the messages so far. A rule pays for what it is the first to ask; those behind it share the answer.
#[derive(Debug, Default)]
pub struct Profile {
    /// Messages, and the time to read them.
    pub parsing: Cell<Tally>,
    /// For each rule of the set its evaluations.
    pub rules: RefCell<Vec<Tally>>,
    /// What the rules did.
    pub evaluation: mailhound_mql::Profile,
}

impl Profile {
    pub(crate) fn parsed(&self, started: Instant) {
        let mut tally = self.parsing.get();
        tally.add(started);
        self.parsing.set(tally);
    }

    pub(crate) fn rule(&self, idx: usize, started: Instant) {
        let mut rules = self.rules.borrow_mut();
        if rules.len() <= idx {
            rules.resize(idx + 1, Tally::default());
        }
        rules[idx].add(started);
    }

    /// What the time of all messages went into: parsing, the model, searches of texts, functions with tests that had to run, and the rest, which
    /// is the plan.
    pub fn parts(&self) -> [(&'static str, Duration); 5] {
        let evaluation = &self.evaluation;
        let rules: Duration = self.rules.borrow().iter().map(|tally| tally.time).sum();
        let functions: Duration = evaluation.functions.borrow().values().map(|tally| tally.time).sum();
        let (model, search) = (evaluation.model.get().time, evaluation.search.get().time);
        let rest = (rules + evaluation.prefilter.get().time).saturating_sub(functions + model + search);
        [("parsing", self.parsing.get().time), ("model", model), ("search", search), ("functions", functions), ("plan", rest)]
    }

    /// Counts what another profile of the same rule set counted.
    pub fn merge(&self, other: &Profile) {
        let mut parsing = self.parsing.get();
        parsing.merge(other.parsing.get());
        self.parsing.set(parsing);
        let (mut mine, others) = (self.rules.borrow_mut(), other.rules.borrow());
        let longest = mine.len().max(others.len());
        mine.resize(longest, Tally::default());
        mine.iter_mut().zip(others.iter()).for_each(|(mine, others)| mine.merge(*others));
        self.evaluation.merge(&other.evaluation);
    }
}
