//! From RE2 patterns to patterns of the crate `regex`.
//!
//! Rules are written for RE2 as Go has it (<https://pkg.go.dev/regexp/syntax>). The crate `regex` matches the same way, leftmost first
//! and in linear time, but reads some patterns differently: `\<` is a word boundary there, `{` must begin a repetition, `\d \w \s \b` are
//! Unicode, `[` inside a class opens another class (mql.md §9.4). [`translate`] reads a pattern exactly as RE2 does, says where it is
//! wrong, and writes it again without anything that the two read differently: every literal character is escaped where it could be
//! special, every ASCII class is spelled out.

use super::class::read_class;
use super::escape::{Place, read_escape, read_unicode_class};
use std::collections::HashSet;
use std::fmt;

/// The highest repetition count, also of nested repetitions together (RE2 and Go: 1,000).
const MAX_REPEAT: u32 = 1000;

/// What is wrong with a pattern, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    /// The byte in the original pattern where the faulty part starts.
    pub offset: usize,
    /// One sentence for the author of the rule.
    pub message: String,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for PatternError {}

/// An RE2 pattern in the syntax of the crate `regex`. Groups have the same numbers; their names are left out, since RE2 allows names that
/// the crate does not ([`Translation`] has them).
///
/// # Errors
/// What RE2 rejects.
pub fn translate(pattern: &str) -> Result<String, PatternError> {
    Translation::new(pattern).map(|translation| translation.pattern)
}

/// A translated pattern and what is known of it.
#[derive(Clone, Debug)]
pub struct Translation {
    /// The pattern in the syntax of the crate `regex`, to be compiled without flags or with `i` only.
    pub pattern: String,
    /// The names of the capture groups, group 1 first; `None` for a group without name.
    pub groups: Vec<Option<String>>,
    /// Pairs of offsets, in the translated and in the original pattern, one for each token, ascending.
    offsets: Vec<(usize, usize)>,
}

impl Translation {
    /// Translates an RE2 pattern.
    ///
    /// # Errors
    /// What RE2 rejects.
    pub fn new(pattern: &str) -> Result<Translation, PatternError> {
        let mut translator = Translator {
            input: Input { pattern, at: 0 },
            out: Translation { pattern: String::with_capacity(pattern.len() + 16), groups: Vec::new(), offsets: Vec::new() },
            open: Vec::new(),
            names: HashSet::new(),
            last: Last::Nothing,
            weight: 1,
        };
        translator.run()?;
        Ok(translator.out)
    }

    /// The offset in the original pattern of the token that stands at `offset` in the translated one.
    pub fn original_offset(&self, offset: usize) -> usize {
        let behind = self.offsets.partition_point(|(translated, _)| *translated <= offset);
        behind.checked_sub(1).and_then(|idx| self.offsets.get(idx)).map_or(0, |(_, original)| *original)
    }
}

/// The pattern and where we are in it.
#[derive(Clone, Copy)]
pub(super) struct Input<'p> {
    pub pattern: &'p str,
    pub at: usize,
}

impl<'p> Input<'p> {
    pub fn rest(&self) -> &'p str {
        self.pattern.get(self.at..).unwrap_or_default()
    }

    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Steps over `text` when it comes next.
    pub fn eat(&mut self, text: &str) -> bool {
        let there = self.rest().starts_with(text);
        if there {
            self.at += text.len();
        }
        there
    }
}

pub(super) fn error<T>(offset: usize, message: impl Into<String>) -> Result<T, PatternError> {
    Err(PatternError { offset, message: message.into() })
}

/// What a repetition operator would apply to.
#[derive(Clone, Copy)]
enum Last {
    /// Nothing: the start of the pattern, of a group or of an alternative.
    Nothing,
    /// Something that may be repeated. `weight` is the product of the nested repetition counts inside of it.
    Atom { weight: u32 },
    /// A repetition, whose operator stands at `start`.
    Repeat { start: usize },
}

/// An open group.
struct Group {
    /// Where its parenthesis stands.
    start: usize,
    /// The weight of what stands before it in the enclosing group.
    weight: u32,
}

struct Translator<'p> {
    input: Input<'p>,
    out: Translation,
    open: Vec<Group>,
    names: HashSet<&'p str>,
    last: Last,
    /// The greatest weight in the current group so far.
    weight: u32,
}

