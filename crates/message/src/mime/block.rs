//! A header block: from bytes to fields in file order (RFC 5322 §2.2; reference mdm.md §2.1).

use super::encoded_word;
use memchr::memchr;
use std::borrow::Cow;

/// One field as it stands in the bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field<'a> {
    /// The name as written, trimmed.
    pub name: &'a str,
    /// What follows the colon, with its line ends.
    pub raw: &'a [u8],
}

impl Field<'_> {
    /// True when this is the field of that name; letter case does not count.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The value on one line: each fold is one space; encoded words stay, with raw bytes in them escaped. Invalid UTF-8 becomes U+FFFD.
    pub fn unfolded(&self) -> String {
        let raw = trim_blanks(self.raw);
        match std::str::from_utf8(raw) {
            Ok(text) => unfold(text),
            Err(_) => unfold(&String::from_utf8_lossy(&encoded_word::escape_raw_bytes(raw))),
        }
    }

    /// The value on one line with encoded words decoded.
    pub fn value(&self) -> String {
        let unfolded = self.unfolded();
        match encoded_word::decode(&unfolded) {
            Cow::Borrowed(_) => unfolded,
            Cow::Owned(decoded) => decoded,
        }
    }
}

/// The lines of a value, trimmed, with one space between them.
fn unfold(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]) {
        let line = text.get(start..end).unwrap_or_default().trim_matches([' ', '\t', '\r']);
        start = end + 1;
        if !line.is_empty() {
            if !value.is_empty() {
                value.push(' ');
            }
            value.push_str(line);
        }
    }
    value
}

/// A header block and where it ends.
#[derive(Debug, Default)]
pub(crate) struct Block<'a> {
    /// The fields, topmost first.
    pub fields: Vec<Field<'a>>,
    /// Where the body begins.
    pub body: usize,
    /// What was wrong, each kind once.
    pub defects: Vec<Defect>,
}

/// What can be wrong with a header block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Defect {
    /// The first line is a continuation of nothing.
    LeadingFold,
    /// A first line that is no field.
    NoField,
    /// The body follows without an empty line.
    NoEmptyLine,
    /// A line has nothing, or a byte that may not be there, left of its colon.
    BadName,
    /// There are more fields than the limit allows.
    TooMany,
}

/// Reads the block that begins at `start`. `stop` says of a line (without its end) that the block ends before it.
pub(crate) fn parse<'a>(bytes: &'a [u8], start: usize, max_fields: usize, stop: impl Fn(&[u8]) -> bool) -> Block<'a> {
    let mut block = Block { body: bytes.len(), ..Block::default() };
    let mut open = Open::Nothing;
    let mut pos = start;
    while let Some((line, next)) = line_at(bytes, pos) {
        if line.is_empty() {
            block.body = next;
            break;
        }
        if stop(line) {
            block.body = pos;
            break;
        }
        if matches!(line.first(), Some(b' ' | b'\t')) {
            match &mut open {
                Open::Nothing => block.defect(Defect::LeadingFold),
                Open::Skipped => {}
                Open::Field { end, .. } => *end = next,
            }
        } else {
            block.close(bytes, open, max_fields);
            open = match begin(line, pos, next) {
                Begin::Field(field) => field,
                Begin::Envelope => Open::Skipped,
                Begin::BadName => {
                    block.defect(Defect::BadName);
                    Open::Skipped
                }
                Begin::NoColon if pos == start => {
                    block.defect(Defect::NoField);
                    Open::Skipped
                }
                Begin::NoColon => {
                    block.defect(Defect::NoEmptyLine);
                    block.body = pos;
                    return block;
                }
            };
        }
        pos = next;
    }
    block.close(bytes, open, max_fields);
    block
}

/// Fields that a header of today's mail has; room for them is made at once.
const USUAL_FIELDS: usize = 64;

impl Block<'_> {
    fn defect(&mut self, defect: Defect) {
        if !self.defects.contains(&defect) {
            self.defects.push(defect);
        }
    }
}

impl<'a> Block<'a> {
    fn close(&mut self, bytes: &'a [u8], open: Open<'a>, max_fields: usize) {
        let Open::Field { name, value, end } = open else { return };
        if self.fields.len() >= max_fields {
            self.defect(Defect::TooMany);
            return;
        }
        if self.fields.is_empty() {
            self.fields.reserve(USUAL_FIELDS.min(max_fields));
        }
        self.fields.push(Field { name, raw: bytes.get(value..end).unwrap_or_default() });
    }
}

