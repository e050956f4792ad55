//! The message as a whole: the root of the data model and its small companions (reference mdm.md §3, §5 to §8, §13).

use super::{Attachment, Body, Headers, Triage};
use crate::{defects, meta};
use mailhound_objects::{EmailAddress, Mailbox};
use mailhound_value::{Cut, object};
use std::cell::OnceCell;

object! {
    /// One message, as rules see it.
    ///
    /// Bytes that are no message give a model whose texts, numbers and truth values are null and whose lists are empty.
    #[derive(Default)]
    pub struct Message {
        /// Direction of travel; null for bytes that are no message.
        r#type: Option<Direction>,
        /// The subject line.
        subject: Subject,
        /// The author; null for bytes that are no message.
        sender: Option<Sender>,
        /// The addressees.
        recipients: Recipients,
        /// The mailbox that holds the message; null when it is unknown.
        mailbox: Option<HoldingMailbox>,
        /// The headers.
        headers: Headers,
        /// The text of the message.
        body: Body,
        /// The attached files in their order.
        attachments: Cut<Attachment>,
        /// What the mail provider knows; null when nothing is known.
        external: Option<External>,
        /// What automation rules see; null when the message was only parsed.
        triage: Option<Triage>,
    }
    computed {
        /// Problems of parsing that did not stop it, and limits that were hit.
        _errors: Vec<ParseError> = Message::errors,
        /// Bookkeeping; null for bytes that are no message.
        _meta: Option<Meta> = Message::meta,
    }
    private {
        /// The problems that parsing met.
        defects: Vec<ParseError>,
        /// All problems, once read.
        kept_errors: OnceCell<Vec<ParseError>>,
        /// What the bookkeeping starts from.
        stamp: Option<meta::Stamp>,
        /// The bookkeeping, once read.
        kept_meta: OnceCell<Option<Meta>>,
    }
}

impl Message {
    /// All problems and limits. The first read costs the texts, links and threads, which have limits of their own.
    pub fn errors(&self) -> &Vec<ParseError> {
        self.kept_errors.get_or_init(|| {
            self.body.read_all();
            self.errors_so_far().collect()
        })
    }

    /// The problems of what was read up to now: texts, links and threads hit their limits when they are first read.
    pub fn errors_so_far(&self) -> impl Iterator<Item = ParseError> {
        self.defects.iter().cloned().chain(defects::of_read(&self.body))
    }

    /// The bookkeeping. The first read costs the hashes of all attachments and the split into threads.
    pub fn meta(&self) -> &Option<Meta> {
        self.kept_meta.get_or_init(|| self.stamp.as_ref().map(|stamp| meta::build(self, stamp)))
    }

    /// The time that history look-ups count from (`_meta.effective_at`), without the cost of the rest of the bookkeeping.
    pub fn effective_at(&self) -> Option<&str> {
        self.stamp.as_ref().map(|stamp| stamp.effective_at.as_str())
    }
}

object! {
    /// A problem of parsing that did not stop it.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ParseError {
        /// The header, or the part of the message, that has the problem.
        field: String,
        /// What is wrong, as a sentence.
        message: String,
        /// What kind of problem it is, such as missing_header_field or limit.
        r#type: String,
    }
}

object! {
    /// Direction of travel; more than one flag may be set.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Direction {
        /// From outside to the organisation.
        inbound: bool,
        /// From the organisation to someone outside.
        outbound: bool,
        /// From the organisation to someone inside, authenticated.
        internal: bool,
    }
}

object! {
    /// A subject line and its parts.
    #[derive(Clone, Debug, Default)]
    pub struct Subject {
        /// The decoded subject; null when there is no such header.
        subject: Option<String>,
        /// The subject without leading tags and reply, forward and automatic-reply markers.
        base: Option<String>,
        /// Leading tags with their brackets, in their order.
        tags: Vec<String>,
        /// A reply marker was there.
        is_reply: Option<bool>,
        /// A forward marker was there.
        is_forward: Option<bool>,
        /// An automatic-reply marker was there.
        is_auto_reply: Option<bool>,
    }
}

object! {
    /// The author.
    #[derive(Clone, Debug, Default)]
    pub struct Sender {
        /// The decoded name in From; null when there is none.
        display_name: Option<String>,
        /// The address; `email` is empty when From has none.
        email: EmailAddress,
        /// Steps that recovered the author from a From that a list had rewritten.
        decoders: Vec<String>,
    }
}

object! {
    /// The addressees.
    #[derive(Clone, Debug, Default)]
    pub struct Recipients {
        /// To, in the order of the header, repeats kept.
        to: Cut<Mailbox>,
        /// Cc, in the order of the header, repeats kept.
        cc: Cut<Mailbox>,
        /// Bcc, in the order of the header, repeats kept.
        bcc: Cut<Mailbox>,
    }
}

object! {
    /// The mailbox that holds the message.
    #[derive(Clone, Debug, Default)]
    pub struct HoldingMailbox {
        /// Name in the directory.
        display_name: Option<String>,
        /// Given name.
        first_name: Option<String>,
        /// Family name.
        last_name: Option<String>,
        /// Address.
        email: EmailAddress,
    }
}

object! {
    /// What the mail provider knows.
    #[derive(Clone, Debug, Default)]
    pub struct External {
        /// When the provider received it, in UTC (RFC 3339).
        created_at: Option<String>,
        /// The provider's id of the message.
        message_id: Option<String>,
        /// The provider's id of the conversation.
        thread_id: Option<String>,
        /// sent or received, as the mailbox sees it.
        route_type: Option<String>,
        /// The provider took it for spam.
        spam: Option<bool>,
        /// It lies in the spam folder.
        spam_folder: Option<bool>,
    }
}

object! {
    /// Bookkeeping.
    #[derive(Clone, Debug, Default)]
    pub struct Meta {
        /// UUID of this model (version 7).
        id: String,
        /// SHA-256 over sender, subject, text and attachments, in hexadecimal: the same for the messages of one campaign.
        canonical_id: String,
        /// When this model was made, in UTC with nanoseconds.
        created_at: String,
        /// The time that history look-ups count from, in UTC.
        effective_at: String,
    }
}
