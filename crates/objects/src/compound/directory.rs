//! The directory: entries of 128 bytes, tied into one binary tree for each storage ([MS-CFB] §2.6).

use super::sectors::{self, Sectors};
use super::{Defect, ROOT};
use mailhound_value::fixed;

/// Bytes of one entry.
const ENTRY: usize = 128;

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A folder; the root is one.
    Storage,
    /// A file.
    Stream,
}

/// An entry of the directory.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its name; wrong UTF-16 is U+FFFD.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// The class of a storage: a GUID as it is stored, all zero when there is none.
    pub class: [u8; 16],
    /// Bytes of a stream, as the directory says.
    pub size: u64,
    /// Places of what a storage holds, in the order of its tree.
    pub children: Vec<usize>,
    /// The first sector.
    pub(super) start: u32,
}

/// The ties of one entry in its tree.
#[derive(Clone, Copy)]
struct Ties {
    left: u32,
    right: u32,
    child: u32,
    /// False for an entry that is not in use.
    is_used: bool,
}

/// Reads the entries in these sectors. `is_whole` says whether that is the whole chain.
pub(super) fn read(sectors: &Sectors<'_>, chain: &[u32], is_whole: bool, long: bool, defects: &mut Vec<Defect>) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut ties = Vec::new();
    let mut is_whole = is_whole && !chain.is_empty();
    for &number in chain {
        let sector = sectors.get(number);
        is_whole &= sector.len() == sectors.len();
        for bytes in sector.chunks_exact(ENTRY) {
            if entries.len() >= fixed::COMPOUND_ENTRIES.value {
                defects.push(Defect::TooManyEntries);
                tie(&mut entries, &ties, defects);
                return entries;
            }
            let (entry, tie) = entry(bytes, entries.len() == ROOT, long);
            entries.push(entry);
            ties.push(tie);
        }
    }
    if !is_whole {
        defects.push(Defect::Directory);
    }
    tie(&mut entries, &ties, defects);
    entries
}

fn entry(bytes: &[u8], is_root: bool, long: bool) -> (Entry, Ties) {
    let word = |at| sectors::u32_at(bytes, at).unwrap_or(u32::MAX);
    let kind = bytes.get(66).copied().unwrap_or_default();
    let size = sectors::u64_at(bytes, 120).unwrap_or_default();
    let entry = Entry {
        name: name(bytes),
        kind: if kind == 2 && !is_root { Kind::Stream } else { Kind::Storage },
        class: bytes.get(80..).and_then(|rest| rest.first_chunk()).copied().unwrap_or_default(),
        size: if long { size } else { size & 0xFFFF_FFFF },
        children: Vec::new(),
        start: word(116),
    };
    (entry, Ties { left: word(68), right: word(72), child: word(76), is_used: matches!(kind, 1 | 2) })
}

/// The name, up to its declared length or its first NUL.
fn name(bytes: &[u8]) -> String {
    let len = usize::from(sectors::u16_at(bytes, 64).unwrap_or_default()).min(64);
    let units = bytes.get(..len).unwrap_or_default().chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    let units: Vec<u16> = units.take_while(|&unit| unit != 0).collect();
    String::from_utf16_lossy(&units)
}

/// Walks the tree of each storage, from the root on; every entry is taken once.
fn tie(entries: &mut [Entry], ties: &[Ties], defects: &mut Vec<Defect>) {
    let mut taken = vec![false; entries.len()];
    let mut is_sound = true;
    let mut open = vec![ROOT];
    if let Some(root) = taken.get_mut(ROOT) {
        *root = true;
    }
    while let Some(storage) = open.pop() {
        let Some(top) = ties.get(storage).map(|ties| ties.child) else { continue };
        let children = in_order(ties, top, &mut taken, &mut is_sound);
        let is_storage = |idx: &usize| entries.get(*idx).is_some_and(|entry| entry.kind == Kind::Storage);
        open.extend(children.iter().copied().filter(is_storage));
        if let Some(entry) = entries.get_mut(storage) {
            entry.children = children;
        }
    }
    if !is_sound {
        defects.push(Defect::Tree);
    }
}

/// The used entries of the tree under `top`, left to right.
fn in_order(ties: &[Ties], top: u32, taken: &mut [bool], is_sound: &mut bool) -> Vec<usize> {
    let mut found = Vec::new();
    let mut above: Vec<(usize, Ties)> = Vec::new();
    let mut at = top;
    loop {
        while at != u32::MAX {
            let idx = at as usize;
            let (Some(&tie), Some(taken)) = (ties.get(idx), taken.get_mut(idx)) else {
                *is_sound = false;
                break;
            };
            if std::mem::replace(taken, true) {
                *is_sound = false;
                break;
            }
            above.push((idx, tie));
            at = tie.left;
        }
        let Some((idx, tie)) = above.pop() else { return found };
        match tie.is_used {
            true => found.push(idx),
            false => *is_sound = false,
        }
        at = tie.right;
    }
}
