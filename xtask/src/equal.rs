//! `cargo xtask equal`: the plan and the plain evaluator say the same of everything there is, and of a million generated pairs of rule and message.

use crate::corpus::{generated, walker};
use anyhow::{Context, Result, bail};
use mailhound_engine::RuleSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Pairs of a generated rule and a message.
const PAIRS: usize = 1_000_000;

/// Generated rules of one set, each of which meets the same messages.
const RULES: usize = 2_000;

/// The seed of the generated rules.
const SEED: u64 = 0x5EED_0004;

/// Differences that are printed.
const SHOWN: usize = 20;

/// Compares the feed on all messages of the corpus (`feed`), generated rules on a part of them (`generated`), or both.
pub fn run(part: Option<&str>) -> Result<()> {
    let shared = crate::shared().context("the comparison runs over ../shared")?;
    let messages = walker::messages(&shared);
    let mut wrong = 0;
    if part != Some("generated") {
        wrong += compare("the feed", &walker::feed_rules(&shared)?, &messages)?;
    }
    if part != Some("feed") {
        let rules = generated::rules(&shared, SEED, RULES)?;
        let wanted = PAIRS.div_ceil(rules.rules().len().max(1));
        let step = (messages.len() / wanted).max(1);
        let sample: Vec<PathBuf> = messages.into_iter().step_by(step).collect();
        wrong += compare("generated rules", &rules, &sample)?;
    }
    if wrong > 0 {
        bail!("{wrong} decisions differ");
    }
    Ok(())
}

/// Compares all rules on all messages, on all processors; gives the number of differences.
fn compare(what: &str, rules: &RuleSet, messages: &[PathBuf]) -> Result<usize> {
    let (next, found, wrong) = (AtomicUsize::new(0), AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || -> Result<()> {
        let explainer = rules.explainer(|rule| rule.active);
        while let Some(path) = messages.get(next.fetch_add(1, Ordering::Relaxed)) {
            let mut differ = Vec::new();
            let decisions = walker::compare(rules, &explainer, &name(path), &std::fs::read(path)?, &mut differ);
            found.fetch_add(decisions, Ordering::Relaxed);
            if let (false, Ok(mut wrong)) = (differ.is_empty(), wrong.lock()) {
                wrong.extend(differ);
            }
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..threads).map(|_| std::thread::Builder::new().stack_size(16 << 20).spawn_scoped(scope, work)).collect();
        workers.into_iter().try_for_each(|worker| worker?.join().unwrap_or_else(|_| bail!("a comparison panicked")))
    })?;
    let wrong = wrong.into_inner().unwrap_or_default();
    let pairs = rules.rules().len() * messages.len();
    println!(
        "{what}: {} rules on {} messages, {pairs} pairs, {} decisions that are not \"no match\", {} differ",
        rules.rules().len(),
        messages.len(),
        found.into_inner(),
        wrong.len()
    );
    wrong.iter().take(SHOWN).for_each(|line| println!("     {line}"));
    Ok(wrong.len())
}

fn name(path: &Path) -> String {
    path.display().to_string()
}
