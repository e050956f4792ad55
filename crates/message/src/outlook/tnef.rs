//! TNEF, the `winmail.dat` of Exchange and Outlook ([MS-OXTNEF]): a stream of attributes, most of which hold MAPI properties.
//!
//! A stream that breaks off gives what came before; wrong checksums are named and change nothing, as in Outlook.

use super::defect::{Defect, note};
use super::item::{Content, Item, max_recipients};
use super::properties::{Properties, Value, id, kind};
use mailhound_value::Limits;
use std::borrow::Cow;

/// The first bytes of a stream (TNEFSignature).
pub(super) const SIGNATURE: &[u8] = b"\x78\x9F\x3E\x22";

/// The attributes that are read: type in the upper half, number in the lower one.
mod attribute {
    pub const FROM: u32 = 0x0000_8000;
    pub const SUBJECT: u32 = 0x0001_8004;
    pub const DATE_SENT: u32 = 0x0003_8005;
    pub const DATE_RECEIVED: u32 = 0x0003_8006;
    pub const MESSAGE_CLASS: u32 = 0x0007_8008;
    pub const MESSAGE_ID: u32 = 0x0001_8009;
    pub const BODY: u32 = 0x0002_800C;
    pub const ATTACH_DATA: u32 = 0x0006_800F;
    pub const ATTACH_TITLE: u32 = 0x0001_8010;
    pub const ATTACH_TRANSPORT_FILENAME: u32 = 0x0006_9001;
    pub const ATTACH_REND_DATA: u32 = 0x0006_9002;
    pub const MAPI_PROPERTIES: u32 = 0x0006_9003;
    pub const RECIPIENT_TABLE: u32 = 0x0006_9004;
    pub const ATTACHMENT: u32 = 0x0006_9005;
    pub const OEM_CODEPAGE: u32 = 0x0006_9007;
}

/// What an object is, before its bytes: a message as TNEF, anything in a compound file, or bytes.
const MESSAGE_OBJECT: [u8; 16] = [0x07, 0x03, 0x02, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46];

/// Reads the message that a TNEF stream stands for; `None` when the bytes do not begin like one.
///
/// Its `text`, `html` and `files` are what the sender wrote and attached; `header` has the fields that the stream gives, most of which the
/// message around it has too. Attached messages are read as well, as deep as `message.depth` allows. `defects` names what was wrong, and
/// [`errors`](super::defect::errors) says it in sentences. The cost is linear in the bytes.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Option<Item> {
    let mut shared = Shared { limits, defects: Vec::new(), files: 0, left: limits.message_bytes };
    let item = shared.stream(bytes, 0, None)?;
    Some(Item { defects: shared.defects, ..item })
}

/// What a stream and those inside it have in common.
struct Shared<'l> {
    limits: &'l Limits,
    defects: Vec<Defect>,
    files: usize,
    /// Bytes that attachments may still have.
    left: usize,
}

/// One message, while its attributes come in.
#[derive(Default)]
struct Draft<'a> {
    message: Properties<'a>,
    recipients: Vec<Properties<'a>>,
    files: Vec<File<'a>>,
    code_page: Option<i64>,
    /// The times of attributes, in the sender's time zone: those of properties, in UTC, count more.
    times: Vec<(u16, Value<'a>)>,
}

#[derive(Default)]
struct File<'a> {
    properties: Properties<'a>,
    data: Option<&'a [u8]>,
}

