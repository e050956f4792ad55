//! Mailboxes in mbox form (RFC 4155 and its relatives): many messages in one file, each behind a `From ` line.
//!
//! There is no one format but four, and no file says which it is (<https://www.loc.gov/preservation/digital/formats/fdd/fdd000383.shtml>
//! and its siblings). mboxo writes `>From ` for a line that begins `From `, mboxrd one `>` more before any `>…>From `; mboxcl also gives
//! each message a `Content-Length`, mboxcl2 does that and quotes nothing. What is done here, without reading the file twice:
//!
//! - a `From ` line counts by its shape and by what stands around it (`from_line`), so that sentences that begin with "From" stay text;
//! - a `Content-Length` is believed where the next `From ` line or the end of the file follows its bytes (`length`);
//! - quoting is taken back when the message is whole, by what this and the earlier messages show of the writer (`quoting`).

mod ahead;
mod from_line;
mod length;
mod quoting;

use ahead::Ahead;
use from_line::Likeness;
use length::Lengths;
use quoting::Quoting;
use std::io::{self, BufRead, Read};

/// The messages of an mbox in memory, without their `From ` lines.
pub fn messages(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    Reader::new(bytes, usize::MAX).map(|found| found.bytes)
}

/// True when the bytes begin with a `From ` line and a header field follows, or with a whole one and a further message begins in them.
pub fn is_mbox(bytes: &[u8]) -> bool {
    let Some((line, rest)) = first_line(bytes) else { return false };
    match from_line::likeness(line) {
        Likeness::None => false,
        likeness => crate::is_message(rest.trim_ascii_start()) || (likeness == Likeness::Whole && from_line::occurs(rest)),
    }
}

/// True when the bytes begin with a whole `From ` line: a sender and a date. Whoever knows by other means that this is a mailbox, such as
/// by the name of the file, need not see a header field.
pub fn begins(bytes: &[u8]) -> bool {
    first_line(bytes).is_some_and(|(line, _)| from_line::likeness(line) == Likeness::Whole)
}

fn first_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let bytes = without_bom(bytes).trim_ascii_start();
    bytes.split_at_checked(memchr::memchr(b'\n', bytes)?)
}

/// One message of a mailbox.
#[derive(Debug)]
pub struct Found {
    /// Its bytes, without the `From ` line and without what the mailbox added. Empty when nothing of it could be read.
    pub bytes: Vec<u8>,
    /// What is wrong with it.
    pub fault: Option<Fault>,
}

/// Why a message is not whole.
#[derive(Debug)]
pub enum Fault {
    /// The mailbox ends so many bytes before the message does, by its Content-Length.
    Short(u64),
    /// Reading failed inside it; nothing follows.
    Unreadable(io::Error),
}

/// Reads messages one by one from a stream, so that only one of them is in memory.
pub struct Reader<R> {
    input: Ahead<R>,
    max_bytes: usize,
    line: Vec<u8>,
    state: State,
    after_empty: bool,
    lengths: Lengths,
    quoting: Quoting,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Before the first line.
    Start,
    /// Between messages.
    Between,
    /// The `From ` line of the next message has been read.
    Begun,
    /// At the end.
    Done,
}

/// Bytes of a line that are read at once.
const MAX_LINE: u64 = 1 << 20;

/// Where the header of a message ended.
enum Header {
    /// At its empty line.
    Whole,
    /// At the `From ` line of the next message, or at the end of the file: there is no body.
    Only,
}

impl<R: BufRead> Reader<R> {
    /// A reader; of a message longer than `max_bytes` only so much is kept.
    pub fn new(input: R, max_bytes: usize) -> Self {
        Reader {
            input: Ahead::new(input),
            max_bytes,
            line: Vec::new(),
            state: State::Start,
            after_empty: true,
            lengths: Lengths::default(),
            quoting: Quoting::default(),
        }
    }

