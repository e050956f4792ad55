//! Mailboxes in mbox form (RFC 4155 and its relatives): many messages in one file, each behind a `From ` line.
//!
//! A line begins a message when an empty line (or nothing) stands before it and it carries a time or a year, or nothing but an address, as
//! mail programs write it; the bare `From -` of Mozilla needs no empty line.
//! `>From ` inside a message is taken back to `From ` (mboxo), `>>From ` to `>From ` (mboxrd). `Content-Length` (mboxcl) is not trusted:
//! it is wrong as soon as a program has edited the file.

use std::io::{self, BufRead};

/// The messages of an mbox in memory, without their `From ` lines.
pub fn messages(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    Reader::new(bytes, usize::MAX).map_while(Result::ok)
}

/// True when the bytes begin with a `From ` line and a header field follows.
pub fn is_mbox(bytes: &[u8]) -> bool {
    let bytes = without_bom(bytes).trim_ascii_start();
    let Some(end) = memchr::memchr(b'\n', bytes) else { return false };
    let (line, rest) = bytes.split_at(end);
    is_from_line(line, true) && crate::is_message(rest.trim_ascii_start())
}

/// Reads messages one by one from a stream, so that only one of them is in memory.
pub struct Reader<R> {
    input: R,
    max_bytes: usize,
    line: Vec<u8>,
    state: State,
}

#[derive(PartialEq)]
enum State {
    /// Before the first message.
    Start,
    /// The `From ` line of the next message has been read.
    Begun,
    /// At the end.
    Done,
}

impl<R: BufRead> Reader<R> {
    /// A reader; of a message longer than `max_bytes` only so much is kept.
    pub fn new(input: R, max_bytes: usize) -> Self {
        Reader { input, max_bytes, line: Vec::new(), state: State::Start }
    }

    /// Reads one line into `self.line`, of a long one only the first [`MAX_LINE`] bytes; false at the end. The rest comes as further lines.
    fn read_line(&mut self) -> io::Result<bool> {
        self.line.clear();
        let mut limited = io::Read::take(&mut self.input, MAX_LINE);
        Ok(limited.read_until(b'\n', &mut self.line)? > 0)
    }

    fn message(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut message = Vec::new();
        let mut begun = self.state == State::Begun;
        let mut is_first = self.state == State::Start;
        let mut after_empty = true;
        let mut at_line_start = true;
        while self.read_line()? {
            let line = if is_first { without_bom(&self.line) } else { &self.line };
            is_first = false;
            if at_line_start && is_from_line(line, after_empty) {
                self.state = State::Begun;
                if begun {
                    return Ok(Some(without_last_empty_line(message)));
                }
                begun = true;
                after_empty = false;
                continue;
            }
            let is_empty = at_line_start && self.line.trim_ascii().is_empty();
            after_empty = is_empty;
            if begun {
                let line = if at_line_start { unquote(&self.line) } else { &self.line };
                let room = self.max_bytes.saturating_sub(message.len());
                message.extend_from_slice(line.get(..room).unwrap_or(line));
            }
            at_line_start = self.line.ends_with(b"\n");
        }
        self.state = State::Done;
        Ok(begun.then(|| without_last_empty_line(message)))
    }
}

/// Bytes of a line that are read at once.
const MAX_LINE: u64 = 1 << 20;

impl<R: BufRead> Iterator for Reader<R> {
    type Item = io::Result<Vec<u8>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.state == State::Done {
            return None;
        }
        let message = self.message();
        if message.is_err() {
            self.state = State::Done;
        }
        message.transpose()
    }
}

/// `From `, a sender, and a date with a time or a year in it; or `From ` and an address; or `From -`.
fn is_from_line(line: &[u8], after_empty: bool) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let rest = String::from_utf8_lossy(rest.get(..MAX_FROM.min(rest.len())).unwrap_or_default());
    let mut words = rest.split_whitespace();
    match (words.next(), words.next()) {
        (Some("-"), None) => true,
        (Some(only), None) => after_empty && only.contains('@'),
        (Some(_), Some(second)) => after_empty && [second].into_iter().chain(words).any(|word| is_time(word) || is_year(word)),
        (None, _) => false,
    }
}

fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// Bytes of a `From ` line that are looked at.
const MAX_FROM: usize = 500;

fn is_time(word: &str) -> bool {
    let mut parts = word.split(':');
    let is_number = |part: Option<&str>| part.is_some_and(|part| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()));
    is_number(parts.next()) && is_number(parts.next())
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && (word.starts_with("19") || word.starts_with("20")) && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// `>From ` was written for `From `, `>>From ` for `>From `.
fn unquote(line: &[u8]) -> &[u8] {
    let marks = line.iter().take_while(|&&byte| byte == b'>').count();
    let is_quoted = marks > 0 && line.get(marks..).is_some_and(|rest| rest.starts_with(b"From "));
    if is_quoted { line.get(1..).unwrap_or(line) } else { line }
}

/// The empty line before a `From ` line belongs to the mbox.
fn without_last_empty_line(mut message: Vec<u8>) -> Vec<u8> {
    for end in [&b"\r\n\r\n"[..], b"\n\n"] {
        if message.ends_with(end) {
            message.truncate(message.len() - end.len() / 2);
            break;
        }
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(mbox: &str, expected: &[&str]) {
        let found: Vec<_> = messages(mbox.as_bytes()).map(|message| String::from_utf8_lossy(&message).into_owned()).collect();
        assert_eq!(found, expected, "{mbox:?}");
    }

    #[test]
    fn messages_are_separated() {
        check(
            "From a@b Mon Jan  1 00:00:00 2024\nSubject: 1\n\none\n\nFrom - Tue, 2 Jan 2024\r\nSubject: 2\r\n\r\ntwo\r\n",
            &["Subject: 1\n\none\n", "Subject: 2\r\n\r\ntwo\r\n"],
        );
        check(
            "\u{feff}From -\nA: b\n\nFrom Russia with love\nFrom -\nC: d\n\nFrom 1@xxx\nE: f\n",
            &["A: b\n\nFrom Russia with love\n", "C: d\n", "E: f\n"],
        );
        check("", &[]);
        check("Subject: no mbox\n\nx\n", &[]);
        check("From a Mon Jan  1 00:00:00 2024\n", &[""]);
    }

    #[test]
    fn text_that_looks_alike_stays() {
        check(
            "From a Mon Jan  1 00:00:00 2024\nA: b\n\n\nFrom here on\nFrom x at 10:30 now\n>From y\n>>From z\n> From w\n",
            &["A: b\n\n\nFrom here on\nFrom x at 10:30 now\nFrom y\n>From z\n> From w\n"],
        );
    }

    #[test]
    fn long_messages_are_cut_and_the_next_one_is_found() {
        let mbox = format!("From a Mon Jan  1 00:00:00 2024\nA: {}\n\nFrom b Mon Jan  1 00:00:00 2024\nB: c\n", "x".repeat(3 << 20));
        let found: Vec<_> = Reader::new(mbox.as_bytes(), 100).map(|message| message.unwrap().len()).collect();
        assert_eq!(found, [100, 5]);
    }

    #[test]
    fn an_mbox_is_recognised() {
        assert!(is_mbox(b"From a Mon Jan  1 00:00:00 2024\nSubject: x\n\n"));
        assert!(!is_mbox(b"From: a\nSubject: x\n\n"));
        assert!(!is_mbox(b"From a Mon Jan  1 00:00:00 2024\nnothing\n"));
    }
}
