//! What a user sees of Outlook messages in the model. Every sample is read from both containers.

use super::properties::id;
use super::samples::{Inside, P, Sample, V, msg, tnef};
use super::{tnef_to_eml, unpack};
use crate::{Message, Options, is_message, parse};
use mailhound_value::{Limits, ToValue, Unavailable, to_json};
use serde_json::{Value as Json, json};

/// The model of a sample, which is the same from both containers.
#[track_caller]
fn model(sample: &Sample) -> Message {
    model_within(sample, &Limits::default())
}

#[track_caller]
fn model_within(sample: &Sample, limits: &Limits) -> Message {
    let options = Options { limits: limits.clone(), ..Options::default() };
    let from_msg = parse(&msg(sample), &options);
    let (eml, errors) = tnef_to_eml(&tnef(sample), limits).expect("it is TNEF");
    let mut from_tnef = parse(&eml, &options);
    from_tnef.defects.splice(0..0, errors);
    let headers = ["/headers/from", "/headers/date", "/headers/message_id", "/headers/references", "/headers/reply_to", "/headers/mailer"];
    for part in ["/subject", "/sender", "/recipients", "/body/plain", "/body/html", "/_errors"].into_iter().chain(headers) {
        assert_eq!(json_of(&from_msg).pointer(part), json_of(&from_tnef).pointer(part), "{part}");
    }
    let files = |message: &Message| message.attachments.iter().map(|file| (file.file_name.clone(), file.size)).collect::<Vec<_>>();
    let outer = |sample: &Sample| sample.files.iter().all(|(_, inside)| matches!(inside, Inside::Bytes(_)));
    if outer(sample) {
        assert_eq!(files(&from_msg), files(&from_tnef));
    }
    from_msg
}

fn json_of(message: &Message) -> Json {
    to_json(message.to_value(), &mut Vec::new())
}

#[track_caller]
fn check(message: Vec<P>, recipients: Vec<Vec<P>>, path: &str, expected: Json) {
    let found = json_of(&model(&Sample { message, recipients, files: vec![] })).pointer(path).cloned().unwrap_or_default();
    assert_eq!(found, expected, "{path}");
}

fn file(properties: Vec<P>, bytes: &[u8]) -> (Vec<P>, Inside) {
    (properties, Inside::Bytes(bytes.to_vec()))
}

fn person(kind: i32, name: &'static str, address: &'static str) -> Vec<P> {
    vec![(id::RECIPIENT_TYPE, V::Int(kind)), (id::DISPLAY_NAME, V::Text(name)), (id::SMTP_ADDRESS, V::Text(address))]
}

/// 2024-03-01 12:30:00 UTC.
const NOON: u64 = 133_537_698_000_000_000;

fn ordinary() -> Sample {
    Sample {
        message: vec![
            (id::MESSAGE_CLASS, V::Text("IPM.Note")),
            (id::SUBJECT, V::Text("RE: Grüße")),
            (id::SENDER_NAME, V::Text("Ann Other")),
            (id::SENDER_SMTP_ADDRESS, V::Text("ann@example.com")),
            (id::CLIENT_SUBMIT_TIME, V::Time(NOON)),
            (id::INTERNET_MESSAGE_ID, V::Text("<1@example.com>")),
            (id::IN_REPLY_TO_ID, V::Text("<0@example.com>")),
            (id::INTERNET_REFERENCES, V::Text("<a@b> <0@example.com>")),
            (id::BODY, V::Text("Hello\r\n\r\n--x\r\nworld €\r\n")),
            (id::INTERNET_CODEPAGE, V::Int(1252)),
            (id::HTML, V::Bytes(b"<p>Hello <b>world \x80</b><img src=\"cid:logo@1\">".to_vec())),
        ],
        recipients: vec![person(1, "Bob", "bob@example.org"), person(2, "Cy", "cy@example.org"), person(3, "Di", "di@example.org")],
        files: vec![
            file(vec![(id::ATTACH_LONG_FILENAME, V::Text("a.bin")), (id::ATTACH_FILENAME, V::Text("A~1.BIN"))], b"\0\x01\r\n--\r\n\r\n"),
            file(
                vec![
                    (id::DISPLAY_NAME, V::Text("logo.png")),
                    (id::ATTACH_MIME_TAG, V::Text("image/png")),
                    (id::ATTACH_CONTENT_ID, V::Text("logo@1")),
                ],
                b"\x89PNG\r\n\x1a\n",
            ),
        ],
    }
}

