//! What was found out about the signatures of a message, as it is printed.

use serde::Serialize;

/// The result of a check, in the words of RFC 8601 §2.7.1, and one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// There is nothing to check.
    None,
    /// The signature holds.
    Pass,
    /// The signed part was changed, or the signature was not made with this key.
    Fail,
    /// The signature holds by its numbers and is not accepted: expired, SHA-1, or a key that is too short.
    Policy,
    /// DNS gave no answer; a later try may end otherwise.
    TempError,
    /// The signature or its key is not as the standard wants it, or the key does not exist.
    PermError,
    /// The key is not known and could not be asked for, or a limit was hit.
    Unavailable,
}

/// Why a signature does not pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub outcome: Outcome,
    pub reason: String,
    pub needs: Vec<String>,
}

impl Fault {
    /// A fault without needs.
    pub fn new(outcome: Outcome, reason: impl Into<String>) -> Self {
        Fault { outcome, reason: reason.into(), needs: Vec::new() }
    }

    /// Against the standard.
    pub fn permanent(reason: impl Into<String>) -> Self {
        Fault::new(Outcome::PermError, reason)
    }

    /// Not to be found out here.
    pub fn unavailable(reason: impl Into<String>, need: impl Into<String>) -> Self {
        Fault { outcome: Outcome::Unavailable, reason: reason.into(), needs: vec![need.into()] }
    }
}

/// The signatures of one message.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verification {
    /// One entry for each DKIM-Signature field, topmost first.
    pub dkim: Vec<SignatureResult>,
    /// The ARC chain.
    pub arc: ArcResult,
}

/// One DKIM-Signature, ARC-Message-Signature or ARC-Seal. What the field does not give is left out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SignatureResult {
    /// How the check ended.
    pub result: Outcome,
    /// Why it did not pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What would have to be there for a known result.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// `d=`, the domain that signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// `s=`; the key has the name SELECTOR._domainkey.DOMAIN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selector: Option<String>,
    /// `i=` of DKIM, for whom was signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// `a=`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub algorithm: Option<String>,
    /// `c=`, header and body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canonicalization: Option<String>,
    /// `h=`, the signed fields in lower case, in the order of the tag; a name stands there once for each signed field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub header_fields: Vec<String>,
    /// Whether the body is the one that was hashed: `pass` or `fail`. It needs no key and by itself proves nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_hash: Option<Outcome>,
    /// `l=`: only so many bytes of the canonical body are signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_length: Option<u64>,
    /// Bytes of the canonical body behind `l=`, which anybody may have added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_unsigned: Option<u64>,
    /// `t=`, when it was signed (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<String>,
    /// `x=`, until when it holds (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// The public key, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyFacts>,
}

/// A public key that was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyFacts {
    /// `rsa` or `ed25519`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Its length.
    pub bits: usize,
    /// `file` or `dns`.
    pub source: &'static str,
    /// The domain is only testing DKIM (`t=y`): RFC 6376 §3.6.1 wants such mail treated as unsigned, whatever the result.
    pub testing: bool,
}

/// The ARC chain of a message.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ArcResult {
    /// `none` without a chain, `pass`, `fail`, or what keeps it from being known.
    pub result: Outcome,
    /// Why it did not pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What would have to be there for a known result.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// The lowest instance from which on every message signature holds; 0 when all do (RFC 8617 §5.2). Only for a chain that passes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest_pass: Option<u32>,
    /// The sets, first hop first.
    pub sets: Vec<ArcSet>,
}

/// One set of a chain.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ArcSet {
    /// `i=`.
    pub instance: u32,
    /// `cv=` of the seal: what its maker found the chain before it to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chain: Option<String>,
    /// ARC-Message-Signature. That of an older set fails when a later hop changed the message, which is no fault of the chain.
    pub signature: SignatureResult,
    /// ARC-Seal, over the ARC fields up to this set.
    pub seal: SignatureResult,
}
