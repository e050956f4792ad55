//! From the places where quotes begin to segments: nearby finds are one, quotes that end give the word back to what they stand in.

use super::markers::{Marker, marker};
use super::quotes;
use super::source::Source;
use super::structure::{self, Structure};
use mailhound_value::Limits;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Finds that are at most so many lines apart speak of the same quote (reference mdm.md §14.3).
const NEAR: usize = 3;

/// A place where a quote begins.
#[derive(Clone, Debug)]
pub(super) struct Cut {
    /// The first line that belongs to it.
    pub(super) start: usize,
    /// The header lines, perhaps none.
    pub(super) preamble: Range<usize>,
    /// The first line behind it, when the quote shows where it ends.
    pub(super) end: Option<usize>,
}

/// The lines of one segment.
#[derive(Debug, Default)]
pub(super) struct Piece {
    pub(super) preamble: Vec<usize>,
    pub(super) lines: Vec<usize>,
    /// Marks of quotation that its lines carry.
    pub(super) depth: usize,
}

/// The segments in the order in which they begin, the first being what stands outside of all quotes; and whether there were more than the limit.
pub(super) fn pieces(source: &Source<'_>, limits: &Limits) -> (Vec<Piece>, bool) {
    let Structure { mut cuts, perhaps } = structure::find(source);
    let starts: HashSet<usize> = cuts.iter().filter(|cut| cut.preamble.is_empty()).map(|cut| cut.start).collect();
    let perhaps: HashMap<usize, usize> = perhaps.into_iter().rev().map(|lines| (lines.start, lines.end)).collect();
    let worded = quotes::find(source, |line| starts.contains(&line) || perhaps.contains_key(&line));
    // A quoting element right below an introduction holds the quote; so does one that begins with it and goes on.
    let holds = |start: usize, end: usize| (start..end).take(NEAR).any(|line| !is_silent(source, line));
    cuts.extend(worded.iter().filter(|cut| !cut.preamble.is_empty()).filter_map(|cut| {
        let head = cut.preamble.end;
        let around = perhaps.get(&cut.start).filter(|end| holds(head, **end)).map(|end| (cut.start, *end));
        let (start, end) = perhaps.get(&head).map(|end| (head, *end)).or(around)?;
        Some(Cut { start, preamble: start..start, end: Some(end) })
    }));
    cuts.extend(worded);
    let mut cuts = merge(source, cuts);
    let max = limits.message_threads.saturating_sub(1);
    let is_cut = cuts.len() > max;
    cuts.truncate(max);
    (assign(source, &cuts), is_cut)
}

/// One cut for each quote.
fn merge(source: &Source<'_>, mut cuts: Vec<Cut>) -> Vec<Cut> {
    // A quote without header lines comes first: the lines above it may introduce it, while those at its start belong to what it quotes.
    cuts.sort_by_key(|cut| (cut.start, !cut.preamble.is_empty(), cut.preamble.end));
    let mut merged: Vec<Cut> = Vec::with_capacity(cuts.len());
    for cut in cuts {
        match merged.last_mut() {
            Some(last) if is_same(source, last, &cut) => join(last, cut),
            _ => merged.push(cut),
        }
    }
    reopen(source, &mut merged);
    merged
}

/// Quotes that end with their header lines go on in what they stand in: iOS may write an attribution one mark deeper than its text.
fn reopen(source: &Source<'_>, cuts: &mut [Cut]) {
    let mut outer = 0; // where the quotes above end
    for cut in cuts {
        let head = cut.preamble.end;
        let is_empty = |end: usize| end.saturating_sub(head) <= NEAR && (head..end).all(|line| is_silent(source, line));
        if let Some(end) = cut.end.filter(|end| !cut.preamble.is_empty() && is_empty(*end))
            && is_above_text(source, cut.start, end, end < outer)
        {
            cut.end = None;
        }
        outer = outer.max(cut.end.unwrap_or(usize::MAX));
    }
}

/// True when the text from line `end` on has one mark less than line `start`, and stands in a quote or begins with the mark that iOS puts
/// there. Elsewhere it is an answer to a quote that was taken out.
fn is_above_text(source: &Source<'_>, start: usize, end: usize, is_inside: bool) -> bool {
    let Some(text) = (end..source.lines.len().min(end + NEAR)).find(|&line| !is_silent(source, line)) else { return false };
    let ((depth, words), above) = (source.quote(text), source.quote(start).0);
    (depth + 1 == above || (source.html.is_some() && depth == above)) && (is_inside || words.starts_with('\u{feff}'))
}

