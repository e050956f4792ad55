//! The fields that sign: DKIM-Signature (RFC 6376 §3.5), ARC-Message-Signature and ARC-Seal (RFC 8617 §4.1), read and judged by themselves.

use super::body::Request;
use super::fields::{Form, Message};
use super::key::{Algorithm, base64};
use super::report::{Fault, Outcome, SignatureResult};
use super::tags::Tags;
use chrono::{DateTime, SecondsFormat};

/// Which field it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Dkim,
    ArcMessage,
    ArcSeal,
}

/// A signature that is as the standard wants it.
#[derive(Debug)]
pub(super) struct Signature {
    pub algorithm: Algorithm,
    pub domain: String,
    pub selector: String,
    /// True when `i=` names a subdomain of `d=`.
    pub is_for_subdomain: bool,
    /// What it signs; a seal signs the ARC fields instead.
    pub content: Option<Content>,
    /// `b=`.
    pub value: Vec<u8>,
    /// `x=`, seconds since 1970.
    pub expires: Option<i64>,
}

/// Header and body as a signature covers them.
#[derive(Debug)]
pub(super) struct Content {
    pub header_form: Form,
    /// `h=` in lower case.
    pub header_fields: Vec<String>,
    pub body: Request,
    /// `bh=`.
    pub body_hash: Vec<u8>,
}

/// A field that was read: what it says of itself, and the signature, or what is wrong with it.
pub(super) struct Read {
    /// Its index among the fields.
    pub field: usize,
    pub facts: SignatureResult,
    pub signature: Result<Signature, Fault>,
}

impl Read {
    /// The hash of the body that its check needs.
    pub fn request(&self) -> Option<Request> {
        self.signature.as_ref().ok()?.content.as_ref().map(|content| content.body)
    }
}

/// Reads the field with this index.
pub(super) fn read(message: &Message, field: usize, kind: Kind) -> Read {
    let text = message.fields.get(field).map(|field| field.text()).unwrap_or_default();
    let mut facts = blank();
    let signature = match Tags::parse(&text) {
        Ok(tags) => {
            fill(&mut facts, &tags, kind);
            signature(&tags, kind)
        }
        Err(reason) => Err(reason),
    };
    Read { field, facts, signature: signature.map_err(Fault::permanent) }
}

/// A result of which nothing is known yet.
pub(super) fn blank() -> SignatureResult {
    SignatureResult {
        result: Outcome::None,
        reason: None,
        needs: Vec::new(),
        domain: None,
        selector: None,
        identity: None,
        algorithm: None,
        canonicalization: None,
        header_fields: Vec::new(),
        body_hash: None,
        body_length: None,
        body_unsigned: None,
        signed_at: None,
        expires_at: None,
        key: None,
    }
}

fn fill(facts: &mut SignatureResult, tags: &Tags, kind: Kind) {
    let time = |name| tags.get(name)?.parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    let shown = |time: DateTime<_>| time.to_rfc3339_opts(SecondsFormat::Secs, true);
    facts.domain = tags.compact("d");
    facts.selector = tags.compact("s");
    facts.algorithm = tags.compact("a");
    facts.signed_at = time("t").map(shown);
    if kind != Kind::ArcSeal {
        facts.canonicalization = Some(tags.compact("c").unwrap_or_else(|| "simple/simple".to_owned()));
        facts.header_fields = tags.list("h").unwrap_or_default();
        facts.expires_at = time("x").map(shown);
        facts.body_length = tags.get("l").and_then(|length| length.parse().ok());
    }
    if kind == Kind::Dkim {
        facts.identity = tags.compact("i");
    }
}

fn signature(tags: &Tags, kind: Kind) -> Result<Signature, String> {
    if kind == Kind::Dkim && tags.get("v") != Some("1") {
        return Err("the version `v=` is not 1".to_owned());
    }
    let needed = |name: &str| tags.compact(name).filter(|value| !value.is_empty()).ok_or_else(|| format!("there is no `{name}=`"));
    let bytes = |name: &str| base64(&needed(name)?).ok_or_else(|| format!("`{name}=` is not Base64"));
    let number = |name: &str| match tags.get(name) {
        Some(text) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Ok(Some(text.parse::<i64>().unwrap_or(i64::MAX)))
        }
        Some(_) => Err(format!("`{name}=` is no number")),
        None => Ok(None),
    };
    let algorithm = needed("a")?;
    let algorithm = Algorithm::parse(&algorithm).ok_or_else(|| format!("the algorithm `{algorithm}` is not known"))?;
    let domain = needed("d")?;
    let is_for_subdomain = if kind == Kind::Dkim { is_for_subdomain(tags, &domain)? } else { false };
    let content = match kind {
        Kind::ArcSeal if tags.get("h").is_some() => return Err("a seal has no `h=`".to_owned()),
        Kind::ArcSeal => None,
        _ => Some(content(tags, kind, algorithm, bytes("bh")?, number("l")?)?),
    };
    let (made, expires) = (number("t")?, number("x")?);
    if made.zip(expires).is_some_and(|(made, expires)| expires <= made) {
        return Err("it ends (`x=`) before it begins (`t=`)".to_owned());
    }
    Ok(Signature { algorithm, domain, selector: needed("s")?, is_for_subdomain, content, value: bytes("b")?, expires })
}

/// What `h=`, `c=`, `bh=` and `l=` say.
fn content(tags: &Tags, kind: Kind, algorithm: Algorithm, body_hash: Vec<u8>, length: Option<i64>) -> Result<Content, String> {
    let header_fields = tags.list("h").ok_or("there is no `h=`")?;
    if !header_fields.iter().any(|name| name == "from") {
        return Err("the From field is not signed (RFC 6376 §5.4)".to_owned());
    }
    if kind == Kind::ArcMessage && header_fields.iter().any(|name| name == "arc-seal") {
        return Err("ARC-Seal must not be signed by a message signature (RFC 8617 §4.1.2)".to_owned());
    }
    if tags.list("q").is_some_and(|ways| !ways.iter().any(|way| way == "dns/txt")) {
        return Err("the key is not in DNS (`q=`)".to_owned());
    }
    let forms = tags.compact("c").unwrap_or_default();
    let (header, body) = forms.split_once('/').unwrap_or((&forms, ""));
    let form = |name: &str| match name.to_ascii_lowercase().as_str() {
        "simple" | "" => Ok(Form::Simple),
        "relaxed" => Ok(Form::Relaxed),
        _ => Err(format!("the canonicalization `{name}` is not known")),
    };
    let body = Request { form: form(body)?, hash: algorithm.hash(), length: length.and_then(|length| length.try_into().ok()) };
    Ok(Content { header_form: form(header)?, header_fields, body, body_hash })
}

/// Whether `i=` is in a subdomain of `d=`.
fn is_for_subdomain(tags: &Tags, domain: &str) -> Result<bool, String> {
    let Some(identity) = tags.compact("i") else { return Ok(false) };
    let (_, of) = identity.rsplit_once('@').ok_or("`i=` has no domain")?;
    let (of, domain) = (of.to_lowercase(), domain.to_lowercase());
    match of.strip_suffix(&domain) {
        Some("") => Ok(false),
        Some(rest) if rest.ends_with('.') => Ok(true),
        _ => Err("`i=` is not in the domain of `d=`".to_owned()),
    }
}
