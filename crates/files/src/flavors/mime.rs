//! The MIME type of bytes as libmagic names it (explode-scanners.md §2).
//!
//! Binary formats are told by a table of byte sequences at fixed places, then containers are looked into, then text is told from data by
//! libmagic's classes of text bytes and looked at for the languages that rules and scanners name. White space in front does not count
//! for markup, as in libmagic's own tests.

use super::ole;
use super::taste::starts_with_any_case;
use mailhound_objects::compound;
use memchr::memmem;
use regex::bytes::Regex;
use std::sync::LazyLock;

/// Bytes at the start that tell text from data; libmagic looks at as many.
const TEXT_WINDOW: usize = 64 << 10;
/// Bytes at the start in which markup is looked for.
const MARKUP_WINDOW: usize = 4096;
/// Bytes at the start of a ZIP in which member names are looked for.
const ZIP_WINDOW: usize = 64 << 10;
/// Bytes of a text that is tried as JSON; a longer one is plain text.
const JSON_WINDOW: usize = 1 << 20;

/// The MIME type; never empty.
pub(crate) fn detect(bytes: &[u8]) -> &'static str {
    if bytes.is_empty() {
        return "application/x-empty";
    }
    if bytes.starts_with(compound::SIGNATURE) {
        return ole::mime(bytes);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return zip_mime(bytes);
    }
    if let Some((_, _, mime)) = MAGIC.iter().find(|(offset, magic, _)| bytes.get(*offset..).is_some_and(|rest| rest.starts_with(magic))) {
        return mime;
    }
    riff_mime(bytes).or_else(|| iso_media_mime(bytes)).or_else(|| program_mime(bytes)).unwrap_or_else(|| text_mime(bytes))
}

