//! The check of one signature: the key, the signed bytes, the hash of the body, and what makes a signature that holds not acceptable.

use super::body::{Hash, Hashes};
use super::dkim::{Content, Read, Signature};
use super::fields::{Form, Message};
use super::keys::Lookup;
use super::report::{Fault, KeyFacts, Outcome, SignatureResult};
use std::time::Duration;

/// What checks need.
pub(super) struct Checker<'a, 'm> {
    pub lookup: &'a Lookup,
    pub message: &'a Message<'m>,
    pub hashes: Hashes,
    /// When the message was received, seconds since 1970.
    pub received: i64,
    /// Time that DNS may still take for this message.
    pub left: Duration,
}

impl Checker<'_, '_> {
    /// Checks a DKIM-Signature or ARC-Message-Signature.
    pub fn message_signature(&mut self, read: Read) -> SignatureResult {
        let Some(content) = read.signature.as_ref().ok().and_then(|signature| signature.content.as_ref()) else {
            return self.signature(read, &[]);
        };
        let mut signed = Vec::new();
        for field in self.message.select(&content.header_fields, read.field) {
            field.write(content.header_form, &mut signed);
        }
        self.write_own(read.field, content.header_form, &mut signed);
        self.signature(read, &signed)
    }

    /// Writes the field that holds a signature as that signature signs it.
    pub fn write_own(&self, field: usize, form: Form, signed: &mut Vec<u8>) {
        if let Some(field) = self.message.fields.get(field) {
            field.write_unsigned(form, signed);
        }
    }

    /// Checks a signature over these canonical header fields.
    pub fn signature(&mut self, read: Read, signed: &[u8]) -> SignatureResult {
        let mut result = read.facts;
        let checked = read.signature.and_then(|signature| {
            let body = signature.content.as_ref().map_or(Ok(()), |content| self.body(content, &mut result));
            let header = self.header(&signature, signed, &mut result);
            first_that_counts(body, header)?;
            acceptable(&signature, self.received)
        });
        match checked {
            Ok(()) => result.result = Outcome::Pass,
            Err(fault) => (result.result, result.reason, result.needs) = (fault.outcome, Some(fault.reason), fault.needs),
        }
        result
    }

    fn body(&self, content: &Content, result: &mut SignatureResult) -> Result<(), Fault> {
        let whole = self.hashes.length(content.body.form);
        result.body_unsigned = content.body.length.map(|length| whole.saturating_sub(length));
        let found = self.hashes.get(&content.body);
        let holds = found == Some(content.body_hash.as_slice());
        result.body_hash = Some(if holds { Outcome::Pass } else { Outcome::Fail });
        match (found, content.body.length) {
            _ if holds => Ok(()),
            (None, Some(length)) => Err(Fault::new(Outcome::Fail, format!("{length} bytes of the body are signed (`l=`), it has {whole}"))),
            _ => Err(Fault::new(Outcome::Fail, "the body is not the one that was signed")),
        }
    }

    fn header(&mut self, signature: &Signature, signed: &[u8], result: &mut SignatureResult) -> Result<(), Fault> {
        let (key, source) = self.lookup.find(&signature.selector, &signature.domain, &mut self.left)?;
        result.key = Some(KeyFacts { kind: key.kind(), bits: key.bits(), source, testing: key.testing });
        if key.same_domain && signature.is_for_subdomain {
            return Err(Fault::permanent("the key signs for its very domain only (`t=s`), `i=` names a subdomain"));
        }
        key.verify(signature.algorithm, signed, &signature.value)
    }
}

/// Of the two halves of a check the one that decides: a failure is known whatever the other half would be.
fn first_that_counts(body: Result<(), Fault>, header: Result<(), Fault>) -> Result<(), Fault> {
    match (body, header) {
        (_, Err(fault)) if fault.outcome == Outcome::PermError => Err(fault),
        (body, header) => body.and(header),
    }
}

/// A signature that holds and is not accepted all the same.
fn acceptable(signature: &Signature, received: i64) -> Result<(), Fault> {
    if signature.expires.is_some_and(|expires| expires < received) {
        return Err(Fault::new(Outcome::Policy, "the signature holds, but it had expired (`x=`) when the message was received"));
    }
    if signature.algorithm.hash() == Hash::Sha1 {
        return Err(Fault::new(Outcome::Policy, "the signature holds, but rsa-sha1 is not accepted (RFC 8301)"));
    }
    Ok(())
}
