//! Digests.

use super::ssdeep;
use crate::explode::Visit;
use crate::shapes::Hash;
use md5::Digest;

pub(super) fn scan(visit: &mut Visit<'_, '_, '_>) {
    let bytes = visit.bytes;
    let digest_of = |name, digest: fn(&[u8]) -> String| if visit.is_read("Hash", name) { digest(bytes) } else { String::new() };
    let hash = Hash {
        md5: digest_of("md5", digest::<md5::Md5>),
        sha1: digest_of("sha1", digest::<sha1::Sha1>),
        sha256: digest_of("sha256", digest::<sha2::Sha256>),
        ssdeep: digest_of("ssdeep", ssdeep::digest),
    };
    visit.scan_mut().hash = Ok(Some(Box::new(hash)));
}

/// The digest in lower-case hex.
pub(crate) fn digest<D: Digest>(bytes: &[u8]) -> String {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let digest = D::digest(bytes);
    digest.iter().flat_map(|byte| [HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]).map(char::from).collect()
}
