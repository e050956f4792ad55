//! The message data model (MDM): one struct for each object, with the fields and names that rules read.
//!
//! What is dear (rendered texts, links, threads, hashes) is computed on first read and once. Small objects that files and lookups give
//! too (domains, addresses, URLs, links) live in `mailhound-objects` and are named here again.

mod attachment;
mod auth;
mod body;
mod headers;
mod message;
mod triage;

pub use attachment::Attachment;
pub(crate) use attachment::hex;
pub use auth::{AuthSummary, AuthenticationResults, CompAuth, Dmarc, DmarcSummary, Signature, Spf, SpfSummary};
pub use body::{Banner, Body, BodyHtml, BodyPlain, PreviousThread, Thread};
pub use headers::{Clause, HeaderField, Headers, Hop, Received};
pub use message::{Direction, External, HoldingMailbox, Message, Meta, ParseError, Recipients, Sender, Subject};
pub use triage::{Agent, Agents, Classification, FlaggedRule, Triage, UserReports};

pub use mailhound_objects::{Domain, EmailAddress, Ip, IpTranslation, Link, Mailbox, Rewrite, Url};
