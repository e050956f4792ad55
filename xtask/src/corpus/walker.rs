//! The plain evaluator and the compiled rules say the same: all rules of the public feed on a sample of the corpus, and the language vectors.

use super::vectors::{MESSAGE, same};
use super::{Outcome, files};
use anyhow::{Context, Result};
use mailhound_engine::{Builder, Decision, Explainer, Match, Report, RuleSet, Settings, Walked};
use mailhound_value::to_json;
use serde_json::Value;
use std::collections::HashMap;
use std::path::Path;

/// Of the messages of the corpus in the order of their paths every so many-th is walked.
const STEP: usize = 40;

/// Messages that are walked, rules that each meets, and decisions other than "no match" among all of them.
const MESSAGES: usize = 100;
const RULES: usize = 1_561;
const FOUND: usize = 6_400;

/// Folders of the feed.
const FEED: [&str; 4] = ["detection-rules", "insights", "dlp-discovery-rules", "discovery-rules"];

/// Language vectors with a value.
const VECTORS: usize = 586;

/// Runs the checks.
pub fn check(shared: &Path) -> Result<Vec<Outcome>> {
    let mut builder = Builder::new(Settings::default());
    for path in FEED.iter().flat_map(|folder| files(&shared.join("corpus/rules/sublime").join(folder))) {
        if path.extension().is_some_and(|it| it == "yml") {
            builder.add_mql(&path.display().to_string(), &std::fs::read_to_string(&path)?);
        }
    }
    Ok(vec![feed(shared, &builder.build())?, vectors(shared)?])
}

fn feed(shared: &Path, rules: &RuleSet) -> Result<Outcome> {
    let explainer = rules.explainer(|rule| rule.active);
    let mail = |path: &Path| !path.extension().is_some_and(|it| it == "md" || it == "tsv") && !path.to_string_lossy().contains("LICENSE");
    let messages = files(&shared.join("corpus/eml")).into_iter().filter(|path| mail(path)).step_by(STEP);
    let (mut count, mut found, mut wrong) = (0, 0, Vec::new());
    for path in messages {
        count += 1;
        found += compare(rules, &explainer, &path.display().to_string(), &std::fs::read(&path)?, &mut wrong);
    }
    let line = format!("{} rules on {count} messages walk as they run, {found} decisions that are not \"no match\"", explainer.count());
    if count < MESSAGES || explainer.count() < RULES || found < FOUND {
        wrong.push(format!("less than {MESSAGES} messages, {RULES} rules and {FOUND} decisions"));
    }
    Ok(Outcome::of(line, wrong))
}

/// Compares all rules on one message; gives the number of decisions that are not "no match".
fn compare(rules: &RuleSet, explainer: &Explainer<'_>, source: &str, bytes: &[u8], wrong: &mut Vec<String>) -> usize {
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
