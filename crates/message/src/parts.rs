//! Which part is what: the leaves of the MIME tree as bodies and attachments (reference mdm.md §2.3, §12).

use crate::mime::charset;
use crate::mime::content_type::{file_name, token};
use crate::mime::encoded_word;
use crate::mime::tree::{Defect, Leaf};
use crate::model::{Attachment, Body, BodyHtml, BodyPlain, ParseError};
use crate::opened::Opener;
use mailhound_value::{Cut, Limits};

/// The body and the attachments of a message.
pub(crate) struct Parts {
    /// The text.
    pub body: Body,
    /// The files, in the order of the tree; what an attachment holds follows it.
    pub attachments: Cut<Attachment>,
    /// What was wrong with what attachments hold, each kind once.
    pub defects: Vec<Defect>,
    /// What was wrong with attachments that are containers.
    pub errors: Vec<ParseError>,
}

/// Sorts the leaves, and those of the attachments that hold parts.
///
/// The first unnamed text/html and the first unnamed text/plain that are not declared attachments are the bodies. Further ones are added
/// to theirs when both stand side by side in one multipart/mixed. Everything else is attached.
pub(crate) fn sort(leaves: Vec<Leaf<'_>>, limits: &Limits) -> Parts {
    let mut opener = Opener::new(limits, leaves.len());
    let mut texts = Texts::default();
    let outer = texts.sort(leaves);
    let mut attachments = Vec::with_capacity(outer.len());
    opener.expand(outer, 0, &mut texts, &mut attachments);
    let attachments = Cut { items: attachments, rest: opener.hidden };
    Parts { body: texts.body(limits), attachments, defects: opener.defects, errors: opener.errors }
}

/// The bodies, while they are put together.
#[derive(Default)]
pub(crate) struct Texts {
    html: Option<Text>,
    plain: Option<Text>,
    /// Trees that were sorted; each numbers its multiparts by itself.
    trees: usize,
}

/// The text of one kind, while it is put together.
#[derive(Default)]
struct Text {
    raw: String,
    charset: Option<String>,
    encoding: Option<String>,
    /// The tree and the multipart/mixed that hold the first part.
    mixed: Option<(usize, usize)>,
}

impl Texts {
    /// Takes the texts out of the leaves of one tree; gives the attachments.
    pub fn sort(&mut self, leaves: Vec<Leaf<'_>>) -> Vec<Attachment> {
        self.trees += 1;
        let mut attachments = Vec::new();
        for leaf in leaves {
            let name = name(&leaf);
            let body = match leaf.content_type.media.as_str() {
                "text/html" => Some(&mut self.html),
                "text/plain" => Some(&mut self.plain),
                _ => None,
            };
            let body = body.filter(|_| name.is_none() && leaf.disposition.value != "attachment");
            if body.is_none_or(|body| !add(body, &leaf, self.trees)) {
                attachments.push(attachment(&leaf, name));
            }
        }
        attachments
    }

    /// Takes texts that have no header fields; gives those as attachments that are not the body and say something else than it.
    pub fn loose(&mut self, html: Option<String>, plain: Option<String>) -> Vec<Attachment> {
        let texts = [("text/html", html, &mut self.html), ("text/plain", plain, &mut self.plain)];
        let mut attachments = Vec::new();
        for (media, text, body) in texts {
            match (text, body) {
                (Some(text), body @ None) => *body = Some(Text { raw: text, ..Text::default() }),
                (Some(text), Some(body)) if !text.split_whitespace().eq(body.raw.split_whitespace()) => {
                    attachments.push(Attachment::of(media, text.into_bytes()));
                }
                _ => {}
            }
        }
        attachments
    }

    /// The HTML and the plain text.
    pub fn into_raw(self) -> (Option<String>, Option<String>) {
        (self.html.map(|text| text.raw), self.plain.map(|text| text.raw))
    }

    /// The body of the message.
    fn body(self, limits: &Limits) -> Body {
        let html = self.html.map(|text| BodyHtml {
            raw: text.raw,
            charset: text.charset,
            content_transfer_encoding: text.encoding,
            limits: limits.clone(),
            ..BodyHtml::default()
        });
        let plain = self.plain.map(|text| BodyPlain {
            raw: text.raw,
            charset: text.charset,
            content_transfer_encoding: text.encoding,
            limits: limits.clone(),
            ..BodyPlain::default()
        });
        Body::new(html, plain, limits)
    }
}

/// Adds a text part of this tree to a body; false when it does not belong there.
fn add(body: &mut Option<Text>, leaf: &Leaf<'_>, tree: usize) -> bool {
    let mixed = leaf.mixed.map(|id| (tree, id));
    match body {
        None => {
            let charset = leaf.content_type.parameters.get("charset").map(|name| token(&name)).filter(|name| !name.is_empty());
            let encoding = leaf.encoding.clone().filter(|name| !name.is_empty());
            *body = Some(Text { raw: decode(leaf), charset, encoding, mixed });
            true
        }
        Some(text) if mixed.is_some() && mixed == text.mixed => {
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
    let media = &leaf.content_type.media;
    let file_extension = match &file_name {
        Some(name) => name.rsplit_once('.').map(|(_, extension)| extension.to_owned()).filter(|extension| !extension.is_empty()),
        None => (media == "message/rfc822").then(|| "eml".to_owned()),
    };
    let disposition = &leaf.disposition.value;
    Attachment {
        file_name,
        file_extension,
        content_id: leaf.content_id.as_deref().and_then(content_id),
        content_transfer_encoding: leaf.encoding.clone().filter(|name| !name.is_empty()),
        content_disposition: (!disposition.is_empty()).then(|| disposition.clone()),
        ..Attachment::of(media, leaf.content().into_owned())
    }
}

fn content_id(value: &str) -> Option<String> {
    let value = encoded_word::decode(value);
    let id = value.trim().trim_start_matches('<').trim_end_matches('>').trim();
    (!id.is_empty()).then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use crate::testing::table;
    use crate::{Options, parse};

    /// Name and extension of the only attachment under these header fields.
    fn named(fields: &[u8]) -> String {
        let message = [b"From: a@b.example\n", fields, b"\n\nx"].concat();
        let model = parse(&message, &Options::default());
        let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "null".to_owned());
        let shown: Vec<_> = model.attachments.iter().map(|it| format!("{} | {}", text(&it.file_name), text(&it.file_extension))).collect();
        shown.join(", ")
    }

    #[test]
    fn file_names_are_read_as_senders_mean_them() {
        table(include_str!("../testdata/file_name.test"), |fields| named(fields.as_bytes()));
    }

    #[test]
    fn bytes_that_are_no_utf8_become_replacement_characters() {
        assert_eq!(named(b"Content-Disposition: attachment; filename=\"Fr\xf6sche.PDF\""), "Fr\u{fffd}sche.PDF | PDF");
        assert_eq!(named(b"Content-Type: image/png; name=\"\xe5\x9b\xbe.png\""), "\u{56fe}.png | png");
    }

    #[test]
    fn control_characters_leave_names() {
        assert_eq!(named(b"Content-Disposition: attachment; filename=\"a\0b\x1b.exe\x7f\""), "ab.exe | exe");
        assert_eq!(named("Content-Disposition: attachment; filename=\"a\u{202e}fdp.exe\"".as_bytes()), "a\u{202e}fdp.exe | exe");
    }
}