#[test]
fn a_message_is_read() {
    let found = json_of(&model(&ordinary()));
    for (path, expected) in [
        ("/_errors", json!([])),
        ("/subject/subject", json!("RE: Grüße")),
        ("/sender/display_name", json!("Ann Other")),
        ("/sender/email/email", json!("ann@example.com")),
        ("/recipients/to/0/email/email", json!("bob@example.org")),
        ("/recipients/cc/0/display_name", json!("Cy")),
        ("/recipients/bcc/0/email/email", json!("di@example.org")),
        ("/headers/date", json!("2024-03-01T12:30:00Z")),
        ("/headers/message_id", json!("<1@example.com>")),
        ("/headers/in_reply_to", json!("<0@example.com>")),
        ("/headers/references", json!(["a@b", "0@example.com"])),
        ("/body/plain/raw", json!("Hello\r\n\r\n--x\r\nworld €\r\n")),
        ("/body/html/raw", json!("<p>Hello <b>world €</b><img src=\"cid:logo@1\">")),
        ("/attachments/0/file_name", json!("logo.png")),
        ("/attachments/0/content_disposition", json!("inline")),
        ("/attachments/0/content_id", json!("logo@1")),
        ("/attachments/0/content_type", json!("image/png")),
        ("/attachments/0/file_type", json!("png")),
        ("/attachments/1/file_name", json!("a.bin")),
        ("/attachments/1/content_disposition", json!("attachment")),
        ("/attachments/1/raw", json!("AAENCi0tDQoNCg==")),
    ] {
        assert_eq!(found.pointer(path), Some(&expected), "{path}");
    }
}

#[test]
fn an_outlook_file_is_a_message() {
    assert!(is_message(&msg(&ordinary())));
    assert!(is_message(&msg(&Sample::default())));
    let mut other = mailhound_objects::compound::Builder::new(mailhound_objects::compound::Version::V3, [0; 16]);
    other.stream(0, "WordDocument", vec![1; 5000]);
    let other = other.finish();
    assert!(!is_message(&other) && unpack(&other, &Limits::default()).is_none());
}

#[test]
fn texts_in_code_pages_are_decoded() {
    let message =
        |page: i32| vec![(id::MESSAGE_CODEPAGE, V::Int(page)), (id::SUBJECT, V::Narrow(b"\xcf\xf0\xe8")), (id::BODY, V::Narrow(b"\xe4"))];
    check(message(1251), vec![], "/subject/subject", json!("При"));
    check(message(1252), vec![], "/body/plain/raw", json!("ä"));
    let row = vec![(id::DISPLAY_NAME, V::Narrow(b"\xcf")), (id::SMTP_ADDRESS, V::Narrow(b"a@b.example"))];
    check(message(1251), vec![row], "/recipients/to/0/display_name", json!("П"));
}

#[test]
fn internet_addresses_come_before_those_of_exchange() {
    let exchange = |row: Vec<P>| [row, vec![(id::ADDRESS_TYPE, V::Text("EX")), (id::EMAIL_ADDRESS, V::Text("/O=X/CN=@BOB"))]].concat();
    check(vec![], vec![exchange(person(1, "Bob", "bob@b.example"))], "/recipients/to/0/email/email", json!("bob@b.example"));
    check(vec![], vec![exchange(vec![(id::DISPLAY_NAME, V::Text("Bob"))])], "/recipients/to/0/email/email", json!(""));
    check(vec![], vec![exchange(vec![(id::DISPLAY_NAME, V::Text("Bob"))])], "/recipients/to/0/display_name", json!("Bob"));
    let smtp = vec![(id::ADDRESS_TYPE, V::Text("SMTP")), (id::EMAIL_ADDRESS, V::Text("smtp:bob@b.example"))];
    check(vec![], vec![smtp], "/recipients/to/0/email/email", json!("bob@b.example"));
    let entry = vec![(id::ENTRY_ID, V::Bytes(one_off("Bob", "SMTP", "bob@b.example")))];
    check(vec![], vec![entry], "/recipients/to/0/email/email", json!("bob@b.example"));
    check(vec![(id::DISPLAY_TO, V::Text("Bob; c@d.example"))], vec![], "/recipients/to/0/display_name", json!("Bob"));
    check(vec![(id::DISPLAY_TO, V::Text("Bob; c@d.example"))], vec![], "/recipients/to/1/email/email", json!("c@d.example"));
}

