//! Code pages and the character sets of fonts as names of character sets (RTF 1.9.1, "Font Table" and "Character Set").

use std::collections::HashMap;

/// Fonts of one document that are kept; Word writes a few hundred.
const MAX_FONTS: usize = 10_000;

/// What stands for bytes that no code page explains.
pub(super) const DEFAULT: &str = "windows-1252";

/// The name of a Windows code page; `None` for unknown ones.
pub(super) fn of_code_page(number: i32) -> Option<&'static str> {
    Some(match number {
        437 | 850 => "ibm850", // box drawing aside, letters are the same
        866 => "ibm866",
        874 => "windows-874",
        932 | 10001 => "shift_jis",
        936 | 10008 => "gbk",
        949 | 1361 => "euc-kr",
        950 | 10002 => "big5",
        1250 | 10029 => "windows-1250",
        1251 => "windows-1251",
        1252 | 20127 | 28591 => "windows-1252",
        1253 | 10006 => "windows-1253",
        1254 | 10081 | 28599 => "windows-1254",
        1255 | 10005 => "windows-1255",
        1256 | 10004 => "windows-1256",
        1257 => "windows-1257",
        1258 => "windows-1258",
        10000 => "macintosh",
        10007 | 10017 => "x-mac-cyrillic",
        20866 => "koi8-r",
        20932 | 51932 => "euc-jp",
        21866 => "koi8-u",
        28592 => "iso-8859-2",
        28593 => "iso-8859-3",
        28594 => "iso-8859-4",
        28595 => "iso-8859-5",
        28596 => "iso-8859-6",
        28597 => "iso-8859-7",
        28598 => "iso-8859-8",
        28603 => "iso-8859-13",
        28605 => "iso-8859-15",
        51949 => "euc-kr",
        54936 => "gb18030",
        65001 => "utf-8",
        _ => return None,
    })
}

/// The code page of a `\fcharset`. `None` for the default character set, for symbols, which have none, and for unknown ones.
fn of_font_charset(number: i32) -> Option<i32> {
    Some(match number {
        0 => 1252,
        77 => 10000,
        78 | 128 => 932,
        79 | 129 => 949,
        80 | 134 => 936,
        81 | 136 => 950,
        130 => 1361,
        83 => 10005,
        84 => 10004,
        85 => 10006,
        86 => 10081,
        87 | 222 => 874,
        88 => 10029,
        89 => 10007,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 | 181 => 1255,
        178..=180 => 1256,
        186 => 1257,
        204 => 1251,
        238 => 1250,
        254 => 437,
        255 => 850,
        _ => return None,
    })
}

/// What the header says about character sets.
#[derive(Debug)]
pub(super) struct Charsets {
    /// That of the document.
    default: &'static str,
    /// The font that text has before it names one.
    default_font: i32,
    fonts: HashMap<i32, &'static str>,
    /// The font that is being declared.
    declared: i32,
}

impl Default for Charsets {
    fn default() -> Self {
        Charsets { default: DEFAULT, default_font: 0, fonts: HashMap::new(), declared: 0 }
    }
}

impl Charsets {
    /// Takes in a control word of the header.
    pub fn header(&mut self, name: &[u8], number: Option<i32>) {
        match (name, number) {
            (b"ansi", _) => self.default = DEFAULT,
            (b"mac", _) => self.default = "macintosh",
            (b"pc" | b"pca", _) => self.default = "ibm850",
            (b"ansicpg", Some(page)) => self.default = of_code_page(page).unwrap_or(self.default),
            (b"deff", Some(font)) => self.default_font = font,
            _ => {}
        }
    }

    /// Takes in a control word of the font table.
    pub fn font_table(&mut self, name: &[u8], number: Option<i32>) {
        let label = match (name, number) {
            (b"f", Some(font)) => {
                self.declared = font;
                return;
            }
            (b"fcharset", Some(charset)) => of_font_charset(charset).and_then(of_code_page),
            (b"cpg", Some(page)) => of_code_page(page),
            _ => return,
        };
        if let Some(label) = label.filter(|_| self.fonts.len() < MAX_FONTS) {
            self.fonts.insert(self.declared, label);
        }
    }

    /// The character set of the document.
    pub fn of_document(&self) -> &'static str {
        self.default
    }

    /// The character set of text in this font; `None` is the default font.
    pub fn of_font(&self, font: Option<i32>) -> &'static str {
        self.fonts.get(&font.unwrap_or(self.default_font)).copied().unwrap_or(self.default)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_page_has_a_known_name() {
        let pages =
            (0..=65_535).filter_map(of_code_page).chain((0..=255).filter_map(of_font_charset).map(|page| of_code_page(page).unwrap()));
        let pages: Vec<_> = pages.collect();
        assert!(pages.len() > 60);
        assert!(pages.into_iter().all(crate::mime::charset::is_known));
    }
}
