//! The plain evaluator and the compiled rules say the same: all rules of the public feed on a sample of the corpus, and the language vectors.

use super::vectors::{MESSAGE, same};
use super::{Outcome, files};
use anyhow::{Context, Result};
use mailhound_engine::{Builder, Decision, Explainer, Match, Report, RuleSet, Settings, Walked};
use mailhound_value::{Limits, to_json};
use serde_json::Value;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Of the messages of the corpus in the order of their paths every so many-th is walked.
const STEP: usize = 40;

/// Messages that are walked, rules that each meets, and decisions other than "no match" among all of them.
const MESSAGES: usize = 100;
const RULES: usize = 1_561;
const FOUND: usize = 6_400;

/// Folders of the feed.
pub const FEED: [&str; 4] = ["detection-rules", "insights", "dlp-discovery-rules", "discovery-rules"];

/// Language vectors with a value.
const VECTORS: usize = 586;

/// Generated rules and the messages that they meet.
const GENERATED: (usize, usize) = (400, 50);

/// Runs the checks.
pub fn check(shared: &Path) -> Result<Vec<Outcome>> {
    Ok(vec![feed(shared)?, generated(shared)?, vectors(shared)?])
}

/// Budgets of work that nothing reaches: what rules share costs the plan less, so that the two end at different places.
pub fn settings() -> Settings {
    let far = usize::MAX;
    Settings { limits: Limits { eval_steps: far, eval_work: far, eval_total: far, ..Limits::default() }, ..Settings::default() }
}

/// All rules of the feed: detection, insights, DLP and discovery.
pub fn feed_rules(shared: &Path) -> Result<RuleSet> {
    let mut builder = Builder::new(settings());
    for path in FEED.iter().flat_map(|folder| files(&shared.join("corpus/rules/sublime").join(folder))) {
        if path.extension().is_some_and(|it| it == "yml") {
            builder.add_mql(&path.display().to_string(), &std::fs::read_to_string(&path)?);
        }
    }
    Ok(builder.build())
}

/// The messages of the corpus in the order of their paths.
pub fn messages(shared: &Path) -> Vec<PathBuf> {
    let mail = |path: &Path| !path.extension().is_some_and(|it| it == "md" || it == "tsv") && !path.to_string_lossy().contains("LICENSE");
    files(&shared.join("corpus/eml")).into_iter().filter(|path| mail(path)).collect()
}

fn feed(shared: &Path) -> Result<Outcome> {
    let rules = feed_rules(shared)?;
    let explainer = rules.explainer(|rule| rule.active);
    let (mut count, mut found, mut wrong) = (0, 0, Vec::new());
    for path in messages(shared).iter().step_by(STEP) {
        count += 1;
        found += compare(&rules, &explainer, &path.display().to_string(), &std::fs::read(path)?, &mut wrong);
    }
    let line = format!("{} rules on {count} messages walk as they run, {found} decisions that are not \"no match\"", explainer.count());
    if count < MESSAGES || explainer.count() < RULES || found < FOUND {
        wrong.push(format!("less than {MESSAGES} messages, {RULES} rules and {FOUND} decisions"));
    }
    Ok(Outcome::of(line, wrong))
}

/// Rules made of pieces of the feed.
fn generated(shared: &Path) -> Result<Outcome> {
    let rules = super::generated::rules(shared, 0x5EED_0001, GENERATED.0)?;
    let (count, explainer) = (rules.rules().len(), rules.explainer(|_| true));
    let messages = messages(shared);
    let (mut found, mut wrong) = (0, Vec::new());
    for path in messages.iter().step_by(messages.len() / GENERATED.1) {
        found += compare(&rules, &explainer, &path.display().to_string(), &std::fs::read(path)?, &mut wrong);
    }
    if count * 100 < GENERATED.0 * 95 || found < count {
        wrong.push(format!("{count} of {} generated rules compile, {found} decisions", GENERATED.0));
    }
    Ok(Outcome::of(format!("{count} generated rules on {} messages walk as they run, {found} decisions", GENERATED.1), wrong))
}

/// Compares all rules on one message; gives the number of decisions that are not "no match".
pub fn compare(rules: &RuleSet, explainer: &Explainer<'_>, source: &str, bytes: &[u8], wrong: &mut Vec<String>) -> usize {
    let report = rules.inspect(source, bytes);
    let run = decisions(&report);
    for Walked { rule, decision } in explainer.walk(&rules.parse(bytes)) {
        let expected = run.get(rule.path.as_str()).unwrap_or(&Decision::NoMatch);
        if decision != *expected {
            wrong.push(format!("{} on {source}: walked {decision:?}, run {expected:?}", rule.path));
        }
    }
    run.len()
}

/// What a report says of each rule that it names, by the path of the rule.
fn decisions(report: &Report) -> HashMap<&str, Decision> {
    let matches = report.matches.iter().filter_map(|it| match it {
        Match::Mql { rule, value, .. } => Some((rule.path.as_str(), Decision::Match(value.clone()))),
        Match::Yara { .. } => None,
    });
    let excluded = report.excluded_by.iter().map(|rule| (rule.path.as_str(), Decision::Match(None)));
    let open = report.undetermined.iter().map(|it| (it.rule.path.as_str(), Decision::Undetermined(it.needs.clone())));
    matches.chain(excluded).chain(open).collect()
}

/// The vectors that have a value, walked.
fn vectors(shared: &Path) -> Result<Outcome> {
    let rules = Builder::new(Settings::default()).build();
    let message = rules.parse(MESSAGE);
    let (mut held, mut wrong) = (0, Vec::new());
    for line in std::fs::read_to_string(shared.join("reference/mql-examples.jsonl"))?.lines() {
        let vector: Value = serde_json::from_str(line)?;
        if vector.get("error").is_some() {
            continue;
        }
        let expr = vector["expr"].as_str().context("a vector without an expression")?;
        let mut gaps = Vec::new();
        match rules.walk(expr, &message, |value| to_json(value, &mut gaps)) {
            Ok(value) if same(&value, &vector["expect"]) && gaps.is_empty() => held += 1,
            Ok(value) => wrong.push(format!("{expr}: {value}, expected {}", vector["expect"])),
            Err(_) => wrong.push(format!("{expr}: does not compile")),
        }
    }
    if held < VECTORS {
        wrong.push(format!("less than {VECTORS} vectors"));
    }
    Ok(Outcome::of(format!("{held} language vectors hold when they are walked"), wrong))
}
