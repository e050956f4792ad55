//! The walk over the syntax tree of a pattern.
//!
//! Of each node it finds all texts that the node can match, where these are few, and what it needs, where they are not. In a sequence the
//! few of neighbours are joined, so that `l[o0]gin` has the two literals `login` and `l0gin`. All work is bounded: what goes beyond a bound
//! counts as unknown.

use super::choose::{MAX_LITERALS, Need};
use super::weigh::{are_strong, group_weight};
use mailhound_mql::{Bytes, Clue, clue::KELVIN, clue::LONG_S};
use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind, Repetition};
use std::mem;

/// Bytes of a literal. Longer ones are cut: what is left is rare enough, and a search automaton has a state for each byte.
const MAX_BYTES: usize = 32;

/// Literals of two sets joined, where both have more than one.
const MAX_JOINED: usize = 64;

/// Characters of a class that is spelled out, letter cases not counted.
const MAX_CLASS: usize = 8;

/// Nodes visited and literals made for one pattern. The largest of the feed needs about 2,200.
const MAX_WORK: usize = 100_000;

/// The groups of alternatives that are joined to groups of the alternation.
const MAX_PAIRED: usize = 3;

/// The clue of a pattern. With `fold` the ASCII letters in it stand for both cases, whatever the tree says.
pub(crate) fn clue(hir: &Hir, fold: bool) -> Clue {
    let found = Walk { left: MAX_WORK, fold }.node(hir);
    found.needed().choose()
}

/// What is known of a node: in the searched form of any text that it matches, in lower case.
struct Found {
    /// What the text begins with, one of these.
    start: Vec<String>,
    /// The text is one of `start` and no more.
    exact: bool,
    /// What the text contains.
    need: Need,
}

impl Default for Found {
    /// Nothing is known.
    fn default() -> Self {
        Found::begins(vec![String::new()], Need::default())
    }
}

impl Found {
    fn exact(literals: Vec<String>, need: Need) -> Found {
        Found { start: literals, exact: true, need }
    }

    fn begins(start: Vec<String>, need: Need) -> Found {
        Found { start, exact: false, need }
    }

    /// What the node needs when nothing stands beside it.
    fn needed(mut self) -> Need {
        self.need.offer(self.start);
        self.need
    }
}

struct Walk {
    /// What is left of [`MAX_WORK`].
    left: usize,
    fold: bool,
}

impl Walk {
    /// The tree is as deep as groups may be nested, which [`crate::regex::Pattern`] bounds.
    fn node(&mut self, hir: &Hir) -> Found {
        if !self.spend(1) {
            return Found::default();
        }
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => Found::exact(vec![String::new()], Need::default()),
            HirKind::Literal(literal) => literal_found(&literal.0),
            HirKind::Class(Class::Unicode(class)) => class_found(class, self.fold),
            HirKind::Class(Class::Bytes(class)) => {
                class.to_unicode_class().map_or_else(Found::default, |class| class_found(&class, self.fold))
            }
            HirKind::Repetition(repetition) => self.repetition(repetition),
            HirKind::Capture(capture) => self.node(&capture.sub),
            HirKind::Concat(parts) => self.sequence(parts),
            HirKind::Alternation(parts) => self.alternation(parts),
        }
    }

    fn spend(&mut self, work: usize) -> bool {
        self.left = self.left.saturating_sub(work);
        self.left > 0
    }

    fn sequence(&mut self, parts: &[Hir]) -> Found {
        let mut need = Need::default();
        // What ended: the first run is what the sequence begins with.
        let mut start = None;
        let mut run = vec![String::new()];
        for part in parts {
            let found = self.node(part);
            need.and(found.need);
            let (ended, begun) = match self.join(run, &found.start) {
                Ok(joined) if found.exact => {
                    run = joined;
                    continue;
                }
                Ok(joined) => (joined, None),
                // Single characters of a class say little; what follows them is better off alone.
                Err(before) => {
                    (before, Some(found.start).filter(|start| found.exact && start.iter().any(|it| it.chars().nth(1).is_some())))
                }
            };
            run = begun.unwrap_or_else(|| vec![String::new()]);
            match start {
                None => start = Some(ended),
                Some(_) => need.offer(ended),
            }
        }
        let Some(start) = start else { return Found::exact(run, need) };
        need.offer(run);
        need.offer(start.clone());
        Found::begins(start, need)
    }

    /// Each of `run` with each of `next` behind it; `run` again when it is better left as it is.
    fn join(&mut self, mut run: Vec<String>, next: &[String]) -> Result<Vec<String>, Vec<String>> {
        let longest = |literals: &[String]| literals.iter().map(String::len).max().unwrap_or(0);
        let count = run.len() * next.len();
        let many = run.len() > 1 && next.len() > 1 && count > MAX_JOINED;
        let spaces = next.iter().all(|literal| literal.len() == 1 && literal.chars().all(char::is_whitespace));
        let enough = next.len() > 1 && (are_strong(&run) || spaces && group_weight(&run).is_some());
        if many || enough || longest(&run) + longest(next) > MAX_BYTES || !self.spend(count) {
            return Err(run);
        }
        if let [only] = next {
            run.iter_mut().for_each(|literal| literal.push_str(only));
            return Ok(run);
        }
        Ok(run.iter().flat_map(|literal| next.iter().map(move |behind| format!("{literal}{behind}"))).collect())
    }

    fn repetition(&mut self, repetition: &Repetition) -> Found {
        let Found { start, exact, mut need } = self.node(&repetition.sub);
        match repetition.min {
            0 if exact && repetition.max == Some(1) => {
                let mut literals = start;
                literals.push(String::new());
                return Found::exact(literals, Need::default());
            }
            0 => return Found::default(),
            _ if !exact => return Found::begins(start, need),
            _ => {}
        }
        let mut run = start.clone();
        for done in 1..repetition.min {
            match self.join(run, &start) {
                Ok(joined) if done < MAX_BYTES as u32 => run = joined,
                Ok(cut) | Err(cut) => {
                    need.offer(cut.clone());
                    return Found::begins(cut, need);
                }
            }
        }
        if repetition.max == Some(repetition.min) {
            return Found::exact(run, need);
        }
        need.offer(run.clone());
        Found::begins(run, need)
    }

    fn alternation(&mut self, parts: &[Hir]) -> Found {
        let mut all = Alternatives::default();
        for part in parts {
            let found = self.node(part);
            if !all.add(found) || !self.spend(all.made) {
                return Found::default();
            }
        }
        all.found()
    }
}

