//! As much of BER as it takes to walk down to an octet string (X.690 §8).

use std::borrow::Cow;

pub(super) const INTEGER: u8 = 0x02;
pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;
/// `[0] EXPLICIT`
pub(super) const EXPLICIT_0: u8 = 0xa0;
const OCTET_STRING: u8 = 0x04;
const CONSTRUCTED: u8 = 0x20;
const END_OF_CONTENTS: u8 = 0;

/// Nesting of values that are skipped and of strings in pieces; real ones are two or three deep.
const MAX_DEPTH: usize = 64;

/// Walks over values from first to last. A definite length that reaches behind the end of the bytes ends there.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

/// The identifier and the length of a value; the length is `None` when a mark ends it.
struct Header {
    tag: u8,
    len: Option<usize>,
}

impl<'a> Reader<'a> {
    /// Of these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Reader { rest: bytes }
    }

    /// Goes into the constructed value that comes next, which has this tag; what follows it is out of reach from then on.
    pub fn enter(&mut self, tag: u8) -> Option<()> {
        let header = self.header().filter(|header| header.tag == tag)?;
        if let Some(len) = header.len {
            self.rest = self.take(len);
        }
        Some(())
    }

    /// The content of the primitive value that comes next, which has this tag.
    pub fn primitive(&mut self, tag: u8) -> Option<&'a [u8]> {
        let header = self.header().filter(|header| header.tag == tag)?;
        header.len.map(|len| self.take(len))
    }

    /// Passes over the value that comes next.
    pub fn skip(&mut self) -> Option<()> {
        let mut open = 0;
        loop {
            let header = self.header()?;
            match header.len {
                Some(len) => {
                    self.take(len);
                    open -= usize::from(header.tag == END_OF_CONTENTS && open > 0);
                }
                None => open += 1,
            }
            if open == 0 {
                return Some(());
            }
            if open > MAX_DEPTH {
                return None;
            }
        }
    }

    /// The octet string that comes next, its pieces joined. What is cut or malformed ends it.
    pub fn octets(&mut self) -> Option<Cow<'a, [u8]>> {
        let header = self.header()?;
        match header.tag {
            OCTET_STRING => header.len.map(|len| Cow::Borrowed(self.take(len))),
            tag if tag == OCTET_STRING | CONSTRUCTED => Some(self.pieces(header.len)),
            _ => None,
        }
    }

    fn pieces(&mut self, len: Option<usize>) -> Cow<'a, [u8]> {
        let mut content = Cow::Borrowed(&[][..]);
        // What is left of the bytes where each open string ends; `None` where a mark ends it.
        let mut ends = vec![len.map(|len| self.rest.len().saturating_sub(len))];
        while let Some(&end) = ends.last() {
            if end.is_some_and(|end| self.rest.len() <= end) {
                ends.pop();
                continue;
            }
            let Some(header) = self.header() else { break };
            match (header.tag, header.len) {
                (END_OF_CONTENTS, _) if end.is_none() => drop(ends.pop()),
                (OCTET_STRING, Some(len)) => append(&mut content, self.take(len)),
                (tag, len) if tag == OCTET_STRING | CONSTRUCTED && ends.len() < MAX_DEPTH => {
                    ends.push(len.map(|len| self.rest.len().saturating_sub(len)));
                }
                _ => break,
            }
        }
        content
    }

    fn take(&mut self, len: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at_checked(len).unwrap_or((self.rest, &[]));
        self.rest = rest;
        taken
    }

    /// Identifier and length octets (§8.1.2, §8.1.3). Of a tag in several octets the first is given. Only constructed values end with a
    /// mark.
    fn header(&mut self) -> Option<Header> {
        let tag = *self.take(1).first()?;
        if tag & 0x1f == 0x1f {
            while self.take(1).first()? & 0x80 != 0 {}
        }
        let first = *self.take(1).first()?;
        let len = match first {
            0x80 if tag & CONSTRUCTED != 0 => None,
            0x80 => return None,
            0..0x80 => Some(usize::from(first)),
            _ => Some(
                self.take(usize::from(first & 0x7f))
                    .iter()
                    .fold(0_usize, |len, &byte| len.checked_mul(256).map_or(usize::MAX, |len| len | usize::from(byte))),
            ),
        };
        Some(Header { tag, len })
    }
}

fn append<'a>(content: &mut Cow<'a, [u8]>, piece: &'a [u8]) {
    if content.is_empty() {
        *content = Cow::Borrowed(piece);
    } else {
        content.to_mut().extend_from_slice(piece);
    }
}
