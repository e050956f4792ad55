//! Memory of the rule set and of one message. Each kind of message has a process of its own, so that none uses what another gave back.

use super::{KINDS, feed, messages};
use anyhow::{Context, Result, bail};
use mailhound_engine::Settings;
use std::path::Path;
use std::process::Command;

/// How many times the size of [`KINDS`] a message has.
const TIMES: usize = 10;

/// Prints the table.
pub fn run() -> Result<()> {
    println!("| message | MB | resident at most, MB | times its size | rule set before, MB |");
    println!("| --- | --: | --: | --: | --: |");
    for (kind, ..) in KINDS {
        let status = Command::new(std::env::current_exe()?).args(["bench", "memory", kind]).status()?;
        if !status.success() {
            bail!("the measurement of {kind} failed: {status}");
        }
    }
    println!();
    Ok(())
}

/// Prints the row of one kind: what is resident with the rules that met real mail, and how much more there was at most while the message was inspected.
pub fn of(shared: &Path, kind: &str) -> Result<()> {
    let (_, size, make) = KINDS.iter().find(|(name, ..)| *name == kind).with_context(|| format!("no kind of message is called {kind}"))?;
    let before = resident("VmRSS:")?;
    let rules = feed(shared, Settings::default())?;
    let mut inspector = rules.inspector();
    for message in messages(shared, &["phishing"])? {
        inspector.inspect("", &message);
    }
    let message = make(size * TIMES);
    let with_rules = resident("VmRSS:")?;
    // Makes the peak the present.
    std::fs::write("/proc/self/clear_refs", "5")?;
    inspector.inspect("", &message);
    let more = resident("VmHWM:")?.saturating_sub(with_rules);
    let mega = |bytes: usize| bytes as f64 / 1e6;
    println!(
        "| {kind}, {} | {:.1} | {:.0} | {:.1} | {:.0} |",
        size * TIMES,
        mega(message.len()),
        mega(more),
        more as f64 / message.len() as f64,
        mega(with_rules - before)
    );
    Ok(())
}

/// A line of this process's status, in bytes.
fn resident(name: &str) -> Result<usize> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)).context("the system does not tell what is resident")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<usize>()? * 1024)
}
