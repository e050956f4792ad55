//! The conformance vectors of the language.

use super::Outcome;
use anyhow::{Context, Result};
use mailhound_engine::{Builder, RuleType, Settings};
use mailhound_value::to_json;
use serde_json::Value;
use std::path::Path;

/// Lines of the file.
const VECTORS: usize = 617;

/// A message on which the vectors run; they read no field of it.
pub const MESSAGE: &[u8] = b"From: a@example.com\nTo: b@example.net\nSubject: x\n\nx\n";

/// Runs the checks.
pub fn check(shared: &Path) -> Result<Vec<Outcome>> {
    let text = std::fs::read_to_string(shared.join("reference/mql-examples.jsonl"))?;
    let (mut held, mut wrong) = (0, Vec::new());
    for line in text.lines() {
        let vector: Value = serde_json::from_str(line)?;
        let expr = vector["expr"].as_str().context("a vector without an expression")?;
        match run(expr, &vector) {
            Ok(()) => held += 1,
            Err(got) => wrong.push(format!("{expr}: {got}, expected {}", vector.get("error").unwrap_or(&vector["expect"]))),
        }
    }
    if held + wrong.len() != VECTORS {
        wrong.push(format!("{} vectors instead of {VECTORS}", held + wrong.len()));
    }
    Ok(vec![Outcome::of(format!("{held} of {VECTORS} hold"), wrong)])
}

/// Holds a vector; else what came out instead.
fn run(expr: &str, vector: &Value) -> Result<(), String> {
    let mut builder = Builder::new(Settings::default());
    let (program, diagnostics) = builder.compile(expr, RuleType::Query);
    let first = diagnostics.iter().find(|fault| fault.is_error());
    match (vector.get("error").and_then(Value::as_str), program, first) {
        (Some("syntax"), None, Some(fault)) if fault.code.is_syntax() => Ok(()),
        (Some("type"), None, Some(fault)) if !fault.code.is_syntax() => Ok(()),
        (None, Some(program), _) => {
            let rules = builder.build();
            let message = rules.parse(MESSAGE);
            let mut gaps = Vec::new();
            let value = rules.evaluate(&program, &message, |value| to_json(value, &mut gaps));
            if same(&value, &vector["expect"]) && gaps.is_empty() { Ok(()) } else { Err(value.to_string()) }
        }
        (_, _, Some(fault)) => Err(format!("{} {}", fault.code.text(), fault.message)),
        (_, _, None) => Err("accepted".to_owned()),
    }
}

/// Equal as JSON; numbers by value.
pub fn same(a: &Value, b: &Value) -> bool {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}