/// A line that says nothing.
fn is_silent(source: &Source<'_>, line: usize) -> bool {
    matches!(source.quote(line).1.trim(), "" | "*") || is_rule(source, line)
}

/// True when `next`, which does not begin before `last`, is another find of the same quote: nothing is said between the two.
fn is_same(source: &Source<'_>, last: &Cut, next: &Cut) -> bool {
    if !last.preamble.is_empty() && !next.preamble.is_empty() {
        // A separator says nothing of the author: the attribution below it is of the same quote.
        let is_separator = last.preamble.len() == 1 && is_begin(source, last.preamble.start);
        if next.preamble.start < last.preamble.end || !is_separator {
            return next.preamble.start < last.preamble.end;
        }
    }
    let from = last.preamble.end.max(last.start);
    let until = next.start.max(from);
    until - from <= NEAR && (from..until).all(|line| is_silent(source, line))
}

fn join(last: &mut Cut, next: Cut) {
    last.preamble = match (last.preamble.is_empty(), next.preamble.is_empty()) {
        (true, _) => next.preamble,
        (false, true) => last.preamble.clone(),
        (false, false) => last.preamble.start..last.preamble.end.max(next.preamble.end),
    };
    last.end = match (last.end, next.end) {
        (Some(one), Some(other)) => Some(one.max(other)),
        (one, other) => one.or(other),
    };
}

/// A segment that is open while the lines are gone through.
struct Open {
    piece: usize,
    end: usize,
    /// The quote without header lines that was opened in it: what is quoted further down goes on with that.
    quoted: Option<usize>,
}

fn assign(source: &Source<'_>, cuts: &[Cut]) -> Vec<Piece> {
    let mut pieces = vec![Piece::default()];
    let mut open = vec![Open { piece: 0, end: usize::MAX, quoted: None }];
    let mut cuts = cuts.iter().peekable();
    let mut preamble = 0..0;
    for line in 0..source.lines.len() {
        while open.len() > 1 && open.last().is_some_and(|top| top.end <= line) {
            open.pop();
        }
        while let Some(cut) = cuts.next_if(|cut| cut.start <= line) {
            begin(source, cut, &mut pieces, &mut open);
            preamble = cut.preamble.clone();
        }
        let Some(top) = open.last() else { continue };
        let piece = &mut pieces[top.piece];
        if preamble.contains(&line) {
            if !is_rule(source, line) {
                piece.preamble.push(line);
            }
        } else {
            piece.lines.push(line);
        }
    }
    pieces
}

fn begin(source: &Source<'_>, cut: &Cut, pieces: &mut Vec<Piece>, open: &mut Vec<Open>) {
    let body = cut.preamble.end.max(cut.start);
    let marks = |line: usize| source.quote(line).0;
    let Some(top) = open.last_mut() else { return };
    let end = cut.end.unwrap_or(usize::MAX).min(top.end);
    let is_bare = cut.preamble.is_empty() && (marks(cut.start) > 0 || cut.end.is_some());
    let piece = match top.quoted.filter(|_| is_bare) {
        Some(again) => again,
        None => {
            // The depth of the quoted text; the line that introduces it often stands one level above.
            let first = (body..source.lines.len().min(body + NEAR)).find(|&line| !source.quote(line).1.is_empty());
            pieces.push(Piece { depth: first.map_or(0, marks), ..Piece::default() });
            pieces.len() - 1
        }
    };
    if marks(body) > 0 || cut.end.is_some() {
        top.quoted = Some(piece);
    }
    open.push(Open { piece, end, quoted: None });
}

fn is_begin(source: &Source<'_>, line: usize) -> bool {
    matches!(marker(source.quote(line).1), Some(Marker::Begin { rest: "" }))
}

/// A line of underscores says nothing and is no header line.
fn is_rule(source: &Source<'_>, line: usize) -> bool {
    let line = source.quote(line).1.trim();
    !line.is_empty() && line.chars().all(|c| c == '_')
}
