//! Base64 that a container marked as such: the decoded bytes are a file of their own.

use crate::explode::Visit;
use mail_parser::decoders::base64::base64_decode;

pub(super) fn scan(visit: &mut Visit<'_, '_, '_>) {
    let alphabet = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let digits: Vec<u8> = visit.bytes.iter().copied().filter(alphabet).collect();
    let decoded = base64_decode(&digits).filter(|decoded| !decoded.is_empty());
    if let Some(decoded) = decoded {
        let spent = visit.budget().spend(decoded.len());
        visit.child_or_opaque(None, spent.map(|()| decoded));
    }
}
