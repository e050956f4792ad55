//! The tree of a rule, one line a node: what it was, then the rule's words for it, then the value behind `=`.
//!
//! What did not make its parent what it is has one line and no more.

use crate::output::{shown, style, thousands};
use mailhound_engine::Explanation;
use mailhound_mql::Span;
use mailhound_mql::walk::{Answer, Found, Items, Outcome, Seen};
use serde_json::Value;
use std::fmt::Write;

/// Characters of a piece of a rule, of the part of it that decided, and of a value.
const MQL: usize = 90;
const PART: usize = 50;
const VALUE: usize = 100;

/// The file and line of a piece of a rule.
pub fn place(explanation: &Explanation<'_>, span: Span) -> String {
    let file = explanation.rule.path.rsplit('/').next().unwrap_or(&explanation.rule.path);
    format!("{file}:{}", explanation.place(span).0)
}

/// A value in one line, cut; `length` is that of the whole where it is not all there.
pub fn value(json: &Value, length: Option<usize>) -> String {
    let text = json.to_string();
    let is_cut = text.chars().nth(VALUE).is_some();
    let text: String = text.chars().take(VALUE).collect();
    let more = if is_cut { "…" } else { "" };
    let unit = if json.is_string() { "characters" } else { "in all" };
    let length = length.map_or(String::new(), |length| format!(" ({} {unit})", thousands(length)));
    format!("{}{more}{length}", shown(&text))
}

/// The tree of an explanation.
pub fn tree(explanation: &Explanation<'_>, text: &mut String) {
    let mut printer = Printer { explanation, text };
    printer.node(&explanation.tree, 2, true);
    if explanation.is_cut {
        let _ = writeln!(text, "    … more was not looked at (limit explain.recorded)");
    }
}

struct Printer<'p, 'r> {
    explanation: &'p Explanation<'r>,
    text: &'p mut String,
}

impl Printer<'_, '_> {
    /// A node and, when it is telling, what is below.
    fn node(&mut self, seen: &Seen, depth: usize, is_telling: bool) {
        let (word, look) = word(seen);
        let dim = style::DIM;
        let mql = shown(&self.explanation.mql(seen.span, MQL));
        let note = self.note(seen);
        let line = match &seen.found {
            Found::Value(found) if seen.is_needed => format!("{mql} = {}", value(&found.json, found.length)),
            _ if seen.is_needed => format!("{look}{word:<5}{look:#} {mql}"),
            _ => format!("{dim}{word} {mql}{dim:#}"),
        };
        let _ = writeln!(self.text, "{}{line}{note}", "  ".repeat(depth));
        if !is_telling || !seen.is_needed {
            return;
        }
        self.operands(seen, depth + 1);
        if let Some(items) = &seen.items {
            // The nearest of equals says enough of a condition that no item decided.
            let max = if matches!(seen.found, Found::Answer(_)) { 1 } else { items.shown.len() };
            self.items(items, max, depth + 1);
        }
        if seen.hidden > 0 {
            let _ = writeln!(self.text, "{}… {} more", "  ".repeat(depth + 1), thousands(seen.hidden));
        }
    }

    /// Operands; those that were not walked in one line.
    fn operands(&mut self, seen: &Seen, depth: usize) {
        let passed = seen.operands.iter().filter(|it| matches!(it.found, Found::Nothing)).count();
        for operand in seen.operands.iter().filter(|it| !matches!(it.found, Found::Nothing)) {
            self.node(operand, depth, is_telling(seen, operand));
        }
        if passed > 0 {
            let (dim, plural) = (style::DIM, if passed == 1 { "" } else { "s" });
            let _ = writeln!(self.text, "{}{dim}not needed: {} operand{plural} behind{dim:#}", "  ".repeat(depth), thousands(passed));
        }
    }

    fn items(&mut self, items: &Items, max: usize, depth: usize) {
        for item in items.shown.iter().take(max) {
            let what = item.item.as_ref().map_or("could not be found out".to_owned(), |item| value(&item.json, item.length));
            let _ = writeln!(self.text, "{}[{}] {what}", "  ".repeat(depth), item.index);
            if let Some(body) = &item.body {
                self.node(body, depth + 1, true);
            }
        }
    }

    /// What stands behind a node: its needs, and what came of the items of a loop.
    fn note(&self, seen: &Seen) -> String {
        let mut notes = Vec::new();
        match &seen.found {
            Found::Answer(answer) => notes.extend(answer.missing().map(|missing| format!("needs {missing}"))),
            Found::Unavailable(missing) => notes.push(format!("needs {missing}")),
            Found::Value(_) | Found::Nothing => {}
        }
        notes.extend(match (seen.decided_part, seen.decided_by) {
            (Some(part), _) => Some(format!("for {}", self.explanation.mql(part, PART))),
            (None, idx) => idx.map(|idx| format!("it is item {idx}")),
        });
        if let Some(items) = &seen.items {
            let [yes, no, null, open] = items.counts;
            let known = format!("{}{} items", thousands(items.known), if items.is_cut { " or more" } else { "" });
            let counts = [(yes, "true"), (no, "false"), (null, "null"), (open, "undetermined")];
            let counts: Vec<String> =
                counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{} {word}", thousands(*count))).collect();
            notes.push(match items.decided_by {
                Some(idx) => format!("item {idx} of {known} decides"),
                None if counts.is_empty() => known,
                None => format!("{known}: {}", counts.join(", ")),
            });
        }
        let dim = style::DIM;
        if notes.is_empty() || !seen.is_needed { String::new() } else { format!("  {dim}({}){dim:#}", shown(&notes.join("; "))) }
    }
}

/// Does the operand make its parent what it is? An operand of a value always does, and that of a `not` which does not hold.
fn is_telling(parent: &Seen, operand: &Seen) -> bool {
    let (Found::Answer(answer), Found::Answer(below)) = (&parent.found, &operand.found) else { return true };
    let is_failed_not = parent.operands.len() == 1 && answer.is(Outcome::False);
    below.outcome().is_none() || answer.outcome() == below.outcome() || is_failed_not
}

fn word(seen: &Seen) -> (String, anstyle::Style) {
    match &seen.found {
        _ if !seen.is_needed => {
            let would_be = match &seen.found {
                Found::Answer(answer) => format!(", would be {}", outcome(answer).0),
                _ => String::new(),
            };
            (format!("not needed{would_be}:"), style::DIM)
        }
        Found::Answer(answer) => {
            let (word, look) = outcome(answer);
            (word.to_owned(), look)
        }
        Found::Unavailable(_) => ("unavailable".to_owned(), style::DOUBT),
        Found::Value(_) | Found::Nothing => (String::new(), style::DIM),
    }
}

fn outcome(answer: &Answer) -> (&'static str, anstyle::Style) {
    match answer.outcome() {
        Some(Outcome::True) => ("true", style::GOOD),
        Some(Outcome::False) => ("false", style::BAD),
        Some(Outcome::Null) => ("null", style::DOUBT),
        None if answer.possible().count() == Outcome::ALL.len() => ("unavailable", style::DOUBT),
        None => ("undetermined", style::DOUBT),
    }
}
