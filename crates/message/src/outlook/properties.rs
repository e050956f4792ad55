//! MAPI properties: their ids ([MS-OXPROPS]), types and values ([MS-OXCDATA] §2.11), and text in code pages.

use crate::mime::charset;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The ids that are read, named as [MS-OXPROPS] does without the prefix `PidTag`.
pub(crate) mod id {
    pub const IMPORTANCE: u16 = 0x0017;
    pub const MESSAGE_CLASS: u16 = 0x001A;
    pub const SENSITIVITY: u16 = 0x0036;
    pub const SUBJECT: u16 = 0x0037;
    pub const CLIENT_SUBMIT_TIME: u16 = 0x0039;
    pub const SUBJECT_PREFIX: u16 = 0x003D;
    pub const SENT_REPRESENTING_ENTRY_ID: u16 = 0x0041;
    pub const SENT_REPRESENTING_NAME: u16 = 0x0042;
    pub const REPLY_RECIPIENT_ENTRIES: u16 = 0x004F;
    pub const SENT_REPRESENTING_ADDRESS_TYPE: u16 = 0x0064;
    pub const SENT_REPRESENTING_EMAIL_ADDRESS: u16 = 0x0065;
    pub const CONVERSATION_TOPIC: u16 = 0x0070;
    pub const TRANSPORT_MESSAGE_HEADERS: u16 = 0x007D;
    pub const RECIPIENT_TYPE: u16 = 0x0C15;
    pub const SENDER_ENTRY_ID: u16 = 0x0C19;
    pub const SENDER_NAME: u16 = 0x0C1A;
    pub const SENDER_ADDRESS_TYPE: u16 = 0x0C1E;
    pub const SENDER_EMAIL_ADDRESS: u16 = 0x0C1F;
    pub const DISPLAY_BCC: u16 = 0x0E02;
    pub const DISPLAY_CC: u16 = 0x0E03;
    pub const DISPLAY_TO: u16 = 0x0E04;
    pub const MESSAGE_DELIVERY_TIME: u16 = 0x0E06;
    pub const NORMALIZED_SUBJECT: u16 = 0x0E1D;
    pub const ENTRY_ID: u16 = 0x0FFF;
    pub const BODY: u16 = 0x1000;
    pub const RTF_COMPRESSED: u16 = 0x1009;
    pub const HTML: u16 = 0x1013;
    pub const INTERNET_MESSAGE_ID: u16 = 0x1035;
    pub const INTERNET_REFERENCES: u16 = 0x1039;
    pub const IN_REPLY_TO_ID: u16 = 0x1042;
    pub const DISPLAY_NAME: u16 = 0x3001;
    pub const ADDRESS_TYPE: u16 = 0x3002;
    pub const EMAIL_ADDRESS: u16 = 0x3003;
    pub const ATTACH_DATA: u16 = 0x3701;
    pub const ATTACH_FILENAME: u16 = 0x3704;
    pub const ATTACH_LONG_FILENAME: u16 = 0x3707;
    pub const ATTACH_MIME_TAG: u16 = 0x370E;
    pub const ATTACH_CONTENT_ID: u16 = 0x3712;
    pub const ATTACH_CONTENT_LOCATION: u16 = 0x3713;
    pub const ATTACH_FLAGS: u16 = 0x3714;
    pub const SMTP_ADDRESS: u16 = 0x39FE;
    pub const INTERNET_CODEPAGE: u16 = 0x3FDE;
    pub const MESSAGE_CODEPAGE: u16 = 0x3FFD;
    pub const SENDER_SMTP_ADDRESS: u16 = 0x5D01;
    pub const SENT_REPRESENTING_SMTP_ADDRESS: u16 = 0x5D02;
    pub const RECIPIENT_DISPLAY_NAME: u16 = 0x5FF6;
    pub const ATTACHMENT_HIDDEN: u16 = 0x7FFE;
    /// From here on ids mean something only together with the names of one message.
    pub const FIRST_NAMED: u16 = 0x8000;
}

