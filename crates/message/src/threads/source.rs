//! The lines of a body with their links, out of HTML or plain text.

use super::attribution;
use crate::model::Banner;
use mailhound_objects::html::{Document, Rendering};
use mailhound_objects::{Link, link};
use mailhound_value::Limits;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// Marks of quotation that count; deeper ones are as deep as this.
const MAX_DEPTH: usize = 50;

/// A body as lines.
pub(super) struct Source<'a> {
    /// The lines; those of HTML are trimmed and never empty.
    pub(super) lines: Vec<&'a str>,
    /// The document, when the lines are its rendering.
    pub(super) html: Option<(&'a Document, &'a Rendering)>,
    links: HashMap<usize, Vec<Arc<Link>>>,
    /// Lines whose last marks belong to their words, with the number of those.
    own_marks: HashMap<usize, usize>,
}

impl<'a> Source<'a> {
    pub(super) fn html(document: &'a Document, limits: &Limits) -> Source<'a> {
        let rendering = document.rendering();
        let lines: Vec<&str> = rendering.lines.iter().map(|line| line.text.as_str()).collect();
        let last = lines.len().saturating_sub(1);
        let mut links: HashMap<usize, Vec<Arc<Link>>> = HashMap::new();
        for (line, link) in document.placed_links(limits) {
            links.entry((*line).min(last)).or_default().push(Arc::clone(link));
        }
        let own_marks = own_marks(&lines);
        Source { lines, html: Some((document, rendering)), links, own_marks }
    }

    pub(super) fn plain(text: &'a str, placed: &[(usize, Arc<Link>)]) -> Source<'a> {
        let mut starts = Vec::new();
        let mut lines = Vec::new();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            starts.push(at);
            lines.push(line.trim_end());
            at += line.len();
        }
        let mut links: HashMap<usize, Vec<Arc<Link>>> = HashMap::new();
        for (place, link) in placed {
            let line = starts.partition_point(|start| start <= place).saturating_sub(1);
            links.entry(line).or_default().push(Arc::clone(link));
        }
        let own_marks = own_marks(&lines);
        Source { lines, html: None, links, own_marks }
    }

    /// The links of a line, in order.
    pub(super) fn links(&self, line: usize) -> &[Arc<Link>] {
        self.links.get(&line).map_or(&[], Vec::as_slice)
    }

    /// How many marks of quotation a line begins with, and what follows them.
    pub(super) fn quote(&self, line: usize) -> (usize, &'a str) {
        let text = self.lines.get(line).copied().unwrap_or_default();
        let (depth, rest) = quote_depth(text);
        self.own_marks.get(&line).map_or((depth, rest), |own| split_marks(text, depth.saturating_sub(*own)))
    }

    /// The line with up to `depth` marks of quotation taken off.
    pub(super) fn unquoted(&self, line: usize, depth: usize) -> &'a str {
        let text = self.lines.get(line).copied().unwrap_or_default();
        let depth = if self.own_marks.contains_key(&line) { depth.min(self.quote(line).0) } else { depth };
        (0..depth).fold(text, |text, _| text.trim_start().strip_prefix('>').map_or(text, |rest| rest.strip_prefix(' ').unwrap_or(rest)))
    }

    pub(super) fn banner(&self, lines: Range<usize>) -> Banner {
        let text: Vec<&str> = lines.clone().map(|line| self.unquoted(line, MAX_DEPTH).trim()).collect();
        let links = lines.flat_map(|line| self.links(line)).cloned().collect();
        Banner { text: text.join("\n").trim().to_owned(), links: link::unique(links) }
    }
}

/// Marks that are part of the words behind them: the one that closes an address when the line broke inside it (`Ann <ann@example.org` above
/// `> wrote:`, Gmail), and the three before the name of an author ([`attribution::is_stamp`]).
fn own_marks(lines: &[&str]) -> HashMap<usize, usize> {
    let mut own = HashMap::new();
    let mut above = (0, "");
    for (at, line) in lines.iter().enumerate() {
        let (depth, text) = quote_depth(line);
        if depth == above.0 + 1 && text.ends_with([':', '：']) && text.len() <= attribution::MAX_TEXT && is_open_address(above.1) {
            own.insert(at, 1);
        } else if depth >= 3
            && attribution::is_stamp(text)
            && line.strip_suffix(text).is_some_and(|marks| marks.trim_end().ends_with(">>>"))
        {
            own.insert(at, 3);
        }
        above = (depth, text);
    }
    own
}

/// Bytes of the longest mail address (RFC 5321 §4.5.3.1).
const MAX_ADDRESS: usize = 254;

/// True for a line that ends in an address whose bracket is not closed.
fn is_open_address(line: &str) -> bool {
    let address = line.rsplit_once('<').map_or("", |(_, address)| address);
    address.contains('@') && address.len() <= MAX_ADDRESS && !address.contains(|c: char| c == '>' || c.is_whitespace())
}

/// How many marks of quotation a line begins with, and what follows them.
pub(super) fn quote_depth(line: &str) -> (usize, &str) {
    split_marks(line, MAX_DEPTH)
}

/// The same with `max` marks at most.
fn split_marks(line: &str, max: usize) -> (usize, &str) {
    let mut depth = 0;
    let mut rest = line.trim_start();
    while let Some(after) = rest.strip_prefix('>').filter(|_| depth < max) {
        depth += 1;
        rest = after.trim_start();
    }
    (depth, rest)
}
