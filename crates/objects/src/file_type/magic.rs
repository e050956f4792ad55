//! Signatures at fixed places.

/// One signature: bytes at an offset, and perhaps more bytes at another.
struct Magic {
    name: &'static str,
    at: usize,
    bytes: &'static [u8],
    also: Option<(usize, &'static [u8])>,
}

const fn at(name: &'static str, at: usize, bytes: &'static [u8]) -> Magic {
    Magic { name, at, bytes, also: None }
}

const fn start(name: &'static str, bytes: &'static [u8]) -> Magic {
    at(name, 0, bytes)
}

const fn both(name: &'static str, bytes: &'static [u8], place: usize, more: &'static [u8]) -> Magic {
    Magic { name, at: 0, bytes, also: Some((place, more)) }
}

/// The table of mdm.md §12.1; a more special entry stands before a general one.
static TABLE: &[Magic] = &[
    start("jpg", &[0xff, 0xd8, 0xff]),
    start("png", &[0x89, b'P', b'N', b'G']),
    start("gif", b"GIF8"),
    both("webp", b"RIFF", 8, b"WEBP"),
    both("avi", b"RIFF", 8, b"AVI"),
    both("wav", b"RIFF", 8, b"WAVE"),
    both("cr2", b"II*\0", 8, b"CR"),
    both("cr2", b"MM\0*", 8, b"CR"),
    start("tif", b"II*\0"),
    start("tif", b"MM\0*"),
    start("jxr", &[0x49, 0x49, 0xbc]),
    start("psd", b"8BPS"),
    start("ico", &[0, 0, 1, 0]),
    start("dwg", b"AC10"),
    start("jp2", b"\0\0\0\x0cjP  \r\n\x87\n"),
    start("wmv", &[0x30, 0x26, 0xb2, 0x75]),
    start("flv", b"FLV\x01"),
    start("mp3", b"ID3"),
    start("ogg", b"OggS"),
    start("flac", b"fLaC"),
    start("amr", b"#!AMR"),
    start("mid", b"MThd"),
    both("aiff", b"FORM", 8, b"AIFF"),
    start("rtf", b"{\\rtf"),
    start("ps", b"%!PS"),
    start("sqlite", b"SQLite format 3\0"),
    start("nes", b"NES\x1a"),
    start("elf", b"\x7fELF"),
    start("macho", &[0xfe, 0xed, 0xfa, 0xce]),
    start("macho", &[0xfe, 0xed, 0xfa, 0xcf]),
    start("macho", &[0xce, 0xfa, 0xed, 0xfe]),
    start("macho", &[0xcf, 0xfa, 0xed, 0xfe]),
    start("dex", b"dex\n035"),
    start("dex", b"dex\n03"),
    start("dey", b"dey\n036"),
    start("wasm", b"\0asm"),
    start("crx", b"Cr24"),
    start("swf", b"FWS"),
    start("swf", b"CWS"),
    start("swf", b"ZWS"),
    start("rar", b"Rar!\x1a\x07"),
    start("7z", &[b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c]),
    start("gz", &[0x1f, 0x8b, 0x08]),
    start("bz2", b"BZh"),
    start("xz", &[0xfd, b'7', b'z', b'X', b'Z', 0]),
    start("zst", &[0x28, 0xb5, 0x2f, 0xfd]),
    start("lz", b"LZIP"),
    start("Z", &[0x1f, 0x9d]),
    start("Z", &[0x1f, 0xa0]),
    both("deb", b"!<arch>\n", 8, b"debian"),
    start("ar", b"!<arch>"),
    start("cab", b"MSCF"),
    start("cab", b"ISc("),
    start("rpm", &[0xed, 0xab, 0xee, 0xdb]),
    both("woff", b"wOFF", 4, &[0, 1, 0, 0]),
    both("woff", b"wOFF", 4, b"OTTO"),
    both("woff2", b"wOF2", 4, &[0, 1, 0, 0]),
    both("woff2", b"wOF2", 4, b"OTTO"),
    start("ttf", &[0, 1, 0, 0, 0]),
    start("otf", b"OTTO\0"),
    at("tar", 257, b"ustar"),
    at("dcm", 128, b"DICM"),
    at("iso", 32769, b"CD001"),
];

/// How far into a file `%PDF` may stand (mdm.md §12.1; readers search as far).
const PDF_WINDOW: usize = 1024;

pub(super) fn detect(bytes: &[u8]) -> Option<&'static str> {
    let fits = |magic: &&Magic| {
        let has = |at: usize, part: &[u8]| bytes.get(at..).is_some_and(|rest| rest.starts_with(part));
        has(magic.at, magic.bytes) && magic.also.is_none_or(|(at, part)| has(at, part))
    };
    if bytes.starts_with(b"%PDF") {
        return Some("pdf");
    }
    TABLE
        .iter()
        .find(fits)
        .map(|magic| magic.name)
        .or_else(|| media_brand(bytes))
        .or_else(|| matroska(bytes))
        .or_else(|| universal_binary(bytes))
        .or_else(|| embedded_font(bytes))
        .or_else(|| video_stream(bytes))
}

