//! Writes compound files: a storage that is taken out of another file becomes one, and tests make their samples with it.

use super::sectors::END;
use super::{MINI_CUTOFF, MINI_SHIFT, ROOT, SIGNATURE};

const FREE: u32 = 0xFFFF_FFFF;
const FAT_SECTOR: u32 = 0xFFFF_FFFD;
const DIFAT_SECTOR: u32 = 0xFFFF_FFFC;

/// Sectors of the allocation table that the header can list.
const IN_HEADER: usize = 109;

/// The version of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// Sectors of 512 bytes.
    V3,
    /// Sectors of 4096 bytes.
    V4,
}

/// A compound file in the making. Storages are named by the number that [`Builder::storage`] gave; the root is [`ROOT`].
#[derive(Debug)]
pub struct Builder {
    version: Version,
    entries: Vec<Entry>,
}

#[derive(Debug, Default)]
struct Entry {
    name: Vec<u16>,
    class: [u8; 16],
    kind: u8,
    children: Vec<usize>,
    content: Vec<u8>,
    left: Option<usize>,
    right: Option<usize>,
    child: Option<usize>,
    start: u32,
    size: u64,
}

impl Builder {
    /// An empty file whose root has this class.
    pub fn new(version: Version, class: [u8; 16]) -> Self {
        let root = Entry { name: "Root Entry".encode_utf16().collect(), class, kind: 5, start: END, ..Entry::default() };
        Builder { version, entries: vec![root] }
    }

    /// Adds a storage; gives its number.
    pub fn storage(&mut self, parent: usize, name: &str, class: [u8; 16]) -> usize {
        self.add(parent, Entry { name: name.encode_utf16().take(31).collect(), class, kind: 1, ..Entry::default() })
    }

    /// Adds a stream.
    pub fn stream(&mut self, parent: usize, name: &str, content: Vec<u8>) {
        let size = content.len() as u64;
        self.add(parent, Entry { name: name.encode_utf16().take(31).collect(), kind: 2, content, size, ..Entry::default() });
    }

    fn add(&mut self, parent: usize, entry: Entry) -> usize {
        let idx = self.entries.len();
        self.entries.push(entry);
        if let Some(parent) = self.entries.get_mut(parent) {
            parent.children.push(idx);
        }
        idx
    }

    /// The bytes of the file.
    pub fn finish(mut self) -> Vec<u8> {
        for idx in 0..self.entries.len() {
            self.tie(idx);
        }
        let mut file = File { sector_len: if self.version == Version::V3 { 512 } else { 4096 }, fat: Vec::new(), body: Vec::new() };
        let (mut mini_stream, mut mini_fat) = (Vec::new(), Vec::new());
        for entry in self.entries.iter_mut().filter(|entry| entry.kind == 2) {
            let content = std::mem::take(&mut entry.content);
            entry.start = match entry.size < MINI_CUTOFF {
                true => mini(&content, &mut mini_stream, &mut mini_fat),
                false => file.chain(&content),
            };
        }
        if let Some(root) = self.entries.get_mut(ROOT) {
            root.size = mini_stream.len() as u64;
            root.start = file.chain(&mini_stream);
        }
        mini_fat.resize(mini_fat.len().next_multiple_of(file.sector_len / 4), FREE);
        let mini_fat_start = if mini_stream.is_empty() { END } else { file.chain(&words(&mini_fat)) };
        let mini_fat_len = if mini_stream.is_empty() { 0 } else { mini_fat.len() * 4 / file.sector_len };
        let directory: Vec<u8> = self.entries.iter().flat_map(Entry::bytes).collect();
        let directory_start = file.chain(&directory);
        let directory_len = if self.version == Version::V4 { directory.len().div_ceil(file.sector_len) } else { 0 };
        file.finish([directory_len, directory_start as usize, mini_fat_start as usize, mini_fat_len])
    }

    /// Ties the children of a storage into a balanced tree, by length and name ([MS-CFB] §2.6.4).
    fn tie(&mut self, storage: usize) {
        let Some(entry) = self.entries.get_mut(storage) else { return };
        let mut children = std::mem::take(&mut entry.children);
        let key = |idx: &usize| {
            let name = self.entries.get(*idx).map(|entry| entry.name.as_slice()).unwrap_or_default();
            (name.len(), String::from_utf16_lossy(name).to_uppercase())
        };
        children.sort_by_cached_key(key);
        let top = self.half(&children);
        if let Some(entry) = self.entries.get_mut(storage) {
            entry.child = top;
        }
    }

