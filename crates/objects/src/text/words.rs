//! Finds URLs, addresses and names inside one word of a text.

use super::Found;
use crate::{Url, domain};
use std::ops::Range;

/// Characters beyond ASCII that end a word besides blanks; the full-width ones end sentences in East Asian text, which has no blanks.
const ENDS: &[char] = &[
    '\u{201c}', '\u{201d}', '\u{201e}', '\u{ab}', '\u{bb}', '\u{3001}', '\u{3002}', '\u{300c}', '\u{300d}', '\u{3010}', '\u{3011}',
    '\u{ff01}', '\u{ff08}', '\u{ff09}', '\u{ff0c}', '\u{ff1a}', '\u{ff1b}', '\u{ff1f}',
];

/// Longest URL that is taken out of a text, in bytes; what follows is left.
const MAX_URL: usize = 64 << 10;

/// Longest scheme that is looked for before `://`, in bytes.
const MAX_SCHEME: usize = 32;

/// Tries for a URL in one word that may fail; each costs the length of the word, so a word of nothing but `://` must end somewhere.
const MAX_FAILURES: usize = 64;

/// Longest host name and longest local part of an address that is looked at, in bytes.
const MAX_NAME: usize = 320;

/// The words that may hold something: those with a dot, an at sign or `://`.
pub(super) fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    // From mark to mark: text without any costs one search.
    let mut at = 0;
    std::iter::from_fn(move || {
        let mark = at + memchr::memchr3(b'.', b'@', b':', text.as_bytes().get(at..)?)?;
        let start = text[at..mark].char_indices().rev().find(|&(_, c)| is_end(c)).map_or(at, |(end, c)| at + end + c.len_utf8());
        let end = text[mark..].find(is_end).map_or(text.len(), |end| mark + end);
        at = end;
        Some(start..end)
    })
}

/// True for what ends a word.
fn is_end(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_whitespace() || matches!(c, '<' | '>' | '"' | '\x0b') } else { c.is_whitespace() || ENDS.contains(&c) }
}

/// Everything in `text[word]`, in order.
pub(super) fn find_in_word(text: &str, word: Range<usize>, found: &mut Vec<Found>) {
    let mut at = word.start;
    let mut failures = 0;
    while at < word.end {
        let Some(next) = next_find(text, at..word.end, word.start, &mut failures) else { return };
        at = next.range.end.max(at + 1);
        found.push(next);
    }
}

/// The first URL, address or name that starts in `rest`, which lies in a word that starts at `word_start`.
fn next_find(text: &str, rest: Range<usize>, word_start: usize, failures: &mut usize) -> Option<Found> {
    let mut at = rest.start;
    while let Some(offset) = text[at..rest.end].find(['.', '@', ':']) {
        let mark = at + offset;
        let tried = match text.as_bytes()[mark] {
            b':' if *failures >= MAX_FAILURES => return None,
            b':' => url(text, rest.start, mark, rest.end, failures),
            b'@' => address(text, rest.start, mark, rest.end),
            _ => name(text, rest.start, mark, rest.end, word_start),
        };
        match tried {
            Tried::Found(found) => return Some(*found),
            Tried::Nothing(next) => at = next.max(mark + 1),
        }
        if at >= rest.end {
            break;
        }
    }
    None
}

enum Tried {
    Found(Box<Found>),
    /// Nothing that begins before this place.
    Nothing(usize),
}

/// `scheme://…` around the colon at `mark`.
fn url(text: &str, from: usize, mark: usize, end: usize, failures: &mut usize) -> Tried {
    if !text[mark..end].starts_with("://") {
        return Tried::Nothing(mark + 1);
    }
    let scheme = text[from..mark].bytes().rev().take(MAX_SCHEME).take_while(u8::is_ascii_alphabetic).count();
    if scheme == 0 {
        return Tried::Nothing(mark + 3);
    }
    let start = mark - own_scheme(&text[mark - scheme..mark]);
    let range = start..url_end(text, start, end);
    match Url::parse_strict(&text[range.clone()]) {
        Some(url) => Tried::Found(Box::new(Found { range, url })),
        None => {
            *failures += 1;
            Tried::Nothing(mark + 3)
        }
    }
}

/// How many of these letters are the scheme: a word that touches `http` or `https` (`Gohttps://…`, where elements join) is none of it.
fn own_scheme(letters: &str) -> usize {
    let ends = |scheme: &&str| {
        letters.len().checked_sub(scheme.len()).and_then(|at| letters.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(scheme))
    };
    ["https", "http"].iter().find(|scheme| ends(scheme)).map_or(letters.len(), |scheme| scheme.len())
}

/// `local@domain` around the at sign at `mark`.
fn address(text: &str, from: usize, mark: usize, end: usize) -> Tried {
    let is_local = |c: &char| c.is_alphanumeric() || "._%+-=!#$&'*?^`{|}~/".contains(*c);
    let local: usize = text[from..mark].chars().rev().take(MAX_NAME).take_while(is_local).map(char::len_utf8).sum();
    let local = text[mark - local..mark].trim_start_matches(['\'', '.', '*', '|', '/', '=', '?', '&', '#', '!', '{', '`']);
    let host = name_end(text, mark + 1, end);
    let shown = text[mark + 1..host].trim_end_matches(['.', '-', '_']);
    if local.is_empty() || !is_name(shown) {
        return Tried::Nothing(mark + 1);
    }
    let range = mark - local.len()..mark + 1 + shown.len();
    match Url::parse(&text[range.clone()]).filter(Url::is_mail) {
        Some(url) => Tried::Found(Box::new(Found { range, url })),
        None => Tried::Nothing(mark + 1),
    }
}

