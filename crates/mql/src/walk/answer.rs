//! What a boolean expression can be under unavailability (decisions.md), said plainly: each operator is tried on each combination of outcomes.

use mailhound_value::{Eval, Unavailable, Value};
use std::collections::BTreeSet;

/// One value of a boolean expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)] // the three values of the language
pub enum Outcome {
    True,
    False,
    Null,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Outcome; 3] = [Outcome::True, Outcome::False, Outcome::Null];

    /// The word for it.
    pub fn text(self) -> &'static str {
        match self {
            Outcome::True => "true",
            Outcome::False => "false",
            Outcome::Null => "null",
        }
    }

    fn negated(self) -> Outcome {
        match self {
            Outcome::True => Outcome::False,
            Outcome::False => Outcome::True,
            Outcome::Null => Outcome::Null,
        }
    }

    /// The observed table of `and`.
    fn and(self, other: Outcome) -> Outcome {
        match (self, other) {
            (Outcome::False, _) | (_, Outcome::False) => Outcome::False,
            (Outcome::Null, _) | (_, Outcome::Null) => Outcome::Null,
            _ => Outcome::True,
        }
    }

    /// The observed table of `or`.
    fn or(self, other: Outcome) -> Outcome {
        match (self, other) {
            (Outcome::True, _) | (_, Outcome::True) => Outcome::True,
            (Outcome::Null, _) | (_, Outcome::Null) => Outcome::Null,
            _ => Outcome::False,
        }
    }
}

/// The outcomes that remain possible, at least one, and what would narrow them down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// One entry for each of [`Outcome::ALL`].
    possible: [bool; 3],
    /// Present exactly when several outcomes remain.
    missing: Option<Unavailable>,
}

impl Answer {
    /// A known outcome; `None` is null.
    pub fn known(value: Option<bool>) -> Answer {
        Answer::only(match value {
            Some(true) => Outcome::True,
            Some(false) => Outcome::False,
            None => Outcome::Null,
        })
    }

    fn only(outcome: Outcome) -> Answer {
        Answer { possible: Outcome::ALL.map(|it| it == outcome), missing: None }
    }

    /// Nothing is known.
    pub fn unavailable(missing: Unavailable) -> Answer {
        Answer { possible: [true; 3], missing: Some(missing) }
    }

    /// The answer that a boolean value is.
    pub fn of(value: Eval<'_>) -> Answer {
        match value {
            Ok(Value::Bool(it)) => Answer::known(Some(it)),
            Ok(_) => Answer::known(None),
            Err(missing) => Answer::unavailable(missing),
        }
    }

    /// As a value: the outcome when one remains, unavailable when several do.
    pub fn value<'m>(&self) -> Eval<'m> {
        match (&self.missing, self.outcome()) {
            (None, Some(Outcome::True)) => Ok(Value::Bool(true)),
            (None, Some(Outcome::False)) => Ok(Value::Bool(false)),
            (None, _) => Ok(Value::Null),
            (Some(missing), _) => Err(missing.clone()),
        }
    }

    /// The possible outcomes.
    pub fn possible(&self) -> impl Iterator<Item = Outcome> + '_ {
        Outcome::ALL.into_iter().zip(self.possible).filter_map(|(outcome, is_possible)| is_possible.then_some(outcome))
    }

    /// Can it be this?
    pub fn may_be(&self, outcome: Outcome) -> bool {
        self.possible().any(|it| it == outcome)
    }

    /// The outcome, when one remains.
    pub fn outcome(&self) -> Option<Outcome> {
        let mut possible = self.possible();
        possible.next().filter(|_| possible.next().is_none())
    }

    /// Is it surely this?
    pub fn is(&self, outcome: Outcome) -> bool {
        self.outcome() == Some(outcome)
    }

    /// What would narrow the outcomes down; `None` when one remains.
    pub fn missing(&self) -> Option<&Unavailable> {
        self.missing.as_ref()
    }

    /// The opposite outcomes.
    #[must_use]
    pub fn negated(&self) -> Answer {
        collect(self.possible().map(Outcome::negated), self.missing.clone())
    }

    /// The same or this outcome, as it is decided by `doubt`.
    fn or_perhaps(self, outcome: Outcome, doubt: &Unavailable) -> Answer {
        let missing = union(self.missing.as_ref(), Some(doubt));
        collect(self.possible().chain([outcome]), missing)
    }
}

/// The answer of these outcomes; what is missing counts only where several remain.
fn collect(outcomes: impl Iterator<Item = Outcome>, missing: Option<Unavailable>) -> Answer {
    let outcomes: BTreeSet<Outcome> = outcomes.collect();
    let missing = missing.filter(|_| outcomes.len() > 1);
    Answer { possible: Outcome::ALL.map(|it| outcomes.contains(&it)), missing }
}

fn union(a: Option<&Unavailable>, b: Option<&Unavailable>) -> Option<Unavailable> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.and(b)),
        (a, b) => a.or(b).cloned(),
    }
}

