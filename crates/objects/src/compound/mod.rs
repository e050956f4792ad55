//! Compound files, also known as OLE2 or structured storage ([MS-CFB]): a small file system in a file. Outlook messages, old Office
//! documents and installers are compound files.
//!
//! [`Compound::open`] takes any bytes that begin with the signature and gives the directory; [`Compound::content`] gives one stream. What is
//! readable is delivered, what is not is named: [`Compound::defects`] for the structure, [`Content::is_whole`] for a stream. Versions 3 and
//! 4 (sectors of 512 and 4096 bytes), streams in the mini stream, and allocation tables of any length are read.
//!
//! Bounds: a chain of sectors ends where it returns to itself; entries that lead in circles are visited once; at most
//! [`COMPOUND_ENTRIES`](mailhound_value::fixed::COMPOUND_ENTRIES) entries are read; all streams together give at most
//! [`SHARED_READS`] times the length of the file, however many of them share their sectors. So the cost is linear in the file.
//!
//! The reader is our own, because the `cfb` crate refuses a whole file for one wrong sector, and attackers write such files on purpose:
//! Outlook opens them.

mod directory;
mod sectors;
#[cfg(test)]
mod tests;
mod write;

use sectors::{Sectors, Table};
use std::cell::Cell;

pub use directory::{Entry, Kind};
pub use write::{Builder, Version};

/// The first bytes of every compound file.
pub const SIGNATURE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// How many times its length a file gives in streams. Without shared sectors it is less than once; a program reads a stream more often.
pub const SHARED_READS: usize = 4;

/// Streams shorter than this lie in the mini stream ([MS-CFB] §2.2, "Mini Stream Cutoff Size" must be this).
const MINI_CUTOFF: u64 = 4096;

/// Length of a sector of the mini stream as a power of two ([MS-CFB] §2.2).
const MINI_SHIFT: u32 = 6;

/// The place of the root storage among the entries.
pub const ROOT: usize = 0;

/// What was wrong with the structure of a compound file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defect {
    /// The header has values that the format does not allow, or is cut off.
    Header,
    /// Parts of the allocation tables cannot be read: streams end early.
    Table,
    /// The directory ends early, or the file has none: entries are missing.
    Directory,
    /// Entries lead in circles, or to places where none is.
    Tree,
    /// There are more entries than the limit allows.
    TooManyEntries,
}

/// The bytes of one stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// What could be read, from its beginning.
    pub bytes: Vec<u8>,
    /// False when the directory promises more, or what is there breaks off.
    pub is_whole: bool,
}

/// A compound file, opened for reading.
#[derive(Debug)]
pub struct Compound<'a> {
    sectors: Sectors<'a>,
    fat: Table,
    mini_fat: Table,
    /// The sectors of the mini stream, in order.
    mini_stream: Vec<u32>,
    /// Bytes of the mini stream.
    mini_len: usize,
    entries: Vec<Entry>,
    defects: Vec<Defect>,
    /// Bytes of sectors that streams may still take.
    left: Cell<usize>,
}

impl<'a> Compound<'a> {
    /// Opens the file; `None` when it does not begin with the signature.
    pub fn open(bytes: &'a [u8]) -> Option<Self> {
        if !bytes.starts_with(SIGNATURE) {
            return None;
        }
        let header = Header::read(bytes);
        let mut defects = Vec::new();
        if !header.is_regular {
            defects.push(Defect::Header);
        }
        let sectors = Sectors::new(bytes, header.shift);
        let (fat, fat_is_whole) = sectors.fat(bytes, header.first_difat);
        let (directory, directory_is_whole) = fat.chain(header.first_directory, usize::MAX);
        let (mini_table, mini_is_whole) = fat.chain(header.first_mini_fat, usize::MAX);
        let (numbers, numbers_are_whole) = sectors.numbers(&mini_table);
        if !fat_is_whole || !mini_is_whole || !numbers_are_whole {
            defects.push(Defect::Table);
        }
        let directory = directory::read(&sectors, &directory, directory_is_whole, header.has_long_sizes, &mut defects);
        let (mini_start, mini_size) = directory.first().map_or((sectors::END, 0), |root| (root.start, root.size));
        let mini_len = usize::try_from(mini_size).unwrap_or(usize::MAX).min(bytes.len());
        let (mini_stream, _) = fat.chain(mini_start, sectors.needed(mini_len));
        Some(Compound {
            sectors,
            fat,
            mini_fat: Table::new(numbers),
            mini_stream,
            mini_len,
            entries: directory,
            defects,
            left: Cell::new(bytes.len().saturating_mul(SHARED_READS)),
        })
    }

    /// All entries; the first is the root. Those that no storage holds are among them.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry at this place.
    pub fn entry(&self, idx: usize) -> Option<&Entry> {
        self.entries.get(idx)
    }

    /// Places of what this storage holds, in the order of its tree, which writers sort by length and name.
    pub fn children(&self, storage: usize) -> &[usize] {
        self.entries.get(storage).map(|entry| entry.children.as_slice()).unwrap_or_default()
    }

