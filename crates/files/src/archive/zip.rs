//! ZIP archives (PKWARE APPNOTE.TXT), read for what mail gateways, archivers and Python's `zipfile` would see.
//!
//! Own code instead of a library, because a directory with a million entries must not be loaded before the first answer, names must stay
//! as written, and members must be found by their local headers when the directory is gone.

use super::{Budget, names};
use flate2::bufread::DeflateDecoder;
use mailhound_value::{Maybe, Unavailable, capability};
use memchr::memmem;

const LOCAL: &[u8] = b"PK\x03\x04";
const CENTRAL: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";
const END_64: &[u8] = b"PK\x06\x06";
const LOCATOR_64: &[u8] = b"PK\x06\x07";

/// Members that are kept in memory; further ones are counted only.
const MAX_KEPT: usize = 50_000;

/// One entry of an archive.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// The name as written, folders with their `/`.
    pub(crate) name: String,
    /// True when flag bit 0 is set.
    pub(crate) encrypted: bool,
    method: u16,
    packed: usize,
    local: usize,
}

impl Member {
    pub(crate) fn is_folder(&self) -> bool {
        self.name.ends_with('/')
    }
}

/// An archive whose entries are known.
pub(crate) struct Zip<'b> {
    bytes: &'b [u8],
    /// The first entries.
    pub(crate) members: Vec<Member>,
    /// Number of entries.
    pub(crate) total: usize,
    /// True when any entry is encrypted.
    pub(crate) encrypted: bool,
}

