//! The bytes of an HTML file as text.

/// Decodes an HTML file: by its byte-order mark, else by the charset that its `<meta>` names, else as UTF-8 with replacement
/// (enrichment.md §1.4).
pub(super) fn decode(bytes: &[u8]) -> String {
    let (encoding, bom) = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, len)) => (encoding, len),
        None => (meta_charset(bytes).unwrap_or(encoding_rs::UTF_8), 0),
    };
    encoding.decode_without_bom_handling(&bytes[bom..]).0.into_owned()
}

/// Bytes at the start of a file in which a charset is looked for (the HTML standard: 1,024).
const PRESCAN: usize = 1024;

/// The charset that a `<meta>` near the start names.
fn meta_charset(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let head = bytes.get(..PRESCAN).unwrap_or(bytes).to_ascii_lowercase();
    let at = memchr::memmem::find(&head, b"charset")?;
    let rest = head.get(at + b"charset".len()..)?.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let label: Vec<u8> = rest
        .iter()
        .skip_while(|byte| matches!(byte, b'"' | b'\''))
        .copied()
        .take_while(|byte| byte.is_ascii_graphic() && !b"\"'/>;".contains(byte))
        .collect();
    let encoding = encoding_rs::Encoding::for_label(&label)?;
    // A page that names UTF-16 in ASCII bytes is not UTF-16 (HTML standard, prescan).
    Some(if encoding == encoding_rs::UTF_16LE || encoding == encoding_rs::UTF_16BE { encoding_rs::UTF_8 } else { encoding })
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn the_charset_is_found() {
        assert_eq!(decode(b"\xEF\xBB\xBF<p>\xC3\xA9"), "<p>\u{e9}");
        assert_eq!(decode(b"<meta charset='iso-8859-1'>\xE9"), "<meta charset='iso-8859-1'>\u{e9}");
        assert_eq!(decode(b"<p>\xFF"), "<p>\u{fffd}");
        assert_eq!(decode(b"\xFF\xFE<\0p\0"), "<p");
    }
}
