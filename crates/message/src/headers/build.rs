//! The `headers` object from the fields of the header block (reference mdm.md §9).

use super::{address, date, hops, ids};
use crate::mime::block::Field;
use crate::model::{Headers, Mailbox};
use mailhound_objects::{Domain, EmailAddress, Ip};
use mailhound_value::{Cut, Limits, Unavailable};

/// The fields of a header block, topmost first, and how to look into them.
pub(crate) struct Fields<'a, 'f> {
    /// All fields.
    pub all: &'f [Field<'a>],
    /// Bounds on the work.
    pub limits: &'f Limits,
}

impl Fields<'_, '_> {
    /// The decoded value of the topmost field of this name.
    pub fn value(&self, name: &str) -> Option<String> {
        self.all.iter().find(|field| field.is(name)).map(Field::value)
    }

    /// The same, `None` also when it is empty.
    pub fn text(&self, name: &str) -> Option<String> {
        self.value(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// The mailboxes of all fields of this name, from top to bottom.
    pub fn mailboxes(&self, name: &str) -> Cut<Mailbox> {
        let mut mailboxes = Vec::new();
        for field in self.all.iter().filter(|field| field.is(name)) {
            mailboxes.append(&mut address::parse_list(&field.unfolded(), self.limits));
            if mailboxes.len() >= self.limits.message_addresses {
                break;
            }
        }
        let rest = (mailboxes.len() >= self.limits.message_addresses).then(|| Unavailable::limit("message.addresses"));
        mailboxes.truncate(self.limits.message_addresses);
        Cut { items: mailboxes, rest }
    }

    fn address(&self, name: &str) -> Option<EmailAddress> {
        address::parse_single(&self.text(name)?)
    }

    /// The first address of a value, with or without brackets.
    fn ip(&self, name: &str) -> Option<Ip> {
        let value = self.text(name)?;
        let words = value.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '[' | ']' | '(' | ')'));
        words.filter(|word| !word.is_empty()).take(MAX_WORDS).find_map(Ip::parse_plain)
    }
}

/// Words of a value that are tried as an IP address.
const MAX_WORDS: usize = 20;

/// Reads all of `headers`.
pub(crate) fn headers(fields: &Fields<'_, '_>) -> Headers {
    let way = hops::build(fields.all);
    let (date, date_original_offset) = fields.text("Date").and_then(|value| date::parse(&value)).unzip();
    let x_authenticated_sender = authenticated_sender(fields);
    let x_authenticated_domain = fields.text("X-Authenticated-Domain").map(|name| Domain::parse(&name));
    Headers {
        hops: way.hops,
        auth_summary: way.auth_summary,
        date,
        date_original_offset,
        delivered_to: fields.address("Delivered-To"),
        from: fields.mailboxes("From").items.into_iter().next(),
        return_path: fields.address("Return-Path"),
        reply_to: fields.mailboxes("Reply-To"),
        message_id: fields.text("Message-ID"),
        in_reply_to: fields.text("In-Reply-To"),
        references: fields.text("References").map(|value| ids::references(&value)).unwrap_or_default(),
        mailer: fields.text("X-Mailer").or_else(|| fields.text("User-Agent")),
        domains: way.hosts.domains,
        ips: way.hosts.ips,
        x_originating_ip: fields.ip("X-Originating-IP"),
        x_client_ip: fields.ip("X-Client-IP"),
        x_sender: fields.address("X-Sender"),
        x_authenticated_domain: x_authenticated_domain.or_else(|| Some(x_authenticated_sender.as_ref()?.domain.clone())),
        x_authenticated_sender,
        x_secure_server_account: fields.text("X-SecureServer-Acct"),
    }
}

/// cPanel writes `host: user@domain`; the address stands behind the last colon and blank.
fn authenticated_sender(fields: &Fields<'_, '_>) -> Option<EmailAddress> {
    let value = fields.text("X-Authenticated-Sender")?;
    address::parse_single(value.rsplit_once(": ").map_or(value.as_str(), |(_, address)| address))
}