    /// The middle one with the halves under it. As deep as the number of children has binary digits.
    fn half(&mut self, children: &[usize]) -> Option<usize> {
        let (left, rest) = children.split_at_checked(children.len() / 2)?;
        let (&middle, right) = rest.split_first()?;
        let (left, right) = (self.half(left), self.half(right));
        let entry = self.entries.get_mut(middle)?;
        (entry.left, entry.right) = (left, right);
        Some(middle)
    }
}

impl Entry {
    fn bytes(&self) -> Vec<u8> {
        let tie = |idx: Option<usize>| idx.map_or(FREE, |idx| idx as u32).to_le_bytes();
        let mut bytes: Vec<u8> = self.name.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        bytes.resize(64, 0);
        bytes.extend((2 * self.name.len() as u16 + 2).to_le_bytes());
        bytes.extend([self.kind, 1]); // all black
        bytes.extend([tie(self.left), tie(self.right), tie(self.child)].concat());
        bytes.extend(self.class);
        bytes.extend([0; 20]);
        bytes.extend(self.start.to_le_bytes());
        bytes.extend(self.size.to_le_bytes());
        bytes
    }
}

/// Adds a short stream to the mini stream; gives its first sector.
fn mini(content: &[u8], stream: &mut Vec<u8>, fat: &mut Vec<u32>) -> u32 {
    if content.is_empty() {
        return END;
    }
    let start = fat.len();
    stream.extend_from_slice(content);
    stream.resize(stream.len().next_multiple_of(1 << MINI_SHIFT), 0);
    let end = stream.len() >> MINI_SHIFT;
    fat.extend((start + 1..end).map(|next| next as u32));
    fat.push(END);
    start as u32
}

fn words(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

/// Sectors and their table.
struct File {
    sector_len: usize,
    fat: Vec<u32>,
    body: Vec<u8>,
}

impl File {
    /// Adds sectors that follow each other; gives the first.
    fn chain(&mut self, content: &[u8]) -> u32 {
        if content.is_empty() {
            return END;
        }
        let start = self.fat.len();
        let end = start + content.len().div_ceil(self.sector_len);
        self.fat.extend((start + 1..end).map(|next| next as u32));
        self.fat.push(END);
        self.body.extend_from_slice(content);
        self.body.resize(end * self.sector_len, 0);
        start as u32
    }

    /// Adds the table and its list, and puts the header before everything.
    fn finish(mut self, [directory_len, directory, mini_fat, mini_fat_len]: [usize; 4]) -> Vec<u8> {
        let per_sector = self.sector_len / 4;
        // The table lists its own sectors too, so it grows until it holds all.
        let (mut tables, mut lists) = (0, 0);
        loop {
            let needed = (self.fat.len() + tables + lists).div_ceil(per_sector);
            let further = needed.saturating_sub(IN_HEADER).div_ceil(per_sector - 1);
            if (needed, further) == (tables, lists) {
                break;
            }
            (tables, lists) = (needed, further);
        }
        let first_table = self.fat.len();
        let first_list = first_table + tables;
        self.fat.extend(std::iter::repeat_n(FAT_SECTOR, tables).chain(std::iter::repeat_n(DIFAT_SECTOR, lists)));
        self.fat.resize(tables * per_sector, FREE);
        self.body.extend(words(&self.fat));
        let listed: Vec<u32> = (first_table..first_list).map(|number| number as u32).collect();
        let (in_header, further) = listed.split_at(listed.len().min(IN_HEADER));
        for (idx, list) in further.chunks(per_sector - 1).enumerate() {
            let mut list = list.to_vec();
            list.resize(per_sector - 1, FREE);
            list.push(if idx + 1 < lists { (first_list + idx + 1) as u32 } else { END });
            self.body.extend(words(&list));
        }
        let mut head = SIGNATURE.to_vec();
        head.extend([0; 16]);
        let halves: [u16; 5] = if self.sector_len == 512 { [0x3E, 3, 0xFFFE, 9, 6] } else { [0x3E, 4, 0xFFFE, 12, 6] };
        head.extend(halves.iter().flat_map(|half| half.to_le_bytes()));
        head.extend([0; 6]);
        let first_list = if lists > 0 { first_list } else { END as usize };
        let fields = [directory_len, tables, directory, 0, MINI_CUTOFF as usize, mini_fat, mini_fat_len, first_list, lists];
        head.extend(fields.iter().flat_map(|&field| (field as u32).to_le_bytes()));
        head.extend(words(in_header));
        head.resize(512, 0xFF);
        head.resize(self.sector_len, 0);
        head.extend(self.body);
        head
    }
}
