//! `type`: which way the message travels (reference mdm.md §5).

use crate::model::{Direction, Headers, HoldingMailbox, Mailbox, Recipients, Sender};
use mailhound_objects::Domain;
use std::collections::HashSet;

/// What the direction depends on.
pub(crate) struct Facts<'a> {
    /// The author.
    pub sender: &'a Sender,
    /// The addressees.
    pub recipients: &'a Recipients,
    /// The mailbox that holds the message.
    pub mailbox: Option<&'a HoldingMailbox>,
    /// The headers.
    pub headers: &'a Headers,
    /// The caller knows that the mailbox sent it.
    pub is_sent: bool,
}

/// The direction. Without domains of an organisation every message is inbound.
///
/// Mail of the organisation counts as such when its author and return path are in its domains and a check of SPF, DKIM or DMARC passed
/// and none failed; or when the caller knows that it was sent from here.
pub(crate) fn direction(org_domains: &HashSet<String>, facts: &Facts<'_>) -> Direction {
    let inbound = Direction { inbound: true, ..Direction::default() };
    if org_domains.is_empty() {
        return inbound;
    }
    let is_ours = |domain: &Domain| {
        org_domains.contains(&domain.domain) || domain.root_domain.as_ref().is_some_and(|root| org_domains.contains(root))
    };
    let from_us = is_ours(&facts.sender.email.domain) && facts.headers.return_path.as_ref().is_some_and(|path| is_ours(&path.domain));
    let is_outgoing = facts.is_sent || (from_us && is_authentic(facts.headers));
    if !is_outgoing {
        return inbound;
    }
    let lists = [&facts.recipients.to, &facts.recipients.cc, &facts.recipients.bcc];
    let addressees = lists.into_iter().flat_map(|list| list.iter()).map(|mailbox: &Mailbox| &mailbox.email.domain);
    let addressees: Vec<&Domain> = addressees.chain(facts.mailbox.map(|mailbox| &mailbox.email.domain)).collect();
    let internal = addressees.iter().any(|domain| is_ours(domain));
    let outbound = addressees.iter().any(|domain| domain.valid && !is_ours(domain));
    Direction { inbound: !internal && !outbound, outbound, internal }
}

/// One check of SPF, DKIM and DMARC passed and none failed; a soft fail is a failure.
fn is_authentic(headers: &Headers) -> bool {
    let summary = headers.auth_summary.as_ref();
    let spf = summary.and_then(|summary| summary.spf.as_ref());
    // A trusted relay passes whatever was written.
    let spf = spf.and_then(|spf| if spf.pass == Some(true) { Some("pass") } else { spf.details.as_ref()?.verdict.as_deref() });
    let dmarc = summary.and_then(|summary| summary.dmarc.as_ref()).and_then(|dmarc| dmarc.details.as_ref()?.verdict.as_deref());
    let dkim = headers.hops.iter().find_map(|hop| hop.authentication_results.as_ref()?.dkim.as_deref());
    let is = |wanted: &[&str]| [spf, dmarc, dkim].into_iter().flatten().any(|word| wanted.iter().any(|it| word.eq_ignore_ascii_case(it)));
    is(&["pass"]) && !is(&["fail", "softfail"])
}
