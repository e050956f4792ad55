//! The last lines of a run: what was found, and what would decide more.

use crate::output::{style, thousands};
use mailhound_engine::{Report, Verdict};
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;
use std::time::Duration;

/// What a run has seen so far.
#[derive(Default)]
pub struct Summary {
    flagged: usize,
    undetermined: usize,
    clean: usize,
    rules: usize,
    decided: usize,
    asked: usize,
    /// For each need the rules that waited for it, by path.
    needs: BTreeMap<String, HashSet<String>>,
}

/// Needs that the summary names.
const SHOWN_NEEDS: usize = 8;

impl Summary {
    /// Counts a report.
    pub fn add(&mut self, report: &Report) {
        match report.verdict {
            Verdict::Flagged => self.flagged += 1,
            Verdict::Undetermined => self.undetermined += 1,
            Verdict::Clean => self.clean += 1,
        }
        self.rules = self.rules.max(report.coverage.rules);
        self.decided += report.coverage.decided;
        self.asked += report.coverage.rules;
        for it in &report.undetermined {
            for need in &it.needs {
                let rules = self.needs.entry(need.clone()).or_default();
                if !rules.contains(&it.rule.path) {
                    rules.insert(it.rule.path.clone());
                }
            }
        }
    }

    /// One line, and one more when rules wait for something.
    pub fn text(&self, elapsed: Duration) -> String {
        let bold = style::BOLD;
        let messages = self.flagged + self.undetermined + self.clean;
        let share = if self.asked == 0 { 100.0 } else { 100.0 * self.decided as f64 / self.asked as f64 };
        let mut text = format!(
            "{bold}{} flagged, {} undetermined, {} clean{bold:#} of {} messages in {:.1} s; {} rules, {share:.0} % of outcomes decided\n",
            thousands(self.flagged),
            thousands(self.undetermined),
            thousands(self.clean),
            thousands(messages),
            elapsed.as_secs_f64(),
            thousands(self.rules),
        );
        if self.needs.is_empty() {
            return text;
        }
        let mut needs: Vec<_> = self.needs.iter().map(|(need, rules)| (rules.len(), need)).collect();
        needs.sort_by_key(|(rules, need)| (std::cmp::Reverse(*rules), need.as_str()));
        let names: Vec<String> =
            needs.iter().take(SHOWN_NEEDS).map(|(rules, need)| format!("{need} ({} rules)", thousands(*rules))).collect();
        let more = if needs.len() > SHOWN_NEEDS { ", …" } else { "" };
        let _ = writeln!(text, "more would be decided with: {}{more}; see `mailhound doctor`", names.join(", "));
        text
    }
}
