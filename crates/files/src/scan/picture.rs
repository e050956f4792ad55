//! Data behind the end of a picture (explode-scanners.md §5.9).

use crate::explode::Visit;
use crate::shapes::Trailer;
use memchr::memmem;

/// Trailer block and end of the last image block (GIF89a §27).
const GIF_END: &[u8] = b"\x00\x3B";
/// End of image (ITU-T T.81 §B.1.1.3).
const JPEG_END: &[u8] = b"\xFF\xD9";

pub(super) fn gif(visit: &mut Visit<'_, '_, '_>) {
    let trailer = trailer(visit.bytes, GIF_END);
    visit.scan_mut().gif = Ok(Some(Box::new(shape(trailer))));
    add(visit, trailer);
}

pub(super) fn jpeg(visit: &mut Visit<'_, '_, '_>) {
    let trailer = trailer(visit.bytes, JPEG_END);
    visit.scan_mut().jpeg = Ok(Some(Box::new(shape(trailer))));
    add(visit, trailer);
}

/// The offset of the last end mark, when something follows it.
fn trailer(bytes: &[u8], end: &[u8]) -> Option<usize> {
    if bytes.ends_with(end) { None } else { memmem::rfind(bytes, end) }
}

fn shape(trailer: Option<usize>) -> Trailer {
    Trailer { trailer_index: trailer.and_then(|offset| i64::try_from(offset).ok()) }
}

fn add(visit: &mut Visit<'_, '_, '_>, trailer: Option<usize>) {
    let bytes = visit.bytes;
    if let Some(behind) = trailer.and_then(|offset| bytes.get(offset + JPEG_END.len()..)) {
        visit.child(None, behind, Vec::new());
    }
}
