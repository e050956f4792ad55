//! Headers of members and the table of contents (APPNOTE.TXT §4.3).

use super::disk::Disk;
use std::io::{self, Read};

const LOCAL: &[u8; 4] = b"PK\x03\x04";
const CENTRAL: &[u8; 4] = b"PK\x01\x02";
const END: &[u8; 4] = b"PK\x05\x06";
const END_64: &[u8; 4] = b"PK\x06\x06";
const LOCATOR_64: &[u8; 4] = b"PK\x06\x07";

/// Bytes at the end in which the table's end record can stand: the record, the longest comment, and the two records of ZIP64.
const TAIL: u64 = 22 + 0xFFFF + 20 + 56;

/// Bytes that are searched at once for the next header.
const CHUNK: usize = 64 << 10;

/// The end record: where the table of contents is.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    /// Where it begins.
    pub(super) table: u64,
    /// Where it ends.
    pub(super) end: u64,
    /// Number of its entries; old writers leave multiples of 65,536 out.
    pub(super) members: u64,
    /// How far all places that it names are off, because something stands before the archive.
    shift: u64,
}

impl End {
    /// The last end record whose table is there; `None` when there is none.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn find(disk: &Disk) -> io::Result<Option<End>> {
        let start = disk.len().saturating_sub(TAIL);
        let mut tail = Vec::new();
        disk.part(start, disk.len()).read_to_end(&mut tail)?;
        let found = memchr::memmem::rfind_iter(&tail, END).find_map(|at| End::at(disk, &tail, start, at));
        Ok(found)
    }

    fn at(disk: &Disk, tail: &[u8], start: u64, at: usize) -> Option<End> {
        let record = tail.get(at..)?;
        let narrow = (u64::from(u16_at(record, 10)?), u64::from(u32_at(record, 12)?), u64::from(u32_at(record, 16)?));
        let wide = at.checked_sub(20).and_then(|locator| End::wide(disk, tail.get(locator..)?));
        let place = start + at as u64;
        let (end, (members, len, offset)) = wide.unwrap_or((place, narrow));
        if members == 0 && disk.exactly(0, 4).is_some_and(|bytes| bytes == LOCAL) {
            return None; // a record of an empty archive that somebody has put behind members
        }
        if members == 0 {
            return Some(End { table: place, end: place, members, shift: 0 });
        }
        let is_table = |at: &u64| disk.exactly(*at, 4).is_some_and(|bytes| bytes == CENTRAL);
        let table = end.checked_sub(len).filter(is_table).or(Some(offset).filter(is_table))?;
        Some(End { table, end, members, shift: table.saturating_sub(offset) })
    }

    /// The end record of ZIP64 by its locator: where it stands, and number of members, length and place of the table.
    fn wide(disk: &Disk, locator: &[u8]) -> Option<(u64, (u64, u64, u64))> {
        if !locator.starts_with(LOCATOR_64) {
            return None;
        }
        let at = u64_at(locator, 8)?;
        let record = disk.exactly(at, 56).filter(|record| record.starts_with(END_64))?;
        Some((at, (u64_at(&record, 32)?, u64_at(&record, 40)?, u64_at(&record, 48)?)))
    }
}

/// A member.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Its name as written, folders with their `/`.
    pub(super) name: String,
    pub(super) is_encrypted: bool,
    /// 0 as it is, 8 deflate.
    pub(super) method: u16,
    pub(super) packed: u64,
    pub(super) unpacked: u64,
    pub(super) crc: u32,
    /// Length and check sum are known; else they stand behind the data.
    pub(super) has_length: bool,
    local: u64,
}

