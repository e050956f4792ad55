//! Escapes of RE2: single characters and Unicode classes.

use super::re2::{Input, PatternError, error};

/// Where an escape stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Inside of `[…]`.
    Inside,
    /// Anywhere else.
    Outside,
}

/// Reads an escape that stands for one character, from its backslash. `None` for a surrogate, which RE2 allows and no text has.
pub(super) fn read_escape(input: &mut Input<'_>, place: Place) -> Result<Option<char>, PatternError> {
    let start = input.at;
    input.next();
    let Some(c) = input.next() else { return error(start, "the pattern ends with a single `\\`") };
    Ok(Some(match c {
        'a' => '\u{7}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        'x' => return hex(input, start),
        '0' => octal(input, 0),
        '1'..='7' if input.peek().is_some_and(|next| ('0'..='7').contains(&next)) => octal(input, u32::from(c) - u32::from('0')),
        '1'..='9' => return error(start, "back-references are not part of RE2"),
        _ if c.is_ascii() && !c.is_ascii_alphanumeric() => c,
        _ => {
            let place = if place == Place::Inside { " inside a class" } else { "" };
            return error(start, format!("`\\{c}` is not an escape of RE2{place}"));
        }
    }))
}

/// Up to two more octal digits.
fn octal(input: &mut Input<'_>, first: u32) -> char {
    let mut code = first;
    for _ in 0..2 {
        let Some(digit) = input.peek().and_then(|c| c.to_digit(8)) else { break };
        code = code * 8 + digit;
        input.next();
    }
    // Three octal digits are at most 511.
    char::from_u32(code).unwrap_or_default()
}

/// Two digits, or any number of them in braces.
fn hex(input: &mut Input<'_>, start: usize) -> Result<Option<char>, PatternError> {
    let rest = input.rest();
    let (digits, len) = match rest.strip_prefix('{') {
        Some(rest) => match rest.split_once('}') {
            Some((digits, _)) => (digits, digits.len() + 2),
            None => ("", 0),
        },
        None => (rest.get(..2).unwrap_or_default(), 2),
    };
    let hex = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let code = hex.then(|| u32::from_str_radix(digits, 16).ok()).flatten();
    match code {
        Some(code) if code <= u32::from(char::MAX) => {
            input.at += len;
            Ok(char::from_u32(code))
        }
        _ => error(start, "`\\x` needs two hexadecimal digits, or up to 10FFFF in braces"),
    }
}

/// Reads `\pN`, `\p{Name}`, `\p{^Name}` or the same with `\P`, from the backslash, and writes it for the crate `regex`. Whether there is a
/// class of that name is the crate's to say.
pub(super) fn read_unicode_class(input: &mut Input<'_>) -> Result<String, PatternError> {
    let start = input.at;
    let mut negated = input.rest().starts_with(r"\P");
    input.at += 2;
    let Some(c) = input.next() else { return error(start, "this class has no name") };
    let mut letter = [0; 4];
    let mut name: &str = c.encode_utf8(&mut letter);
    if c == '{' {
        let Some((braced, _)) = input.rest().split_once('}') else { return error(start, "this class name has no closing `}`") };
        input.at += braced.len() + 1;
        name = braced;
        if let Some(positive) = name.strip_prefix('^') {
            negated = !negated;
            name = positive;
        }
    }
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return error(start, "there is no class of this name");
    }
    Ok(format!("\\{}{{{name}}}", if negated { 'P' } else { 'p' }))
}
