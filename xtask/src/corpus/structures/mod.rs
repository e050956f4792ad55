//! Our reading of the torture messages against what the mail programs whose tests they are expect of them: subject, mailboxes, date, header
//! fields, the tree of parts, bodies, attachments and their decoded bytes, of attached messages too. Each of these is one compared value.

mod compare;
mod expected;
mod known;
mod mime4j;
mod mimekit;
mod stalwart;
mod tables;

use super::{Outcome, files};
use anyhow::Result;
use compare::compare;
use expected::Expected;
use known::KNOWN;
use std::collections::BTreeSet;
use std::path::Path;

/// Messages and single header values with an expectation.
const CASES: usize = 499;

/// Values that must agree, in thousandths of a percent of all: what has been reached, rounded down.
const MIN_SHARE: usize = 97_800;

/// One message with its expectation.
struct Case {
    /// The file below the folder of its corpus.
    name: String,
    /// The message.
    bytes: Vec<u8>,
    /// What the other program says.
    expected: Expected,
}

/// What all cases gave.
#[derive(Default)]
struct Tally {
    cases: usize,
    cases_right: usize,
    values: usize,
    values_right: usize,
    /// Values of which both sides say that there is none: a Cc that is not there.
    absent: usize,
    /// What differs, with the reason.
    details: Vec<String>,
    /// Cases that differ.
    different: BTreeSet<String>,
}

/// Runs the checks.
pub fn check(shared: &Path) -> Result<Vec<Outcome>> {
    let folder = shared.join("corpus/eml/torture");
    let mail_parser = folder.join("stalwart-mail-parser");
    let mut all = Tally::default();
    let mut lines = Vec::new();
    for (corpus, cases) in [
        ("stalwart-mail-parser", stalwart::cases(&mail_parser)?),
        ("stalwart-mail-parser", tables::cases(&mail_parser)?),
        ("mime4j", mime4j::cases(&folder.join("mime4j"))?),
        ("mimekit", mimekit::cases(&folder.join("mimekit"))?),
    ] {
        let (cases_right, values, values_right) = (all.cases_right, all.values, all.values_right);
        cases.iter().for_each(|case| all.add(corpus, case));
        let (right, values, values_right) = (all.cases_right - cases_right, all.values - values, all.values_right - values_right);
        let kind = if cases.iter().any(|case| case.name.contains("date.json")) { "header values" } else { "messages" };
        lines.push(format!("{corpus}: {right} of {} {kind} alike as a whole, {values_right} of {values} values", cases.len()));
    }
    let mut outcomes: Vec<_> = lines.into_iter().map(|line| Outcome::of(line, Vec::new())).collect();
    outcomes.push(all.outcome());
    Ok(outcomes)
}

impl Tally {
    fn add(&mut self, corpus: &str, case: &Case) {
        let name = format!("{corpus}/{}", case.name);
        let stem = name.trim_end_matches(".json").trim_end_matches(".crlf");
        let compared = compare(&case.expected, &case.bytes);
        let wrong: Vec<_> = compared.iter().filter_map(|value| Some((&value.name, value.difference.as_ref()?))).collect();
        self.cases += 1;
        self.cases_right += usize::from(wrong.is_empty());
        self.values += compared.len();
        self.values_right += compared.len() - wrong.len();
        self.absent += compared.iter().filter(|value| value.is_absent).count();
        if !wrong.is_empty() {
            self.different.insert(stem.to_owned());
        }
        let reason = KNOWN.iter().find(|known| known.cases.contains(&stem)).map_or("NEW", |known| known.reason);
        self.details.extend(wrong.iter().map(|(value, difference)| format!("{name} {value}: {difference} ({reason})")));
    }

    /// Holds when enough agrees, every case that differs is explained, and every explanation is still needed.
    fn outcome(mut self) -> Outcome {
        let known: BTreeSet<_> = KNOWN.iter().flat_map(|known| known.cases.iter().map(|case| (*case).to_owned())).collect();
        let new: Vec<_> = self.different.difference(&known).map(|case| format!("{case} differs and is not explained")).collect();
        let gone: Vec<_> = known.difference(&self.different).map(|case| format!("{case} is explained and does not differ")).collect();
        let share = |right: usize, all: usize| right * 100_000 / all.max(1);
        let (all, present) = (share(self.values_right, self.values), share(self.values_right - self.absent, self.values - self.absent));
        let show = |share: usize| format!("{}.{:03} %", share / 1000, share % 1000);
        let line = format!(
            "{} of {} values agree ({}; {} of those that are not absent on both sides); {} of {} cases as a whole; {} explained, {} new",
            self.values_right,
            self.values,
            show(all),
            show(present),
            self.cases_right,
            self.cases,
            self.different.len() - new.len(),
            new.len()
        );
        let holds = self.cases == CASES && all >= MIN_SHARE && new.is_empty() && gone.is_empty();
        self.details.splice(0..0, new.into_iter().chain(gone));
        Outcome { line, holds, details: self.details }
    }
}