/// A one-off entry id ([MS-OXCDATA] §2.2.5.1).
fn one_off(name: &str, kind: &str, address: &str) -> Vec<u8> {
    let mut entry = b"\0\0\0\0\x81\x2B\x1F\xA4\xBE\xA3\x10\x19\x9D\x6E\x00\xDD\x01\x0F\x54\x02\0\0\x01\x90".to_vec();
    for text in [name, kind, address] {
        entry.extend(text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes));
    }
    entry
}

#[test]
fn answers_go_where_the_message_says() {
    let mut entries = [2u32.to_le_bytes(), 0u32.to_le_bytes()].concat();
    for entry in [one_off("Eve", "SMTP", "eve@evil.example"), one_off("X", "EX", "/O=X"), one_off("", "SMTP", "f@g.example")] {
        entries.extend((entry.len() as u32).to_le_bytes());
        entries.extend(entry);
        entries.resize(entries.len().next_multiple_of(4), 0);
    }
    let message = vec![(id::REPLY_RECIPIENT_ENTRIES, V::Bytes(entries))];
    check(message.clone(), vec![], "/headers/reply_to/0/email/email", json!("eve@evil.example"));
    check(message.clone(), vec![], "/headers/reply_to/0/display_name", json!("Eve"));
    check(message.clone(), vec![], "/headers/reply_to/1/display_name", json!("X"));
    check(message, vec![], "/headers/reply_to/2/email/email", json!("f@g.example"));
}

#[test]
fn a_message_is_from_whom_it_stands_for() {
    let message = vec![
        (id::SENDER_NAME, V::Text("Secretary")),
        (id::SENDER_SMTP_ADDRESS, V::Text("s@b.example")),
        (id::SENT_REPRESENTING_NAME, V::Text("Boss")),
        (id::SENT_REPRESENTING_SMTP_ADDRESS, V::Text("b@b.example")),
    ];
    check(message.clone(), vec![], "/sender/email/email", json!("b@b.example"));
    let eml = unpack(&msg(&Sample { message, ..Sample::default() }), &Limits::default()).expect("it is one").eml;
    assert!(String::from_utf8_lossy(&eml).contains("Sender: \"Secretary\" <s@b.example>\r\n"));
}

#[test]
fn one_person_may_have_the_address_in_either_place() {
    let names = [(id::SENT_REPRESENTING_NAME, V::Text("Ada")), (id::SENDER_NAME, V::Text("Ada"))];
    let found = |smtp| [&names[..], &[(smtp, V::Text("ada@b.example"))]].concat();
    for smtp in [id::SENT_REPRESENTING_SMTP_ADDRESS, id::SENDER_SMTP_ADDRESS] {
        check(found(smtp), vec![], "/sender/email/email", "ada@b.example".into());
    }
}

#[test]
fn a_picture_in_rtf_does_not_hide_the_text_behind_it() {
    let picture = "00".repeat(1000);
    let rtf = format!("{{\\rtf1\\ansi Dear,\\par {{\\pict {picture}}}see http://www.example.com }}");
    let sample = Sample { message: vec![(id::RTF_COMPRESSED, V::Bytes(rtf.into_bytes()))], ..Sample::default() };
    let found = model_within(&sample, &Limits { message_text: 200, ..Limits::default() });
    assert_eq!(found.body.links().len(), 1);
}

