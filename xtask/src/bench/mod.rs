//! Throughput and growth of a whole scan, on one core, over messages that are in memory. Quote ratios and medians.

mod model;

use crate::corpus_files;
use anyhow::{Context, Result};
use mailhound_engine::{Builder, RuleSet, Settings, Verdict};
use std::fmt::Write;
use std::path::Path;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Rounds of a measurement; the first warms up.
const ROUNDS: usize = 5;

/// The detection rules of the public feed.
pub fn feed(shared: &Path, settings: Settings) -> Result<RuleSet> {
    let mut builder = Builder::new(settings);
    for path in corpus_files(&shared.join("corpus/rules/sublime/detection-rules")) {
        builder.add_mql(&path.display().to_string(), &std::fs::read_to_string(&path)?);
    }
    Ok(builder.build())
}

/// Prints all tables, or those of the part that is named.
pub fn run(part: Option<&str>) -> Result<()> {
    let shared = crate::shared().context("the benchmarks run over ../shared")?;
    if part != Some("rules") {
        model::run(&shared)?;
    }
    if part == Some("model") {
        return Ok(());
    }
    let started = Instant::now();
    let rules = feed(&shared, Settings::default())?;
    println!("{} rules compiled in {:.2} s; {:?}\n", rules.rules().len(), started.elapsed().as_secs_f64(), rules.size());
    throughput(&shared, &rules)?;
    growth(&rules);
    Ok(())
}

fn throughput(shared: &Path, rules: &RuleSet) -> Result<()> {
    println!("| messages | count | messages/s and core (median of {}) | flagged | undetermined | outcomes decided |", ROUNDS - 1);
    println!("| --- | --: | --: | --: | --: | --: |");
    for folders in [&["phishing"][..], &["ham", "ham-modern"], &["spam"]] {
        let mut messages = Vec::new();
        for folder in folders {
            for path in corpus_files(&shared.join("corpus/eml").join(folder)) {
                let bytes = std::fs::read(&path)?;
                if mailhound_message::is_message(&bytes) && !path.display().to_string().contains("LICENSE") {
                    messages.push(bytes);
                }
            }
        }
        println!("| {} | {} |{}", folders.join(", "), messages.len(), row(rules, &messages));
    }
    println!();
    Ok(())
}

fn row(rules: &RuleSet, messages: &[Vec<u8>]) -> String {
    let mut times = Vec::new();
    let (mut flagged, mut undetermined, mut decided, mut asked) = (0, 0, 0, 0);
    let mut inspector = rules.inspector();
    for round in 0..ROUNDS {
        let started = cpu();
        for message in messages {
            let report = inspector.inspect("", message);
            if round == 0 {
                flagged += usize::from(report.verdict == Verdict::Flagged);
                undetermined += usize::from(report.verdict == Verdict::Undetermined);
                decided += report.coverage.decided;
                asked += report.coverage.rules;
            }
        }
        if round > 0 {
            times.push(cpu() - started);
        }
    }
    let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    format!(
        " {:.0} | {:.1} % | {:.1} % | {:.1} % |",
        messages.len() as f64 / median(&mut times).as_secs_f64(),
        share(flagged, messages.len()),
        share(undetermined, messages.len()),
        share(decided, asked),
    )
}

/// Time that this thread has run; where the system does not tell it, the time that has passed. Other work on the machine disturbs the first less.
fn cpu() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    let start = START.get_or_init(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.as_deref().and_then(|line| line.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| start.elapsed(), Duration::from_nanos)
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

type Make = fn(usize) -> Vec<u8>;

/// What is doubled, how much of it there is at first, and how it is made.
pub const KINDS: &[(&str, usize, Make)] =
    &[("text", 20_000, text), ("html", 10_000, html), ("links", 1_000, links), ("parts", 200, parts), ("headers", 1_000, headers)];

/// What doubling one thing in a message costs.
fn growth(rules: &RuleSet) {
    println!("| doubled | size | time, then twice the size | ratio |");
    println!("| --- | --: | --: | --: |");
    for (name, size, make) in KINDS {
        let (once, twice) = (time(rules, &make(*size)), time(rules, &make(size * 2)));
        let ratio = twice.as_secs_f64() / once.as_secs_f64();
        println!("| {name} | {size} | {:.1} ms, {:.1} ms | {ratio:.2} |", once.as_secs_f64() * 1e3, twice.as_secs_f64() * 1e3);
    }
}

fn time(rules: &RuleSet, message: &[u8]) -> Duration {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let started = Instant::now();
            rules.inspect("", message);
            started.elapsed()
        })
        .collect();
    median(&mut times[1..])
}

const HEADER: &str = "From: Ann <ann@example.com>\nTo: bob@example.net\nSubject: Report\nDate: Mon, 5 Jan 2026 10:00:00 +0000\nMessage-ID: <1@example.com>\n";

fn message(header: &str, body: String) -> Vec<u8> {
    format!("{HEADER}{header}\n{body}").into_bytes()
}

/// `n` words of plain text.
fn text(n: usize) -> Vec<u8> {
    let mut body = String::new();
    for idx in 0..n {
        let _ = write!(body, "word{} account{}", idx % 977, if idx % 12 == 11 { ".\n" } else { " " });
    }
    message("Content-Type: text/plain; charset=utf-8\n", body)
}

/// `n` paragraphs of HTML.
fn html(n: usize) -> Vec<u8> {
    let mut body = String::from("<html><body>");
    for idx in 0..n {
        let _ = writeln!(body, "<div class=\"c{}\"><p>Paragraph <b>{idx}</b> of the report</p></div>", idx % 50);
    }
    message("Content-Type: text/html; charset=utf-8\n", body)
}

/// `n` links.
fn links(n: usize) -> Vec<u8> {
    let mut body = String::from("<html><body>");
    for idx in 0..n {
        let _ = writeln!(body, "<p><a href=\"https://host{idx}.example.org/path/{idx}?q={idx}\">Link {idx}</a></p>");
    }
    message("Content-Type: text/html; charset=utf-8\n", body)
}

/// `n` attachments.
fn parts(n: usize) -> Vec<u8> {
    let mut body = String::from("--b\nContent-Type: text/plain\n\nSee the files.\n");
    for idx in 0..n {
        let _ = write!(
            body,
            "--b\nContent-Type: text/plain; name=\"f{idx}.txt\"\nContent-Disposition: attachment; filename=\"f{idx}.txt\"\n\nRow {idx} of the table\n"
        );
    }
    body.push_str("--b--\n");
    message("Content-Type: multipart/mixed; boundary=b\n", body)
}

/// `n` header fields, each tenth a Received line.
fn headers(n: usize) -> Vec<u8> {
    let mut header = String::new();
    for idx in 0..n {
        let _ = match idx % 10 {
            0 => writeln!(
                header,
                "Received: from h{idx}.example.org ([192.0.2.1]) by mx{idx}.example.net with ESMTP id {idx}; Mon, 5 Jan 2026 10:00:00 +0000"
            ),
            _ => writeln!(header, "X-Field-{idx}: value {idx}"),
        };
    }
    message(&header, "Hello\n".to_owned())
}
