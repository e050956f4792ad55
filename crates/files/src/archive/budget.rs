//! How much may still be unpacked.

use mailhound_value::{Limits, Maybe, Unavailable};
use std::io::Read;

/// Unpacked bytes that are always allowed, whatever the ratio: small members of documents compress well without being bombs.
const RATIO_FLOOR: usize = 1 << 20;
const CHUNK: usize = 32 << 10;

/// Counts unpacked bytes over one whole call, in bytes only, so that the same input always ends in the same way.
pub(crate) struct Budget<'l> {
    limits: &'l Limits,
    unpacked: usize,
}

impl<'l> Budget<'l> {
    pub(crate) fn new(limits: &'l Limits) -> Self {
        Budget { limits, unpacked: 0 }
    }

    /// The limits that the budget was made from.
    pub(crate) fn limits(&self) -> &'l Limits {
        self.limits
    }

    /// All bytes of a decompressor that reads `packed` bytes. Memory grows with what comes out, never with what a header claims.
    ///
    /// # Errors
    /// The limit that was hit (`files.bytes`, `files.ratio`, `files.total`), or the failure `what` when the data is broken.
    pub(crate) fn unpack(&mut self, mut reader: impl Read, packed: usize, what: &str) -> Maybe<Vec<u8>> {
        let left = self.limits.file_total.saturating_sub(self.unpacked);
        let ratio = packed.saturating_mul(self.limits.file_ratio).max(RATIO_FLOOR);
        let bounds = [(left, "files.total"), (self.limits.file_bytes, "files.bytes"), (ratio, "files.ratio")];
        let (bound, limit) = bounds.into_iter().min_by_key(|(bound, _)| *bound).unwrap_or((0, "files.total"));
        if left == 0 {
            return Err(Unavailable::limit("files.total"));
        }
        let mut bytes = Vec::new();
        let mut chunk = [0; CHUNK];
        loop {
            let read = match reader.read(&mut chunk) {
                Ok(0) => return Ok(bytes),
                Ok(read) => read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(_) => return Err(Unavailable::failure(what)),
            };
            self.unpacked += read;
            if bytes.len() + read > bound {
                return Err(Unavailable::limit(limit));
            }
            bytes.extend_from_slice(&chunk[..read]);
        }
    }

    /// Counts bytes that were unpacked by other means, such as the parts of a message.
    ///
    /// # Errors
    /// The limit that they hit.
    pub(crate) fn spend(&mut self, len: usize) -> Maybe<()> {
        self.unpacked = self.unpacked.saturating_add(len);
        if self.unpacked > self.limits.file_total {
            return Err(Unavailable::limit("files.total"));
        }
        if len > self.limits.file_bytes { Err(Unavailable::limit("files.bytes")) } else { Ok(()) }
    }
}
