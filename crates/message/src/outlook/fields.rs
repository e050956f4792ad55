//! Header fields of a message from its properties ([MS-OXCMAIL] §2.2.1 says which property is which field).

use super::defect::{Defect, note};
use super::properties::{Properties, decode, id, wide};
use crate::mime::block;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use mailhound_value::Limits;
use std::borrow::Cow;

/// The header block: the fields that the message was transported with, without those of MIME, then those that only the properties know.
pub(super) fn header(message: &Properties<'_>, recipients: &[Properties<'_>], limits: &Limits, defects: &mut Vec<Defect>) -> String {
    let transported = message.text(id::TRANSPORT_MESSAGE_HEADERS).unwrap_or_default();
    let start = transported.len() - transported.trim_start().len();
    let block = block::parse(transported.as_bytes(), start, limits.message_headers.saturating_sub(OWN_FIELDS), |_| false);
    if block.defects.contains(&block::Defect::TooMany) {
        note(defects, Defect::TooManyFields);
    }
    let mut header = String::with_capacity(transported.len());
    for field in block.fields.iter().filter(|field| !is_mime(field.name)) {
        let value = String::from_utf8_lossy(field.raw);
        header.extend([field.name, ":", value.trim_end_matches(['\r', '\n']), "\r\n"]);
    }
    for (name, value) in known(message, recipients) {
        let is_there = block.fields.iter().any(|field| field.is(name));
        if let Some(value) = value.filter(|value| !value.is_empty() && !is_there) {
            header.extend([name, ": ", &value, "\r\n"]);
        }
    }
    header
}

/// Fields that are kept free for those of the properties and of MIME, without which the message could not be read.
const OWN_FIELDS: usize = 32;

/// Fields that tell how the body was written; the body is written anew.
pub(super) fn is_mime(name: &str) -> bool {
    name.eq_ignore_ascii_case("MIME-Version") || name.get(..8).is_some_and(|head| head.eq_ignore_ascii_case("Content-"))
}

