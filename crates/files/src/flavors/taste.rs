//! Taste signatures: the names in `.flavors.yara` (explode-scanners.md §2).
//!
//! All offsets count from the first byte that is not ASCII white space. The table keeps the order of the reference, and the list that a
//! rule sees has that order.

use mailhound_objects::compound;
use memchr::memmem;
use regex::bytes::Regex;
use std::sync::LazyLock;

/// The names of all signatures that match, in the order of the table.
pub(crate) fn taste(bytes: &[u8]) -> Vec<&'static str> {
    let bytes = strip(bytes);
    TASTES.iter().filter(|taste| taste.when.matches(bytes)).map(|taste| taste.name).collect()
}

/// Without leading space, tab, line feed, carriage return, vertical tab and form feed.
fn strip(bytes: &[u8]) -> &[u8] {
    let start = bytes.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c));
    start.map_or(&[], |start| &bytes[start..])
}

struct Taste {
    name: &'static str,
    when: When,
}

/// What a signature looks at.
enum When {
    /// Any of these at the start.
    Start(&'static [&'static [u8]]),
    /// Any of these at the start, in any letter case.
    StartAnyCase(&'static [&'static str]),
    /// All of these at their offsets.
    At(&'static [(usize, &'static [u8])]),
    /// The first at the start, the second anywhere.
    StartAndAnywhere(&'static [u8], &'static [u8]),
    /// Whatever the function says.
    Check(fn(&[u8]) -> bool),
}

impl When {
    fn matches(&self, bytes: &[u8]) -> bool {
        match self {
            When::Start(prefixes) => prefixes.iter().any(|prefix| bytes.starts_with(prefix)),
            When::StartAnyCase(prefixes) => prefixes.iter().any(|prefix| starts_with_any_case(bytes, prefix)),
            When::At(places) => places.iter().all(|(offset, want)| at(bytes, *offset, want)),
            When::StartAndAnywhere(start, anywhere) => bytes.starts_with(start) && has(bytes, anywhere),
            When::Check(check) => check(bytes),
        }
    }
}

const ZIP: &[u8] = b"PK\x03\x04";
const OLE: &[u8] = b"\xD0\xCF\x11\xE0";
const ONENOTE: &[u8] = b"\xE4\x52\x5C\x7B\x8C\xD8\xA7\x4D\xAE\xB1\x53\x78\xD0\x29\x96\xD3";
const ASF: &[u8] = b"\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA\x00\x62\xCE\x6C";

macro_rules! tastes {
    ($($name:ident: $when:expr;)*) => {
        static TASTES: &[Taste] = &[$(Taste { name: stringify!($name), when: $when },)*];
    };
}

use When::{At, Check, Start, StartAndAnywhere, StartAnyCase};

