//! Tokens of XPath 1.0 (<https://www.w3.org/TR/1999/REC-xpath-19991116/#exprlex>).

use super::XPathError;

/// One token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// `(`, `)`, `[`, `]`, `.`, `..`, `@`, `,`, `::`, `/`, `//`, `|`, `+`, `-`, `=`, `!=`, `<`, `<=`, `>`, `>=`.
    Sign(&'static str),
    /// `*` as an operator, or `and`, `or`, `div`, `mod`.
    Operator(&'static str),
    /// `*` as a name test.
    Star,
    /// A name, prefix included; or `prefix:*`.
    Name(String),
    Literal(String),
    Number(f64),
}

const SIGNS: [&str; 20] = ["::", "..", "//", "!=", "<=", ">=", "(", ")", "[", "]", ".", "@", ",", "/", "|", "+", "-", "=", "<", ">"];

/// The tokens of an expression, each with the byte where it starts.
pub(super) fn lex(text: &str) -> Result<Vec<(Token, usize)>, XPathError> {
    let mut tokens: Vec<(Token, usize)> = Vec::new();
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        if matches!(c, ' ' | '\t' | '\r' | '\n') {
            at += 1;
            continue;
        }
        let rest = text.get(at..).unwrap_or_default();
        let operand_before = tokens.last().is_some_and(|(token, _)| ends_operand(token));
        let (token, len) = read(rest, c, operand_before).map_err(|message| XPathError { offset: at, message })?;
        tokens.push((token, at));
        at += len;
    }
    Ok(tokens)
}

/// True when an operator must follow: `*` and the word operators are names anywhere else (§3.7).
fn ends_operand(token: &Token) -> bool {
    match token {
        Token::Sign(sign) => matches!(*sign, ")" | "]" | "." | ".."),
        Token::Operator(_) => false,
        Token::Star | Token::Name(_) | Token::Literal(_) | Token::Number(_) => true,
    }
}

fn read(rest: &str, c: char, operand_before: bool) -> Result<(Token, usize), String> {
    if c == '*' {
        return Ok((if operand_before { Token::Operator("*") } else { Token::Star }, 1));
    }
    if c == '"' || c == '\'' {
        let body = rest.get(1..).unwrap_or_default();
        let len = body.find(c).ok_or_else(|| "this text is never closed".to_owned())?;
        return Ok((Token::Literal(body.get(..len).unwrap_or_default().to_owned()), len + 2));
    }
    if let Some(len) = number_len(rest) {
        let digits = rest.get(..len).unwrap_or_default();
        return Ok((Token::Number(digits.parse().unwrap_or(f64::NAN)), len));
    }
    if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
        return Ok((Token::Sign(sign), sign.len()));
    }
    if !is_name_start(c) {
        return Err(if c == '$' { "there are no variables here".to_owned() } else { format!("`{c}` has no meaning in XPath") });
    }
    let len = qname_len(rest);
    let name = rest.get(..len).unwrap_or_default();
    let operator = ["and", "or", "div", "mod"].into_iter().find(|operator| operand_before && *operator == name);
    Ok((operator.map_or_else(|| Token::Name(name.to_owned()), Token::Operator), len))
}

/// `digits`, `digits.`, `digits.digits` or `.digits`.
fn number_len(rest: &str) -> Option<usize> {
    let digits = |from: usize| rest.bytes().skip(from).take_while(u8::is_ascii_digit).count();
    let whole = digits(0);
    if rest.as_bytes().get(whole) != Some(&b'.') {
        return (whole > 0).then_some(whole);
    }
    let fraction = digits(whole + 1);
    (whole + fraction > 0).then_some(whole + 1 + fraction)
}

fn is_name_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || !c.is_ascii()
}

fn is_name(c: char) -> bool {
    is_name_start(c) || c.is_ascii_digit() || c == '-' || c == '.'
}

/// A name, with its prefix: `name`, `prefix:name`, `prefix:*`. A name before `::` is an axis.
fn qname_len(rest: &str) -> usize {
    let name_len = |text: &str| text.find(|c| !is_name(c)).unwrap_or(text.len());
    let len = name_len(rest);
    let Some(local) = rest.get(len..).and_then(|rest| rest.strip_prefix(':')) else { return len };
    match local.chars().next() {
        Some('*') => len + 2,
        Some(c) if is_name_start(c) => len + 1 + name_len(local),
        _ => len,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_words_are_told_apart_by_what_stands_before() {
        let tokens: Vec<_> = lex("and/* * div[or and *]").expect("good").into_iter().map(|(token, _)| token).collect();
        let name = |name: &str| Token::Name(name.to_owned());
        assert_eq!(
            tokens,
            [
                name("and"),
                Token::Sign("/"),
                Token::Star,
                Token::Operator("*"),
                name("div"),
                Token::Sign("["),
                name("or"),
                Token::Operator("and"),
                Token::Star,
                Token::Sign("]")
            ]
        );
    }

    #[test]
    fn names_keep_their_prefix_and_axes_do_not() {
        let tokens: Vec<_> = lex("v:rect|v:*|self::a-b.c").expect("good").into_iter().map(|(token, _)| token).collect();
        let name = |name: &str| Token::Name(name.to_owned());
        assert_eq!(
            tokens,
            [name("v:rect"), Token::Sign("|"), name("v:*"), Token::Sign("|"), name("self"), Token::Sign("::"), name("a-b.c")]
        );
    }

    #[test]
    fn numbers_may_lack_a_part() {
        let tokens: Vec<_> = lex("1 2. .5 3.25 .. .").expect("good").into_iter().map(|(token, _)| token).collect();
        let number = Token::Number;
        assert_eq!(tokens, [number(1.0), number(2.0), number(0.5), number(3.25), Token::Sign(".."), Token::Sign(".")]);
    }
}
