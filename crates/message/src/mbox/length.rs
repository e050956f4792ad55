//! `Content-Length`: where a message ends by its own word (mboxcl, mboxcl2).
//!
//! The field is wrong as soon as a program has edited the file, and in other mailboxes a sender may have put it there to hide the messages
//! behind his own. So it is believed only when its bytes end where the file or the next `From ` line does. Inside of its bytes, what looks
//! like the start of a message speaks against it, too: a `From ` line with a header field behind it as long as the lengths of the file are
//! not proven, or once one was missing or wrong; else a whole one behind an empty line whose header gives a length of its own.

use super::{Fault, Reader, from_line};
use std::io::{BufRead, Read};

/// Longest body that a Content-Length is believed for; longer messages are read line by line. Bounds what a wrong one makes us hold.
const MAX_TRUSTED: u64 = 64 << 20;

/// Bytes that wrong lengths may make us read twice, besides as many as the messages have that were read.
const MAX_WASTE: u64 = MAX_TRUSTED;

/// Bytes behind a body that are looked at: line ends that the length does not count, and the next `From ` line.
const LOOK: usize = 2_000;

/// What the messages so far tell of this file's lengths.
#[derive(Default)]
pub(super) struct Lengths {
    /// Some message had none.
    is_missing: bool,
    /// Some message ended where its length says.
    is_proven: bool,
    /// Some message did not.
    is_broken: bool,
    wasted: u64,
    read: u64,
}

impl Lengths {
    /// A message has no length.
    pub(super) fn absent(&mut self) {
        self.is_missing = true;
    }

    /// So many bytes of messages were read.
    pub(super) fn read(&mut self, len: usize) {
        self.read += len as u64;
    }

    /// True when all messages so far ended where their lengths say, and there was one.
    fn are_proven(&self) -> bool {
        self.is_proven && !self.is_missing && !self.is_broken
    }

    /// True when the writer of this file gives lengths, as far as is known.
    fn are_meant(&self) -> bool {
        self.is_proven || !(self.is_missing || self.is_broken)
    }
}

/// The Content-Length of a header; none when there are several that differ.
pub(super) fn of(header: &[u8]) -> Option<u64> {
    let mut found = None;
    for line in header.split(|byte| *byte == b'\n') {
        let Some((name, value)) = line.split_at_checked("Content-Length:".len()) else { continue };
        if !name.eq_ignore_ascii_case(b"Content-Length:") {
            continue;
        }
        let length = std::str::from_utf8(value).ok()?.trim().parse().ok()?;
        if found.is_some_and(|found| found != length) {
            return None;
        }
        found = Some(length);
    }
    found
}

impl<R: BufRead> Reader<R> {
    /// Reads the body of a message by its length. `None` when it is not to be believed; nothing has been read then.
    pub(super) fn by_length(&mut self, length: u64, message: &mut Vec<u8>) -> Option<Option<Fault>> {
        let room = self.max_bytes.saturating_sub(message.len()) as u64;
        if length > room.min(MAX_TRUSTED) || self.lengths.wasted > MAX_WASTE.saturating_add(self.lengths.read) {
            self.lengths.is_broken = true;
            return None;
        }
        let start = message.len();
        let mut failed = Read::take(&mut self.input, length).read_to_end(message).err();
        let body = message.get(start..).unwrap_or_default();
        let missing = length.saturating_sub(body.len() as u64);
        let holds_message = match missing == 0 && self.lengths.are_proven() {
            true => from_line::occurs_with(body, |header| of(header).is_some()),
            false => from_line::occurs(body),
        };
        let mut is_right = failed.is_none() && !holds_message;
        if is_right && missing > 0 {
            is_right = self.lengths.are_meant();
        } else if is_right {
            is_right = self.ends_here(body).unwrap_or_else(|error| {
                failed = Some(error);
                false
            });
        }
        if !is_right {
            self.lengths.is_broken = true;
            self.lengths.wasted += body.len() as u64;
            let body = message.split_off(start);
            self.input.put_back(body, failed);
            return None;
        }
        self.quoting.saw_body_by_length(message.get(start..).unwrap_or_default());
        self.lengths.is_proven |= missing == 0;
        self.after_empty = true;
        Some((missing > 0).then_some(Fault::Short(missing)))
    }

    /// True when the stream ends here, or the next message begins.
    fn ends_here(&mut self, body: &[u8]) -> std::io::Result<bool> {
        let next = self.input.peek(LOOK)?;
        let at_line_start = body.is_empty() || body.ends_with(b"\n");
        let rest = next.trim_ascii_start();
        let blank = next.len() - rest.len();
        if rest.is_empty() {
            return Ok(next.len() < LOOK && blank <= MAX_BLANK);
        }
        let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        let (line, behind) = rest.split_at_checked(end).unwrap_or_default();
        let is_near = blank <= MAX_BLANK && (at_line_start || blank > 0);
        Ok(is_near && from_line::separates(from_line::likeness(line), true, behind))
    }
}

/// Line ends between a body and the `From ` line that its length does not count: the one that ends its last line and an empty line, each of two bytes.
const MAX_BLANK: usize = 4;
