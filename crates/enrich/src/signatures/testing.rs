//! The signed samples (see their README), and what a message of them must give.

use super::{ArcResult, Keys, Outcome, Resolve, SignatureResult, Verification, Verifier};

/// When the samples were received, within the hour for which `expires` holds.
pub const NOW: i64 = 1_772_445_700;

/// The file of the public keys.
pub const KEYS: &str = include_str!("../../testdata/signatures/keys.txt");

/// The public keys of the samples.
pub fn keys() -> Keys {
    Keys::parse(KEYS).expect("the file is well formed")
}

/// The record of the RSA key of 2,048 bits.
pub fn rsa_record() -> &'static str {
    KEYS.lines().find_map(|line| line.strip_prefix("rsa._domainkey.test.example")).expect("it is there").trim()
}

/// The text of a sample, with LF as line end.
pub fn sample(name: &str) -> String {
    let path = format!("{}/testdata/signatures/{name}.eml", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The text with one change, which must be one.
#[track_caller]
pub fn changed(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "`{from}` is there");
    text.replacen(from, to, 1)
}

/// Verifies with keys from a file alone.
pub fn verify_with(keys: &str, text: &str) -> Verification {
    let keys = Keys::parse(keys).unwrap_or_else(|error| panic!("{error}"));
    Verifier::new(keys, None).verify(text.as_bytes(), NOW)
}

/// Verifies with the keys of the samples, with both kinds of line ends, which must give the same.
#[track_caller]
pub fn verify(text: &str) -> Verification {
    let lf = verify_with(KEYS, text);
    let crlf = verify_with(KEYS, &text.replace('\n', "\r\n"));
    assert_eq!(lf, crlf, "line ends do not count");
    lf
}

/// Verifies with a resolver and no file.
pub fn verify_by(dns: impl Resolve + 'static, text: &str) -> Verification {
    Verifier::new(Keys::default(), Some(Box::new(dns))).verify(text.as_bytes(), NOW)
}

/// The only DKIM signature.
#[track_caller]
pub fn dkim(verification: Verification) -> SignatureResult {
    assert_eq!(verification.dkim.len(), 1, "{verification:?}");
    verification.dkim.into_iter().next().expect("there is one")
}

/// Fails unless a signature has this result and its reason says this.
#[track_caller]
pub fn check(found: &SignatureResult, result: Outcome, reason: &str) {
    assert_eq!(found.result, result, "{found:?}");
    assert!(found.reason.as_deref().unwrap_or_default().contains(reason), "{found:?}");
    assert_eq!(found.reason.is_none(), result == Outcome::Pass, "all but a pass has a reason: {found:?}");
}

/// Fails unless a chain has this result and its reason says this.
#[track_caller]
pub fn check_arc(found: &ArcResult, result: Outcome, reason: &str) {
    assert_eq!(found.result, result, "{found:?}");
    assert!(found.reason.as_deref().unwrap_or_default().contains(reason), "{found:?}");
}