    /// The place of the entry of this name in a storage; letter case does not count. Looks at every child.
    pub fn find(&self, storage: usize, name: &str) -> Option<usize> {
        let is_named = |idx: &usize| self.entries.get(*idx).is_some_and(|entry| entry.name.eq_ignore_ascii_case(name));
        self.children(storage).iter().copied().find(is_named)
    }

    /// The bytes of a stream; none for a storage. Costs as much as it gives.
    pub fn content(&self, stream: usize) -> Content {
        let Some(entry) = self.entries.get(stream).filter(|entry| entry.kind == Kind::Stream) else { return Content::default() };
        let wanted = usize::try_from(entry.size).unwrap_or(usize::MAX);
        let len = wanted.min(self.left.get());
        let bytes = if entry.size < MINI_CUTOFF { self.mini(entry.start, len) } else { self.regular(entry.start, len) };
        Content { is_whole: bytes.len() == wanted, bytes }
    }

    /// What was wrong with the structure, each kind once.
    pub fn defects(&self) -> &[Defect] {
        &self.defects
    }

    /// A storage with all that it holds, as a compound file of its own. What an Office document that stands in another file is.
    pub fn storage_file(&self, storage: usize) -> Vec<u8> {
        let Some(entry) = self.entries.get(storage) else { return Vec::new() };
        let mut builder = Builder::new(Version::V3, entry.class);
        let mut open = vec![(storage, ROOT)];
        while let Some((from, to)) = open.pop() {
            for &child in self.children(from) {
                let Some(entry) = self.entries.get(child) else { continue };
                match entry.kind {
                    Kind::Stream => builder.stream(to, &entry.name, self.content(child).bytes),
                    Kind::Storage => open.push((child, builder.storage(to, &entry.name, entry.class))),
                }
            }
        }
        builder.finish()
    }

    /// Counts the sectors that were walked, also where the file has none of their bytes.
    fn spend(&self, bytes: usize) {
        self.left.set(self.left.get().saturating_sub(bytes));
    }

    fn regular(&self, start: u32, len: usize) -> Vec<u8> {
        let (chain, _) = self.fat.chain(start, self.sectors.needed(len));
        self.spend(chain.len() << self.sectors.shift);
        let mut bytes = Vec::with_capacity(len.min(chain.len() << self.sectors.shift));
        for number in chain {
            let sector = self.sectors.get(number);
            bytes.extend_from_slice(sector.get(..len - bytes.len()).unwrap_or(sector));
            if sector.len() < self.sectors.len() {
                break; // the file ends inside
            }
        }
        bytes
    }

    fn mini(&self, start: u32, len: usize) -> Vec<u8> {
        let (chain, _) = self.mini_fat.chain(start, len.div_ceil(1 << MINI_SHIFT));
        self.spend(chain.len() << MINI_SHIFT);
        let mut bytes = Vec::with_capacity(len.min(chain.len() << MINI_SHIFT));
        for number in chain {
            let sector = self.mini_sector(number);
            bytes.extend_from_slice(sector.get(..len - bytes.len()).unwrap_or(sector));
            if sector.len() < 1 << MINI_SHIFT {
                break;
            }
        }
        bytes
    }

    /// A sector of the mini stream; shorter, or empty, where the mini stream ends.
    fn mini_sector(&self, number: u32) -> &'a [u8] {
        let start = (number as usize) << MINI_SHIFT;
        let end = (start + (1 << MINI_SHIFT)).min(self.mini_len);
        let (idx, offset) = (start >> self.sectors.shift, start & (self.sectors.len() - 1));
        let sector = self.mini_stream.get(idx).map(|&number| self.sectors.get(number)).unwrap_or_default();
        let sector = sector.get(offset..).unwrap_or_default();
        sector.get(..end.saturating_sub(start)).unwrap_or(sector)
    }
}

/// What the header says ([MS-CFB] §2.2).
struct Header {
    shift: u32,
    /// Sizes have 64 bits; in version 3 the upper half may be anything ([MS-CFB] §2.6.1).
    has_long_sizes: bool,
    first_directory: u32,
    first_mini_fat: u32,
    first_difat: u32,
    is_regular: bool,
}

impl Header {
    fn read(bytes: &[u8]) -> Self {
        let half = |at| sectors::u16_at(bytes, at).unwrap_or_default();
        let word = |at| sectors::u32_at(bytes, at).unwrap_or(sectors::END);
        let (version, written) = (half(26), u32::from(half(30)));
        let shift = match written {
            9 | 12 => written,
            _ if version == 4 => 12,
            _ => 9,
        };
        let is_regular = (version, written) == (3, 9) || (version, written) == (4, 12);
        Header {
            shift,
            has_long_sizes: shift == 12,
            first_directory: word(48),
            first_mini_fat: word(60),
            first_difat: word(68),
            is_regular: is_regular && u32::from(half(32)) == MINI_SHIFT && u64::from(word(56)) == MINI_CUTOFF && bytes.len() >= 512,
        }
    }
}
