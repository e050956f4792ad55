//! Tar archives (POSIX ustar and pax, GNU, the seventh edition), read from front to back.
//!
//! The `tar` crate reads the fields of a header. Its own walk lends members for as long as the archive is held, so that a mailbox inside could
//! not be read on demand; and it ends at the first damaged header, where this one goes on at the next that is whole.

use super::open::{self, Place};
use super::{Step, Unread, Walk, no_message};
use std::cell::RefCell;
use std::io::{self, BufReader, Read};
use std::rc::Rc;
use tar::{Header, PaxExtensions};

/// Bytes of a block: a header, and what members are filled up to.
pub(super) const BLOCK: usize = 512;

/// Bytes of an extended header (pax) or of a long name (GNU) that are read.
const MAX_EXTENDED: u64 = 1 << 20;

/// Empty blocks behind a member that are looked through for a further header: writers fill up to 20, some to 2,048.
const MAX_EMPTY: usize = 2048;

/// The header in a block; `None` when its check sum is wrong, as that of an empty block is.
pub(super) fn header(block: &[u8]) -> Option<&Header> {
    let header = Header::from_byte_slice(block.get(..BLOCK)?.first_chunk::<BLOCK>()?);
    let field = 148..156;
    let sum: u32 = block.iter().take(BLOCK).enumerate().map(|(at, byte)| u32::from(if field.contains(&at) { b' ' } else { *byte })).sum();
    (header.cksum().ok()? == sum).then_some(header)
}

/// The stream of an archive and how far it has been read; shared with the member that is being read.
struct Tape {
    reader: Box<dyn Read>,
    at: u64,
}

impl Tape {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buf)?;
        self.at += read as u64;
        Ok(read)
    }
}

/// One member.
struct Member {
    tape: Rc<RefCell<Tape>>,
    end: u64,
}

impl Read for Member {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let mut tape = self.tape.borrow_mut();
        let left = self.end.saturating_sub(tape.at);
        let len = usize::try_from(left).unwrap_or(usize::MAX).min(buf.len());
        if len == 0 {
            return Ok(0);
        }
        match tape.read(buf.get_mut(..len).unwrap_or_default())? {
            0 => Err(io::Error::other(format!("the archive ends {left} bytes before it does"))),
            read => Ok(read),
        }
    }
}

/// An archive at work.
pub(super) struct Tar {
    tape: Rc<RefCell<Tape>>,
    place: Place,
    /// Where the next header begins.
    next: u64,
    /// What extended headers say of the next member.
    extended: Extended,
    is_done: bool,
    /// A header behind damage, found when the damage was told.
    found: Option<Box<Header>>,
}

/// What the header of a member has no room for.
#[derive(Default)]
struct Extended {
    len: Option<u64>,
    name: Option<Vec<u8>>,
}

/// What stands where a header is expected.
enum Block {
    Header(Box<Header>),
    /// A header, behind so many bytes that are none.
    Damaged(Box<Header>, u64),
    /// The mark at the end.
    End,
    /// The end of the file, without the mark.
    Cut,
}

impl Tar {
    pub(super) fn new(reader: Box<dyn Read>, place: Place) -> Tar {
        let tape = Rc::new(RefCell::new(Tape { reader, at: 0 }));
        Tar { tape, place, next: 0, extended: Extended::default(), is_done: false, found: None }
    }

    /// Goes to the next header: what the last member left is skipped. Behind damage, the next whole header is looked for.
    fn block(&mut self) -> io::Result<Block> {
        if let Some(header) = self.found.take() {
            return Ok(Block::Header(header));
        }
        let skip = self.next.saturating_sub(self.tape.borrow().at);
        let mut member = Member { tape: Rc::clone(&self.tape), end: self.next };
        if skip > 0 && io::copy(&mut member, &mut io::sink()).is_err() {
            return Ok(Block::Cut);
        }
        let mut damaged = 0;
        let mut empty = 0;
        loop {
            let mut block = [0; BLOCK];
            let len = fill(&mut self.tape.borrow_mut(), &mut block)?;
            self.next += len as u64;
            if len < BLOCK {
                return Ok(if empty > 0 && damaged == 0 { Block::End } else { Block::Cut });
            }
            match header(&block) {
                Some(header) if damaged == 0 => return Ok(Block::Header(Box::new(header.clone()))),
                Some(header) => return Ok(Block::Damaged(Box::new(header.clone()), damaged)),
                // Another archive may have been appended, or a block wiped.
                None if damaged == 0 && empty < MAX_EMPTY && block.iter().all(|byte| *byte == 0) => empty += 1,
                None if empty > 1 => return Ok(Block::End),
                None => damaged += std::mem::take(&mut empty) as u64 * BLOCK as u64 + len as u64,
            }
        }
    }

