//! Messages with parts in attachments, as a user sees them in the model.

use super::*;
use crate::smime::tests::{compressed, signed};
use crate::{Message, Options, parse};
use base64::Engine as _;

/// A part of this media type and content.
fn part(content_type: &str, content: &[u8]) -> String {
    let content = base64::engine::general_purpose::STANDARD.encode(content);
    format!("Content-Type: {content_type}\r\nContent-Transfer-Encoding: base64\r\n\r\n{content}\r\n")
}

const SIGNED: &str = "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m";

fn mixed(boundary: &str, parts: &[&str]) -> String {
    let parts: String = parts.iter().map(|part| format!("--{boundary}\r\n{part}\r\n")).collect();
    format!("Content-Type: multipart/mixed; boundary={boundary}\r\n\r\n{parts}--{boundary}--\r\n")
}

fn read(entity: &str, limits: Limits) -> Message {
    parse(format!("From: a@b.example\r\nMIME-Version: 1.0\r\n{entity}").as_bytes(), &Options { limits, ..Options::default() })
}

/// Plain text, HTML and the attachments as `media name size`.
#[track_caller]
fn check(entity: &str, plain: Option<&str>, html: Option<&str>, attachments: &[&str]) {
    let model = read(entity, Limits::default());
    assert_eq!(model.body.plain.as_ref().map(|plain| plain.raw.trim_end()), plain, "{entity}");
    assert_eq!(model.body.html.as_ref().map(|html| html.raw.trim_end()), html, "{entity}");
    assert_eq!(shown(&model.attachments), attachments, "{entity}");
    assert_eq!(model.attachments.rest, None);
}

fn shown(attachments: &[Attachment]) -> Vec<String> {
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    attachments.iter().map(|it| format!("{} {}", text(&it.content_type), text(&it.file_name))).collect()
}

fn errors(model: &Message) -> Vec<String> {
    model.errors().iter().map(|error| error.message.clone()).collect()
}

const PLAIN: &str = "Content-Type: text/plain; charset=utf-8\r\n\r\nsign\u{e9}";
const HTML: &str = "Content-Type: text/html\r\n\r\n<p>signed</p>";
const PDF: &str = "Content-Type: application/pdf; name=a.pdf\r\n\r\n%PDF-1.4";

#[test]
fn a_signed_message_has_the_body_inside() {
    let inner = mixed("i", &["\r\nhello", HTML, PDF]);
    let attachments = ["application/pkcs7-mime smime.p7m", "application/pdf a.pdf"];
    check(&part(SIGNED, &signed(inner.as_bytes())), Some("hello"), Some("<p>signed</p>"), &attachments);
    let model = read(
        &part(SIGNED, &signed(b"Content-Type: text/plain; charset=ISO-8859-1\nContent-Transfer-Encoding: 8bit\n\n\xe9")),
        Limits::default(),
    );
    let plain = model.body.plain.unwrap();
    assert_eq!(
        (plain.raw.as_str(), plain.charset.as_deref(), plain.content_transfer_encoding.as_deref()),
        ("é", Some("iso-8859-1"), Some("8bit"))
    );
}

#[test]
fn texts_outside_come_first() {
    let signed = part(SIGNED, &signed(mixed("i", &["\r\ninside", HTML]).as_bytes()));
    let attachments = ["application/pkcs7-mime smime.p7m", "text/plain -", "application/pdf a.pdf"];
    check(&mixed("o", &[&signed, "\r\nlist footer", PDF]), Some("list footer"), Some("<p>signed</p>"), &attachments);
}

#[test]
fn signed_parts_are_found_by_name_and_by_looking() {
    let bytes = signed(PLAIN.as_bytes());
    for content_type in [
        "application/x-pkcs7-mime",
        "application/pkcs7-mime; smime-type=enveloped-data",
        "application/cms",
        "application/octet-stream; name=X.P7M",
    ] {
        let model = read(&part(content_type, &bytes), Limits::default());
        assert!(model.body.plain.is_some(), "{content_type}");
    }
    let text = base64::engine::general_purpose::STANDARD.encode(&bytes);
    check(&format!("Content-Type: {SIGNED}\r\n\r\n{text}"), Some("sign\u{e9}"), None, &["application/pkcs7-mime smime.p7m"]);
}

#[test]
fn files_are_not_opened() {
    let pdf = signed(b"%PDF-1.4\nContents: no header\n");
    check(&part("application/pkcs7-mime; name=contract.pdf.p7m", &pdf), None, None, &["application/pkcs7-mime contract.pdf.p7m"]);
    check(&part("application/octet-stream; name=a.bin", &signed(PLAIN.as_bytes())), None, None, &["application/octet-stream a.bin"]);
    check(&part("application/pkcs7-mime; name=x.p7z", &compressed(&[b'a'; 200_000])), None, None, &["application/pkcs7-mime x.p7z"]);
    check(&part(SIGNED, b"no CMS"), None, None, &["application/pkcs7-mime smime.p7m"]);
}

