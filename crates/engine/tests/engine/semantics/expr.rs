//! Random boolean expressions of known, null and unknown parts, and by brute force what they can be.

use super::Random;
use std::collections::BTreeSet;

/// The three values of a boolean expression; null is `None`.
pub type Logic = Option<bool>;

const VALUES: [Logic; 3] = [Some(true), Some(false), None];

/// Known expressions of each value on the message of these tests.
const TRUE: [&str; 3] = ["type.inbound", "true", "subject.subject == \"Invoice\""];
const FALSE: [&str; 3] = ["type.outbound", "false", "length(body.links) > 3"];
const NULL: [&str; 3] = ["headers.auth_summary.dmarc.pass", "headers.in_reply_to == \"a\"", "strings.contains(null, \"a\")"];

/// Expressions that cannot be known, and what they need.
const UNKNOWN: [(&str, &str); 5] = [
    ("network.whois(sender.email.domain).found", "whois"),
    ("any(ml.nlu_classifier(body.current_thread.text).intents, .name == \"bec\")", "language"),
    ("beta.message_screenshot().size > 9", "render"),
    ("sender.email.domain.domain in $majestic_million", "list majestic_million"),
    ("sender.email.domain.domain in $alexa_1m", "list alexa_1m"),
];

/// A boolean expression.
#[derive(Clone, Debug)]
pub enum Expr {
    Known(Logic, &'static str),
    /// One of [`UNKNOWN`].
    Unknown(usize),
    Not(Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Of(usize, Vec<Expr>),
    /// `any` (or `all`) over a list of simple expressions: `.`, or `.` joined with another expression.
    Loop {
        any: bool,
        items: Vec<Expr>,
        joined: Option<(bool, Box<Expr>)>,
    },
}

impl Expr {
    fn leaf(random: &mut Random) -> Expr {
        match random.below(5) {
            0 => Expr::Known(Some(true), random.pick(&TRUE)),
            1 => Expr::Known(Some(false), random.pick(&FALSE)),
            2 => Expr::Known(None, random.pick(&NULL)),
            _ => Expr::Unknown(random.below(UNKNOWN.len())),
        }
    }

    pub fn random(random: &mut Random, depth: usize) -> Expr {
        if depth == 0 {
            return Expr::leaf(random);
        }
        let some = |random: &mut Random| {
            let count = 2 + random.below(2);
            (0..count).map(|_| Expr::random(random, depth - 1)).collect::<Vec<_>>()
        };
        match random.below(8) {
            0 | 1 => Expr::And(some(random)),
            2 | 3 => Expr::Or(some(random)),
            4 => Expr::Not(Box::new(Expr::random(random, depth - 1))),
            5 => {
                let clauses = some(random);
                Expr::Of(1 + random.below(clauses.len()), clauses)
            }
            6 => {
                let items = (0..1 + random.below(3)).map(|_| Expr::leaf(random)).collect();
                let joined = (random.below(2) == 0).then(|| (random.below(2) == 0, Box::new(Expr::leaf(random))));
                Expr::Loop { any: random.below(2) == 0, items, joined }
            }
            _ => Expr::leaf(random),
        }
    }

    pub fn source(&self) -> String {
        let list = |parts: &[Expr], between: &str| parts.iter().map(Expr::operand).collect::<Vec<_>>().join(between);
        match self {
            Expr::Known(_, source) => (*source).to_owned(),
            Expr::Unknown(idx) => UNKNOWN[*idx].0.to_owned(),
            Expr::Not(inner) => format!("not {}", inner.operand()),
            Expr::And(parts) => list(parts, " and "),
            Expr::Or(parts) => list(parts, " or "),
            Expr::Of(count, clauses) => format!("{count} of ({})", list(clauses, ", ")),
            Expr::Loop { any, items, joined } => {
                let name = if *any { "any" } else { "all" };
                let body = match joined {
                    None => ".".to_owned(),
                    Some((and, with)) => format!(". {} {}", if *and { "and" } else { "or" }, with.operand()),
                };
                format!("{name}([{}], {body})", list(items, ", "))
            }
        }
    }

    fn operand(&self) -> String {
        match self {
            Expr::Known(..) | Expr::Unknown(_) | Expr::Loop { .. } => self.source(),
            _ => format!("({})", self.source()),
        }
    }

    /// The same in `and`, `or`, `not`, `of` alone: a loop is its body for each item.
    pub fn unrolled(&self) -> Expr {
        let all = |parts: &[Expr]| parts.iter().map(Expr::unrolled).collect::<Vec<_>>();
        match self {
            Expr::Known(..) | Expr::Unknown(_) => self.clone(),
            Expr::Not(inner) => Expr::Not(Box::new(inner.unrolled())),
            Expr::And(parts) => Expr::And(all(parts)),
            Expr::Or(parts) => Expr::Or(all(parts)),
            Expr::Of(count, clauses) => Expr::Of(*count, all(clauses)),
            Expr::Loop { any, items, joined } => {
                let body = |item: &Expr| match joined {
                    None => item.clone(),
                    Some((true, with)) => Expr::And(vec![item.clone(), with.unrolled()]),
                    Some((false, with)) => Expr::Or(vec![item.clone(), with.unrolled()]),
                };
                let bodies = items.iter().map(body).collect();
                if *any { Expr::Or(bodies) } else { Expr::And(bodies) }
            }
        }
    }

    /// The number of unknown leaves of an unrolled expression.
    pub fn unknowns(&self) -> usize {
        match self {
            Expr::Unknown(_) => 1,
            Expr::Not(inner) => inner.unknowns(),
            Expr::And(parts) | Expr::Or(parts) | Expr::Of(_, parts) => parts.iter().map(Expr::unknowns).sum(),
            Expr::Known(..) | Expr::Loop { .. } => 0,
        }
    }

    /// The value when the unknown leaves have these values, by the observed tables (mql-observed.md).
    fn value(&self, unknown: &mut impl Iterator<Item = Logic>) -> Logic {
        match self {
            Expr::Known(value, _) => *value,
            Expr::Unknown(_) => unknown.next().flatten(),
            Expr::Not(inner) => inner.value(unknown).map(|it| !it),
            Expr::And(parts) => decided(parts.iter().map(|part| part.value(unknown)).collect(), false),
            Expr::Or(parts) => decided(parts.iter().map(|part| part.value(unknown)).collect(), true),
            Expr::Of(count, clauses) => {
                let values: Vec<Logic> = clauses.iter().map(|clause| clause.value(unknown)).collect();
                let trues = values.iter().filter(|value| **value == Some(true)).count();
                if trues >= *count { Some(true) } else { (!values.contains(&None)).then_some(false) }
            }
            Expr::Loop { .. } => unreachable!("loops are unrolled first"),
        }
    }

    /// All values that an unrolled expression can have.
    pub fn outcomes(&self) -> BTreeSet<Logic> {
        let count = self.unknowns() as u32;
        let values = |code: usize| (0..count).map(move |place| VALUES[code / 3usize.pow(place) % 3]);
        (0..3usize.pow(count)).map(|code| self.value(&mut values(code))).collect()
    }

    /// What it takes to know an unrolled expression: the needs of all operands that leave several outcomes (decisions.md).
    pub fn needs(&self) -> BTreeSet<&'static str> {
        if self.outcomes().len() == 1 {
            return BTreeSet::new();
        }
        match self {
            Expr::Unknown(idx) => BTreeSet::from([UNKNOWN[*idx].1]),
            Expr::Not(inner) => inner.needs(),
            Expr::And(parts) | Expr::Or(parts) | Expr::Of(_, parts) => parts.iter().flat_map(Expr::needs).collect(),
            Expr::Known(..) | Expr::Loop { .. } => BTreeSet::new(),
        }
    }

    /// The same with the operands of every operator in another order.
    pub fn shuffled(&self, random: &mut Random) -> Expr {
        let mut all = |parts: &[Expr]| {
            let mut parts: Vec<Expr> = parts.iter().map(|part| part.shuffled(random)).collect();
            for idx in (1..parts.len()).rev() {
                parts.swap(idx, random.below(idx + 1));
            }
            parts
        };
        match self {
            Expr::Known(..) | Expr::Unknown(_) => self.clone(),
            Expr::Not(inner) => Expr::Not(Box::new(inner.shuffled(random))),
            Expr::And(parts) => Expr::And(all(parts)),
            Expr::Or(parts) => Expr::Or(all(parts)),
            Expr::Of(count, clauses) => Expr::Of(*count, all(clauses)),
            Expr::Loop { any, items, joined } => Expr::Loop { any: *any, items: all(items), joined: joined.clone() },
        }
    }
}

/// `and` (decided by false) or `or` (decided by true) of these values.
fn decided(values: Vec<Logic>, by: bool) -> Logic {
    if values.contains(&Some(by)) { Some(by) } else { (!values.contains(&None)).then_some(!by) }
}
