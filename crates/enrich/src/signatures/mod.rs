//! Verification of DKIM signatures (RFC 6376, 8301, 8463) and of ARC chains (RFC 8617) with public keys from a file or from DNS.
//!
//! The bytes of a message and the time go in, a [`Verification`] comes out; nothing else is read, and only a [`Verifier`] that was given a
//! resolver can ask for keys. A key that is not known makes a result `unavailable`, never a failure.
//!
//! The verifier is our own. Of the libraries, mail-auth counts `l=` before canonicalisation (RFC 6376 §3.4.5 counts after it), judges `x=`
//! against the system clock alone, does not look at `h=` and `s=` of a key, hashes the body once for each `l=` and searches all fields for
//! each name of `h=`, which a hostile message can make as dear as it likes; and it cannot be built without a DNS client.

mod arc;
mod body;
mod check;
mod dkim;
mod dns;
mod fields;
mod key;
mod keys;
mod report;
mod tags;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod verifier;

pub use dns::Dns;
pub use keys::{BadLine, Keys, Resolve, Unresolved};
pub use report::{ArcResult, ArcSet, KeyFacts, Outcome, SignatureResult, Verification};
pub use verifier::Verifier;
