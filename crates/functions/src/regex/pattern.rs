//! A pattern of a rule: checked when the rule is compiled, compiled when a message first needs it.
//!
//! The feed has some 2,700 distinct patterns, of which a run over a few messages uses a part. To compile one costs about twenty times as
//! much as to check it.
//!
//! The crate `regex` is linear in the text, but not for every price: where its lazy automaton makes too many states it goes on with a simulation
//! whose cost is the size of the pattern for each byte (`[ab]*a[ab]{990}c` reads a mebibyte of `a` and `b` in six seconds). A text that is long for
//! its pattern is therefore searched by [`super::automaton`], which gives up where it would have to do that.

use super::automaton::{self, Automaton};
use super::re2::{PatternError, Translation};
use crate::clue;
use mailhound_mql::Clue;
use mailhound_value::{Limits, Unavailable, fixed};
use regex::{Regex, RegexBuilder};
use regex_syntax::hir::{Hir, HirKind};
use std::sync::OnceLock;

/// Matches that one call of `regex.extract` gives; more make the answer unavailable.
const MAX_MATCHES: usize = fixed::REGEX_MATCHES.value;

/// The name of [`MAX_MATCHES`] in needs.
const MATCHES_LIMIT: &str = fixed::REGEX_MATCHES.name;

/// The name of [`Limits::regex_bytes`] in needs.
const BYTES_LIMIT: &str = "regex.bytes";

/// Bytes that the searches of one call may read again and again, for patterns that may read far beyond their matches; about half
/// a second.
const MAX_REREAD: usize = fixed::REGEX_WORK.value;

/// The name of [`MAX_REREAD`] in needs.
const REREAD_LIMIT: &str = fixed::REGEX_WORK.name;

/// Size of a pattern times bytes of a text up to which the crate may search as it likes: some fifty milliseconds where it simulates.
const MAX_SIMULATED: usize = 8 << 20;

/// Nested groups and repetitions of one pattern. Below RE2's 1,000, since the compiler of the crate `regex` recurses; no public rule has
/// more than ten.
const MAX_NESTING: u32 = 250;

/// A checked pattern, compiled on first use. Can be shared between threads.
#[derive(Debug)]
pub struct Pattern {
    translation: Translation,
    fold_case: bool,
    /// A search ends near the end of the match that it finds, see [`ends_near`].
    near: bool,
    clue: Clue,
    max_bytes: usize,
    /// About how many states the automaton of the pattern has, see [`automaton::size`].
    size: usize,
    /// For texts that are long for the pattern; `None` when it would have been too large.
    automaton: OnceLock<Option<Automaton>>,
    /// `None` when the compiled pattern would have been too large.
    compiled: OnceLock<Option<Regex>>,
}

/// One match of [`Pattern::extract`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match<'p, 't> {
    /// The text of the whole match.
    pub full_match: &'t str,
    /// The texts of the capture groups, group 1 first; empty for a group that took no part.
    pub groups: Vec<&'t str>,
    /// The names and texts of the groups that have a name, in the order of the groups.
    pub named_groups: Vec<(&'p str, &'t str)>,
}

impl Pattern {
    /// Checks an RE2 pattern. `fold_case` is for the `i` functions; `whole` lets it match only a whole text, for `regex.match`.
    ///
    /// # Errors
    /// What is wrong with the pattern, and where in it.
    pub fn new(pattern: &str, fold_case: bool, whole: bool) -> Result<Pattern, PatternError> {
        let mut translation = Translation::new(pattern)?;
        let hir = check(&translation, fold_case)?;
        let (near, clue, size) = (ends_near(&hir) && !whole, clue::clue(&hir, false), automaton::size(&hir));
        if whole {
            translation.pattern = format!(r"\A(?:{})\z", translation.pattern);
        }
        let max_bytes = Limits::default().regex_bytes;
        Ok(Pattern { translation, fold_case, near, clue, max_bytes, size, automaton: OnceLock::new(), compiled: OnceLock::new() })
    }

    /// The same pattern, which may take up to `max_bytes` when compiled ([`Limits::regex_bytes`]).
    #[must_use]
    pub fn with_max_bytes(mut self, max_bytes: usize) -> Pattern {
        self.max_bytes = max_bytes;
        (self.compiled, self.automaton) = (OnceLock::new(), OnceLock::new());
        self
    }

