//! `.msg` files: a message in a compound file ([MS-OXMSG]).
//!
//! Each object (the message, a recipient, an attachment, an attached message) is a storage. Its values of fixed length stand in one stream of
//! 16 bytes for each property, every other value is a stream that is named by its id and type.

use super::defect::{Defect, note};
use super::item::{Content, Item, max_recipients};
use super::properties::{Properties, Value, id, kind};
use mailhound_objects::compound::{Compound, Kind, ROOT, SIGNATURE};
use mailhound_value::Limits;
use std::borrow::Cow;
use std::collections::HashMap;

/// The stream of properties of every storage ([MS-OXMSG] §2.4).
const PROPERTIES: &str = "__properties_version1.0";
/// Prefix of the stream of one value; eight hexadecimal digits of id and type follow (§2.1.3).
const VALUE: &str = "__substg1.0_";
const RECIPIENT: &str = "__recip_version1.0_#";
const ATTACHMENT: &str = "__attach_version1.0_#";

/// The stream or storage of what an attachment holds: its bytes, or an object.
const OBJECT: &str = "__substg1.0_3701000D";

/// Bytes before the properties in the stream of a message, an attached message, and of everything else (§2.4.1).
const TOP_HEADER: usize = 32;
const INNER_HEADER: usize = 24;
const OTHER_HEADER: usize = 8;

/// True when the bytes are a compound file that holds a message. Costs a look at its directory.
pub(crate) fn is_msg(bytes: &[u8]) -> bool {
    bytes.starts_with(SIGNATURE) && Compound::open(bytes).is_some_and(|file| has_message(&file, ROOT))
}

/// True when a storage is a message. A damaged directory may have lost the list of properties and still have values.
fn has_message(file: &Compound<'_>, storage: usize) -> bool {
    let names = file.children(storage).iter().filter_map(|&child| file.entry(child)).map(|entry| entry.name.as_str());
    names.into_iter().any(|name| name.eq_ignore_ascii_case(PROPERTIES) || suffix(name, VALUE).is_some())
}

/// What follows a prefix; letter case does not count.
fn suffix<'a>(name: &'a str, prefix: &str) -> Option<&'a str> {
    name.get(..prefix.len()).filter(|head| head.eq_ignore_ascii_case(prefix)).and_then(|head| name.get(head.len()..))
}

/// Reads the message; `None` when the bytes hold none.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Option<Item> {
    let file = Compound::open(bytes).filter(|file| has_message(file, ROOT))?;
    let defects = file.defects().iter().copied().map(Defect::Compound).collect();
    let mut reader = Reader { file, limits, defects, files: 0, left: limits.message_bytes };
    let item = reader.message(ROOT, TOP_HEADER, 0, None);
    Some(Item { defects: reader.defects, ..item })
}

struct Reader<'a, 'l> {
    file: Compound<'a>,
    limits: &'l Limits,
    defects: Vec<Defect>,
    /// Attachments so far, those of attached messages too.
    files: usize,
    /// Bytes that attachments may still have.
    left: usize,
}

impl Reader<'_, '_> {
    fn message(&mut self, storage: usize, header: usize, depth: usize, code_page: Option<i64>) -> Item {
        let mut message = self.properties(storage, header);
        message.code_page = message.own_code_page().or(code_page);
        let mut rows = self.storages(storage, RECIPIENT);
        if rows.len() > max_recipients(self.limits) {
            note(&mut self.defects, Defect::TooManyRecipients);
            rows.truncate(max_recipients(self.limits));
        }
        let recipients: Vec<_> = rows.into_iter().map(|row| self.object(row, message.code_page)).collect();
        let mut files = Vec::new();
        for attachment in self.storages(storage, ATTACHMENT) {
            if self.files >= self.limits.message_parts {
                note(&mut self.defects, Defect::TooManyFiles);
                break;
            }
            self.files += 1;
            let mut properties = self.object(attachment, message.code_page);
            files.extend(self.content(attachment, &mut properties, depth).map(|content| (properties, content)));
        }
        Item::new(&message, &recipients, files, self.limits, &mut self.defects)
    }

    /// What an attachment holds; `None` when a limit leaves it out.
    fn content(&mut self, attachment: usize, properties: &mut Properties<'_>, depth: usize) -> Option<Content> {
        let object = self.file.find(attachment, OBJECT).filter(|&object| self.is_storage(object));
        let bytes = match object {
            Some(object) if has_message(&self.file, object) => {
                if depth + 1 >= self.limits.message_depth {
                    note(&mut self.defects, Defect::TooDeep);
                    return None;
                }
                return Some(Content::Item(Box::new(self.message(object, INNER_HEADER, depth + 1, properties.code_page))));
            }
            Some(object) if self.file.children(object).is_empty() => Vec::new(),
            Some(object) => self.file.storage_file(object),
            None => match properties.take(id::ATTACH_DATA) {
                Some(Value::Binary(bytes) | Value::Object(bytes)) => bytes.into_owned(),
                _ => Vec::new(), // a link to a file elsewhere
            },
        };
        let Some(left) = self.left.checked_sub(bytes.len()) else {
            note(&mut self.defects, Defect::TooManyBytes);
            return None;
        };
        self.left = left;
        Some(Content::Bytes(bytes))
    }

