//! The letter-case folding of the language.

/// The lower-case form of one character: simple lower-casing; a character whose lower case is longer than one stays (mql.md §6).
pub fn lower_char(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

/// The text with [`lower_char`] applied to each character. Has as many characters as before, not always as many bytes.
pub fn lowercase(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars().map(lower_char).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lowercase_goes_character_by_character() {
        assert_eq!(lowercase("ÉCOLE"), "école");
        assert_eq!(lowercase("ΣΑΣ"), "σασ");
        assert_eq!(lowercase("İ"), "İ");
    }
}