    /// Reads one line into `self.line`, of a long one only the first [`MAX_LINE`] bytes; false at the end. The rest comes as further lines.
    fn read_line(&mut self) -> io::Result<bool> {
        self.line.clear();
        let mut limited = Read::take(&mut self.input, MAX_LINE);
        Ok(limited.read_until(b'\n', &mut self.line)? > 0)
    }

    /// Goes to the first line of the next message; false when there is none.
    fn find_message(&mut self) -> io::Result<bool> {
        while self.state != State::Begun {
            if !self.read_line()? {
                return Ok(false);
            }
            let is_first = self.state == State::Start && !self.line.trim_ascii().is_empty();
            if is_first {
                self.state = State::Between;
                let bom = self.line.len() - without_bom(&self.line).len();
                self.line.drain(..bom);
            }
            if (is_first && from_line::likeness(&self.line) == Likeness::Whole) || self.is_separator()? {
                self.state = State::Begun;
            }
            self.after_empty = self.line.trim_ascii().is_empty();
        }
        Ok(true)
    }

    /// True when the line that was read begins a message.
    fn is_separator(&mut self) -> io::Result<bool> {
        let likeness = from_line::likeness(&self.line);
        if likeness == Likeness::None {
            return Ok(false);
        }
        Ok(from_line::separates(likeness, self.after_empty, self.input.peek(from_line::LOOK)?))
    }

    /// Adds the lines of a message up to the next one, or to and with the first empty line. True when an empty line ended it.
    fn lines(&mut self, message: &mut Vec<u8>, to_empty: bool) -> io::Result<bool> {
        let mut at_line_start = true;
        loop {
            match self.read_line() {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(error) => {
                    message.extend_from_slice(&self.line); // the part of the line that could be read
                    return Err(error);
                }
            }
            if at_line_start && self.is_separator()? {
                self.state = State::Begun;
                return Ok(false);
            }
            self.after_empty = at_line_start && self.line.trim_ascii().is_empty();
            let room = self.max_bytes.saturating_sub(message.len());
            message.extend_from_slice(self.line.get(..room).unwrap_or(&self.line));
            if to_empty && self.after_empty {
                return Ok(true);
            }
            at_line_start = self.line.ends_with(b"\n");
        }
    }

    fn header(&mut self, message: &mut Vec<u8>) -> io::Result<Header> {
        self.after_empty = false;
        Ok(if self.lines(message, true)? { Header::Whole } else { Header::Only })
    }

    /// The message behind the `From ` line that was read. What was read of it before an error is in `message`.
    fn message(&mut self, message: &mut Vec<u8>) -> io::Result<Option<Fault>> {
        self.state = State::Between;
        if let Header::Whole = self.header(message)? {
            match length::of(message) {
                Some(length) => {
                    if let Some(fault) = self.by_length(length, message) {
                        return Ok(fault);
                    }
                }
                None => self.lengths.absent(),
            }
            self.lines(message, false)?;
        }
        remove_last_empty_line(message);
        Ok(None)
    }
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        if self.state == State::Done {
            return None;
        }
        let mut bytes = Vec::new();
        let fault = match self.find_message() {
            Ok(false) => {
                self.state = State::Done;
                return None;
            }
            Ok(true) => self.message(&mut bytes),
            Err(error) => Err(error),
        };
        let fault = fault.unwrap_or_else(|error| {
            self.state = State::Done;
            Some(Fault::Unreadable(error))
        });
        self.lengths.read(bytes.len());
        Some(Found { bytes: self.quoting.take_back(bytes), fault })
    }
}

fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// The empty line before a `From ` line belongs to the mbox.
fn remove_last_empty_line(message: &mut Vec<u8>) {
    for end in [&b"\r\n\r\n"[..], b"\n\n"] {
        if message.ends_with(end) {
            message.truncate(message.len() - end.len() / 2);
            break;
        }
    }
}

/// Where the body begins: behind the first empty line, at the end without one.
fn body_start(message: &[u8]) -> usize {
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', message) {
        if message.get(start..end).is_some_and(|line| line.trim_ascii().is_empty()) {
            return end + 1;
        }
        start = end + 1;
    }
    message.len()
}

#[cfg(test)]
mod tests;
