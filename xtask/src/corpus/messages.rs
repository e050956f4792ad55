//! Every message gives a model and a report, fast; the vendor's verdict on its own sample is ours.

use super::{Outcome, files};
use crate::bench::feed;
use anyhow::Result;
use mailhound_engine::{Match, Organization, Report, Settings};
use mailhound_value::{ToValue, to_json};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Files of `corpus/eml` that are messages or meant as such.
const MESSAGES: usize = 3_900;

/// Files of the whole corpus, which are fed as messages whatever they are.
const FILES: usize = 6_600;

/// Time for every started 10 MB of one file, with every field read.
const MAX_TIME: Duration = Duration::from_secs(2);

/// Runs the checks.
pub fn check(shared: &Path) -> Result<Vec<Outcome>> {
    let mail = |path: &Path| !path.extension().is_some_and(|it| it == "md" || it == "tsv") && !path.to_string_lossy().contains("LICENSE");
    let messages = models("messages", files(&shared.join("corpus/eml")).into_iter().filter(|path| mail(path)), MESSAGES)?;
    let all = models("files fed as messages", files(&shared.join("corpus")).into_iter(), FILES)?;
    Ok(vec![messages, all, sample(shared)?])
}

/// A model of each file with every field read: no panic, and not too long.
fn models(what: &str, paths: impl Iterator<Item = PathBuf>, expected: usize) -> Result<Outcome> {
    let reader = mailhound_engine::Builder::new(Settings::default()).build();
    let (mut count, mut slowest, mut wrong) = (0, (Duration::ZERO, String::new()), Vec::new());
    for path in paths {
        let name = path.display().to_string();
        let bytes = std::fs::read(&path)?;
        let started = Instant::now();
        let model = catch_unwind(AssertUnwindSafe(|| to_json(reader.parse(&bytes).to_value(), &mut Vec::new())));
        let elapsed = started.elapsed();
        count += 1;
        if model.is_err() {
            wrong.push(format!("{name}: panic"));
        } else if elapsed > MAX_TIME * u32::try_from(bytes.len() / 10_000_000 + 1)? {
            wrong.push(format!("{name}: {elapsed:?} for {} bytes", bytes.len()));
        }
        if elapsed > slowest.0 {
            slowest = (elapsed, name);
        }
    }
    if count < expected {
        wrong.push(format!("only {count} files"));
    }
    Ok(Outcome::of(
        format!("{count} {what} with a model, all fields read; slowest {:.3} s ({})", slowest.0.as_secs_f64(), slowest.1),
        wrong,
    ))
}

/// mql-observed.md: what the vendor's feed says of the repository's own sample.
fn sample(shared: &Path) -> Result<Outcome> {
    let organization = Organization { domains: vec!["sublimesecurity.com".to_owned()], ..Organization::default() };
    let rules = feed(shared, Settings { organization, ..Settings::default() })?;
    let path = shared.join("corpus/rules/sublime/emls/punycode_robinhood.eml");
    let report: Report = rules.inspect("punycode_robinhood.eml", &std::fs::read(path)?);
    let mut names: Vec<&str> =
        report.matches.iter().filter_map(|it| if let Match::Mql { rule, .. } = it { Some(rule.name.as_str()) } else { None }).collect();
    names.sort_unstable();
    let mut wrong = Vec::new();
    if names != ["Link to a domain with punycode characters", "Punycode sender domain"] {
        wrong.push(format!("matches: {names:?}"));
    }
    if !report.undetermined.iter().any(|it| it.rule.name == "Brand impersonation: Robinhood") {
        wrong.push("Brand impersonation: Robinhood is not undetermined".to_owned());
    }
    let coverage = &report.coverage;
    Ok(Outcome::of(format!("the vendor's verdict on its sample, {} of {} rules decided", coverage.decided, coverage.rules), wrong))
}