impl Shared<'_> {
    fn stream(&mut self, bytes: &[u8], depth: usize, code_page: Option<i64>) -> Option<Item> {
        let mut reader = Reader { rest: bytes.strip_prefix(SIGNATURE)?, is_whole: true };
        reader.take(2); // a key that nothing refers to
        let mut draft = Draft { code_page, ..Draft::default() };
        while !reader.rest.is_empty() {
            reader.take(1); // the level follows from the attribute
            let (tag, len) = (reader.u32(), reader.u32());
            let data = reader.take(len as usize);
            let is_complete = reader.is_whole;
            // The checksum of the outermost attribute covers all that is inside; summing up at each depth would multiply the cost.
            let sum = if depth == 0 && is_complete { data.iter().fold(0u16, |sum, &byte| sum.wrapping_add(u16::from(byte))) } else { 0 };
            let expected = reader.u16();
            if depth == 0 && reader.is_whole && sum != expected {
                note(&mut self.defects, Defect::Checksum);
            }
            self.attribute(&mut draft, tag, data);
        }
        if !reader.is_whole {
            note(&mut self.defects, Defect::Truncated);
        }
        Some(self.finish(draft, depth))
    }

    fn attribute<'a>(&mut self, draft: &mut Draft<'a>, tag: u32, data: &'a [u8]) {
        let narrow = || Value::Narrow(Cow::Borrowed(data));
        let message = &mut draft.message;
        match tag {
            attribute::SUBJECT => message.insert(id::SUBJECT, narrow()),
            attribute::BODY => message.insert(id::BODY, narrow()),
            attribute::MESSAGE_CLASS => message.insert(id::MESSAGE_CLASS, narrow()),
            // Exchange puts a search key here, other writers the Message-ID.
            attribute::MESSAGE_ID if data.contains(&b'@') => message.insert(id::INTERNET_MESSAGE_ID, narrow()),
            attribute::DATE_SENT => draft.times.extend(time(data).map(|time| (id::CLIENT_SUBMIT_TIME, time))),
            attribute::DATE_RECEIVED => draft.times.extend(time(data).map(|time| (id::MESSAGE_DELIVERY_TIME, time))),
            attribute::FROM => from(data, message),
            attribute::OEM_CODEPAGE => {
                draft.code_page = data.first_chunk().map(|bytes| i64::from(u32::from_le_bytes(*bytes))).filter(|&page| page != 0);
            }
            attribute::MAPI_PROPERTIES => self.properties(&mut Reader::new(data), message),
            attribute::RECIPIENT_TABLE => self.recipients(&mut Reader::new(data), draft),
            attribute::ATTACH_REND_DATA => self.begin_file(draft),
            attribute::ATTACH_TITLE | attribute::ATTACH_TRANSPORT_FILENAME | attribute::ATTACH_DATA | attribute::ATTACHMENT => {
                if draft.files.is_empty() {
                    self.begin_file(draft);
                }
                let Some(file) = draft.files.last_mut() else { return };
                match tag {
                    attribute::ATTACH_DATA => file.data = file.data.or(Some(data)),
                    attribute::ATTACHMENT => self.properties(&mut Reader::new(data), &mut file.properties),
                    _ => file.properties.insert(id::ATTACH_FILENAME, narrow()),
                }
            }
            _ => {}
        }
    }

    fn begin_file(&mut self, draft: &mut Draft<'_>) {
        if self.files >= self.limits.message_parts {
            note(&mut self.defects, Defect::TooManyFiles);
            return;
        }
        self.files += 1;
        draft.files.push(File::default());
    }

    fn recipients<'a>(&mut self, reader: &mut Reader<'a>, draft: &mut Draft<'a>) {
        for _ in 0..reader.u32() {
            if reader.rest.is_empty() {
                note(&mut self.defects, Defect::Properties);
                return;
            }
            if draft.recipients.len() >= max_recipients(self.limits) {
                note(&mut self.defects, Defect::TooManyRecipients);
                return;
            }
            let mut row = Properties::default();
            self.properties(reader, &mut row);
            draft.recipients.push(row);
        }
    }

    /// Reads a counted list of properties (§2.1.3.4) as far as it can be read.
    fn properties<'a>(&mut self, reader: &mut Reader<'a>, properties: &mut Properties<'a>) {
        let count = reader.u32();
        let is_sound = (0..count).all(|_| reader.property(properties).is_some());
        if !is_sound || !reader.is_whole {
            reader.rest = &[]; // where the next one begins is not known
            note(&mut self.defects, Defect::Properties);
        }
    }

    fn finish(&mut self, mut draft: Draft<'_>, depth: usize) -> Item {
        // Texts of a stream are in its code page, whatever the message says of itself.
        std::mem::take(&mut draft.times).into_iter().for_each(|(id, time)| draft.message.insert(id, time));
        let code_page = draft.code_page.or_else(|| draft.message.own_code_page());
        draft.message.code_page = code_page;
        draft.recipients.iter_mut().for_each(|row| row.code_page = code_page);
        let mut files = Vec::new();
        for mut file in draft.files {
            file.properties.code_page = code_page;
            files.extend(self.content(&mut file, depth).map(|content| (file.properties, content)));
        }
        Item::new(&draft.message, &draft.recipients, files, self.limits, &mut self.defects)
    }

    /// What an attachment holds; `None` when a limit leaves it out.
    fn content(&mut self, file: &mut File<'_>, depth: usize) -> Option<Content> {
        let object = file.properties.take(id::ATTACH_DATA);
        let bytes = match (&object, file.data) {
            (Some(Value::Object(object)), data) => {
                let (class, bytes) = object.split_at_checked(MESSAGE_OBJECT.len()).unwrap_or_default();
                if class == MESSAGE_OBJECT && depth + 1 >= self.limits.message_depth {
                    note(&mut self.defects, Defect::TooDeep);
                    return None;
                }
                let item = if class == MESSAGE_OBJECT { self.stream(bytes, depth + 1, file.properties.code_page) } else { None };
                if let Some(item) = item {
                    return Some(Content::Item(Box::new(item)));
                }
                let is_cut = class == MESSAGE_OBJECT && SIGNATURE.starts_with(bytes);
                data.filter(|data| !data.is_empty()).unwrap_or(if is_cut { &[] } else { bytes })
            }
            (_, Some(data)) => data,
            (Some(Value::Binary(bytes)), None) => bytes,
            _ => &[],
        };
        let Some(left) = self.left.checked_sub(bytes.len()) else {
            note(&mut self.defects, Defect::TooManyBytes);
            return None;
        };
        self.left = left;
        Some(Content::Bytes(bytes.to_vec()))
    }
}

