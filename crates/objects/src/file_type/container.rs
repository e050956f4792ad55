//! ZIP and OLE containers: which format lies inside is told by the names of entries, read by hand out of a bounded part.

/// Bytes at either end of a container that are scanned for entry names.
const SCAN: usize = 4 << 20;

/// Entries of a ZIP whose names are read.
const MAX_ENTRIES: usize = 10_000;

pub(super) fn detect(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"PK") && matches!(bytes.get(2..4), Some([3 | 5 | 7, 4 | 6 | 8])) {
        return Some(zip(bytes));
    }
    bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]).then(|| ole(bytes))
}

/// Office Open XML by its first part, EPUB by its mimetype entry (OCF 3.3 §4.3), else a plain ZIP.
fn zip(bytes: &[u8]) -> &'static str {
    if bytes.get(30..38) == Some(b"mimetype") && bytes.get(38..58) == Some(b"application/epub+zip") {
        return "epub";
    }
    let mut is_package = false;
    let mut kind = None;
    for name in entry_names(bytes).take(MAX_ENTRIES) {
        is_package |= name == b"[Content_Types].xml" || name == b"_rels/.rels";
        kind = kind.or_else(|| office_part(name));
        if let (true, Some(kind)) = (is_package, kind) {
            return kind;
        }
    }
    "zip"
}

fn office_part(name: &[u8]) -> Option<&'static str> {
    let folders: [(&[u8], &str); 3] = [(b"word/", "docx"), (b"xl/", "xlsx"), (b"ppt/", "pptx")];
    let name = name.strip_prefix(b"/").unwrap_or(name);
    folders
        .into_iter()
        .find(|(folder, _)| name.get(..folder.len()).is_some_and(|head| head.eq_ignore_ascii_case(folder)))
        .map(|(_, kind)| kind)
}

/// Names out of local headers, then out of the central directory (APPNOTE.TXT §4.3.7 and §4.3.12), wherever their signatures stand.
fn entry_names(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let head = &bytes[..bytes.len().min(SCAN)];
    let tail = &bytes[bytes.len().saturating_sub(SCAN)..];
    let local = names(head, b"PK\x03\x04", 26, 30);
    let central = names(tail, b"PK\x01\x02", 28, 46);
    local.chain(central)
}

fn names<'a>(bytes: &'a [u8], signature: &'static [u8; 4], length_at: usize, name_at: usize) -> impl Iterator<Item = &'a [u8]> {
    memchr::memmem::find_iter(bytes, signature).filter_map(move |at| {
        let length = bytes.get(at + length_at..at + length_at + 2)?;
        let length = usize::from(u16::from_le_bytes([length[0], length[1]]));
        bytes.get(at + name_at..at + name_at + length)
    })
}

/// Word, Excel and PowerPoint by the name of their main stream in the directory. An Outlook message is none of them, also when one is
/// attached to it, which then lies in a folder of the same container.
fn ole(bytes: &[u8]) -> &'static str {
    let streams = [("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"), ("PowerPoint Document", "ppt")];
    // Names are compared without letter case ([MS-CFB] §2.6.4); some writers use capitals throughout.
    let has = |name: &str| has_entry(bytes, name) || has_entry(bytes, &name.to_uppercase());
    if has_entry(bytes, "__properties_version1.0") {
        return "unknown";
    }
    streams.into_iter().find(|(name, _)| has(name)).map_or("unknown", |(_, kind)| kind)
}

/// True when an entry of the directory has this name ([MS-CFB] §2.6.1: UTF-16LE in 64 bytes, NUL at the end, then its length in bytes).
fn has_entry(bytes: &[u8], name: &str) -> bool {
    let mut wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    wide.extend([0, 0]);
    let is_entry = |at: &usize| at.is_multiple_of(128) && bytes.get(at + 64).copied().map(usize::from) == Some(wide.len());
    let head = &bytes[..bytes.len().min(SCAN)];
    let tail_start = bytes.len().saturating_sub(SCAN);
    let mut in_tail = memchr::memmem::find_iter(&bytes[tail_start..], &wide).map(|at| tail_start + at);
    memchr::memmem::find_iter(head, &wide).any(|at| is_entry(&at)) || in_tail.any(|at| is_entry(&at))
}
