//! The bytes of an archive, at any place.

use std::cell::RefCell;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

/// What an archive can stand in: a file, or memory.
pub(in crate::input) trait Bytes: Read + Seek {}

impl<T: Read + Seek> Bytes for T {}

/// A file or memory, shared by the archive and the member that is being read.
#[derive(Clone)]
pub(in crate::input) struct Disk {
    bytes: Rc<RefCell<Box<dyn Bytes>>>,
    len: u64,
}

impl Disk {
    pub(in crate::input) fn new(bytes: Box<dyn Bytes>, len: u64) -> Disk {
        Disk { bytes: Rc::new(RefCell::new(bytes)), len }
    }

    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// The bytes from one place to another, as far as they are there.
    pub(super) fn part(&self, at: u64, end: u64) -> Part {
        Part { disk: self.clone(), at, end }
    }

    /// Exactly so many bytes; `None` when they are not there or cannot be read.
    pub(super) fn exactly(&self, at: u64, len: usize) -> Option<Vec<u8>> {
        let mut bytes = vec![0; len];
        self.part(at, at.checked_add(len as u64)?).read_exact(&mut bytes).ok()?;
        Some(bytes)
    }
}

/// A part of an archive. Keeps its own place.
pub(super) struct Part {
    disk: Disk,
    at: u64,
    end: u64,
}

impl Read for Part {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let len = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX).min(buf.len());
        let mut bytes = self.disk.bytes.borrow_mut();
        bytes.seek(SeekFrom::Start(self.at))?;
        let read = bytes.read(buf.get_mut(..len).unwrap_or_default())?;
        self.at += read as u64;
        Ok(read)
    }
}
