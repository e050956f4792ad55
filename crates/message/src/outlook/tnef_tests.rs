//! What only TNEF has: attributes older than properties, lists and names of properties, checksums.

use super::properties::id;
use super::samples::{Sample, V, attribute, list, tnef};
use super::tnef_to_eml;
use crate::{Message, Options, parse};
use mailhound_value::Limits;

/// A stream of these attributes, read.
fn attributes(attributes: &[(u32, &[u8])]) -> (Message, Vec<String>) {
    let mut stream = b"\x78\x9F\x3E\x22\x01\0".to_vec();
    attributes.iter().for_each(|(tag, data)| attribute(&mut stream, *tag, data));
    let (eml, errors) = tnef_to_eml(&stream, &Limits::default()).expect("it is TNEF");
    (parse(&eml, &Options::default()), errors.into_iter().map(|error| error.message).collect())
}

#[test]
fn attributes_of_old_tnef_are_read() {
    let from = b"\x04\0\x10\0\x04\0\x11\0Ann\0SMTP:ann@b.exam\0";
    let (found, errors) = attributes(&[
        (0x0006_9007, b"\xe3\x04\0\0\0\0\0\0"),
        (0x0001_8004, b"\xcf\xf0\xe8\0"),
        (0x0000_8000, from),
        (0x0003_8005, b"\xe8\x07\x03\0\x01\0\x0c\0\x1e\0\0\0\x05\0"),
        (0x0002_800C, b"text\0"),
        (0x0006_800F, b"before its name"),
        (0x0001_8010, b"a.txt\0"),
        (0x0006_9002, &[0; 14]),
        (0x0001_8010, b"b.txt\0"),
        (0x0006_800F, b"bytes"),
    ]);
    assert_eq!(errors, Vec::<String>::new());
    assert_eq!(found.subject.subject.as_deref(), Some("При"));
    assert_eq!(found.sender.map(|from| (from.display_name, from.email.email)), Some((Some("Ann".to_owned()), "ann@b.exam".to_owned())));
    assert_eq!(found.headers.date.as_deref(), Some("2024-03-01T12:30:00Z"));
    assert_eq!(found.body.plain.map(|plain| plain.raw).as_deref(), Some("text"));
    let files: Vec<_> = found.attachments.iter().map(|file| (file.file_name.as_deref().unwrap_or("-"), file.size)).collect();
    assert_eq!(files, [("a.txt", 15), ("b.txt", 5)]);
}

#[test]
fn lists_and_names_of_properties_are_passed_over() {
    let mut properties = 6u32.to_le_bytes().to_vec();
    properties.extend(b"\x1f\x00\x01\x80AAAAAAAAAAAAAAAA\x01\0\0\0\x06\0\0\0a\0b\0\0\0\0\0\x01\0\0\0\x04\0\0\0n\0\0\0"); // named by text
    properties.extend(b"\x03\x00\x02\x80AAAAAAAAAAAAAAAA\0\0\0\0\x07\0\0\0\x01\0\0\0"); // named by number
    properties.extend(b"\x1e\x10\x01\x60\x02\0\0\0\x02\0\0\0a\0\0\0\x02\0\0\0b\0\0\0"); // two texts
    properties.extend(b"\x48\x00\x02\x60BBBBBBBBBBBBBBBB"); // a GUID
    properties.extend(b"\x01\x00\x03\x60"); // null
    properties.extend(&list(&[(id::SUBJECT, V::Text("Found"))])[4..]);
    let (found, errors) = attributes(&[(0x0006_9003, &properties)]);
    assert_eq!((found.subject.subject.as_deref(), errors.len()), (Some("Found"), 0));
}

