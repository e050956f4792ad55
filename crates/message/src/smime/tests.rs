//! Signed and compressed data made by hand.

use super::*;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use std::io::Write as _;

const OCTETS: u8 = 0x04;
const PIECES: u8 = 0x24;
const SET: u8 = 0x31;
const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
const ENVELOPED: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 3];

/// How lengths are written.
#[derive(Clone, Copy)]
enum Lengths {
    Definite,
    Indefinite,
}

fn definite(tag: u8, content: &[u8]) -> Vec<u8> {
    let len = content.len();
    let length = match len {
        0..0x80 => vec![len as u8],
        0x80..0x100 => vec![0x81, len as u8],
        0x100..0x1_0000 => vec![0x82, (len >> 8) as u8, len as u8],
        _ => vec![0x84, (len >> 24) as u8, (len >> 16) as u8, (len >> 8) as u8, len as u8],
    };
    [&[tag], &length[..], content].concat()
}

impl Lengths {
    fn value(self, tag: u8, content: &[&[u8]]) -> Vec<u8> {
        match self {
            Lengths::Definite => definite(tag, &content.concat()),
            Lengths::Indefinite => [&[tag, 0x80], &content.concat()[..], &[0, 0]].concat(),
        }
    }

    /// ContentInfo of this kind around content octets that are written already; without any, the signature is detached.
    fn cms(self, kind: &[u8], octets: Option<Vec<u8>>) -> Vec<u8> {
        let id = |oid: &[u8]| definite(ber::OBJECT_IDENTIFIER, oid);
        let held = octets.map(|octets| self.value(ber::EXPLICIT_0, &[&octets])).unwrap_or_default();
        let algorithms = self.value(SET, &[&self.value(ber::SEQUENCE, &[&id(&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1])])]);
        let inner = self.value(ber::SEQUENCE, &[&id(DATA), &held]);
        let data = self.value(ber::SEQUENCE, &[&definite(ber::INTEGER, &[1]), &algorithms, &inner, &self.value(SET, &[])]);
        self.value(ber::SEQUENCE, &[&id(kind), &self.value(ber::EXPLICIT_0, &[&data])])
    }
}

/// Signed data around this content.
pub(crate) fn signed(content: &[u8]) -> Vec<u8> {
    Lengths::Definite.cms(SIGNED, Some(definite(OCTETS, content)))
}

/// Compressed data around this content.
pub(crate) fn compressed(content: &[u8]) -> Vec<u8> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
    packer.write_all(content).unwrap();
    Lengths::Indefinite.cms(COMPRESSED, Some(definite(OCTETS, &packer.finish().unwrap())))
}

#[track_caller]
fn check(bytes: &[u8], expected: &[u8]) {
    assert_eq!(signed_content(bytes, 1 << 20).as_deref().map(String::from_utf8_lossy), Some(String::from_utf8_lossy(expected)));
}

#[test]
fn signed_data_gives_its_content() {
    for lengths in [Lengths::Definite, Lengths::Indefinite] {
        for len in [1, 127, 128, 255, 256, 70_000] {
            let content = vec![b'x'; len];
            check(&lengths.cms(SIGNED, Some(definite(OCTETS, &content))), &content);
        }
    }
}

#[test]
fn strings_in_pieces_are_joined() {
    let piece = |text: &str| definite(OCTETS, text.as_bytes());
    for lengths in [Lengths::Definite, Lengths::Indefinite] {
        let flat = lengths.value(PIECES, &[&piece("one "), &piece(""), &piece("two")]);
        check(&lengths.cms(SIGNED, Some(flat.clone())), b"one two");
        let nested = lengths.value(PIECES, &[&piece("zero "), &flat, &piece(" three")]);
        check(&lengths.cms(SIGNED, Some(nested)), b"zero one two three");
        check(&lengths.cms(SIGNED, Some(lengths.value(PIECES, &[&piece("alone")]))), b"alone");
    }
}

#[test]
fn base64_is_undone() {
    let bytes = signed(b"Content-Type: text/plain\r\n\r\nhello");
    let text = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &bytes);
    let lines: String = text.as_bytes().chunks(64).map(|line| format!("{}\r\n", String::from_utf8_lossy(line))).collect();
    check(text.as_bytes(), b"Content-Type: text/plain\r\n\r\nhello");
    check(format!("\r\n{lines}").as_bytes(), b"Content-Type: text/plain\r\n\r\nhello");
    check(format!("-----BEGIN PKCS7-----\r\n{lines}-----END PKCS7-----\r\n").as_bytes(), b"Content-Type: text/plain\r\n\r\nhello");
}

#[test]
fn compressed_data_is_unpacked_within_bounds() {
    let bomb = compressed(&[b'a'; 100_000]);
    check(&compressed(b"hello"), b"hello");
    assert!(bomb.len() < 1000);
    assert_eq!(signed_content(&bomb, 50).unwrap().len(), 50);
    assert_eq!(signed_content(&bomb, 1 << 20).unwrap().len(), 100_000);
}

#[test]
fn what_holds_nothing_stays_closed() {
    let octets = || Some(definite(OCTETS, b"secret"));
    for bytes in [
        Lengths::Definite.cms(ENVELOPED, octets()),
        Lengths::Definite.cms(DATA, octets()),
        Lengths::Definite.cms(SIGNED, None),
        Lengths::Indefinite.cms(SIGNED, None),
        Lengths::Definite.cms(SIGNED, Some(definite(OCTETS, b""))),
        Lengths::Definite.cms(SIGNED, Some(definite(ber::INTEGER, b"x"))),
        Lengths::Definite.cms(COMPRESSED, octets()), // no zlib
        b"Message: no CMS".to_vec(),
        b"MIME".to_vec(),
        b"0\x80".to_vec(),
        Vec::new(),
    ] {
        assert_eq!(signed_content(&bytes, 1 << 20), None, "{bytes:x?}");
    }
}

#[test]
fn cut_data_gives_the_beginning_of_its_content() {
    let piece = |text: &str| definite(OCTETS, text.as_bytes());
    for lengths in [Lengths::Definite, Lengths::Indefinite] {
        let bytes = lengths.cms(SIGNED, Some(lengths.value(PIECES, &[&piece("first"), &piece("second")])));
        let mut best = 0;
        for len in 0..=bytes.len() {
            let found = signed_content(&bytes[..len], 100).unwrap_or_default();
            assert!(b"firstsecond".starts_with(&found[..]), "{len}");
            assert!(found.len() >= best, "{len}");
            best = found.len();
        }
        assert_eq!(best, 11);
    }
}

#[test]
fn damage_never_panics() {
    let piece = |text: &str| definite(OCTETS, text.as_bytes());
    let bytes = Lengths::Indefinite.cms(SIGNED, Some(Lengths::Definite.value(PIECES, &[&piece("first"), &piece("second")])));
    for at in 0..bytes.len() {
        for byte in [0, 4, 0x1f, 0x24, 0x30, 0x7f, 0x80, 0x84, 0x88, 0xff] {
            let mut damaged = bytes.clone();
            damaged[at] = byte;
            assert!(signed_content(&damaged, 100).is_none_or(|content| content.len() <= bytes.len()));
        }
    }
    let deep = [&[0x30, 0x80, 0x06, 9][..], SIGNED, &[0xa0, 0x80, 0x30, 0x80, 2, 1, 1], &[0x31, 0x80].repeat(1 << 20)].concat();
    assert_eq!(signed_content(&deep, 100), None);
}