/// The fields that properties give, without line breaks in their values.
fn known(message: &Properties<'_>, recipients: &[Properties<'_>]) -> [(&'static str, Option<String>); 14] {
    let text = |id| message.text(id).map(|text| encoded(&one_line(&text)).into_owned());
    let [represented, sender] = [&REPRESENTED, &SENDER].map(|tags| Person::of(message, tags));
    let (from, sender) = match represented.is_known() {
        // One person under two sets of properties: an address may stand in either.
        true if sender.is(&represented) => (if represented.address.is_some() { represented } else { sender }.field(), None),
        true => (represented.field(), Some(sender).filter(Person::is_known)),
        false => (sender.field(), None),
    };
    let to = |kind, shown| addressees(message, recipients, kind, shown);
    let level =
        |id, names: [Option<&'static str>; 4]| message.int(id).and_then(|level| names.get(usize::try_from(level).ok()?).copied()?);
    let importance = level(id::IMPORTANCE, [Some("low"), None, Some("high"), None]);
    let sensitivity = level(id::SENSITIVITY, [None, Some("Personal"), Some("Private"), Some("Company-Confidential")]);
    let date = message.time(id::CLIENT_SUBMIT_TIME).and_then(date).or_else(|| message.time(id::MESSAGE_DELIVERY_TIME).and_then(date));
    [
        ("From", from),
        ("Sender", sender.and_then(|sender| sender.field())),
        ("To", to(1, id::DISPLAY_TO)),
        ("Cc", to(2, id::DISPLAY_CC)),
        ("Bcc", to(3, id::DISPLAY_BCC)),
        ("Reply-To", reply_to(message)),
        ("Subject", subject(message)),
        ("Date", date),
        ("Message-ID", text(id::INTERNET_MESSAGE_ID)),
        ("In-Reply-To", text(id::IN_REPLY_TO_ID)),
        ("References", text(id::INTERNET_REFERENCES)),
        ("Thread-Topic", text(id::CONVERSATION_TOPIC)),
        ("Importance", importance.map(str::to_owned)),
        ("Sensitivity", sensitivity.map(str::to_owned)),
    ]
}

/// The subject. It may begin with U+0001 and the length of its prefix ([MS-OXMSG] and older writers); without it prefix and rest are joined.
fn subject(message: &Properties<'_>) -> Option<String> {
    let joined = || {
        let rest = message.text(id::NORMALIZED_SUBJECT)?;
        Some(message.text(id::SUBJECT_PREFIX).unwrap_or_default() + &rest)
    };
    let subject = message.text(id::SUBJECT).or_else(joined)?;
    let subject = match subject.strip_prefix('\u{1}') {
        Some(marked) => marked.chars().skip(1).collect(),
        None => subject,
    };
    Some(encoded(&one_line(&subject)).into_owned())
}

/// A time in RFC 5322 form, UTC; `None` before 1900 and behind the year 9999.
fn date(time: u64) -> Option<String> {
    const UNIX_EPOCH: i64 = 11_644_473_600; // seconds since 1601
    let seconds = i64::try_from(time / 10_000_000).ok()?.checked_sub(UNIX_EPOCH)?;
    let date = DateTime::from_timestamp(seconds, 0)?;
    (-2_208_988_800..=253_402_300_799).contains(&seconds).then(|| date.format("%a, %d %b %Y %H:%M:%S +0000").to_string())
}

/// The properties of one person: name, kind of address, address, SMTP address, entry id.
type Tags = [u16; 5];

const REPRESENTED: Tags = [
    id::SENT_REPRESENTING_NAME,
    id::SENT_REPRESENTING_ADDRESS_TYPE,
    id::SENT_REPRESENTING_EMAIL_ADDRESS,
    id::SENT_REPRESENTING_SMTP_ADDRESS,
    id::SENT_REPRESENTING_ENTRY_ID,
];
const SENDER: Tags = [id::SENDER_NAME, id::SENDER_ADDRESS_TYPE, id::SENDER_EMAIL_ADDRESS, id::SENDER_SMTP_ADDRESS, id::SENDER_ENTRY_ID];
const RECIPIENT: Tags = [id::DISPLAY_NAME, id::ADDRESS_TYPE, id::EMAIL_ADDRESS, id::SMTP_ADDRESS, id::ENTRY_ID];

/// A name and an internet address, both without line breaks.
#[derive(Debug, Default)]
struct Person {
    name: Option<String>,
    address: Option<String>,
}

impl Person {
    /// Addresses of Exchange (`/O=…`) are none in mail, so that an SMTP address from elsewhere comes first.
    fn of(properties: &Properties<'_>, [name, kind, address, smtp, entry]: &Tags) -> Self {
        let is_smtp = properties.text(*kind).is_some_and(|kind| kind.eq_ignore_ascii_case("SMTP"));
        let plain = properties.text(*address).filter(|address| is_smtp || address.contains('@') && !address.starts_with('/'));
        let one_off = || properties.binary(*entry).and_then(|entry| Person::one_off(entry, properties.code_page)?.address);
        let address = properties.text(*smtp).filter(|address| address.contains('@')).or(plain).map(|address| bare(&address));
        Person {
            name: properties.text(*name).map(|name| one_line(&name)).filter(|name| !name.is_empty()),
            address: address.filter(|address| !address.is_empty()).or_else(one_off),
        }
    }

    /// A one-off entry id ([MS-OXCDATA] §2.2.5.1): flags, its provider, version, flags, then name, kind of address and address.
    fn one_off(entry: &[u8], code_page: Option<i64>) -> Option<Self> {
        const PROVIDER: &[u8] = b"\x81\x2B\x1F\xA4\xBE\xA3\x10\x19\x9D\x6E\x00\xDD\x01\x0F\x54\x02";
        const UNICODE: u8 = 0x80;
        if entry.get(4..20)? != PROVIDER {
            return None;
        }
        let is_wide = entry.get(23)? & UNICODE != 0;
        let mut rest = entry.get(24..)?;
        let mut texts = [const { String::new() }; 3];
        for text in &mut texts {
            let width = if is_wide { 2 } else { 1 };
            let end = rest.chunks(width).position(|unit| unit.iter().all(|&byte| byte == 0)).unwrap_or(rest.len() / width) * width;
            let (bytes, tail) = rest.split_at_checked(end)?;
            *text = if is_wide { wide(bytes) } else { decode(bytes, code_page) };
            rest = tail.get(width..).unwrap_or_default();
        }
        let [name, kind, address] = texts;
        let address = Some(bare(&address)).filter(|address| kind.eq_ignore_ascii_case("SMTP") && !address.is_empty());
        Some(Person { name: Some(one_line(&name)).filter(|name| !name.is_empty()), address })
    }

    fn is_known(&self) -> bool {
        self.name.is_some() || self.address.is_some()
    }

    /// True for the same address, or the same name where one has no address.
    fn is(&self, other: &Person) -> bool {
        match (&self.address, &other.address) {
            (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
            _ => self.name == other.name,
        }
    }

    /// `"Name" <address>`; the name is left out where it is the address.
    fn field(&self) -> Option<String> {
        let name = self.name.as_deref().filter(|name| self.address.as_deref().is_none_or(|address| !name.eq_ignore_ascii_case(address)));
        match (name, self.address.as_deref()) {
            (Some(name), Some(address)) => Some(format!("{} <{address}>", quoted(name))),
            (None, Some(address)) => Some(format!("<{address}>")),
            (name, None) => name.map(quoted),
        }
    }
}

/// The recipients of one kind; what the message shows as such when the table has none.
fn addressees(message: &Properties<'_>, recipients: &[Properties<'_>], kind: i64, shown: u16) -> Option<String> {
    /// Which recipient the row is (To, Cc, Bcc) without the flags ([MS-OXOMSG], PidTagRecipientType).
    const KIND: i64 = 0xF;
    let rows = recipients.iter().filter(|row| row.int(id::RECIPIENT_TYPE).unwrap_or(1) & KIND == kind);
    let people = rows.map(|row| {
        let person = Person::of(row, &RECIPIENT);
        let shown = row.text(id::RECIPIENT_DISPLAY_NAME).map(|name| one_line(&name));
        Person { name: person.name.or(shown), ..person }
    });
    let listed: Vec<String> = people.filter_map(|person| person.field()).collect();
    if !listed.is_empty() {
        return Some(listed.join(", "));
    }
    let names = message.text(shown)?;
    let names = names.split(';').map(one_line).filter(|name| !name.is_empty());
    let names: Vec<String> = names.filter_map(|name| Person { name: Some(name), address: None }.field()).collect();
    Some(names.join(", "))
}

/// The people of PidTagReplyRecipientEntries: a count, a length, then entry ids with their lengths, each padded to four bytes
/// ([MS-OXCDATA] §2.3.3).
fn reply_to(message: &Properties<'_>) -> Option<String> {
    let mut rest = message.binary(id::REPLY_RECIPIENT_ENTRIES)?.get(8..)?;
    let mut people = Vec::new();
    while let Some((len, tail)) = rest.split_first_chunk() {
        let len = u32::from_le_bytes(*len) as usize;
        let entry = tail.get(..len).unwrap_or(tail);
        people.extend(Person::one_off(entry, message.code_page).and_then(|person| person.field()));
        rest = len.checked_next_multiple_of(4).and_then(|len| tail.get(len..)).unwrap_or_default();
    }
    Some(people.join(", ")).filter(|people| !people.is_empty())
}

/// Text on one line: every run of control characters and blanks is one blank.
pub(super) fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_control() || c.is_whitespace() && c.is_ascii()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// An address up to what would end it in a header field.
fn bare(address: &str) -> String {
    let is_end = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';' | '"' | '(' | ')');
    let bare = address.trim_start_matches(is_end).split(is_end).next().unwrap_or_default();
    let kind = bare.get(..5).filter(|head| head.eq_ignore_ascii_case("SMTP:"));
    bare.get(kind.map_or(0, str::len)..).unwrap_or_default().to_owned()
}

/// A name as a quoted string.
fn quoted(name: &str) -> String {
    match encoded(name) {
        Cow::Owned(word) => word,
        Cow::Borrowed(name) => format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}

/// Text that looks like an encoded word is meant as it stands, and stays so when it is encoded itself.
pub(super) fn encoded(text: &str) -> Cow<'_, str> {
    match text.contains("=?") {
        true => Cow::Owned(format!("=?utf-8?B?{}?=", STANDARD.encode(text))),
        false => Cow::Borrowed(text),
    }
}
