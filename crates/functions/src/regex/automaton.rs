//! A pattern on a text that is long for it: one pass of a lazy automaton, which gives up instead of becoming slow.
//!
//! The automaton makes its states while it reads (`regex_automata::hybrid`). Each search begins without any, so that the same text always ends the
//! same, whatever was searched before it.

use mailhound_value::{Unavailable, fixed};
use regex_automata::hybrid::dfa::{Config, DFA};
use regex_automata::nfa::thompson;
use regex_automata::util::syntax;
use regex_automata::{Input, MatchError};
use regex_syntax::hir::{Class, Hir, HirKind};

/// Bytes of the states that are kept.
const MAX_STATES: usize = fixed::REGEX_AUTOMATON.value;

/// The name of [`MAX_STATES`] in needs.
const LIMIT: &str = fixed::REGEX_AUTOMATON.name;

/// States of the pattern for which one byte of the text must be read with each state that is made, once the states were thrown away: to make one
/// costs some 5 ns for each state of the pattern.
const STATES_OF_A_BYTE: usize = 8;

/// A lazy automaton for one pattern.
#[derive(Debug)]
pub struct Automaton(DFA);

impl Automaton {
    /// The automaton of a translated pattern of this [`size`]; `None` when it would have more than `max_bytes`.
    pub fn new(pattern: &str, fold_case: bool, size: usize, max_nesting: u32, max_bytes: usize) -> Option<Automaton> {
        let config = Config::new()
            .cache_capacity(MAX_STATES)
            .skip_cache_capacity_check(true)
            .minimum_cache_clear_count(Some(1))
            .minimum_bytes_per_state(Some((size / STATES_OF_A_BYTE).max(10)));
        let mut builder = DFA::builder();
        builder.configure(config);
        builder.syntax(syntax::Config::new().case_insensitive(fold_case).nest_limit(max_nesting));
        builder.thompson(thompson::Config::new().nfa_size_limit(Some(max_bytes)));
        builder.build(pattern).ok().map(Automaton)
    }

    /// Does the pattern match anywhere in the text?
    ///
    /// # Errors
    /// The limit `regex.automaton`.
    pub fn is_match(&self, text: &str) -> Result<bool, Unavailable> {
        self.search(Input::new(text).earliest(true)).map(|end| end.is_some())
    }

    /// The end of the first match in the text; `None` without one.
    ///
    /// # Errors
    /// The limit `regex.automaton`.
    pub fn first_end(&self, text: &str) -> Result<Option<usize>, Unavailable> {
        self.search(Input::new(text))
    }

    fn search(&self, input: Input<'_>) -> Result<Option<usize>, Unavailable> {
        let found = self.0.try_search_fwd(&mut self.0.create_cache(), &input);
        found.map(|end| end.map(|end| end.offset())).map_err(|_: MatchError| Unavailable::limit(LIMIT))
    }
}

/// About how many states the automaton of a pattern has before it is made deterministic: the measure of what a byte of a text can cost. The nesting
/// of the tree is bounded by the parser.
pub fn size(hir: &Hir) -> usize {
    let all = |parts: &[Hir]| parts.iter().map(size).fold(0, usize::saturating_add);
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len(),
        HirKind::Class(Class::Bytes(_)) => 1,
        HirKind::Class(class @ Class::Unicode(_)) if class.maximum_len() == Some(1) => 1,
        // A range beyond ASCII is at most a few sequences of bytes, which share their ends.
        HirKind::Class(Class::Unicode(class)) => class.ranges().len() + 4,
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or_else(|| repetition.min.saturating_add(1));
            size(&repetition.sub).saturating_add(1).saturating_mul(times as usize)
        }
        HirKind::Capture(capture) => size(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => all(parts).saturating_add(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn automaton(pattern: &str) -> Automaton {
        let hir = regex_syntax::parse(pattern).expect("a good pattern");
        Automaton::new(pattern, false, size(&hir), 100, 1 << 26).expect("a small pattern")
    }

    #[test]
    fn it_finds_what_the_crate_regex_finds() {
        for pattern in
            ["a", "b+", "a|ab", "(?:a|b)*c", r"\Ab", r"c\z", r"(?-u:\b)ab", "", "[^a]é", "(?i)É", r"\A(?:a*?)\z", "x{0}", "(?m)^b$"]
        {
            let (ours, theirs) = (automaton(pattern), regex::Regex::new(pattern).expect("a good pattern"));
            for text in ["", "a", "ab", "aab c", "b", "éa", "ba é", "abc", "a\nb", "É"] {
                assert_eq!(ours.is_match(text), Ok(theirs.is_match(text)), "{pattern} in {text:?}");
                assert_eq!(ours.first_end(text), Ok(theirs.find(text).map(|found| found.end())), "{pattern} in {text:?}");
            }
        }
    }

    #[test]
    fn states_without_end_are_given_up_and_each_time_the_same() {
        let mut state = 1_u32;
        let text: String = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            if state >> 31 == 0 { 'a' } else { 'b' }
        })
        .take(200_000)
        .collect();
        let many = automaton("[ab]*a[ab]{400}c");
        for _ in 0..2 {
            assert_eq!(many.is_match(&text), Err(Unavailable::limit(LIMIT)));
            assert_eq!(many.is_match(&text[..100]), Ok(false));
        }
        assert_eq!(automaton("a[ab]{3}c").is_match(&text), Ok(false));
    }

    #[test]
    fn sizes_multiply() {
        let size = |pattern| size(&regex_syntax::parse(pattern).expect("a good pattern"));
        assert!(size("abc") <= 4);
        assert!(size("(?:[ab]{30}a){30}") > 900);
        assert!(size(r"\pL{900}") > 100_000);
    }
}
