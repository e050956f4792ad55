//! Where a quote begins by its words (reference mdm.md §14.4): attribution lines, separators, header blocks, marks of quotation.

use super::attribution::{self, Below};
use super::blocks::{Blocks, First, MAX_GAP, MAX_HEADER};
use super::cuts::Cut;
use super::keys::is_blank;
use super::markers::{Marker, marker};
use super::preamble;
use super::source::Source;

/// Longest line that can introduce a quote, in bytes.
const MAX_LINE: usize = 400;

/// Lines of one body that are looked at as attributions.
const MAX_ATTRIBUTIONS: usize = 2000;

/// All places where the words of the lines show a quote. `quoted` tells of a line whether the markup begins a quote there.
pub(super) fn find(source: &Source<'_>, quoted: impl Fn(usize) -> bool) -> Vec<Cut> {
    let lines: Vec<(usize, &str)> = (0..source.lines.len()).map(|line| source.quote(line)).collect();
    let is_html = source.html.is_some();
    let blocks = Blocks::new(source, &lines);
    let mut finder = Finder { lines: &lines, blocks, cuts: Vec::new(), floor: 0, attributions_left: MAX_ATTRIBUTIONS };
    let mut at = 0;
    while at < lines.len() {
        let end = finder.introduction(at, &quoted);
        finder.floor = finder.floor.max(end.unwrap_or(0));
        at = end.unwrap_or(0).max(at + 1);
    }
    let mut cuts = finder.cuts;
    cuts.extend(marked_runs(&lines, is_html));
    cuts
}

/// Quotes above the end of a forwarded message among which its beginning is looked for.
const MAX_FORWARDS: usize = 20;

/// The way through the lines.
struct Finder<'a> {
    lines: &'a [(usize, &'a str)],
    blocks: Blocks<'a>,
    cuts: Vec<Cut>,
    /// The first line that belongs to no introduction yet.
    floor: usize,
    attributions_left: usize,
}

impl Finder<'_> {
    /// Notes the introduction of a quote at line `at`, or one that ends there; the line behind it.
    fn introduction(&mut self, at: usize, quoted: impl Fn(usize) -> bool) -> Option<usize> {
        let &(depth, line) = self.lines.get(at)?;
        if line.is_empty() || line.len() > MAX_HEADER {
            return None;
        }
        let (start, end) = match marker(line) {
            Some(Marker::End) => {
                let last = self.cuts.iter_mut().rev().take(MAX_FORWARDS).find(|cut| cut.end.is_none() && self.lines[cut.start].0 == depth);
                last.into_iter().for_each(|cut| cut.end = Some(at + 1));
                return None;
            }
            Some(Marker::Begin { rest: "" }) => {
                let next = next_text(self.lines, at + 1);
                (at, self.blocks.end(next, 1, First::Any).or_else(|| self.blocks.bare_end(next)).unwrap_or(at + 1))
            }
            Some(Marker::Begin { .. }) => (at, at + 1),
            None if is_rule(line) => (at, self.blocks.end(next_text(self.lines, at + 1), 2, First::AuthorOrDate)?),
            None if line.starts_with(">>>") && attribution::is_stamp(line) => (at, at + 1),
            None => self.without_marker(at, line, quoted)?,
        };
        self.cuts.push(Cut { start, preamble: start..end, end: None });
        Some(end)
    }

    fn without_marker(&mut self, at: usize, line: &str, quoted: impl Fn(usize) -> bool) -> Option<(usize, usize)> {
        if let Some(end) = self.blocks.end(at, 3, First::AuthorOrDate) {
            return Some((self.heading(at), end));
        }
        if line.len() > MAX_LINE || self.attributions_left == 0 || !line.trim_end_matches(is_blank).ends_with([':', '：', '-', '>', '*']) {
            return None;
        }
        self.attributions_left -= 1;
        let next = next_text(self.lines, at + 1);
        let is_deeper = self.lines.get(next).is_some_and(|(depth, text)| *depth > self.lines[at].0 && !text.is_empty());
        let below = match () {
            () if is_deeper => Below::Marks,
            () if quoted(at + 1) => Below::Element,
            () => Below::Text,
        };
        let start = attribution::start(self.lines, at, self.floor, below)?;
        // Notes writes the attribution between dashes and header lines below it.
        let below = if line.starts_with('-') { self.blocks.end(next, 2, First::Any) } else { None };
        Some((start, below.unwrap_or(at + 1)))
    }

    /// The line above a header block that announces it (`Forwarded message:`, `Bob Roe ---02/03/2025 07:09:00 AM---Hello`,
    /// `Message du 03/02/25 07:09`), or the block.
    fn heading(&self, at: usize) -> usize {
        let above = (self.floor..at).rev().take(2).find(|&line| !self.lines[line].1.is_empty());
        let announces = |line: &usize| {
            let text = self.lines[*line].1.trim();
            let has_stamp = || {
                text.split_once(" ---").is_some_and(|(_, stamp)| stamp.starts_with(|c: char| c.is_ascii_digit()) && stamp.contains("---"))
            };
            text.len() <= MAX_LINE
                && (text.eq_ignore_ascii_case("forwarded message:") || has_stamp() || preamble::dated_heading(text).is_some())
        };
        above.filter(announces).unwrap_or(at)
    }
}

