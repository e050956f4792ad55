//! Random patterns with texts made after them: what a pattern matches, its clue admits.

use crate::regex::Pattern;
use crate::strings::{glob::Glob, needles::Needles};
use mailhound_value::lowercase;

/// Characters with odd cases among plain ones, more common letters more often.
const ALPHABET: &[char] = &[
    's', 'k', 'a', 'i', 's', 'k', 'x', 'S', 'K', 'Z', 'ſ', '\u{212a}', 'İ', 'ı', 'é', 'É', 'Σ', 'ς', 'ß', 'ẞ', '中', '🙂', '1', '7', ' ',
    '-',
];

/// All that some character of the alphabet may be written as, whatever the letter case.
const CASES: &[&[char]] = &[
    &['s', 'S', 'ſ'],
    &['k', 'K', '\u{212a}'],
    &['é', 'É'],
    &['Σ', 'ς', 'σ'],
    &['ß', 'ẞ'],
    &['a', 'A'],
    &['i', 'I'],
    &['x', 'X'],
    &['z', 'Z'],
];

/// Marsaglia's xorshift64: the same numbers in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }

    fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    fn text(&mut self, most: usize) -> String {
        (0..self.below(most + 1)).map(|_| self.pick(ALPHABET)).collect()
    }

    /// The character, or when cases are folded any of its cases.
    fn case(&mut self, c: char, fold: bool) -> char {
        match CASES.iter().find(|cases| fold && cases.contains(&c)) {
            Some(cases) => self.pick(cases),
            None => c,
        }
    }

    fn cases(&mut self, text: &str, fold: bool) -> String {
        text.chars().map(|c| self.case(c, fold)).collect()
    }

    /// A pattern, and a text that it likely matches.
    fn pattern(&mut self, depth: usize, fold: bool) -> (String, String) {
        match self.below(if depth == 0 { 5 } else { 12 }) {
            0..=2 => {
                let text: String = (0..1 + self.below(4)).map(|_| self.pick(ALPHABET)).collect();
                let sample = self.cases(&text, fold);
                (text, sample)
            }
            3 => {
                let items: String = (0..1 + self.below(3)).map(|_| self.pick(ALPHABET)).filter(|c| *c != '-').chain(['k']).collect();
                let of = items.chars().nth(self.below(items.chars().count())).expect("in range");
                let sample = self.case(of, fold).to_string();
                (format!("[{items}]"), sample)
            }
            4 => self
                .pick(&[
                    (r"\d", "7"),
                    (r"\s", " "),
                    (r"\w", "k"),
                    (".", "é"),
                    (r"[^a-z]", "中"),
                    (r"\b", ""),
                    ("[[:^ascii:]]", "ſ"),
                    ("[0-9]{2,}", "171"),
                ])
                .into_strings(),
            5 | 6 => {
                let parts: Vec<_> = (0..2 + self.below(3)).map(|_| self.pattern(depth - 1, fold)).collect();
                parts.into_iter().fold(Default::default(), |(pattern, sample), part| (pattern + &part.0, sample + &part.1))
            }
            7 | 8 => {
                let parts: Vec<_> = (0..2 + self.below(3)).map(|_| self.pattern(depth - 1, fold)).collect();
                let sample = parts[self.below(parts.len())].1.clone();
                let patterns: Vec<String> = parts.into_iter().map(|part| part.0).collect();
                (format!("({})", patterns.join("|")), sample)
            }
            9 | 10 => {
                let (pattern, sample) = self.pattern(depth - 1, fold);
                let (operator, least, most) =
                    self.pick(&[("?", 0, 1), ("*", 0, 3), ("+", 1, 3), ("{2}", 2, 2), ("{1,3}", 1, 3), ("{0,2}?", 0, 2), ("{3,}", 3, 4)]);
                (format!("(?:{pattern}){operator}"), sample.repeat(least + self.below(most - least + 1)))
            }
            _ => {
                let inner = self.below(2) == 0;
                let (pattern, sample) = self.pattern(depth - 1, inner);
                (format!("(?{}:{pattern})", if inner { "i" } else { "-i" }), sample)
            }
        }
    }
}

/// Pairs of constants as owned texts.
trait IntoStrings {
    fn into_strings(self) -> (String, String);
}

impl IntoStrings for (&str, &str) {
    fn into_strings(self) -> (String, String) {
        (self.0.to_owned(), self.1.to_owned())
    }
}

#[test]
fn what_a_regex_matches_its_clue_admits() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut matched, mut told) = (0, 0);
    for _ in 0..20_000 {
        let (fold, whole) = (random.below(2) == 0, random.below(4) == 0);
        let (source, sample) = random.pattern(3, fold);
        let Ok(pattern) = Pattern::new(&source, fold, whole) else { continue };
        let around = if whole { 0 } else { 3 };
        for text in [format!("{}{sample}{}", random.text(around), random.text(around)), random.text(12)] {
            if pattern.is_match(&text) == Ok(true) {
                matched += 1;
                assert!(pattern.clue().admits(&text), "{source} (fold: {fold}) matches {text:?}, not admitted by {:?}", pattern.clue());
                told += usize::from(!pattern.clue().is_empty());
            }
        }
    }
    assert!(matched > 15_000 && told > 8_000, "too few cases say something: {matched} {told}");
}

#[test]
fn what_a_glob_or_needle_matches_its_clue_admits() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let (mut matched, mut told) = (0, 0);
    for _ in 0..20_000 {
        let fold = random.below(2) == 0;
        let (left, right) = (random.text(6), random.text(6));
        let (between, gap) = random.pick(&[("*", "é1"), ("?", "中"), ("", ""), ("**?", "ſx")]);
        let text = format!("{}{gap}{}", random.cases(&left, fold), random.cases(&right, fold));
        let seen = if fold { lowercase(&text) } else { text.clone() };
        let glob = Glob::new(&format!("{left}{between}{right}"), fold);
        let needles = Needles::new([left.as_str(), &right], fold);
        for (matches, clue) in [(glob.matches(&seen), glob.clue()), (needles.in_text(&seen), needles.clue())] {
            matched += usize::from(matches);
            told += usize::from(matches && !clue.is_empty());
            assert!(!matches || clue.admits(&text), "{left:?} {right:?} (fold: {fold}) match {text:?}, not admitted by {clue:?}");
        }
    }
    assert!(matched > 20_000 && told > 10_000, "too few cases say something: {matched} {told}");
}
