//! What the wrappers' codings have in common: parameters, base64, JSON, tokens, deflate, a URL inside a URL.

use crate::url::{Url, first_param, percent_decode};
use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use std::io::Read as _;

/// Bytes that an inflated target may have.
const MAX_INFLATED: u64 = 64 << 10;

/// The decoded value of the first of these parameters that there is.
pub(super) fn param(url: &Url, names: &[&str]) -> Option<String> {
    first_param(url.query_params.as_deref()?, names)
}

/// Base64 of either alphabet, padded or not.
pub(super) fn base64_bytes(text: &str) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent).with_decode_allow_trailing_bits(true);
    let alphabet = if text.contains(['-', '_']) { &URL_SAFE } else { &STANDARD };
    // A `+` of the alphabet may have come through a query string as a blank.
    GeneralPurpose::new(alphabet, config).decode(text.trim().replace(' ', "+")).ok()
}

/// The same, as text.
pub(super) fn base64_text(text: &str) -> Option<String> {
    String::from_utf8(base64_bytes(text)?).ok()
}

/// JSON in base64.
pub(super) fn json(text: &str) -> Option<serde_json::Value> {
    serde_json::from_slice(&base64_bytes(text)?).ok()
}

/// The first of these members of a token's payload (RFC 7519 §3). The signature is not looked at: a wrapper that lies hides nothing.
pub(super) fn jwt_member(token: &str, names: &[&str]) -> Option<String> {
    let payload = json(token.split('.').nth(1)?)?;
    names.iter().find_map(|name| payload.get(name)?.as_str().map(str::to_owned))
}

/// zlib data as text.
pub(super) fn inflate(packed: &[u8]) -> Option<String> {
    let mut text = String::new();
    flate2::read::ZlibDecoder::new(packed).take(MAX_INFLATED).read_to_string(&mut text).ok()?;
    Some(text)
}

/// A URL in path, query or fragment, plain or percent-encoded; the last one, where several stand inside each other.
pub(super) fn embedded(url: &Url) -> Option<String> {
    let start = url.url.find("://")? + 3;
    let rest = url.url.get(start..)?;
    let place = ["https://", "http://", "https%3A%2F%2F", "http%3A%2F%2F", "https%3a%2f%2f", "http%3a%2f%2f"]
        .iter()
        .filter_map(|scheme| rest.find(scheme))
        .min()?;
    let target = &rest[place..];
    Some(if target.contains("://") { target.to_owned() } else { percent_decode(target.split('&').next()?).into_owned() })
}