    fn is_storage(&self, idx: usize) -> bool {
        self.file.entry(idx).is_some_and(|entry| entry.kind == Kind::Storage)
    }

    /// The storages of this prefix, in the order of their numbers.
    fn storages(&self, parent: usize, prefix: &str) -> Vec<usize> {
        let number = |idx: &usize| u32::from_str_radix(suffix(&self.file.entry(*idx)?.name, prefix)?, 16).ok();
        let children = self.file.children(parent).iter().copied().filter(|&child| self.is_storage(child));
        let mut storages: Vec<(u32, usize)> = children.filter_map(|child| Some((number(&child)?, child))).collect();
        storages.sort_unstable();
        storages.into_iter().map(|(_, storage)| storage).collect()
    }

    fn object(&mut self, storage: usize, code_page: Option<i64>) -> Properties<'static> {
        let mut properties = self.properties(storage, OTHER_HEADER);
        properties.code_page = code_page;
        properties
    }

    /// The properties of a storage. Values that its list names come before others of the same id, as a mail program sees only those.
    fn properties(&mut self, storage: usize, header: usize) -> Properties<'static> {
        let mut properties = Properties::default();
        let mut listed = self.list(storage, header, &mut properties);
        let tags: Vec<(u32, usize)> = self.file.children(storage).iter().filter_map(|&child| Some((self.tag(child)?, child))).collect();
        let (first, then): (Vec<_>, Vec<_>) = tags.into_iter().partition(|(tag, _)| listed.contains_key(tag));
        for (tag, child) in first.into_iter().chain(then) {
            let (id, kind) = ((tag >> 16) as u16, tag as u16);
            if id >= id::FIRST_NAMED || !matches!(kind, kind::STRING | kind::STRING8 | kind::BINARY | kind::OBJECT) {
                continue;
            }
            let content = self.file.content(child);
            // The list counts the NUL that ends a text, which the stream does not have (§2.4.2.2).
            let promised = listed.remove(&tag).filter(|_| kind == kind::BINARY).unwrap_or_default();
            if !content.is_whole || content.bytes.len() < promised {
                note(&mut self.defects, Defect::ShortValue);
            }
            if let Some(value) = Value::variable(kind, Cow::Owned(content.bytes)) {
                properties.insert(id, value);
            }
        }
        if listed.values().any(|&len| len > MAX_IMPLIED) {
            note(&mut self.defects, Defect::ShortValue);
        }
        properties
    }

    /// Reads the list: values of fixed length are added, for the others their length is given by tag.
    fn list(&mut self, storage: usize, header: usize, properties: &mut Properties<'_>) -> HashMap<u32, usize> {
        let mut listed = HashMap::new();
        let Some(stream) = self.file.find(storage, PROPERTIES) else {
            note(&mut self.defects, Defect::Properties);
            return listed;
        };
        let content = self.file.content(stream);
        let rows = content.bytes.get(header..).unwrap_or_default().chunks_exact(16);
        if !content.is_whole || content.bytes.len() < header || !rows.remainder().is_empty() {
            note(&mut self.defects, Defect::Properties);
        }
        for row in rows {
            let (tag, value) = (u32_of(row), row.get(8..).unwrap_or_default());
            let (id, kind) = ((tag >> 16) as u16, tag as u16);
            if id >= id::FIRST_NAMED {
                continue;
            }
            match kind {
                kind::STRING | kind::STRING8 | kind::BINARY => _ = listed.insert(tag, u32_of(value) as usize),
                kind => Value::fixed(kind, value).into_iter().for_each(|value| properties.insert(id, value)),
            }
        }
        listed
    }

    /// The tag of the value that a stream holds.
    fn tag(&self, child: usize) -> Option<u32> {
        let entry = self.file.entry(child).filter(|entry| entry.kind == Kind::Stream)?;
        let digits = suffix(&entry.name, VALUE).filter(|digits| digits.len() == 8)?;
        u32::from_str_radix(digits, 16).ok()
    }
}

/// Length of a text that may be listed without having a stream: nothing but its NUL.
const MAX_IMPLIED: usize = 2;

fn u32_of(bytes: &[u8]) -> u32 {
    bytes.first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes))
}
