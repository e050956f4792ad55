//! What gzip has packed (RFC 1952).

use super::guard::{Budget, Counted, Ratio};
use flate2::bufread::GzDecoder;
use std::io::{self, BufRead, BufReader, Read};

/// The content of all members, one behind the other (§2.2). What follows the last one is left out: tapes and downloads leave zeros there.
pub(super) struct Gunzip<R: Read>(Ratio<Members<BufReader<Counted<R>>>>);

impl<R: Read> Gunzip<R> {
    /// The reader, and the budget that it draws on: that of the archive around it, or its own.
    pub(super) fn new(reader: R, outer: Option<Budget>) -> (Self, Budget) {
        let (reader, packed) = Counted::new(reader);
        let budget = outer.unwrap_or_else(|| Budget::new(packed));
        (Gunzip(Ratio::new(Members { decoder: Some(GzDecoder::new(BufReader::new(reader))) }, budget.clone())), budget)
    }
}

impl<R: Read> Read for Gunzip<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.0.read(buf)
    }
}

struct Members<R> {
    decoder: Option<GzDecoder<R>>,
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while let Some(mut decoder) = self.decoder.take() {
            let read = decoder.read(buf).map_err(|error| io::Error::new(error.kind(), format!("the gzip data is damaged ({error})")))?;
            if read > 0 || buf.is_empty() {
                self.decoder = Some(decoder);
                return Ok(read);
            }
            let mut rest = decoder.into_inner();
            if rest.fill_buf()?.starts_with(b"\x1F") {
                self.decoder = Some(GzDecoder::new(rest));
            }
        }
        Ok(0)
    }
}
