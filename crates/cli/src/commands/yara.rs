//! `mailhound yara`: YARA rules on plain files.

use crate::Status;
use crate::arguments::Yara;
use crate::output::{Output, shown, style};
use anyhow::Result;
use mailhound_files::yara::{Match, Scanner};
use serde_json::json;
use std::path::Path;
use walkdir::WalkDir;

/// Strings of a match that text output shows.
const SHOWN_STRINGS: usize = 5;

/// Runs the command.
pub fn run(arguments: &Yara, output: &mut Output) -> Result<Status> {
    let mut status = Status::Done;
    let rules = super::explode::compile(&arguments.rules, &mut status, output)?;
    let mut scanner = rules.scanner();
    for path in &arguments.input {
        for entry in WalkDir::new(path).sort_by_file_name() {
            match entry {
                // In a folder only plain files: a link may lead anywhere, and a pipe never ends.
                Ok(entry) if entry.file_type().is_dir() || (entry.depth() > 0 && !entry.file_type().is_file()) => {}
                Ok(entry) => {
                    if !scan(&mut scanner, entry.path(), output)? {
                        status = status.max(Status::Unread);
                    }
                }
                Err(error) => {
                    status = status.max(Status::Unread);
                    let place = error.path().unwrap_or(path).display().to_string();
                    output.complain(&format!("{place}: cannot be read: {error}"));
                }
            }
        }
    }
    Ok(status)
}

/// Scans one file; false when it could not be read or scanned whole.
fn scan(scanner: &mut Scanner<'_>, path: &Path, output: &mut Output) -> Result<bool> {
    let source = path.display().to_string();
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            output.complain(&format!("{source}: cannot be read: {error}"));
            return Ok(false);
        }
    };
    match scanner.scan(&bytes) {
        Ok(matches) if output.is_text() => output.text(&text(&source, &matches))?,
        Ok(matches) => {
            let matches: Vec<_> = matches.iter().map(Match::json).collect();
            output.value(&json!({"source": source, "matches": matches}))?;
        }
        Err(missing) => {
            output.complain(&format!("{source}: not scanned: {missing}"));
            return Ok(false);
        }
    }
    Ok(true)
}

fn text(source: &str, matches: &[Match]) -> String {
    let (bad, dim) = (style::BAD, style::DIM);
    let mut text = String::new();
    for found in matches {
        let tags = if found.tags.is_empty() { String::new() } else { format!(" [{}]", found.tags.join(", ")) };
        text.push_str(&format!("{bad}{}{bad:#}{tags}  {}  {dim}{}{dim:#}\n", found.rule, shown(source), shown(&found.path)));
        for string in found.strings.iter().take(SHOWN_STRINGS) {
            text.push_str(&format!("  {dim}{} at {}, {} bytes{dim:#}\n", string.identifier, string.offset, string.length));
        }
    }
    text
}
