//! Which part is what: the leaves of the MIME tree as bodies and attachments (reference mdm.md §2.3, §12).

use crate::mime::charset;
use crate::mime::content_type::{file_name, token};
use crate::mime::encoded_word;
use crate::mime::tree::Leaf;
use crate::model::{Attachment, Body, BodyHtml, BodyPlain};
use mailhound_objects::file_type;
use mailhound_value::{Cut, Limits};

/// The body and the attachments of a message.
pub(crate) struct Parts {
    /// The text.
    pub body: Body,
    /// The files, in the order of the tree.
    pub attachments: Cut<Attachment>,
}

/// The text of one kind, while it is put together.
#[derive(Default)]
struct Text {
    raw: String,
    charset: Option<String>,
    encoding: Option<String>,
    /// The multipart/mixed that holds the first part.
    mixed: Option<usize>,
}

/// Sorts the leaves.
///
/// The first unnamed text/html and the first unnamed text/plain that are not declared attachments are the bodies. Further ones are added
/// to theirs when both stand side by side in one multipart/mixed. Everything else is attached.
pub(crate) fn sort(leaves: Vec<Leaf<'_>>, limits: &Limits) -> Parts {
    let (mut html, mut plain) = (None, None);
    let mut attachments = Vec::new();
    for leaf in leaves {
        let name = name(&leaf);
        let body = match leaf.content_type.media.as_str() {
            "text/html" => Some(&mut html),
            "text/plain" => Some(&mut plain),
            _ => None,
        };
        let body = body.filter(|_| name.is_none() && leaf.disposition.value != "attachment");
        if body.is_none_or(|body| !add(body, &leaf)) {
            attachments.push(attachment(&leaf, name));
        }
    }
    let html = html.map(|text: Text| BodyHtml {
        raw: text.raw,
        charset: text.charset,
        content_transfer_encoding: text.encoding,
        limits: limits.clone(),
        ..BodyHtml::default()
    });
    let plain = plain.map(|text: Text| BodyPlain {
        raw: text.raw,
        charset: text.charset,
        content_transfer_encoding: text.encoding,
        limits: limits.clone(),
        ..BodyPlain::default()
    });
    Parts { body: Body::new(html, plain, limits), attachments: Cut::from(attachments) }
}

/// Adds a text part to a body; false when it does not belong there.
fn add(body: &mut Option<Text>, leaf: &Leaf<'_>) -> bool {
    match body {
        None => {
            let charset = leaf.content_type.parameters.get("charset").map(|name| token(&name)).filter(|name| !name.is_empty());
            let encoding = leaf.encoding.clone().filter(|name| !name.is_empty());
            *body = Some(Text { raw: decode(leaf), charset, encoding, mixed: leaf.mixed });
            true
        }
        Some(text) if leaf.mixed.is_some() && leaf.mixed == text.mixed => {
            text.raw.push('\n');
            text.raw.push_str(&decode(leaf));
            true
        }
        Some(_) => false,
    }
}

/// The text of a part: by its declared character set, else by the one that HTML names, else UTF-8 or windows-1252.
fn decode(leaf: &Leaf<'_>) -> String {
    let bytes = leaf.content();
    let name = leaf.content_type.parameters.get("charset");
    let declared = name.as_ref().and_then(|name| charset::decode(&bytes, name));
    let is_html = leaf.content_type.media == "text/html";
    declared
        .or_else(|| is_html.then(|| charset::in_html(&bytes)).flatten().and_then(|name| charset::decode(&bytes, &name)))
        .unwrap_or_else(|| if name.is_some() { charset::decode_unknown(&bytes) } else { charset::decode_unnamed(&bytes) })
}

fn name(leaf: &Leaf<'_>) -> Option<String> {
    let name = leaf.disposition.get("filename").and_then(file_name);
    name.or_else(|| leaf.content_type.parameters.get("name").and_then(file_name))
}

fn attachment(leaf: &Leaf<'_>, file_name: Option<String>) -> Attachment {
    let content = leaf.content().into_owned();
    let media = &leaf.content_type.media;
    let file_extension = match &file_name {
        Some(name) => name.rsplit_once('.').map(|(_, extension)| extension.to_owned()).filter(|extension| !extension.is_empty()),
        None => (media == "message/rfc822").then(|| "eml".to_owned()),
    };
    let disposition = &leaf.disposition.value;
    Attachment {
        file_name,
        file_extension,
        file_type: file_type::detect(&content),
        content_type: Some(media.clone()),
        content_id: leaf.content_id.as_deref().and_then(content_id),
        content_transfer_encoding: leaf.encoding.clone().filter(|name| !name.is_empty()),
        content_disposition: (!disposition.is_empty()).then(|| disposition.clone()),
        size: i64::try_from(content.len()).unwrap_or(i64::MAX),
        content,
        ..Attachment::default()
    }
}

fn content_id(value: &str) -> Option<String> {
    let value = encoded_word::decode(value);
    let id = value.trim().trim_start_matches('<').trim_end_matches('>').trim();
    (!id.is_empty()).then(|| id.to_owned())
}