    /// What a text must contain for the pattern to match in it.
    pub fn clue(&self) -> &Clue {
        &self.clue
    }

    /// What a search of a text of this length may cost, in bytes read.
    pub fn cost(&self, len: usize) -> usize {
        if self.is_long(len) { len.saturating_add(MAX_SIMULATED) } else { self.size.saturating_mul(len) }
    }

    /// Does the pattern match anywhere in `text` (or all of it, for a whole pattern)?
    ///
    /// # Errors
    /// The limits `regex.bytes` and `regex.automaton`.
    pub fn is_match(&self, text: &str) -> Result<bool, Unavailable> {
        if self.is_long(text.len()) { self.automaton()?.is_match(text) } else { Ok(self.compiled()?.is_match(text)) }
    }

    /// The end of the first match in `text`; `None` without one.
    ///
    /// # Errors
    /// The limits `regex.bytes` and `regex.automaton`.
    pub fn first_end(&self, text: &str) -> Result<Option<usize>, Unavailable> {
        if self.is_long(text.len()) { self.automaton()?.first_end(text) } else { Ok(self.compiled()?.find(text).map(|found| found.end())) }
    }

    /// True for a text that is long for this pattern.
    fn is_long(&self, len: usize) -> bool {
        self.size.saturating_mul(len) > MAX_SIMULATED
    }

    /// How often the pattern matches in `text`, from the left and without overlap.
    ///
    /// # Errors
    /// The limits `regex.bytes`, `regex.automaton` and `regex.work`.
    pub fn count(&self, text: &str) -> Result<usize, Unavailable> {
        if !self.may_be_found(text)? {
            return Ok(0);
        }
        let mut budget = Budget::new(self.near, text);
        let mut count = 0;
        for found in self.compiled()?.find_iter(text) {
            budget.spend(found.end())?;
            count += 1;
        }
        Ok(count)
    }

    /// All matches in `text`, from the left and without overlap.
    ///
    /// # Errors
    /// The limits `regex.bytes`, `regex.automaton`, `regex.work` and `regex.matches`.
    pub fn extract<'p, 't>(&'p self, text: &'t str) -> Result<Vec<Match<'p, 't>>, Unavailable> {
        let mut matches = Vec::new();
        if !self.may_be_found(text)? {
            return Ok(matches);
        }
        let mut budget = Budget::new(self.near, text);
        for captures in self.compiled()?.captures_iter(text) {
            budget.spend(captures.get(0).map_or(0, |found| found.end()))?;
            if matches.len() == MAX_MATCHES {
                return Err(Unavailable::limit(MATCHES_LIMIT));
            }
            let group = |idx| captures.get(idx).map_or("", |group| group.as_str());
            let groups: Vec<&str> = (1..captures.len()).map(group).collect();
            let names = self.translation.groups.iter().zip(&groups);
            let named_groups = names.filter_map(|(name, text)| Some((name.as_deref()?, *text))).collect();
            matches.push(Match { full_match: group(0), groups, named_groups });
        }
        Ok(matches)
    }

    /// False when a text that is long for the pattern has no match; an error when it has some, and to find all may cost too much.
    fn may_be_found(&self, text: &str) -> Result<bool, Unavailable> {
        if !self.is_long(text.len()) {
            return Ok(true);
        }
        let is_found = self.is_match(text)?;
        if is_found && self.size.saturating_mul(text.len()) > MAX_REREAD { Err(Unavailable::limit(REREAD_LIMIT)) } else { Ok(is_found) }
    }

    fn automaton(&self) -> Result<&Automaton, Unavailable> {
        let make = || Automaton::new(&self.translation.pattern, self.fold_case, self.size, MAX_NESTING + 1, self.max_bytes);
        self.automaton.get_or_init(make).as_ref().ok_or_else(|| Unavailable::limit(BYTES_LIMIT))
    }

    fn compiled(&self) -> Result<&Regex, Unavailable> {
        let compile = || {
            let mut builder = RegexBuilder::new(&self.translation.pattern);
            builder.case_insensitive(self.fold_case).size_limit(self.max_bytes).nest_limit(MAX_NESTING + 1);
            // The syntax was checked; what is left to fail is the size.
            builder.build().ok()
        };
        self.compiled.get_or_init(compile).as_ref().ok_or_else(|| Unavailable::limit(BYTES_LIMIT))
    }
}