    fn told(&self, reason: String) -> Step {
        Step::Told(Unread { source: self.place.source.clone(), reason })
    }

    /// The member behind a header; `None` when it is none by itself.
    fn member(&mut self, header: &Header, source: String) -> Option<Step> {
        let kind = header.entry_type();
        let is_extension =
            kind.is_pax_local_extensions() || kind.is_pax_global_extensions() || kind.is_gnu_longname() || kind.is_gnu_longlink();
        let extended = if is_extension { Extended::default() } else { std::mem::take(&mut self.extended) };
        // Links, devices, folders and pipes (types 1 to 6) have no content, whatever length they give.
        let size = if matches!(kind.as_byte(), b'1'..=b'6') { Some(0) } else { extended.len.or(header.entry_size().ok()) };
        let Some(size) = size else {
            return Some(self.told("the length of a member is damaged; the archive is read on from the next one that is whole".to_owned()));
        };
        let start = self.next;
        self.next = start.saturating_add(size.div_ceil(BLOCK as u64).saturating_mul(BLOCK as u64));
        let mut member = Member { tape: Rc::clone(&self.tape), end: start.saturating_add(size) };
        if kind.is_pax_local_extensions() || kind.is_gnu_longname() {
            let mut bytes = Vec::new();
            let _ = (&mut member).take(MAX_EXTENDED).read_to_end(&mut bytes); // where it breaks off, the next header is missing, too
            self.extended.read(&bytes, kind.is_gnu_longname());
        }
        if !kind.is_file() && !kind.is_contiguous() {
            return None;
        }
        let name = extended.name.unwrap_or_else(|| header.path_bytes().into_owned());
        let name = String::from_utf8_lossy(&name).into_owned();
        if name.ends_with('/') {
            return None; // a folder, as the seventh edition writes it
        }
        Some(open::stream(Box::new(BufReader::new(member)), self.place.member(source, &name)))
    }
}

fn fill(tape: &mut Tape, block: &mut [u8]) -> io::Result<usize> {
    let mut len = 0;
    while let Some(rest) = block.get_mut(len..).filter(|rest| !rest.is_empty()) {
        match tape.read(rest) {
            Ok(0) => break,
            Ok(read) => len += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(len)
}

impl Extended {
    /// Reads the name that GNU writes by itself, or the records `size` and `path` of pax; the last of several counts.
    fn read(&mut self, bytes: &[u8], is_name: bool) {
        if is_name {
            let end = memchr::memchr(0, bytes).unwrap_or(bytes.len());
            self.name = bytes.get(..end).map(<[u8]>::to_vec);
            return;
        }
        for record in PaxExtensions::new(bytes).filter_map(Result::ok) {
            match record.key_bytes() {
                b"size" => self.len = record.value().ok().and_then(|value| value.parse().ok()).or(self.len),
                b"path" => self.name = Some(record.value_bytes().to_vec()),
                _ => {}
            }
        }
    }
}

impl Walk for Tar {
    fn next(&mut self, source: String) -> Option<Step> {
        while !self.is_done {
            let step = match self.block() {
                Ok(Block::Header(header)) => self.member(&header, source.clone()),
                Ok(Block::Damaged(header, bytes)) => {
                    self.found = Some(header);
                    Some(self.told(format!("{bytes} bytes of the archive are damaged; members in them are left out")))
                }
                Ok(Block::End) => {
                    self.is_done = true;
                    None
                }
                Ok(Block::Cut) => {
                    self.is_done = true;
                    Some(self.told("the archive breaks off; members may be missing".to_owned()))
                }
                Err(error) => {
                    self.is_done = true;
                    Some(self.told(format!("the archive cannot be read to its end: {error}")))
                }
            };
            if step.is_some() {
                return step;
            }
        }
        None
    }

    fn barren(&self, others: usize) -> String {
        no_message("archive", others)
    }
}
