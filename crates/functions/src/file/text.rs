//! `file.parse_text`: bytes as text in the first encoding that fits (enrichment.md §1.5).

use encoding_rs::{UTF_16BE, UTF_16LE};

/// An encoding that rules may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes below 0x80 only.
    Ascii,
    /// UTF-8.
    Utf8,
    /// UTF-16, lower byte first.
    Utf16Le,
    /// UTF-16, higher byte first.
    Utf16Be,
    /// ISO 8859-1: byte and code point are the same.
    Latin1,
    /// Any other encoding of the WHATWG Encoding Standard.
    Other(&'static encoding_rs::Encoding),
}

impl Encoding {
    /// The encoding of this name, letter case aside: `ascii`, `utf8`, `utf16-le`, `utf16-be`, `latin1`, or a label of the WHATWG Encoding
    /// Standard (`windows-1252`, `shift_jis`, …). `None` for an unknown name.
    pub fn named(name: &str) -> Option<Encoding> {
        let name = name.trim().to_ascii_lowercase();
        Some(match name.as_str() {
            "ascii" | "us-ascii" => Encoding::Ascii,
            "utf8" | "utf-8" => Encoding::Utf8,
            "utf16" | "utf-16" | "utf16-le" | "utf16le" | "utf-16-le" | "utf-16le" => Encoding::Utf16Le,
            "utf16-be" | "utf16be" | "utf-16-be" | "utf-16be" => Encoding::Utf16Be,
            "latin1" | "latin-1" | "iso-8859-1" | "iso8859-1" => Encoding::Latin1,
            _ => Encoding::Other(encoding_rs::Encoding::for_label(name.as_bytes())?),
        })
    }

    /// The text of all `bytes`, without a byte order mark of this encoding; `None` when they are not valid in it.
    pub fn decode(self, bytes: &[u8]) -> Option<String> {
        match self {
            Encoding::Ascii => bytes.is_ascii().then(|| bytes.iter().copied().map(char::from).collect()),
            Encoding::Utf8 => std::str::from_utf8(bytes).ok().map(|text| text.strip_prefix('\u{feff}').unwrap_or(text).to_owned()),
            Encoding::Utf16Le => by_table(UTF_16LE, bytes.strip_prefix(b"\xff\xfe").unwrap_or(bytes)),
            Encoding::Utf16Be => by_table(UTF_16BE, bytes.strip_prefix(b"\xfe\xff").unwrap_or(bytes)),
            Encoding::Latin1 => Some(bytes.iter().copied().map(char::from).collect()),
            Encoding::Other(encoding) => by_table(encoding, bytes),
        }
    }
}

fn by_table(encoding: &'static encoding_rs::Encoding, bytes: &[u8]) -> Option<String> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes).map(|text| text.into_owned())
}

/// The text of `bytes` in the first of `encodings` that is valid for all of them; `None` when none is.
pub fn parse_text(bytes: &[u8], encodings: &[Encoding]) -> Option<String> {
    encodings.iter().find_map(|encoding| encoding.decode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], encodings: &[&str], expected: Option<&str>) {
        let encodings: Vec<_> = encodings.iter().filter_map(|name| Encoding::named(name)).collect();
        assert_eq!(parse_text(bytes, &encodings).as_deref(), expected, "{bytes:?}");
    }

    #[test]
    fn the_first_encoding_that_fits_gives_the_text() {
        check(b"abc", &["ascii", "utf8"], Some("abc"));
        check("é".as_bytes(), &["ascii", "utf8"], Some("é"));
        check("é".as_bytes(), &["ascii", "latin1", "utf8"], Some("Ã©"));
        check(b"\xe9", &["ascii", "utf8"], None);
        check(b"\xe9", &["ascii", "utf8", "latin1"], Some("é"));
        check(b"", &["ascii"], Some(""));
        check(b"abc", &[], None);
    }

    #[test]
    fn utf16_must_be_whole() {
        check(b"\xff\xfeh\0i\0", &["ascii", "utf8", "utf16-le"], Some("hi"));
        check(b"\xfe\xff\0h\0i", &["utf16-be"], Some("hi"));
        check(b"h\0i\0", &["utf16-le"], Some("hi"));
        check(b"\xff\xfeh\0i", &["ascii", "utf8", "utf16-le"], None);
        check(b"\0\xd8h\0", &["utf16-le"], None);
    }

    #[test]
    fn a_byte_order_mark_is_left_out() {
        check(b"\xef\xbb\xbfabc", &["ascii", "utf8"], Some("abc"));
    }

    #[test]
    fn other_encodings_go_by_their_label() {
        check(b"\x80", &["windows-1252"], Some("€"));
        check(b"\x82\xa0", &["Shift_JIS"], Some("あ"));
        assert_eq!(Encoding::named("no-such-thing"), None);
        assert_eq!(Encoding::named("latin1"), Some(Encoding::Latin1));
    }
}
