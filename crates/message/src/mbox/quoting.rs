//! `>From `: what was a line that begins `From ` before the mailbox was written.
//!
//! mboxo quotes `From ` alone, mboxrd also what is quoted already. A line with one `>` is the same in both. A line with more was quoted by
//! the writer in mboxrd, and is the sender's own in mboxo: an answer to an answer. Which one it is shows in its neighbours: beside lines
//! with as many `>` it belongs to the quote. The majority of what a file has shown decides, mboxrd when there is nothing to go by.

use super::body_start;

/// What the messages so far show of the writer.
#[derive(Default)]
pub(super) struct Quoting {
    /// Lines that begin `From ` stand in bodies that were read by their length: mboxcl2 quotes nothing.
    is_off: bool,
    mboxrd: usize,
    mboxo: usize,
}

struct Quoted {
    start: usize,
    marks: usize,
}

impl Quoting {
    /// Looks for lines that a writer who quotes would have quoted.
    pub(super) fn saw_body_by_length(&mut self, body: &[u8]) {
        self.is_off |= body.starts_with(b"From ") || memchr::memmem::find(body, b"\nFrom ").is_some();
    }

    /// The message as it was before it was quoted; the header is left alone.
    pub(super) fn take_back(&mut self, message: Vec<u8>) -> Vec<u8> {
        if self.is_off || memchr::memmem::find(&message, b">From ").is_none() {
            return message;
        }
        let lines = quoted(&message);
        for line in lines.iter().filter(|line| line.marks > 1) {
            let vote = if is_in_quote(&message, line) { &mut self.mboxo } else { &mut self.mboxrd };
            *vote += 1;
        }
        let all = self.mboxrd >= self.mboxo;
        let mut clean = Vec::with_capacity(message.len());
        let mut from = 0;
        for line in lines.iter().filter(|line| all || line.marks == 1) {
            clean.extend_from_slice(message.get(from..line.start).unwrap_or_default());
            from = line.start + 1;
        }
        clean.extend_from_slice(message.get(from..).unwrap_or_default());
        clean
    }
}

/// The lines of the body that begin with `>` and `From `.
fn quoted(message: &[u8]) -> Vec<Quoted> {
    let start = body_start(message);
    let body = message.get(start..).unwrap_or_default();
    let ends = memchr::memmem::find_iter(body, b">From ").map(|at| start + at + 1);
    ends.filter_map(|end| {
        let before = message.get(..end)?;
        let marks = before.iter().rev().take_while(|byte| **byte == b'>').count();
        let at_line_start = end - marks <= start || message.get(end - marks - 1) == Some(&b'\n');
        at_line_start.then_some(Quoted { start: (end - marks).max(start), marks })
    })
    .collect()
}

/// True when the line before or behind has as many `>`.
fn is_in_quote(message: &[u8], line: &Quoted) -> bool {
    let marks_at = |at: usize| message.get(at..).unwrap_or_default().iter().take_while(|byte| **byte == b'>').count();
    let above = message.get(..line.start.saturating_sub(1)).unwrap_or_default();
    let previous = memchr::memrchr(b'\n', above).map_or(0, |end| end + 1);
    let next = message.get(line.start..).and_then(|rest| memchr::memchr(b'\n', rest)).map(|end| line.start + end + 1);
    let is_from = |at: usize| message.get(at + line.marks..).is_some_and(|rest| rest.starts_with(b"From "));
    [Some(previous), next].into_iter().flatten().any(|at| marks_at(at) >= line.marks && !is_from(at))
}
