//! gzip and zlib data: one file each.

use crate::archive::gunzip;
use crate::explode::Visit;
use crate::shapes::Compressed;
use flate2::bufread::ZlibDecoder;
use mailhound_value::Maybe;

pub(super) fn scan_gzip(visit: &mut Visit<'_, '_, '_>) {
    let bytes = visit.bytes;
    let content = gunzip(bytes, visit.budget());
    visit.scan_mut().gzip = Ok(Some(Box::new(shape(&content))));
    visit.child_or_opaque(None, content);
}

pub(super) fn scan_zlib(visit: &mut Visit<'_, '_, '_>) {
    let bytes = visit.bytes;
    let content = visit.budget().unpack(ZlibDecoder::new(bytes), bytes.len(), "zlib: damaged");
    visit.scan_mut().zlib = Ok(Some(Box::new(shape(&content))));
    visit.child_or_opaque(None, content);
}

fn shape(content: &Maybe<Vec<u8>>) -> Compressed {
    Compressed { size: content.as_ref().map(|content| i64::try_from(content.len()).ok()).map_err(Clone::clone) }
}
