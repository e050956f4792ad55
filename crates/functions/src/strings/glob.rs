//! `strings.like` and `strings.ilike`: a pattern with wildcards over a whole text.
//!
//! `*` stands for any run of characters, also none, also line breaks; `?` for exactly one character. Nothing else is special and there
//! is no escape (mql.md §9.2). A pattern is cut at its stars into pieces of fixed length; the first and the last piece are anchored, the
//! others are looked for from left to right. Taking the leftmost place for each piece is exact, since a piece that ends earlier leaves
//! more text to the rest; so a text is read once for each piece at most, whatever it holds.

use crate::clue;
use mailhound_mql::Clue;
use mailhound_value::lowercase;
use memchr::memmem::Finder;

/// A prepared pattern.
#[derive(Clone, Debug)]
pub struct Glob {
    shape: Shape,
    fold: bool,
}

#[derive(Clone, Debug)]
enum Shape {
    /// No star: the piece is the whole text.
    Whole(Piece),
    /// `head*middle*middle*tail`; head and tail may be empty.
    Stars { head: Piece, middle: Vec<Piece>, tail: Piece },
}

/// A part of the pattern without stars.
#[derive(Clone, Debug)]
struct Piece {
    /// Alternating literals and runs of `?`, without empty ones.
    parts: Vec<Part>,
    /// Characters, which is fixed.
    chars: usize,
}

#[derive(Clone, Debug)]
enum Part {
    Literal(Box<Finder<'static>>),
    /// So many characters of any kind.
    Any(usize),
}

impl Glob {
    /// Prepares a pattern; `fold` lowers it for `ilike`.
    pub fn new(pattern: &str, fold: bool) -> Glob {
        let lowered;
        let pattern = if fold {
            lowered = lowercase(pattern);
            &lowered
        } else {
            pattern
        };
        let shape = match pattern.split_once('*') {
            None => Shape::Whole(Piece::new(pattern)),
            Some((head, rest)) => {
                let (middle, tail) = rest.rsplit_once('*').unwrap_or(("", rest));
                let middle = middle.split('*').filter(|piece| !piece.is_empty()).map(Piece::new).collect();
                Shape::Stars { head: Piece::new(head), middle, tail: Piece::new(tail) }
            }
        };
        Glob { shape, fold }
    }

    /// What a text, before it is lowered, must contain for the pattern to cover it.
    pub fn clue(&self) -> Clue {
        let pieces = match &self.shape {
            Shape::Whole(piece) => vec![piece],
            Shape::Stars { head, middle, tail } => [head].into_iter().chain(middle).chain([tail]).collect(),
        };
        let parts = pieces.into_iter().flat_map(|piece| piece.parts.iter().map(Some).chain([None]));
        let parts = parts.map(|part| match part {
            Some(Part::Literal(literal)) => clue::literal(literal.needle(), self.fold),
            Some(Part::Any(_)) | None => clue::gap(),
        });
        clue::clue(&clue::pieces(parts.collect()), self.fold)
    }

    /// Does the pattern cover a text exactly when the clue admits it? See [`mailhound_mql::Wanted::is_its_clue`].
    pub fn is_its_clue(&self) -> bool {
        let Shape::Stars { head, middle, tail } = &self.shape else { return false };
        let ([Piece { parts, .. }], true) = (middle.as_slice(), head.parts.is_empty() && tail.parts.is_empty()) else { return false };
        match parts.as_slice() {
            [Part::Literal(literal)] => super::needles::is_its_clue(literal.needle(), self.fold, &self.clue()),
            _ => false,
        }
    }

    /// Does the pattern cover the whole of `text`?
    pub fn matches(&self, text: &str) -> bool {
        match &self.shape {
            Shape::Whole(piece) => piece.match_start(text) == Some(text.len()),
            Shape::Stars { head, middle, tail } => stars(head, middle, tail, text).is_some(),
        }
    }
}

fn stars(head: &Piece, middle: &[Piece], tail: &Piece, text: &str) -> Option<()> {
    let rest = text.get(head.match_start(text)?..)?;
    let mut rest = rest.get(..tail.match_end(rest)?)?;
    for piece in middle {
        rest = rest.get(piece.find_end(rest)?..)?;
    }
    Some(())
}

impl Piece {
    fn new(text: &str) -> Piece {
        let mut parts = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let literal = rest.find('?').unwrap_or(rest.len());
            let (literal, behind) = rest.split_at(literal);
            if !literal.is_empty() {
                parts.push(Part::Literal(Box::new(Finder::new(literal).into_owned())));
            }
            rest = behind.trim_start_matches('?');
            let wild = behind.len() - rest.len();
            if wild > 0 {
                parts.push(Part::Any(wild));
            }
        }
        Piece { parts, chars: text.chars().count() }
    }

    /// Where the piece ends when it stands at the start of `text`.
    fn match_start(&self, text: &str) -> Option<usize> {
        let mut at = 0;
        for part in &self.parts {
            let rest = text.get(at..)?;
            at += match part {
                Part::Literal(literal) => rest.as_bytes().starts_with(literal.needle()).then(|| literal.needle().len())?,
                Part::Any(count) => skip(rest, *count)?,
            };
        }
        Some(at)
    }

