//! Source text to tokens (mql.md §1). Every byte belongs to a token, to white space or to a comment; nothing is skipped silently.

use crate::Span;
use crate::diagnostic::{Code, Diagnostic};
use std::sync::Arc;

/// One token and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it is.
    pub span: Span,
}

/// The kinds of tokens.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)] // the line above each kind names its parts
pub enum TokenKind {
    /// A name that is no keyword.
    Name(Arc<str>),
    /// A string, decoded; `raw` tells the single-quoted form.
    String { value: Arc<str>, raw: bool },
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// `$name`, without the dollar sign.
    List(Arc<str>),
    /// A run of dots.
    Dots(usize),
    /// A keyword or an operator, by its spelling.
    Symbol(Symbol),
    /// The end of the source.
    End,
}

macro_rules! symbols {
    ($($Name:ident = $text:literal,)*) => {
        /// Keywords, operators and punctuation.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs)] // the spelling beside each name says it
        pub enum Symbol {
            $($Name,)*
        }

        impl Symbol {
            /// The spelling.
            pub fn text(self) -> &'static str {
                match self {
                    $(Symbol::$Name => $text,)*
                }
            }
        }
    };
}

symbols! {
    And = "and", Or = "or", Not = "not", In = "in", InFold = "in~", Of = "of", Is = "is", True = "true", False = "false", Null = "null",
    Eq = "==", Ne = "!=", Le = "<=", Ge = ">=", Lt = "<", Gt = ">", EqFold = "=~", NeFold = "!~", Assign = "=",
    Plus = "+", Minus = "-", Star = "*", Slash = "/", Percent = "%",
    Open = "(", Close = ")", OpenSquare = "[", CloseSquare = "]", Comma = ",", Colon = ":",
}

/// Operators, longest first, so that `<=` is not read as `<`.
const OPERATORS: &[Symbol] = &[
    Symbol::Eq,
    Symbol::Ne,
    Symbol::Le,
    Symbol::Ge,
    Symbol::EqFold,
    Symbol::NeFold,
    Symbol::Lt,
    Symbol::Gt,
    Symbol::Assign,
    Symbol::Plus,
    Symbol::Minus,
    Symbol::Star,
    Symbol::Slash,
    Symbol::Percent,
    Symbol::Open,
    Symbol::Close,
    Symbol::OpenSquare,
    Symbol::CloseSquare,
    Symbol::Comma,
    Symbol::Colon,
];

const KEYWORDS: &[Symbol] =
    &[Symbol::And, Symbol::Or, Symbol::Not, Symbol::In, Symbol::Of, Symbol::Is, Symbol::True, Symbol::False, Symbol::Null];

/// A `//` comment with its slashes, without the line end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Where it is.
    pub span: Span,
    /// True when nothing but white space stands before it on its line.
    pub own_line: bool,
}

/// The result of [`lex`].
#[derive(Debug, Default)]
pub struct Lexed {
    /// The tokens; the last is [`TokenKind::End`].
    pub tokens: Vec<Token>,
    /// The comments in order.
    pub comments: Vec<Comment>,
    /// What could not be read.
    pub diagnostics: Vec<Diagnostic>,
}

/// Splits a source into tokens and comments.
pub fn lex(source: &str) -> Lexed {
    let mut lexer = Lexer { source, at: 0, line_is_blank: true, out: Lexed::default() };
    while lexer.at < source.len() {
        lexer.step();
    }
    lexer.token(TokenKind::End, source.len());
    lexer.out
}