/// What is left of [`MAX_REREAD`]. A search that reads to the end of the text and then gives a short match is followed by the next one,
/// which may do the same: work that grows with the square of the text.
struct Budget {
    near: bool,
    len: usize,
    left: usize,
}

impl Budget {
    fn new(near: bool, text: &str) -> Budget {
        Budget { near, len: text.len(), left: MAX_REREAD }
    }

    /// Counts a match that ends at `end`: the search may have read all that follows.
    fn spend(&mut self, end: usize) -> Result<(), Unavailable> {
        if !self.near {
            let read = self.len.saturating_sub(end);
            self.left = self.left.checked_sub(read).ok_or_else(|| Unavailable::limit(REREAD_LIMIT))?;
        }
        Ok(())
    }
}

/// True when every search reads at most a fixed number of bytes beyond the match that it finds: all repetitions without end stand at the
/// end of the pattern (or of an alternative), so that they match wherever they stop.
fn ends_near(hir: &Hir) -> bool {
    if hir.properties().maximum_len().is_some() {
        return true;
    }
    match hir.kind() {
        HirKind::Repetition(repetition) => repetition.sub.properties().maximum_len().is_some(),
        HirKind::Capture(capture) => ends_near(&capture.sub),
        HirKind::Alternation(parts) => parts.iter().all(ends_near),
        HirKind::Concat(parts) => parts
            .split_last()
            .is_some_and(|(last, before)| ends_near(last) && before.iter().all(|part| part.properties().maximum_len().is_some())),
        _ => false,
    }
}

