//! Messages as properties, written as `.msg` and as TNEF, for the tests.

use super::properties::kind;
use mailhound_objects::compound::{Builder, ROOT, Version};

/// A value with its type.
#[derive(Clone, Debug)]
pub(super) enum V {
    Text(&'static str),
    Narrow(&'static [u8]),
    Bytes(Vec<u8>),
    Int(i32),
    Time(u64),
}

/// A property.
pub(super) type P = (u16, V);

/// A message.
#[derive(Clone, Debug, Default)]
pub(super) struct Sample {
    pub message: Vec<P>,
    pub recipients: Vec<Vec<P>>,
    pub files: Vec<(Vec<P>, Inside)>,
}

/// What an attachment holds.
#[derive(Clone, Debug)]
pub(super) enum Inside {
    Bytes(Vec<u8>),
    Message(Sample),
    /// A storage with one stream.
    Storage(&'static str, Vec<u8>),
}

impl V {
    fn kind(&self) -> u16 {
        match self {
            V::Text(_) => kind::STRING,
            V::Narrow(_) => kind::STRING8,
            V::Bytes(_) => kind::BINARY,
            V::Int(_) => kind::INTEGER32,
            V::Time(_) => kind::TIME,
        }
    }

    fn bytes(&self) -> Vec<u8> {
        match self {
            V::Text(text) => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            V::Narrow(bytes) => bytes.to_vec(),
            V::Bytes(bytes) => bytes.clone(),
            V::Int(number) => number.to_le_bytes().to_vec(),
            V::Time(time) => time.to_le_bytes().to_vec(),
        }
    }

    fn is_fixed(&self) -> bool {
        matches!(self, V::Int(_) | V::Time(_))
    }
}

/// The message as a `.msg` file.
pub(super) fn msg(sample: &Sample) -> Vec<u8> {
    let mut file = Builder::new(Version::V3, [0; 16]);
    storage(&mut file, ROOT, sample, 32);
    file.finish()
}

fn storage(file: &mut Builder, at: usize, sample: &Sample, header: usize) {
    object(file, at, header, &sample.message);
    for (idx, row) in sample.recipients.iter().enumerate() {
        let row_at = file.storage(at, &format!("__recip_version1.0_#{idx:08X}"), [0; 16]);
        object(file, row_at, 8, row);
    }
    for (idx, (properties, inside)) in sample.files.iter().enumerate() {
        let file_at = file.storage(at, &format!("__attach_version1.0_#{idx:08X}"), [0; 16]);
        object(file, file_at, 8, properties);
        match inside {
            Inside::Bytes(bytes) => file.stream(file_at, "__substg1.0_37010102", bytes.clone()),
            Inside::Message(inner) => {
                let inner_at = file.storage(file_at, "__substg1.0_3701000D", [0; 16]);
                storage(file, inner_at, inner, 24);
            }
            Inside::Storage(name, bytes) => {
                let inner_at = file.storage(file_at, "__substg1.0_3701000D", [5; 16]);
                file.stream(inner_at, name, bytes.clone());
            }
        }
    }
}

fn object(file: &mut Builder, at: usize, header: usize, properties: &[P]) {
    let mut list = vec![0; header];
    for (id, value) in properties {
        let bytes = value.bytes();
        list.extend([value.kind().to_le_bytes(), id.to_le_bytes()].concat());
        list.extend(6u32.to_le_bytes());
        if value.is_fixed() {
            list.extend(&bytes);
            list.resize(list.len().next_multiple_of(8), 0);
        } else {
            list.extend((bytes.len() as u64).to_le_bytes());
            file.stream(at, &format!("__substg1.0_{id:04X}{:04X}", value.kind()), bytes);
        }
    }
    file.stream(at, "__properties_version1.0", list);
}

/// The message as a TNEF stream.
pub(super) fn tnef(sample: &Sample) -> Vec<u8> {
    let mut out = [0x78, 0x9F, 0x3E, 0x22, 1, 0].to_vec();
    attribute(&mut out, 0x0008_9006, &[0, 0, 1, 0]);
    let rows: Vec<u8> = sample.recipients.iter().flat_map(|row| list(row)).collect();
    attribute(&mut out, 0x0006_9004, &[&(sample.recipients.len() as u32).to_le_bytes()[..], &rows].concat());
    attribute(&mut out, 0x0006_9003, &list(&sample.message));
    for (properties, inside) in &sample.files {
        attribute(&mut out, 0x0006_9002, &[0; 14]);
        let mut properties = list(properties);
        match inside {
            Inside::Bytes(bytes) => attribute(&mut out, 0x0006_800F, bytes),
            Inside::Message(inner) => {
                let inner = tnef(inner);
                add_object(&mut properties, b"\x07\x03\x02\0\0\0\0\0\xC0\0\0\0\0\0\0\x46", &inner);
            }
            Inside::Storage(name, bytes) => {
                let mut file = Builder::new(Version::V3, [5; 16]);
                file.stream(ROOT, name, bytes.clone());
                add_object(&mut properties, b"\x0B\0\0\0\0\0\0\0\xC0\0\0\0\0\0\0\x46", &file.finish());
            }
        }
        attribute(&mut out, 0x0006_9005, &properties);
    }
    out
}

/// Adds an attribute with its checksum.
pub(super) fn attribute(out: &mut Vec<u8>, tag: u32, data: &[u8]) {
    out.push(if matches!(tag & 0xFFFF, 0x800F..=0x8013 | 0x9001 | 0x9002 | 0x9005) { 2 } else { 1 });
    out.extend([tag.to_le_bytes(), (data.len() as u32).to_le_bytes()].concat());
    out.extend_from_slice(data);
    out.extend(data.iter().fold(0u16, |sum, &byte| sum.wrapping_add(u16::from(byte))).to_le_bytes());
}

/// A counted list of properties.
pub(super) fn list(properties: &[P]) -> Vec<u8> {
    let mut out = (properties.len() as u32).to_le_bytes().to_vec();
    for (id, value) in properties {
        out.extend([value.kind().to_le_bytes(), id.to_le_bytes()].concat());
        let bytes = value.bytes();
        if !value.is_fixed() {
            let end: &[u8] = match value {
                V::Text(_) => &[0, 0],
                V::Narrow(_) => &[0],
                _ => &[],
            };
            out.extend([1u32.to_le_bytes(), ((bytes.len() + end.len()) as u32).to_le_bytes()].concat());
            out.extend(bytes);
            out.extend(end);
        } else {
            out.extend(bytes);
        }
        out.resize(out.len().next_multiple_of(4), 0);
    }
    out
}

/// Adds the object of an attachment to its list.
fn add_object(list: &mut Vec<u8>, class: &[u8; 16], bytes: &[u8]) {
    let count = list.first_chunk().map_or(0, |count| u32::from_le_bytes(*count)) + 1;
    list.splice(..4, count.to_le_bytes());
    list.extend([kind::OBJECT.to_le_bytes(), 0x3701u16.to_le_bytes()].concat());
    list.extend([1u32.to_le_bytes(), (16 + bytes.len() as u32).to_le_bytes()].concat());
    list.extend_from_slice(class);
    list.extend_from_slice(bytes);
    list.resize(list.len().next_multiple_of(4), 0);
}
