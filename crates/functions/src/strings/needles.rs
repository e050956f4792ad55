//! `strings.contains`, `count` and their `i` forms: plain texts looked for in a text.
//!
//! The needles of a call are prepared once, when the rule is compiled. For the `i` forms both sides are compared in the lower case of
//! [`mailhound_value::lowercase`]: needles are lowered here, the text is lowered by the caller, who can share it between rules.

use crate::clue;
use mailhound_mql::Clue;
use mailhound_value::lowercase;
use memchr::memmem::{Finder, find_iter};

/// Texts to look for. An empty one is found everywhere (mql.md §9.2).
#[derive(Clone, Debug)]
pub struct Needles {
    finders: Vec<Finder<'static>>,
    fold: bool,
}

impl Needles {
    /// Prepares the needles; `fold` lowers them for the case-insensitive forms.
    pub fn new<'a>(needles: impl IntoIterator<Item = &'a str>, fold: bool) -> Needles {
        let prepare = |needle: &str| if fold { Finder::new(&lowercase(needle)).into_owned() } else { Finder::new(needle).into_owned() };
        Needles { finders: needles.into_iter().map(prepare).collect(), fold }
    }

    /// What a text, before it is lowered, must contain for any needle to be in it.
    pub fn clue(&self) -> Clue {
        if let [finder] = self.finders.as_slice()
            && let Some(literal) = plain_literal(finder.needle())
        {
            return Clue { groups: vec![vec![literal]], bytes: Vec::new() };
        }
        let needles = self.finders.iter().map(|finder| clue::literal(finder.needle(), self.fold));
        clue::clue(&clue::alternatives(needles.collect()), self.fold)
    }

    /// Is any needle inside a text exactly when the clue admits the text? See [`mailhound_mql::Wanted::is_its_clue`].
    pub fn are_their_clue(&self) -> bool {
        match self.finders.as_slice() {
            [finder] => is_its_clue(finder.needle(), self.fold, &self.clue()),
            _ => false,
        }
    }

    /// Is any needle inside `text`?
    pub fn in_text(&self, text: &str) -> bool {
        self.finders.iter().any(|finder| finder.find(text.as_bytes()).is_some())
    }

    /// Occurrences in `text` that do not overlap, counted from the left, summed over the needles. An empty needle counts 0.
    pub fn count(&self, text: &str) -> usize {
        let finders = self.finders.iter().filter(|finder| !finder.needle().is_empty());
        finders.map(|finder| finder.find_iter(text.as_bytes()).count()).sum()
    }
}

/// The needle as a literal, when nothing is to be weighed about it: lists have thousands of such.
fn plain_literal(needle: &[u8]) -> Option<Box<str>> {
    let plain = needle.is_ascii() && (4..=32).contains(&needle.len());
    let text = std::str::from_utf8(needle).ok().filter(|_| plain)?;
    Some(text.to_ascii_lowercase().into())
}

/// Is a needle inside a text exactly when this clue of it admits the text?
pub(super) fn is_its_clue(needle: &[u8], fold: bool, clue: &Clue) -> bool {
    let cased = needle.iter().any(u8::is_ascii_alphabetic);
    let [group] = clue.groups.as_slice() else { return false };
    (fold || !cased) && clue.bytes.is_empty() && matches!(group.as_slice(), [only] if only.as_bytes() == needle)
}

/// Occurrences of `needle` in `text` that do not overlap, counted from the left; 0 for an empty needle. For a needle that is known only
/// while a rule runs; both sides are compared as they are.
pub fn count(text: &str, needle: &str) -> usize {
    if needle.is_empty() {
        return 0;
    }
    find_iter(text.as_bytes(), needle).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, needles: &[&str], fold: bool, expected: bool) {
        let prepared = Needles::new(needles.iter().copied(), fold);
        let text = if fold { lowercase(text) } else { text.to_owned() };
        assert_eq!(prepared.in_text(&text), expected, "{text:?} {needles:?}");
    }

    #[test]
    fn any_needle_is_enough() {
        check("Invoice due", &["x", "due"], false, true);
        check("Invoice due", &["DUE"], false, false);
        check("Invoice due", &[], false, false);
    }

    #[test]
    fn folding_is_unicode() {
        check("Invoice DUE", &["dUe"], true, true);
    }

    #[test]
    fn an_empty_needle_is_everywhere() {
        check("", &[""], false, true);
        check("a", &[""], true, true);
    }

    #[test]
    fn occurrences_do_not_overlap() {
        for (text, needle, expected) in
            [("An example string to search", " ", 4), ("Banana nana nana", "na", 6), ("aaaa", "aa", 2), ("abc", "z", 0), ("abc", "", 0)]
        {
            assert_eq!(count(text, needle), expected);
            assert_eq!(Needles::new([needle], false).count(text), expected);
        }
        assert_eq!(Needles::new(["NA"], true).count(&lowercase("BaNaNa")), 2);
    }
}