/// The types of values ([MS-OXCDATA] §2.11.1).
pub(crate) mod kind {
    pub const NULL: u16 = 0x0001;
    pub const INTEGER16: u16 = 0x0002;
    pub const INTEGER32: u16 = 0x0003;
    pub const FLOAT32: u16 = 0x0004;
    pub const FLOAT64: u16 = 0x0005;
    pub const CURRENCY: u16 = 0x0006;
    pub const FLOATING_TIME: u16 = 0x0007;
    pub const ERROR: u16 = 0x000A;
    pub const BOOLEAN: u16 = 0x000B;
    pub const OBJECT: u16 = 0x000D;
    pub const INTEGER64: u16 = 0x0014;
    pub const STRING8: u16 = 0x001E;
    pub const STRING: u16 = 0x001F;
    pub const TIME: u16 = 0x0040;
    pub const GUID: u16 = 0x0048;
    pub const BINARY: u16 = 0x0102;
    /// Added to a type for a list of its values.
    pub const MULTIPLE: u16 = 0x1000;
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    /// Integers and booleans.
    Int(i64),
    /// 100 nanoseconds since 1601, UTC.
    Time(u64),
    /// Text in UTF-16, decoded.
    Text(String),
    /// Text in a code page.
    Narrow(Cow<'a, [u8]>),
    /// Bytes.
    Binary(Cow<'a, [u8]>),
    /// An object, as it is stored.
    Object(Cow<'a, [u8]>),
}

impl<'a> Value<'a> {
    /// A value of fixed length from its eight or fewer bytes; `None` for types that are not read.
    pub fn fixed(kind: u16, bytes: &[u8]) -> Option<Self> {
        let head = |len: usize| bytes.get(..len).map(|bytes| bytes.iter().rev().fold(0u64, |number, &byte| number << 8 | u64::from(byte)));
        Some(match kind {
            kind::INTEGER16 => Value::Int(i64::from(head(2)? as i16)),
            kind::INTEGER32 => Value::Int(i64::from(head(4)? as i32)),
            kind::INTEGER64 => Value::Int(head(8)? as i64),
            kind::BOOLEAN => Value::Int(i64::from(head(2)? != 0)),
            kind::TIME => Value::Time(head(8)?),
            _ => return None,
        })
    }

    /// A value of any length; `None` for types that are not read.
    pub fn variable(kind: u16, bytes: Cow<'a, [u8]>) -> Option<Self> {
        Some(match kind {
            kind::STRING => Value::Text(wide(&bytes)),
            kind::STRING8 => Value::Narrow(bytes),
            kind::BINARY => Value::Binary(bytes),
            kind::OBJECT => Value::Object(bytes),
            _ => return None,
        })
    }
}

/// UTF-16, little endian, without the NUL that ends it. Half a unit at the end is left out.
pub(super) fn wide(bytes: &[u8]) -> String {
    let (text, _) = encoding_rs::UTF_16LE.decode_without_bom_handling(bytes.get(..bytes.len() & !1).unwrap_or_default());
    text.trim_end_matches('\0').to_owned()
}

/// The properties of one object: a message, a recipient or an attachment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Properties<'a> {
    values: BTreeMap<u16, Value<'a>>,
    /// The code page of its 8-bit texts, when one is known.
    pub code_page: Option<i64>,
}

impl<'a> Properties<'a> {
    /// Adds a value. The first one of an id stays, but text in UTF-16 replaces text in a code page, which may have lost characters.
    pub fn insert(&mut self, id: u16, value: Value<'a>) {
        match self.values.get(&id) {
            None => _ = self.values.insert(id, value),
            Some(Value::Narrow(_)) if matches!(value, Value::Text(_)) => _ = self.values.insert(id, value),
            Some(_) => {}
        }
    }

    /// The value as it is.
    pub fn get(&self, id: u16) -> Option<&Value<'a>> {
        self.values.get(&id)
    }

    /// Takes the value out.
    pub fn take(&mut self, id: u16) -> Option<Value<'a>> {
        self.values.remove(&id)
    }

    /// A text; `None` also when it is empty.
    pub fn text(&self, id: u16) -> Option<String> {
        let text = match self.get(id)? {
            Value::Text(text) => text.clone(),
            Value::Narrow(bytes) => decode(bytes, self.code_page),
            _ => return None,
        };
        Some(text).filter(|text| !text.is_empty())
    }

