//! Attributions, the lines that name author and date of the quote below: `On Mon, Feb 3, 2025 at 7:09 AM Bob Roe <bob@example.com> wrote:`.
//!
//! They are told by what they hold rather than by one pattern for each program: a word for writing, a date, an address, and how they begin.

use super::calendar;
use super::dates::{self, Found, Order};
use super::keys::{is_blank, is_mark};
use super::said::{ENDS, ENGLISH, FILLERS, FROM, MIDDLES, NAMING, OPENINGS};
use std::ops::Range;

/// Longest attribution, in bytes, all its lines together.
pub(super) const MAX_TEXT: usize = 400;

/// Lines that an attribution may wrap over.
const MAX_WRAP: usize = 3;

/// Bytes before and behind the address of an attribution without a known word for writing.
const MAX_REMARK: usize = 40;

/// Characters before a date that an attribution begins with: a weekday.
const MAX_WEEKDAY: usize = 20;

/// What stands right below a line that may end an attribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Below {
    /// No quote that shows.
    Text,
    /// An element that may hold a quote.
    Element,
    /// Lines with more marks of quotation.
    Marks,
}

/// The first line of the attribution that ends with line `end`, not before line `floor`. Lines come as depth of quotation and text.
///
/// What begins right below tells how much of an attribution is enough.
pub(super) fn start(lines: &[(usize, &str)], end: usize, floor: usize, below: Below) -> Option<usize> {
    let &(depth, last) = lines.get(end)?;
    if !may_end(last.trim_end_matches(is_blank)) {
        return None;
    }
    let mut joined = String::new();
    let mut fallback = None;
    for start in (floor..=end).rev().take(MAX_WRAP) {
        let &(level, text) = lines.get(start)?;
        if level < depth || text.is_empty() || joined.len() + text.len() > MAX_TEXT {
            break;
        }
        joined = if joined.is_empty() { text.to_owned() } else { format!("{text} {joined}") };
        let said = Said::new(&joined);
        if level > depth {
            // A program broke the line and forgot the marks of the rest: only a whole attribution tells.
            return if said.has_opening && said.is_dated() { Some(start) } else { fallback };
        }
        if said.is_dated() {
            return Some(if said.has_opening { start } else { opening_above(lines, start, floor) });
        }
        if fallback.is_none() && (said.is_signed() || said.is_loose(below, start == end)) {
            fallback = Some(start);
        }
    }
    fallback
}

/// Attributions end in a colon; Zoho and Lotus Notes put dashes behind.
fn may_end(line: &str) -> bool {
    line.ends_with([':', '：']) || (line.starts_with("--") && line.ends_with("--")) || (line.ends_with('>') && line.starts_with("20"))
}

/// The line above, when the attribution begins there (`On Monday,` alone).
fn opening_above(lines: &[(usize, &str)], start: usize, floor: usize) -> usize {
    let above = start.checked_sub(1).filter(|above| *above >= floor).and_then(|above| lines.get(above));
    let begins = above.is_some_and(|&(depth, text)| {
        depth == lines[start].0 && text.len() < 60 && !text.ends_with(['.', ':', '!', '?']) && opening(text).is_some()
    });
    if begins { start - 1 } else { start }
}

fn opening(text: &str) -> Option<usize> {
    OPENINGS.iter().find(|opening| text.starts_with(**opening)).map(|opening| opening.len())
}

/// What the words of an attribution tell.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Attribution {
    /// As written: `Bob Roe <bob@example.com>`.
    pub(super) author: String,
    /// RFC 3339 in UTC.
    pub(super) date: Option<String>,
    pub(super) has_date: bool,
}

/// Reads an attribution, all its lines in one; `None` for other text.
pub(super) fn read(text: &str) -> Option<Attribution> {
    if let Some((author, date)) = stamp(text) {
        return Some(Attribution { author: author.to_owned(), date: date.instant, has_date: true });
    }
    let said = Said::new(text);
    let is_one = said.writing.is_some() || said.naming.is_some() || said.address.is_some() || said.is_dated();
    // Where the name ends is not known without a word for writing or an address; the date is.
    let is_dated = said.has_opening && said.date.is_some();
    (is_one || is_dated).then(|| Attribution {
        author: if is_one { said.author().to_owned() } else { String::new() },
        has_date: said.date.is_some(),
        date: said.date.as_ref().and_then(|date| date.instant.clone()),
    })
}

/// True for what GroupWise writes above a quote, behind three marks: `"Bob Roe" <bob@example.com> 04.03.25 14:32 >>>`.
pub(super) fn is_stamp(text: &str) -> bool {
    stamp(text).is_some()
}

