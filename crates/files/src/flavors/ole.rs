//! Which program an OLE compound file belongs to, by the streams in its directory ([MS-CFB] §2.6).

use std::collections::HashSet;

/// Directory entries that are looked at; the entry that tells the program stands near the start.
const MAX_ENTRIES: usize = 4096;
const ENTRY: usize = 128;

/// The MIME type of a compound file as libmagic names it.
pub(super) fn mime(bytes: &[u8]) -> &'static str {
    let names = stream_names(bytes);
    let has = |name: &str| names.contains(name);
    if has("EncryptedPackage") {
        "application/encrypted"
    } else if has("WordDocument") {
        "application/msword"
    } else if has("Workbook") || has("Book") {
        "application/vnd.ms-excel"
    } else if has("PowerPoint Document") {
        "application/vnd.ms-powerpoint"
    } else if has("__properties_version1.0") {
        "application/vnd.ms-outlook"
    } else {
        "application/CDFV2"
    }
}

/// Names of the entries of the directory, as far as its sectors can be followed.
fn stream_names(bytes: &[u8]) -> HashSet<String> {
    let sector_len = if u16_at(bytes, 30) == Some(12) { 4096 } else { 512 };
    let mut sector = u32_at(bytes, 48);
    let mut names = HashSet::new();
    for _ in 0..MAX_ENTRIES * ENTRY / sector_len {
        let Some(start) = sector.and_then(|sector| (sector as usize).checked_add(1)?.checked_mul(sector_len)) else { break };
        let Some(entries) = bytes.get(start..) else { break };
        names.extend(entries.chunks_exact(ENTRY).take(sector_len / ENTRY).filter_map(entry_name));
        sector = sector.and_then(|sector| next_sector(bytes, sector, sector_len));
    }
    names
}

fn entry_name(entry: &[u8]) -> Option<String> {
    let len = usize::from(u16_at(entry, 64)?).min(64).checked_sub(2)?;
    let units: Vec<u16> = entry[..len].chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    (!units.is_empty()).then(|| String::from_utf16_lossy(&units))
}

/// The sector behind this one in its chain, by the part of the allocation table that the header lists.
fn next_sector(bytes: &[u8], sector: u32, sector_len: usize) -> Option<u32> {
    let per_table = sector_len / 4;
    let table_idx = sector as usize / per_table;
    let table = (table_idx < 109).then(|| u32_at(bytes, 76 + 4 * table_idx))??;
    let start = (table as usize).checked_add(1)?.checked_mul(sector_len)?;
    let next = u32_at(bytes, start.checked_add(4 * (sector as usize % per_table))?)?;
    (next < 0xFFFF_FFFA).then_some(next)
}

fn u16_at(bytes: &[u8], offset: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(offset..offset.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], offset: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(offset..offset.checked_add(4)?)?.try_into().ok()?))
}
