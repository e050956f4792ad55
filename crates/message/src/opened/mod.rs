//! Attachments that hold parts of the message: what is in them follows them in the list, and their texts are the body when the message has
//! none outside.
//!
//! One file for all kinds: [`open`] asks each of them, [`Opener`] puts what they give into the model. All that is opened together has at
//! most `message.bytes` bytes and, with the parts outside, `message.parts` parts; nesting ends at `message.depth`.

#[cfg(test)]
mod tests;

use crate::mime::block::{self, Block};
use crate::mime::tree::{self, Defect};
use crate::model::{Attachment, ParseError};
use crate::parts::Texts;
use crate::{outlook, smime};
use mailhound_value::{Limits, Unavailable};
use std::borrow::Cow;

/// What an attachment holds.
#[derive(Debug)]
pub(crate) enum Held<'a> {
    /// A MIME entity: header fields, an empty line, a body.
    Entity(Cow<'a, [u8]>),
    /// Texts and files without header fields.
    Loose {
        /// The text as HTML.
        html: Option<String>,
        /// The text as plain text.
        plain: Option<String>,
        /// The files, in their order.
        files: Vec<Attachment>,
        /// What was wrong with their container.
        errors: Vec<ParseError>,
        /// The limit that hides further files, when one does.
        hidden: Option<Unavailable>,
    },
}

impl Held<'_> {
    /// Bytes of what is held.
    fn len(&self) -> usize {
        match self {
            Held::Entity(bytes) => bytes.len(),
            Held::Loose { html, plain, files, .. } => {
                let texts: usize = [html, plain].into_iter().flatten().map(String::len).sum();
                files.iter().fold(texts, |len, file| len.saturating_add(file.bytes().len()))
            }
        }
    }
}

/// What an attachment holds; `None` for nearly all. Not much more than `max` bytes are unpacked.
fn open<'a>(attachment: &'a Attachment, max: usize, limits: &Limits) -> Option<Held<'a>> {
    signed(attachment, max).or_else(|| tnef(attachment, limits))
}

/// TNEF, the `winmail.dat` of Exchange, whatever it is called: its first bytes are its own ([MS-OXTNEF] §2.1.3.1).
fn tnef(attachment: &Attachment, limits: &Limits) -> Option<Held<'static>> {
    let unpacked = outlook::unpack_tnef(attachment.bytes(), limits)?;
    let block = header(&unpacked.eml, limits.message_headers);
    let tree = tree::walk(&unpacked.eml, &block.fields, block.body, limits);
    let mut texts = Texts::default();
    let files = texts.sort(tree.leaves);
    let (html, plain) = texts.into_raw();
    Some(Held::Loose { html, plain, files, errors: unpacked.errors, hidden: unpacked.hidden_files })
}

/// Signed and compressed data of S/MIME, by media type or file name (RFC 8551 §3.2). What is no MIME entity inside (a signed PDF) is a
/// file in an archive, not a part of the message.
fn signed(attachment: &Attachment, max: usize) -> Option<Held<'_>> {
    let media = attachment.content_type.as_deref().unwrap_or_default();
    let is_named = || {
        let extension = attachment.file_extension.as_deref().unwrap_or_default();
        extension.eq_ignore_ascii_case("p7m") || extension.eq_ignore_ascii_case("p7z")
    };
    if !matches!(media, "application/pkcs7-mime" | "application/x-pkcs7-mime" | "application/cms") && !is_named() {
        return None;
    }
    // Compressed data that is no entity costs no more than its head.
    let head = smime::signed_content(attachment.bytes(), MAX_PROBE)?;
    let is_entity = header(&head, MAX_PROBE_FIELDS).fields.iter().any(|field| {
        let is_content = field.name.get(..8).is_some_and(|name| name.eq_ignore_ascii_case("content-"));
        is_content || field.is("MIME-Version")
    });
    if !is_entity {
        return None;
    }
    let content = if head.len() == MAX_PROBE { smime::signed_content(attachment.bytes(), max)? } else { head };
    Some(Held::Entity(content))
}

/// Bytes and fields in which those of a MIME entity are looked for.
const MAX_PROBE: usize = 64 << 10;
const MAX_PROBE_FIELDS: usize = 500;

fn header(bytes: &[u8], max_fields: usize) -> Block<'_> {
    block::parse(bytes, 0, max_fields, |_| false)
}

/// Opens attachments within the bounds of one message.
pub(crate) struct Opener<'l> {
    limits: &'l Limits,
    /// Parts that may still come.
    parts: usize,
    /// Bytes that may still be opened.
    bytes: usize,
    /// What was wrong inside, each kind once.
    pub defects: Vec<Defect>,
    /// What was wrong with containers.
    pub errors: Vec<ParseError>,
    /// The limit of a container that hides files.
    pub hidden: Option<Unavailable>,
}

impl<'l> Opener<'l> {
    /// For a message that has this number of parts outside.
    pub fn new(limits: &'l Limits, parts: usize) -> Self {
        Opener {
            limits,
            parts: limits.message_parts.saturating_sub(parts),
            bytes: limits.message_bytes,
            defects: Vec::new(),
            errors: Vec::new(),
            hidden: None,
        }
    }

    /// Moves the attachments to `all`, each followed by what is in it. `depth` is their nesting, 0 for those of the message itself; the
    /// recursion ends at `message.depth`.
    pub fn expand(&mut self, attachments: Vec<Attachment>, depth: usize, texts: &mut Texts, all: &mut Vec<Attachment>) {
        for attachment in attachments {
            let inner = match open(&attachment, self.bytes.saturating_add(1), self.limits) {
                Some(held) => self.inner(held, depth, texts),
                None => Vec::new(),
            };
            all.push(attachment);
            self.expand(inner, depth + 1, texts, all);
        }
    }

    /// The attachments among what is held; texts become the body where there is none yet.
    fn inner(&mut self, held: Held<'_>, depth: usize, texts: &mut Texts) -> Vec<Attachment> {
        if depth >= self.limits.message_depth {
            self.defect(Defect::TooDeep);
            return Vec::new();
        }
        let Some(bytes) = self.bytes.checked_sub(held.len()) else {
            self.defect(Defect::TooLarge);
            self.bytes = 0; // what comes next is not unpacked to find the same
            return Vec::new();
        };
        self.bytes = bytes;
        match held {
            Held::Entity(bytes) => self.entity(&bytes, texts),
            Held::Loose { html, plain, mut files, errors, hidden } => {
                self.errors.extend(errors);
                self.hidden = self.hidden.take().or(hidden);
                let mut inner = texts.loose(html, plain);
                inner.append(&mut files);
                if inner.len() > self.parts {
                    self.defect(Defect::TooManyParts);
                    inner.truncate(self.parts);
                }
                self.parts -= inner.len();
                inner
            }
        }
    }

    fn entity(&mut self, bytes: &[u8], texts: &mut Texts) -> Vec<Attachment> {
        let limits = Limits { message_parts: self.parts, ..self.limits.clone() };
        let block = header(bytes, limits.message_headers);
        let tree = tree::walk(bytes, &block.fields, block.body, &limits);
        self.parts = self.parts.saturating_sub(tree.leaves.len());
        tree.defects.into_iter().for_each(|defect| self.defect(defect));
        texts.sort(tree.leaves)
    }

    fn defect(&mut self, defect: Defect) {
        if !self.defects.contains(&defect) && self.defects.len() < tree::MAX_DEFECTS {
            self.defects.push(defect);
        }
    }
}
