//! `scan --profile`: where the time of a run went, for people who write rules.

use crate::output::{quoted, shown, style, thousands};
use mailhound_engine::{Inspector, Profile, RuleSet};
use mailhound_mql::Tally;
use serde_json::{Value, json};
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Rules, functions and patterns that the text shows of each.
const SHOWN: usize = 10;

/// Characters of a pattern that the text shows.
const WIDTH: usize = 90;

/// What a thread inspects with. What it measured is handed over when the thread is done.
pub struct Worker<'r> {
    pub inspector: Inspector<'r>,
    into: &'r Mutex<Profile>,
}

impl<'r> Worker<'r> {
    /// A worker that measures where `profiled`.
    pub fn new(rules: &'r RuleSet, profiled: bool, into: &'r Mutex<Profile>) -> Self {
        Worker { inspector: if profiled { rules.profiler() } else { rules.inspector() }, into }
    }
}

impl Drop for Worker<'_> {
    fn drop(&mut self) {
        if let Some(profile) = self.inspector.profile() {
            self.into.lock().unwrap_or_else(PoisonError::into_inner).merge(profile);
        }
    }
}

/// One line of a table: what it is about, and what was measured.
struct Row<'p> {
    name: &'p str,
    /// The file of a rule, the function of a pattern.
    more: &'p str,
    tally: Tally,
}

/// The measurements, the dearest of each kind first.
struct Tables<'p> {
    rules: Vec<Row<'p>>,
    functions: Vec<Row<'p>>,
    patterns: Vec<Row<'p>>,
}

impl<'p> Tables<'p> {
    fn new(profile: &Profile, set: &'p RuleSet) -> Tables<'p> {
        let measured = profile.rules.borrow();
        let rules = set.rules().iter().zip(measured.iter());
        let functions = profile.evaluation.functions.borrow();
        let constants = profile.evaluation.constants.borrow();
        let patterns = constants.iter().enumerate().filter_map(|(number, tally)| {
            let (function, text) = set.constant(number)?;
            Some(Row { name: text, more: function, tally: *tally })
        });
        let mut tables = Tables {
            rules: rules.map(|(it, tally)| Row { name: &it.rule.name, more: &it.rule.path, tally: *tally }).collect(),
            functions: functions.iter().map(|(name, tally)| Row { name, more: "", tally: *tally }).collect(),
            patterns: patterns.collect(),
        };
        for rows in [&mut tables.rules, &mut tables.functions, &mut tables.patterns] {
            rows.retain(|row| row.tally.count > 0);
            rows.sort_by(|a, b| b.tally.time.cmp(&a.tally.time).then_with(|| a.name.cmp(b.name)));
        }
        tables
    }
}

/// Sums that stand above the tables.
struct Totals {
    messages: u64,
    /// What it is, and the time of all messages.
    parts: [(&'static str, Duration); 5],
    /// Tests of texts, and those that the search alone answered.
    tests: (u64, u64),
    /// Evaluations of rules, and those that the prefilter spared.
    rules: (u64, u64),
}

impl Totals {
    fn new(profile: &Profile) -> Totals {
        let evaluation = &profile.evaluation;
        Totals {
            messages: profile.parsing.get().count,
            parts: profile.parts(),
            tests: (evaluation.asked.get(), evaluation.answered.get()),
            rules: (evaluation.rules.get(), evaluation.ruled_out.get()),
        }
    }
}

/// The tables of text output.
pub fn text(profile: &Profile, set: &RuleSet) -> String {
    let (bold, dim) = (style::BOLD, style::DIM);
    let (totals, tables) = (Totals::new(profile), Tables::new(profile, set));
    let mut text =
        format!("\n{bold}Where the time went{bold:#}, microseconds for each of {} messages\n", thousands(totals.messages as usize));
    for (name, time) in totals.parts {
        let _ = writeln!(text, "  {name:<10} {:>9.1}", each(time, totals.messages));
    }
    for (what, (all, spared)) in [
        ("evaluations of rules were ruled out by what occurs in the message", totals.rules),
        ("tests of texts were answered by the search, without running them", totals.tests),
    ] {
        let _ = writeln!(text, "  {dim}{:.1} % of {} {what}{dim:#}", share(spared, all), thousands(all as usize));
    }
    for (title, rows) in [
        ("Rules (the first to ask pays for what others share)", &tables.rules),
        ("Functions", &tables.functions),
        ("Patterns that ran", &tables.patterns),
    ] {
        let _ = writeln!(text, "{bold}{title}{bold:#}");
        for row in rows.iter().take(SHOWN) {
            let name: String = quoted(row.name).chars().take(WIDTH).collect();
            let more = if row.more.is_empty() { String::new() } else { format!("  {dim}{}{dim:#}", shown(row.more)) };
            let _ = writeln!(
                text,
                "  {:>9.1}  {:>9}×  {name}{more}",
                each(row.tally.time, totals.messages),
                thousands(row.tally.count as usize)
            );
        }
    }
    text
}

/// The whole profile, times in microseconds over all messages.
pub fn json(profile: &Profile, set: &RuleSet) -> Value {
    let (totals, tables) = (Totals::new(profile), Tables::new(profile, set));
    let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    let parts: serde_json::Map<String, Value> =
        totals.parts.iter().map(|(name, time)| ((*name).to_owned(), micros(*time).into())).collect();
    let rows = |rows: &[Row<'_>], name: &str, more: Option<&str>, count: &str| -> Value {
        let row = |row: &Row<'_>| {
            let mut object = serde_json::Map::new();
            object.insert(name.to_owned(), row.name.into());
            object.extend(more.map(|more| (more.to_owned(), row.more.into())));
            object.insert(count.to_owned(), row.tally.count.into());
            object.insert("elapsed_us".to_owned(), micros(row.tally.time).into());
            Value::Object(object)
        };
        rows.iter().map(row).collect()
    };
    json!({"profile": {
        "messages": totals.messages,
        "elapsed_us": parts,
        "tests": {"asked": totals.tests.0, "answered_by_search": totals.tests.1},
        "evaluations": {"asked": totals.rules.0, "ruled_out": totals.rules.1},
        "rules": rows(&tables.rules, "name", Some("path"), "evaluations"),
        "functions": rows(&tables.functions, "name", None, "calls"),
        "patterns": rows(&tables.patterns, "text", Some("function"), "runs"),
    }})
}

/// Percent; of nothing all.
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 100.0 } else { 100.0 * part as f64 / whole as f64 }
}

fn each(time: Duration, messages: u64) -> f64 {
    time.as_secs_f64() * 1e6 / messages.max(1) as f64
}
