//! The texts of a message: plain, HTML, and both out of compressed RTF.

use super::defect::{Defect, note};
use super::properties::{Properties, id};
use super::rtf;
use mailhound_value::Limits;
use std::collections::HashSet;

/// Plain text and HTML of a message. RTF is read for what is missing ([MS-OXRTFEX]: it may hold the HTML or the text it was made from).
pub(super) fn texts(message: &Properties<'_>, limits: &Limits, defects: &mut Vec<Defect>) -> (Option<String>, Option<String>) {
    let (plain, html) = (message.text(id::BODY), message.html());
    let rtf = message.binary(id::RTF_COMPRESSED).filter(|_| html.is_none());
    let (rtf_html, rtf_text) = rtf.map(|bytes| rtf_body(bytes, limits, defects)).unwrap_or_default();
    (plain.or(rtf_text), html.or(rtf_html))
}

/// HTML and text of compressed RTF. The RTF itself may be much longer than the text: pictures stand in it as figures.
fn rtf_body(compressed: &[u8], limits: &Limits, defects: &mut Vec<Defect>) -> (Option<String>, Option<String>) {
    let Some(rtf) = rtf::decompress(compressed, limits.message_bytes) else { return (None, None) };
    if rtf.len() >= limits.message_bytes {
        note(defects, Defect::TextCut);
    }
    // One byte more than is searched tells that the text was cut.
    let body = rtf::read(&rtf, limits.message_text.saturating_add(1));
    (body.html, Some(body.text).filter(|text| !text.is_empty()))
}

/// The Content-IDs that HTML refers to (`cid:`, RFC 2392), lower case.
pub(super) fn content_ids(html: Option<&str>) -> HashSet<String> {
    let ends = |c: char| matches!(c, '"' | '\'' | '<' | '>' | '(' | ')' | '&' | ';' | ' ' | '\t' | '\r' | '\n');
    let id = |word: &str| {
        let at = word.as_bytes().windows(4).position(|head| head.eq_ignore_ascii_case(b"cid:"))?;
        word.get(at + 4..).filter(|id| id.len() < MAX_ID).map(str::to_ascii_lowercase)
    };
    html.unwrap_or_default().split(ends).filter_map(id).collect()
}

/// Bytes of a Content-ID that is looked for; those of mail programs have less than a hundred.
const MAX_ID: usize = 500;

#[cfg(test)]
mod tests {
    #[test]
    fn references_to_parts_are_found() {
        let html = "<img src=\"cid:a@B\"><p style='background:url(CID:c)'>é cid:d <a href=http://x>";
        let mut found: Vec<_> = super::content_ids(Some(html)).into_iter().collect();
        found.sort();
        assert_eq!(found, ["a@b", "c", "d"]);
        assert!(super::content_ids(None).is_empty());
    }
}