impl<'p> Translator<'p> {
    fn run(&mut self) -> Result<(), PatternError> {
        while let Some(c) = self.input.peek() {
            let start = self.input.at;
            self.out.offsets.push((self.out.pattern.len(), start));
            match c {
                '(' => self.open_group()?,
                ')' => self.close_group(start)?,
                '|' => {
                    self.keep();
                    self.last = Last::Nothing;
                }
                '*' | '+' | '?' => {
                    self.keep();
                    self.repeat(start, None)?;
                }
                '{' => self.brace(start)?,
                '[' => {
                    let class = read_class(&mut self.input)?;
                    self.out.pattern.push_str(&class);
                    self.atom();
                }
                '\\' => self.escape()?,
                '^' | '$' | '.' => {
                    self.keep();
                    self.atom();
                }
                _ => {
                    self.input.next();
                    self.literal(c);
                }
            }
        }
        match self.open.pop() {
            Some(group) => error(group.start, "this group is never closed"),
            None => Ok(()),
        }
    }

    /// Copies one ASCII character that means the same to both.
    fn keep(&mut self) {
        self.out.pattern.extend(self.input.next());
    }

    fn atom(&mut self) {
        self.last = Last::Atom { weight: 1 };
    }

    fn literal(&mut self, c: char) {
        push_literal(&mut self.out.pattern, c);
        self.atom();
    }

    fn escape(&mut self) -> Result<(), PatternError> {
        if self.input.eat(r"\Q") {
            self.quoted();
            return Ok(());
        }
        let text = match self.input.rest().as_bytes().get(1) {
            Some(b'A') => r"\A",
            Some(b'z') => r"\z",
            Some(b'b') => r"(?-u:\b)",
            Some(b'B') => r"(?-u:\B)",
            Some(b'd') => "[0-9]",
            Some(b'D') => "[^0-9]",
            Some(b's') => r"[\t\n\f\r ]",
            Some(b'S') => r"[^\t\n\f\r ]",
            Some(b'w') => "[0-9A-Za-z_]",
            Some(b'W') => "[^0-9A-Za-z_]",
            Some(b'p' | b'P') => {
                let class = read_unicode_class(&mut self.input)?;
                self.out.pattern.push_str(&class);
                self.atom();
                return Ok(());
            }
            _ => {
                match read_escape(&mut self.input, Place::Outside)? {
                    Some(c) => self.literal(c),
                    None => {
                        // A surrogate, which is in no text.
                        self.out.pattern.push_str(NEVER);
                        self.atom();
                    }
                }
                return Ok(());
            }
        };
        self.input.at += 2;
        self.out.pattern.push_str(text);
        self.atom();
        Ok(())
    }

    /// `\Q…\E`, or to the end of the pattern: all literal.
    fn quoted(&mut self) {
        let rest = self.input.rest();
        let (text, len) = rest.find(r"\E").map_or((rest, rest.len()), |end| (rest.get(..end).unwrap_or_default(), end + 2));
        self.input.at += len;
        for c in text.chars() {
            self.literal(c);
        }
    }

    /// `{n}`, `{n,}`, `{n,m}`, or a brace that stands for itself.
    fn brace(&mut self, start: usize) -> Result<(), PatternError> {
        let Some((len, min, max)) = counts(self.input.rest()) else {
            self.input.next();
            self.literal('{');
            return Ok(());
        };
        if min > MAX_REPEAT || max.is_some_and(|max| max > MAX_REPEAT || max < min) {
            return error(start, format!("a repetition count is at most {MAX_REPEAT}, and the second is not below the first"));
        }
        let text = self.input.rest().get(..len).unwrap_or_default();
        self.out.pattern.push_str(text);
        self.input.at += len;
        self.repeat(start, Some((min, max)))
    }

    /// A repetition operator was copied: checks what it applies to, and copies the `?` that makes it lazy.
    fn repeat(&mut self, start: usize, counts: Option<(u32, Option<u32>)>) -> Result<(), PatternError> {
        let weight = match self.last {
            Last::Nothing => return error(start, "there is nothing to repeat here"),
            Last::Repeat { start } => {
                return error(start, "a repetition cannot be repeated: possessive and doubled operators are not part of RE2");
            }
            Last::Atom { weight } => weight,
        };
        if self.input.peek() == Some('?') {
            self.keep();
        }
        let weight = match counts {
            None => weight,
            Some((_, Some(0))) => 0,
            Some((min, max)) => weight.max(1).saturating_mul(max.unwrap_or(min).max(1)),
        };
        if weight > MAX_REPEAT {
            return error(start, format!("nested repetition counts multiply to more than {MAX_REPEAT}"));
        }
        self.weight = self.weight.max(weight);
        self.last = Last::Repeat { start };
        Ok(())
    }

