//! The checks that CI runs.

use anyhow::{Result, bail};
use std::process::Command;

/// The steps, the two commands of the README among them; the tests come last, so that the output ends with their summary.
const STEPS: &[&[&str]] = &[
    &["fmt", "--all", "--check"],
    &["clippy", "--release", "--workspace", "--all-targets", "--", "-D", "warnings"],
    &["xtask", "docs", "--check"],
    &["xtask", "corpus"],
    &["run", "--release", "--", "scan", "examples"],
    &["test", "--release", "--workspace"],
];

/// Runs all steps, up to the first that fails.
pub fn run() -> Result<()> {
    for step in STEPS {
        println!("==> cargo {}", step.join(" "));
        let status = Command::new(env!("CARGO")).args(*step).current_dir(crate::root()).status()?;
        if !status.success() {
            bail!("`cargo {}` failed", step.join(" "));
        }
    }
    Ok(())
}
