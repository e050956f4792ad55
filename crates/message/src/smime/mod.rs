//! S/MIME parts that hold their content: Cryptographic Message Syntax (RFC 5652 §5, RFC 3274, RFC 8551 §3.5.2).
//!
//! Signed data (`smime.p7m`) and compressed data (`smime.p7z`) carry a MIME entity inside of ASN.1; nothing is verified here. Encrypted
//! data stays closed. Own walker: the CMS crates read DER only, and mail uses BER with indefinite lengths and strings in pieces.

mod ber;
#[cfg(test)]
pub(crate) mod tests;

use crate::mime::transfer;
use ber::Reader;
use flate2::read::ZlibDecoder;
use std::borrow::Cow;
use std::io::Read as _;

/// 1.2.840.113549.1.7.2 (RFC 5652 §5.1).
const SIGNED: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
/// 1.2.840.113549.1.9.16.1.9 (RFC 3274 §1.1).
const COMPRESSED: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 1, 9];

/// The content of signed or compressed data; `None` when the bytes are no such thing, are encrypted, or hold none (a detached signature).
///
/// The bytes may be base64, also with the lines of PEM around it. Of compressed data at most `max` bytes are unpacked. Data that is cut
/// or damaged gives what came out.
pub(crate) fn signed_content(bytes: &[u8], max: usize) -> Option<Cow<'_, [u8]>> {
    if bytes.first() == Some(&ber::SEQUENCE) {
        return content(bytes, max);
    }
    let binary = base64_text(bytes)?;
    content(&binary, max).map(|content| Cow::Owned(content.into_owned()))
}

/// ContentInfo → SignedData or CompressedData → EncapsulatedContentInfo → its octets.
fn content(bytes: &[u8], max: usize) -> Option<Cow<'_, [u8]>> {
    let mut reader = Reader::new(bytes);
    reader.enter(ber::SEQUENCE)?;
    let kind = reader.primitive(ber::OBJECT_IDENTIFIER)?;
    if kind != SIGNED && kind != COMPRESSED {
        return None;
    }
    reader.enter(ber::EXPLICIT_0)?;
    reader.enter(ber::SEQUENCE)?;
    reader.primitive(ber::INTEGER)?; // version
    reader.skip()?; // digestAlgorithms or compressionAlgorithm
    reader.enter(ber::SEQUENCE)?;
    reader.primitive(ber::OBJECT_IDENTIFIER)?; // the kind of content: id-data in mail, whatever it is called
    reader.enter(ber::EXPLICIT_0)?;
    let octets = reader.octets()?;
    let content = if kind == COMPRESSED { Cow::Owned(inflate(&octets, max)) } else { octets };
    (!content.is_empty()).then_some(content)
}

/// zlib (RFC 3274 §2); an error ends it.
fn inflate(packed: &[u8], max: usize) -> Vec<u8> {
    let mut out = Vec::new();
    // What was unpacked before an error is in the buffer.
    let _ = ZlibDecoder::new(packed).take(u64::try_from(max).unwrap_or(u64::MAX)).read_to_end(&mut out);
    out
}

/// The bytes behind base64. A sequence begins with `M` there.
fn base64_text(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = bytes.trim_ascii_start();
    let is_armored = text.starts_with(b"-----BEGIN");
    if !is_armored && text.first() != Some(&b'M') {
        return None;
    }
    let lines = text.split(|&byte| byte == b'\n').filter(|line| !line.starts_with(b"-----") && !line.contains(&b':'));
    Some(transfer::base64(&lines.flatten().copied().collect::<Vec<_>>()))
}
