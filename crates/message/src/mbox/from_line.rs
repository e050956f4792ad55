//! The line before a message: `From `, the sender, and a date as C's `asctime` writes it.
//!
//! RFC 4155 asks for exactly that. Programs write less (`From -` of Mozilla, an address alone) or more (time zones, `remote from`), and texts hold
//! lines that begin with "From", so the lines around it help to decide.

/// How much of a `From ` line is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    /// It is text.
    None,
    /// An address without a date, or a date without its time or year.
    Part,
    /// `From -` alone, which Mozilla writes.
    Mark,
    /// Sender, day, time and year.
    Whole,
}

/// Bytes behind a `From ` line that [`separates`] looks at.
pub(super) const LOOK: usize = 1_000;

/// Bytes and words of a `From ` line that are looked at.
const MAX_LINE: usize = 500;
const MAX_WORDS: usize = 24;

/// Lines behind a `From ` line in which a header field is looked for: a damaged header may begin with others.
const MAX_LINES: usize = 4;

/// What this line is by itself.
pub(super) fn likeness(line: &[u8]) -> Likeness {
    let Some(rest) = line.strip_prefix(b"From ") else { return Likeness::None };
    let rest = String::from_utf8_lossy(rest.get(..MAX_LINE).unwrap_or(rest));
    let words: Vec<&str> = rest.split_whitespace().take(MAX_WORDS).collect();
    match words.as_slice() {
        [] => Likeness::None,
        ["-"] => Likeness::Mark,
        [only] if only.contains('@') => Likeness::Part,
        [_, rest @ ..] => (0..rest.len()).filter_map(|idx| date(rest.get(idx..)?)).next().unwrap_or(Likeness::None),
    }
}

/// Does a line of this likeness begin a message? Text that quotes such a line is seldom followed by a header field; a message nearly always
/// is. Some writers forget the empty line before it.
pub(super) fn separates(likeness: Likeness, after_empty: bool, next: &[u8]) -> bool {
    let next = Next::of(next);
    match likeness {
        Likeness::None => false,
        Likeness::Part => after_empty && next == Next::Field,
        Likeness::Mark => next == Next::Field,
        Likeness::Whole => next == Next::Field || (after_empty && next != Next::Text),
    }
}

/// True when a message begins inside these bytes, which stand at the start of a line behind an empty one.
pub(super) fn occurs(bytes: &[u8]) -> bool {
    candidates(bytes).any(|(line, after_empty, next)| separates(likeness(line), after_empty, next))
}

/// True when a message with such a header begins inside these bytes with a whole `From ` line behind an empty one.
pub(super) fn occurs_with(bytes: &[u8], is_wanted: impl Fn(&[u8]) -> bool) -> bool {
    // Each header ends at its empty line, which stands before the next candidate: all bytes are looked at once.
    candidates(bytes).any(|(line, after_empty, next)| {
        after_empty && likeness(line) == Likeness::Whole && is_wanted(next.get(..super::body_start(next)).unwrap_or_default())
    })
}

/// The lines that begin with `From `: each one, whether an empty line stands before it, and what follows.
fn candidates(bytes: &[u8]) -> impl Iterator<Item = (&[u8], bool, &[u8])> {
    let starts = std::iter::once(0).chain(memchr::memmem::find_iter(bytes, b"\nFrom ").map(|at| at + 1));
    starts.map(|at| {
        let (before, rest) = bytes.split_at_checked(at).unwrap_or_default();
        let end = memchr::memchr(b'\n', rest.get(..4 * LOOK).unwrap_or(rest)).map_or(rest.len(), |end| end + 1);
        let (line, next) = rest.split_at_checked(end).unwrap_or_default();
        let after_empty = before.is_empty() || before.ends_with(b"\n\n") || before.ends_with(b"\n\r\n");
        (line, after_empty, next)
    })
}

#[derive(PartialEq)]
enum Next {
    /// A header field, or a `From ` line, such as one that came with the message.
    Field,
    /// A line that is none, with a header field in one of the next few.
    Late,
    /// An empty line, or nothing.
    Empty,
    Text,
}

impl Next {
    fn of(bytes: &[u8]) -> Next {
        let bytes = bytes.get(..LOOK).unwrap_or(bytes);
        let mut lines = bytes.split(|byte| *byte == b'\n').take(MAX_LINES).take_while(|line| !line.trim_ascii().is_empty());
        match lines.next().map(Next::is_field) {
            None => Next::Empty,
            Some(true) => Next::Field,
            Some(false) if lines.any(Next::is_field) => Next::Late,
            Some(false) => Next::Text,
        }
    }

