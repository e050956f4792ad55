//! Three-valued logic under unavailability: a boolean expression yields the set of outcomes that remain possible (decisions.md).

use mailhound_value::{Eval, Unavailable, Value};

/// The outcomes out of true, false and null that remain possible, and what would narrow them down.
#[derive(Clone, Debug, PartialEq)]
pub struct Truth {
    outcomes: Outcomes,
    /// Present exactly when several outcomes remain.
    missing: Option<Unavailable>,
}

/// A set of outcomes, one bit each.
type Outcomes = u8;

const TRUE: Outcomes = 1;
const FALSE: Outcomes = 2;
const NULL: Outcomes = 4;
/// In a code: several outcomes remain.
const UNDETERMINED: u8 = 8;
const SINGLES: [Outcomes; 3] = [TRUE, FALSE, NULL];

impl Truth {
    /// A known outcome; `None` is null.
    pub fn known(value: Option<bool>) -> Truth {
        let outcomes = match value {
            Some(true) => TRUE,
            Some(false) => FALSE,
            None => NULL,
        };
        Truth { outcomes, missing: None }
    }

    /// Nothing is known.
    pub fn unavailable(missing: Unavailable) -> Truth {
        Truth { outcomes: TRUE | FALSE | NULL, missing: Some(missing) }
    }

    /// The truth of a boolean value.
    pub fn of(value: Eval<'_>) -> Truth {
        match value {
            Ok(Value::Bool(it)) => Truth::known(Some(it)),
            Ok(_) => Truth::known(None),
            Err(missing) => Truth::unavailable(missing),
        }
    }

    /// As a value: the outcome when one remains, unavailable when several do.
    pub fn value<'m>(self) -> Eval<'m> {
        match self.missing {
            Some(missing) => Err(missing),
            None if self.outcomes == TRUE => Ok(Value::Bool(true)),
            None if self.outcomes == FALSE => Ok(Value::Bool(false)),
            None => Ok(Value::Null),
        }
    }

    /// True when only true remains.
    pub fn is_true(&self) -> bool {
        self.outcomes == TRUE
    }

    /// True when only false remains.
    pub fn is_false(&self) -> bool {
        self.outcomes == FALSE
    }

    /// True while true is possible.
    pub fn may_be_true(&self) -> bool {
        self.outcomes & TRUE != 0
    }

    /// What would narrow the outcomes down; `None` when one remains.
    pub fn missing(&self) -> Option<&Unavailable> {
        self.missing.as_ref()
    }

    /// The truth as one byte, without what it lacks; never 0.
    pub(crate) fn code(&self) -> u8 {
        self.outcomes | if self.missing.is_some() { UNDETERMINED } else { 0 }
    }

    /// The truth of a code that is not 0.
    pub(crate) fn from_code(code: u8, missing: impl FnOnce() -> Option<Unavailable>) -> Truth {
        Truth { outcomes: code & !UNDETERMINED, missing: if code & UNDETERMINED == 0 { None } else { missing() } }
    }

    /// The same for an item that may not exist: what it would be without it (`false` for `any`, `true` for `all`) remains possible too.
    #[must_use]
    fn or_absent(self, absent: Outcomes, doubt: Option<&Unavailable>) -> Truth {
        let Some(doubt) = doubt else { return self };
        let outcomes = self.outcomes | absent;
        let missing = match self.missing {
            _ if SINGLES.contains(&outcomes) => None,
            Some(missing) => Some(missing.and(doubt)),
            None => Some(doubt.clone()),
        };
        Truth { outcomes, missing }
    }
}

impl std::ops::Not for Truth {
    type Output = Truth;

    /// The opposite outcomes.
    fn not(self) -> Truth {
        let swapped = (self.outcomes & NULL) | (self.outcomes & TRUE) << 1 | (self.outcomes & FALSE) >> 1;
        Truth { outcomes: swapped, missing: self.missing }
    }
}

/// Collects operands of `and` or `or`, of `all` or `any`.
pub struct Fold {
    outcomes: Outcomes,
    missing: Option<Unavailable>,
    table: &'static [[Outcomes; 8]; 8],
    decided: Outcomes,
    absent: Outcomes,
}

impl Fold {
    /// For `and` and `all`.
    pub fn and() -> Fold {
        Fold { outcomes: TRUE, missing: None, table: &AND, decided: FALSE, absent: TRUE }
    }

    /// For `or` and `any`.
    pub fn or() -> Fold {
        Fold { outcomes: FALSE, missing: None, table: &OR, decided: TRUE, absent: FALSE }
    }

    /// Adds an operand. Returns true when no further operand can change the outcome.
    pub fn add(&mut self, operand: Truth) -> bool {
        self.outcomes = self.table[usize::from(self.outcomes)][usize::from(operand.outcomes)];
        self.missing = match (self.missing.take(), operand.missing) {
            (Some(before), Some(now)) => Some(before.and(&now)),
            (before, now) => before.or(now),
        };
        self.outcomes == self.decided
    }

    /// Adds an operand that exists only perhaps.
    pub fn add_item(&mut self, operand: Truth, doubt: Option<&Unavailable>) -> bool {
        let operand = operand.or_absent(self.absent, doubt);
        self.add(operand)
    }

    /// The outcome of all operands.
    pub fn finish(self) -> Truth {
        let missing = if SINGLES.contains(&self.outcomes) { None } else { self.missing };
        Truth { outcomes: self.outcomes, missing }
    }
}

