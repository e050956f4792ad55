//! The words, figures and signs of a text that may hold a date.

use super::calendar::Half;
use std::ops::Range;

/// What a token is.
#[derive(Debug)]
pub(super) enum Kind {
    /// Figures.
    Number,
    /// Letters of one kind, in small letters; a Chinese or Japanese character stands alone.
    Word(String),
    Sign(char),
}

/// A word, a number or a sign.
#[derive(Debug)]
pub(super) struct Token {
    /// Where it stands, in bytes.
    pub(super) range: Range<usize>,
    pub(super) kind: Kind,
}

/// The pieces of a text, without blanks.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| !c.is_whitespace() && *c != '\u{feff}') {
        let end = at + c.len_utf8();
        match tokens.last_mut().filter(|last| last.range.end == at) {
            Some(Token { range, kind: Kind::Number }) if c.is_ascii_digit() => range.end = end,
            Some(Token { range, kind: Kind::Word(word) }) if c.is_alphabetic() && !stands_alone(c) && !word.starts_with(stands_alone) => {
                word.extend(c.to_lowercase());
                range.end = end;
            }
            _ => {
                let kind = match c {
                    _ if c.is_ascii_digit() => Kind::Number,
                    _ if c.is_alphabetic() => Kind::Word(c.to_lowercase().collect()),
                    '：' => Kind::Sign(':'),
                    _ => Kind::Sign(c),
                };
                tokens.push(Token { range: at..end, kind });
            }
        }
    }
    tokens
}

/// Characters of Chinese and Japanese, which are written without blanks.
fn stands_alone(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')
}

/// The half of the day that the words at `at` name, and how many words that takes.
pub(super) fn half(tokens: &[Token], at: usize) -> Option<(Half, usize)> {
    let word = |idx: usize| tokens.get(idx).and_then(|token| if let Kind::Word(word) = &token.kind { Some(word.as_str()) } else { None });
    let is_dot = |idx: usize| tokens.get(idx).is_some_and(|token| matches!(token.kind, Kind::Sign('.')));
    let half = match word(at)? {
        "am" | "오전" => (Half::Morning, 1),
        "pm" | "오후" => (Half::Afternoon, 1),
        "上" if word(at + 1) == Some("午") => (Half::Morning, 2),
        "下" if word(at + 1) == Some("午") => (Half::Afternoon, 2),
        "午" if word(at + 1) == Some("前") => (Half::Morning, 2),
        "午" if matches!(word(at + 1), Some("後" | "后")) => (Half::Afternoon, 2),
        // `a.m.` and `a. m.`
        "a" if is_dot(at + 1) && word(at + 2) == Some("m") => (Half::Morning, 3),
        "p" if is_dot(at + 1) && word(at + 2) == Some("m") => (Half::Afternoon, 3),
        "π" if is_dot(at + 1) && word(at + 2) == Some("μ") => (Half::Morning, 3),
        "μ" if is_dot(at + 1) && word(at + 2) == Some("μ") => (Half::Afternoon, 3),
        _ => return None,
    };
    Some(half)
}
