//! What gzip has packed (RFC 1952).

use super::guard::{Budget, Counted, Ratio};
use flate2::bufread::GzDecoder;
use std::io::{self, BufRead, BufReader, Cursor, Read};

/// The first bytes of a member that is packed by deflate (§2.3.1).
const MAGIC: &[u8] = b"\x1F\x8B\x08";

/// The content of all members, one behind the other (§2.2). What follows the last one is left out: tapes and downloads leave zeros there.
pub(super) struct Gunzip<R: Read>(Ratio<Members<BufReader<Counted<R>>>>);

impl<R: Read> Gunzip<R> {
    /// The reader, and the budget that it draws on: that of the archive around it, or its own.
    pub(super) fn new(reader: R, outer: Option<Budget>) -> (Self, Budget) {
        let (reader, packed) = Counted::new(reader);
        let budget = outer.unwrap_or_else(|| Budget::new(packed));
        (
            Gunzip(Ratio::new(
                Members { decoder: Some(GzDecoder::new(Tail { front: Cursor::default(), inner: BufReader::new(reader) })) },
                budget.clone(),
            )),
            budget,
        )
    }
}

impl<R: Read> Read for Gunzip<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.0.read(buf)
    }
}

struct Members<R> {
    decoder: Option<GzDecoder<Tail<R>>>,
}

/// A stream of which some bytes were read to see what they are.
struct Tail<R> {
    front: Cursor<Vec<u8>>,
    inner: R,
}

impl<R: BufRead> Tail<R> {
    /// The next bytes, without reading them; fewer at the end.
    fn peek(&mut self, want: u64) -> io::Result<&[u8]> {
        let mut front = Vec::new();
        Read::take(&mut *self, want).read_to_end(&mut front)?;
        self.front = Cursor::new(front);
        Ok(self.front.get_ref())
    }
}

impl<R: BufRead> Read for Tail<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buf)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Tail<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self.front.fill_buf()?.is_empty() {
            true => self.inner.fill_buf(),
            false => self.front.fill_buf(),
        }
    }

    fn consume(&mut self, len: usize) {
        match self.front.fill_buf().is_ok_and(<[u8]>::is_empty) {
            true => self.inner.consume(len),
            false => self.front.consume(len),
        }
    }
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
            if rest.peek(MAGIC.len() as u64)? == MAGIC {
                self.decoder = Some(GzDecoder::new(rest));
            }
        }
        Ok(0)
    }
}