/// Its author and its date, which is in figures and has a time of day.
fn stamp(text: &str) -> Option<(&str, Found)> {
    let inner = text.trim_end().strip_suffix(">>>").filter(|inner| inner.len() <= MAX_TEXT)?.trim_start_matches(['>', ' ']);
    let date = dates::find(inner, Order::Unknown)?;
    let (author, rest) = (inner.get(..date.range.start)?.trim(), inner.get(date.range.end..)?.trim());
    let figures = inner.get(date.range.clone())?.to_lowercase();
    let is_stamp = figures.contains(':') && figures.chars().all(|c| !c.is_alphabetic() || "apm".contains(c));
    (is_stamp && rest.is_empty() && author.contains(char::is_alphabetic)).then_some((author, date))
}

/// The parts of a line that may be an attribution.
struct Said {
    /// In one line, without colon and dashes at the ends.
    text: String,
    has_opening: bool,
    opening: usize,
    naming: Option<Range<usize>>,
    /// The words for writing.
    writing: Option<Range<usize>>,
    is_middle: bool,
    date: Option<Found>,
    /// Where an address ends, its bracket included.
    address: Option<Range<usize>>,
}

impl Said {
    fn new(text: &str) -> Said {
        let text: String = text.chars().filter(|c| !is_mark(*c)).collect();
        let text = text.split(is_blank).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        let text = text.trim_start_matches(['-', '>', '*', ' ']).trim_end_matches(['-', '*', ' ', ':', '：']);
        let text = without_message_id(text).to_owned();
        let naming = NAMING.iter().find(|naming| text.starts_with(**naming)).map(|naming| 0..naming.len());
        let (writing, is_middle) = writing(&text).map_or((None, false), |(range, is_middle)| (Some(range), is_middle));
        let is_other_language = |range: &Range<usize>| !ENGLISH.iter().any(|word| text[range.clone()].contains(word));
        let is_day_first = writing.as_ref().map_or(!text.is_ascii() && !text.starts_with("On "), is_other_language);
        let order = if is_day_first { Order::DayFirst } else { Order::Unknown };
        let is_worth_it = writing.is_some() || naming.is_some() || text.contains('@') || opening(&text).is_some();
        let date = if is_worth_it { dates::find(&text, order) } else { None };
        let opening = opening(&text).unwrap_or(0);
        let address = address(&text);
        Said { has_opening: opening > 0, opening, naming, writing, is_middle, date, address, text }
    }

    /// A date and a word for writing, or a date and an address alone, as an attribution orders them.
    fn is_dated(&self) -> bool {
        let Some(date) = &self.date else { return false };
        let begins = self.has_opening || self.text[..date.range.start].chars().count() <= MAX_WEEKDAY;
        match (&self.writing, &self.address) {
            (Some(_), Some(_)) => true,
            (Some(_), None) => begins,
            (None, Some(address)) => self.naming.is_some() || (begins && address.end == self.text.len() && date.range.end <= address.start),
            (None, None) => false,
        }
    }

    /// `Bob Roe <bob@example.com> wrote`, without a date.
    fn is_signed(&self) -> bool {
        let (Some(writing), Some(address)) = (&self.writing, &self.address) else { return false };
        !self.is_middle && address.end <= writing.start && self.text[address.end..writing.start].trim_matches([' ', ',', ')']).is_empty()
    }

    /// A word for writing, words that name an author or a date: enough when a quote follows. Above marks of quotation an address in a
    /// line of few words is.
    fn is_loose(&self, below: Below, is_line: bool) -> bool {
        let is_told =
            self.writing.is_some() || self.naming.is_some() || (self.date.is_some() && (self.has_opening || self.address.is_some()));
        match below {
            Below::Text => false,
            // `A visitor said:` stands above many a block of text that is no mail.
            Below::Element => is_told && (self.date.is_some() || self.address.is_some() || !self.is_said()),
            Below::Marks => is_told || (is_line && self.has_few_words()),
        }
    }

    fn is_said(&self) -> bool {
        self.writing.as_ref().and_then(|words| self.text.get(words.clone())).is_some_and(|words| words.ends_with("said"))
    }

    /// A name, an address and a short remark, but no sentence.
    fn has_few_words(&self) -> bool {
        let Some(address) = &self.address else { return false };
        let around = (self.text.get(..address.start), self.text.get(address.end..));
        let (Some(before), Some(after)) = around else { return false };
        before.len() <= MAX_REMARK && after.len() <= MAX_REMARK && !before.contains(". ") && !after.contains(['.', '!', '?'])
    }

    /// The author: what is left when date and words for writing are taken out.
    fn author(&self) -> &str {
        let date = self.date.as_ref().map(|date| date.range.clone());
        let cuts = [Some(0..self.opening), self.naming.clone(), date, self.writing.clone()];
        let mut cuts: Vec<Range<usize>> = cuts.into_iter().flatten().collect();
        cuts.sort_by_key(|cut| cut.start);
        let mut pieces = Vec::new();
        let mut at = 0;
        for cut in cuts {
            pieces.push(at..cut.start.max(at));
            at = at.max(cut.end);
        }
        pieces.push(at..self.text.len());
        let mut rest = pieces.into_iter().filter_map(|piece| self.named(piece)).peekable();
        let first = rest.peek().copied().unwrap_or_default();
        rest.find(|piece| piece.contains('@')).unwrap_or(first)
    }

