//! Public keys: the record of a key (RFC 6376 §3.6.1) and the check of a signature with it.

use super::body::Hash;
use super::report::{Fault, Outcome};
use super::tags::Tags;
use base64::Engine;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::{alphabet, engine::DecodePaddingMode};
use ring::{digest, signature};

/// The algorithm of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    RsaSha1,
    RsaSha256,
    Ed25519Sha256,
}

impl Algorithm {
    /// The algorithm of this name; letter case does not count.
    pub fn parse(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "rsa-sha1" => Some(Algorithm::RsaSha1),
            "rsa-sha256" => Some(Algorithm::RsaSha256),
            "ed25519-sha256" => Some(Algorithm::Ed25519Sha256),
            _ => None,
        }
    }

    /// How it hashes.
    pub fn hash(self) -> Hash {
        match self {
            Algorithm::RsaSha1 => Hash::Sha1,
            Algorithm::RsaSha256 | Algorithm::Ed25519Sha256 => Hash::Sha256,
        }
    }
}

/// A public key and how it may be used.
#[derive(Clone, Debug)]
pub(super) struct Key {
    public: Public,
    /// `h=`: hash algorithms that may be used with it; all without one.
    hashes: Option<Vec<String>>,
    /// `t=y`: the domain is testing.
    pub testing: bool,
    /// `t=s`: `i=` must have the very domain of `d=`.
    pub same_domain: bool,
}

#[derive(Clone, Debug)]
enum Public {
    /// A PKCS #1 RSAPublicKey, and the bits of its modulus.
    Rsa(Vec<u8>, usize),
    Ed25519(Vec<u8>),
}

/// Fewer bits are not accepted (RFC 8301 §3.2).
const MIN_RSA_BITS: usize = 1024;
/// More bits are not checked: the time that a check takes grows with the cube.
const MAX_RSA_BITS: usize = 8192;

impl Key {
    /// Reads the record of a key.
    ///
    /// # Errors
    /// Says what is wrong with it; a revoked key (an empty `p=`) is wrong too.
    pub fn parse(record: &str) -> Result<Self, String> {
        let tags = Tags::parse(record)?;
        if let Some(version) = tags.get("v").filter(|version| *version != "DKIM1") {
            return Err(format!("the version `{version}` is not DKIM1"));
        }
        let bytes = tags.compact("p").ok_or("there is no `p=`, the key itself")?;
        if bytes.is_empty() {
            return Err("the key was revoked: its `p=` is empty".to_owned());
        }
        if tags.list("s").is_some_and(|services| !services.iter().any(|it| it == "*" || it == "email")) {
            return Err("the key is not for email (`s=`)".to_owned());
        }
        let bytes = base64(&bytes).ok_or("`p=` is not Base64")?;
        let public = match tags.get("k").unwrap_or("rsa") {
            kind if kind.eq_ignore_ascii_case("rsa") => rsa(&bytes).ok_or("`p=` is no RSA key")?,
            kind if kind.eq_ignore_ascii_case("ed25519") && bytes.len() == 32 => Public::Ed25519(bytes),
            kind if kind.eq_ignore_ascii_case("ed25519") => return Err("`p=` is no Ed25519 key of 32 bytes".to_owned()),
            kind => return Err(format!("the key type `{kind}` is neither rsa nor ed25519")),
        };
        let flags = tags.list("t").unwrap_or_default();
        let has = |flag: &str| flags.iter().any(|it| it == flag);
        Ok(Key { public, hashes: tags.list("h"), testing: has("y"), same_domain: has("s") })
    }

    /// `rsa` or `ed25519`.
    pub fn kind(&self) -> &'static str {
        match self.public {
            Public::Rsa(..) => "rsa",
            Public::Ed25519(_) => "ed25519",
        }
    }

    /// The length of the key.
    pub fn bits(&self) -> usize {
        match self.public {
            Public::Rsa(_, bits) => bits,
            Public::Ed25519(_) => 256,
        }
    }

    /// Checks a signature over `data`.
    pub(super) fn verify(&self, algorithm: Algorithm, data: &[u8], signature: &[u8]) -> Result<(), Fault> {
        let hash = algorithm.hash().name();
        if self.hashes.as_ref().is_some_and(|hashes| !hashes.iter().any(|it| it == hash)) {
            return Err(Fault::permanent(format!("the key may not be used with {hash} (its `h=`)")));
        }
        // What Ed25519 signs is the hash (RFC 8463 §3); RSA hashes by itself.
        let hashed = digest::digest(&digest::SHA256, data);
        let (rules, key, data): (&dyn signature::VerificationAlgorithm, &[u8], &[u8]) = match (&self.public, algorithm) {
            (Public::Rsa(_, bits), _) if *bits < MIN_RSA_BITS || *bits > MAX_RSA_BITS => {
                let why = format!("an RSA key of {bits} bits is not accepted (RFC 8301); the signature was not checked");
                return Err(Fault::new(Outcome::Policy, why));
            }
            (Public::Rsa(key, _), Algorithm::RsaSha1) => (&signature::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY, key, data),
            (Public::Rsa(key, _), Algorithm::RsaSha256) => (&signature::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, key, data),
            (Public::Ed25519(key), Algorithm::Ed25519Sha256) => (&signature::ED25519, key, hashed.as_ref()),
            _ => return Err(Fault::permanent(format!("the key is of type {}, the signature is not", self.kind()))),
        };
        signature::UnparsedPublicKey::new(rules, key)
            .verify(data, signature)
            .map_err(|_| Fault::new(Outcome::Fail, "the signature does not match the header fields and the key"))
    }
}

/// Decodes Base64 with or without its padding.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(&alphabet::STANDARD, LENIENT).decode(text).ok()
}

/// `rsaEncryption` (RFC 8017 §A.1).
const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OBJECT: u8 = 0x06;

/// An RSA key in DER: a SubjectPublicKeyInfo, which everybody publishes, or the bare RSAPublicKey, which RFC 6376 names.
fn rsa(der: &[u8]) -> Option<Public> {
    let (content, after) = der_item(der, SEQUENCE)?;
    if !after.is_empty() {
        return None;
    }
    let key = match der_item(content, SEQUENCE) {
        Some((algorithm, rest)) => {
            der_item(algorithm, OBJECT).filter(|(object, _)| *object == RSA_ENCRYPTION)?;
            der_item(rest, BIT_STRING)?.0.strip_prefix(&[0])?
        }
        None => der,
    };
    let (modulus, _) = der_item(der_item(key, SEQUENCE)?.0, INTEGER)?;
    let zeros = modulus.iter().take_while(|byte| **byte == 0).count();
    let modulus = modulus.get(zeros..)?;
    let bits = modulus.len() * 8 - modulus.first()?.leading_zeros() as usize;
    Some(Public::Rsa(key.to_vec(), bits))
}

/// The content of a DER item with this tag, and what follows it.
fn der_item(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let [first, length, rest @ ..] = der else { return None };
    if *first != tag {
        return None;
    }
    if *length < 0x80 {
        return rest.split_at_checked(usize::from(*length));
    }
    let (length, rest) = rest.split_at_checked(usize::from(*length & 0x7f)).filter(|(length, _)| (1..=3).contains(&length.len()))?;
    let length = length.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
    rest.split_at_checked(length)
}
