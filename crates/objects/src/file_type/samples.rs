//! One smallest file of each type, and files that only look like it. The signatures are those of mdm.md §12.1, with the names of the
//! specifications that fix the bytes around them.

use super::*;
use std::collections::BTreeSet;

/// `len` zero bytes with parts at places.
fn at(len: usize, parts: &[(usize, &[u8])]) -> Vec<u8> {
    let mut bytes = vec![0; len];
    for (place, part) in parts {
        bytes[*place..place + part.len()].copy_from_slice(part);
    }
    bytes
}

/// A RIFF or IFF file of this form.
fn riff(id: &[u8], form: &[u8]) -> Vec<u8> {
    [id, b"\x04\0\0\0", form].concat()
}

/// An ISO base media file with a major and a compatible brand (ISO/IEC 14496-12 §4.3).
fn ftyp(major: &[u8], compatible: &[u8]) -> Vec<u8> {
    [b"\0\0\0\x14ftyp", major, b"\0\0\0\0", compatible, b"\0\0\0\x08mdat"].concat()
}

/// An EBML header of this document type (RFC 8794 §11.2.1).
fn ebml(kind: &[u8]) -> Vec<u8> {
    let element = [b"\x42\x86\x81\x01\x42\x82", &[0x80 | kind.len() as u8][..], kind].concat();
    [b"\x1a\x45\xdf\xa3", &[0x80 | element.len() as u8][..], &element].concat()
}

fn zip(names: &[&str]) -> Vec<u8> {
    tests::zip(names)
}