#[test]
fn what_is_wrong_with_tnef_is_named() {
    let subject = list(&[(id::SUBJECT, V::Text("Found"))]);
    let endless = [&u32::MAX.to_le_bytes()[..], &subject[4..]].concat();
    let unknown = [&2u32.to_le_bytes()[..], &subject[4..], b"\x77\x07\x01\x60\x01\0\0\0"].concat();
    let null_list = [&2u32.to_le_bytes()[..], &subject[4..], b"\x01\x10\x01\x60\xff\xff\xff\xff"].concat();
    for properties in [endless, unknown, null_list] {
        let (found, errors) = attributes(&[(0x0006_9003, &properties), (0x0006_9004, b"\xff\xff\xff\xff\x01\0\0\0")]);
        assert_eq!((found.subject.subject.as_deref(), errors.len()), (Some("Found"), 1), "{errors:?}");
        assert!(errors[0].contains("cannot be read to its end"));
    }
    let sample = Sample { message: vec![(id::SUBJECT, V::Text("Found"))], ..Sample::default() };
    let mut stream = tnef(&sample);
    let end = stream.len() - 1;
    stream[end] ^= 1;
    let (_, errors) = tnef_to_eml(&stream, &Limits::default()).expect("it is TNEF");
    assert_eq!(errors.iter().map(|error| error.r#type.as_str()).collect::<Vec<_>>(), ["malformed_container"]);
    assert!(errors[0].message.contains("checksum"));
}

/// A message with this text and a winmail.dat that holds a text and a file.
fn with_winmail(text: &str) -> Message {
    let mut stream = b"\x78\x9F\x3E\x22\x01\0".to_vec();
    for (tag, data) in [(0x0002_800C, &b"inner text\0"[..]), (0x0006_9002, &[0; 14]), (0x0001_8010, b"a.txt\0"), (0x0006_800F, b"bytes")] {
        attribute(&mut stream, tag, data);
    }
    let head = "From: a@b.example\nContent-Type: multipart/mixed; boundary=m\n\n--m\n";
    let part = "--m\nContent-Type: application/ms-tnef; name=winmail.dat\n\n";
    let text = if text.is_empty() { String::new() } else { format!("Content-Type: text/plain\n\n{text}\n") };
    parse(&[format!("{head}{text}{part}").as_bytes(), &stream, b"\n--m--\n"].concat(), &Options::default())
}

#[test]
fn times_of_properties_count_more_than_those_of_attributes() {
    let submitted = list(&[(id::CLIENT_SUBMIT_TIME, V::Time(133_537_698_000_000_000))]); // 2024-03-01 12:30 UTC
    let (found, _) = attributes(&[(0x0003_8005, b"\xe8\x07\x03\0\x01\0\x05\0\x1e\0\0\0\x05\0"), (0x0006_9003, &submitted)]);
    assert_eq!(found.headers.date.as_deref(), Some("2024-03-01T12:30:00Z"));
}

#[test]
fn winmail_dat_by_itself_is_a_message() {
    let mut stream = b"\x78\x9F\x3E\x22\x01\0".to_vec();
    attribute(&mut stream, 0x0002_800C, b"inner text\0");
    assert!(crate::is_message(&stream));
    let model = parse(&stream, &Options::default());
    assert_eq!(model.body.plain.map(|plain| plain.raw).as_deref(), Some("inner text"));
}

#[test]
fn winmail_dat_is_opened_into_its_parts() {
    let names = |model: &Message| model.attachments.iter().map(|it| it.file_name.clone().unwrap_or_default()).collect::<Vec<_>>();
    let body = |model: &Message| model.body.plain.as_ref().map(|plain| plain.raw.clone()).unwrap_or_default();
    let same = with_winmail("inner  text");
    assert_eq!((body(&same).as_str(), names(&same)), ("inner  text", vec!["winmail.dat".to_owned(), "a.txt".to_owned()]));
    assert_eq!(same.attachments[1].content, b"bytes");
    let other = with_winmail("outer text");
    assert_eq!((body(&other).as_str(), names(&other).len()), ("outer text", 3));
    assert_eq!(other.attachments[1].content, b"inner text");
}
