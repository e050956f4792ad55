//! From bytes to the model.

use crate::direction::{self, Facts};
use crate::headers::build::{Fields, headers};
use crate::meta::Stamp;
use crate::mime::block::{self, Block, Field};
use crate::mime::tree;
use crate::model::{Body, Direction, External, Headers, HoldingMailbox, Mailbox, Message, ParseError, Recipients, Subject};
use crate::{defects, outlook, parts, sender};
use chrono::{DateTime, Utc};
use mailhound_value::{Limits, Unavailable};
use std::collections::HashSet;

/// What the caller knows about the message and the organisation.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Domains of the organisation, lower case. Without any, every message is inbound.
    pub org_domains: HashSet<String>,
    /// Addresses of servers that pass mail on in good faith; where one of them was the client, SPF counts as passed.
    pub trusted_relays: HashSet<String>,
    /// The direction, when the caller knows it; it wins over everything that the message says.
    pub direction: Option<Direction>,
    /// The mailbox that holds the message.
    pub mailbox: Option<HoldingMailbox>,
    /// What the mail provider knows.
    pub external: Option<External>,
    /// The message is attached to another one: it has no direction, no holding mailbox and no provider facts.
    pub is_nested: bool,
    /// Bounds on the work.
    pub limits: Limits,
    /// The time to take for now; `None` is the system clock.
    pub now: Option<DateTime<Utc>>,
}

/// Reads a message. Never fails: what is wrong stands in `_errors`, and bytes that are no message ([`is_message`]) give a model whose
/// scalars are null and whose lists are empty.
///
/// An Outlook `.msg` file is read as the MIME message that it is equal to.
pub fn parse(bytes: &[u8], options: &Options) -> Message {
    let head = bytes.get(..options.limits.message_bytes).unwrap_or(bytes);
    match outlook::unpack(head, &options.limits) {
        Some(unpacked) => parse_mime(&unpacked.eml, unpacked.errors, unpacked.hidden_files, head.len() < bytes.len(), options),
        None => parse_mime(bytes, Vec::new(), None, false, options),
    }
}

/// Reads a MIME message. The container that it was in may have been cut, have had errors, and have hidden files.
fn parse_mime(bytes: &[u8], mut errors: Vec<ParseError>, hidden: Option<Unavailable>, is_cut: bool, options: &Options) -> Message {
    let limits = &options.limits;
    let is_cut = is_cut || bytes.len() > limits.message_bytes;
    let bytes = bytes.get(..limits.message_bytes).unwrap_or(bytes);
    if is_cut {
        errors.push(defects::limit("message.bytes", "message", "The message is too long; the rest was left out"));
    }
    let block = header_block(bytes, limits.message_headers);
    if !has_mail_fields(&block.fields) {
        errors.push(defects::no_message());
        return Message { defects: errors, body: Body::new(None, None, limits), ..Message::default() };
    }
    let fields = Fields { all: &block.fields, limits };
    errors.extend(defects::of_header(&block));
    let tree = tree::walk(bytes, &block.fields, block.body, limits);
    let mut parts = parts::sort(tree.leaves, limits);
    let inside = parts.defects.iter().filter(|defect| !tree.defects.contains(defect));
    let defects: Vec<_> = tree.defects.iter().chain(inside).cloned().collect();
    errors.extend(defects::of_tree(&defects));
    errors.append(&mut parts.errors);
    parts.attachments.rest = hidden.or_else(|| defects::hidden_parts(&defects, is_cut)).or(parts.attachments.rest.take());
    errors.extend(defects::of_body(&parts.body, limits));
    let header_bytes = bytes.get(..block.body).unwrap_or(bytes);
    assemble(&fields, parts, errors, header_bytes, options)
}

fn assemble(fields: &Fields<'_, '_>, parts: parts::Parts, mut errors: Vec<ParseError>, header_bytes: &[u8], options: &Options) -> Message {
    let mut headers = headers(fields);
    trust(&mut headers, &options.trusted_relays);
    let sender = sender::sender(fields, headers.from.as_ref());
    let mut recipients = Recipients { to: fields.mailboxes("To"), cc: fields.mailboxes("Cc"), bcc: fields.mailboxes("Bcc") };
    errors.extend(defects::of_addresses(&recipients, &headers, fields.limits));
    let mailbox = if options.is_nested { None } else { options.mailbox.clone().or_else(|| holder(&headers, &recipients)) };
    if let Some(mailbox) = mailbox.as_ref().filter(|_| recipients.to.is_empty() && recipients.cc.is_empty() && recipients.bcc.is_empty()) {
        // A message to nobody went to its holder as a blind copy (mdm.md §8.1).
        recipients.bcc.items.push(Mailbox { display_name: mailbox.display_name.clone(), email: mailbox.email.clone() });
    }
    let external = if options.is_nested { None } else { external(fields, options.external.clone()) };
    let is_sent = external.as_ref().is_some_and(|external| external.route_type.as_deref() == Some("sent"));
    let facts = Facts { sender: &sender, recipients: &recipients, mailbox: mailbox.as_ref(), headers: &headers, is_sent };
    let direction = match &options.direction {
        _ if options.is_nested => Direction::default(),
        Some(known) => known.clone(),
        None => direction::direction(&options.org_domains, &facts),
    };
    let stamp = Stamp::new(options.now.unwrap_or_else(Utc::now), receipt(&headers, external.as_ref()), header_bytes);
    Message {
        defects: errors,
        r#type: Some(direction),
        subject: fields.value("Subject").map(|text| Subject::parse(&text)).unwrap_or_default(),
        sender: Some(sender),
        recipients,
        mailbox,
        headers,
        body: parts.body,
        attachments: parts.attachments,
        external,
        stamp: Some(stamp),
        ..Message::default()
    }
}

