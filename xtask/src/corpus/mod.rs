//! Checks over the shared corpus: what holds today must hold tomorrow. Thresholds only rise.

pub mod generated;
mod messages;
mod model;
mod outlook;
mod rules;
mod signatures;
mod structures;
mod threads;
mod tutorial;
mod vectors;
pub mod walker;
mod yara;

use crate::corpus_files as files;
use anyhow::{Result, bail};
use std::path::Path;

/// What a check found.
pub struct Outcome {
    /// One line: what was counted.
    pub line: String,
    /// True when the threshold is reached.
    pub holds: bool,
    /// What stands out, for `--verbose` and for failures.
    pub details: Vec<String>,
}

impl Outcome {
    /// An outcome that holds when nothing went wrong.
    fn of(line: String, wrong: Vec<String>) -> Outcome {
        Outcome { line, holds: wrong.is_empty(), details: wrong }
    }
}

type Check = fn(&Path) -> Result<Vec<Outcome>>;

const CHECKS: &[(&str, Check)] = &[
    ("rules", rules::check),
    ("language vectors", vectors::check),
    ("walker", walker::check),
    ("messages", messages::check),
    ("message data model", model::check),
    ("structures", structures::check),
    ("Outlook", outlook::check),
    ("tutorial models", tutorial::check),
    ("threads", threads::check),
    ("YARA", yara::check),
    ("signatures", signatures::check),
];

/// Details of a failed check that are printed without `--verbose`.
const SHOWN_DETAILS: usize = 20;

/// Runs all checks; fails when one does not hold. Without the shared material there is nothing to check.
pub fn run(verbose: bool) -> Result<()> {
    let Some(shared) = crate::shared() else {
        println!("no ../shared: nothing to check");
        return Ok(());
    };
    let mut failed = 0;
    for (name, check) in CHECKS {
        for outcome in check(&shared)? {
            println!("{} {name}: {}", if outcome.holds { "ok  " } else { "FAIL" }, outcome.line);
            let shown = match (verbose, outcome.holds) {
                (true, _) => outcome.details.len(),
                (false, true) => 0,
                (false, false) => SHOWN_DETAILS,
            };
            for detail in outcome.details.iter().take(shown) {
                println!("       {detail}");
            }
            failed += usize::from(!outcome.holds);
        }
    }
    if failed > 0 {
        bail!("{failed} corpus checks do not hold");
    }
    Ok(())
}

/// Peak memory of this process in MiB, as Linux reports it; 0 elsewhere.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
