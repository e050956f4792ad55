//! What more of something costs: more of one thing in a message, more rules, one long text.

use super::{feed, feed_files, inspect_all, messages, timed};
use anyhow::Result;
use mailhound_engine::{Builder, RuleSet, Settings};
use std::fmt::Write;
use std::path::Path;
use std::time::{Duration, Instant};

type Make = fn(usize) -> Vec<u8>;

/// What is doubled, how much of it there is at first, and how it is made.
pub const KINDS: &[(&str, usize, Make)] =
    &[("text", 20_000, text), ("html", 10_000, html), ("links", 900, links), ("parts", 200, parts), ("headers", 1_000, headers)];

/// Bytes of the longest text that is tried.
const LONG: usize = 10_000_000;

/// Prints the tables.
pub fn run(shared: &Path) -> Result<()> {
    let rules = feed(shared, Settings::default())?;
    println!("| more of | from | time | twice as much | ten times as much |");
    println!("| --- | --: | --: | --: | --: |");
    for (name, size, make) in KINDS {
        let [once, twice, ten] = [1, 2, 10].map(|times| time(&rules, &make(size * times)).as_secs_f64());
        println!("| {name} | {size} | {:.1} ms | {:.2} times | {:.2} times |", once * 1e3, twice / once, ten / once);
    }
    let words = LONG / text(1_000).len() * 1_000;
    let long = text(words);
    println!("\na text of {:.1} MB: {:.2} s", long.len() as f64 / 1e6, time(&rules, &long).as_secs_f64());
    twice_the_rules(shared, &rules)
}

/// The feed, and the feed with a copy of each rule under another name.
fn twice_the_rules(shared: &Path, once: &RuleSet) -> Result<()> {
    let mut builder = Builder::new(Settings::default());
    for (path, text) in feed_files(shared)? {
        builder.add_mql(&path, &text);
        builder.add_mql(&format!("copy of {path}"), &renamed(&text));
    }
    let twice = builder.build();
    let phishing = messages(shared, &["phishing"])?;
    let rate = |rules: &RuleSet| {
        let mut inspector = rules.inspector();
        timed(|| inspect_all(&mut inspector, &phishing)).as_secs_f64()
    };
    let (one, two) = (rate(once), rate(&twice));
    println!(
        "{} rules, of which the second half are the first under other names and ids: {:.1} % more time for each message\n",
        twice.rules().len(),
        100.0 * (two / one - 1.0)
    );
    Ok(())
}

/// The rule file under another name and id.
fn renamed(text: &str) -> String {
    let line = |line: &str| match line.split_once(": ") {
        Some((key @ ("name" | "id"), value)) => format!("{key}: {}\n", value.replacen('"', "\"Copy of ", 1)),
        _ => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

fn time(rules: &RuleSet, message: &[u8]) -> Duration {
    let mut inspector = rules.inspector();
    let started = Instant::now();
    inspector.inspect("", message);
    // The clock of a thread ticks every few milliseconds.
    let times = (Duration::from_millis(50).as_nanos() / started.elapsed().as_nanos().max(1)).clamp(1, 1000) as u32;
    timed(|| (0..times).for_each(|_| drop(inspector.inspect("", message)))) / times
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
