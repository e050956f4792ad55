//! What a function that takes a file accepts: an attachment, a file out of an archive, an HTML document.

use crate::html::HtmlNode;
use mailhound_files::File;
use mailhound_message::Attachment;
use mailhound_message::model::BodyHtml;
use mailhound_mql::Args;
use mailhound_objects::html::Html;
use mailhound_value::{Maybe, Type, Typed};

/// The types that are files.
pub(crate) const FILES: &[Type] = &[<Attachment as Typed>::TYPE, <File as Typed>::TYPE];

/// The types that are files or HTML.
pub(crate) const FILES_OR_HTML: &[Type] =
    &[<Attachment as Typed>::TYPE, <File as Typed>::TYPE, <Html as Typed>::TYPE, <BodyHtml as Typed>::TYPE, <HtmlNode as Typed>::TYPE];

/// A file argument.
pub(crate) struct Input<'m> {
    /// The content.
    pub bytes: &'m [u8],
    /// The name.
    pub name: Option<&'m str>,
    /// It is an HTML document of a message or page, not a file.
    pub is_html: bool,
}

/// Argument `idx` as a file; `None` for null.
///
/// # Errors
/// When the content of the file could not be had.
pub(crate) fn input<'m>(args: &Args<'_, 'm>, idx: usize) -> Maybe<Option<Input<'m>>> {
    if let Some(attachment) = args.object::<Attachment>(idx) {
        return Ok(Some(Input { bytes: attachment.bytes(), name: attachment.file_name.as_deref(), is_html: false }));
    }
    if let Some(file) = args.object::<File>(idx) {
        return Ok(Some(Input { bytes: file.bytes()?, name: file.file_name.as_deref(), is_html: false }));
    }
    let html = args.object::<Html>(idx).map(|html| html.raw.as_str());
    let html = html.or_else(|| Some(args.object::<BodyHtml>(idx)?.raw.as_str()));
    let html = html.or_else(|| Some(args.object::<HtmlNode>(idx)?.raw.as_str()));
    Ok(html.map(|raw| Input { bytes: raw.as_bytes(), name: None, is_html: true }))
}
