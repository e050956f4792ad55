//! The headers of the message (reference mdm.md §9).

use super::{AuthSummary, AuthenticationResults, Signature, Spf};
use mailhound_objects::{Domain, EmailAddress, Ip, Mailbox};
use mailhound_value::{Cut, object};

object! {
    /// One clause of a Received header, kept as text.
    #[derive(Clone, Debug, Default)]
    pub struct Clause {
        /// The text without its keyword.
        raw: String,
    }
}

object! {
    /// A Received header (RFC 5321 §4.4).
    #[derive(Clone, Debug, Default)]
    pub struct Received {
        /// The from clause: who handed the message over.
        source: Option<Clause>,
        /// The by clause: who took it; a comment behind the host name goes to `additional`.
        server: Option<Clause>,
        /// The via clause.
        link: Option<Clause>,
        /// The with clause: the protocol.
        protocol: Option<Clause>,
        /// The id clause.
        id: Option<Clause>,
        /// The for clause: the addressee.
        mailbox: Option<Clause>,
        /// Comments behind the by and for clauses.
        additional: Option<Clause>,
        /// When, in UTC (RFC 3339).
        time: Option<String>,
        /// Offset from UTC as it was written, in whole hours.
        zone_offset: Option<String>,
    }
}

object! {
    /// One header field.
    #[derive(Clone, Debug, Default)]
    pub struct HeaderField {
        /// Name as written.
        name: String,
        /// Value, unfolded, encoded words decoded; empty when there is none.
        value: String,
        /// Place counted from the bottom of the header block, which is 0.
        position: i64,
    }
}

object! {
    /// The header fields between two Received lines: what one server added, and the Received line above that closes the group.
    #[derive(Clone, Debug, Default)]
    pub struct Hop {
        /// 0 is nearest to the sender.
        index: i64,
        /// The fields, lowest first.
        fields: Vec<HeaderField>,
        /// The Received line that closes the hop; null in a last hop that has none.
        received: Option<Received>,
        /// The authentication results in the hop.
        authentication_results: Option<AuthenticationResults>,
        /// The Received-SPF header in the hop.
        received_spf: Option<Spf>,
        /// The signature in the hop; DKIM before ARC before the others.
        signature: Option<Signature>,
    }
}

object! {
    /// What the header block says.
    #[derive(Clone, Debug, Default)]
    pub struct Headers {
        /// The hops from the sender to the recipient.
        hops: Vec<Hop>,
        /// SPF and DMARC of the message; null when no server recorded either.
        auth_summary: Option<AuthSummary>,
        /// Date in UTC (RFC 3339); null when it cannot be read.
        date: Option<String>,
        /// Offset of Date from UTC as it was written, in whole hours.
        date_original_offset: Option<String>,
        /// Delivered-To, the topmost one.
        delivered_to: Option<EmailAddress>,
        /// The first mailbox of From, exactly as it stands there.
        r#from: Option<Mailbox>,
        /// Return-Path, the topmost one; null for the empty path.
        return_path: Option<EmailAddress>,
        /// Reply-To.
        reply_to: Cut<Mailbox>,
        /// Message-ID with its angle brackets.
        message_id: Option<String>,
        /// In-Reply-To, the whole value with angle brackets.
        in_reply_to: Option<String>,
        /// References, without angle brackets.
        references: Vec<String>,
        /// X-Mailer, else User-Agent.
        mailer: Option<String>,
        /// Host names in the Received lines, oldest first, each once.
        domains: Vec<Domain>,
        /// IPv4 addresses in the Received lines, oldest first, each once.
        ips: Vec<Ip>,
        /// X-Originating-IP.
        x_originating_ip: Option<Ip>,
        /// X-Client-IP.
        x_client_ip: Option<Ip>,
        /// X-Sender.
        x_sender: Option<EmailAddress>,
        /// X-Authenticated-Sender.
        x_authenticated_sender: Option<EmailAddress>,
        /// X-Authenticated-Domain, else the domain of X-Authenticated-Sender.
        x_authenticated_domain: Option<Domain>,
        /// X-SecureServer-Acct.
        x_secure_server_account: Option<String>,
    }
}
