//! Throughput, growth and memory of a whole scan over messages that are in memory. Quote ratios and medians.

mod growth;
mod memory;
mod model;
mod peers;
mod throughput;

pub use growth::KINDS;

use crate::corpus_files;
use anyhow::{Context, Result};
use mailhound_engine::{Builder, Inspector, RuleSet, Settings};
use std::path::Path;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Rounds of a measurement; a first one, which is not counted, warms up.
const ROUNDS: usize = 5;

/// The detection rules of the public feed.
pub fn feed(shared: &Path, settings: Settings) -> Result<RuleSet> {
    let files = feed_files(shared)?;
    let mut builder = Builder::new(settings);
    builder.add_all(&files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect::<Vec<_>>());
    Ok(builder.build())
}

fn feed_files(shared: &Path) -> Result<Vec<(String, String)>> {
    let files = corpus_files(&shared.join("corpus/rules/sublime/detection-rules"));
    files.into_iter().map(|path| Ok((path.display().to_string(), std::fs::read_to_string(&path)?))).collect()
}

/// The messages of some folders of the corpus.
fn messages(shared: &Path, folders: &[&str]) -> Result<Vec<Vec<u8>>> {
    let mut messages = Vec::new();
    for path in folders.iter().flat_map(|folder| corpus_files(&shared.join("corpus/eml").join(folder))) {
        let bytes = std::fs::read(&path)?;
        if mailhound_message::is_message(&bytes) && !path.display().to_string().contains("LICENSE") {
            messages.push(bytes);
        }
    }
    Ok(messages)
}

/// Inspects all messages, one after the other.
fn inspect_all(inspector: &mut Inspector<'_>, messages: &[Vec<u8>]) {
    for message in messages {
        inspector.inspect("", message);
    }
}

/// Prints all tables, or those of the part that is named; `peers` only when it is named.
pub fn run(part: Option<&str>) -> Result<()> {
    let shared = crate::shared().context("the benchmarks run over ../shared")?;
    let is_wanted = |name| part.is_none_or(|part| part == name);
    if is_wanted("model") {
        model::run(&shared)?;
    }
    if is_wanted("rules") {
        throughput::run(&shared)?;
    }
    if is_wanted("growth") {
        growth::run(&shared)?;
    }
    if is_wanted("memory") {
        memory::run()?;
    }
    if part == Some("peers") {
        peers::run(&shared)?;
    }
    Ok(())
}

/// Prints what one kind of message takes, in a process of its own.
pub fn memory_of(kind: &str) -> Result<()> {
    memory::of(&crate::shared().context("the benchmarks run over ../shared")?, kind)
}

/// Time that this thread has run; where the system does not tell it, the time that has passed. Other work on the machine disturbs the first less.
fn cpu() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    let start = START.get_or_init(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.as_deref().and_then(|line| line.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| start.elapsed(), Duration::from_nanos)
}

/// The median of the rounds of some work, by the time that this thread has run.
fn timed(mut work: impl FnMut()) -> Duration {
    work();
    let mut times = [Duration::ZERO; ROUNDS];
    for time in &mut times {
        let started = cpu();
        work();
        *time = cpu() - started;
    }
    median(&mut times)
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