    fn open_group(&mut self) -> Result<(), PatternError> {
        let start = self.input.at;
        if !self.input.rest().starts_with("(?") {
            self.keep();
            self.out.groups.push(None);
            self.push_group(start);
            return Ok(());
        }
        for look in ["(?=", "(?!", "(?<=", "(?<!"] {
            if self.input.rest().starts_with(look) {
                return error(start, "look-around is not part of RE2");
            }
        }
        if self.input.eat("(?P<") || self.input.eat("(?<") {
            return self.named_group(start);
        }
        self.input.at += 2;
        self.flags(start)
    }

    fn push_group(&mut self, start: usize) {
        self.open.push(Group { start, weight: self.weight });
        self.weight = 1;
        self.last = Last::Nothing;
    }

    fn close_group(&mut self, start: usize) -> Result<(), PatternError> {
        let Some(group) = self.open.pop() else { return error(start, "there is no group to close here") };
        self.keep();
        self.last = Last::Atom { weight: self.weight };
        self.weight = self.weight.max(group.weight);
        Ok(())
    }

    fn named_group(&mut self, start: usize) -> Result<(), PatternError> {
        let rest: &'p str = self.input.rest();
        let Some((name, _)) = rest.split_once('>') else { return error(start, "the name of this group has no closing `>`") };
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return error(start, "a group name has only ASCII letters, digits and `_`");
        }
        if !self.names.insert(name) {
            return error(start, format!("the group name `{name}` is used twice"));
        }
        self.input.at += name.len() + 1;
        self.out.groups.push(Some(name.to_owned()));
        self.out.pattern.push('(');
        self.push_group(start);
        Ok(())
    }

    /// `(?flags)` or `(?flags:`, of which `(?` is read.
    fn flags(&mut self, start: usize) -> Result<(), PatternError> {
        let mut flags = Flags::default();
        let (mut minus, mut since_minus) = (false, false);
        loop {
            match self.input.next() {
                Some(c @ ('i' | 'm' | 's' | 'U')) => {
                    flags.set(c, !minus);
                    since_minus = true;
                }
                Some('-') if !minus => (minus, since_minus) = (true, false),
                Some(end @ (':' | ')')) if !minus || since_minus => {
                    flags.write(&mut self.out.pattern, end);
                    if end == ':' {
                        self.push_group(start);
                    } else {
                        // Flags alone are nothing that could be repeated in the crate `regex`; RE2 would repeat what stands before.
                        self.last = Last::Nothing;
                    }
                    return Ok(());
                }
                _ => return error(start, "`(?` must be followed by `:`, by a group name, or by flags out of `i`, `m`, `s`, `U`"),
            }
        }
    }
}

/// The flags that a group sets or clears, each at most once: the crate `regex` refuses repeats.
#[derive(Default)]
struct Flags(Vec<(char, bool)>);

impl Flags {
    fn set(&mut self, flag: char, on: bool) {
        self.0.retain(|(other, _)| *other != flag);
        self.0.push((flag, on));
    }

    fn write(&self, pattern: &mut String, end: char) {
        if self.0.is_empty() && end == ')' {
            return; // `(?)` changes nothing, and the crate `regex` refuses it.
        }
        pattern.push_str("(?");
        pattern.extend(self.0.iter().filter(|(_, on)| *on).map(|(flag, _)| flag));
        if self.0.iter().any(|(_, on)| !on) {
            pattern.push('-');
            pattern.extend(self.0.iter().filter(|(_, on)| !on).map(|(flag, _)| flag));
        }
        pattern.push(end);
    }
}

/// A class that holds nothing.
pub(super) const NEVER: &str = r"[^\x{0}-\x{10FFFF}]";

/// Writes a character that stands for itself, inside or outside of a class.
pub(super) fn push_literal(pattern: &mut String, c: char) {
    if regex_syntax::is_meta_character(c) {
        pattern.push('\\');
    }
    pattern.push(c);
}

/// The counts of a repetition at the start of `text`, and its length: `{n}`, `{n,}`, `{n,m}`. `None` when RE2 takes the brace literally.
/// Counts that are too large for RE2 are only known to be so.
fn counts(text: &str) -> Option<(usize, u32, Option<u32>)> {
    let behind = text.strip_prefix('{')?;
    let len = behind.find(|c: char| !c.is_ascii_digit() && c != ',')?;
    let (body, behind) = behind.split_at(len);
    if !behind.starts_with('}') {
        return None;
    }
    let len = len + 2;
    match body.split_once(',') {
        None => {
            let count = number(body)?;
            Some((len, count, Some(count)))
        }
        Some((min, "")) => Some((len, number(min)?, None)),
        Some((min, max)) => Some((len, number(min)?, Some(number(max)?))),
    }
}