/// Offset, bytes, MIME type; the first that fits counts.
static MAGIC: &[(usize, &[u8], &str)] = &[
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1A\n", "image/png"),
    (0, b"\xFF\xD8\xFF", "image/jpeg"),
    (0, b"GIF8", "image/gif"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"\x00\x00\x01\x00", "image/vnd.microsoft.icon"),
    (0, b"8BPS", "image/vnd.adobe.photoshop"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"PK\x07\x08PK\x03\x04", "application/zip"),
    (0, b"\x1F\x8B", "application/gzip"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\xFD7zXZ\x00", "application/x-xz"),
    (0, b"\x5D\x00\x00", "application/x-lzma"),
    (0, b"\x28\xB5\x2F\xFD", "application/zstd"),
    (0, b"\x04\x22\x4D\x18", "application/x-lz4"),
    (0, b"\x1F\x9D", "application/x-compress"),
    (0, b"\x1F\xA0", "application/octet-stream"),
    (0, b"7z\xBC\xAF\x27\x1C", "application/x-7z-compressed"),
    (0, b"Rar!\x1A\x07", "application/x-rar"),
    (0, b"MSCF\x00\x00\x00\x00", "application/vnd.ms-cab-compressed"),
    (0, b"\x60\xEA", "application/x-arj"),
    (0, b"xar!", "application/x-xar"),
    (0, b"070701", "application/x-cpio"),
    (0, b"070707", "application/x-cpio"),
    (0, b"\xC7\x71", "application/x-cpio"),
    (0, b"!<arch>\ndebian", "application/vnd.debian.binary-package"),
    (0, b"!<arch>\n", "application/x-archive"),
    (0, b"\xED\xAB\xEE\xDB", "application/x-rpm"),
    (257, b"ustar", "application/x-tar"),
    (0x8001, b"CD001", "application/x-iso9660-image"),
    (0, b"\x7FELF", "application/x-executable"),
    (0, b"\xCF\xFA\xED\xFE", "application/x-mach-binary"),
    (0, b"\xCE\xFA\xED\xFE", "application/x-mach-binary"),
    (0, b"\xFE\xED\xFA\xCE", "application/x-mach-binary"),
    (0, b"\xFE\xED\xFA\xCF", "application/x-mach-binary"),
    (0, b"L\x00\x00\x00\x01\x14\x02\x00", "application/x-ms-shortcut"),
    (0, b"\xE4\x52\x5C\x7B\x8C\xD8\xA7\x4D\xAE\xB1\x53\x78\xD0\x29\x96\xD3", "application/onenote"),
    (0, b"FWS", "application/x-shockwave-flash"),
    (0, b"CWS", "application/x-shockwave-flash"),
    (0, b"ZWS", "application/x-shockwave-flash"),
    (0, b"\x78\x9F\x3E\x22", "application/vnd.ms-tnef"),
    (0, b"SQLite format 3\x00", "application/vnd.sqlite3"),
    (0, b"!BDN", "application/vnd.ms-outlook-pst"),
    (0, b"ITSF\x03\x00\x00\x00", "application/vnd.ms-htmlhelp"),
    (0, b"OggS", "application/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xFF\xFB", "audio/mpeg"),
    (0, b"\xFF\xF3", "audio/mpeg"),
    (0, b"\x1A\x45\xDF\xA3", "video/x-matroska"),
    (0, b"\x00\x00\x01\xBA", "video/mpeg"),
    (0, b"\x30\x26\xB2\x75\x8E\x66\xCF\x11", "video/x-ms-asf"),
    (0, b"wOFF", "font/woff"),
    (0, b"wOF2", "font/woff2"),
    (0, b"\x00\x01\x00\x00\x00", "font/sfnt"),
    (0, b"OTTO", "application/vnd.ms-opentype"),
    (0, b"\x78\x01", "application/zlib"),
    (0, b"\x78\x9C", "application/zlib"),
    (0, b"\x78\xDA", "application/zlib"),
    (0, b"\x00asm", "application/wasm"),
    (0, b"bplist00", "application/x-bplist"),
    (0, b"conectix", "application/x-virtualbox-vhd"),
    (0, b"vhdxfile", "application/x-virtualbox-vhdx"),
    (0, b"%!PS", "application/postscript"),
    (0, b"{\\rtf", "text/rtf"),
];

fn riff_mime(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"BM") && bytes.len() > 18 && matches!(bytes[14], 12 | 40 | 64 | 108 | 124 | 128) && bytes[15] == 0 {
        return Some("image/bmp");
    }
    match (bytes.starts_with(b"RIFF"), bytes.get(8..12)?) {
        (true, b"WEBP") => Some("image/webp"),
        (true, b"WAVE") => Some("audio/x-wav"),
        (true, b"AVI ") => Some("video/x-msvideo"),
        _ => None,
    }
}

/// ISO base media (ISO/IEC 14496-12 §4.3): the brand says which kind.
fn iso_media_mime(bytes: &[u8]) -> Option<&'static str> {
    if bytes.get(4..8)? != b"ftyp" {
        return None;
    }
    Some(match bytes.get(8..12)? {
        b"heic" | b"heix" => "image/heic",
        b"mif1" | b"msf1" => "image/heif",
        b"avif" | b"avis" => "image/avif",
        b"M4A " => "audio/x-m4a",
        b"qt  " => "video/quicktime",
        _ => "video/mp4",
    })
}

/// A DOS or Windows program; a Mach-O program for several processors, which has the magic of a Java class and a number of slices below
/// any version of Java in place of the version.
fn program_mime(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\xCA\xFE\xBA\xBE") {
        let slices = bytes.get(4..8)?;
        return Some(if slices[..3] == [0; 3] && slices[3] < 20 { "application/x-mach-binary" } else { "application/x-java-applet" });
    }
    bytes.starts_with(b"MZ").then_some("application/x-dosexec")
}