    /// The bytes of a binary value.
    pub fn binary(&self, id: u16) -> Option<&[u8]> {
        match self.get(id)? {
            Value::Binary(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// An integer; a boolean is 0 or 1.
    pub fn int(&self, id: u16) -> Option<i64> {
        match self.get(id)? {
            Value::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// A time, 100 nanoseconds since 1601.
    pub fn time(&self, id: u16) -> Option<u64> {
        match self.get(id)? {
            Value::Time(time) => Some(*time),
            _ => None,
        }
    }

    /// The code page that a message names for its 8-bit texts, else the one of the mail it was.
    pub fn own_code_page(&self) -> Option<i64> {
        self.int(id::MESSAGE_CODEPAGE).or_else(|| self.int(id::INTERNET_CODEPAGE))
    }

    /// The HTML body, which is bytes in the code page of the mail ([MS-OXPROPS] PidTagHtml), or text.
    pub fn html(&self) -> Option<String> {
        let Value::Binary(bytes) = self.get(id::HTML)? else { return self.text(id::HTML) };
        let named = self.int(id::INTERNET_CODEPAGE).and_then(charset_name);
        let named = named.or_else(|| charset::in_html(bytes).map(Cow::Owned)).or_else(|| self.code_page.and_then(charset_name));
        let text = named.and_then(|name| charset::decode(bytes, &name)).unwrap_or_else(|| charset::decode_unnamed(bytes));
        Some(text.trim_end_matches('\0').to_owned()).filter(|text| !text.is_empty())
    }
}

/// Text of a code page, without the NUL that ends it; without a known one UTF-8 or windows-1252.
pub(super) fn decode(bytes: &[u8], code_page: Option<i64>) -> String {
    let named = code_page.and_then(charset_name).and_then(|name| charset::decode(bytes, &name));
    let text = named.unwrap_or_else(|| charset::decode_unnamed(bytes));
    text.trim_end_matches('\0').to_owned()
}

/// The character set of a code page (Windows "Code Page Identifiers").
fn charset_name(code_page: i64) -> Option<Cow<'static, str>> {
    Some(Cow::Borrowed(match code_page {
        850 => "cp850",
        866 => "ibm866",
        932 => "shift_jis",
        936 => "gbk",
        949 | 51949 => "euc-kr",
        950 => "big5",
        1200 => "utf-16le",
        1201 => "utf-16be",
        10000 => "macintosh",
        10007 => "x-mac-cyrillic",
        20127 => "us-ascii",
        20866 => "koi8-r",
        21866 => "koi8-u",
        50220..=50222 => "iso-2022-jp",
        51932 => "euc-jp",
        54936 => "gb18030",
        65000 => "utf-7",
        65001 => "utf-8",
        874 | 1250..=1258 => return Some(Cow::Owned(format!("windows-{code_page}"))),
        28591..=28606 => return Some(Cow::Owned(format!("iso-8859-{}", code_page - 28590))),
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_decoded_by_its_code_page() {
        for (code_page, bytes, text) in [
            (Some(1251), &b"\xcf\xf0\xe8\0"[..], "При"),
            (Some(932), b"\x82\xa0", "あ"),
            (Some(28592), b"\xb1", "ą"),
            (Some(20127), b"\xc3\xa9", "é"),
            (Some(65000), b"+AOk-", "é"),
            (Some(65001), b"\xc3\xa9", "é"),
            (Some(850), b"\x9b", "ø"),
            (Some(99999), b"\xe9", "é"),
            (None, b"\xc3\xa9\0\0", "é"),
            (None, b"\x80", "€"),
        ] {
            assert_eq!(decode(bytes, code_page), text, "{code_page:?}");
        }
        assert!([874, 1250, 1258, 28591, 28605, 10007, 54936, 21866].map(charset_name).iter().all(|name| {
            let name = name.as_deref().unwrap_or_default();
            charset::is_known(name)
        }));
    }

    #[test]
    fn values_are_read_by_their_type() {
        let bytes = [0xFE, 0xFF, 0xFF, 0xFF, 1, 0, 0, 0];
        assert_eq!(Value::fixed(kind::INTEGER16, &bytes), Some(Value::Int(-2)));
        assert_eq!(Value::fixed(kind::INTEGER32, &bytes), Some(Value::Int(-2)));
        assert_eq!(Value::fixed(kind::INTEGER64, &bytes), Some(Value::Int(0x1_FFFF_FFFE)));
        assert_eq!(Value::fixed(kind::BOOLEAN, &[1]), None, "it is cut off");
        assert_eq!(Value::variable(kind::STRING, Cow::Borrowed(b"a\0\0\0b")), Some(Value::Text("a".to_owned())));
        assert_eq!(Value::variable(kind::GUID, Cow::Borrowed(b"")), None);
    }

    #[test]
    fn html_has_the_character_set_of_the_mail() {
        let html = |page: Option<i64>, bytes: &'static [u8]| {
            let mut properties = Properties { code_page: Some(1252), ..Properties::default() };
            properties.insert(id::HTML, Value::Binary(Cow::Borrowed(bytes)));
            page.into_iter().for_each(|page| properties.insert(id::INTERNET_CODEPAGE, Value::Int(page)));
            properties.html()
        };
        assert_eq!(html(Some(1251), b"<p>\xcf").as_deref(), Some("<p>П"));
        assert_eq!(html(None, b"<meta charset=koi8-r>\xf0").as_deref(), Some("<meta charset=koi8-r>П"));
        assert_eq!(html(None, b"<p>\xe9").as_deref(), Some("<p>é"));
        assert_eq!(html(None, b""), None);
    }

    #[test]
    fn wide_text_replaces_narrow_text() {
        let mut properties = Properties::default();
        for value in [Value::Narrow(Cow::Borrowed(b"?")), Value::Text("ж".to_owned()), Value::Text("later".to_owned())] {
            properties.insert(id::SUBJECT, value);
        }
        assert_eq!(properties.text(id::SUBJECT).as_deref(), Some("ж"));
    }
}
