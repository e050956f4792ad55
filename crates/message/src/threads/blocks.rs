//! Blocks of header lines above a quote (reference mdm.md §14.4): where one ends.

use super::keys::{HeaderLine, Key, bare_line, has_name, header_line, is_wrapped};
use super::preamble;
use super::source::Source;
use std::collections::HashMap;

/// Longest line of a header block, in bytes; lists of addressees are long.
pub(super) const MAX_HEADER: usize = 4096;

/// Lines between two header keys of one block: the rest of a long value, or one blank line.
pub(super) const MAX_GAP: usize = 3;

/// Lines of one header block.
const MAX_BLOCK: usize = 40;

/// What a header block may begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum First {
    AuthorOrDate,
    /// Any key: a separator stands above.
    Any,
}

/// A header field as it stands in a message, with a hyphen in its name: `Auto-Submitted: auto-replied`.
fn is_field(line: &str) -> bool {
    let is_name = |name: &str| name.contains('-') && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    line.split_once(':').is_some_and(|(name, _)| is_name(name))
}

/// The lines in which header blocks are looked for, as depth of quotation and text.
pub(super) struct Blocks<'a> {
    lines: &'a [(usize, &'a str)],
    /// For lines behind the end of an element, the first line of the largest one that ends there.
    elements: HashMap<usize, usize>,
}

impl<'a> Blocks<'a> {
    /// `lines` are those of the source.
    pub(super) fn new(source: &Source<'_>, lines: &'a [(usize, &'a str)]) -> Blocks<'a> {
        let mut elements: HashMap<usize, usize> = HashMap::new();
        for block in source.html.iter().flat_map(|(_, rendering)| &rendering.blocks) {
            let first = elements.entry(block.lines.end).or_insert(block.lines.start);
            *first = block.lines.start.min(*first);
        }
        Blocks { lines, elements }
    }

    /// The end of a block of at least `min` different header lines at line `at`, the first one as `may_begin` says.
    pub(super) fn end(&self, at: usize, min: usize, may_begin: First) -> Option<usize> {
        let mut last = self.header(at)?;
        let is_first = matches!(last.key, Key::Author | Key::Date) && (!last.value.is_empty() || self.continues(at));
        if may_begin == First::AuthorOrDate && !is_first {
            return None;
        }
        let mut seen = vec![last.key];
        let mut end = at + 1;
        let mut is_spaced = false;
        while end - at < MAX_BLOCK {
            let Some((line, found)) = (end..=end + MAX_GAP).find_map(|line| Some((line, self.header(line)?))) else { break };
            let is_whole = seen.contains(&Key::Author) && seen.contains(&Key::Subject);
            let is_left = self.elements.get(&end).is_some_and(|first| *first <= at);
            let is_gap_blank = self.lines.get(end..line).is_some_and(|gap| matches!(gap, [(_, "")]));
            let is_bridged = match is_gap_blank || (is_left && end - at > 1) {
                // Behind a whole block a paragraph of the message begins, unless there is a blank line below each header line.
                true => is_spaced || !is_whole,
                false => self.is_rest(end, line, last, found, is_whole),
            };
            // A second author begins another quote.
            if (found.key != Key::Other && seen.contains(&found.key)) || !is_bridged {
                break;
            }
            is_spaced |= is_gap_blank;
            seen.push(found.key);
            end = line + 1;
            last = found;
        }
        // A journey has `From:`, `To:` and `Date:` as well: without a separator it takes a subject or an address to be mail.
        let is_mail = || seen.contains(&Key::Subject) || self.has_address(at, end);
        (seen.len() >= min && (may_begin == First::Any || is_mail())).then_some(end)
    }

    /// The end of a block of header lines without colons, which begins behind a separator at line `at`.
    pub(super) fn bare_end(&self, at: usize) -> Option<usize> {
        let mut seen: Vec<Key> = Vec::new();
        let mut end = at;
        while let Some(found) = self.lines.get(end).filter(|(_, text)| text.len() <= MAX_HEADER).and_then(|(_, text)| bare_line(text)) {
            let may_stand = if seen.is_empty() { preamble::begins_bare(found.key) } else { !seen.contains(&found.key) };
            if !may_stand || (seen.contains(&Key::Subject) && !self.lines[end].1.starts_with('|')) {
                break;
            }
            seen.push(found.key);
            end += 1;
        }
        (seen.len() >= 2 && (seen.contains(&Key::Subject) || self.has_address(at, end))).then_some(end)
    }

    fn header(&self, line: usize) -> Option<HeaderLine<'a>> {
        self.lines.get(line).filter(|(_, text)| text.len() <= MAX_HEADER).and_then(|(_, text)| header_line(text))
    }

    fn has_address(&self, at: usize, end: usize) -> bool {
        self.lines.get(at..end).is_some_and(|lines| lines.iter().any(|(_, text)| text.contains('@')))
    }

    /// True when the lines between the key `last` and the key `next` belong to the block: the rest of a value, or header lines of a
    /// language that is not known.
    fn is_rest(&self, from: usize, until: usize, last: HeaderLine<'_>, next: HeaderLine<'_>, is_whole: bool) -> bool {
        let Some(gap) = self.lines.get(from..until) else { return false };
        if gap.iter().any(|(_, text)| text.is_empty()) {
            return false;
        }
        let is_behalf = || {
            let all = gap.iter().fold(last.value.to_owned(), |all, (_, text)| format!("{all} {text}"));
            preamble::names_behalf(&all)
        };
        if !is_whole {
            return gap.len() <= 1
                || (last.key == Key::Author && is_behalf())
                || gap.iter().all(|(_, text)| text.contains(['@', ';', ',', '<']) || has_name(text));
        }
        let is_list = matches!(last.key, Key::Author | Key::To | Key::Cc | Key::Bcc);
        (from..until).zip(gap).all(|(line, (_, text))| {
            let above = self.lines.get(line - 1).map_or("", |(_, above)| above);
            let is_value = is_wrapped(above, text) || above.ends_with(';') || (last.value.is_empty() && line == from) || is_field(text);
            let is_listed = is_list && (text.contains(['@', ';', '<']) || above.ends_with([',', ';']));
            is_value || is_listed || (next.key != Key::Other && (has_name(text) || (is_list && text.contains(','))))
        })
    }

    /// A key whose value stands on the next line, as table cells come out.
    fn continues(&self, at: usize) -> bool {
        self.lines.get(at + 1).is_some_and(|(_, text)| !text.is_empty() && header_line(text).is_none())
    }
}
