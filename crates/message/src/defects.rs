//! `_errors`: what was wrong with a message, in sentences.

use crate::mime::block::{self, Block};
use crate::mime::tree;
use crate::model::{Body, Headers, ParseError, Recipients};
use mailhound_value::{Limits, Unavailable};

/// Something was wrong in this place.
pub(crate) fn error(field: &str, kind: &str, message: impl Into<String>) -> ParseError {
    ParseError { field: field.to_owned(), message: message.into(), r#type: kind.to_owned() }
}

/// A limit was hit, by its name.
pub(crate) fn limit(name: &str, field: &str, message: &str) -> ParseError {
    error(field, "limit", format!("{message} (limit {name})"))
}

/// The bytes are no message.
pub(crate) fn no_message() -> ParseError {
    error("header", "no_message", "No header field of a message was found")
}

/// What was wrong with the header block.
pub(crate) fn of_header<'b>(block: &'b Block<'_>) -> impl Iterator<Item = ParseError> + 'b {
    let missing = (!block.fields.iter().any(|field| field.is("MIME-Version")))
        .then(|| error("Mime-Version", "missing_header_field", "No Mime-Version defined in headers"));
    let defects = block.defects.iter().map(|defect| match defect {
        block::Defect::LeadingFold => error("header", "malformed_header", "The first line continues nothing; it was left out"),
        block::Defect::NoField => error("header", "malformed_header", "The first line is no header field; it was left out"),
        block::Defect::NoEmptyLine => error("header", "malformed_header", "No empty line separates header and body"),
        block::Defect::BadName => error("header", "malformed_header", "A line has no valid field name; it was left out"),
        block::Defect::TooMany => limit("message.headers", "header", "There are too many header fields; the rest was left out"),
    });
    missing.into_iter().chain(defects)
}

/// What was wrong with the MIME tree.
pub(crate) fn of_tree(defects: &[tree::Defect]) -> impl Iterator<Item = ParseError> {
    defects.iter().map(|defect| match defect {
        tree::Defect::NoBoundary => error("Content-Type", "malformed_multipart", "A multipart has no boundary; it was read as text"),
        tree::Defect::NoParts => error("body", "malformed_multipart", "The boundary of a multipart does not occur; it was read as text"),
        tree::Defect::NoEnd => error("body", "malformed_multipart", "A multipart has no end"),
        tree::Defect::UnknownEncoding(name) => {
            let message = format!("Unknown transfer encoding {name:?}; the bytes were left as they are");
            error("Content-Transfer-Encoding", "unknown_transfer_encoding", message)
        }
        tree::Defect::TooManyParts => limit("message.parts", "body", "There are too many parts; the rest was left out"),
        tree::Defect::TooDeep => limit("message.depth", "body", "Parts are nested too deeply; the inner ones were left as they are"),
        tree::Defect::TooLarge => limit("message.bytes", "attachments", "Attachments hold too much; the rest was not opened"),
    })
}

/// Texts that are too long to be searched whole.
pub(crate) fn of_body<'b>(body: &'b Body, limits: &'b Limits) -> impl Iterator<Item = ParseError> + 'b {
    let html = body.html.iter().map(|html| ("body.html", html.raw.len()));
    let plain = body.plain.iter().map(|plain| ("body.plain", plain.raw.len()));
    html.chain(plain)
        .filter(|&(_, len)| len > limits.message_text)
        .map(|(field, _)| limit("message.text", field, "The text is too long; its rest was not searched for links, threads and shown text"))
}

/// Limits of texts, links and threads, as far as these were read.
pub(crate) fn of_read(body: &Body) -> impl Iterator<Item = ParseError> {
    body.hit_limits().into_iter().map(|(field, name)| {
        let message = match name {
            "html.depth" => "Elements are nested too deeply; inner ones were read as if they stood side by side",
            "html.elements" => "There are too many elements; of the rest only the text was read",
            "html.attributes" => "A tag has too many attributes; the rest of it was left out",
            "message.threads" => "There are too many quoted messages; the rest stands in the last one",
            _ => "There are too many links; the rest was left out",
        };
        limit(name, field, message)
    })
}

/// The limit that hides parts of the message; `None` when all were read.
pub(crate) fn hidden_parts(defects: &[tree::Defect], is_cut: bool) -> Option<Unavailable> {
    let limit = if defects.contains(&tree::Defect::TooManyParts) {
        "message.parts"
    } else if defects.contains(&tree::Defect::TooDeep) {
        "message.depth"
    } else if is_cut || defects.contains(&tree::Defect::TooLarge) {
        "message.bytes"
    } else {
        return None;
    };
    Some(Unavailable::limit(limit))
}

/// Address lists that were cut.
pub(crate) fn of_addresses(recipients: &Recipients, headers: &Headers, limits: &Limits) -> Vec<ParseError> {
    let lists = [("To", &recipients.to), ("Cc", &recipients.cc), ("Bcc", &recipients.bcc), ("Reply-To", &headers.reply_to)];
    let cut = lists.into_iter().filter(|(_, list)| list.len() >= limits.message_addresses);
    cut.map(|(field, _)| limit("message.addresses", field, "There are too many addresses; the rest was left out")).collect()
}