/// A ZIP by its first members: OpenDocument and EPUB say it in a stored `mimetype`, Office by the folders behind `[Content_Types].xml`.
fn zip_mime(bytes: &[u8]) -> &'static str {
    let window = &bytes[..bytes.len().min(ZIP_WINDOW)];
    let mut names = memmem::find_iter(window, b"PK\x03\x04").filter_map(|start| local_name(window, start));
    let first = names.next().unwrap_or_default();
    if first == b"mimetype" {
        return open_document_mime(window);
    }
    if first.starts_with(b"META-INF/") {
        return "application/java-archive";
    }
    let office: [&[u8]; 4] = [b"[Content_Types].xml", b"_rels/", b"docProps", b"customXml"];
    if office.iter().any(|start| first.starts_with(start)) {
        return names.find_map(office_folder).unwrap_or("application/zip");
    }
    office_folder(first).unwrap_or("application/zip")
}

fn local_name(window: &[u8], start: usize) -> Option<&[u8]> {
    let len = u16::from_le_bytes(window.get(start + 26..start + 28)?.try_into().ok()?);
    window.get(start + 30..start + 30 + usize::from(len))
}

fn office_folder(name: &[u8]) -> Option<&'static str> {
    let folders: [(&[u8], &str); 4] = [
        (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
        (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (b"visio/", "application/vnd.ms-visio.drawing.main+xml"),
    ];
    folders.iter().find(|(folder, _)| name.starts_with(folder)).map(|(_, mime)| *mime)
}

fn open_document_mime(window: &[u8]) -> &'static str {
    static KINDS: &[&str] = &[
        "application/epub+zip",
        "application/vnd.oasis.opendocument.text-template",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.spreadsheet-template",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.presentation-template",
        "application/vnd.oasis.opendocument.presentation",
        "application/vnd.oasis.opendocument.graphics-template",
        "application/vnd.oasis.opendocument.graphics",
        "application/vnd.oasis.opendocument.chart",
        "application/vnd.oasis.opendocument.formula",
        "application/vnd.oasis.opendocument.image",
        "application/vnd.oasis.opendocument.database",
    ];
    let content = window.get(38..).unwrap_or_default();
    KINDS.iter().find(|kind| content.starts_with(kind.as_bytes())).copied().unwrap_or("application/zip")
}

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a pattern of this file")
}

static HTML: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i-u)<(?:!doctype\s+html|html[\s>]|head[\s>]|title[\s>]|body[\s>]|script[\s>]|style[\s>]|table[\s>]|a\s+href=|h[1-6][\s>]|img\s)",
    )
});
static SVG: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i-u)<svg[\s>]"));
/// A field name that opens a message: the ones that libmagic knows and those that every message has (RFC 5322 §3.6).
static MAIL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i-u)\A(?:return-path|received|delivered-to|from|to|cc|date|subject|message-id|mime-version|reply-to|sender|x-[a-z0-9-]+|arc-[a-z-]+|dkim-signature|authentication-results):[^\n]*\n(?:[ \t][^\n]*\n)*[a-z0-9-]+:",
    )
});
static BATCH: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i-u)\A@\s*(?:(?:echo|rem|if|set|start|title|goto|call)\s|setlocal|cls|powershell)"));
static SCRIPT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?-u)\A#![ \t]*/\S*/(?:env[ \t]+)?([a-z]+)"));

/// The type of text, or of data that nothing else explains.
fn text_mime(bytes: &[u8]) -> &'static str {
    let utf16 = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF");
    if !utf16 && !bytes[..bytes.len().min(TEXT_WINDOW)].iter().all(|byte| is_text_byte(*byte)) {
        return "application/octet-stream";
    }
    if utf16 {
        return "text/plain";
    }
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let window = &text[..text.len().min(MARKUP_WINDOW)];
    known_text_mime(window).or_else(|| markup_mime(window)).or_else(|| json_mime(text)).unwrap_or("text/plain")
}

/// libmagic's classes T (text), I (ISO 8859) and X (extended): everything except most control characters.
fn is_text_byte(byte: u8) -> bool {
    matches!(byte, 0x07..=0x0D | 0x1B | 0x20..=0x7E | 0x80..=0xFF)
}