/// `count of (clauses)`: true when the true clauses reach the count; else null when a clause is null; else false.
pub fn count_of(count: usize, clauses: impl Iterator<Item = Truth>) -> Truth {
    let (mut surely_true, mut maybe_true, mut forced_true, mut all_can_avoid_null, mut some_null) = (0, 0, 0, true, false);
    let mut missing: Option<Unavailable> = None;
    for clause in clauses {
        let may = |outcome| clause.outcomes & outcome != 0;
        surely_true += usize::from(clause.is_true());
        maybe_true += usize::from(may(TRUE));
        forced_true += usize::from(may(TRUE) && !may(FALSE));
        all_can_avoid_null &= clause.outcomes != NULL;
        some_null |= may(NULL);
        missing = match (missing, clause.missing) {
            (Some(before), Some(now)) => Some(before.and(&now)),
            (before, now) => before.or(now),
        };
        if surely_true >= count {
            return Truth::known(Some(true));
        }
    }
    let mut outcomes = 0;
    if maybe_true >= count {
        outcomes |= TRUE;
    }
    if some_null {
        outcomes |= NULL;
    }
    if all_can_avoid_null && forced_true < count {
        outcomes |= FALSE;
    }
    Truth { outcomes, missing: if SINGLES.contains(&outcomes) { None } else { missing } }
}

static AND: [[Outcomes; 8]; 8] = table(FALSE, TRUE);
static OR: [[Outcomes; 8]; 8] = table(TRUE, FALSE);

/// The Kleene table of an operator that `strong` decides and `weak` leaves open, lifted to sets outcome by outcome.
const fn table(strong: Outcomes, weak: Outcomes) -> [[Outcomes; 8]; 8] {
    let mut table = [[0; 8]; 8];
    let mut a = 0;
    while a < 8 {
        let mut b = 0;
        while b < 8 {
            let (mut i, mut set) = (0, 0);
            while i < 9 {
                let (left, right) = (SINGLES[i / 3], SINGLES[i % 3]);
                if left & a as u8 != 0 && right & b as u8 != 0 {
                    set |= if left == strong || right == strong {
                        strong
                    } else if left == NULL || right == NULL {
                        NULL
                    } else {
                        weak
                    };
                }
                i += 1;
            }
            table[a][b] = set;
            b += 1;
        }
        a += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ocr() -> Truth {
        Truth::unavailable(Unavailable::capability("ocr"))
    }

    fn fold(mut fold: Fold, operands: &[Truth]) -> Truth {
        for operand in operands {
            fold.add(operand.clone());
        }
        fold.finish()
    }

    #[test]
    fn null_and_unavailable_cannot_match() {
        let both = fold(Fold::and(), &[Truth::known(None), ocr()]);
        assert_eq!(both.outcomes, NULL | FALSE);
        assert!(!both.may_be_true());
        assert!(both.missing().is_some());
    }

    #[test]
    fn what_decides_absorbs_what_is_unavailable() {
        assert!(fold(Fold::or(), &[ocr(), Truth::known(Some(true))]).is_true());
        assert!(fold(Fold::and(), &[ocr(), Truth::known(Some(false))]).is_false());
        assert_eq!(fold(Fold::or(), &[ocr(), Truth::known(Some(true))]).missing(), None);
    }

    #[test]
    fn folding_is_independent_of_order() {
        let doubt = Unavailable::capability("pdf");
        let values = [Truth::known(Some(true)), Truth::known(Some(false)), Truth::known(None), ocr()];
        let values = values.iter().cloned().chain([Truth::known(Some(true)).or_absent(FALSE, Some(&doubt))]);
        let values: Vec<_> = values.chain([Truth::known(None).or_absent(TRUE, Some(&doubt))]).collect();
        for a in &values {
            for b in &values {
                for c in &values {
                    for make in [Fold::and, Fold::or] {
                        let expected = fold(make(), &[a.clone(), b.clone(), c.clone()]);
                        assert_eq!(fold(make(), &[c.clone(), b.clone(), a.clone()]), expected);
                        assert_eq!(fold(make(), &[b.clone(), a.clone(), c.clone()]), expected);
                    }
                }
            }
        }
    }

    /// All assignments of the clauses, counted by hand.
    fn brute_force(count: usize, clauses: &[Truth]) -> Outcomes {
        let mut set = 0;
        for mut code in 0..3usize.pow(clauses.len() as u32) {
            let (mut trues, mut nulls, mut possible) = (0, 0, true);
            for clause in clauses {
                let outcome = SINGLES[code % 3];
                code /= 3;
                possible &= clause.outcomes & outcome != 0;
                trues += usize::from(outcome == TRUE);
                nulls += usize::from(outcome == NULL);
            }
            if possible {
                set |= if trues >= count {
                    TRUE
                } else if nulls > 0 {
                    NULL
                } else {
                    FALSE
                };
            }
        }
        set
    }

    #[test]
    fn count_of_equals_trying_all_assignments() {
        let sets: Vec<Truth> = (1..8)
            .map(|outcomes| Truth { outcomes, missing: (!SINGLES.contains(&outcomes)).then(|| Unavailable::capability("ocr")) })
            .collect();
        for a in &sets {
            for b in &sets {
                for c in &sets {
                    for count in 1..=3 {
                        let clauses = [a.clone(), b.clone(), c.clone()];
                        let got = count_of(count, clauses.iter().cloned());
                        assert_eq!(got.outcomes, brute_force(count, &clauses), "{count} of {clauses:?}");
                        assert_eq!(got.missing.is_some(), !SINGLES.contains(&got.outcomes));
                    }
                }
            }
        }
    }
}
