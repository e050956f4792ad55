//! An Outlook message as the MIME message that it is equal to.
//!
//! Bodies are binary and have no transfer encoding, which our own reader takes as it is: sizes, hashes and texts come out unchanged. The
//! boundaries are made of the SHA-256 of the container, so that no content can hold one.

use super::fields::{encoded, is_mime, one_line};
use super::item::{Content, File, Item};
use crate::mime::block;
use crate::model::hex;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest as _, Sha256};

impl Item {
    /// The message; `container` is what it was read from.
    pub fn to_eml(&self, container: &[u8]) -> Vec<u8> {
        let seed = hex(&Sha256::digest(container));
        let mut writer = Writer { out: Vec::new(), seed, multiparts: 0 };
        writer.message(self);
        writer.out
    }
}

struct Writer {
    out: Vec<u8>,
    seed: String,
    multiparts: usize,
}

impl Writer {
    fn text(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn line(&mut self, text: &str) {
        self.text(text);
        self.text("\r\n");
    }

    /// A message with its header. As deep as messages are nested, which the readers bound.
    fn message(&mut self, item: &Item) {
        self.text(&item.header);
        self.line("MIME-Version: 1.0");
        if let Some(signed) = signed(item) {
            self.out.extend_from_slice(signed);
            return;
        }
        let (shown, attached): (Vec<_>, Vec<_>) = item.files.iter().partition(|file| file.is_inline);
        if attached.is_empty() {
            return self.shown(item, &shown);
        }
        let boundary = self.begin("mixed");
        self.delimiter(&boundary);
        self.shown(item, &shown);
        attached.into_iter().for_each(|file| self.part(&boundary, file));
        self.end(&boundary);
    }

    /// The texts with the files that they show.
    fn shown(&mut self, item: &Item, files: &[&File]) {
        if files.is_empty() {
            return self.texts(item);
        }
        let boundary = self.begin("related");
        self.delimiter(&boundary);
        self.texts(item);
        files.iter().for_each(|file| self.part(&boundary, file));
        self.end(&boundary);
    }

    fn texts(&mut self, item: &Item) {
        match (&item.text, &item.html) {
            (Some(plain), Some(html)) => {
                let boundary = self.begin("alternative");
                for (kind, text) in [("plain", plain), ("html", html)] {
                    self.delimiter(&boundary);
                    self.body(kind, text);
                }
                self.end(&boundary);
            }
            (None, Some(html)) => self.body("html", html),
            (plain, None) => self.body("plain", plain.as_deref().unwrap_or_default()),
        }
    }

    fn body(&mut self, kind: &str, text: &str) {
        self.line(&format!("Content-Type: text/{kind}; charset=utf-8"));
        self.line("");
        self.text(text);
    }

    fn part(&mut self, boundary: &str, file: &File) {
        self.delimiter(boundary);
        let media = match &file.content {
            Content::Item(_) => "message/rfc822",
            Content::Bytes(_) => file.media.as_deref().map(str::trim).filter(|media| is_leaf(media)).unwrap_or("application/octet-stream"),
        };
        self.line(&format!("Content-Type: {media}"));
        let name = file.name.as_deref().map(parameter);
        // A text without a name that is shown would be read as the body.
        let is_inline = file.is_inline && (name.is_some() || !media.to_ascii_lowercase().starts_with("text/"));
        let disposition = if is_inline { "inline" } else { "attachment" };
        self.line(&format!("Content-Disposition: {disposition}{}", name.unwrap_or_default()));
        for (field, value) in [("Content-ID", &file.content_id), ("Content-Location", &file.location)] {
            let Some(value) = value.as_ref().map(|value| one_line(value)).filter(|value| !value.is_empty()) else { continue };
            let value = encoded(&value);
            self.line(&if field == "Content-ID" { format!("{field}: <{value}>") } else { format!("{field}: {value}") });
        }
        self.line("");
        match &file.content {
            Content::Bytes(bytes) => self.out.extend_from_slice(bytes),
            Content::Item(item) => self.message(item),
        }
    }

    /// Begins a multipart; gives its boundary.
    fn begin(&mut self, kind: &str) -> String {
        self.multiparts += 1;
        let boundary = format!("{}.{}", self.seed, self.multiparts);
        self.line(&format!("Content-Type: multipart/{kind}; boundary=\"{boundary}\""));
        boundary
    }

    /// The line break before a delimiter belongs to it (RFC 2046 §5.1.1).
    fn delimiter(&mut self, boundary: &str) {
        self.text("\r\n--");
        self.line(boundary);
    }

    fn end(&mut self, boundary: &str) {
        self.text("\r\n--");
        self.text(boundary);
        self.line("--");
    }
}

/// The MIME entity of a message with a clear signature: it is the only attachment, header included ([MS-OXOSMIME]).
fn signed(item: &Item) -> Option<&[u8]> {
    let is_signed = item.class.as_deref().is_some_and(|class| class.eq_ignore_ascii_case("IPM.Note.SMIME.MultipartSigned"));
    let [File { content: Content::Bytes(bytes), .. }] = item.files.as_slice() else { return None };
    let entity = block::parse(bytes, 0, 100, |_| false);
    let is_entity = entity.fields.iter().all(|field| is_mime(field.name));
    (is_signed && is_entity && entity.fields.iter().any(|field| field.is("Content-Type"))).then_some(bytes)
}

/// True for a media type that can stand in a header and does not hold parts of its own.
fn is_leaf(media: &str) -> bool {
    let is_token = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte));
    media.split_once('/').is_some_and(|(kind, rest)| is_token(kind) && is_token(rest) && !kind.eq_ignore_ascii_case("multipart"))
}

/// A file name as parameter, in the form of RFC 2231 when it has more than plain characters.
fn parameter(name: &str) -> String {
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" !#&()+,-.@[]^_{}~".contains(&byte));
    match is_plain {
        true => format!("; filename=\"{name}\""),
        false => format!("; filename*=UTF-8''{}", utf8_percent_encode(name, NON_ALPHANUMERIC)),
    }
}
