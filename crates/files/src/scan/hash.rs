//! Digests.

use super::ssdeep;
use crate::explode::Visit;
use crate::shapes::Hash;
use md5::Digest;

pub(super) fn scan(visit: &mut Visit<'_, '_, '_>) {
    let bytes = visit.bytes;
    let hash = Hash {
        md5: digest::<md5::Md5>(bytes),
        sha1: digest::<sha1::Sha1>(bytes),
        sha256: digest::<sha2::Sha256>(bytes),
        ssdeep: ssdeep::digest(bytes),
    };
    visit.scan_mut().hash = Ok(Some(Box::new(hash)));
}

/// The digest in lower-case hex.
pub(crate) fn digest<D: Digest>(bytes: &[u8]) -> String {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let digest = D::digest(bytes);
    digest.iter().flat_map(|byte| [HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]).map(char::from).collect()
}