/// The SPF verdict that a trusted relay cannot help to miss (mdm.md §5, §9.6). The details stay as they were written.
fn trust(headers: &mut Headers, relays: &HashSet<String>) {
    let spf = headers.auth_summary.as_mut().and_then(|summary| summary.spf.as_mut());
    let Some(spf) = spf else { return };
    let client = spf.details.as_ref().and_then(|details| details.client_ip.as_ref());
    if client.is_some_and(|client| relays.contains(&client.ip)) {
        (spf.pass, spf.error) = (Some(true), Some(false));
    }
}

/// The best guess at the mailbox that holds a loose file: Delivered-To, else the only To address (mdm.md §8.2).
fn holder(headers: &Headers, recipients: &Recipients) -> Option<HoldingMailbox> {
    let only = || match recipients.to.as_slice() {
        [only] if !only.email.email.is_empty() => Some(only.email.clone()),
        _ => None,
    };
    let email = headers.delivered_to.clone().or_else(only)?;
    Some(HoldingMailbox { email, ..HoldingMailbox::default() })
}

/// The caller's facts; the spam verdict of the headers when the caller gives none (mdm.md §13).
fn external(fields: &Fields<'_, '_>, known: Option<External>) -> Option<External> {
    let flagged = fields.text("X-Spam-Flag").is_some_and(|flag| flag.eq_ignore_ascii_case("yes"));
    let level = fields.text("X-MS-Exchange-Organization-SCL").and_then(|level| level.parse::<i64>().ok());
    let spam = (flagged || level.is_some_and(|level| level >= 5)).then_some(true);
    match (known, spam) {
        (None, None) => None,
        (known, spam) => {
            let known = known.unwrap_or_default();
            Some(External { spam: known.spam.or(spam), ..known })
        }
    }
}

/// When the message was received: by the provider, the newest Received line, or the Date.
fn receipt(headers: &Headers, external: Option<&External>) -> Option<String> {
    let provider = external.and_then(|external| external.created_at.clone());
    let received = || headers.hops.iter().rev().find_map(|hop| hop.received.as_ref()?.time.clone());
    provider.or_else(received).or_else(|| headers.date.clone())
}

/// True when the bytes begin with a header block of a message (at least one field that only mail has), or are one of Outlook's own forms.
pub fn is_message(bytes: &[u8]) -> bool {
    if outlook::is_outlook(bytes) {
        return true;
    }
    let head = bytes.get(..MAX_PROBE).unwrap_or(bytes);
    has_mail_fields(&header_block(head, MAX_PROBE_FIELDS).fields)
}

/// The MIME tree of a message as depth and media type of its nodes, in the order of the bytes; attached messages are leaves.
///
/// Nothing of the model depends on it: it is there so that the tree can be compared with that of other mail programs.
#[doc(hidden)]
pub fn outline(bytes: &[u8], limits: &Limits) -> Vec<(usize, String)> {
    let bytes = bytes.get(..limits.message_bytes).unwrap_or(bytes);
    let block = header_block(bytes, limits.message_headers);
    tree::walk(bytes, &block.fields, block.body, limits).outline
}

/// Bytes and fields that [`is_message`] looks at.
const MAX_PROBE: usize = 1 << 16;
const MAX_PROBE_FIELDS: usize = 500;

/// The header block behind a byte order mark and empty lines, which editors and archives put there.
fn header_block(bytes: &[u8], max_fields: usize) -> Block<'_> {
    let start = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let blank = bytes.iter().skip(start).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    block::parse(bytes, start + blank, max_fields, |_| false)
}

/// Fields that tell a message from other text with colons in it.
const MAIL_FIELDS: [&str; 27] = [
    "From",
    "To",
    "Cc",
    "Bcc",
    "Subject",
    "Date",
    "Message-ID",
    "Received",
    "Return-Path",
    "Reply-To",
    "Sender",
    "In-Reply-To",
    "References",
    "Delivered-To",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Content-Disposition",
    "DKIM-Signature",
    "Authentication-Results",
    "Received-SPF",
    "ARC-Seal",
    "X-Received",
    "X-Mailer",
    "Resent-From",
    "Apparently-To",
    "List-ID",
];

fn has_mail_fields(fields: &[Field<'_>]) -> bool {
    fields.iter().any(|field| MAIL_FIELDS.iter().any(|name| field.is(name)))
}