/// What is known of several alternatives together.
struct Alternatives {
    start: Option<Vec<String>>,
    exact: bool,
    groups: [Option<Vec<String>>; MAX_PAIRED],
    bytes: Option<Bytes>,
    /// Literals that the last alternative added.
    made: usize,
}

impl Default for Alternatives {
    fn default() -> Self {
        let groups = [const { Some(Vec::new()) }; MAX_PAIRED];
        Alternatives { start: Some(Vec::new()), exact: true, groups, bytes: Some(Bytes::default()), made: 0 }
    }
}

impl Alternatives {
    /// Adds one; false when nothing is known any more.
    fn add(&mut self, found: Found) -> bool {
        self.made = 0;
        self.exact &= found.exact;
        self.start = self.start.take().and_then(|all| self.more(all, &found.start));
        let need = found.needed();
        let mut groups = mem::take(&mut self.groups);
        for (idx, group) in groups.iter_mut().enumerate() {
            *group = group.take().zip(need.group(idx)).and_then(|(all, these)| self.more(all, these));
        }
        self.groups = groups;
        self.bytes = self.bytes.zip(need.best_bytes()).map(|(all, these)| all.or(these));
        self.start.is_some() || self.bytes.is_some() || self.groups.iter().any(Option::is_some)
    }

    fn more(&mut self, mut all: Vec<String>, these: &[String]) -> Option<Vec<String>> {
        self.made += these.len();
        all.extend_from_slice(these);
        (all.len() <= MAX_LITERALS).then_some(all)
    }

    fn found(self) -> Found {
        let mut need = Need::default();
        if let Some(bytes) = self.bytes {
            need.offer_bytes(bytes);
        }
        let exact = self.exact && self.start.is_some();
        if !exact {
            // What is exact comes to the same groups in the end, joined with its neighbours.
            self.groups.into_iter().flatten().for_each(|group| need.offer(group));
        }
        let mut start = self.start.unwrap_or_else(|| vec![String::new()]);
        start.sort_unstable();
        start.dedup();
        Found { start, exact, need }
    }
}

fn literal_found(literal: &[u8]) -> Found {
    let Ok(text) = str::from_utf8(literal) else { return Found::default() };
    if text.len() <= MAX_BYTES {
        return Found::exact(vec![text.chars().map(searched_char).collect()], Need::default());
    }
    let mut cut = String::new();
    for c in text.chars().map(searched_char) {
        if cut.len() + c.len_utf8() > MAX_BYTES {
            break;
        }
        cut.push(c);
    }
    let mut need = Need::default();
    need.offer(vec![cut.clone()]);
    Found::begins(vec![cut], need)
}

/// A character in the searched form of a text, in ASCII lower case.
fn searched_char(c: char) -> char {
    match c {
        LONG_S => 's',
        KELVIN => 'k',
        _ => c.to_ascii_lowercase(),
    }
}

fn class_found(class: &ClassUnicode, fold: bool) -> Found {
    let mut need = Need::default();
    let bytes = class_bytes(class);
    need.offer_bytes(if fold { bytes.in_both_cases() } else { bytes });
    // A letter can have four cases: `k`, `K`, the Kelvin sign; some Greek ones.
    let count: usize = class.iter().map(|range| range.len()).sum();
    if count == 0 || count > 4 * MAX_CLASS {
        return Found::begins(vec![String::new()], need);
    }
    let mut chars: Vec<char> = class.iter().flat_map(|range| range.start()..=range.end()).map(searched_char).collect();
    chars.sort_unstable();
    chars.dedup();
    if chars.len() > MAX_CLASS {
        return Found::begins(vec![String::new()], need);
    }
    Found::exact(chars.into_iter().map(String::from).collect(), need)
}

/// The bytes of which a text with a character of this class has one, as [`Bytes::of`] counts them.
fn class_bytes(class: &ClassUnicode) -> Bytes {
    let mut bytes = Bytes::default();
    for range in class.iter() {
        match (range.start(), range.end()) {
            (LONG_S, LONG_S) => bytes.insert(b's'),
            (KELVIN, KELVIN) => bytes.insert(b'k'),
            (start, end) => {
                let ascii = start..=end.min('\u{7f}');
                ascii.for_each(|c| bytes.insert(c as u8));
                bytes.other |= !end.is_ascii();
            }
        }
    }
    bytes
}
