//! `strings.levenshtein` and `strings.ilevenshtein`: the edit distance of two texts.
//!
//! Inserting, deleting and substituting one code point cost 1 each; there is no transposition (mql.md §9.2). The distance is exact. Work
//! grows with the shorter length times the distance (a band around the diagonal, doubled until the distance fits: Ukkonen, "Algorithms
//! for approximate string matching", 1985) and ends at a limit, so that two long texts that have little in common give no answer instead
//! of holding up the run. Where the shorter text has at most 64 characters, as names and domains have, a column of the table is one machine
//! word (Myers, "A fast bit-vector algorithm for approximate string matching", 1999; Hyyrö's form for the distance of whole texts, 2003).

use mailhound_mql::{Args, Body, Function, Param, example, param};
use mailhound_value::{Eval, Type, Unavailable, Value, fixed};
use smallvec::SmallVec;

/// Cells of the table that one comparison may fill; about a tenth of a second.
const MAX_CELLS: usize = fixed::LEVENSHTEIN.value;

/// The name of [`MAX_CELLS`] in needs.
const LIMIT: &str = fixed::LEVENSHTEIN.name;

/// The edit distance of `a` and `b` in code points. For the `i` form the caller lowers both.
///
/// # Errors
/// The limit `strings.levenshtein`, when the texts are long and far apart (two texts of 8,000 characters with nothing in common are
/// about as much as is compared).
pub fn levenshtein(a: &str, b: &str) -> Result<usize, Unavailable> {
    let (a, b) = (a.chars().collect::<Text>(), b.chars().collect::<Text>());
    let (short, long) = trim(&a, &b);
    if short.is_empty() {
        return Ok(long.len());
    }
    if short.len() <= u64::BITS as usize && long.len() <= MAX_CELLS {
        return Ok(in_words(short, long));
    }
    let mut budget = MAX_CELLS;
    let mut max = (long.len() - short.len()).max(8);
    loop {
        let cells = (2 * max + 1).min(long.len()).saturating_mul(short.len());
        budget = budget.checked_sub(cells).ok_or_else(|| Unavailable::limit(LIMIT))?;
        if let Some(distance) = banded(short, long, max) {
            return Ok(distance);
        }
        max = max.saturating_mul(2).min(long.len());
    }
}

/// Names and domains fit without an allocation.
type Text = SmallVec<[char; 64]>;

/// The distance from a text of 1 to 64 characters: bit `n` of a word stands for the cell in row `n` of the column at hand.
fn in_words(short: &[char], long: &[char]) -> usize {
    let mut ascii = [0u64; 128];
    let mut others: SmallVec<[(char, u64); 8]> = SmallVec::new();
    for (row, c) in short.iter().enumerate() {
        match ascii.get_mut(*c as usize) {
            Some(rows) => *rows |= 1 << row,
            None => others.push((*c, 1 << row)),
        }
    }
    let rows = |c: char| match ascii.get(c as usize) {
        Some(rows) => *rows,
        None => others.iter().filter(|(other, _)| *other == c).fold(0, |all, (_, row)| all | row),
    };
    let last = 1u64 << (short.len() - 1);
    // Where a cell is one more or one less than the one above it.
    let (mut more, mut less) = (u64::MAX, 0u64);
    let mut distance = short.len();
    for c in long {
        let same = rows(*c);
        let diagonal = (((same & more).wrapping_add(more)) ^ more) | same;
        let right = less | !(diagonal | more);
        let left = more & diagonal;
        distance = distance + usize::from(right & last != 0) - usize::from(left & last != 0);
        let right = right << 1 | 1;
        more = left << 1 | !(same | less | right);
        less = right & (same | less);
    }
    distance
}

/// The texts without their common start and end, the shorter one first.
fn trim<'a>(a: &'a [char], b: &'a [char]) -> (&'a [char], &'a [char]) {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let start = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let (short, long) = (&short[start..], &long[start..]);
    let end = short.iter().rev().zip(long.iter().rev()).take_while(|(a, b)| a == b).count();
    (&short[..short.len() - end], &long[..long.len() - end])
}

/// The distance when it is at most `max`, which is at least the difference of the lengths. Fills only cells whose column is within `max`
/// of their row: cells further out cost more than `max`.
fn banded(short: &[char], long: &[char], max: usize) -> Option<usize> {
    let far = max + 1;
    let mut row: Vec<usize> = (0..=long.len()).map(|column| column.min(far)).collect();
    for (idx, a) in short.iter().enumerate() {
        let (first, last) = ((idx + 1).saturating_sub(max).max(1), (idx + 1 + max).min(long.len()));
        let mut diagonal = row[first - 1];
        row[first - 1] = if first == 1 { (idx + 1).min(far) } else { far };
        for column in first..=last {
            let substitute = diagonal + usize::from(*a != long[column - 1]);
            let edit = row[column].min(row[column - 1]) + 1;
            diagonal = row[column];
            row[column] = substitute.min(edit).min(far);
        }
    }
    row.last().copied().filter(|distance| *distance <= max)
}

