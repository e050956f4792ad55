use super::*;

#[track_caller]
fn check(bytes: &[u8], expected: &str) {
    assert_eq!(detect(bytes), expected);
    assert!(NAMES.contains(&expected));
}

#[test]
fn signatures_tell_the_type() {
    check(b"\xff\xd8\xff\xe0", "jpg");
    check(b"\x89PNG\r\n\x1a\n", "png");
    check(b"GIF89a", "gif");
    check(b"RIFF\0\0\0\0WEBPVP8 ", "webp");
    check(b"%PDF-1.7", "pdf");
    check(b"\n\njunk %PDF-1.4", "pdf");
    check(b"{\\rtf1", "rtf");
    check(b"MZ\x90\0", "exe");
    check(b"Rar!\x1a\x07\x01\0", "rar");
    check(b"7z\xbc\xaf\x27\x1c", "7z");
    check(b"\x1f\x8b\x08\0", "gz");
    check(b"!<arch>\ndebian-binary", "deb");
    check(b"!<arch>\nfoo", "ar");
    check(b"\0\0\0\x18ftypheic", "heif");
    check(b"\0\0\0\x18ftypisom\0\0\0\0", "mp4");
    check(b"\0\0\0\x18ftypqt  ", "mov");
    check(b"\xca\xfe\xba\xbe\0\0\0\x02", "macho");
    check(b"\xca\xfe\xba\xbe\0\0\0\x34", "unknown");
    check(b"\x1aE\xdf\xa3\x01webm", "webm");
    let mut tar = vec![0; 512];
    tar[257..262].copy_from_slice(b"ustar");
    check(&tar, "tar");
    let mut iso = vec![0; 40_000];
    iso[32769..32774].copy_from_slice(b"CD001");
    check(&iso, "iso");
}

#[test]
fn text_that_looks_like_a_signature_is_unknown() {
    for bytes in [&b""[..], b"hello", b"BMW sells cars", b"From: a@b", b"a,b,c", b"\0\0\0\0"] {
        check(bytes, "unknown");
    }
}

#[test]
fn markup_is_told_by_its_first_tag() {
    for html in [
        "<!DOCTYPE html><p>",
        "\u{feff} <HTML>",
        "<div>x",
        "<a href=x>",
        "<!-- c --><b>x",
        "<script>",
        "<?xml version='1.0'?><!DOCTYPE html><html>",
    ] {
        check(html.as_bytes(), "html");
    }
    check(b"\xff\xfe<\0h\0t\0m\0l\0>\0", "html");
    check(b"<?xml version='1.0'?><!-- x --><!DOCTYPE svg PUBLIC 'a' [ <!ENTITY x 'y'> ]><svg xmlns='x'>", "svg");
    check(b"<svg>", "svg");
    check(b"\xef\xbb\xbf\r\nBEGIN:VCALENDAR\r\n", "ics");
    check(b"<?xml version='1.0'?><note/>", "unknown");
    check(b"<abbr>", "unknown");
}

/// A ZIP of empty stored entries with these names: local headers only.
pub(super) fn zip(names: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for name in names {
        bytes.extend(b"PK\x03\x04");
        bytes.extend([0; 22]);
        bytes.extend((name.len() as u16).to_le_bytes());
        bytes.extend([0; 2]);
        bytes.extend(name.as_bytes());
    }
    bytes
}

#[test]
fn a_zip_is_told_by_its_entries() {
    check(&zip(&["a.txt"]), "zip");
    check(&zip(&["[Content_Types].xml", "_rels/.rels", "word/document.xml"]), "docx");
    check(&zip(&["xl/workbook.xml", "[Content_Types].xml"]), "xlsx");
    check(&zip(&["_rels/.rels", "ppt/presentation.xml"]), "pptx");
    check(&zip(&["word/document.xml"]), "zip");
    let mut epub = zip(&["mimetype"]);
    epub.extend(b"application/epub+zip");
    check(&epub, "epub");
    check(b"PK\x05\x06", "zip");
}

/// An OLE header and one directory entry at 1024 with this stream name.
pub(super) fn ole(name: &str) -> Vec<u8> {
    let mut bytes = vec![0; 1536];
    bytes[..8].copy_from_slice(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes[1024..1024 + wide.len()].copy_from_slice(&wide);
    bytes[1024 + 64] = wide.len() as u8 + 2;
    bytes
}

#[test]
fn an_ole_file_is_told_by_its_streams() {
    check(&ole("WordDocument"), "doc");
    check(&ole("Workbook"), "xls");
    check(&ole("Book"), "xls");
    check(&ole("WORDDOCUMENT"), "doc");
    check(&ole("PowerPoint Document"), "ppt");
    check(&ole("__properties_version1.0"), "unknown");
    let mut message_with_word_file = ole("__properties_version1.0");
    message_with_word_file.extend(&ole("WordDocument")[1024..]);
    check(&message_with_word_file, "unknown");
}

#[test]
fn every_name_is_in_the_reference() {
    assert_eq!(NAMES.len(), 77);
    assert!(NAMES.windows(2).all(|pair| pair[0] < pair[1]));
}
