//! YARA: the recorded matches of three rule sets over the corpus, and libyara's own test vectors.

use super::{Outcome, files};
use anyhow::{Context, Result};
use mailhound_files::yara::Compiler;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Rows of `expected/matches.tsv`.
const ROWS: usize = 18_329;

/// Vectors that need no module of libyara's test build.
const VECTORS: usize = 282;

/// Runs the checks.
pub fn check(shared: &Path) -> Result<Vec<Outcome>> {
    let corpus = shared.join("corpus");
    Ok(vec![matches(&corpus)?, vectors(&corpus)?])
}

/// The rows of a recorded table, without its heading.
fn rows(corpus: &Path, name: &str) -> Result<Vec<Vec<String>>> {
    let text = std::fs::read_to_string(corpus.join("yara/expected").join(name))?;
    Ok(text.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect()).collect())
}

fn column(row: &[String], idx: usize) -> Result<&str> {
    row.get(idx).map(String::as_str).context("a short row")
}

fn matches(corpus: &Path) -> Result<Outcome> {
    let (mut compiler, mut wrong) = (Compiler::new(), Vec::new());
    for row in rows(corpus, "compile.tsv")? {
        let (file, verdict) = (column(&row, 1)?, column(&row, 3)?);
        let problems = compiler.add(file, &std::fs::read(corpus.join(file))?);
        if problems.is_empty() != (verdict == "ok") {
            wrong.push(format!("{file}: expected {verdict}, {problems:?}"));
        }
    }
    let mut expected: BTreeMap<String, BTreeSet<(String, String)>> = BTreeMap::new();
    for row in rows(corpus, "matches.tsv")? {
        expected.entry(column(&row, 0)?.to_owned()).or_default().insert((column(&row, 2)?.to_owned(), column(&row, 3)?.to_owned()));
    }
    let rules = compiler.build();
    let (mut scanner, mut agree) = (rules.name_scanner(), 0);
    for path in [files(&corpus.join("eml")), files(&corpus.join("files"))].concat() {
        let name = path.strip_prefix(corpus)?.to_string_lossy().into_owned();
        if !is_recorded(&name) {
            continue;
        }
        let found = match scanner.scan(&std::fs::read(&path)?) {
            Ok(found) => found.into_iter().map(|it| (it.path.to_string(), it.rule)).collect(),
            Err(missing) => {
                wrong.push(format!("{name}: {missing}"));
                BTreeSet::new()
            }
        };
        let want = expected.remove(&name).unwrap_or_default();
        agree += want.intersection(&found).count();
        wrong.extend(want.difference(&found).map(|row| format!("{name}: {row:?} is missing")));
        wrong.extend(found.difference(&want).map(|row| format!("{name}: {row:?} is not recorded")));
    }
    wrong.extend(expected.keys().map(|name| format!("{name}: not scanned")));
    if agree != ROWS {
        wrong.push(format!("{agree} rows agree instead of {ROWS}"));
    }
    Ok(Outcome::of(format!("{agree} of {ROWS} recorded matches, {} rules", rules.len()), wrong))
}

/// Licences, manifests and the modern mail, which came later, have no recorded rows.
fn is_recorded(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or_default();
    let left_out = name.contains("/LICENSES/") || last.starts_with("LICENSE") || last == "README.md" || last == "MANIFEST.tsv";
    !left_out && !name.starts_with("eml/ham-modern/")
}

fn vectors(corpus: &Path) -> Result<Outcome> {
    let text = std::fs::read_to_string(corpus.join("yara/conformance/libyara-test-rules.jsonl"))?;
    let (mut agree, mut skipped, mut wrong) = (0, 0, Vec::new());
    for line in text.lines() {
        let vector: Value = serde_json::from_str(line)?;
        let field = |name: &str| vector.get(name).and_then(Value::as_str).unwrap_or_default();
        if field("rule").contains("\"tests\"") {
            skipped += 1;
            continue;
        }
        let verdict = verdict(&vector, field("rule"), field("data"), field("yara_x"));
        if verdict == field("yara_x") {
            agree += 1;
        } else {
            wrong.push(format!("{}: {verdict} instead of {}: {}", field("id"), field("yara_x"), field("rule")));
        }
    }
    if agree != VECTORS {
        wrong.push(format!("{agree} agree instead of {VECTORS}"));
    }
    Ok(Outcome::of(format!("{agree} of {VECTORS} vectors ({skipped} more need libyara's test module)"), wrong))
}

fn verdict(vector: &Value, rule: &str, data: &str, recorded: &str) -> &'static str {
    let latin1 = vector.get("rule_latin1").is_some_and(|it| it.as_bool() == Some(true));
    let source: Vec<u8> = if latin1 { rule.chars().map(|c| c as u8).collect() } else { rule.as_bytes().to_vec() };
    let mut compiler = Compiler::new();
    if !compiler.add("rule.yar", &source).is_empty() {
        return "compile_error";
    }
    if recorded == "compiled" {
        return "compiled";
    }
    match compiler.build().scan(&hex(data)) {
        Ok(found) if found.is_empty() => "no_match",
        Ok(_) => "match",
        Err(_) => "error",
    }
}

fn hex(text: &str) -> Vec<u8> {
    text.as_bytes().chunks_exact(2).filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