/// Bytes that are taken from the front. What is not there is empty or zero, and `is_whole` is false from then on.
struct Reader<'a> {
    rest: &'a [u8],
    is_whole: bool,
}

impl<'a> Reader<'a> {
    fn new(rest: &'a [u8]) -> Self {
        Reader { rest, is_whole: true }
    }

    fn take(&mut self, len: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at_checked(len).unwrap_or_else(|| {
            self.is_whole = false;
            (self.rest, &[])
        });
        self.rest = rest;
        taken
    }

    /// A value that takes a multiple of four bytes.
    fn padded(&mut self, len: usize) -> &'a [u8] {
        let value = self.take(len);
        // Some writers leave out the padding of the last value.
        self.rest = self.rest.get(len.wrapping_neg() % 4..).unwrap_or_default();
        value
    }

    fn u16(&mut self) -> u16 {
        self.take(2).first_chunk().map_or(0, |bytes| u16::from_le_bytes(*bytes))
    }

    fn u32(&mut self) -> u32 {
        self.take(4).first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes))
    }

    /// Reads one property; `None` when it cannot be told where it ends. Lists of values and named properties are passed over.
    fn property(&mut self, properties: &mut Properties<'a>) -> Option<()> {
        let (kind, id) = (self.u16(), self.u16());
        if !self.is_whole {
            return None;
        }
        if id >= id::FIRST_NAMED {
            self.name()?;
        }
        let (single, is_list) = (kind & !kind::MULTIPLE, kind & kind::MULTIPLE != 0);
        let is_variable = matches!(single, kind::STRING8 | kind::STRING | kind::OBJECT | kind::BINARY);
        let count = if is_list || is_variable { self.u32() } else { 1 };
        for idx in 0..count {
            let value = match single {
                _ if is_variable => {
                    let len = self.u32() as usize;
                    Value::variable(single, Cow::Borrowed(self.padded(len)))
                }
                kind::INTEGER16 | kind::INTEGER32 | kind::FLOAT32 | kind::ERROR | kind::BOOLEAN => Value::fixed(single, self.take(4)),
                kind::FLOAT64 | kind::CURRENCY | kind::FLOATING_TIME | kind::INTEGER64 | kind::TIME => Value::fixed(single, self.take(8)),
                kind::GUID => {
                    self.take(16);
                    None
                }
                kind::NULL if !is_list => None,
                _ => return None,
            };
            if let Some(value) = value.filter(|_| idx == 0 && !is_list && id < id::FIRST_NAMED) {
                properties.insert(id, value);
            }
            if !self.is_whole {
                return None;
            }
        }
        Some(())
    }

    /// Passes over the name of a property: a GUID, then a number or a text.
    fn name(&mut self) -> Option<()> {
        self.take(16);
        match self.u32() {
            0 => self.take(4),
            1 => {
                let len = self.u32() as usize;
                self.padded(len)
            }
            _ => return None,
        };
        self.is_whole.then_some(())
    }
}

/// attDateSent and attDateRecd (DTR structure): year, month, day, hour, minute, second, day of the week, each two bytes.
fn time(data: &[u8]) -> Option<Value<'static>> {
    let number = |idx: usize| data.get(2 * idx..)?.first_chunk().map(|bytes| u32::from(u16::from_le_bytes(*bytes)));
    let date = chrono::NaiveDate::from_ymd_opt(i32::try_from(number(0)?).ok()?, number(1)?, number(2)?)?;
    let time = date.and_hms_opt(number(3)?, number(4)?, number(5)?)?;
    let epoch = chrono::NaiveDate::from_ymd_opt(1601, 1, 1)?.and_hms_opt(0, 0, 0)?;
    let seconds = u64::try_from(time.signed_duration_since(epoch).num_seconds()).ok()?;
    Some(Value::Time(seconds.checked_mul(10_000_000)?))
}

/// attFrom (TRP structure): kind, length, lengths of name and address, then both, each with its NUL; the address as `SMTP:a@b`.
fn from<'a>(data: &'a [u8], message: &mut Properties<'a>) {
    let mut reader = Reader::new(data);
    reader.take(4);
    let (name_len, address_len) = (reader.u16(), reader.u16());
    let name = reader.take(usize::from(name_len));
    let address = reader.take(usize::from(address_len));
    message.insert(id::SENDER_NAME, Value::Narrow(Cow::Borrowed(name)));
    message.insert(id::SENDER_EMAIL_ADDRESS, Value::Narrow(Cow::Borrowed(address)));
}