#[test]
fn subjects_and_dates_have_several_places() {
    let subject = |message: Vec<P>, expected: &str| check(message, vec![], "/subject/subject", json!(expected));
    subject(vec![(id::SUBJECT_PREFIX, V::Text("RE: ")), (id::NORMALIZED_SUBJECT, V::Text("Hi"))], "RE: Hi");
    subject(vec![(id::SUBJECT, V::Text("\u{1}\u{5}RE: Hi"))], "RE: Hi");
    subject(vec![(id::SUBJECT, V::Text("a =?utf-8?q?b?= c"))], "a =?utf-8?q?b?= c");
    let date = |message: Vec<P>, expected: Json| check(message, vec![], "/headers/date", expected);
    date(vec![(id::MESSAGE_DELIVERY_TIME, V::Time(NOON))], json!("2024-03-01T12:30:00Z"));
    for time in [0, u64::MAX, 0x7FFF_FFFF_FFFF_FFFF] {
        date(vec![(id::CLIENT_SUBMIT_TIME, V::Time(time)), (id::MESSAGE_DELIVERY_TIME, V::Time(NOON))], json!("2024-03-01T12:30:00Z"));
    }
}

#[test]
fn the_transported_header_comes_first_and_the_rest_is_filled_in() {
    let headers = "Microsoft Mail Internet Headers Version 2.0\r\nReceived: from a by b; Fri, 1 Mar 2024 10:00:00 +0100\r\n\
        From: =?utf-8?q?Al?=\r\n <al@b.example>\r\nContent-Type: multipart/mixed; boundary=x\r\nMIME-Version: 1.0\r\nX-Mailer: Test 1\r\n\r\nX-Not: seen";
    let message = vec![
        (id::TRANSPORT_MESSAGE_HEADERS, V::Text(headers)),
        (id::SENDER_SMTP_ADDRESS, V::Text("no@b.example")),
        (id::SUBJECT, V::Text("Hi")),
        (id::BODY, V::Text("x")),
    ];
    check(message.clone(), vec![], "/sender/email/email", json!("al@b.example"));
    check(message.clone(), vec![], "/sender/display_name", json!("Al"));
    check(message.clone(), vec![], "/subject/subject", json!("Hi"));
    check(message.clone(), vec![], "/headers/mailer", json!("Test 1"));
    check(message.clone(), vec![], "/headers/hops/0/received/time", json!("2024-03-01T09:00:00Z"));
    check(message.clone(), vec![], "/body/plain/raw", json!("x"));
    check(message, vec![person(1, "", "bob@b.example")], "/recipients/to/0/email/email", json!("bob@b.example"));
}

#[test]
fn values_make_no_header_fields() {
    let evil = "a\r\nBcc: evil@b.example\r\n\r\n--x\0\u{85}y\u{b}z\n";
    let everywhere =
        [id::SUBJECT, id::INTERNET_MESSAGE_ID, id::INTERNET_REFERENCES, id::CONVERSATION_TOPIC, id::SENDER_NAME, id::DISPLAY_CC];
    let mut message: Vec<P> = everywhere.into_iter().map(|id| (id, V::Text(evil))).collect();
    message.push((id::SENDER_SMTP_ADDRESS, V::Text("s@b.example>\r\nBcc: evil@b.example\r\n, <t@b.example")));
    message.push((id::BODY, V::Text("body")));
    let names = [id::ATTACH_LONG_FILENAME, id::ATTACH_MIME_TAG, id::ATTACH_CONTENT_ID, id::ATTACH_CONTENT_LOCATION];
    let files = vec![file(names.into_iter().map(|id| (id, V::Text(evil))).collect(), b"content")];
    let row = vec![(id::DISPLAY_NAME, V::Text("\"x\\\" <e@b.example>, \r\ny")), (id::SMTP_ADDRESS, V::Text("to@b.example"))];
    let found = model(&Sample { message, recipients: vec![row], files });
    assert_eq!(found.recipients.bcc.len(), 0);
    assert_eq!(found.recipients.to.iter().map(|to| to.email.email.as_str()).collect::<Vec<_>>(), ["to@b.example"]);
    assert_eq!(found.recipients.to[0].display_name.as_deref(), Some("\"x\\\" <e@b.example>, y"));
    assert_eq!(found.subject.subject.as_deref(), Some("a Bcc: evil@b.example --x y z"));
    assert_eq!(found.sender.map(|sender| sender.email.email).as_deref(), Some("s@b.example"));
    assert_eq!(found.body.plain.map(|plain| plain.raw).as_deref(), Some("body"));
    assert_eq!((found.attachments.len(), found.attachments[0].bytes()), (1, &b"content"[..]));
    assert_eq!(found.attachments[0].content_type.as_deref(), Some("application/octet-stream"));
}

