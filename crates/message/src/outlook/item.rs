//! A message of Outlook, whatever container it came in.

use super::body;
use super::defect::Defect;
use super::fields;
use super::properties::{Properties, id};
use mailhound_value::Limits;

/// A message, with what its container gives.
#[derive(Debug, Default)]
pub(crate) struct Item {
    /// Its kind, `IPM.Note` for mail ([MS-OXCMSG], PidTagMessageClass).
    pub class: Option<String>,
    /// The header block without the fields of MIME: those that it was transported with, then what only its properties say. One field a
    /// line or folded, each with its line end.
    pub header: String,
    /// The plain text.
    pub text: Option<String>,
    /// The HTML.
    pub html: Option<String>,
    /// The attached files, in their order.
    pub files: Vec<File>,
    /// What was wrong with the container, that of inner messages too.
    pub defects: Vec<Defect>,
}

/// An attached file.
#[derive(Debug, Default)]
pub(crate) struct File {
    /// Its name: the long one, else the short one, else the one that is shown. Outlook names a message by its subject, which is none.
    pub name: Option<String>,
    /// Its media type as the container names it.
    pub media: Option<String>,
    /// Its Content-ID without angle brackets.
    pub content_id: Option<String>,
    /// Its Content-Location.
    pub location: Option<String>,
    /// True when the text shows it, so that it is not listed as a file.
    pub is_inline: bool,
    /// What it holds.
    pub content: Content,
}

/// What an attached file holds.
#[derive(Debug)]
pub(crate) enum Content {
    /// Bytes.
    Bytes(Vec<u8>),
    /// A message.
    Item(Box<Item>),
}

impl Default for Content {
    fn default() -> Self {
        Content::Bytes(Vec::new())
    }
}

/// The text of the message refers to the file ([MS-OXCMSG], PidTagAttachFlags `attRenderedInBody`).
const RENDERED_IN_BODY: i64 = 4;

/// Recipients that are read of one message: more than `message.addresses` in each of To, Cc and Bcc, which the model cuts and marks.
pub(super) fn max_recipients(limits: &Limits) -> usize {
    limits.message_addresses.saturating_mul(4)
}

impl Item {
    /// Puts a message together from its properties, those of its recipients, and those of its attachments with their contents. What is
    /// wrong goes to the defects of the container; those of the item stay empty.
    pub fn new(
        message: &Properties<'_>,
        recipients: &[Properties<'_>],
        files: Vec<(Properties<'_>, Content)>,
        limits: &Limits,
        defects: &mut Vec<Defect>,
    ) -> Self {
        let (text, html) = body::texts(message, limits, defects);
        let shown = body::content_ids(html.as_deref());
        let files = files.into_iter().map(|(properties, content)| {
            let mut file = file(&properties, content);
            file.is_inline |= file.content_id.as_ref().is_some_and(|id| shown.contains(&id.to_ascii_lowercase()));
            file
        });
        let files = files.collect();
        Item {
            class: message.text(id::MESSAGE_CLASS),
            header: fields::header(message, recipients, limits, defects),
            text,
            html,
            files,
            defects: Vec::new(),
        }
    }
}

fn file(properties: &Properties<'_>, content: Content) -> File {
    let is_message = matches!(content, Content::Item(_));
    let name = |id| properties.text(id).filter(|name| !name.trim().is_empty() && (!is_message || is_file_name(name)));
    let flags = properties.int(id::ATTACH_FLAGS).unwrap_or_default();
    let content_id = properties.text(id::ATTACH_CONTENT_ID);
    File {
        name: name(id::ATTACH_LONG_FILENAME).or_else(|| name(id::ATTACH_FILENAME)).or_else(|| name(id::DISPLAY_NAME)),
        media: properties.text(id::ATTACH_MIME_TAG),
        content_id: content_id.map(|id| id.trim().trim_start_matches('<').trim_end_matches('>').to_owned()).filter(|id| !id.is_empty()),
        location: properties.text(id::ATTACH_CONTENT_LOCATION),
        is_inline: flags & RENDERED_IN_BODY != 0 || properties.int(id::ATTACHMENT_HIDDEN) == Some(1),
        content,
    }
}

/// Tells the file that a message was from its subject.
fn is_file_name(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case("msg") || extension.eq_ignore_ascii_case("eml"))
}
