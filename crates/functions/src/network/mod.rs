//! `network.*` and `beta.ip_in`: addresses and domains.

pub mod ip_set;
mod whois;

pub use whois::Whois;

pub(crate) static FUNCTIONS: &[&mailhound_mql::Function] = &[&ip_set::IP_IN, &whois::WHOIS];
