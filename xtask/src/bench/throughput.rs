//! Messages per second of the whole feed, where the time goes, and what a second core gives.

use super::{ROUNDS, feed, inspect_all, messages, timed};
use anyhow::Result;
use mailhound_engine::{RuleSet, Settings, Verdict};
use std::path::Path;
use std::time::Instant;

/// Prints the tables.
pub fn run(shared: &Path) -> Result<()> {
    let started = Instant::now();
    let rules = feed(shared, Settings::default())?;
    println!("{} rules ready in {:.2} s; {:?}\n", rules.rules().len(), started.elapsed().as_secs_f64(), rules.size());
    println!("| messages | count | messages/s and core (median of {ROUNDS}) | flagged | undetermined | outcomes decided |");
    println!("| --- | --: | --: | --: | --: | --: |");
    for folders in [&["phishing"][..], &["ham", "ham-modern"], &["spam"]] {
        let messages = messages(shared, folders)?;
        println!("| {} | {} |{}", folders.join(", "), messages.len(), row(&rules, &messages));
    }
    let phishing = messages(shared, &["phishing"])?;
    parts(&rules, &phishing);
    two_threads(&rules, &phishing);
    Ok(())
}

fn row(rules: &RuleSet, messages: &[Vec<u8>]) -> String {
    let (mut flagged, mut undetermined, mut decided, mut asked) = (0, 0, 0, 0);
    let mut inspector = rules.inspector();
    for message in messages {
        let report = inspector.inspect("", message);
        flagged += usize::from(report.verdict == Verdict::Flagged);
        undetermined += usize::from(report.verdict == Verdict::Undetermined);
        decided += report.coverage.decided;
        asked += report.coverage.rules;
    }
    let time = timed(|| inspect_all(&mut inspector, messages));
    let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    format!(
        " {:.0} | {:.1} % | {:.1} % | {:.1} % |",
        messages.len() as f64 / time.as_secs_f64(),
        share(flagged, messages.len()),
        share(undetermined, messages.len()),
        share(decided, asked),
    )
}

/// Where the time goes, by the profiler, which costs time itself.
fn parts(rules: &RuleSet, messages: &[Vec<u8>]) {
    inspect_all(&mut rules.inspector(), messages);
    let mut profiler = rules.profiler();
    inspect_all(&mut profiler, messages);
    println!("\n| phishing, by the profiler | µs for each message |\n| --- | --: |");
    for (name, time) in profiler.profile().iter().flat_map(|profile| profile.parts()) {
        println!("| {name} | {:.0} |", time.as_secs_f64() * 1e6 / messages.len() as f64);
    }
}

/// One thread and two at once, by the time that passes: each thread does all messages.
fn two_threads(rules: &RuleSet, messages: &[Vec<u8>]) {
    let mut rates = [0.0, 0.0];
    for _ in 0..ROUNDS {
        for (threads, best) in (1..).zip(&mut rates) {
            let started = Instant::now();
            std::thread::scope(|scope| {
                for _ in 0..threads {
                    scope.spawn(|| inspect_all(&mut rules.inspector(), messages));
                }
            });
            let rate = (threads * messages.len()) as f64 / started.elapsed().as_secs_f64();
            *best = rate.max(*best);
        }
    }
    let [one, two] = rates;
    println!("\none thread {one:.0} messages/s, two threads {two:.0}: {:.2} times (the best of {ROUNDS} rounds in turn)\n", two / one);
}
