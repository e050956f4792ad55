//! Character classes of RE2: `[…]`.

use super::escape::{Place, read_escape, read_unicode_class};
use super::re2::{Input, NEVER, PatternError, error, push_literal};

/// The classes that may stand as `[:name:]` or `[:^name:]` inside of a class. Both libraries know the same, all ASCII.
const POSIX: [&str; 14] =
    ["alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "word", "xdigit"];

/// Reads a class from its bracket on, and writes it for the crate `regex`.
pub(super) fn read_class(input: &mut Input<'_>) -> Result<String, PatternError> {
    let start = input.at;
    input.next();
    let negated = input.eat("^");
    let mut items = String::new();
    let mut first = true;
    loop {
        match input.peek() {
            None => return error(start, "this class is never closed"),
            Some(']') if !first => break,
            Some(_) => read_item(input, start, &mut items)?,
        }
        first = false;
    }
    input.next();
    Ok(match (negated, items.is_empty()) {
        (false, false) => format!("[{items}]"),
        (true, false) => format!("[^{items}]"),
        // Only surrogates, which are in no text, were in it.
        (false, true) => NEVER.to_owned(),
        (true, true) => r"[\x{0}-\x{10FFFF}]".to_owned(),
    })
}

/// One class, character or range.
fn read_item(input: &mut Input<'_>, class: usize, items: &mut String) -> Result<(), PatternError> {
    if let Some(name) = read_posix(input)? {
        items.push_str(name);
        return Ok(());
    }
    if let Some(perl) = read_perl(input) {
        items.push_str(perl);
        return Ok(());
    }
    if input.rest().starts_with(r"\p") || input.rest().starts_with(r"\P") {
        items.push_str(&read_unicode_class(input)?);
        return Ok(());
    }
    let start = input.at;
    let low = read_char(input, class)?;
    let rest = input.rest().as_bytes();
    // A `-` right before the end stands for itself.
    if rest.first() == Some(&b'-') && rest.get(1).is_some_and(|next| *next != b']') {
        input.next();
        let high = read_char(input, class)?;
        return push_range(items, low, high, start);
    }
    if let Code::Char(c) = low {
        push_literal(items, c);
    }
    Ok(())
}

/// One end of a range.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Code {
    Char(char),
    /// Some surrogate, between U+D7FF and U+E000.
    Surrogate,
}

fn read_char(input: &mut Input<'_>, class: usize) -> Result<Code, PatternError> {
    if input.peek() == Some('\\') {
        return Ok(read_escape(input, Place::Inside)?.map_or(Code::Surrogate, Code::Char));
    }
    match input.next() {
        Some(c) => Ok(Code::Char(c)),
        None => error(class, "this class is never closed"),
    }
}

fn push_range(items: &mut String, low: Code, high: Code, start: usize) -> Result<(), PatternError> {
    let (low, high) = match (low, high) {
        (Code::Surrogate, Code::Surrogate) => return Ok(()),
        (Code::Char(low), Code::Char(high)) => (low, high),
        (Code::Char(low), Code::Surrogate) => (low, '\u{d7ff}'),
        (Code::Surrogate, Code::Char(high)) => ('\u{e000}', high),
    };
    if high < low {
        return error(start, "this range is empty: its end comes before its start");
    }
    push_literal(items, low);
    items.push('-');
    push_literal(items, high);
    Ok(())
}

/// `[:name:]`, as it is written; `None` when the bracket stands for itself.
fn read_posix<'p>(input: &mut Input<'p>) -> Result<Option<&'p str>, PatternError> {
    let rest = input.rest();
    let Some(behind) = rest.strip_prefix("[:") else { return Ok(None) };
    let name = behind.split(|c: char| c != '^' && !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let Some(whole) = rest.get(..name.len() + 4).filter(|whole| whole.ends_with(":]")) else { return Ok(None) };
    if !POSIX.contains(&name.strip_prefix('^').unwrap_or(name)) {
        return error(input.at, "there is no class of this name");
    }
    input.at += whole.len();
    Ok(Some(whole))
}

/// `\d`, `\s`, `\w` and their complements, which are ASCII in RE2.
fn read_perl(input: &mut Input<'_>) -> Option<&'static str> {
    let items = match input.rest().as_bytes() {
        [b'\\', b'd', ..] => "0-9",
        [b'\\', b'D', ..] => "[^0-9]",
        [b'\\', b's', ..] => r"\t\n\f\r ",
        [b'\\', b'S', ..] => r"[^\t\n\f\r ]",
        [b'\\', b'w', ..] => "0-9A-Za-z_",
        [b'\\', b'W', ..] => "[^0-9A-Za-z_]",
        _ => return None,
    };
    input.at += 2;
    Some(items)
}