impl Entry {
    /// The entry of the table of contents at this place, and the place of the next one (§4.3.12).
    pub(super) fn in_table(disk: &Disk, at: u64, end: &End) -> Option<(Entry, u64)> {
        let fixed = disk.exactly(at, 46).filter(|bytes| bytes.starts_with(CENTRAL))?;
        let [name_len, extra_len, comment_len] = [28, 30, 32].map(|offset| u16_at(&fixed, offset).map(usize::from));
        let (name_len, extra_len) = (name_len?, extra_len?);
        let names = disk.exactly(at + 46, name_len + extra_len)?;
        let (name, extra) = names.split_at_checked(name_len)?;
        let [unpacked, packed, local] = wide(extra, [24, 20, 42].map(|offset| u32_at(&fixed, offset)))?;
        let entry = Entry {
            name: String::from_utf8_lossy(name).into_owned(),
            is_encrypted: u16_at(&fixed, 8)? & 1 == 1,
            method: u16_at(&fixed, 10)?,
            crc: u32_at(&fixed, 16)?,
            packed,
            unpacked,
            has_length: true,
            local: local.saturating_add(end.shift),
        };
        Some((entry, at + 46 + (name_len + extra_len + comment_len?) as u64))
    }

    /// Where the data of an entry of the table begin.
    pub(super) fn find_data(&mut self, disk: &Disk) -> Option<u64> {
        local(disk, self.local).map(|(_, data)| data)
    }

    /// The first member whose header begins here or behind, and where its data begin.
    pub(super) fn behind(disk: &Disk, from: u64) -> Option<(Entry, u64)> {
        let mut at = from;
        while at < disk.len() {
            let mut chunk = Vec::new();
            disk.part(at, at.saturating_add(CHUNK as u64)).read_to_end(&mut chunk).ok()?;
            match memchr::memmem::find(&chunk, LOCAL) {
                Some(found) => {
                    at += found as u64;
                    if let Some(found) = local(disk, at) {
                        return Some(found);
                    }
                    at += LOCAL.len() as u64;
                }
                None if chunk.len() < CHUNK => return None,
                None => at += (chunk.len() + 1 - LOCAL.len()) as u64, // a header may begin in the last bytes
            }
        }
        None
    }
}

/// The member whose own header stands here, and where its data begin (§4.3.7).
fn local(disk: &Disk, at: u64) -> Option<(Entry, u64)> {
    let fixed = disk.exactly(at, 30).filter(|bytes| bytes.starts_with(LOCAL))?;
    let [name_len, extra_len] = [26, 28].map(|offset| u16_at(&fixed, offset).map(usize::from));
    let (name_len, extra_len) = (name_len?, extra_len?);
    let names = disk.exactly(at + 30, name_len + extra_len)?;
    let (name, extra) = names.split_at_checked(name_len)?;
    let [unpacked, packed, _] = wide(extra, [u32_at(&fixed, 22), u32_at(&fixed, 18), Some(0)])?;
    let flags = u16_at(&fixed, 6)?;
    let entry = Entry {
        name: String::from_utf8_lossy(name).into_owned(),
        is_encrypted: flags & 1 == 1,
        method: u16_at(&fixed, 8)?,
        crc: u32_at(&fixed, 14)?,
        packed,
        unpacked,
        has_length: flags & 8 == 0 || packed > 0,
        local: at,
    };
    Some((entry, at + (30 + name_len + extra_len) as u64))
}

/// Unpacked length, packed length and place; those that are all ones stand in the ZIP64 extra field, in this order (§4.5.3).
fn wide(extra: &[u8], narrow: [Option<u32>; 3]) -> Option<[u64; 3]> {
    let mut field = zip64(extra).unwrap_or_default();
    let mut values = [0; 3];
    for (value, narrow) in values.iter_mut().zip(narrow) {
        *value = u64::from(narrow?);
        if narrow == Some(u32::MAX)
            && let Some((wide, rest)) = field.split_first_chunk()
        {
            *value = u64::from_le_bytes(*wide);
            field = rest;
        }
    }
    Some(values)
}

/// The extra field of ZIP64, number 1.
fn zip64(mut extra: &[u8]) -> Option<&[u8]> {
    loop {
        let len = usize::from(u16_at(extra, 2)?);
        let field = extra.get(4..4 + len)?;
        if u16_at(extra, 0)? == 1 {
            return Some(field);
        }
        extra = extra.get(4 + len..)?;
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}