#[test]
fn names_survive_exactly() {
    for name in [
        "plain name.txt",
        "Grüße €.pdf",
        "a\"b;c\\d.exe",
        "=?utf-8?q?x?=.txt",
        "100%41.doc",
        "a'b*=c.txt",
        "日本\u{202e}txt.exe",
        "(x).txt",
    ] {
        let sample = Sample { files: vec![file(vec![(id::ATTACH_LONG_FILENAME, V::Text(name))], b"x")], ..ordinary() };
        assert_eq!(model(&sample).attachments[0].file_name.as_deref(), Some(name));
    }
}

#[test]
fn contents_survive_exactly() {
    let eml = unpack(&msg(&ordinary()), &Limits::default()).expect("it is one").eml;
    for content in [&b""[..], b"\r\n", b"\n--\n", b"\0\xff\r", b"From x\r\n\r\n.\r\n", &eml] {
        let tags = ["text/html", "message/rfc822", "multipart/mixed; boundary=a", "text/plain"];
        let files = tags.map(|tag| file(vec![(id::ATTACH_MIME_TAG, V::Text(tag)), (id::ATTACH_FLAGS, V::Int(4))], content)).to_vec();
        let found = model(&Sample { files, ..ordinary() });
        assert_eq!(found.attachments.len(), 4, "nothing became a body or a part");
        assert!(found.attachments.iter().all(|file| file.bytes() == content));
        assert_eq!(found.errors().len(), 0);
    }
}

#[test]
fn attached_messages_are_messages() {
    let mut inner = ordinary();
    inner.files.push((
        vec![(id::DISPLAY_NAME, V::Text("v1.2 is out"))],
        Inside::Message(Sample { message: vec![(id::SUBJECT, V::Text("Third"))], ..Sample::default() }),
    ));
    let sample =
        Sample { message: vec![(id::SUBJECT, V::Text("First"))], files: vec![(vec![], Inside::Message(inner))], ..Sample::default() };
    let unpacked = unpack(&msg(&sample), &Limits::default()).expect("it is one");
    let from_tnef = tnef_to_eml(&tnef(&sample), &Limits::default()).expect("it is TNEF");
    for (eml, errors) in [(unpacked.eml, unpacked.errors), from_tnef] {
        let first = parse(&eml, &Options::default());
        assert_eq!((errors.len(), first.attachments.len()), (0, 1));
        assert_eq!(first.attachments[0].file_extension.as_deref(), Some("eml"));
        let second = parse(first.attachments[0].bytes(), &Options { is_nested: true, ..Options::default() });
        assert_eq!(second.subject.subject.as_deref(), Some("RE: Grüße"));
        assert_eq!(second.attachments[1].bytes(), b"\0\x01\r\n--\r\n\r\n");
        let third = parse(second.attachments[2].bytes(), &Options::default());
        assert_eq!((third.subject.subject.as_deref(), &second.attachments[2].file_name), (Some("Third"), &None));
    }
}

#[test]
fn objects_are_files() {
    let files = vec![(vec![(id::ATTACH_LONG_FILENAME, V::Text("x"))], Inside::Storage("WordDocument", vec![7; 6000]))];
    let found = model(&Sample { files, ..ordinary() });
    assert_eq!((found.attachments[0].file_type, found.errors().len()), ("doc", 0));
}

#[test]
fn a_signed_message_is_what_was_signed() {
    let signed =
        b"Content-Type: multipart/signed; boundary=s; micalg=sha-256\r\n\r\n--s\r\nContent-Type: text/plain\r\n\r\nHello\r\n--s\r\n\
        Content-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\naGk=\r\n--s--\r\n";
    let message = vec![(id::MESSAGE_CLASS, V::Text("IPM.Note.SMIME.MultipartSigned")), (id::SUBJECT, V::Text("Signed"))];
    let found =
        model(&Sample { message, files: vec![file(vec![(id::ATTACH_LONG_FILENAME, V::Text("smime.p7m"))], signed)], ..Sample::default() });
    assert_eq!(found.body.plain.map(|plain| plain.raw).as_deref(), Some("Hello"));
    assert_eq!(found.attachments[0].file_name.as_deref(), Some("smime.p7s"));
}