/// Checks what only the crate `regex` knows: the names of Unicode classes, and its own limits.
fn check(translation: &Translation, fold_case: bool) -> Result<Hir, PatternError> {
    let mut parser = regex_syntax::ParserBuilder::new().case_insensitive(fold_case).nest_limit(MAX_NESTING).build();
    parser.parse(&translation.pattern).map_err(|error| {
        let (offset, message) = match &error {
            regex_syntax::Error::Parse(error) => (error.span().start.offset, error.kind().to_string()),
            regex_syntax::Error::Translate(error) => (error.span().start.offset, error.kind().to_string()),
            error => (0, error.to_string()),
        };
        PatternError { offset: translation.original_offset(offset), message }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(pattern: &str, fold_case: bool, whole: bool) -> Pattern {
        Pattern::new(pattern, fold_case, whole).unwrap_or_else(|error| panic!("{pattern}: {error} at {}", error.offset))
    }

    fn check_contains(text: &str, regex: &str, fold_case: bool, expected: bool) {
        assert_eq!(pattern(regex, fold_case, false).is_match(text), Ok(expected), "{text:?} contains {regex}");
    }

    #[test]
    fn contains_matches_anywhere_with_the_meaning_of_re2() {
        for (text, regex, expected) in [
            ("abc123", r"\d\d\d", true),
            ("abc", "B", false),
            ("a\\nb", "a.b", false),
            ("a\nb", "a.b", false),
            ("a\nb", "(?s)a.b", true),
            ("a\nb", "^b", false),
            ("a\nb", "(?m)^b", true),
            ("a\nb", "(?m)a$", true),
            ("a\r\nb", "(?m)a$", false),
            ("a\n", "a$", false),
            ("a", "a$", true),
            ("é", r"\w", false),
            ("٣", r"\d", false),
            ("\u{a0}", r"\s", false),
            ("\u{b}", r"\s", false),
            ("\u{b}", r"\S", true),
            ("\u{b}", "[[:space:]]", true),
            ("éa", r"\ba", true),
            ("éa", r"\Ba", false),
            ("aé", r"a\b", true),
            ("a{b", "a{b", true),
            ("<b>", r"\<b\>", true),
            ("[", "[[]", true),
            ("a]", "[]]", true),
            ("^", r"[\^]", true),
            ("a-z", "[a-]-[-z]", true),
            ("-", r"[\d-z]", true),
            ("m", r"[\d-z]", false),
            ("tel!", "[[:punct:]]", true),
            ("ж", r"\p{Cyrillic}", true),
            ("ж", r"\P{Cyrillic}", false),
            ("ж", r"[^\p{Cyrillic}]", false),
            ("a\u{200f}b", r"a\x{200F}b", true),
            ("PLEASE", r"\APL", true),
            ("a&b", "[x&&y]", true),
            ("\n", "[^a]", true),
            ("\u{e000}", r"[\x{D800}-\x{E000}]", true),
            ("x", r"\x{D800}", false),
            ("a", "(|b)", true),
            ("", "()*", true),
            ("", "^*", true),
        ] {
            check_contains(text, regex, false, expected);
        }
    }

    #[test]
    fn letter_case_folds_as_unicode_does() {
        check_contains("abc", "B", true, true);
        check_contains("\u{212a}", "k", true, true);
        check_contains("\u{212a}", r"\w", true, true);
        check_contains("\u{212a}", r"\W", true, false);
        check_contains("ÉCOLE", "école", true, true);
        check_contains("B", "(?-i)b", true, false);
        check_contains("B", "(?i:b)c|B", false, true);
    }

    #[test]
    fn whole_patterns_cover_the_text() {
        for (text, regex, expected) in
            [("abc", "b", false), ("abc", ".*b.*", true), ("ab", "a|ab", true), ("ab", "a|b", false), ("a\n", "a$", false), ("", "", true)]
        {
            assert_eq!(pattern(regex, false, true).is_match(text), Ok(expected), "{text:?} match {regex}");
        }
    }

    #[test]
    fn matches_are_counted_without_overlap() {
        for (text, regex, fold, expected) in
            [("banana", "an", false, 2), ("BaNaNa", "na", true, 2), ("aaaa", "aa", false, 2), ("abc", "", false, 4), ("é", r"\B", false, 2)]
        {
            assert_eq!(pattern(regex, fold, false).count(text), Ok(expected), "{text:?} count {regex}");
        }
    }

    #[test]
    fn extract_gives_groups_and_names() {
        let regex = pattern(r"(?P<key>\w)=(?<2val>\w)(z)?", true, false);
        let matches = regex.extract("K=v, a=b").expect("small");
        assert_eq!(matches.len(), 2);
        assert_eq!(matches[0].full_match, "K=v");
        assert_eq!(matches[0].groups, ["K", "v", ""]);
        assert_eq!(matches[0].named_groups, [("key", "K"), ("2val", "v")]);
        assert_eq!(pattern(r"\d", false, false).extract("abc"), Ok(Vec::new()));
    }

    #[test]
    fn unknown_classes_are_placed_in_the_original_pattern() {
        let error = Pattern::new(r"\d{2}[a\p{Klingon}]", false, true).expect_err("no such script");
        assert_eq!(error.offset, 5);
        assert_eq!(error.message, "Unicode property not found");
        assert!(Pattern::new(&"(".repeat(300), false, false).is_err());
        assert!(Pattern::new(&format!("{}{}", "(".repeat(300), ")".repeat(300)), false, false).is_err());
    }

    #[test]
    fn a_pattern_that_is_too_large_is_unavailable() {
        let large = pattern(r"(?:\pL{30}){30}", true, false).with_max_bytes(100_000);
        assert_eq!(large.is_match("x"), Err(Unavailable::limit(BYTES_LIMIT)));
    }

    #[test]
    fn too_many_matches_are_unavailable() {
        let text = "a".repeat(MAX_MATCHES + 1);
        assert_eq!(pattern("a", false, false).extract(&text), Err(Unavailable::limit(MATCHES_LIMIT)));
        assert_eq!(pattern("a", false, false).count(&text), Ok(MAX_MATCHES + 1));
    }

    #[test]
    fn patterns_that_may_read_far_beyond_their_matches_are_known() {
        for (regex, near) in [
            ("a", true),
            ("a(?:b+|c*)", true),
            ("a{3}[^a]*", true),
            ("(?:ab){3,}", true),
            (r"https?://\S+", true),
            ("a(?:[^b]*b)?", false),
            ("a*b", false),
            ("(?:a*b)+", false),
            ("a+$", false),
        ] {
            assert_eq!(pattern(regex, false, false).near, near, "{regex}");
        }
    }

    #[test]
    fn reading_a_text_again_and_again_has_a_limit() {
        let mut far = Budget { near: false, len: 10, left: 12 };
        assert_eq!(far.spend(1), Ok(()));
        assert_eq!(far.spend(7), Ok(()));
        assert_eq!(far.spend(8), Err(Unavailable::limit(REREAD_LIMIT)));
        let text = "a".repeat(1000);
        assert_eq!(pattern("a(?:[^b]*b)?", false, false).count(&text), Ok(1000));
    }
}
