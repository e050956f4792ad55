//! Header fields as they came, and their two canonical forms (RFC 6376 §3.4).
//!
//! Signatures are made over CR LF; files mostly have LF. Each line end counts as CR LF, as the server that signed had it. A lone CR stays.

use memchr::{memchr, memchr_iter};
use std::collections::HashMap;

/// A canonicalisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Form {
    Simple,
    Relaxed,
}

/// A header field.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field<'m> {
    /// All of it but the last line end.
    raw: &'m [u8],
    /// Where its colon stands in `raw`.
    colon: usize,
}

/// A message, split.
pub(super) struct Message<'m> {
    /// The fields, topmost first.
    pub fields: Vec<Field<'m>>,
    /// Their indexes by lower-cased name, topmost first.
    by_name: HashMap<Vec<u8>, Vec<usize>>,
    /// Everything behind the first empty line.
    pub body: &'m [u8],
    /// Bytes before the body.
    pub header_bytes: usize,
}

impl<'m> Message<'m> {
    /// Splits a message. An mbox's `From ` line and lines that are no field are left out.
    pub fn split(bytes: &'m [u8]) -> Self {
        let mut message = Message { fields: Vec::new(), by_name: HashMap::new(), body: b"", header_bytes: bytes.len() };
        let mut rest = bytes;
        let place = |rest: &[u8]| bytes.len() - rest.len();
        while let Some((line, next)) = next_line(rest) {
            if without_end(line).is_empty() {
                message.header_bytes = place(next);
                message.body = next;
                break;
            }
            let begin = place(rest);
            rest = next;
            while let Some((_, next)) = next_line(rest).filter(|(line, _)| line.starts_with(b" ") || line.starts_with(b"\t")) {
                rest = next;
            }
            message.push(without_end(bytes.get(begin..place(rest)).unwrap_or_default()));
        }
        message
    }

    fn push(&mut self, raw: &'m [u8]) {
        let Some(colon) = memchr(b':', raw) else { return };
        let field = Field { raw, colon };
        let is_envelope = raw.starts_with(b"From ") && field.name() != b"from";
        if is_envelope || field.name().is_empty() {
            return;
        }
        self.by_name.entry(field.name()).or_default().push(self.fields.len());
        self.fields.push(field);
    }

    /// The indexes of the fields of this name (in lower case), topmost first.
    pub fn named(&self, name: &str) -> &[usize] {
        self.by_name.get(name.as_bytes()).map_or(&[], Vec::as_slice)
    }

    /// The fields that a list of names means (RFC 6376 §5.4.2): for each name the lowest field that is not taken yet. Names without a field
    /// stand for nothing. `own` is the field that holds the list: it was not there when the list was made.
    pub fn select(&self, names: &[String], own: usize) -> Vec<Field<'m>> {
        let mut left: HashMap<&str, std::slice::Iter<usize>> = HashMap::new();
        let next = |name| left.entry(name).or_insert_with(|| self.named(name).iter()).rfind(|idx| **idx != own);
        names.iter().map(String::as_str).filter_map(next).filter_map(|idx| self.fields.get(*idx).copied()).collect()
    }
}

impl<'m> Field<'m> {
    /// The name in lower case.
    pub fn name(&self) -> Vec<u8> {
        self.raw.get(..self.colon).unwrap_or_default().trim_ascii().to_ascii_lowercase()
    }

    /// What follows the colon, line ends of folds included.
    pub fn value(&self) -> &'m [u8] {
        self.raw.get(self.colon + 1..).unwrap_or_default()
    }

    /// The value as text; bytes that are no UTF-8 become U+FFFD.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(self.value()).into_owned()
    }

    /// Writes the field, and the line end behind it.
    pub fn write(&self, form: Form, out: &mut Vec<u8>) {
        self.write_value(form, self.value(), out);
        out.extend(b"\r\n");
    }

    /// Writes the field with an empty `b=`, and no line end behind it: the form in which a signature signs its own field (RFC 6376 §3.7).
    pub fn write_unsigned(&self, form: Form, out: &mut Vec<u8>) {
        let mut value = Vec::with_capacity(self.value().len());
        for (idx, piece) in self.value().split(|byte| *byte == b';').enumerate() {
            if idx > 0 {
                value.push(b';');
            }
            match memchr(b'=', piece).and_then(|equals| piece.split_at_checked(equals + 1)) {
                Some((name, _)) if name.strip_suffix(b"=").unwrap_or(name).trim_ascii() == b"b" => value.extend(name),
                _ => value.extend(piece),
            }
        }
        self.write_value(form, &value, out);
    }

    fn write_value(&self, form: Form, value: &[u8], out: &mut Vec<u8>) {
        match form {
            Form::Simple => {
                out.extend(self.raw.get(..self.colon).unwrap_or_default());
                out.push(b':');
                write_lines(value, out);
            }
            Form::Relaxed => {
                out.extend(self.name());
                out.push(b':');
                let words = value.split(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).filter(|word| !word.is_empty());
                for (idx, word) in words.enumerate() {
                    if idx > 0 {
                        out.push(b' ');
                    }
                    out.extend(word);
                }
            }
        }
    }
}

/// Copies text with CR LF for each LF that has no CR before it.
fn write_lines(text: &[u8], out: &mut Vec<u8>) {
    let mut from = 0;
    for end in memchr_iter(b'\n', text) {
        let line = text.get(from..end).unwrap_or_default();
        out.extend(line.strip_suffix(b"\r").unwrap_or(line));
        out.extend(b"\r\n");
        from = end + 1;
    }
    out.extend(text.get(from..).unwrap_or_default());
}

/// The first line with its end, and what follows; `None` at the end.
pub(super) fn next_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    if bytes.is_empty() {
        return None;
    }
    let end = memchr(b'\n', bytes).map_or(bytes.len(), |end| end + 1);
    bytes.split_at_checked(end)
}

/// A line without its end.
pub(super) fn without_end(line: &[u8]) -> &[u8] {
    match line.strip_suffix(b"\n") {
        Some(line) => line.strip_suffix(b"\r").unwrap_or(line),
        None => line,
    }
}
