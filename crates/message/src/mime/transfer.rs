//! Content transfer encodings (RFC 2045 §6), as far as they can be undone.

use base64::alphabet::STANDARD;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::engine::{DecodePaddingMode, Engine};
use std::borrow::Cow;

/// A transfer encoding by its declared name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// The bytes are the content.
    Identity,
    /// quoted-printable.
    QuotedPrintable,
    /// base64.
    Base64,
    /// A name that no standard knows; the bytes stay.
    Unknown,
}

impl Encoding {
    /// The encoding of this name, which is trimmed and lower case; none and empty are the identity.
    pub fn named(name: Option<&str>) -> Self {
        match name.unwrap_or_default() {
            "" | "7bit" | "8bit" | "binary" => Encoding::Identity,
            "quoted-printable" => Encoding::QuotedPrintable,
            "base64" => Encoding::Base64,
            _ => Encoding::Unknown,
        }
    }

    /// The content. Broken pieces are kept as they are (quoted-printable) or left out (base64).
    pub fn decode(self, bytes: &[u8]) -> Cow<'_, [u8]> {
        match self {
            Encoding::Identity | Encoding::Unknown => Cow::Borrowed(bytes),
            Encoding::QuotedPrintable => Cow::Owned(quoted_printable(bytes)),
            Encoding::Base64 => Cow::Owned(base64(bytes)),
        }
    }
}

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent).with_decode_allow_trailing_bits(true),
);

/// base64 with bytes outside the alphabet left out; padding ends it and may be missing.
pub(crate) fn base64(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3 + 3);
    let rest = well_formed(bytes, &mut out);
    let mut digits = Vec::with_capacity(rest.len());
    for &byte in rest {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' => digits.push(byte),
            b'=' if digits.len() % 4 >= 2 => break,
            _ => {}
        }
    }
    if digits.len() % 4 == 1 {
        digits.pop(); // six bits make no byte
    }
    out.extend(LENIENT.decode(&digits).unwrap_or_default());
    out
}

/// Decodes lines of whole groups of four digits, as all mail programs write them, into `out`; gives what begins with the first other line.
fn well_formed<'a>(bytes: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
    let mut rest = bytes;
    while !rest.is_empty() {
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let (line, behind) = rest.split_at(end);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let before = out.len();
        if line.len() % 4 != 0 || line.ends_with(b"=") || LENIENT.decode_vec(line, out).is_err() {
            out.truncate(before);
            return rest;
        }
        rest = behind.get(1..).unwrap_or_default();
    }
    rest
}

/// quoted-printable; soft line breaks and blanks at line ends are removed (RFC 2045 §6.7), broken escapes stay.
fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        let content = line.strip_suffix(b"\n").unwrap_or(line);
        let content = content.strip_suffix(b"\r").unwrap_or(content);
        let end = &line[content.len()..];
        let content = content.trim_ascii_end();
        match content.strip_suffix(b"=") {
            Some(soft) => unescape(soft, &mut out),
            None => {
                unescape(content, &mut out);
                out.extend_from_slice(end);
            }
        }
    }
    out
}

fn unescape(line: &[u8], out: &mut Vec<u8>) {
    let mut rest = line;
    while let Some(at) = memchr::memchr(b'=', rest) {
        let (before, from) = rest.split_at(at);
        out.extend_from_slice(before);
        let tail = from.get(1..).unwrap_or_default();
        match hex_pair(tail) {
            Some(byte) => {
                out.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                out.push(b'=');
                rest = tail;
            }
        }
    }
    out.extend_from_slice(rest);
}

/// The byte that the two hexadecimal digits at the start stand for.
pub(crate) fn hex_pair(bytes: &[u8]) -> Option<u8> {
    let (&[high, low], _) = bytes.split_first_chunk::<2>()?;
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(high)? << 4 | digit(low)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(encoding: &str, encoded: &str, content: &str) {
        let decoded = Encoding::named(Some(encoding)).decode(encoded.as_bytes()).into_owned();
        assert_eq!(String::from_utf8_lossy(&decoded), content, "{encoding} {encoded:?}");
    }

    #[test]
    fn base64_forgives() {
        check("base64", "SGVs\r\nbG8=\r\n", "Hello");
        check("base64", "SGVsbG8", "Hello");
        check("base64", "SG*Vs bG8=\n-- \nlist footer", "Hello");
        check("base64", "SGVsbG8hQ", "Hello!");
        check("base64", "", "");
    }

    #[test]
    fn quoted_printable_forgives() {
        check("quoted-printable", "a=3Db=\r\nc  \r\nd=\n", "a=bc\r\nd");
        check("quoted-printable", "=zz =3 = x=C3=a9=", "=zz =3 = xé");
        check("quoted-printable", "soft = \n break", "soft  break");
    }

    #[test]
    fn unknown_encodings_leave_the_bytes() {
        check("8bit+", "a=3D", "a=3D");
        assert_eq!(Encoding::named(None), Encoding::Identity);
    }
}