/// A bare or `www.` name around the dot at `mark`, with port, path, query and fragment.
fn name(text: &str, from: usize, mark: usize, end: usize, word_start: usize) -> Tried {
    let before: usize = text[from..mark].chars().rev().take(MAX_NAME).take_while(|c| is_name_char(*c)).map(char::len_utf8).sum();
    let start = mark - before;
    let host_end = name_end(text, mark, end);
    let next = host_end.max(mark + 1);
    // Part of an address, of a path or of some other token: not a name of its own.
    let bound = text[word_start..start].chars().next_back().is_some_and(|c| "/\\@.-_%+~$&".contains(c));
    if text[host_end..end].starts_with('@') {
        return Tried::Nothing(host_end);
    }
    let host = text[start..host_end].trim_end_matches(['.', '-', '_']);
    if before == 0 || bound || text[host_end..end].starts_with("://") || !is_name(host) || is_sentence_joint(host) {
        return Tried::Nothing(next);
    }
    let shown_end = start + host.len();
    let tail = if shown_end == host_end { tail_end(text, host_end, end) } else { shown_end };
    let range = start..if tail > shown_end { url_end(text, start, end).max(shown_end) } else { shown_end };
    match Url::parse(&text[range.clone()]) {
        Some(url) => Tried::Found(Box::new(Found { range, url })),
        None => Tried::Nothing(next),
    }
}

/// Where port, path, query or fragment after a host end; `at` when there is none.
fn tail_end(text: &str, at: usize, end: usize) -> usize {
    let rest = &text[at..end];
    let port = rest.strip_prefix(':').map_or(0, |digits| digits.bytes().take(5).take_while(u8::is_ascii_digit).count());
    let after = if port > 0 { &rest[1 + port..] } else { rest };
    match after.starts_with(['/', '?', '#']) || port > 0 {
        true => end,
        false => at,
    }
}

/// True for a name with a listed suffix, or `www.` and two more labels.
pub(super) fn is_name(host: &str) -> bool {
    if host.len() > MAX_NAME || !host.contains('.') || host.starts_with(['.', '-']) || host.contains("..") {
        return false;
    }
    if !host.chars().all(|c| is_name_char(c) || c == '.') {
        return false;
    }
    let www = host.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("www.")) && host.split('.').count() > 2;
    let suffix = || host.rsplit('.').next().is_some_and(|last| last.chars().any(char::is_alphabetic));
    suffix() && (www || domain::Domain::parse(host).valid)
}

/// A full stop without the blank behind it (`done.It`): the last label is a capitalized word after one in small letters.
fn is_sentence_joint(host: &str) -> bool {
    let Some((left, last)) = host.rsplit_once('.') else { return false };
    let mut letters = last.chars();
    let capitalized = letters.next().is_some_and(char::is_uppercase) && letters.all(char::is_lowercase) && last.len() > 1;
    capitalized && left.rsplit('.').next().is_some_and(|label| label.chars().all(|c| !c.is_uppercase()))
}

/// Letters of Latin, Greek and Cyrillic and digits; scripts without blanks between words would glue the sentence to the name.
fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_') || (c.is_alphanumeric() && c < '\u{590}')
}

/// Where the run of name characters and dots that begins at `at` ends, or is too long for a name.
fn name_end(text: &str, at: usize, end: usize) -> usize {
    let run = text[at..end].chars().take(MAX_NAME).take_while(|&c| is_name_char(c) || c == '.');
    at + run.map(char::len_utf8).sum::<usize>()
}

/// The end of the URL that begins at `start`: before a second URL in the same word, without trailing punctuation and without closing
/// brackets that were not opened inside.
fn url_end(text: &str, start: usize, end: usize) -> usize {
    let end = (start..=end.min(start + MAX_URL)).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(start);
    let word = &text[start..end];
    let end = ["](", ",http://", ",https://", ";http://", ";https://", "|http://", "|https://"]
        .iter()
        .filter_map(|stop| word.find(stop))
        .min()
        .map_or(end, |at| start + at);
    let mut url = &text[start..end];
    let count = |bracket: char| text[start..end].matches(bracket).count();
    let mut open = [(')', count('('), count(')')), (']', count('['), count(']')), ('}', count('{'), count('}'))];
    while let Some(last) = url.chars().next_back() {
        let unbalanced = open.iter_mut().find(|(close, opened, closed)| *close == last && closed > opened);
        match unbalanced {
            Some((_, _, closed)) => *closed -= 1,
            None if ".,;:!?'\"*".contains(last) => {}
            None => break,
        }
        url = &url[..url.len() - last.len_utf8()];
    }
    start + url.len()
}
