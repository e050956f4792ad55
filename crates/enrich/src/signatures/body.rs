//! Hashes of the body in its canonical forms (RFC 6376 §3.4.3, §3.4.4), each form read once, however many lengths are asked for.

use super::fields::{Form, next_line, without_end};
use ring::digest::{self, Context};
use std::collections::{BTreeMap, BTreeSet};

/// A hash algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hash {
    Sha1,
    Sha256,
}

impl Hash {
    fn context(self) -> Context {
        Context::new(match self {
            Hash::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Hash::Sha256 => &digest::SHA256,
        })
    }

    /// As keys name it.
    pub fn name(self) -> &'static str {
        match self {
            Hash::Sha1 => "sha1",
            Hash::Sha256 => "sha256",
        }
    }
}

/// Which hash of the body a signature holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Request {
    pub form: Form,
    pub hash: Hash,
    /// `l=`: bytes of the canonical body; all of it without one.
    pub length: Option<u64>,
}

/// Hashes of one body.
#[derive(Default)]
pub(super) struct Hashes {
    found: BTreeMap<Request, Vec<u8>>,
    lengths: BTreeMap<Form, u64>,
}

impl Hashes {
    /// Computes what is asked for.
    pub fn of(body: &[u8], requests: impl Iterator<Item = Request>) -> Self {
        let mut passes: BTreeMap<(Form, Hash), BTreeSet<u64>> = BTreeMap::new();
        for request in requests {
            passes.entry((request.form, request.hash)).or_default().extend(request.length);
        }
        let mut hashes = Hashes::default();
        for ((form, hash), lengths) in passes {
            let mut sink = Sink { context: hash.context(), written: 0, marks: lengths.into_iter().rev().collect(), found: Vec::new() };
            canonicalize(body, form, &mut sink);
            hashes.lengths.insert(form, sink.written);
            hashes.found.insert(Request { form, hash, length: None }, sink.context.finish().as_ref().to_vec());
            hashes.found.extend(sink.found.into_iter().map(|(length, value)| (Request { form, hash, length: Some(length) }, value)));
        }
        hashes
    }

    /// The hash; `None` when the body is shorter than the length that was asked for.
    pub fn get(&self, request: &Request) -> Option<&[u8]> {
        self.found.get(request).map(Vec::as_slice)
    }

    /// Bytes of the canonical body.
    pub fn length(&self, form: Form) -> u64 {
        self.lengths.get(&form).copied().unwrap_or(0)
    }
}

/// Hashes what is written, and remembers the hash at the lengths that are asked for.
struct Sink {
    context: Context,
    written: u64,
    /// Lengths that are still to come, the nearest last.
    marks: Vec<u64>,
    found: Vec<(u64, Vec<u8>)>,
}

impl Sink {
    fn write(&mut self, mut bytes: &[u8]) {
        while let Some(mark) = self.marks.last().copied() {
            let room = usize::try_from(mark.saturating_sub(self.written)).unwrap_or(usize::MAX);
            let Some((head, tail)) = bytes.split_at_checked(room) else { break };
            self.update(head);
            self.found.push((mark, self.context.clone().finish().as_ref().to_vec()));
            self.marks.pop();
            bytes = tail;
        }
        self.update(bytes);
    }

    fn update(&mut self, bytes: &[u8]) {
        self.context.update(bytes);
        self.written += bytes.len() as u64;
    }
}

fn canonicalize(mut body: &[u8], form: Form, sink: &mut Sink) {
    sink.write(b""); // a length of 0 is reached at once
    let mut ends = 0; // line ends that count only when something follows
    let mut is_empty = true;
    while let Some((line, next)) = next_line(body) {
        body = next;
        let line = without_end(line);
        let line = match form {
            Form::Simple => line,
            Form::Relaxed => trim_end(line),
        };
        if !line.is_empty() {
            for _ in 0..std::mem::take(&mut ends) {
                sink.write(b"\r\n");
            }
            match form {
                Form::Simple => sink.write(line),
                Form::Relaxed => write_relaxed(line, sink),
            }
            is_empty = false;
        }
        ends += 1;
    }
    // Trailing empty lines go, one line end stays; of an empty body only the simple form has one.
    if !is_empty || form == Form::Simple {
        sink.write(b"\r\n");
    }
}

/// Writes a line with one space for each run of blanks.
fn write_relaxed(mut line: &[u8], sink: &mut Sink) {
    while let Some(end) = memchr::memchr2(b' ', b'\t', line) {
        let (word, blanks) = line.split_at_checked(end).unwrap_or((line, b""));
        sink.write(word);
        sink.write(b" ");
        let next = blanks.iter().position(|byte| !is_blank(*byte)).unwrap_or(blanks.len());
        line = blanks.get(next..).unwrap_or_default();
    }
    sink.write(line);
}

fn trim_end(mut line: &[u8]) -> &[u8] {
    while let [rest @ .., last] = line
        && is_blank(*last)
    {
        line = rest;
    }
    line
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The canonical form as its hash and length.
    fn check(body: &str, form: Form, wanted: &str) {
        for body in [body.to_owned(), body.replace("\r\n", "\n")] {
            let request = Request { form, hash: Hash::Sha256, length: None };
            let hashes = Hashes::of(body.as_bytes(), [request].into_iter());
            assert_eq!(hashes.length(form), wanted.len() as u64, "{body:?} {form:?}");
            assert_eq!(hashes.get(&request), Some(digest::digest(&digest::SHA256, wanted.as_bytes()).as_ref()), "{body:?} {form:?}");
        }
    }

    /// RFC 6376 §3.4.5 (the first body) and what §3.4.3 and §3.4.4 say of empty ones.
    #[test]
    fn the_two_forms() {
        check(" C \r\nD \t E\r\n\r\n\r\n", Form::Relaxed, " C\r\nD E\r\n");
        check(" C \r\nD \t E\r\n\r\n\r\n", Form::Simple, " C \r\nD \t E\r\n");
        check("", Form::Relaxed, "");
        check("", Form::Simple, "\r\n");
        check("\r\n \r\n\r\n", Form::Relaxed, "");
        check("\r\n\r\n", Form::Simple, "\r\n");
        check("\r\n\r\na", Form::Relaxed, "\r\n\r\na\r\n");
        check("a\rb", Form::Simple, "a\rb\r\n");
    }

    #[test]
    fn a_length_counts_canonical_bytes() {
        let request = |length| Request { form: Form::Relaxed, hash: Hash::Sha256, length: Some(length) };
        let hashes = Hashes::of(b"a  b\nc", [0, 3, 5, 8, 9].into_iter().map(request));
        for (length, wanted) in [(0, ""), (3, "a b"), (5, "a b\r\n"), (8, "a b\r\nc\r\n")] {
            let wanted = digest::digest(&digest::SHA256, wanted.as_bytes());
            assert_eq!(hashes.get(&request(length)), Some(wanted.as_ref()), "{length}");
        }
        assert_eq!(hashes.get(&request(9)), None, "the body has 8 bytes");
    }
}