/// The field that is being read.
enum Open<'a> {
    Nothing,
    /// A line that gives no field; its continuations go with it.
    Skipped,
    Field {
        name: &'a str,
        value: usize,
        end: usize,
    },
}

enum Begin<'a> {
    Field(Open<'a>),
    Envelope,
    BadName,
    NoColon,
}

fn begin(line: &[u8], pos: usize, next: usize) -> Begin<'_> {
    if is_envelope(line) {
        return Begin::Envelope;
    }
    let Some(colon) = memchr(b':', line) else { return Begin::NoColon };
    let name = trim_blanks(line.get(..colon).unwrap_or_default());
    if name.is_empty() || !name.iter().all(|byte| (0x20..0x7f).contains(byte)) {
        return Begin::BadName;
    }
    let name = std::str::from_utf8(name).unwrap_or_default();
    Begin::Field(Open::Field { name, value: pos + colon + 1, end: next })
}

/// The line that an mbox puts before a message; a quoted one occurs inside forwarded mbox files.
fn is_envelope(line: &[u8]) -> bool {
    (line.starts_with(b"From ") || line.starts_with(b">From ")) && !line.starts_with(b"From :")
}

/// The line at `pos` without its end, and where the next one begins; `None` at the end of the bytes.
pub(crate) fn line_at(bytes: &[u8], pos: usize) -> Option<(&[u8], usize)> {
    let rest = bytes.get(pos..).filter(|rest| !rest.is_empty())?;
    let (line, next) = match memchr(b'\n', rest) {
        Some(end) => (rest.get(..end)?, pos + end + 1),
        None => (rest, bytes.len()),
    };
    Some((line.strip_suffix(b"\r").unwrap_or(line), next))
}

fn trim_blanks(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t' | b'\r' | b'\n', rest @ ..] | [rest @ .., b' ' | b'\t' | b'\r' | b'\n'] = bytes {
        bytes = rest;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &str, fields: &[(&str, &str)], body: &str, defects: &[Defect]) {
        let block = parse(bytes.as_bytes(), 0, 100, |line| line == b"--stop:");
        let found: Vec<_> = block.fields.iter().map(|field| (field.name, field.value())).collect();
        let found: Vec<_> = found.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(found, fields, "{bytes:?}");
        assert_eq!(&bytes[block.body..], body, "{bytes:?}");
        assert_eq!(block.defects, defects, "{bytes:?}");
    }

    #[test]
    fn fields_are_unfolded_with_one_space() {
        check("A: b\r\n  c\r\n\td  \r\nE:\r\n f\r\n\r\nbody", &[("A", "b c d"), ("E", "f")], "body", &[]);
        check("A:b\nC :\n\n", &[("A", "b"), ("C", "")], "", &[]);
        check("A: =?utf-8?q?é?=\n é\n\n", &[("A", "é é")], "", &[]);
    }

    #[test]
    fn broken_lines_are_left_out() {
        check(" x\nA: b\n\nc", &[("A", "b")], "c", &[Defect::LeadingFold]);
        check("hello\nA: b\n\nc", &[("A", "b")], "c", &[Defect::NoField]);
        check("A: b\nhello\nC: d\n", &[("A", "b")], "hello\nC: d\n", &[Defect::NoEmptyLine]);
        check("From x@y Mon Jan 1 00:00:00 2024\nA: b\n: c\n d\nE\u{e9}: f\n\n", &[("A", "b")], "", &[Defect::BadName]);
    }

    #[test]
    fn raw_bytes_in_an_encoded_word_have_its_character_set() {
        let block = parse(b"Subject: =?iso-8859-1?Q?Gr\xfc\xdfe?=\nX: \xfc =?iso-8859-1?Q?=FC?=\n\n", 0, 10, |_| false);
        let values: Vec<_> = block.fields.iter().map(Field::value).collect();
        assert_eq!(values, ["Gr\u{fc}\u{df}e", "\u{fffd} \u{fc}"]);
    }

    #[test]
    fn a_block_ends_at_a_boundary() {
        check("A: b\n--stop:\nC: d", &[("A", "b")], "--stop:\nC: d", &[]);
    }

    #[test]
    fn fields_over_the_limit_are_left_out() {
        let block = parse(b"A: 1\nB: 2\nC: 3\n\nx", 0, 2, |_| false);
        assert_eq!((block.fields.len(), block.body, block.defects), (2, 16, vec![Defect::TooMany]));
    }
}