/// Ten underscores or more, as Outlook puts above the header lines of plain text.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 10 && line.bytes().all(|byte| byte == b'_')
}

fn next_text(lines: &[(usize, &str)], from: usize) -> usize {
    (from..lines.len().min(from + MAX_GAP)).find(|&line| !lines[line].1.is_empty()).unwrap_or(from)
}

/// Marks without any text, and a line between marks of both kinds (`>>> Click here <<<`).
fn is_ornament(run: &[(usize, &str)]) -> bool {
    let bare = |text: &str| text.chars().all(|c| c == '>' || c.is_whitespace());
    run.iter().all(|(_, text)| bare(text)) || matches!(run, [(_, text)] if text.ends_with('<'))
}

/// Runs of lines with marks of quotation. In HTML such a mark is often an ornament: there a run has three lines or more.
fn marked_runs(lines: &[(usize, &str)], is_html: bool) -> Vec<Cut> {
    let min = if is_html { 3 } else { 1 };
    let mut cuts: Vec<Cut> = Vec::new();
    let mut open: Vec<(usize, usize)> = Vec::new(); // depth and number of the cut
    let mut last_text = 0;
    for (at, &(depth, text)) in lines.iter().enumerate() {
        // An empty line says nothing about where a quote ends; `>From` is how mailbox files keep a line that begins with `From`.
        if (depth == 0 && text.is_empty()) || is_mailbox_escape(lines, at) {
            continue;
        }
        while open.last().is_some_and(|&(level, _)| level > depth) {
            if let Some((_, cut)) = open.pop() {
                cuts[cut].end = Some(last_text + 1);
            }
        }
        if depth > open.last().map_or(0, |&(level, _)| level) {
            open.push((depth, cuts.len()));
            cuts.push(Cut { start: at, preamble: at..at, end: None });
        }
        last_text = at;
    }
    cuts.retain(|cut| {
        let run = lines.get(cut.start..cut.end.unwrap_or(lines.len())).unwrap_or_default();
        run.len() >= min && !is_ornament(run)
    });
    cuts
}

fn is_mailbox_escape(lines: &[(usize, &str)], at: usize) -> bool {
    let depth = |at: Option<usize>| at.and_then(|at| lines.get(at)).map_or(0, |(depth, _)| *depth);
    let (own, text) = lines[at];
    own == 1 && text.starts_with("From ") && depth(at.checked_sub(1)) == 0 && depth(Some(at + 1)) == 0
}