struct Lexer<'s> {
    source: &'s str,
    at: usize,
    line_is_blank: bool,
    out: Lexed,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        &self.source[self.at..]
    }

    fn token(&mut self, kind: TokenKind, end: usize) {
        self.out.tokens.push(Token { kind, span: Span::new(self.at, end) });
        self.at = end;
        self.line_is_blank = false;
    }

    fn fault(&mut self, code: Code, start: usize, end: usize, message: impl Into<String>) -> &mut Diagnostic {
        self.out.diagnostics.push(Diagnostic::new(code, Span::new(start, end), message));
        self.out.diagnostics.last_mut().expect("just pushed")
    }

    /// Reads one token, comment or white-space character.
    fn step(&mut self) {
        let rest = self.rest();
        let first = rest.chars().next().expect("not at the end");
        match first {
            '\n' => {
                self.line_is_blank = true;
                self.at += 1;
            }
            ' ' | '\t' | '\r' => self.at += 1,
            '/' if rest.starts_with("//") => self.comment(),
            '"' => self.escaped_string(),
            '\'' => self.raw_string(),
            '0'..='9' => self.number(),
            '.' => {
                let dots = rest.bytes().take_while(|byte| *byte == b'.').count();
                self.token(TokenKind::Dots(dots), self.at + dots);
            }
            '$' => self.list_name(),
            'A'..='Z' | 'a'..='z' | '_' => self.word(),
            _ => self.operator(first),
        }
    }

    fn comment(&mut self) {
        let len = self.rest().find('\n').unwrap_or(self.rest().len());
        let text = self.rest()[..len].trim_end();
        self.out.comments.push(Comment { span: Span::new(self.at, self.at + text.len()), own_line: self.line_is_blank });
        self.at += len;
    }

    fn word(&mut self) {
        let end = self.at + name_len(self.rest());
        let word = &self.source[self.at..end];
        let kind = match KEYWORDS.iter().find(|keyword| keyword.text() == word) {
            Some(Symbol::In) if self.source[end..].starts_with('~') => {
                return self.token(TokenKind::Symbol(Symbol::InFold), end + 1);
            }
            Some(keyword) => TokenKind::Symbol(*keyword),
            None => TokenKind::Name(word.into()),
        };
        self.token(kind, end);
    }

    fn operator(&mut self, first: char) {
        if let Some(operator) = OPERATORS.iter().find(|operator| self.rest().starts_with(operator.text())) {
            return self.token(TokenKind::Symbol(*operator), self.at + operator.text().len());
        }
        let end = self.at + first.len_utf8();
        let start = self.at;
        let shown = first.escape_debug();
        let fault = self.fault(Code::InvalidCharacter, start, end, format!("`{shown}` has no meaning here"));
        fault.help = match first {
            '#' => Some("comments begin with `//`".to_owned()),
            '“' | '”' | '‘' | '’' => Some("strings are written with straight quotes".to_owned()),
            '!' => Some("negation is written `not`".to_owned()),
            '&' => Some("write `and`".to_owned()),
            '|' => Some("write `or`".to_owned()),
            _ => None,
        };
        self.at = end;
        self.line_is_blank = false;
    }

    fn list_name(&mut self) {
        let name = &self.rest()[1..];
        let len = match name.bytes().next() {
            Some(first) if first.is_ascii_alphabetic() || first == b'_' => {
                name.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')).count()
            }
            _ => 0,
        };
        let start = self.at;
        let kind = TokenKind::List(name[..len].into());
        if len == 0 {
            self.fault(Code::InvalidCharacter, start, start + 1, "a list is written `$name`");
        }
        self.token(kind, start + 1 + len);
    }

    fn number(&mut self) {
        let rest = self.rest();
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let whole = digits(rest);
        let fraction = rest[whole..].strip_prefix('.').map_or(0, digits);
        let (start, end) = (self.at, self.at + whole + if fraction > 0 { fraction + 1 } else { 0 });
        let text = &self.source[start..end];
        let (kind, fault) = if fraction > 0 {
            let number: f64 = text.parse().unwrap_or(f64::INFINITY);
            (TokenKind::Float(number), (!number.is_finite()).then_some("this number is too large"))
        } else {
            match text.parse() {
                Ok(number) => (TokenKind::Int(number), None),
                Err(_) => (TokenKind::Int(i64::MAX), Some("this number does not fit into 64 bits")),
            }
        };
        if let Some(message) = fault {
            self.fault(Code::NumberTooLarge, start, end, message);
        }
        self.token(kind, end);
    }

    fn raw_string(&mut self) {
        let start = self.at;
        let mut value = String::new();
        let mut at = start + 1;
        loop {
            let rest = &self.source[at..];
            let stop = rest.find(['\'', '\n', '\t', '\r']).unwrap_or(rest.len());
            value.push_str(&rest[..stop]);
            at += stop;
            if self.source[at..].starts_with("''") {
                value.push('\'');
                at += 2;
            } else if let Some(control) = self.control(at) {
                value.push(control);
                at += 1;
            } else if self.source[at..].starts_with('\'') {
                return self.token(TokenKind::String { value: value.into(), raw: true }, at + 1);
            } else {
                return self.unterminated(start, at, value, true);
            }
        }
    }

    fn unterminated(&mut self, start: usize, end: usize, value: String, raw: bool) {
        self.fault(Code::UnterminatedString, start, end, "this string is not closed on its line");
        self.token(TokenKind::String { value: value.into(), raw }, end);
    }

    /// A tab or carriage return at `at`, which strings do not hold as they are; it is reported and read on.
    fn control(&mut self, at: usize) -> Option<char> {
        let control = self.source[at..].chars().next().filter(|c| matches!(c, '\t' | '\r'))?;
        let shown = control.escape_default();
        self.fault(Code::InvalidCharacter, at, at + 1, "strings hold no tabs and carriage returns as they are").help =
            Some(format!("write `{shown}` in a string in double quotes"));
        Some(control)
    }

    fn escaped_string(&mut self) {
        let start = self.at;
        let mut value = String::new();
        let mut at = start + 1;
        loop {
            let rest = &self.source[at..];
            let stop = rest.find(['"', '\\', '\n', '\t', '\r']).unwrap_or(rest.len());
            value.push_str(&rest[..stop]);
            at += stop;
            match self.source[at..].chars().next() {
                Some('"') => return self.token(TokenKind::String { value: value.into(), raw: false }, at + 1),
                Some('\\') => at = self.escape(at, &mut value),
                Some('\t' | '\r') => {
                    value.extend(self.control(at));
                    at += 1;
                }
                _ => return self.unterminated(start, at, value, false),
            }
        }
    }

    /// Reads the escape at `at`, adds what it stands for and returns the place behind it.
    fn escape(&mut self, at: usize, value: &mut String) -> usize {
        let Some(letter) = self.source[at + 1..].chars().next().filter(|letter| *letter != '\n') else {
            return at + 1;
        };
        let end = at + 1 + letter.len_utf8();
        let plain = match letter {
            '"' | '\'' | '\\' => letter,
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return self.unicode_escape(at, end, value),
            _ => {
                let message = format!("invalid escape sequence `\\{letter}`");
                self.fault(Code::InvalidEscape, at, end, message).help =
                    Some("double the backslash, or use a raw string in single quotes".to_owned());
                value.push(letter);
                return end;
            }
        };
        value.push(plain);
        end
    }

    fn unicode_escape(&mut self, at: usize, brace: usize, value: &mut String) -> usize {
        let rest = &self.source[brace..];
        let digits = rest.strip_prefix('{').map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_hexdigit).count());
        let closed = rest.get(digits + 1..).is_some_and(|rest| rest.starts_with('}'));
        let code = rest.get(1..=digits).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let end = brace + if rest.starts_with('{') { 1 + digits + usize::from(closed) } else { 0 };
        match code.filter(|code| closed && (2..=8).contains(&digits) && *code > 0).and_then(char::from_u32) {
            Some(c) => value.push(c),
            None => {
                self.fault(Code::InvalidEscape, at, end, "invalid Unicode escape").help =
                    Some("write `\\u{…}` with 2 to 8 hexadecimal digits of a code point from 1 to 10FFFF".to_owned());
            }
        }
        end
    }
}

