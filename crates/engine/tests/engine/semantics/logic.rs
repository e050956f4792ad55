//! Outcomes equal trying all values of what is unknown, and neither order nor layout changes them.

use super::Random;
use super::expr::{Expr, Logic};
use crate::mail::Mail;
use mailhound_engine::{Builder, Match, Report, RuleType, Settings};
use mailhound_mql::{format, parse};
use std::collections::{BTreeMap, BTreeSet};

/// The message of these tests.
fn mail() -> Vec<u8> {
    Mail::new("Rita <rita@example.net>", "quentin@example.org", "Invoice").plain("Please pay.").bytes()
}

/// What a report says of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Verdict {
    Match,
    NoMatch,
    Undetermined(BTreeSet<String>),
}

impl Verdict {
    /// What is to be said when these outcomes are possible: true and nothing else is a match, without true there is none.
    fn of(outcomes: &BTreeSet<Logic>, needs: BTreeSet<&str>) -> Verdict {
        match (outcomes.contains(&Some(true)), outcomes.len()) {
            (true, 1) => Verdict::Match,
            (true, _) => Verdict::Undetermined(needs.into_iter().map(str::to_owned).collect()),
            (false, _) => Verdict::NoMatch,
        }
    }
}

/// The verdict of each expression, all run as one rule set.
fn verdicts(sources: &[String]) -> Vec<Verdict> {
    let mut builder = Builder::new(Settings::default());
    for (idx, source) in sources.iter().enumerate() {
        let checked = builder.add_mql(&idx.to_string(), &format!("name: n\ntype: rule\nsource: |\n  {source}\n"));
        assert!(checked.is_ok(), "{source}: {:?}", checked.findings);
    }
    let report: Report = builder.build().inspect("test", &mail());
    let mut found: BTreeMap<String, Verdict> = BTreeMap::new();
    for found_match in &report.matches {
        if let Match::Mql { rule, .. } = found_match {
            found.insert(rule.path.clone(), Verdict::Match);
        }
    }
    for rule in report.undetermined {
        found.insert(rule.rule.path, Verdict::Undetermined(rule.needs.into_iter().collect()));
    }
    (0..sources.len()).map(|idx| found.remove(&idx.to_string()).unwrap_or(Verdict::NoMatch)).collect()
}

/// Random expressions whose possible values can all be tried.
fn expressions(seed: u64, count: usize) -> Vec<Expr> {
    let mut random = Random(seed);
    let mut expressions = Vec::new();
    while expressions.len() < count {
        let depth = 1 + random.below(3);
        let expr = Expr::random(&mut random, depth);
        if expr.unrolled().unknowns() <= 7 {
            expressions.push(expr);
        }
    }
    expressions
}

/// Sources of random expressions.
pub fn random_sources(seed: u64, count: usize) -> Vec<String> {
    expressions(seed, count).iter().map(Expr::source).collect()
}

#[test]
fn outcomes_equal_trying_all_values() {
    let expressions = expressions(0x2545_F491_4F6C_DD1D, 3000);
    let sources: Vec<String> = expressions.iter().flat_map(|expr| [expr.source(), Expr::Not(Box::new(expr.clone())).source()]).collect();
    let found = verdicts(&sources);
    for (idx, expr) in expressions.iter().enumerate() {
        let flat = expr.unrolled();
        let outcomes = flat.outcomes();
        let negated = outcomes.iter().map(|it| it.map(|it| !it)).collect();
        assert_eq!(found[2 * idx], Verdict::of(&outcomes, flat.needs()), "{}", sources[2 * idx]);
        assert_eq!(found[2 * idx + 1], Verdict::of(&negated, flat.needs()), "{}", sources[2 * idx + 1]);
    }
    for verdict in [Verdict::Match, Verdict::NoMatch] {
        assert!(found.iter().filter(|it| **it == verdict).count() > 500, "all kinds of outcomes occur");
    }
    assert!(found.iter().filter(|it| matches!(it, Verdict::Undetermined(_))).count() > 500, "all kinds of outcomes occur");
}

#[test]
fn the_order_of_operands_changes_nothing() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let expressions = expressions(0xD1B5_4A32_D192_ED03, 1500);
    let sources: Vec<String> = expressions.iter().map(Expr::source).collect();
    let shuffled: Vec<String> = expressions.iter().map(|expr| expr.shuffled(&mut random).source()).collect();
    for ((source, shuffled), (a, b)) in sources.iter().zip(&shuffled).zip(verdicts(&sources).into_iter().zip(verdicts(&shuffled))) {
        assert_eq!(a, b, "{source}\n{shuffled}");
    }
}

#[test]
fn formatting_keeps_what_a_rule_says() {
    let expressions = expressions(0x0BAD_5EED_0BAD_5EED, 500);
    let sources: Vec<String> = expressions.iter().map(Expr::source).collect();
    let formatted = sources.iter().map(|source| format(source, &parse(source)).trim_end().replace('\n', "\n  "));
    assert_eq!(verdicts(&formatted.collect::<Vec<_>>()), verdicts(&sources));
}

#[test]
fn one_expression_compiles_in_every_type_of_rule() {
    let mut builder = Builder::new(Settings::default());
    for kind in [RuleType::Rule, RuleType::Dlp, RuleType::Query, RuleType::TriageRule, RuleType::Exclusion] {
        assert!(builder.compile("type.inbound and not type.outbound", kind).0.is_some(), "{kind:?}");
    }
}
