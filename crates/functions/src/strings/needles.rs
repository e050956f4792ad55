//! `strings.contains`, `starts_with`, `ends_with`, `count` and their `i` forms: plain texts looked for in a text.
//!
//! The needles of a call are prepared once, when the rule is compiled. For the `i` forms both sides are compared in the lower case of
//! [`mailhound_value::lowercase`]: needles are lowered here, the text is lowered by the caller, who can share it between rules.

use mailhound_value::lowercase;
use memchr::memmem::{Finder, find_iter};

/// Texts to look for. An empty one is found everywhere (mql.md §9.2).
#[derive(Clone, Debug)]
pub struct Needles {
    finders: Vec<Finder<'static>>,
}

impl Needles {
    /// Prepares the needles; `fold` lowers them for the case-insensitive forms.
    pub fn new<'a>(needles: impl IntoIterator<Item = &'a str>, fold: bool) -> Needles {
        let prepare = |needle: &str| if fold { Finder::new(&lowercase(needle)).into_owned() } else { Finder::new(needle).into_owned() };
        Needles { finders: needles.into_iter().map(prepare).collect() }
    }

    /// Is any needle inside `text`?
    pub fn in_text(&self, text: &str) -> bool {
        self.finders.iter().any(|finder| finder.find(text.as_bytes()).is_some())
    }

    /// Does `text` start with any needle?
    pub fn start(&self, text: &str) -> bool {
        self.finders.iter().any(|finder| text.as_bytes().starts_with(finder.needle()))
    }

    /// Does `text` end with any needle?
    pub fn end(&self, text: &str) -> bool {
        self.finders.iter().any(|finder| text.as_bytes().ends_with(finder.needle()))
    }

    /// Occurrences in `text` that do not overlap, counted from the left, summed over the needles. An empty needle counts 0.
    pub fn count(&self, text: &str) -> usize {
        let finders = self.finders.iter().filter(|finder| !finder.needle().is_empty());
        finders.map(|finder| finder.find_iter(text.as_bytes()).count()).sum()
    }
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

    type Test = fn(&Needles, &str) -> bool;

    fn check(test: Test, text: &str, needles: &[&str], fold: bool, expected: bool) {
        let prepared = Needles::new(needles.iter().copied(), fold);
        let text = if fold { lowercase(text) } else { text.to_owned() };
        assert_eq!(test(&prepared, &text), expected, "{text:?} {needles:?}");
    }

    #[test]
    fn any_needle_is_enough() {
        check(Needles::in_text, "Invoice due", &["x", "due"], false, true);
        check(Needles::in_text, "Invoice due", &["DUE"], false, false);
        check(Needles::start, "Invoice due", &["due", "Inv"], false, true);
        check(Needles::start, "Invoice due", &["nvoice"], false, false);
        check(Needles::end, "Invoice due", &["due"], false, true);
        check(Needles::end, "due", &["Invoice due"], false, false);
        check(Needles::in_text, "Invoice due", &[], false, false);
    }

    #[test]
    fn folding_is_unicode() {
        check(Needles::in_text, "Invoice DUE", &["dUe"], true, true);
        check(Needles::start, "École", &["éCOLE"], true, true);
        check(Needles::end, "ΟΔΟΣ", &["δοσ"], true, true);
    }

    #[test]
    fn an_empty_needle_is_everywhere() {
        for test in [Needles::in_text as Test, Needles::start, Needles::end] {
            check(test, "", &[""], false, true);
            check(test, "a", &[""], true, true);
        }
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
