//! What rspamd takes for the phishing messages, beside us in the same run. Its rules are those of its package without all that asks the network:
//! no block lists, no SPF, DKIM or DMARC, no fuzzy hashes, no Bayes, no maps from the web.

mod rspamd;

use super::{ROUNDS, cpu, feed, inspect_all, median, messages};
use anyhow::{Result, bail};
use mailhound_engine::{Inspector, Settings};
use rspamd::Rspamd;
use std::path::Path;
use std::time::Duration;

/// Symbols that rspamd gives a message on average at least; with fewer it has not read them.
const FEWEST_SYMBOLS: f64 = 5.0;

/// Prints the table, or that rspamd is not installed.
pub fn run(shared: &Path) -> Result<()> {
    let Some(version) = rspamd::version()? else {
        println!("rspamd is not installed (apt install rspamd): not measured");
        return Ok(());
    };
    let messages = messages(shared, &["phishing"])?;
    let rules = feed(shared, Settings::default())?;
    let (theirs, mut ours) = (Rspamd::start()?, rules.inspector());
    let (mut their_times, mut our_times, mut symbols) = (Vec::new(), Vec::new(), 0.0);
    for round in 0..=ROUNDS {
        let (their_time, found) = their_round(&theirs, &messages)?;
        let our_time = our_round(&mut ours, &messages);
        symbols = found as f64 / messages.len().max(1) as f64;
        if symbols < FEWEST_SYMBOLS {
            bail!("rspamd does not scan: {symbols:.1} symbols for each message");
        }
        if round > 0 {
            their_times.push(their_time);
            our_times.push(our_time);
        }
    }
    let ratios = their_times.iter().zip(&our_times).map(|(theirs, ours)| theirs.as_secs_f64() / ours.as_secs_f64());
    let (least, most) = ratios.fold((f64::MAX, 0.0_f64), |(least, most), ratio| (least.min(ratio), most.max(ratio)));
    let rate = |times: &mut [Duration]| messages.len() as f64 / median(times).as_secs_f64();
    let (theirs_rate, ours_rate) = (rate(&mut their_times), rate(&mut our_times));
    println!("| {} phishing messages, one core, median of {ROUNDS} rounds in turn | messages/s and core | ratio |", messages.len());
    println!("| --- | --: | --: |");
    let hyperscan = if theirs.has_hyperscan { "with" } else { "without" };
    println!(
        "| rspamd {version} {hyperscan} Hyperscan, rules without network, {symbols:.1} symbols for each message | {theirs_rate:.0} | 1 |"
    );
    let ratio = ours_rate / theirs_rate;
    println!("| Mailhound, {} rules | {ours_rate:.0} | {ratio:.2} (rounds: {least:.2} to {most:.2}) |", rules.rules().len());
    println!();
    Ok(())
}

/// The time that rspamd's worker ran for all messages, and the symbols that it gave them.
fn their_round(rspamd: &Rspamd, messages: &[Vec<u8>]) -> Result<(Duration, usize)> {
    let started = rspamd.cpu()?;
    let mut symbols = 0;
    for message in messages {
        symbols += rspamd.scan(message)?;
    }
    Ok((rspamd.cpu()?.saturating_sub(started), symbols))
}

/// The time that this thread ran for all messages.
fn our_round(inspector: &mut Inspector<'_>, messages: &[Vec<u8>]) -> Duration {
    let started = cpu();
    inspect_all(inspector, messages);
    cpu() - started
}