    /// A piece without what stands around a name; `None` when nothing is left.
    fn named(&self, piece: Range<usize>) -> Option<&str> {
        let end =
            self.address.as_ref().filter(|address| piece.start <= address.start && address.end <= piece.end).map(|address| address.end);
        let signs = |c: char| is_blank(c) || ",.;:()-–—、，．[]".contains(c);
        let mut text = self.text.get(piece.start..end.unwrap_or(piece.end))?.trim_start_matches(signs);
        while let Some(word) = text.split([' ', ',', '.', '(']).next().filter(|word| is_filler(word) && word.len() < text.len()) {
            text = text[word.len()..].trim_start_matches(signs);
        }
        // `by bob@example.com` names nobody else; `von Bülow` is a name.
        let bare = text.split_once(' ').filter(|(word, rest)| FROM.contains(word) && !rest.contains(' ')).map(|(_, rest)| rest);
        let text = bare.filter(|_| end.is_some()).unwrap_or(text);
        let text = if end.is_some() { text } else { text.trim_end_matches(|c| signs(c) && c != ')' && c != '.') };
        let words = text.split([' ', ',', '.', '(', ')']).filter(|word| !word.is_empty());
        let is_empty = words.clone().count() == 0 || words.clone().all(is_filler);
        let is_weekday = words.clone().count() == 1 && words.clone().all(|word| calendar::is_weekday(&word.to_lowercase()));
        let is_before_date = self.date.as_ref().is_some_and(|date| piece.end <= date.range.start);
        let is_name = !is_empty && (!is_weekday || !is_before_date);
        is_name.then_some(text)
    }
}

/// `In message <ID>, Bob Roe wrote` without what is no address.
fn without_message_id(text: &str) -> &str {
    let id = ["In message <", "In article <"].iter().find_map(|words| text.strip_prefix(words));
    id.and_then(|id| id.split_once('>')).map_or(text, |(_, rest)| rest.trim_start_matches([',', ' ']))
}

fn is_filler(word: &str) -> bool {
    FILLERS.contains(&word.to_lowercase().as_str())
}

/// Where the words for writing stand, and whether author or date follow them.
fn writing(text: &str) -> Option<(Range<usize>, bool)> {
    // `Bob escreveu (segunda, 3/02/2025 à(s) 07:09)`
    let head = text.strip_suffix(')').and_then(|text| text.find(" (").filter(|at| text.len() - at < 100).map(|at| (at, text)));
    let ends = |text: &str| {
        ENDS.iter().find_map(|word| {
            let before = text.strip_suffix(word)?;
            let is_word = !before.ends_with(char::is_alphanumeric) || !word.is_ascii() && !word.starts_with(|c: char| c.is_lowercase());
            is_word.then_some(before.len()..text.len())
        })
    };
    if let Some(range) = ends(text) {
        return Some((widened(text, range), false));
    }
    if let Some(range) = head.and_then(|(_, text)| text.match_indices(" (").find_map(|(at, _)| ends(&text[..at]))) {
        return Some((range, true));
    }
    MIDDLES.iter().find_map(|words| text.find(words).map(|at| (at..at + words.len(), true)))
}

/// The words for writing with those that stand before them apart from the name (`, skrev`).
fn widened(text: &str, range: Range<usize>) -> Range<usize> {
    let before = text[..range.start].trim_end_matches([' ', ',']);
    before.len()..range.end
}

/// The first mail address with its brackets.
fn address(text: &str) -> Option<Range<usize>> {
    let at = text.match_indices('@').map(|(at, _)| at).find(|at| {
        let before = text[..*at].chars().next_back();
        let after = text[at + 1..].chars().next();
        before.is_some_and(|c| !c.is_whitespace()) && after.is_some_and(char::is_alphanumeric)
    })?;
    let is_edge = |c: char| c.is_whitespace() || "<>()[]\",;、，".contains(c);
    let start = text[..at].rfind(is_edge).map_or(0, |edge| edge + text[edge..].chars().next().map_or(1, char::len_utf8));
    let mut end = text[at..].find(is_edge).map_or(text.len(), |edge| at + edge);
    // `bob@example.com<mailto:bob@example.com>` is how Outlook writes a link as text.
    if let Some(link) = text[end..].trim_start().strip_prefix("<mailto:") {
        end = text.len() - link.len() + link.find('>').unwrap_or(link.len());
    }
    end += text[end..].chars().take_while(|c| matches!(c, '>' | ')' | ']' | '"')).map(char::len_utf8).sum::<usize>();
    Some(start..end)
}
