//! Text in the bytes (explode-scanners.md §5.2).

use crate::Partial;
use crate::explode::Visit;
use crate::shapes::Strings;
use mailhound_value::{Unavailable, fixed};
use std::collections::HashSet;
use std::sync::Arc;

/// Distinct runs that are listed; further ones make the list a cut one.
const MAX_RUNS: (usize, &str) = (fixed::FILE_STRINGS.value, fixed::FILE_STRINGS.name);
/// Bytes of the shortest run.
const MIN_RUN: usize = 4;
/// Runs shorter than this are looked at twice when the file is not text.
const MIN_PLAIN_RUN: usize = 7;

pub(super) fn scan(visit: &mut Visit<'_, '_, '_>) {
    let text = std::str::from_utf8(visit.bytes).ok();
    let strings = Strings { raw: text.map(Arc::from), strings: runs(visit.bytes, text.is_some()) };
    visit.scan_mut().strings = Ok(Some(Box::new(strings)));
}

/// Distinct runs of printable ASCII in first-seen order. In a file that is not text, short ones must look like a word or a number.
fn runs(bytes: &[u8], is_text: bool) -> Partial<String> {
    let mut seen = HashSet::new();
    let mut list = Partial::default();
    let runs = bytes.split(|byte| !matches!(byte, 0x20..=0x7E)).filter(|run| run.len() >= MIN_RUN);
    for run in runs.filter(|run| is_text || run.len() >= MIN_PLAIN_RUN || looks_meant(run)) {
        if seen.len() >= MAX_RUNS.0 && !seen.contains(run) {
            list.cut(Unavailable::limit(MAX_RUNS.1));
            break;
        }
        if seen.insert(run) {
            list.push(String::from_utf8_lossy(run).into_owned());
        }
    }
    list
}

/// Three letters or three digits in a row, and no closing bracket before its opening one.
fn looks_meant(run: &[u8]) -> bool {
    let row = |is: fn(&u8) -> bool| run.windows(3).any(|three| three.iter().all(is));
    let has_row = row(u8::is_ascii_alphabetic) || row(u8::is_ascii_digit);
    let ordered = [(b'(', b')'), (b'[', b']'), (b'{', b'}'), (b'<', b'>')].iter().all(|(open, close)| {
        let place = |byte: &u8| run.iter().position(|it| it == byte);
        place(close).is_none_or(|close| place(open).is_some_and(|open| open < close))
    });
    has_row && ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], want: &[&str]) {
        let found = runs(bytes, std::str::from_utf8(bytes).is_ok());
        assert_eq!(found.items().collect::<Vec<_>>(), want);
    }

    #[test]
    fn runs_are_distinct_and_in_order() {
        check(b"line one\nabc\nline two\tcell\nline one\n", &["line one", "line two", "cell"]);
        check("grüße dich".as_bytes(), &["e dich"]);
        check(b"", &[]);
    }

    #[test]
    fn short_runs_of_data_must_look_meant() {
        check(b"\xFFabcd\xFF]ab[\xFF1234\xFF#$%&\xFFlong enough", &["abcd", "1234", "long enough"]);
    }
}
