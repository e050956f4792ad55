//! The public feed: every source parses, survives formatting, compiles.

use super::{Outcome, files, peak_mib};
use anyhow::Result;
use mailhound_engine::{Builder, Rewritten, RuleType, Settings, rewrite};
use mailhound_mql::{format, parse};
use std::path::Path;
use std::time::{Duration, Instant};

/// YAML files of the feed with a `source`.
const SOURCES: usize = 1588;

/// Time in which the whole feed compiles, and memory that it takes.
const MAX_TIME: Duration = Duration::from_secs(3);
const MAX_MIB: u64 = 512;

/// Runs the checks.
pub fn check(shared: &Path) -> Result<Vec<Outcome>> {
    let feed = shared.join("corpus/rules/sublime");
    let mut sources = Vec::new();
    for path in files(&feed).into_iter().filter(|path| path.extension().is_some_and(|it| it == "yml")) {
        sources.push((path.display().to_string(), std::fs::read_to_string(&path)?));
    }
    Ok(vec![compile(&sources), round_trip(&sources), seeds(shared)?])
}

fn compile(sources: &[(String, String)]) -> Outcome {
    let mut builder = Builder::new(Settings::default());
    let started = Instant::now();
    let (mut errors, mut warnings) = (Vec::new(), Vec::new());
    for (path, text) in sources {
        let checked = builder.add_mql(path, text);
        let found = checked.findings.iter().map(|it| format!("{path}:{}:{}: {} {}", it.line, it.column, it.code.text(), it.message));
        if checked.is_ok() { warnings.extend(found) } else { errors.extend(found) }
    }
    let rules = builder.build();
    let (elapsed, mib) = (started.elapsed(), peak_mib());
    let compiled = rules.rules().len();
    let holds = compiled == SOURCES && errors.is_empty() && warnings.len() == 2 && elapsed < MAX_TIME && mib < MAX_MIB;
    let line = format!("{compiled} of {SOURCES} compile, {} warnings, {:.2} s, {mib} MiB", warnings.len(), elapsed.as_secs_f64());
    errors.extend(warnings);
    Outcome { line, holds, details: errors }
}

fn round_trip(sources: &[(String, String)]) -> Outcome {
    let (mut parsed, mut same, mut wrong) = (0, 0, Vec::new());
    let mut builder = Builder::new(Settings::default());
    for (path, text) in sources {
        let Some(source) = source_of(path, text) else {
            wrong.push(format!("{path}: no source"));
            continue;
        };
        let tree = parse(&source);
        if !tree.diagnostics.is_empty() {
            wrong.push(format!("{path}: does not parse"));
            continue;
        }
        parsed += 1;
        let formatted = format(&source, &tree);
        let again = parse(&formatted);
        let stable = again.diagnostics.is_empty() && format(&formatted, &again) == formatted;
        let comments = tree.comments.len() == again.comments.len();
        if again.expr.same(&tree.expr) && comments && stable && rewrites(path, text, &mut builder) {
            same += 1;
        } else {
            wrong.push(format!("{path}: changes when it is formatted (comments kept: {comments}, stable: {stable})"));
        }
    }
    Outcome::of(format!("{parsed} of {SOURCES} parse, {same} survive formatting with their comments"), wrong)
}

/// The MQL of a rule file.
fn source_of(path: &str, text: &str) -> Option<String> {
    mailhound_engine::source(path, text)
}

/// The rewritten file still compiles and needs no more rewriting.
fn rewrites(path: &str, text: &str, builder: &mut Builder) -> bool {
    match rewrite(path, text) {
        Rewritten::Unchanged => true,
        Rewritten::Changed(text) => builder.add_mql(path, &text).is_ok() && matches!(rewrite(path, &text), Rewritten::Unchanged),
        Rewritten::Broken(_) => false,
    }
}

fn seeds(shared: &Path) -> Result<Outcome> {
    let mut builder = Builder::new(Settings::default());
    let mut wrong = Vec::new();
    for path in files(&shared.join("seeds")) {
        let name = path.display().to_string();
        match path.extension().and_then(|it| it.to_str()) {
            Some("yml") => wrong.extend(builder.add_mql(&name, &std::fs::read_to_string(&path)?).findings.into_iter().map(|it| it.message)),
            Some("yar") => wrong.extend(builder.add_yara(&name, &std::fs::read(&path)?).into_iter().map(|it| it.problem.message)),
            _ => {}
        }
    }
    let rules = builder.build();
    let kinds = rules.rules().iter().filter(|rule| rule.rule.kind == RuleType::Rule).count();
    let yara = rules.yara().map_or(0, |rules| rules.len());
    if (kinds, yara) != (1, 2) {
        wrong.push(format!("{kinds} MQL and {yara} YARA rules"));
    }
    Ok(Outcome::of("the three seed rules compile".to_owned(), wrong))
}
