//! `strings.replace_confusables`: look-alike letters by the letters they look like.
//!
//! Each character outside of ASCII is replaced by its prototype in Unicode TR39 `confusables.txt`; ASCII stays as it is, and so does a
//! letter with a diacritic that Unicode decomposes (mql.md §9.3). The table is the one of the crate `unicode-security`, which offers
//! only whole skeletons: the skeleton of a single character that has no decomposition is that character's prototype.

use mailhound_mql::{Body, Function, example, param};
use mailhound_value::{Type, Value};
use std::sync::OnceLock;
use unicode_normalization::char::decompose_canonical;
use unicode_security::confusable_detection::skeleton;

/// `text` with each character outside of ASCII replaced by its prototype; characters without one stay. Nothing is dropped.
pub fn replace_confusables(text: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    for c in text.chars() {
        match prototype(c) {
            Some(prototype) => replaced.push_str(prototype),
            None => replaced.push(c),
        }
    }
    replaced
}

/// The prototypes of 256 neighbouring characters, sorted; characters that stay are left out.
type Block = Box<[(char, Box<str>)]>;

const BLOCKS: usize = (char::MAX as usize >> 8) + 1;

/// Filled block by block, when a text first holds a character of it: to look through all of Unicode takes longer than most runs.
static PROTOTYPES: [OnceLock<Block>; BLOCKS] = [const { OnceLock::new() }; BLOCKS];

/// What `c` looks like, when that is not `c` itself.
fn prototype(c: char) -> Option<&'static str> {
    if c.is_ascii() {
        return None;
    }
    let number = u32::from(c) >> 8;
    let block = PROTOTYPES.get(number as usize)?.get_or_init(|| fill(number));
    let idx = block.binary_search_by_key(&c, |(from, _)| *from).ok()?;
    block.get(idx).map(|(_, to)| &**to)
}

fn fill(block: u32) -> Block {
    let chars = (block << 8..(block + 1) << 8).filter_map(char::from_u32);
    chars.filter_map(|c| Some((c, compute(c)?))).collect()
}

fn compute(c: char) -> Option<Box<str>> {
    let mut parts = 0;
    decompose_canonical(c, |_| parts += 1);
    if parts > 1 {
        return None;
    }
    // Characters that are never shown have an empty skeleton; they are kept.
    let prototype: String = skeleton(c.encode_utf8(&mut [0; 4])).collect();
    (!prototype.is_empty() && !prototype.chars().eq([c])).then(|| prototype.into())
}

pub(super) static REPLACE_CONFUSABLES: Function = Function {
    name: "strings.replace_confusables",
    about: "The text with each character outside of ASCII replaced by the one that it is mistaken for (Unicode TR39); ASCII, letter case \
            and characters without a look-alike stay.",
    params: &[param("text", Type::String, "The text. Null gives null.")],
    returns: Type::String,
    needs: &[],
    examples: &[
        example(r#"strings.replace_confusables("раураӏ")"#, r#""paypal""#),
        example(r#"strings.replace_confusables("10 % off")"#, r#""10 % off""#),
        example("strings.replace_confusables(null)", "null"),
    ],
    memo: true,
    body: Body::Plain(|args| {
        let Some(text) = args.str(0) else { return Ok(Value::Null) };
        Ok(Value::Str(if text.is_ascii() { text } else { args.ctx.arena.text(replace_confusables(text)) }))
    }),
};

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(replace_confusables(text), expected, "{text:?}");
    }

    #[test]
    fn look_alikes_become_what_they_look_like() {
        for (text, expected) in [
            ("\u{430}pple.com", "apple.com"),       // Cyrillic a
            ("\u{3c1}aypal.com", "paypal.com"),     // Greek rho
            ("\u{1d429}\u{1d42b}\u{1d428}", "pro"), // mathematical bold
            ("\u{1d5c9}\u{1d5c2}\u{1d5c3}", "pij"), // mathematical sans-serif
            ("\u{1d426}", "rn"),                    // a fancy m
            ("\u{ff21}\u{ff22}\u{ff23}", "ABC"),    // full-width
            ("\u{1d7cf}\u{1d7ce}", "lO"),           // styled digits
            ("\u{212a}ey", "Key"),                  // Kelvin sign
            ("\u{2010}\u{2044}", "-/"),             // punctuation
            ("\u{a0}", " "),                        // no-break space
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn ascii_is_left_alone() {
        let ascii: String = (0..128_u8).map(char::from).collect();
        check(&ascii, &ascii);
        check("modern 10 | I", "modern 10 | I");
    }

    #[test]
    fn letters_with_diacritics_and_invisible_characters_stay() {
        for text in ["\u{1e41}", "\u{157}", "\u{221}", "\u{e9}", "\u{200b}", "\u{ad}", "\u{feff}", "한국어", "日本"] {
            check(text, text);
        }
    }

    #[test]
    fn every_character_has_an_answer() {
        for c in (0..=u32::from(char::MAX)).filter_map(char::from_u32) {
            assert!(!replace_confusables(c.encode_utf8(&mut [0; 4])).is_empty());
        }
    }
}