tastes! {
    _7zip_file: Start(&[b"7z\xBC\xAF\x27\x1C"]);
    arj_file: Start(&[b"\x60\xEA"]);
    cab_file: Check(|b| b.starts_with(CAB) || (b.starts_with(b"MZ") && has(b, CAB)));
    cpio_file: Start(&[b"070701"]);
    encrypted_zip: Check(has_encrypted_member);
    encrypted_word_document: Check(|b| b.starts_with(OLE) && ENCRYPTED_WORD.is_match(b));
    iso_file: At(&[(0x8001, b"CD001"), (0x8801, b"CD001"), (0x9001, b"CD001")]);
    mhtml_file: Check(is_mhtml);
    rar_file: Start(&[b"Rar!\x1A\x07"]);
    tar_file: Check(|b| at(b, 257, b"ustar") || b.starts_with(b"\x1F\x9D") || b.starts_with(b"\x1F\xA0"));
    xar_file: Start(&[b"xar!"]);
    zip_file: Check(|b| b.starts_with(ZIP) && b.len() >= 8 && !at(b, 4, b"\x14\x00\x06\x00"));
    ooxml_file: Start(&[b"PK\x03\x04\x14\x00\x06\x00"]);
    pptx_file: StartAndAnywhere(ZIP, b"ppt/presentation.xml");
    excel4_file: Check(is_excel4);
    mp3_file: Start(&[b"ID3"]);
    pkcs7_file: Check(|b| (b.starts_with(b"\x30\x82") && at(b, 4, b"\x06\x09")) || b.starts_with(b"\x30\x80\x06\x09")
        || b.starts_with(b"-----BEGIN PKCS7-----"));
    x509_der_file: Check(|b| b.starts_with(b"\x30\x82") && (at(b, 4, b"\x30\x82") || at(b, 4, b"\x30\x81")));
    x509_pem_file: Start(&[b"-----BEGIN CERTI"]);
    bzip2_file: Start(&[b"BZh"]);
    gzip_file: Start(&[b"\x1F\x8B\x08"]);
    lzma_file: Start(&[b"\x5D\x00\x00"]);
    xz_file: Start(&[b"\xFD7zXZ\x00"]);
    zlib_file: Start(&[b"\x78\x01", b"\x78\x9C", b"\x78\xDA"]);
    doc_subheader_file: Start(&[b"\xEC\xA5\xC1\x00"]);
    mso_file: Start(&[b"<?mso-application ", b"<?mso-contentType"]);
    olecf_file: Start(&[compound::SIGNATURE]);
    onenote_file: Start(&[ONENOTE]);
    pdf_file: Start(&[b"%PDF"]);
    poi_hpbf_file: Start(&[b"CHNKINK"]);
    rtf_file: Start(&[b"{\\rt"]);
    vbframe_file: Start(&[b"VERSION 5.00\r\nBegin"]);
    wordml_file: StartAndAnywhere(b"<?xml version=", b"http://schemas.microsoft.com/office/word/2003/wordml");
    xfdf_file: Start(&[b"<xfdf xmlns="]);
    ics_file: Check(|b| b.starts_with(b"BEGIN:VCALENDAR") && has(first(b, 200), b"VERSION:2.0") && has(b, b"END:VCALENDAR"));
    email_file: Check(|b| EMAIL.is_match(first(b, 2048)));
    tnef_file: Start(&[b"\x78\x9F\x3E\x22"]);
    base64_pe: Check(|b| !b.starts_with(b"MZ") && BASE64_PE.is_match(b));
    pgp_file: Check(is_pgp);
    elf_file: Start(&[b"\x7FELF"]);
    lnk_file: Start(&[b"L\x00\x00\x00"]);
    macho_file: Start(&[b"\xFE\xED\xFA\xCE", b"\xFE\xED\xFA\xCF", b"\xCE\xFA\xED\xFE", b"\xCF\xFA\xED\xFE"]);
    mz_file: Start(&[b"MZ"]);
    bmp_file: Check(|b| b.starts_with(b"BM") && b.len() > 15 && matches!(b[14], 0x0C | 0x28 | 0x40 | 0x6C | 0x7C | 0x80) && b[15] == 0);
    cmap_file: Start(&[b"begincmap"]);
    gif_file: Start(&[b"GIF87a", b"GIF89a"]);
    jpeg_file: Start(&[b"\xFF\xD8\xFF\xE0", b"\xFF\xD8\xFF\xE1", b"\xFF\xD8\xFF\xE2", b"\xFF\xD8\xFF\xE8"]);
    postscript_file: Start(&[b"%!PS-Adobe-3.0"]);
    png_file: Start(&[b"\x89PNG"]);
    psd_file: Start(&[b"8BPS"]);
    psd_image_file: Start(&[b"8BIM"]);
    svg_file: Start(&[b"<svg "]);
    xicc_file: Start(&[b"XICC_PROFILE"]);
    xmp_file: Start(&[b"<?xpacket begin=", b"<x:xmpmeta xmlns:x="]);
    jar_manifest_file: Start(&[b"Manifest"]);
    bplist_file: Start(&[b"bplist00"]);
    fws_file: Start(&[b"FWS"]);
    cws_file: Start(&[b"CWS"]);
    zws_file: Start(&[b"ZWS"]);
    debian_package_file: Start(&[b"!<arch>\ndebian"]);
    rpm_file: Start(&[b"drpm", b"\xED\xAB\xEE\xDB"]);
    upx_file: Check(is_upx);
    batch_file: StartAnyCase(&["echo off"]);
    javascript_file: Check(is_javascript);
    vb_file: Start(&[b"Attribute VB_Name =", b"Option Explicit", b"Dim ", b"Public Sub ", b"Private Sub "]);
    hta_file: Check(|b| has(first(b, 2000), b"<HTA:APPLICATION "));
    html_file: StartAnyCase(&["<!doctype html", "<html", "<br", "<div", "<a href=", "<head", "<script", "<style", "<table", "<p", "<img",
        "<span", "<hr", "<h1", "<h2", "<h3", "<h4", "<h5", "<h6", "<title>"]);
    ini_file: Check(|b| b.len() < 1024 && INI.is_match(b));
    json_file: Check(|b| b.first() == Some(&b'{') && b.iter().take(7).skip(1).any(|byte| *byte == b'"'));
    php_file: Start(&[b"<?php"]);
    plist_file: Check(|b| b.starts_with(b"<?xml version=") && has(first(b, 100), b"<!DOCTYPE plist"));
    soap_file: Start(&[b"<soapenv:Envelope", b"<s:Envelope"]);
    xml_file: Check(|b| starts_with_any_case(b, "<?xml version=") || starts_with_any_case(b, "<?xml?>")
        || XML_STARTS.iter().any(|start| b.starts_with(start)));
    avi_file: Check(|b| b.starts_with(b"RIFF") && at(b, 8, b"AVI LIST"));
    wmv_file: Start(&[ASF]);
}

