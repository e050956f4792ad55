//! A look at the tags of a text before it is tokenized: are all of them short and whole?
//!
//! The tokenizer compares each attribute of a tag with all before it, so a tag with very many must be cut while it is fed. To know where a tag
//! ends takes the state of the tokenizer, which is asked after each `>`, at a price. For nearly all mail the text alone tells that no tag can
//! be long: between two `>` stands at most one `<`, and no `>` stands in a quoted value. Then every tag, comment and raw text ends at the `>`
//! where this look thinks it ends, whatever the state, and the words between are those counted here.

use memchr::memchr;

/// True when no tag of the text can have more than `max_words` words; false also when this look cannot tell.
pub(super) fn are_ordinary(html: &str, max_words: usize) -> bool {
    let mut rest = html.as_bytes();
    while let Some(open) = memchr(b'<', rest) {
        let from = rest.get(open + 1..).unwrap_or_default();
        let end = memchr(b'>', from).unwrap_or(from.len());
        let (tag, after) = from.split_at(end);
        if memchr(b'<', tag).is_some() || (is_tag(tag) && (words(tag) > max_words || ends_in_quotes(tag))) {
            return false;
        }
        rest = after;
    }
    true
}

/// Bytes behind which an attribute can begin.
pub(super) fn is_word_end(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t' | b'\r' | b'\x0c' | b'/' | b'"' | b'\'')
}

fn words(tag: &[u8]) -> usize {
    tag.iter().filter(|byte| is_word_end(**byte)).count()
}

/// What follows a `<` is a tag, not a declaration, a comment or text.
fn is_tag(inside: &[u8]) -> bool {
    matches!(inside, [b'/', next, ..] | [next, ..] if next.is_ascii_alphabetic())
}

/// Where the tokenizer is in a tag (HTML standard §13.2.5.32 to §13.2.5.40).
#[derive(Clone, Copy, PartialEq)]
enum At {
    /// In the name of the tag, where nothing but its end matters.
    Tag,
    /// In a name or between attributes, where quotes are ordinary bytes.
    Name,
    /// Behind an equals sign and blanks.
    Value,
    Unquoted,
    Quoted(u8),
}

/// True when the tag ends inside of a quoted value, so that the `>` behind it is part of that.
fn ends_in_quotes(tag: &[u8]) -> bool {
    let mut at = At::Tag;
    let mut is_named = false; // an attribute name has begun: only then an equals sign begins a value
    for &byte in tag.strip_prefix(b"/").unwrap_or(tag) {
        let is_blank = matches!(byte, b' ' | b'\n' | b'\t' | b'\r' | b'\x0c');
        at = match (at, byte) {
            (At::Tag, _) if is_blank || byte == b'/' => At::Name,
            (At::Tag, _) => At::Tag,
            (At::Quoted(quote), _) if byte != quote => at,
            (At::Quoted(_), _) => {
                is_named = false;
                At::Name
            }
            (At::Value, b'"' | b'\'') => At::Quoted(byte),
            (At::Value, _) if is_blank => At::Value,
            (At::Value, _) => At::Unquoted,
            (At::Unquoted, _) if is_blank => {
                is_named = false;
                At::Name
            }
            (At::Unquoted, _) => At::Unquoted,
            (At::Name, b'=') if is_named => At::Value,
            (At::Name, b'/') => {
                is_named = false;
                At::Name
            }
            (At::Name, _) => {
                is_named |= !is_blank;
                At::Name
            }
        };
    }
    matches!(at, At::Quoted(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_markup_is_recognised() {
        for (html, ordinary) in [
            ("", true),
            ("a > b", true),
            ("<!DOCTYPE html><p class=\"a b\" title='x'>1 &lt; 2</p><br/><a href=/x/y>z</a>", true),
            ("<!--[if mso]><table><![endif]--><style>p > a { color: red }</style>", true),
            ("<a b=\"x", false),
            ("<p title=\"a > b\">", false),
            ("<p a=b=\"c d=\"e>", false),
            ("<p \"=\"x>", false),
            ("<p =\"x>", true),
            ("<p=\"x></p=\"x>", true),
            ("<p a=\"x\"\"b=\">", false),
            ("<!-- <p> -->", false),
            ("<a <b>", false),
            ("<a b c d e f g h i j>", false),
            ("a b c d e f g h i j k <a>", true),
        ] {
            assert_eq!(are_ordinary(html, 8), ordinary, "{html}");
        }
    }
}
