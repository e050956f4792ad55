//! RTF as tokens (RTF 1.9.1, "Basic Entities").

use crate::mime::transfer;

/// A token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token<'a> {
    /// `{`
    Open,
    /// `}`
    Close,
    /// A backslash and letters: the letters and the number behind them.
    Word(&'a [u8], Option<i32>),
    /// A backslash and another character; `\r` and `\n` stand for a paragraph.
    Symbol(u8),
    /// `\'hh`
    Byte(u8),
    /// Characters up to the next token; line ends are left out.
    Text(&'a [u8]),
}

/// The tokens of some bytes, from first to last.
pub(super) struct Lexer<'a> {
    rest: &'a [u8],
}

impl<'a> Lexer<'a> {
    /// Of these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Lexer { rest: bytes }
    }

    fn take(&mut self, len: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at_checked(len).unwrap_or((self.rest, &[]));
        self.rest = rest;
        taken
    }

    /// What a backslash begins; `None` at the end of the bytes.
    fn control(&mut self) -> Option<Token<'a>> {
        let letters = self.rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        if letters > 0 {
            return Some(self.word(letters));
        }
        match self.take(1).first()? {
            b'\'' => match transfer::hex_pair(self.rest) {
                Some(byte) => {
                    self.take(2);
                    Some(Token::Byte(byte))
                }
                None => Some(Token::Symbol(b'\'')),
            },
            &symbol => Some(Token::Symbol(symbol)),
        }
    }

    /// A control word of so many letters, its number, and the blank that ends it. Bytes that `\binN` announces are left out.
    fn word(&mut self, letters: usize) -> Token<'a> {
        let name = self.take(letters);
        let sign = usize::from(self.rest.first() == Some(&b'-'));
        let digits = self.rest.iter().skip(sign).take_while(|byte| byte.is_ascii_digit()).count();
        let number = (digits > 0).then(|| number(self.take(sign + digits)));
        if self.rest.first() == Some(&b' ') {
            self.take(1);
        }
        if name == b"bin" {
            self.take(number.and_then(|len| usize::try_from(len).ok()).unwrap_or(0));
        }
        Token::Word(name, number)
    }
}

/// The number of digits behind an optional minus; too large ones end at the bounds of the type.
fn number(text: &[u8]) -> i32 {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let value = digits.iter().fold(0_i32, |value, digit| value.saturating_mul(10).saturating_add(i32::from(digit.wrapping_sub(b'0'))));
    if text.starts_with(b"-") { -value } else { value }
}

impl<'a> Iterator for Lexer<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let ends = self.rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        self.take(ends);
        let text = self.rest.iter().take_while(|byte| !matches!(byte, b'\\' | b'{' | b'}' | b'\r' | b'\n')).count();
        if text > 0 {
            return Some(Token::Text(self.take(text)));
        }
        match self.take(1).first()? {
            b'{' => Some(Token::Open),
            b'}' => Some(Token::Close),
            _ => self.control(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Lexer, Token::*};

    #[test]
    fn rtf_is_split_into_tokens() {
        let tokens: Vec<_> = Lexer::new(b"{\\rtf1\\b-12 a b\r\nc\\'e9\\~\\\n\\bin3 {}}\\u99999999999}\\'x\\").collect();
        let expected = [
            Open,
            Word(b"rtf", Some(1)),
            Word(b"b", Some(-12)),
            Text(b"a b"),
            Text(b"c"),
            Byte(0xe9),
            Symbol(b'~'),
            Symbol(b'\n'),
            Word(b"bin", Some(3)),
            Word(b"u", Some(i32::MAX)),
            Close,
            Symbol(b'\''),
            Text(b"x"),
        ];
        assert_eq!(tokens, expected);
    }
}