/// Operands of `and`, or of `or`, one after the other. The needs are the union over all operands that leave several outcomes.
pub(super) struct Join {
    so_far: BTreeSet<Outcome>,
    missing: Option<Unavailable>,
    table: fn(Outcome, Outcome) -> Outcome,
    /// What decides it, and what it is without operands.
    decisive: Outcome,
    empty: Outcome,
}

impl Join {
    /// For `and` and `all`.
    pub fn and() -> Join {
        Join { so_far: BTreeSet::from([Outcome::True]), missing: None, table: Outcome::and, decisive: Outcome::False, empty: Outcome::True }
    }

    /// For `or`, `any` and membership.
    pub fn or() -> Join {
        Join { so_far: BTreeSet::from([Outcome::False]), missing: None, table: Outcome::or, decisive: Outcome::True, empty: Outcome::False }
    }

    /// Adds an operand.
    pub fn add(&mut self, operand: &Answer) {
        self.so_far = self.so_far.iter().flat_map(|a| operand.possible().map(|b| (self.table)(*a, b))).collect();
        self.missing = union(self.missing.as_ref(), operand.missing());
    }

    /// Adds the answer for an item of a list; an item that exists only perhaps counts as what the whole is without it, too.
    pub fn add_item(&mut self, operand: Answer, doubt: Option<&Unavailable>) {
        match doubt {
            Some(doubt) => self.add(&operand.or_perhaps(self.empty, doubt)),
            None => self.add(&operand),
        }
    }

    /// What was decided, when no further operand can change it.
    pub fn decided(&self) -> Option<Outcome> {
        (self.so_far.len() == 1 && self.so_far.contains(&self.decisive)).then_some(self.decisive)
    }

    /// The answer of all operands.
    pub fn finish(self) -> Answer {
        collect(self.so_far.into_iter(), self.missing)
    }
}

/// `count of (…)`: true when the true clauses reach the count, else null when a clause is null, else false (mql-observed.md).
pub(super) fn count_of(count: usize, clauses: &[Answer]) -> Answer {
    // Every way the clauses can come out, as the number of true ones (no more than the count matters) and whether one is null.
    let mut ways = BTreeSet::from([(0, false)]);
    for clause in clauses {
        let next = ways.iter().flat_map(|(trues, has_null)| {
            clause.possible().map(move |outcome| match outcome {
                Outcome::True => (count.min(trues + 1), *has_null),
                Outcome::False => (*trues, *has_null),
                Outcome::Null => (*trues, true),
            })
        });
        ways = next.collect();
    }
    let outcome = |(trues, has_null): (usize, bool)| match has_null {
        _ if trues >= count => Outcome::True,
        true => Outcome::Null,
        false => Outcome::False,
    };
    let missing = clauses.iter().fold(None, |all, clause| union(all.as_ref(), clause.missing()));
    collect(ways.into_iter().map(outcome), missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ocr() -> Answer {
        Answer::unavailable(Unavailable::capability("ocr"))
    }

    fn join(mut join: Join, operands: &[Answer]) -> Answer {
        for operand in operands {
            join.add(operand);
        }
        join.finish()
    }

    fn texts(answer: &Answer) -> Vec<&'static str> {
        answer.possible().map(Outcome::text).collect()
    }

    #[test]
    fn null_and_unavailable_cannot_match() {
        let both = join(Join::and(), &[Answer::known(None), ocr()]);
        assert_eq!(texts(&both), ["false", "null"]);
        assert_eq!(both.missing(), Some(&Unavailable::capability("ocr")));
    }

    #[test]
    fn what_decides_absorbs_what_is_unavailable() {
        let decided = join(Join::or(), &[ocr(), Answer::known(Some(true))]);
        assert_eq!((texts(&decided), decided.missing()), (vec!["true"], None));
    }

    #[test]
    fn needs_of_an_operand_that_became_irrelevant_alone_stay_in_the_union() {
        let open = join(Join::or(), &[Answer::known(None), ocr()]); // null or true
        let links = Answer::unavailable(Unavailable::capability("links"));
        let all = join(Join::and(), &[open, Answer::known(None), links]);
        assert_eq!(all.missing().map(ToString::to_string), Some("links, ocr".to_owned()));
    }

    #[test]
    fn an_unmet_threshold_with_a_null_clause_is_null() {
        let (yes, no, null) = (Answer::known(Some(true)), Answer::known(Some(false)), Answer::known(None));
        assert_eq!(texts(&count_of(2, &[null.clone(), no.clone(), no.clone()])), ["null"]);
        assert_eq!(texts(&count_of(1, &[null.clone(), yes.clone()])), ["true"]);
        assert_eq!(texts(&count_of(2, &[yes.clone(), no.clone()])), ["false"]);
        assert_eq!(texts(&count_of(2, &[yes, no, ocr()])), ["true", "false", "null"]);
    }
}