#[test]
fn a_clear_signed_message_is_a_multipart() {
    let entity = format!(
        "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; boundary=s\r\n\r\n--s\r\n{}\r\n--s\r\n{}\r\n--s--\r\n",
        mixed("i", &["\r\nhello", PDF]),
        part("application/pkcs7-signature; name=smime.p7s", b"0\x03\x02\x01\x01"),
    );
    check(&entity, Some("hello"), None, &["application/pdf a.pdf", "application/pkcs7-signature smime.p7s"]);
}

#[test]
fn layers_are_opened_one_after_the_other() {
    let layer = |inner: &str| part(SIGNED, &signed(inner.as_bytes()));
    let packed = part("application/pkcs7-mime; smime-type=compressed-data; name=smime.p7z", &compressed(layer(HTML).as_bytes()));
    let attachments = ["application/pkcs7-mime smime.p7m", "application/pkcs7-mime smime.p7z", "application/pkcs7-mime smime.p7m"];
    check(&layer(&packed), None, Some("<p>signed</p>"), &attachments);
    let deep = (0..6).fold(PLAIN.to_owned(), |inner, _| layer(&inner));
    let model = read(&deep, Limits { message_depth: 5, ..Limits::default() });
    assert_eq!((model.attachments.len(), model.body.plain.is_none()), (6, true));
    assert!(errors(&model).iter().any(|error| error.contains("message.depth")));
    assert!(model.attachments.rest.is_some());
}

#[test]
fn what_is_opened_is_bounded() {
    let bomb = part(SIGNED, &compressed(format!("{PLAIN}{}", "a".repeat(100_000)).as_bytes()));
    let model = read(&mixed("m", &[&bomb, &bomb]), Limits { message_bytes: 150_000, ..Limits::default() });
    assert_eq!((model.attachments.len(), model.body.plain.as_ref().map(|plain| plain.raw.len() > 100_000)), (2, Some(true)));
    assert!(errors(&model).iter().any(|error| error.contains("message.bytes")));
    assert_eq!(model.attachments.rest, Some(mailhound_value::Unavailable::limit("message.bytes")));
    let many = part(SIGNED, &signed(mixed("i", &[PDF, PDF, PDF, PDF]).as_bytes()));
    let model = read(&mixed("m", &[&many, PDF]), Limits { message_parts: 5, ..Limits::default() });
    assert_eq!(model.attachments.len(), 4); // two outside, two inside: an open multipart counts as a part
    assert!(errors(&model).iter().any(|error| error.contains("message.parts")));
}

#[test]
fn what_is_wrong_inside_is_reported_once() {
    let broken = "Content-Type: text/plain\r\nContent-Transfer-Encoding: 8bit+\r\n\r\nx";
    let model = read(&mixed("o", &[broken, &part(SIGNED, &signed(broken.as_bytes()))]), Limits::default());
    assert_eq!(errors(&model).len(), 1);
    assert!(errors(&model)[0].contains("8bit+"));
}

#[test]
fn loose_texts_and_files_follow_their_attachment() {
    let limits = Limits::default();
    let file =
        |name: &str, content: &str| Attachment { file_name: Some(name.to_owned()), ..Attachment::of("application/pdf", content.into()) };
    let held = |plain: &str| Held::Loose {
        html: Some("<p>x</p>".to_owned()),
        plain: Some(plain.to_owned()),
        files: vec![file("1.pdf", "%PDF-1"), file("2.pdf", "%PDF-2")],
        errors: Vec::new(),
        hidden: None,
    };
    let mut texts = Texts::default();
    let files = ["application/pdf 1.pdf", "application/pdf 2.pdf"];
    assert_eq!(shown(&Opener::new(&limits, 1).inner(held("hello"), 0, &mut texts)), files);
    assert_eq!(shown(&Opener::new(&limits, 1).inner(held(" hello\r\n"), 0, &mut texts)), files);
    let other = Opener::new(&limits, 1).inner(held("other"), 0, &mut texts);
    assert_eq!(
        (shown(&other).as_slice(), other[0].bytes()),
        (&["text/plain -".to_owned(), files[0].to_owned(), files[1].to_owned()][..], &b"other"[..])
    );
    let few = Limits { message_parts: 2, ..Limits::default() };
    let mut opener = Opener::new(&few, 1);
    assert_eq!((opener.inner(held("hello"), 0, &mut texts).len(), opener.defects.as_slice()), (1, &[Defect::TooManyParts][..]));
    let small = Limits { message_bytes: 10, ..Limits::default() };
    let mut opener = Opener::new(&small, 1);
    assert_eq!((opener.inner(held("hello"), 0, &mut texts).len(), opener.defects.as_slice()), (0, &[Defect::TooLarge][..]));
}
