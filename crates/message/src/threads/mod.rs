//! Quoted and forwarded messages inside a body (reference mdm.md §14).
//!
//! A body is read as lines: those a reader sees of the HTML, else the plain text. `quotes.rs` finds where a quote begins by the words of
//! the lines (`markers.rs` separators, `keys.rs` header lines, `attribution.rs` with `said.rs` attributions), `structure.rs` by the markup
//! of mail programs, `blocks.rs` where header lines end, `cuts.rs` brings both together and gives every line its segment; `preamble.rs` reads the header lines of a quote,
//! `dates.rs` with `tokens.rs` and `calendar.rs` its dates, `banner.rs` takes out the warnings of gateways. In-Reply-To and References play no part:
//! rules compare them with what is found here.

mod attribution;
mod banner;
mod blocks;
mod calendar;
mod cuts;
mod dates;
mod keys;
mod markers;
mod preamble;
mod quotes;
mod said;
mod source;
mod structure;
mod tokens;

use crate::model::{Banner, PreviousThread, Thread};
use mailhound_objects::html::Document;
use mailhound_objects::{Link, link};
use mailhound_value::{Cut, Limits, Unavailable};
use source::Source;
use std::sync::Arc;

/// The segments of a body.
#[derive(Debug, Default)]
pub(crate) struct Segments {
    /// What the sender wrote now.
    pub(crate) current: Thread,
    /// Quoted and forwarded messages, newest first.
    pub(crate) previous: Cut<PreviousThread>,
}

/// Takes HTML apart. At most `message.threads` segments: what follows stays in the last one.
pub(crate) fn of_html(document: &Document, limits: &Limits) -> Segments {
    segment(&Source::html(document, limits), limits)
}

/// The same for plain text, whose links stand behind so many bytes.
pub(crate) fn of_plain(text: &str, links: &[(usize, Arc<Link>)], limits: &Limits) -> Segments {
    segment(&Source::plain(text, links), limits)
}

fn segment(source: &Source<'_>, limits: &Limits) -> Segments {
    let (pieces, is_cut) = cuts::pieces(source, limits);
    let mut pieces = pieces.into_iter().map(|piece| Piece::read(source, piece)).collect::<Vec<_>>().into_iter();
    let mut first = pieces.next().unwrap_or_default();
    let mut rest: Vec<Piece> = pieces.collect();
    // A forward without a word above it is a message of its own when it says so in a whole header block; else it is the message.
    if first.text.is_empty()
        && first.preamble.is_empty()
        && rest.first().is_some_and(|next| !preamble::parse(&next.preamble, limits).is_whole())
    {
        first = first.followed_by(rest.remove(0));
    }
    let items = rest.into_iter().zip(0..).map(|(piece, index)| piece.previous(index, limits)).collect();
    let rest = is_cut.then(|| Unavailable::limit("message.threads"));
    Segments { current: first.current(), previous: Cut { items, rest } }
}

/// One segment while it is put together.
#[derive(Default)]
struct Piece {
    preamble: String,
    text: String,
    banners: Vec<Banner>,
    links: Vec<Arc<Link>>,
}

impl Piece {
    fn read(source: &Source<'_>, piece: cuts::Piece) -> Piece {
        let found = banner::find(source, &piece.lines);
        let is_text = |line: &&usize| !found.iter().any(|banner| banner.contains(line));
        // Header lines, and the bare marks below them, may stand deeper than the text.
        let text = piece.lines.iter().skip_while(|&&line| !piece.preamble.is_empty() && source.quote(line).1.is_empty());
        let lines: Vec<&str> = text.filter(is_text).map(|&line| source.unquoted(line, piece.depth)).collect();
        let depth = piece.preamble.first().map_or(0, |&line| source.quote(line).0).max(piece.depth);
        let preamble: Vec<&str> = piece.preamble.iter().map(|&line| source.unquoted(line, depth)).collect();
        let all = piece.preamble.iter().chain(&piece.lines);
        Piece {
            preamble: preamble.join("\n").trim().to_owned(),
            text: lines.join("\n").trim().to_owned(),
            links: link::unique(all.flat_map(|&line| source.links(line)).cloned().collect()),
            banners: found.into_iter().map(|banner| source.banner(banner)).collect(),
        }
    }

    fn followed_by(mut self, next: Piece) -> Piece {
        self.banners.extend(next.banners);
        self.links.extend(next.links);
        Piece { banners: self.banners, links: link::unique(self.links), ..next }
    }

    fn current(self) -> Thread {
        Thread { text: Some(self.text), preamble: some(self.preamble), banners: self.banners, links: self.links }
    }

    fn previous(self, index: i64, limits: &Limits) -> PreviousThread {
        let head = preamble::parse(&self.preamble, limits);
        PreviousThread {
            text: Some(self.text),
            preamble: some(self.preamble),
            banners: self.banners,
            links: self.links,
            index,
            date: head.date,
            sender: head.author,
            recipients: head.has_recipients.then_some(head.recipients),
            subject: head.subject,
        }
    }
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests;
