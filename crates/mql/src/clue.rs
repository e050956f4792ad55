//! What a text must contain for a test to be true of it.
//!
//! Most tests of a rule set are false of most texts. One search for the literals of all tests tells which of them can be true at all; only
//! these run. A clue is what a test says of itself for that: it never denies a text of which the test is true, and may admit many of which
//! it is false.

use std::borrow::Cow;

/// U+017F, which folds to `s`.
pub const LONG_S: char = 'ſ';

/// U+212A, which folds to `k`.
pub const KELVIN: char = '\u{212a}';

/// What a text must contain for a test to be true of it; all of it is needed. An empty clue knows nothing: any text may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clue {
    /// Literals, of each group at least one; no group is empty, and no literal. They are in ASCII lower case and are looked for in the
    /// [`searched`] form of a text, ASCII letters in either case, all else exactly.
    pub groups: Vec<Vec<Box<str>>>,
    /// Sets of bytes, of each at least one, compared with [`Bytes::of`] the text.
    pub bytes: Vec<Bytes>,
}

impl Clue {
    /// True when nothing is known.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.bytes.is_empty()
    }

    /// The plain definition: can a test with this clue be true of `text`? One search for each literal; who has many clues searches for all
    /// literals at once.
    pub fn admits(&self, text: &str) -> bool {
        let bytes = Bytes::of(text);
        let searched = searched(text).to_ascii_lowercase();
        self.bytes.iter().all(|needed| needed.meets(bytes))
            && self.groups.iter().all(|group| group.iter().any(|literal| searched.contains(&**literal)))
    }
}

/// The form of a text in which literals are looked for: [`LONG_S`] is `s`, [`KELVIN`] is `k`. No other character outside ASCII folds to one
/// of ASCII, neither under the simple folding of Unicode nor under [`mailhound_value::lowercase`].
pub fn searched(text: &str) -> Cow<'_, str> {
    let holds = |c: char| memchr::memmem::find(text.as_bytes(), c.encode_utf8(&mut [0; 4]).as_bytes()).is_some();
    if text.is_ascii() || !holds(LONG_S) && !holds(KELVIN) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace(LONG_S, "s").replace(KELVIN, "k"))
}

/// A set of ASCII bytes, and whether anything beyond ASCII is in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bytes {
    /// Bit `n` is the byte `n`.
    pub ascii: u128,
    /// Bytes from 128 on, all together.
    pub other: bool,
}

impl Bytes {
    /// The bytes of a text, as it is. [`LONG_S`] and [`KELVIN`] also count as the letters that they fold to.
    pub fn of(text: &str) -> Bytes {
        let mut table = [false; 256];
        text.bytes().for_each(|byte| table[usize::from(byte)] = true);
        let mut seen = [0u64; 4];
        for (word, table) in seen.iter_mut().zip(table.chunks(64)) {
            *word = table.iter().enumerate().fold(0, |word, (bit, seen)| word | u64::from(*seen) << bit);
        }
        let [first, second, high @ ..] = seen;
        let mut bytes = Bytes { ascii: u128::from(first) | u128::from(second) << 64, other: high != [0, 0] };
        if bytes.other {
            for (c, letter) in [(LONG_S, b's'), (KELVIN, b'k')] {
                if text.contains(c) {
                    bytes.insert(letter);
                }
            }
        }
        bytes
    }

    /// Adds a byte.
    pub fn insert(&mut self, byte: u8) {
        match byte {
            0..=127 => self.ascii |= 1 << byte,
            _ => self.other = true,
        }
    }

    /// Have the two anything in common?
    pub fn meets(self, other: Bytes) -> bool {
        self.ascii & other.ascii != 0 || self.other && other.other
    }

    /// What is in either.
    #[must_use]
    pub fn or(self, other: Bytes) -> Bytes {
        Bytes { ascii: self.ascii | other.ascii, other: self.other || other.other }
    }

    /// The same with each ASCII letter in both cases.
    #[must_use]
    pub fn in_both_cases(mut self) -> Bytes {
        for byte in self.ascii_bytes() {
            self.insert(byte.to_ascii_lowercase());
            self.insert(byte.to_ascii_uppercase());
        }
        self
    }

    /// The ASCII bytes, ascending.
    pub fn ascii_bytes(self) -> impl Iterator<Item = u8> {
        (0..128).filter(move |byte| self.ascii >> byte & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mailhound_value::lower_char;

    fn clue(groups: &[&[&str]], bytes: &[&str]) -> Clue {
        let groups = groups.iter().map(|group| group.iter().map(|literal| (*literal).into()).collect()).collect();
        Clue { groups, bytes: bytes.iter().map(|bytes| Bytes::of(bytes)).collect() }
    }

    #[test]
    fn every_group_and_every_set_of_bytes_is_needed() {
        for (groups, bytes, text, expected) in [
            (&[][..], &[][..], "", true),
            (&[&["pay", "due"][..]][..], &[][..], "Invoice DUE", true),
            (&[&["pay", "due"][..]][..], &[][..], "Invoice", false),
            (&[&["pay"][..], &["now"][..]][..], &[][..], "pay later", false),
            (&[&["pay"][..], &["now"][..]][..], &[][..], "now pay", true),
            (&[&["pay"][..]][..], &["0123456789"][..], "pay 5", true),
            (&[&["pay"][..]][..], &["0123456789"][..], "pay five", false),
            (&[][..], &["$@", "0"][..], "a@b", false),
            (&[][..], &["é"][..], "中", true),
            (&[][..], &["é"][..], "e", false),
            (&[][..], &["S"][..], "s", false),
            (&[&["école"][..]][..], &[][..], "éCOLE", true),
            (&[&["école"][..]][..], &[][..], "École", false),
        ] {
            assert_eq!(clue(groups, bytes).admits(text), expected, "{text:?} {groups:?} {bytes:?}");
        }
    }

    #[test]
    fn letters_beyond_ascii_count_as_those_they_fold_to() {
        assert!(clue(&[&["task"]], &["s", "k"]).admits("TAſ\u{212a}"));
        assert!(clue(&[], &["ſ"]).admits("ſ"));
        assert_eq!(searched("ſ\u{212a}é"), "ské");
        assert!(matches!(searched("ské"), Cow::Borrowed(_)));
    }

    #[test]
    fn no_other_character_has_an_ascii_lower_case() {
        for c in ('\u{80}'..=char::MAX).filter(|c| *c != KELVIN) {
            assert!(!lower_char(c).is_ascii(), "{c:?}");
        }
        assert_eq!(lower_char(KELVIN), 'k');
        assert_eq!(lower_char(LONG_S), LONG_S, "`strings` do not fold it; it is searched as `s` all the same");
    }
}