/// Short signatures and `%PDF` behind other bytes, asked after the text formats.
pub(super) fn late(bytes: &[u8]) -> Option<&'static str> {
    if memchr::memmem::find(&bytes[..bytes.len().min(PDF_WINDOW)], b"%PDF-").is_some() {
        return Some("pdf");
    }
    match bytes {
        [b'M', b'Z', ..] => Some("exe"),
        [b'B', b'M', rest @ ..] if is_bitmap(rest) => Some("bmp"),
        [0xff, 0xfb | 0xf3 | 0xf2 | 0xfa, ..] => Some("mp3"),
        [0xff, 0xf1 | 0xf9, ..] => Some("aac"),
        _ => None,
    }
}

/// `BM` alone also begins words: the reserved words of the header are zero and the pixels start behind it (BITMAPFILEHEADER).
fn is_bitmap(rest: &[u8]) -> bool {
    rest.get(4..8) == Some(&[0, 0, 0, 0]) && rest.get(8..12).is_some_and(|offset| offset != [0, 0, 0, 0])
}

/// ISO base media files by their major brand (ISO/IEC 14496-12 §4.3), and by a compatible one when that is not known.
fn media_brand(bytes: &[u8]) -> Option<&'static str> {
    if bytes.get(4..8) != Some(b"ftyp") {
        return None;
    }
    let brand = |at: usize| bytes.get(at..at + 4).and_then(brand_type);
    brand(8).or_else(|| (4..12).find_map(|idx| brand(idx * 4))).or(Some("mp4"))
}

fn brand_type(brand: &[u8]) -> Option<&'static str> {
    match brand {
        b"heic" | b"heix" | b"mif1" | b"msf1" | b"hevc" | b"heim" | b"heis" | b"avif" => Some("heif"),
        b"M4V " | b"M4VH" | b"M4VP" => Some("m4v"),
        b"M4A " | b"M4B " => Some("m4a"),
        b"qt  " => Some("mov"),
        [b'3', b'g', b'p' | b'g' | b'2', _] => Some("3gp"),
        b"isom" | b"iso2" | b"iso3" | b"iso4" | b"iso5" | b"iso6" | b"mp41" | b"mp42" | b"avc1" | b"dash" | b"MSNV" | b"f4v " | b"mmp4" => {
            Some("mp4")
        }
        _ => None,
    }
}

/// EBML by its document type, an element of the header (RFC 8794 §11.2.4): its ID, its length in one byte, its text.
fn matroska(bytes: &[u8]) -> Option<&'static str> {
    let head = bytes.get(..bytes.len().min(4096))?;
    if !head.starts_with(&[0x1a, 0x45, 0xdf, 0xa3]) {
        return None;
    }
    let has = |element: &[u8]| memchr::memmem::find(head, element).is_some();
    // Programs write `webm` elsewhere too; a document type with a longer length is found by its text alone.
    let is_webm = has(b"\x42\x82\x84webm") || (has(b"webm") && !has(b"matroska"));
    if is_webm { Some("webm") } else { has(b"matroska").then_some("mkv") }
}

/// A fat Mach-O begins like a Java class; its count of architectures is small where a class has its version (45 and up).
fn universal_binary(bytes: &[u8]) -> Option<&'static str> {
    let count = bytes.strip_prefix(&[0xca, 0xfe, 0xba, 0xbe])?.get(..4)?;
    (u32::from_be_bytes([count[0], count[1], count[2], count[3]]) < 40).then_some("macho")
}

/// Embedded OpenType: `LP` at 34 and a known version at 8 (W3C EOT submission §4.1).
fn embedded_font(bytes: &[u8]) -> Option<&'static str> {
    let version = bytes.get(8..11)?;
    (bytes.get(34..36) == Some(b"LP") && matches!(version, [0, 0, 1] | [1, 0, 2] | [2, 0, 2])).then_some("eot")
}

fn video_stream(bytes: &[u8]) -> Option<&'static str> {
    matches!(bytes, [0, 0, 1, 0xb0..=0xbf, ..]).then_some("mpg")
}