const CAB: &[u8] = b"MSCF\x00\x00\x00\x00";
const XML_STARTS: &[&[u8]] = &[b"<styleSheet xmlns=", b"<workbook xmlns", b"<xml xmlns", b"<int xmlns"];

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a pattern of this file")
}

/// A pattern for any of the texts in UTF-16LE.
fn wide(texts: &[&str]) -> String {
    let wide = |text: &&str| text.chars().map(|c| format!("{}\\x00", regex::escape(&c.to_string()))).collect::<String>();
    texts.iter().map(wide).collect::<Vec<_>>().join("|")
}

static ENCRYPTED_WORD: LazyLock<Regex> = LazyLock::new(|| {
    let names = ["EncryptionInfo", "Microsoft.Container.EncryptionTransform", "StrongEncryptionDataSpace", "StrongEncryptionTransform"];
    pattern(&format!("(?-u){}", wide(&names)))
});
static EMAIL: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i-u)\n(?:received|return-path|message-id|reply-to|x-mailer):"));
static INI: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?-u)\A\[[^\]\r\n]+\]"));
/// The start of a PE program in base64, for the usual values of its first fields.
static BASE64_PE: LazyLock<Regex> = LazyLock::new(|| {
    let starts = [
        "TVpTAQEAAAAEAAAA//8AALgAAAA",
        "TVoAAAAAAAAAAAAAAAAAAAAAAAA",
        "TVqAAAEAAAAEABAAAAAAAAAAAAA",
        "TVpQAAIAAAAEAA8A//8AALgAAAA",
        "TVqQAAMAAAAEAAAA//8AALgAAAA",
    ];
    pattern(&format!("(?-u){}|{}", starts.join("|"), wide(&starts)))
});
static JAVASCRIPT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?s-u)\A(?:var |let |function|\(function|if.?\(|jQuery|.{0,30}?(?:function.?\(|\.push\(|new Array\()|.{0,100}?(?:document\.create|document\.write|window[.\[]|define\(|eval\(|unescape\()|try\{.{0,4996}catch\()",
    )
});

fn first(bytes: &[u8], len: usize) -> &[u8] {
    &bytes[..len.min(bytes.len())]
}

fn at(bytes: &[u8], offset: usize, want: &[u8]) -> bool {
    bytes.get(offset..).is_some_and(|rest| rest.starts_with(want))
}

fn has(bytes: &[u8], want: &[u8]) -> bool {
    memmem::find(bytes, want).is_some()
}

pub(super) fn starts_with_any_case(bytes: &[u8], prefix: &str) -> bool {
    bytes.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
}

/// Any local header whose flag word has bit 0 set, in a file that begins with a local header.
fn has_encrypted_member(bytes: &[u8]) -> bool {
    bytes.starts_with(ZIP) && memmem::find_iter(bytes, ZIP).any(|start| bytes.get(start + 6).is_some_and(|flags| flags & 1 == 1))
}

fn is_mhtml(bytes: &[u8]) -> bool {
    const SENTENCE: &[u8] = b"Single File Web Page, also known as a Web Archive file";
    let parts = || memmem::find_iter(bytes, b"Content-Type:").nth(1).is_some();
    bytes.starts_with(b"MIME-Version: 1.0") && (has(bytes, SENTENCE) || (has(first(bytes, 500), b"boundary=") && parts()))
}

fn is_excel4(bytes: &[u8]) -> bool {
    let in_ole = bytes.starts_with(OLE) && (has(bytes, b"Excel4") || has(bytes, b"Excel 4"));
    let names: [&[u8]; 3] = [b"xl/_rels/workbook", b"xl/macrosheets", b"xl/sharedStrings"];
    in_ole || (bytes.starts_with(ZIP) && names.iter().all(|name| has(bytes, name)))
}

fn is_pgp(bytes: &[u8]) -> bool {
    let starts: [&[u8]; 3] = [b"---BEGIN PGP PUBLIC KEY BLOCK-", b"---BEGIN PGP SIGNATURE-", b"---BEGIN PGP MESSAGE-"];
    starts.iter().any(|start| at(bytes, 2, start))
}

fn is_upx(bytes: &[u8]) -> bool {
    let marks: [&[u8]; 3] = [b"UPX0\0\0\0", b"UPX1\0\0\0", b"UPX!"];
    bytes.starts_with(b"MZ") && marks.iter().all(|mark| has(first(bytes, 1024), mark))
}

fn is_javascript(bytes: &[u8]) -> bool {
    let comment: [&[u8]; 3] = [b"$(", b"/*", b"//"];
    let words: [&[u8]; 3] = [b"var ", b"function", b"if("];
    JAVASCRIPT.is_match(bytes) || (comment.iter().any(|start| bytes.starts_with(start)) && words.iter().all(|word| has(bytes, word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], want: &[&str]) {
        assert_eq!(taste(bytes), want, "{:?}", String::from_utf8_lossy(first(bytes, 40)));
    }

    #[test]
    fn white_space_before_a_signature_does_not_count() {
        check(b" \r\n\t%PDF-1.7", &["pdf_file"]);
        check(b"x%PDF-1.7", &[]);
        check(b"", &[]);
        check(b" \n ", &[]);
    }

    #[test]
    fn zip_and_ooxml_exclude_each_other() {
        check(b"PK\x03\x04\x14\x00\x00\x00\x08\x00", &["zip_file"]);
        check(b"PK\x03\x04\x14\x00\x06\x00\x08\x00", &["ooxml_file"]);
        check(b"PK\x03\x04\x14\x00\x01\x00\x08\x00", &["encrypted_zip", "zip_file"]);
        check(b"PK\x03\x04\x14\x00\x00\x00\x08\x00ppt/presentation.xml", &["zip_file", "pptx_file"]);
    }

    #[test]
    fn scripts_are_told_from_text() {
        check(b"var a = 1;", &["javascript_file"]);
        check(b"(function(){})()", &["javascript_file"]);
        check(b"try{ a() }catch(e){}", &["javascript_file"]);
        check(b"// x\nvar a; function b() { if(a) {} }", &["javascript_file"]);
        check(b"// x", &[]);
        check(b"echo OFF\r\n", &["batch_file"]);
        check(b"@echo off\r\n", &[]);
        check(b"Option Explicit\n", &["vb_file"]);
    }

    #[test]
    fn base64_programs_are_seen_in_both_widths() {
        check(b"$x = 'TVqQAAMAAAAEAAAA//8AALgAAAA='", &["base64_pe"]);
        let wide: Vec<u8> = b"TVqQAAMAAAAEAAAA//8AALgAAAA".iter().flat_map(|byte| [*byte, 0]).collect();
        check(&wide, &["base64_pe"]);
    }

    #[test]
    fn markup_and_mail() {
        check(b"<!DOCTYPE html><p>", &["html_file"]);
        check(b"<?XML version='1.0'?>", &["xml_file"]);
        check(b"<svg xmlns='x'>", &["svg_file"]);
        check(b"Subject: a\nReceived: b", &["email_file"]);
        check(b"[section]\na=b", &["ini_file"]);
        check(b"{ \"a\": 1}", &["json_file"]);
        check(b"BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR", &["ics_file"]);
    }
}
