//! Comments and other nested pieces of structured header values (RFC 5322 §3.2.2), found in one pass.

use crate::text::head;

/// A structured value with the place of every closing parenthesis known, so that looking for it costs nothing.
pub(crate) struct Scan<'a> {
    /// The value.
    pub text: &'a str,
    /// Where each comment and quoted string opens, and the place behind it; by the former.
    spans: Vec<(usize, usize)>,
}

/// A piece of a structured value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Text outside comments.
    Text(&'a str),
    /// A comment with its parentheses.
    Comment(&'a str),
}

/// Bytes of a structured value that are read; the longest honest ones (thousands of addressees) stay far below.
const MAX_VALUE: usize = 1 << 20;

impl<'a> Scan<'a> {
    /// Finds the comments and, outside of them, the quoted strings. What is not closed is ordinary text.
    pub fn new(text: &'a str) -> Self {
        let text = head(text, MAX_VALUE);
        let mut spans = Vec::new();
        if memchr::memchr2(b'(', b'"', text.as_bytes()).is_none() {
            return Scan { text, spans };
        }
        let mut open: Vec<usize> = Vec::new();
        let mut quotes_left = true;
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'\\' => at += 1,
                b'(' => open.push(at),
                b')' => spans.extend(open.pop().map(|start| (start, at + 1))),
                b'"' if open.is_empty() && quotes_left => match closing_quote(bytes, at + 1) {
                    Some(end) => {
                        spans.push((at, end));
                        at = end - 1;
                    }
                    None => quotes_left = false,
                },
                _ => {}
            }
            at += 1;
        }
        spans.sort_unstable(); // inner comments close before outer ones
        Scan { text, spans }
    }

    /// The end of the comment that opens at `at`, when one does and it is closed.
    pub fn comment_end(&self, at: usize) -> Option<usize> {
        self.end(at, b'(')
    }

    /// The end of the quoted string that opens at `at`, when one does and it is closed.
    pub fn quote_end(&self, at: usize) -> Option<usize> {
        self.end(at, b'"')
    }

    fn end(&self, at: usize, opener: u8) -> Option<usize> {
        if self.text.as_bytes().get(at) != Some(&opener) {
            return None;
        }
        let span = self.spans.binary_search_by_key(&at, |&(start, _)| start).ok()?;
        self.spans.get(span).map(|&(_, end)| end)
    }

    /// The comments and quoted strings that do not lie within others, in order.
    fn outermost(&self) -> impl Iterator<Item = (usize, usize)> {
        let mut behind = 0;
        self.spans.iter().copied().filter(move |&(start, end)| {
            let is_outer = start >= behind;
            behind = behind.max(end);
            is_outer
        })
    }

    /// The value as text and outermost comments, in order; quoted strings are text.
    pub fn pieces(&self) -> Vec<Piece<'a>> {
        let mut pieces = Vec::new();
        let mut start = 0;
        for (at, end) in self.outermost().filter(|&(at, _)| self.text.as_bytes().get(at) == Some(&b'(')) {
            push_text(&mut pieces, self.text.get(start..at));
            pieces.extend(self.text.get(at..end).map(Piece::Comment));
            start = end;
        }
        push_text(&mut pieces, self.text.get(start..));
        pieces
    }

    /// The parts between `separator` characters that stand outside comments and quoted strings.
    pub fn split(&self, separator: u8) -> Vec<&'a str> {
        let mut parts = Vec::new();
        let (mut at, mut start) = (0, 0);
        let end_of_text = (self.text.len(), self.text.len());
        for (open, close) in self.outermost().chain([end_of_text]) {
            let free = self.text.as_bytes().get(at..open).unwrap_or_default();
            for place in memchr::memchr_iter(separator, free).map(|place| at + place) {
                parts.extend(self.text.get(start..place));
                start = place + 1;
            }
            at = close;
        }
        parts.extend(self.text.get(start..));
        parts
    }
}

/// The place behind the quote that ends the string at `at`; a backslash hides one.
fn closing_quote(bytes: &[u8], at: usize) -> Option<usize> {
    let mut at = at;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

fn push_text<'a>(pieces: &mut Vec<Piece<'a>>, text: Option<&'a str>) {
    pieces.extend(text.filter(|text| !text.is_empty()).map(Piece::Text));
}

/// The inside of a comment.
pub(crate) fn inside(comment: &str) -> &str {
    comment.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(comment).trim()
}

/// The value without its comments, each replaced by one blank.
pub(crate) fn without_comments(text: &str) -> String {
    let scan = Scan::new(text);
    let mut out = String::with_capacity(text.len());
    for piece in scan.pieces() {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Comment(_) => out.push(' '),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_nest_and_may_be_broken() {
        let scan = Scan::new("a (b (c) d) e (f");
        assert_eq!(scan.pieces(), [Piece::Text("a "), Piece::Comment("(b (c) d)"), Piece::Text(" e (f")]);
        assert_eq!(Scan::new("a;(b;c) d;e").split(b';'), ["a", "(b;c) d", "e"]);
        assert_eq!(without_comments("a(b)c"), "a c");
        assert_eq!(Scan::new("a;\"(b;c\" d;\"e;f").split(b';'), ["a", "\"(b;c\" d", "\"e", "f"]);
    }
}
