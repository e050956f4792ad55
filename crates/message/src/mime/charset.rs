//! From bytes to text by the name of a character set (reference mdm.md §2.2).

use encoding_rs::Encoding;
use mail_parser::decoders::charsets::map::charset_decoder;

/// The text, when the name is known; bytes that are wrong in that character set become U+FFFD. A byte order mark is dropped.
///
/// Names are those of the WHATWG encoding standard, because mail means what browsers read (`iso-8859-1` is windows-1252), then those
/// of the IANA registry. Text that calls itself ASCII and is not is read as [`decode_unnamed`] does.
pub(crate) fn decode(bytes: &[u8], name: &str) -> Option<String> {
    let name = canonical(name);
    match find(&name)? {
        Charset::Ascii => Some(decode_unnamed(bytes)),
        Charset::Web(encoding) => Some(encoding.decode_with_bom_removal(bytes).0.into_owned()),
        Charset::Other(decoder) => Some(decoder(bytes)),
    }
}

/// True when the name is one that [`decode`] knows.
pub(crate) fn is_known(name: &str) -> bool {
    name.eq_ignore_ascii_case("utf-8") || find(&canonical(name)).is_some()
}

/// The text of bytes without a usable name: UTF-8 when they are that, else windows-1252.
pub(crate) fn decode_unnamed(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// The text of bytes in a character set that nobody knows: UTF-8 with U+FFFD for what is broken, or windows-1252 when much is broken.
pub(crate) fn decode_unknown(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let is_broken = |c: &char| *c == char::REPLACEMENT_CHARACTER;
    let broken = text.chars().filter(is_broken).count();
    let whole = text.chars().filter(|c| !c.is_ascii() && !is_broken(c)).count();
    if broken * MUCH > whole { decode_unnamed(bytes) } else { text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned() }
}

/// Every so manieth character outside ASCII may be broken in text that still counts as UTF-8.
const MUCH: usize = 4;

/// Bytes at the start of HTML that are searched for a `<meta>` charset (HTML standard, "prescan a byte stream").
const META_BYTES: usize = 1024;

/// The character set that HTML names for itself, when it is a known one that is written in ASCII.
pub(crate) fn in_html(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(bytes.get(..META_BYTES.min(bytes.len()))?).to_ascii_lowercase();
    let mut rest = head.as_str();
    while let Some(at) = rest.find("<meta") {
        let tag = rest.get(at..)?.split('>').next().unwrap_or_default();
        if let Some((_, value)) = tag.split_once("charset=") {
            let value = value.trim_start_matches(['"', '\'', ' ']);
            let name = value.split(|c: char| c == '"' || c == '\'' || c == ';' || c == '/' || c.is_whitespace()).next()?;
            return (is_known(name) && !name.starts_with("utf-16")).then(|| name.to_owned());
        }
        rest = rest.get(at + 5..)?;
    }
    None
}

enum Charset {
    Ascii,
    Web(&'static Encoding),
    Other(for<'x> fn(&'x [u8]) -> String),
}

fn canonical(name: &str) -> String {
    name.trim().trim_matches(['"', '\'']).to_ascii_lowercase()
}

fn find(name: &str) -> Option<Charset> {
    let name = match name {
        "us-ascii" | "ascii" | "ansi_x3.4-1968" | "iso646-us" => return Some(Charset::Ascii),
        "x-utf_8j" | "utf_8" => "utf-8",
        "ansi_x3.110-1983" => "iso-8859-1",
        name => name,
    };
    let plain = name.strip_prefix("cs").unwrap_or(name);
    let web = Encoding::for_label(name.as_bytes()).or_else(|| Encoding::for_label(plain.as_bytes()));
    match web.filter(|&encoding| encoding != encoding_rs::REPLACEMENT) {
        Some(encoding) => Some(Charset::Web(encoding)),
        None => charset_decoder(name.as_bytes()).map(Charset::Other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_mail_means_them() {
        for (name, bytes, text) in [
            ("UTF-8", &b"\xc3\xa9"[..], Some("é")),
            (" iso-8859-1 ", b"\x80", Some("€")),
            ("us-ascii", b"\xc3\xa9", Some("é")),
            ("us-ascii", b"\xe9", Some("é")),
            ("x-utf_8j", b"\xc3\xa9", Some("é")),
            ("csShiftJIS", b"\x82\xa0", Some("あ")),
            ("utf-7", b"+AOk-", Some("é")),
            ("utf-8", b"a\xff", Some("a\u{fffd}")),
            ("[charse", b"a", None),
            ("", b"a", None),
        ] {
            assert_eq!(decode(bytes, name).as_deref(), text, "{name}");
        }
    }

    #[test]
    fn unknown_names_mean_utf_8_unless_much_is_broken() {
        for (bytes, text) in [
            (&b"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9 \xe9"[..], "éééé \u{fffd}"),
            (b"\xc3\xa9 \xe9\xe8", "Ã© éè"),
            (b"\xe9t\xe9", "été"),
            (b"\xef\xbb\xbfplain", "plain"),
        ] {
            assert_eq!(decode_unknown(bytes), text);
        }
    }

    #[test]
    fn html_names_its_character_set() {
        assert_eq!(in_html(b"<META http-equiv=x content='text/html; charset=Shift_JIS'>").as_deref(), Some("shift_jis"));
        assert_eq!(in_html(b"<meta name=a><meta charset=\"koi8-r\"/>").as_deref(), Some("koi8-r"));
        assert_eq!(in_html(b"<p>charset=koi8-r"), None);
    }
}