    fn is_field(line: &[u8]) -> bool {
        let is_name = |name: &[u8]| !name.is_empty() && name.iter().all(|byte| (0x21..0x7f).contains(byte));
        let is_field = memchr::memchr(b':', line).and_then(|colon| line.get(..colon)).is_some_and(|name| is_name(name.trim_ascii_end()));
        let is_envelope = line.starts_with(b">From ") || likeness(line) == Likeness::Whole;
        is_field || is_envelope
    }
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// What these words are when all of them belong to a date: asctime, or the order of RFC 5322. A day of the week or a time must be there.
fn date(words: &[&str]) -> Option<Likeness> {
    let (mut week, mut month, mut day, mut time, mut year) = (false, false, false, false, false);
    let first = words.first()?;
    if !is_named(first, &DAYS) && !is_named(first, &MONTHS) && !is_day(first) {
        return None;
    }
    for (idx, word) in words.iter().enumerate() {
        let seen = match () {
            () if words.get(idx..idx + 2) == Some(&["remote", "from"]) => break,
            () if is_named(word, &DAYS) => &mut week,
            () if is_named(word, &MONTHS) => &mut month,
            () if is_time(word) => &mut time,
            () if is_year(word) => &mut year,
            () if is_day(word) => &mut day,
            () if month && (time || year) && is_zone(word) => continue,
            () => return None,
        };
        if std::mem::replace(seen, true) {
            return None;
        }
    }
    match month && day && (week || time) {
        true if time && year => Some(Likeness::Whole),
        true if time || year => Some(Likeness::Part),
        _ => None,
    }
}

fn is_named(word: &str, names: &[&str]) -> bool {
    let word = word.trim_end_matches(',');
    names.iter().any(|name| word.eq_ignore_ascii_case(name))
}

fn is_day(word: &str) -> bool {
    let word = word.trim_end_matches([',', '.']);
    (1..=2).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// `10:30`, `9:05:00`, `10:30:00.123`.
fn is_time(word: &str) -> bool {
    let mut parts = word.split(':');
    let is_number = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let (Some(hour), Some(minute)) = (parts.next(), parts.next()) else { return false };
    let second = parts.next().is_none_or(|second| second.split('.').next().is_some_and(is_number));
    is_number(hour) && is_number(minute) && second && parts.next().is_none()
}

fn is_year(word: &str) -> bool {
    let word = word.trim_end_matches(',');
    word.len() == 4 && (word.starts_with("19") || word.starts_with("20")) && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// `+0100`, `GMT`, `(CET)`, `DST`.
fn is_zone(word: &str) -> bool {
    let name = word.trim_start_matches('(').trim_end_matches(')');
    let offset = name.strip_prefix(['+', '-']).is_some_and(|digits| digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()));
    offset || ((1..=5).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_make_a_from_line() {
        for (line, expected) in [
            ("From a@b.example Mon Mar  2 10:00:00 2026", Likeness::Whole),
            ("From a@b.example Mon Mar  2 10:00:00 +0100 2026\r", Likeness::Whole),
            ("From a@b.example Mon Mar  2 10:00:00 MET DST 2026", Likeness::Whole),
            ("From MAILER-DAEMON Mon Mar 2 10:00 2026 remote from host", Likeness::Whole),
            ("From \"Ada Byron\" Mon, 2 Mar 2026 10:00:00 -0500", Likeness::Whole),
            ("From ???@??? Mon Mar 02 10:00:00 2026", Likeness::Whole),
            ("From - Tue, 2 Jan 2024", Likeness::Part),
            ("From a@b.example", Likeness::Part),
            ("From -", Likeness::Mark),
            ("From here on", Likeness::None),
            ("From the meeting at 10:30 we go", Likeness::None),
            ("From Monday 10:30 to 12:00 in May 2026", Likeness::None),
            ("From London on 3 May 2026", Likeness::None),
            ("From Mon Mar", Likeness::None),
            ("From ", Likeness::None),
            ("From: a@b.example", Likeness::None),
            ("from a Mon Mar  2 10:00:00 2026", Likeness::None),
        ] {
            assert_eq!(likeness(line.as_bytes()), expected, "{line}");
        }
    }
}