fn markup_mime(window: &[u8]) -> Option<&'static str> {
    if starts_with_any_case(window, "<?xml") {
        return Some(match () {
            () if SVG.is_match(window) => "image/svg+xml",
            () if HTML.find(window).is_some_and(|found| starts_with_any_case(found.as_bytes(), "<!doctype")) => "text/html",
            () => "text/xml",
        });
    }
    if starts_with_any_case(window, "<svg") || (starts_with_any_case(window, "<!doctype svg") && SVG.is_match(window)) {
        return Some("image/svg+xml");
    }
    if MAIL.is_match(window) {
        return Some("message/rfc822");
    }
    HTML.is_match(window).then_some("text/html")
}

fn known_text_mime(window: &[u8]) -> Option<&'static str> {
    static STARTS: &[(&str, &str)] = &[
        ("BEGIN:VCALENDAR", "text/calendar"),
        ("BEGIN:VCARD", "text/vcard"),
        ("<?php", "text/x-php"),
        ("-----BEGIN PGP MESSAGE-", "application/pgp-encrypted"),
        ("-----BEGIN PGP SIGNATURE-", "application/pgp-signature"),
        ("-----BEGIN PGP PUBLIC KEY BLOCK-", "application/pgp-keys"),
    ];
    if let Some((_, mime)) = STARTS.iter().find(|(start, _)| starts_with_any_case(window, start)) {
        return Some(mime);
    }
    if BATCH.is_match(window) {
        return Some("text/x-msdos-batch");
    }
    match SCRIPT.captures(window)?.get(1)?.as_bytes() {
        b"sh" | b"bash" | b"zsh" | b"ksh" | b"dash" => Some("text/x-shellscript"),
        b"python" => Some("text/x-script.python"),
        b"perl" => Some("text/x-perl"),
        _ => None,
    }
}

/// libmagic reads a text as JSON when it is one whole object or array.
fn json_mime(text: &[u8]) -> Option<&'static str> {
    let opens = matches!(text.first(), Some(b'{' | b'['));
    let whole = opens && text.len() <= JSON_WINDOW && serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok();
    whole.then_some("application/json")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], want: &str) {
        assert_eq!(detect(bytes), want, "{:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(40)]));
    }

    #[test]
    fn text_is_told_by_what_it_opens_with() {
        check(b"hello\n", "text/plain");
        check("grüße".as_bytes(), "text/plain");
        check(b"gr\xFC\xDFe", "text/plain");
        check(b"\xFF\xFEa\x00", "text/plain");
        check(b"<html><body>", "text/html");
        check(b"  <!DOCTYPE HTML>", "text/html");
        check(b"some words and then <script>1</script>", "text/html");
        check(b"<?xml version=\"1.0\"?><a/>", "text/xml");
        check(b"<?xml version=\"1.0\"?><svg xmlns='x'/>", "image/svg+xml");
        check(b"<svg xmlns='x'/>", "image/svg+xml");
        check(b"BEGIN:VCALENDAR\r\n", "text/calendar");
        check(b"{\\rtf1}", "text/rtf");
        check(b"@ECHO OFF\r\n", "text/x-msdos-batch");
        check(b"From: a@b.example\nTo: c@d.example\n\nhi", "message/rfc822");
        check(b"From: here to there\nwe go", "text/plain");
        check(b"{\"a\": [1]}", "application/json");
    }

    #[test]
    fn data_is_told_by_its_magic() {
        check(b"", "application/x-empty");
        check(b"\x00\x01\x02", "application/octet-stream");
        check(b"MZ\x90\x00", "application/x-dosexec");
        check(b"%PDF-1.4", "application/pdf");
        check(b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp");
        check(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "application/CDFV2");
    }

    #[test]
    fn a_zip_is_told_by_its_first_members() {
        let member = |name: &str| [b"PK\x03\x04".as_slice(), &[0; 22], &[name.len() as u8, 0, 0, 0], name.as_bytes()].concat();
        check(&member("a.txt"), "application/zip");
        check(
            &[member("[Content_Types].xml"), member("_rels/.rels"), member("word/document.xml")].concat(),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        );
        check(&member("META-INF/MANIFEST.MF"), "application/java-archive");
        check(&[member("mimetype").as_slice(), b"application/epub+zip"].concat(), "application/epub+zip");
    }
}
