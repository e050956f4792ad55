//! Memory of the rule set and of one message. Each kind of message has a process of its own, so that none uses what another gave back.

use super::{KINDS, feed, inspect_all, messages};
use anyhow::{Context, Result, bail};
use mailhound_engine::Settings;
use std::path::Path;
use std::process::Command;

/// How many times the size of [`KINDS`] a message has.
const TIMES: usize = 10;

/// The largest messages of the corpus, by their place in the order of size.
const LARGEST: [&str; 3] = ["mail 1", "mail 2", "mail 3"];

/// Prints the table.
pub fn run() -> Result<()> {
    println!("| message | MB | resident at most, MB | times its size | rule set before, MB |");
    println!("| --- | --: | --: | --: | --: |");
    for kind in KINDS.iter().map(|(kind, ..)| *kind).chain(LARGEST) {
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
    let message = match KINDS.iter().find(|(name, ..)| *name == kind) {
        Some((_, size, make)) => make(size * TIMES),
        None => largest(shared, kind)?,
    };
    let before = resident("VmRSS:")?;
    let rules = feed(shared, Settings::default())?;
    let mut inspector = rules.inspector();
    inspect_all(&mut inspector, &messages(shared, &["phishing"])?);
    let with_rules = resident("VmRSS:")?;
    // Makes the peak the present.
    std::fs::write("/proc/self/clear_refs", "5")?;
    inspector.inspect("", &message);
    let more = resident("VmHWM:")?.saturating_sub(with_rules);
    let mega = |bytes: usize| bytes as f64 / 1e6;
    println!(
        "| {kind} | {:.1} | {:.0} | {:.1} | {:.0} |",
        mega(message.len()),
        mega(more),
        more as f64 / message.len() as f64,
        mega(with_rules - before)
    );
    Ok(())
}

/// The message of [`LARGEST`].
fn largest(shared: &Path, kind: &str) -> Result<Vec<u8>> {
    let place = LARGEST.iter().position(|name| *name == kind).with_context(|| format!("no kind of message is called {kind}"))?;
    let mut all = messages(shared, &[""])?;
    all.sort_by_key(|message| std::cmp::Reverse(message.len()));
    all.into_iter().nth(place).context("the corpus has too few messages")
}

/// A line of this process's status, in bytes.
fn resident(name: &str) -> Result<usize> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)).context("the system does not tell what is resident")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<usize>()? * 1024)
}
