//! Names of archive members.

/// Code page 437, upper half: what a ZIP name is in when it does not say UTF-8 (APPNOTE.TXT appendix D).
const CP437: &str =
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// The text of a member name. Names that are valid UTF-8 are taken as that, also without the flag, because macOS and many scripts forget
/// it; others are code page 437. What follows a NUL is left out: file systems would stop there.
pub(super) fn decode(name: &[u8]) -> String {
    let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
    match std::str::from_utf8(name) {
        Ok(name) => name.to_owned(),
        Err(_) => name.iter().map(|byte| oem(*byte)).collect(),
    }
}

fn oem(byte: u8) -> char {
    match byte.checked_sub(0x80) {
        None => char::from(byte),
        Some(idx) => CP437.chars().nth(usize::from(idx)).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_utf8_or_code_page_437() {
        assert_eq!(decode("für.txt".as_bytes()), "für.txt");
        assert_eq!(decode(b"f\x81r.txt"), "für.txt");
        assert_eq!(decode(b"a.txt\0.exe"), "a.txt");
        assert_eq!(CP437.chars().count(), 128);
    }
}