impl<'b> Zip<'b> {
    /// The archive in these bytes: by its central directory, else by its local headers; `None` when there is neither.
    pub(crate) fn open(bytes: &'b [u8]) -> Option<Zip<'b>> {
        let mut zip = Zip { bytes, members: Vec::new(), total: 0, encrypted: false };
        match central_directory(bytes) {
            Some(directory) => zip.read_directory(directory),
            None => zip.read_local_headers(),
        }
        (zip.total > 0 || bytes.starts_with(END)).then_some(zip)
    }

    /// True when there are entries that are not among `members`.
    pub(crate) fn is_cut(&self) -> bool {
        self.total > self.members.len()
    }

    fn add(&mut self, member: Member) {
        self.total += 1;
        self.encrypted |= member.encrypted;
        if self.members.len() < MAX_KEPT {
            self.members.push(member);
        }
    }

    fn read_directory(&mut self, directory: Directory) {
        let mut at = directory.start;
        while let Some((member, next)) = central_entry(self.bytes, at, directory.shift) {
            self.add(member);
            at = next;
        }
    }

    /// Goes from local header to local header. A deflated member says itself where it ends only when unpacked, so the next header is
    /// simply looked for.
    fn read_local_headers(&mut self) {
        let mut from = 0;
        while let Some(found) = self.bytes.get(from..).and_then(|rest| memmem::find(rest, LOCAL)) {
            let at = from + found;
            from = at + LOCAL.len();
            if let Some((mut member, data)) = local_entry(self.bytes, at) {
                let rest = self.bytes.get(data..).unwrap_or_default();
                if member.packed == 0 || member.packed > rest.len() {
                    let next = memmem::find(rest, LOCAL).or_else(|| memmem::find(rest, CENTRAL));
                    member.packed = next.unwrap_or(rest.len());
                }
                from = data.saturating_add(member.packed).max(from);
                self.add(member);
            }
        }
    }

    /// The bytes of a member. A wrong check sum is no reason to refuse them: the receiver's archiver may not look at it either.
    ///
    /// # Errors
    /// The need `archives` when it is encrypted or packed by another method than deflate; the limit that was hit; a failure when it is
    /// damaged.
    pub(crate) fn read(&self, member: &Member, budget: &mut Budget<'_>) -> Maybe<Vec<u8>> {
        if member.encrypted {
            return Err(Unavailable::capability(capability::ARCHIVES));
        }
        let damaged = || Unavailable::failure("zip: damaged member");
        let (_, data) = local_entry(self.bytes, member.local).ok_or_else(damaged)?;
        let rest = self.bytes.get(data..).ok_or_else(damaged)?;
        let packed = rest.get(..member.packed).unwrap_or(rest);
        match member.method {
            0 if packed.len() < member.packed => Err(damaged()),
            0 => budget.unpack(packed, packed.len(), "zip: damaged member"),
            8 => budget.unpack(DeflateDecoder::new(packed), packed.len(), "zip: damaged member"),
            _ => Err(Unavailable::capability(capability::ARCHIVES)),
        }
    }
}

/// Where the central directory begins, and how far all offsets in it are off because something stands before the archive.
struct Directory {
    start: usize,
    shift: usize,
}

fn central_directory(bytes: &[u8]) -> Option<Directory> {
    let end = memmem::rfind(bytes, END)?;
    let (len, offset) = match zip64_end(bytes, end) {
        Some(found) => found,
        None => (u32_at(bytes, end + 12)? as usize, u32_at(bytes, end + 16)? as usize),
    };
    let from_end = end.checked_sub(len).filter(|start| is_at(bytes, *start, CENTRAL));
    let start = from_end.or_else(|| Some(offset).filter(|start| is_at(bytes, *start, CENTRAL)))?;
    Some(Directory { start, shift: start.saturating_sub(offset) })
}

/// Length and offset of the directory by the ZIP64 end record, whose end stands right before its locator.
fn zip64_end(bytes: &[u8], end: usize) -> Option<(usize, usize)> {
    let locator = end.checked_sub(20).filter(|at| is_at(bytes, *at, LOCATOR_64))?;
    let record = usize::try_from(u64_at(bytes, locator + 8)?).ok().filter(|at| is_at(bytes, *at, END_64))?;
    let len = usize::try_from(u64_at(bytes, record.checked_add(40)?)?).ok()?;
    let offset = usize::try_from(u64_at(bytes, record.checked_add(48)?)?).ok()?;
    Some((len.checked_add(locator.checked_sub(record)?)?.checked_add(20)?, offset))
}

/// The entry at `at` of the directory, and where the next one begins (APPNOTE.TXT §4.3.12).
fn central_entry(bytes: &[u8], at: usize, shift: usize) -> Option<(Member, usize)> {
    if !is_at(bytes, at, CENTRAL) {
        return None;
    }
    let [name_len, extra_len, comment_len] = [28, 30, 32].map(|offset| u16_at(bytes, at + offset).map(usize::from));
    let name_start = at + 46;
    let name = bytes.get(name_start..name_start + name_len?)?;
    let extra_start = name_start + name.len();
    let extra = bytes.get(extra_start..extra_start + extra_len?).unwrap_or_default();
    let wide = zip64_extra(extra, [24, 20, 42].map(|offset| u32_at(bytes, at + offset) == Some(u32::MAX)));
    let narrow = |offset| u32_at(bytes, at + offset).map(|it| it as usize);
    let member = Member {
        name: names::decode(name),
        encrypted: u16_at(bytes, at + 8)? & 1 == 1,
        method: u16_at(bytes, at + 10)?,
        packed: wide[1].or(narrow(20))?,
        local: wide[2].or(narrow(42))?.saturating_add(shift),
    };
    Some((member, extra_start + extra.len() + comment_len?))
}

/// Unpacked size, packed size and offset from the ZIP64 extra field; only those are there whose 32-bit field is all ones (§4.5.3).
fn zip64_extra(extra: &[u8], want: [bool; 3]) -> [Option<usize>; 3] {
    let mut values = [None; 3];
    let mut at = 0;
    while let (Some(id), Some(len)) = (u16_at(extra, at), u16_at(extra, at + 2)) {
        at += 4;
        if id == 1 {
            for (value, _) in values.iter_mut().zip(want).filter(|(_, want)| *want) {
                *value = u64_at(extra, at).and_then(|it| usize::try_from(it).ok());
                at += 8;
            }
            break;
        }
        at += usize::from(len);
    }
    values
}

/// The entry of a local header, and where its data begins (APPNOTE.TXT §4.3.7).
fn local_entry(bytes: &[u8], at: usize) -> Option<(Member, usize)> {
    if !is_at(bytes, at, LOCAL) {
        return None;
    }
    let [name_len, extra_len] = [26, 28].map(|offset| u16_at(bytes, at + offset).map(usize::from));
    let name_start = at + 30;
    let name = bytes.get(name_start..name_start + name_len?)?;
    let member = Member {
        name: names::decode(name),
        encrypted: u16_at(bytes, at + 6)? & 1 == 1,
        method: u16_at(bytes, at + 8)?,
        packed: u32_at(bytes, at + 18)? as usize,
        local: at,
    };
    Some((member, name_start + name.len() + extra_len?))
}

fn is_at(bytes: &[u8], at: usize, magic: &[u8]) -> bool {
    bytes.get(at..).is_some_and(|rest| rest.starts_with(magic))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at.checked_add(8)?)?.try_into().ok()?))
}
