//! The small objects that messages and files both give: domains, addresses, IPs, URLs, links, HTML documents, file types.
//!
//! Everything here takes text or bytes that an attacker wrote and gives plain values; nothing fails as a whole, nothing reaches out.
//! The crate knows no message and no rule.
//!
//! Reading order: [`Domain`], [`EmailAddress`] and [`Mailbox`], [`Ip`], [`Url`] with [`unwrap`], [`Link`], [`text`] (links in text),
//! [`html`] (documents, what a reader sees of them, their links), [`file_type`], [`compound`] (OLE files).

pub mod compound;
pub mod domain;
pub mod email;
pub mod file_type;
pub mod html;
pub mod ip;
pub mod link;
pub mod text;
pub mod unwrap;
pub mod url;

pub use domain::Domain;
pub use email::{EmailAddress, Mailbox};
pub use ip::{Ip, IpTranslation};
pub use link::Link;
pub use url::{Rewrite, Url};
