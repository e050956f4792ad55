//! What gzip has packed (RFC 1952).

use super::guard::{Counted, Ratio};
use flate2::bufread::GzDecoder;
use std::io::{self, BufRead, BufReader, Read};

/// The content of all members, one behind the other (§2.2). What follows the last one is left out: tapes and downloads leave zeros there.
pub(super) struct Gunzip<R: Read>(Ratio<Members<BufReader<Counted<R>>>>);

impl<R: Read> Gunzip<R> {
    pub(super) fn new(reader: R) -> Self {
        let (reader, packed) = Counted::new(reader);
        Gunzip(Ratio::new(Members { decoder: Some(GzDecoder::new(BufReader::new(reader))) }, packed))
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