/// Every value but `unknown`, with smallest files.
fn samples() -> Vec<(&'static str, Vec<u8>)> {
    let epub = [zip(&["mimetype"]), b"application/epub+zip".to_vec()].concat();
    let package = |part: &str| zip(&["[Content_Types].xml", "_rels/.rels", part]);
    let eot = |version: &[u8]| at(82, &[(8, version), (34, b"LP")]);
    vec![
        // pictures
        ("jpg", b"\xff\xd8\xff\xdb".to_vec()),
        ("jpg", b"\xff\xd8\xff\xe1\0\x10Exif".to_vec()),
        ("png", b"\x89PNG\r\n\x1a\n".to_vec()),
        ("gif", b"GIF87a".to_vec()),
        ("gif", b"GIF89a".to_vec()),
        ("webp", riff(b"RIFF", b"WEBPVP8L")),
        ("bmp", at(30, &[(0, b"BM"), (2, &[30, 0, 0, 0]), (10, &[54])])),
        ("tif", b"II*\0\x08\0\0\0".to_vec()),
        ("tif", b"MM\0*\0\0\0\x08".to_vec()),
        ("cr2", b"II*\0\x10\0\0\0CR\x02\0".to_vec()),
        ("jxr", b"II\xbc\x01".to_vec()),
        ("psd", b"8BPS\0\x01".to_vec()),
        ("ico", b"\0\0\x01\0\x01\0".to_vec()),
        ("dwg", b"AC1032".to_vec()),
        ("jp2", b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 ".to_vec()),
        ("heif", ftyp(b"heic", b"mif1")),
        ("heif", ftyp(b"mif1", b"heic")),
        ("svg", b"<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec()),
        ("dcm", at(140, &[(128, b"DICM")])),
        // sound and film
        ("mp4", ftyp(b"isom", b"iso2")),
        ("mp4", ftyp(b"mp42", b"mp41")),
        ("m4v", ftyp(b"M4V ", b"mp42")),
        ("m4a", ftyp(b"M4A ", b"mp42")),
        ("mov", ftyp(b"qt  ", b"qt  ")),
        ("3gp", ftyp(b"3gp5", b"isom")),
        ("mkv", ebml(b"matroska")),
        ("webm", ebml(b"webm")),
        ("avi", riff(b"RIFF", b"AVI LIST")),
        ("wav", riff(b"RIFF", b"WAVEfmt ")),
        ("wmv", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11".to_vec()),
        ("flv", b"FLV\x01\x05".to_vec()),
        ("mpg", b"\0\0\x01\xba\x44".to_vec()),
        ("mpg", b"\0\0\x01\xb3\x16".to_vec()),
        ("mp3", b"ID3\x04\0".to_vec()),
        ("mp3", b"\xff\xfb\x90\x64".to_vec()),
        ("mp3", b"\xff\xf3\x90\x64".to_vec()),
        ("mp3", b"\xff\xf2\x90\x64".to_vec()),
        ("aac", b"\xff\xf1\x50\x80".to_vec()),
        ("aac", b"\xff\xf9\x50\x80".to_vec()),
        ("ogg", b"OggS\0\x02".to_vec()),
        ("flac", b"fLaC\0\0\0\x22".to_vec()),
        ("amr", b"#!AMR\n".to_vec()),
        ("mid", b"MThd\0\0\0\x06".to_vec()),
        ("aiff", riff(b"FORM", b"AIFFCOMM")),
        // archives
        ("zip", zip(&["a.txt"])),
        ("zip", b"PK\x05\x06".to_vec()),
        ("zip", b"PK\x07\x08PK\x03\x04".to_vec()),
        ("rar", b"Rar!\x1a\x07\0".to_vec()),
        ("rar", b"Rar!\x1a\x07\x01\0".to_vec()),
        ("7z", b"7z\xbc\xaf\x27\x1c\0\x04".to_vec()),
        ("gz", b"\x1f\x8b\x08\0".to_vec()),
        ("bz2", b"BZh91AY&SY".to_vec()),
        ("xz", b"\xfd7zXZ\0".to_vec()),
        ("zst", b"\x28\xb5\x2f\xfd".to_vec()),
        ("lz", b"LZIP\x01".to_vec()),
        ("Z", b"\x1f\x9d\x90".to_vec()),
        ("Z", b"\x1f\xa0".to_vec()),
        ("ar", b"!<arch>\nfile/".to_vec()),
        ("deb", b"!<arch>\ndebian-binary".to_vec()),
        ("cab", b"MSCF\0\0\0\0".to_vec()),
        ("cab", b"ISc(".to_vec()),
        ("rpm", b"\xed\xab\xee\xdb\x03".to_vec()),
        ("tar", at(512, &[(0, b"name"), (257, b"ustar\x0000")])),
        ("tar", at(512, &[(0, b"name"), (257, b"ustar  \0")])),
        ("iso", at(34_816, &[(32_768, b"\x01CD001\x01")])),
        // documents
        ("pdf", b"%PDF-1.7\n".to_vec()),
        ("pdf", b"\xef\xbb\xbf%PDF-1.7\n".to_vec()),
        ("pdf", [vec![b' '; 1000], b"%PDF-1.4".to_vec()].concat()),
        ("rtf", b"{\\rtf1\\ansi}".to_vec()),
        ("rtf", b"{\\rtf".to_vec()),
        ("ps", b"%!PS-Adobe-3.0".to_vec()),
        ("docx", package("word/document.xml")),
        ("xlsx", package("xl/workbook.xml")),
        ("pptx", package("ppt/presentation.xml")),
        ("epub", epub),
        ("doc", tests::ole("WordDocument")),
        ("xls", tests::ole("Workbook")),
        ("xls", tests::ole("Book")),
        ("ppt", tests::ole("PowerPoint Document")),
        ("html", b"<!DOCTYPE HTML><title>x</title>".to_vec()),
        ("ics", b"\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR".to_vec()),
        ("sqlite", b"SQLite format 3\0\x10\0".to_vec()),
        // programs
        ("exe", b"MZ\x90\0\x03".to_vec()),
        ("elf", b"\x7fELF\x02\x01\x01".to_vec()),
        ("macho", b"\xfe\xed\xfa\xce\0\0\0\x07".to_vec()),
        ("macho", b"\xfe\xed\xfa\xcf\x01\0\0\x07".to_vec()),
        ("macho", b"\xce\xfa\xed\xfe\x07\0\0\0".to_vec()),
        ("macho", b"\xcf\xfa\xed\xfe\x07\0\0\x01".to_vec()),
        ("macho", b"\xca\xfe\xba\xbe\0\0\0\x02\x01\0\0\x07".to_vec()),
        ("dex", b"dex\n035\0".to_vec()),
        ("dey", b"dey\n036\0".to_vec()),
        ("wasm", b"\0asm\x01\0\0\0".to_vec()),
        ("crx", b"Cr24\x03\0\0\0".to_vec()),
        ("swf", b"FWS\x09".to_vec()),
        ("swf", b"CWS\x09".to_vec()),
        ("nes", b"NES\x1a\x02".to_vec()),
        // fonts
        ("woff", b"wOFF\0\x01\0\0".to_vec()),
        ("woff2", b"wOF2\0\x01\0\0".to_vec()),
        ("ttf", b"\0\x01\0\0\0\x0c".to_vec()),
        ("otf", b"OTTO\0\x0c".to_vec()),
        ("eot", eot(&[1, 0, 2])),
        ("eot", eot(&[2, 0, 2])),
    ]
}

#[test]
fn every_type_has_a_file() {
    for (name, bytes) in samples() {
        assert_eq!(detect(&bytes), name, "{:x?}", &bytes[..bytes.len().min(64)]);
    }
    let mut found: BTreeSet<_> = samples().into_iter().map(|(name, _)| name).collect();
    found.insert(detect(b"plain text"));
    assert_eq!(found, NAMES.iter().copied().collect());
}

#[test]
fn files_that_only_look_like_a_type_are_another() {
    let long = |start: &[u8]| [start, &[b' '; 40_000][..]].concat();
    for (bytes, name) in [
        // one byte too early, too late, too few
        (&b" \x89PNG\r\n\x1a\n"[..], "unknown"),
        (b"\xff\xd8", "unknown"),
        (b"GIFT cards", "unknown"),
        (b"PK", "unknown"),
        (b"PK\x03\x06", "zip"),
        (b"PKZIP was here", "unknown"),
        (b"\x1f\x8b\x07", "unknown"),
        (b"Rar!", "unknown"),
        (b"7zip", "unknown"),
        (b"\x7fELG", "unknown"),
        // containers of other kinds
        (b"RIFF\x04\0\0\0ACON", "unknown"),
        (b"FORM\x04\0\0\0ILBM", "unknown"),
        (b"WEBPRIFF", "unknown"),
        (b"\x1a\x45\xdf\xa3\x87\x42\x82\x84else", "unknown"),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska\x4d\x80\x87libwebm", "mkv"),
        (b"\0\0\0\x10moovisom", "unknown"),
        // Java classes, TrueType look-alikes, Windows cursors
        (b"\xca\xfe\xba\xbe\0\0\0\x41", "unknown"),
        (b"\0\x01\0\0Standard Jet DB", "unknown"),
        (b"\0\0\x02\0\x01\0", "unknown"),
        (b"wOFF\0\x02\0\0", "unknown"),
        (b"dex\nfoo", "unknown"),
        (b"FLV\x02", "unknown"),
        (b"\0\0\x01\xc0", "unknown"),
        // text
        (b"BM", "unknown"),
        (b"BMW", "unknown"),
        (b"SQLi is an attack", "unknown"),
        (b"ID: 3", "unknown"),
        (b"%!shell", "unknown"),
        (b"{\\rt", "unknown"),
        (b"BEGIN:VCARD", "unknown"),
        (b"x BEGIN:VCALENDAR", "unknown"),
        (b"<?xml version='1.0'?><note/>", "unknown"),
        (b"<address>", "unknown"),
        (b"<pre>", "unknown"),
        (b"< html>", "unknown"),
        (b"text <html>", "unknown"),
        (b"<svgx>", "unknown"),
        (b"<notsvg:svgs>", "unknown"),
        (b"From: a@b.example\r\nSubject: x\r\n\r\n%PDX", "unknown"),
        // shortcuts, OneNote and scripts have no value of their own
        (b"L\0\0\0\x01\x14\x02\0", "unknown"),
        (b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", "unknown"),
        (b"#!/bin/sh\n", "unknown"),
        (b"MsgBox \"x\"", "unknown"),
    ] {
        assert_eq!(detect(bytes), name, "{:?}", String::from_utf8_lossy(bytes));
    }
    assert_eq!(detect(&long(b"%PD")), "unknown");
    assert_eq!(detect(&[vec![b' '; 1024], b"%PDF-1.4".to_vec()].concat()), "unknown");
    assert_eq!(detect(&at(512, &[(256, b"ustar")])), "unknown");
    assert_eq!(detect(&at(40_000, &[(32_768, b"CD001")])), "unknown");
    assert_eq!(detect(&at(82, &[(8, &[9, 9, 9]), (34, b"LP")])), "unknown");
    assert_eq!(detect(&zip(&["word/document.xml", "a.txt"])), "zip");
    assert_eq!(detect(&zip(&["[Content_Types].xml", "Word.txt"])), "zip");
    assert_eq!(detect(&zip(&["META-INF/MANIFEST.MF"])), "zip");
    assert_eq!(detect(&tests::ole("EncryptedPackage")), "unknown");
    assert_eq!(detect(&tests::ole("Workbooks")), "unknown");
}

#[test]
fn drawings_are_found_behind_what_xml_allows() {
    for svg in [
        "<svg/>",
        "\u{feff}<svg>",
        "<?xml version='1.0'?>\r\n<?xml-stylesheet href='a'?><!-- c --><svg>",
        "<!-- c --><svg>",
        "<!DOCTYPE svg><svg>",
        "<!DOCTYPE svg [ <!ENTITY x 'y'> ] ><svg>",
        "<svg:svg xmlns:svg='http://www.w3.org/2000/svg'>",
        "<x:svg xmlns:x='http://www.w3.org/2000/svg'>",
    ] {
        assert_eq!(detect(svg.as_bytes()), "svg", "{svg}");
        let wide: Vec<u8> = svg.trim_start_matches('\u{feff}').encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(detect(&[&[0xff, 0xfe], &wide[..]].concat()), "svg", "{svg}");
    }
}

#[test]
fn pages_are_found_by_the_first_tag() {
    for tag in ["!doctype html", "html", "head", "body", "script", "iframe", "table", "div", "p"] {
        for page in [format!("<{tag}>"), format!("\u{feff}\r\n\t <{} >", tag.to_uppercase())] {
            assert_eq!(detect(page.as_bytes()), "html", "{page}");
        }
    }
    assert_eq!(detect(b"<a href='x'>"), "html");
    assert_eq!(detect(b"<!-- saved --><b>"), "html");
}

#[test]
fn no_cut_of_a_file_panics() {
    for (_, bytes) in samples() {
        for len in 0..bytes.len().min(200) {
            assert!(NAMES.contains(&detect(&bytes[..len])));
        }
    }
}
