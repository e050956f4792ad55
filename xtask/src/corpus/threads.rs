//! Answers of the corpus: is the quoted part found?
//!
//! An answer has In-Reply-To and shows quoted text in its first plain or HTML part. What shows quoted text is decided here without the
//! segmentation: a line that begins with a mark of quotation or ends in `wrote:`, a dashed line with `Original Message`, two header lines
//! one below the other, or a quoting element of a mail program.

use super::{Outcome, files};
use anyhow::Result;
use mailhound_message::{Message, Options, parse};
use std::path::Path;

/// Answers of `corpus/eml/ham` whose quoted part must be found.
const MIN_FOUND: usize = 140;

/// Answers of `corpus/eml/ham-modern`, likewise.
const MIN_FOUND_MODERN: usize = 263;

/// Forwards whose author must be found.
const MIN_FORWARDS: usize = 33;

/// Runs the checks.
pub fn check(shared: &Path) -> Result<Vec<Outcome>> {
    let ham = Counted::of(&shared.join("corpus/eml/ham"))?;
    let modern = Counted::of(&shared.join("corpus/eml/ham-modern"))?;
    let forwards = forwards(&shared.join("corpus/eml/ham-modern/forward-parser-wrapped"))?;
    Ok(vec![ham.outcome("ham", MIN_FOUND), modern.outcome("ham-modern", MIN_FOUND_MODERN), forwards])
}

/// Answers of a folder.
struct Counted {
    answers: usize,
    missed: Vec<String>,
}

impl Counted {
    fn of(folder: &Path) -> Result<Counted> {
        let mut counted = Counted { answers: 0, missed: Vec::new() };
        for path in messages(folder) {
            let message = parse(&std::fs::read(&path)?, &Options::default());
            if message.headers.in_reply_to.is_none() || !shows_quote(&message) {
                continue;
            }
            counted.answers += 1;
            if message.body.previous_threads().is_ok_and(|list| list.is_empty()) {
                counted.missed.push(format!("no quoted message found: {}", path.display()));
            }
        }
        Ok(counted)
    }

    fn found(&self) -> usize {
        self.answers - self.missed.len()
    }

    fn outcome(self, name: &str, min: usize) -> Outcome {
        let holds = self.found() >= min;
        let share = self.found() * 1000 / self.answers.max(1);
        let line = format!(
            "{name}: the quoted part is found in {} of {} answers with quoted text ({}.{} %)",
            self.found(),
            self.answers,
            share / 10,
            share % 10
        );
        Outcome { line, holds, details: self.missed }
    }
}

/// Forwards that many programs made in many languages: each is one quoted message.
fn forwards(folder: &Path) -> Result<Outcome> {
    let (mut all, mut missed) = (0, Vec::new());
    for path in messages(folder) {
        let message = parse(&std::fs::read(&path)?, &Options::default());
        all += 1;
        let author = message.body.previous_threads().ok().and_then(|list| list.first()?.sender.clone());
        if author.is_none_or(|author| author.email.email.is_empty()) {
            missed.push(format!("no author of a forwarded message: {}", path.display()));
        }
    }
    let found = all - missed.len();
    let line = format!("ham-modern forwards: the forwarded message and its author are found in {found} of {all}");
    Ok(Outcome { line, holds: found >= MIN_FORWARDS, details: missed })
}

fn messages(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut paths = files(folder);
    paths.retain(|path| path.extension().is_none_or(|kind| kind != "md" && kind != "tsv") && !path.to_string_lossy().contains("LICENSE"));
    paths
}

fn shows_quote(message: &Message) -> bool {
    let shows = |text: &str| has_marks(text) || has_header_lines(text) || has_introduction(text);
    let plain = message.body.plain.as_ref().is_some_and(|part| shows(&part.raw));
    plain || message.body.html.as_ref().is_some_and(|part| has_quoting_element(&part.raw))
}

/// A line that begins with `>`; `>From` alone is how mailbox files keep a line that begins with `From`.
fn has_marks(text: &str) -> bool {
    text.lines().any(|line| line.starts_with('>') && !line.starts_with(">From "))
}

/// A line that ends in `wrote:`, or `Original Message` between dashes.
fn has_introduction(text: &str) -> bool {
    text.lines().map(str::trim).any(|line| {
        line.ends_with(" wrote:") || (line.starts_with("--") && line.ends_with("--") && line.to_lowercase().contains("original message"))
    })
}

/// `From:` with `Sent:`, `Date:`, `To:` or `Subject:` right below.
fn has_header_lines(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(|line| line.trim_start_matches(['>', ' ', '*'])).collect();
    let below = ["Sent:", "Date:", "To:", "Subject:"];
    lines.windows(2).any(|two| two[0].starts_with("From:") && below.iter().any(|key| two[1].starts_with(key)))
}

/// An element that mail programs put around what they quote.
fn has_quoting_element(html: &str) -> bool {
    let html = html.to_ascii_lowercase();
    ["gmail_quote", "divrplyfwdmsg", "moz-cite-prefix", "yahoo_quoted", "type=\"cite\"", "type=cite"].iter().any(|mark| html.contains(mark))
}