const PARAMS: &[Param] = &[param("a", Type::String, "A text. Null gives null."), param("b", Type::String, "Another. Null gives null.")];

pub(super) static LEVENSHTEIN: Function = Function {
    name: "strings.levenshtein",
    about: "How many characters must be inserted, deleted or replaced to turn one text into the other; letter case counts. Two swapped \
            characters count 2.",
    params: PARAMS,
    returns: Type::Int,
    needs: &[],
    examples: &[
        example(r#"strings.levenshtein("acme", "amce")"#, "2"),
        example(r#"strings.levenshtein("Saturday", "Sunday")"#, "3"),
        example(r#"strings.levenshtein(null, "abc")"#, "null"),
    ],
    memo: false,
    body: Body::Plain(|args| distance(args, false)),
};

pub(super) static ILEVENSHTEIN: Function = Function {
    name: "strings.ilevenshtein",
    about: "How many characters must be inserted, deleted or replaced to turn one text into the other, whatever the letter case.",
    params: PARAMS,
    returns: Type::Int,
    needs: &[],
    examples: &[example(r#"strings.ilevenshtein("PayPal", "paypa1")"#, "1"), example(r#"strings.ilevenshtein("abc", null)"#, "null")],
    memo: false,
    body: Body::Plain(|args| distance(args, true)),
};

fn distance<'m>(args: &Args<'_, 'm>, fold: bool) -> Eval<'m> {
    let (Some(a), Some(b)) = (args.str(0), args.str(1)) else { return Ok(Value::Null) };
    let lower = |text| if fold { args.ctx.lower(text) } else { text };
    // Short texts go a word at a time, which is what every call is counted for.
    if a.len().min(b.len()) > u64::BITS as usize {
        args.ctx.work(a.len().saturating_mul(b.len()).min(MAX_CELLS))?;
    }
    Ok(Value::Int(levenshtein(lower(a), lower(b))? as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(a: &str, b: &str, expected: usize) {
        assert_eq!(levenshtein(a, b), Ok(expected), "{a:?} {b:?}");
        assert_eq!(levenshtein(b, a), Ok(expected), "{b:?} {a:?}");
    }

    #[test]
    fn edits_are_counted() {
        for (a, b, expected) in [
            ("example.com", "exanple.com", 1),
            ("example.com", "example.com", 0),
            ("example.com", "example12345.com", 5),
            ("acme", "amce", 2),
            ("kitten", "sitting", 3),
            ("", "abc", 3),
            ("", "", 0),
            ("flaw", "lawn", 2),
            ("paypal", "PayPal", 2),
            ("é", "e", 1),
            ("📧", "x", 1),
            ("Saturday", "Sunday", 3),
            ("abcdefghijklmnop", "ponmlkjihgfedcba", 16),
        ] {
            check(a, b, expected);
        }
    }

    /// The plain table, as the textbooks have it.
    fn plain(a: &[char], b: &[char]) -> usize {
        let mut row: Vec<usize> = (0..=b.len()).collect();
        for (i, x) in a.iter().enumerate() {
            let mut diagonal = row[0];
            row[0] = i + 1;
            for (j, y) in b.iter().enumerate() {
                let cost = (diagonal + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
                diagonal = row[j + 1];
                row[j + 1] = cost;
            }
        }
        row[b.len()]
    }

    #[test]
    fn the_band_agrees_with_the_plain_table() {
        let mut state = 7_u32;
        let mut next = |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) % below
        };
        for _ in 0..400 {
            let mut word = |len: u32| (0..len).map(|_| char::from(b'a' + next(3) as u8)).collect::<Vec<_>>();
            let (a, b) = (word(37), word(29));
            let expected = plain(&a, &b);
            check(&a.iter().collect::<String>(), &b.iter().collect::<String>(), expected);
        }
    }

    #[test]
    fn long_texts_that_are_near_have_a_distance() {
        let text = "the quick brown fox ".repeat(10_000);
        check(&text, &text.replacen("quick", "quack", 3), 3);
    }

    #[test]
    fn long_texts_that_are_far_apart_hit_the_limit() {
        assert_eq!(levenshtein(&"a".repeat(50_000), &"b".repeat(50_000)), Err(Unavailable::limit(LIMIT)));
        check(&"a".repeat(100_000), "", 100_000);
    }
}