/// Bytes of the name at the start of `text`.
fn name_len(text: &str) -> usize {
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
}

/// The place in the source of byte `offset` of a string literal's value; `span` is the literal with its quotes.
pub fn literal_offset(source: &str, span: Span, offset: usize) -> usize {
    let text = &source[span.range()];
    let raw = text.starts_with('\'');
    let mut made = 0;
    let mut at = 1;
    while made < offset {
        let rest = text.get(at..).unwrap_or_default();
        let Some(c) = rest.chars().next() else { break };
        let (used, gives) = match c {
            '\'' if raw => (2, 1),
            '\\' if !raw && rest[1..].starts_with('u') => {
                let used = rest.find('}').map_or(rest.len(), |end| end + 1);
                let code = rest.get(3..used.saturating_sub(1)).and_then(|digits| u32::from_str_radix(digits, 16).ok());
                (used, code.and_then(char::from_u32).map_or(1, char::len_utf8))
            }
            '\\' if !raw => (1 + rest[1..].chars().next().map_or(0, char::len_utf8), 1),
            c => (c.len_utf8(), c.len_utf8()),
        };
        at += used;
        made += gives;
    }
    (span.start as usize + at).min((span.end as usize).saturating_sub(1).max(span.start as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(source: &str) -> Vec<TokenKind> {
        lex(source).tokens.into_iter().map(|token| token.kind).collect()
    }

    fn text(value: &str, raw: bool) -> TokenKind {
        TokenKind::String { value: value.into(), raw }
    }

    #[test]
    fn raw_strings_have_no_escapes() {
        assert_eq!(kinds(r"'\' '''' 'a''b'"), [text(r"\", true), text("'", true), text("a'b", true), TokenKind::End]);
    }

    #[test]
    fn escaped_strings_are_decoded() {
        assert_eq!(kinds(r#""\n\u{1f4ec}\"""#), [text("\n📬\"", false), TokenKind::End]);
    }

    #[test]
    fn a_dot_without_digits_is_not_part_of_a_number() {
        assert_eq!(kinds("1.5 1."), [TokenKind::Float(1.5), TokenKind::Int(1), TokenKind::Dots(1), TokenKind::End]);
    }

    #[test]
    fn in_fold_is_one_token() {
        assert_eq!(kinds("in~ in"), [TokenKind::Symbol(Symbol::InFold), TokenKind::Symbol(Symbol::In), TokenKind::End]);
    }

    #[test]
    fn comments_know_whether_they_stand_alone() {
        let lexed = lex("// a\nx // \"b\n  // c");
        let own: Vec<_> = lexed.comments.iter().map(|comment| comment.own_line).collect();
        assert_eq!(own, [true, false, true]);
        assert_eq!(lexed.tokens.len(), 2);
    }

    #[test]
    fn every_fault_is_reported() {
        let codes: Vec<_> = lex("\"\\d\" # 'abc").diagnostics.iter().map(|fault| fault.code).collect();
        assert_eq!(codes, [Code::InvalidEscape, Code::InvalidCharacter, Code::UnterminatedString]);
    }

    #[test]
    fn any_text_is_covered_without_gaps() {
        let odd = "\u{0} \\ \"\\u{ '' $ $1 .... é 99999999999999999999 \"\\";
        let lexed = lex(odd);
        assert_eq!(lexed.tokens.last().map(|token| &token.kind), Some(&TokenKind::End));
        assert!(lexed.tokens.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start));
    }

    #[test]
    fn offsets_in_literals_are_found_in_the_source() {
        let check = |source: &str, offset: usize| literal_offset(source, Span::new(0, source.len()), offset);
        assert_eq!(check("'a''bc'", 2), 4);
        assert_eq!(check(r#""a\\bc""#, 2), 4);
        assert_eq!(check(r#""\u{1f4ec}b""#, 4), 10);
        assert_eq!(check("'ab'", 99), 3);
    }
}