#[test]
fn limits_are_named() {
    let mut deep = Sample::default();
    for _ in 0..5 {
        deep = Sample { files: vec![(vec![], Inside::Message(deep))], ..Sample::default() };
    }
    let many = Sample { files: vec![file(vec![], b"abc"); 10], recipients: vec![person(1, "", "a@b.example"); 10], ..ordinary() };
    for (sample, limits, said, files) in [
        (&deep, Limits { message_depth: 3, ..Limits::default() }, "message.depth", 1),
        (&many, Limits { message_parts: 9, ..Limits::default() }, "message.parts", 6),
        (&many, Limits { message_addresses: 2, ..Limits::default() }, "message.addresses", 10),
    ] {
        let found = model_within(sample, &limits);
        assert!(found.errors().iter().any(|error| error.r#type == "limit" && error.message.contains(said)), "{said}: {:?}", found.errors());
        assert_eq!(found.attachments.len(), files, "{said}");
    }
}

#[test]
fn many_header_fields_do_not_hide_the_body() {
    let headers: &'static str = "X: y\r\n".repeat(100).leak();
    let sample = Sample { message: [vec![(id::TRANSPORT_MESSAGE_HEADERS, V::Text(headers))], ordinary().message].concat(), ..ordinary() };
    let found = model_within(&sample, &Limits { message_headers: 50, ..Limits::default() });
    assert_eq!((found.attachments.len(), found.subject.subject.as_deref()), (2, Some("RE: Grüße")));
    assert!(found.errors().iter().any(|error| error.message.contains("message.headers")), "{:?}", found.errors());
}

#[test]
fn what_limits_hide_is_unavailable() {
    let inner = Sample { files: vec![(vec![], Inside::Message(Sample::default()))], ..Sample::default() };
    let deep = msg(&Sample { files: vec![(vec![], Inside::Message(inner))], ..Sample::default() });
    let found = parse(&deep, &Options { limits: Limits { message_depth: 2, ..Limits::default() }, ..Options::default() });
    assert_eq!(found.attachments.rest.map(|rest| rest.to_string()), Some(Unavailable::limit("message.depth").to_string()));
    let whole = msg(&ordinary());
    let limits = Limits { message_bytes: whole.len() - 1, ..Limits::default() };
    let found = parse(&whole, &Options { limits, ..Options::default() });
    assert!(found.errors().iter().any(|error| error.message.contains("message.bytes")), "{:?}", found.errors());
}

/// Every prefix and many a wrong byte: no panic, and a longer prefix never has fewer or shorter files.
#[test]
fn broken_containers_give_what_is_there() {
    let sample = Sample { files: [ordinary().files, vec![(vec![], Inside::Message(ordinary()))]].concat(), ..ordinary() };
    for (whole, is_tnef) in [(msg(&sample), false), (tnef(&sample), true)] {
        let read =
            |bytes: &[u8]| if is_tnef { super::tnef::read(bytes, &Limits::default()) } else { super::msg::read(bytes, &Limits::default()) };
        let mut before = 0;
        for len in 0..=whole.len() {
            let Some(item) = read(&whole[..len]) else {
                assert_eq!(before, 0);
                continue;
            };
            let size: usize = item
                .files
                .iter()
                .map(|file| if let super::item::Content::Bytes(bytes) = &file.content { bytes.len() + 1 } else { 1 })
                .sum();
            assert!(size >= before, "{len}: {size} after {before}");
            assert!(len == whole.len() || is_tnef && is_end(&whole, len) || !item.defects.is_empty() || len + 512 > whole.len(), "{len}");
            before = size;
        }
        assert_eq!(before, 11 + 9 + 1, "all is there in the end");
        for at in (0..whole.len()).step_by(3) {
            let mut bytes = whole.clone();
            bytes[at] ^= 0xFF;
            std::hint::black_box(read(&bytes).map(|item| item.to_eml(&bytes)));
        }
    }
}

/// True when an attribute of a TNEF stream ends here.
fn is_end(stream: &[u8], end: usize) -> bool {
    let mut at = 6;
    while at < end {
        at += 11 + u32::from_le_bytes(stream[at + 5..at + 9].try_into().unwrap()) as usize;
    }
    at == end || end < 6
}
