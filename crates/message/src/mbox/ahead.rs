//! A stream that can be looked into and that takes bytes back.

use std::io::{self, BufRead, Read};

/// A reader with bytes in front of it that were read before and put back.
pub(super) struct Ahead<R> {
    front: Vec<u8>,
    at: usize,
    /// An error that was met while the bytes in front were read, and that follows them.
    failed: Option<io::Error>,
    inner: R,
}

impl<R: BufRead> Ahead<R> {
    pub(super) fn new(inner: R) -> Self {
        Ahead { front: Vec::new(), at: 0, failed: None, inner }
    }

    fn waiting(&self) -> &[u8] {
        self.front.get(self.at..).unwrap_or_default()
    }

    /// Puts bytes back that were read last, and the error that came behind them.
    pub(super) fn put_back(&mut self, mut bytes: Vec<u8>, failed: Option<io::Error>) {
        self.failed = failed.or(self.failed.take());
        let start = self.at.checked_sub(bytes.len());
        if let Some(start) = start.filter(|start| self.front.get(*start..self.at) == Some(&bytes)) {
            self.at = start; // they came from the front, which may be long: nothing is copied
            return;
        }
        bytes.extend_from_slice(self.waiting());
        self.front = bytes;
        self.at = 0;
    }

    /// The next bytes, without reading them: at least `want` unless the stream ends (or fails) before. Costs a copy of `want` bytes at most.
    pub(super) fn peek(&mut self, want: usize) -> io::Result<&[u8]> {
        if self.fill_buf()?.len() < want {
            let mut bytes = Vec::new();
            let failed = Read::take(&mut *self, want as u64).read_to_end(&mut bytes).err();
            self.put_back(bytes, failed);
            if self.waiting().is_empty() {
                return self.fill_buf(); // the error, or the end
            }
        }
        self.fill_buf()
    }
}

impl<R: BufRead> BufRead for Ahead<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at < self.front.len() {
            return Ok(self.waiting());
        }
        if self.at > 0 {
            self.front = Vec::new(); // it may have been long
            self.at = 0;
        }
        match self.failed.take() {
            Some(error) => Err(error),
            None => self.inner.fill_buf(),
        }
    }

    fn consume(&mut self, len: usize) {
        if self.at < self.front.len() { self.at += len } else { self.inner.consume(len) }
    }
}

impl<R: BufRead> Read for Ahead<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let mut bytes = self.fill_buf()?;
        let read = bytes.read(buf)?;
        self.consume(read);
        Ok(read)
    }
}
