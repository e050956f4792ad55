//! gzip (RFC 1952).

use super::Budget;
use flate2::bufread::GzDecoder;
use mailhound_value::Maybe;
use std::io::{BufRead, Read};

/// The content of all members, one behind the other (RFC 1952 §2.2). What follows the last member is left out.
///
/// # Errors
/// The limit that was hit, or a failure when the first member is broken or any is cut off.
pub(crate) fn gunzip(bytes: &[u8], budget: &mut Budget<'_>) -> Maybe<Vec<u8>> {
    budget.unpack(Members { decoder: GzDecoder::new(bytes) }, bytes.len(), "gzip: damaged")
}

struct Members<'b> {
    decoder: GzDecoder<&'b [u8]>,
}

impl Read for Members<'_> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        loop {
            let read = self.decoder.read(buf)?;
            if read > 0 || buf.is_empty() {
                return Ok(read);
            }
            let rest = *self.decoder.get_ref();
            if !rest.starts_with(b"\x1F\x8B\x08") || !self.decoder.get_mut().fill_buf()?.starts_with(b"\x1F\x8B") {
                return Ok(0);
            }
            self.decoder = GzDecoder::new(rest);
        }
    }
}
