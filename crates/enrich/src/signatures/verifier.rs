//! From the bytes of a message to the results of its signatures.

use super::arc::Chain;
use super::body::Hashes;
use super::check::Checker;
use super::dkim::{Kind, blank, read};
use super::fields::Message;
use super::keys::{Keys, Lookup, Resolve};
use super::report::{ArcResult, Fault, Outcome, SignatureResult, Verification};
use mailhound_value::fixed;
use std::time::Duration;

/// Verifies the signatures of messages.
pub struct Verifier(Lookup);

impl Verifier {
    /// A verifier with these keys. Without a resolver no key is asked for, and nothing else here can use the network.
    pub fn new(keys: Keys, dns: Option<Box<dyn Resolve>>) -> Self {
        Verifier(Lookup::new(keys, dns))
    }

    /// Verifies the signatures of a message as it lies in a file: a line end may be LF or CR LF, and counts as CR LF.
    ///
    /// A byte order mark and empty lines in front, which editors and archives put there, are passed over.
    ///
    /// `now` is the time in seconds since 1970. Whether a signature had expired is judged at the time of the topmost Received field, and at
    /// `now` when there is none that can be read.
    pub fn verify(&self, bytes: &[u8], now: i64) -> Verification {
        let message = Message::split(without_lead(bytes));
        if message.header_bytes > fixed::DKIM_HEADERS.value {
            return unread(&message);
        }
        let signed = message.named("dkim-signature");
        let (looked_at, left_out) = signed.split_at_checked(fixed::DKIM_SIGNATURES.value).unwrap_or((signed, &[]));
        let dkim: Vec<_> = looked_at.iter().map(|field| read(&message, *field, Kind::Dkim)).collect();
        let chain = Chain::read(&message);
        let arc = chain.iter().flat_map(Chain::signatures);
        let requests: Vec<_> = dkim.iter().chain(arc).filter_map(|read| read.request()).collect();
        let mut checker = Checker {
            lookup: &self.0,
            message: &message,
            hashes: Hashes::of(message.body, requests.into_iter()),
            received: received(&message).unwrap_or(now),
            left: Duration::from_secs(fixed::DNS_SECONDS.value as u64),
        };
        let mut dkim: Vec<_> = dkim.into_iter().map(|read| checker.message_signature(read)).collect();
        if !left_out.is_empty() {
            dkim.push(limited(format!("{} more signatures are not checked", left_out.len()), fixed::DKIM_SIGNATURES.name));
        }
        let arc = match chain {
            Ok(chain) => chain.check(&mut checker),
            Err(fault) => broken(fault),
        };
        Verification { dkim, arc }
    }
}

impl Verification {
    /// For a message whose signed bytes are not there: nothing can be said of its signatures, for this reason.
    pub fn unavailable(reason: &str) -> Verification {
        let dkim = SignatureResult { result: Outcome::Unavailable, reason: Some(reason.to_owned()), ..blank() };
        let arc = ArcResult {
            result: Outcome::Unavailable,
            reason: Some(reason.to_owned()),
            needs: Vec::new(),
            oldest_pass: None,
            sets: Vec::new(),
        };
        Verification { dkim: vec![dkim], arc }
    }
}

/// The message behind a byte order mark and empty lines.
fn without_lead(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let blank = bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    bytes.get(blank..).unwrap_or_default()
}

/// The time of the topmost Received field, in seconds since 1970.
fn received(message: &Message) -> Option<i64> {
    let text = message.fields.get(*message.named("received").first()?)?.text();
    let (_, date) = text.rsplit_once(';')?;
    Some(mail_parser::DateTime::parse_rfc822(date.trim())?.to_timestamp())
}

/// The results of a message whose header is too long to be checked.
fn unread(message: &Message) -> Verification {
    let why = "the header is too long for its signatures to be checked";
    let has = |name: &str| !message.named(name).is_empty();
    let dkim = if has("dkim-signature") { vec![limited(why.to_owned(), fixed::DKIM_HEADERS.name)] } else { Vec::new() };
    let arc = match has("arc-seal") || has("arc-message-signature") || has("arc-authentication-results") {
        true => broken(Fault::unavailable(why, need(fixed::DKIM_HEADERS.name))),
        false => ArcResult { result: Outcome::None, reason: None, needs: Vec::new(), oldest_pass: None, sets: Vec::new() },
    };
    Verification { dkim, arc }
}

fn broken(fault: Fault) -> ArcResult {
    ArcResult { result: fault.outcome, reason: Some(fault.reason), needs: fault.needs, oldest_pass: None, sets: Vec::new() }
}

fn limited(reason: String, limit: &str) -> SignatureResult {
    SignatureResult { result: Outcome::Unavailable, reason: Some(reason), needs: vec![need(limit)], ..blank() }
}

fn need(limit: &str) -> String {
    format!("limit {limit}")
}
