//! Sectors, their chains, and the tables that hold the chains ([MS-CFB] §2.3 to §2.5).

use std::cell::RefCell;

/// Ends a chain. Everything from [`MAX_SECTOR`] on is no sector.
pub(super) const END: u32 = 0xFFFF_FFFE;
const FREE: u32 = 0xFFFF_FFFF;
const MAX_SECTOR: u32 = 0xFFFF_FFFA;

/// Places in the header where sectors of the allocation table are listed.
const HEADER_DIFAT: std::ops::Range<usize> = 76..512;

/// The file, cut into sectors.
#[derive(Debug)]
pub(super) struct Sectors<'a> {
    bytes: &'a [u8],
    /// Length of a sector as a power of two.
    pub shift: u32,
    /// Sectors behind the header; the last may be cut.
    count: usize,
}

impl<'a> Sectors<'a> {
    pub fn new(bytes: &'a [u8], shift: u32) -> Self {
        let count = bytes.len().div_ceil(1 << shift).saturating_sub(1);
        Sectors { bytes, shift, count }
    }

    /// Length of a sector in bytes.
    pub fn len(&self) -> usize {
        1 << self.shift
    }

    /// Sectors that this many bytes take.
    pub fn needed(&self, bytes: usize) -> usize {
        bytes.div_ceil(self.len())
    }

    /// A sector; shorter where the file ends inside, empty behind its end.
    pub fn get(&self, number: u32) -> &'a [u8] {
        let start = (number as usize).saturating_add(1).saturating_mul(self.len());
        let rest = self.bytes.get(start..).unwrap_or_default();
        rest.get(..self.len()).unwrap_or(rest)
    }

    /// The numbers in these sectors. A number that the file does not hold is free; false when that happened.
    pub fn numbers(&self, sectors: &[u32]) -> (Vec<u32>, bool) {
        let per_sector = self.len() / 4;
        let mut numbers = Vec::with_capacity(sectors.len() * per_sector);
        let mut is_whole = true;
        for &number in sectors {
            let sector = self.get(number);
            numbers.extend(sector.chunks_exact(4).map(number_of));
            let missing = per_sector - sector.len() / 4;
            numbers.extend(std::iter::repeat_n(FREE, missing));
            is_whole &= missing == 0;
        }
        (numbers, is_whole)
    }

    /// The allocation table. It need not be longer than the file has sectors, which bounds the work. False when parts are missing.
    pub fn fat(&self, header: &[u8], first_difat: u32) -> (Table, bool) {
        let per_sector = self.len() / 4;
        let max = self.count.div_ceil(per_sector);
        let listed = header.get(HEADER_DIFAT).unwrap_or_else(|| header.get(HEADER_DIFAT.start..).unwrap_or_default());
        let mut sectors: Vec<u32> = listed.chunks_exact(4).map(number_of).filter(|&number| number < MAX_SECTOR).take(max).collect();
        let mut next = first_difat;
        // Each further list takes a sector of the file, so a longer walk goes in circles.
        for _ in 0..self.count {
            if sectors.len() >= max || next >= MAX_SECTOR {
                break;
            }
            let (mut list, _) = self.numbers(&[next]);
            next = list.pop().unwrap_or(END);
            let room = max - sectors.len();
            sectors.extend(list.into_iter().filter(|&number| number < MAX_SECTOR).take(room));
        }
        let (numbers, is_whole) = self.numbers(&sectors);
        let is_whole = is_whole && numbers.len() >= self.count;
        (Table::new(numbers), is_whole)
    }
}

/// An allocation table: for each sector the one behind it.
#[derive(Debug)]
pub(super) struct Table {
    next: Vec<u32>,
    /// For each sector the last walk that came by, so that a walk knows its own steps without clearing anything.
    seen: RefCell<(u32, Vec<u32>)>,
}

impl Table {
    pub fn new(next: Vec<u32>) -> Self {
        let seen = RefCell::new((0, vec![0; next.len()]));
        Table { next, seen }
    }

    /// The sectors from `start` on, at most `max`; false when the chain breaks off or returns to itself. Never longer than the table.
    pub fn chain(&self, start: u32, max: usize) -> (Vec<u32>, bool) {
        let mut seen = self.seen.borrow_mut();
        seen.0 = seen.0.wrapping_add(1);
        let (walk, marks) = (seen.0, &mut seen.1);
        let mut chain = Vec::new();
        let mut at = start;
        while chain.len() < max && at < MAX_SECTOR {
            let (Some(&next), Some(mark)) = (self.next.get(at as usize), marks.get_mut(at as usize)) else { return (chain, false) };
            if std::mem::replace(mark, walk) == walk {
                return (chain, false);
            }
            chain.push(at);
            at = next;
        }
        let is_whole = chain.len() == max || at == END || (chain.is_empty() && at == FREE);
        (chain, is_whole)
    }
}

fn number_of(bytes: &[u8]) -> u32 {
    u32_at(bytes, 0).unwrap_or(FREE)
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

pub(super) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}