    /// Where the piece starts when it stands at the end of `text`.
    fn match_end(&self, text: &str) -> Option<usize> {
        let start = match self.parts.as_slice() {
            [] => return Some(text.len()),
            [Part::Literal(literal)] => text.len().checked_sub(literal.needle().len())?,
            _ => text.char_indices().rev().nth(self.chars - 1)?.0,
        };
        let matches = self.match_start(text.get(start..)?)? == text.len() - start;
        matches.then_some(start)
    }

    /// Where the leftmost occurrence of the piece in `text` ends.
    fn find_end(&self, text: &str) -> Option<usize> {
        match self.parts.as_slice() {
            [Part::Literal(literal)] => Some(literal.find(text.as_bytes())? + literal.needle().len()),
            [Part::Any(count)] => skip(text, *count),
            [Part::Literal(literal), ..] => self.find_end_by(literal, 0, text),
            [Part::Any(before), Part::Literal(literal), ..] => self.find_end_by(literal, *before, text),
            _ => Some(0),
        }
    }

    /// [`Piece::find_end`] by the first literal, which stands `before` characters behind the start of the piece.
    fn find_end_by(&self, literal: &Finder<'static>, before: usize, text: &str) -> Option<usize> {
        let mut from = skip(text, before)?;
        loop {
            let found = from + literal.find(text.get(from..)?.as_bytes())?;
            let start = back(text.get(..found)?, before)?;
            if let Some(len) = self.match_start(text.get(start..)?) {
                return Some(start + len);
            }
            from = found + skip(text.get(found..)?, 1)?;
        }
    }
}

/// Bytes of the first `count` characters of `text`; `None` when it has fewer.
fn skip(text: &str, count: usize) -> Option<usize> {
    match count {
        0 => Some(0),
        _ => text.char_indices().nth(count - 1).map(|(at, c)| at + c.len_utf8()),
    }
}

/// Where the last `count` characters of `text` start; `None` when it has fewer.
fn back(text: &str, count: usize) -> Option<usize> {
    match count {
        0 => Some(text.len()),
        _ => text.char_indices().rev().nth(count - 1).map(|(at, _)| at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, pattern: &str, expected: bool) {
        assert_eq!(Glob::new(pattern, false).matches(text), expected, "{text:?} like {pattern:?}");
    }

    #[test]
    fn the_pattern_covers_the_whole_text() {
        for (text, pattern, expected) in [
            ("hello world", "hello*", true),
            ("hello world", "*world", true),
            ("hello world", "hello", false),
            ("hello", "hello", true),
            ("hello", "H*", false),
            ("hello", "*ell*", true),
            ("hello", "h*l*o", true),
            ("hello", "h*x*o", false),
            ("", "", true),
            ("a", "", false),
            ("", "*", true),
            ("", "**", true),
            ("anything", "***", true),
        ] {
            check(text, pattern, expected);
        }
    }

    #[test]
    fn a_question_mark_is_one_character() {
        for (text, pattern, expected) in [
            ("hello", "h?llo", true),
            ("hllo", "h?llo", false),
            ("", "?", false),
            ("📧", "?", true),
            ("📧", "??", false),
            ("a📧b", "a?b", true),
            ("xxéby", "*?b?", true),
            ("ab", "?*?", true),
            ("a", "?*?", false),
            ("aXbaYc", "*a?c*", true),
            ("aXbaYc", "*?a?c", true),
            ("aaab", "*?a?b*", true),
            ("eval(atob(", "*eval?atob*", true),
            ("evalatob", "*eval?atob*", false),
            ("abc", "*?", true),
            ("abc", "*????", false),
        ] {
            check(text, pattern, expected);
        }
    }

    #[test]
    fn nothing_else_is_special() {
        for (text, pattern, expected) in [
            ("a\nb", "a*b", true),
            ("a\nb", "a?b", true),
            ("a.c", "a.c", true),
            ("abc", "a.c", false),
            ("a[b]c", "a[b]c", true),
            (r"{\rtf1\fonttbl", r"*\fonttbl*", true),
            (r"a*b", r"a\*b", false),
            (r"a\xb", r"a\*b", true),
        ] {
            check(text, pattern, expected);
        }
    }

    #[test]
    fn pieces_do_not_share_text() {
        check("ab", "ab*b", false);
        check("abb", "ab*b", true);
        check("aba", "ab*ba", false);
        check("abab", "*ab*ab*", true);
        check("aba", "*ab*ba*", false);
    }

    #[test]
    fn folding_lowers_the_pattern() {
        let glob = Glob::new("*FREE Épée*", true);
        assert!(glob.matches(&lowercase("a free ÉPÉE here")));
    }

    #[test]
    fn many_stars_over_a_long_text_are_quick() {
        let text = "a".repeat(1 << 20);
        check(&text, "*a*a*a*a*a*a*a*a*b", false);
        check(&text, "*a?a*a?a*a?b*", false);
    }
}