/// A count: digits without a leading zero.
fn number(digits: &str) -> Option<u32> {
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) && (digits.len() == 1 || !digits.starts_with('0'));
    plain.then(|| digits.parse().unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_rewritten_where_the_two_differ() {
        for (pattern, expected) in [
            (r"\<b\>", "<b>"),
            (r"[\<\>]", r"[<>]"),
            ("{domain}", r"\{domain\}"),
            ("a{,3}", r"a\{,3\}"),
            ("a{01}", r"a\{01\}"),
            ("a{2}b{2,}c{2,3}?", "a{2}b{2,}c{2,3}?"),
            (r"\d\W\s", r"[0-9][^0-9A-Za-z_][\t\n\f\r ]"),
            (r"\bx\B", r"(?-u:\b)x(?-u:\B)"),
            ("[[]", r"[\[]"),
            ("[[:alpha:][:^digit:]]", "[[:alpha:][:^digit:]]"),
            ("[a&&b~~+--]", r"[a\&\&b\~\~\+-\-]"),
            (r"\Qa.b\E.", r"a\.b."),
            (r"\Qa.", r"a\."),
            (r"\x41\x{200f}\101\a", "A\u{200f}A\u{7}"),
            (r"\pL\p{Greek}\P{^Lu}", r"\p{L}\p{Greek}\p{Lu}"),
            ("(?P<a>x)(?<b>y)(z)", "(x)(y)(z)"),
            ("(?i-s)a(?i:b)(?)", "(?i-s)a(?i:b)"),
            ("(?ii-i:a)", "(?-i:a)"),
            (r"\AP\z", r"\AP\z"),
            ("]}", r"\]\}"),
            (r"\/\-\_\@", r"/\-_@"),
        ] {
            assert_eq!(translate(pattern).as_deref(), Ok(expected), "{pattern}");
        }
    }

    #[test]
    fn names_of_groups_are_kept_apart() {
        let translation = Translation::new("(?P<1a>x)(y)(?<b>z)").expect("a good pattern");
        assert_eq!(translation.groups, [Some("1a".to_owned()), None, Some("b".to_owned())]);
    }

    #[test]
    fn faults_are_placed_in_the_original_pattern() {
        for (pattern, offset, message) in [
            ("a(b", 1, "this group is never closed"),
            ("a)", 1, "there is no group to close here"),
            ("é[a", 2, "this class is never closed"),
            ("ab*+", 2, "a repetition cannot be repeated: possessive and doubled operators are not part of RE2"),
            ("a|*", 2, "there is nothing to repeat here"),
            ("a{1001}", 1, "a repetition count is at most 1000, and the second is not below the first"),
            ("a{3,2}", 1, "a repetition count is at most 1000, and the second is not below the first"),
            ("(a{50}){50}", 7, "nested repetition counts multiply to more than 1000"),
            ("x(?=y)", 1, "look-around is not part of RE2"),
            ("x(?<!y)", 1, "look-around is not part of RE2"),
            ("x(?>y)", 1, "`(?` must be followed by `:`, by a group name, or by flags out of `i`, `m`, `s`, `U`"),
            ("(?x)", 0, "`(?` must be followed by `:`, by a group name, or by flags out of `i`, `m`, `s`, `U`"),
            (r"(a)\1", 3, "back-references are not part of RE2"),
            (r"a\", 1, "the pattern ends with a single `\\`"),
            (r"a\h", 1, "`\\h` is not an escape of RE2"),
            (r"a\Z", 1, "`\\Z` is not an escape of RE2"),
            (r"a\C", 1, "`\\C` is not an escape of RE2"),
            (r"[\b]", 1, "`\\b` is not an escape of RE2 inside a class"),
            ("[z-a]", 1, "this range is empty: its end comes before its start"),
            ("[a[:foo:]]", 2, "there is no class of this name"),
            (r"\x{110000}", 0, "`\\x` needs two hexadecimal digits, or up to 10FFFF in braces"),
            (r"\xg1", 0, "`\\x` needs two hexadecimal digits, or up to 10FFFF in braces"),
            (r"\p{Greek", 0, "this class name has no closing `}`"),
            ("(?P<a>x)(?P<a>y)", 8, "the group name `a` is used twice"),
            ("(?P<a-b>x)", 0, "a group name has only ASCII letters, digits and `_`"),
        ] {
            assert_eq!(translate(pattern), error(offset, message), "{pattern}");
        }
    }

    #[test]
    fn nested_counts_may_multiply_to_a_thousand() {
        for pattern in ["(a{100}){10}", "(a{500}b){2}(c{1000}){0}", "((a{0}){1000})", "(a*){1000}", "(a{0,}){1000}", "a{2}?"] {
            assert!(translate(pattern).is_ok(), "{pattern}");
        }
    }
}
