//! Readers that watch what comes out of a decompressor.

use super::open::limit;
use flate2::Crc;
use mailhound_value::fixed;
use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

/// Unpacked bytes that are always allowed, whatever the ratio: mailboxes repeat themselves.
const RATIO_FLOOR: u64 = 64 << 20;

/// Counts the bytes that are read.
pub(super) struct Counted<R> {
    inner: R,
    count: Rc<Cell<u64>>,
}

impl<R> Counted<R> {
    /// The reader, and where its count stands.
    pub(super) fn new(inner: R) -> (Self, Rc<Cell<u64>>) {
        let count = Rc::new(Cell::new(0));
        (Counted { inner, count: Rc::clone(&count) }, count)
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buf)?;
        self.count.set(self.count.get() + read as u64);
        Ok(read)
    }
}

/// What may come out of an archive by `input.ratio`: one count for all that is in it, archives included, since many members may be made of
/// the same bytes.
#[derive(Clone)]
pub(super) struct Budget {
    packed: Rc<Cell<u64>>,
    unpacked: Rc<Cell<u64>>,
}

impl Budget {
    /// The budget of what has so many packed bytes; the number may grow while they are read.
    pub(super) fn new(packed: Rc<Cell<u64>>) -> Budget {
        Budget { packed, unpacked: Rc::new(Cell::new(0)) }
    }

    /// True when more was unpacked than is allowed.
    pub(super) fn is_spent(&self) -> bool {
        self.unpacked.get() > self.packed.get().saturating_mul(fixed::INPUT_RATIO.value as u64).max(RATIO_FLOOR)
    }
}

/// Fails when the budget is spent.
pub(super) struct Ratio<R> {
    inner: R,
    budget: Budget,
}

impl<R> Ratio<R> {
    pub(super) fn new(inner: R, budget: Budget) -> Self {
        Ratio { inner, budget }
    }
}

impl<R: Read> Read for Ratio<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buf)?;
        self.budget.unpacked.set(self.budget.unpacked.get().saturating_add(read as u64));
        if self.budget.is_spent() {
            return Err(io::Error::other(format!("too much is packed into too few bytes ({})", limit(fixed::INPUT_RATIO))));
        }
        Ok(read)
    }
}

/// Fails at the end when length or check sum are not what they should be.
pub(super) struct Checked<R> {
    inner: R,
    crc: Crc,
    len: u64,
    expected: Option<(u64, u32)>,
}

impl<R> Checked<R> {
    /// Expects so many bytes with this CRC-32, when that is known.
    pub(super) fn new(inner: R, expected: Option<(u64, u32)>) -> Self {
        Checked { inner, crc: Crc::new(), len: 0, expected }
    }
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buf)?;
        self.crc.update(buf.get(..read).unwrap_or_default());
        self.len += read as u64;
        if read > 0 || buf.is_empty() {
            return Ok(read);
        }
        match self.expected {
            Some((len, _)) if self.len < len => Err(io::Error::other(format!("{} bytes are missing", len - self.len))),
            Some((len, crc)) if len != self.len || crc != self.crc.sum() => Err(io::Error::other("its check sum is wrong")),
            _ => Ok(0),
        }
    }
}
