//! A look at the tags of a text before it is tokenized: are all of them short and whole?
//!
//! The tokenizer compares each attribute of a tag with all before it, so a tag with very many must be cut while it is fed. To know where a tag
//! ends takes the state of the tokenizer, which is asked after each `>`, at a price. For nearly all mail the text alone tells that no tag can
//! be long: between two `>` stands at most one `<`, and no `>` stands in a quoted value. Then every tag, comment and raw text ends at the `>`
//! where this look thinks it ends, whatever the state, and the words between are those counted here.

use memchr::{memchr, memchr2};

/// True when no tag of the text can have more than `max_words` words; false also when this look cannot tell.
pub(super) fn are_ordinary(html: &str, max_words: usize) -> bool {
    let mut rest = html.as_bytes();
    while let Some(open) = memchr(b'<', rest) {
        let from = rest.get(open + 1..).unwrap_or_default();
        let end = memchr(b'>', from).unwrap_or(from.len());
        let (tag, after) = from.split_at(end);
        if memchr(b'<', tag).is_some() || (is_tag(tag) && ((tag.len() > max_words && words(tag) > max_words) || ends_in_quotes(tag))) {
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

/// True when the `>` behind the tag may stand in a quoted value (HTML standard §13.2.5.32 to §13.2.5.40). True also for quotes anywhere but
/// around a value that follows its name and equals sign directly, which mail programs do not write.
fn ends_in_quotes(tag: &[u8]) -> bool {
    let mut rest = tag;
    while let Some(open) = memchr2(b'"', b'\'', rest) {
        let (before, from) = rest.split_at(open);
        let word = before.rsplit(|byte| is_blank(*byte)).next().unwrap_or_default();
        let Some((b'=', name)) = word.split_last() else { return true };
        let is_first = word.len() == tag.len() - from.len(); // the name of the tag itself takes no value
        let is_value = before.get(..before.len() - word.len()).unwrap_or_default().trim_ascii_end().ends_with(b"="); // of the name before it
        if name.is_empty() || name.contains(&b'=') || name.ends_with(b"/") || is_first || is_value {
            return true;
        }
        let (quote, value) = (from.first().copied().unwrap_or_default(), from.get(1..).unwrap_or_default());
        let Some(close) = memchr(quote, value) else { return true };
        rest = value.get(close + 1..).unwrap_or_default();
    }
    false
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t' | b'\r' | b'\x0c')
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
            ("<p /=\"a b=\"c>", false),
            ("<p a= b=\"c d=\"e>", false),
            ("<p a=b c=\"d\"e='f'>", true),
            ("<p \"=\"x>", false),
            ("<p =\"x>", false),
            ("<p=\"x\">", false),
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
