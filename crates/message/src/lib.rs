//! From the bytes of a message to the message data model, the document that rules read.
//!
//! [`parse`] takes any bytes and gives a [`Message`]; what is wrong with them stands in its `_errors`. The crate knows no rule, reads no
//! file and reaches out to nothing. Reading order: [`model`] (what there is), `parse` (how it is put together), `mime` (bytes to parts),
//! [`headers`] (what single fields mean), `parts` (bodies and attachments), `opened` (attachments that hold parts), `threads` (quoted
//! messages), [`mbox`] (files of many messages), [`emlx`] (files of Apple Mail).

pub mod emlx;
pub mod headers;
pub mod mbox;
pub mod model;

mod defects;
mod direction;
mod meta;
mod mime;
mod opened;
mod outlook;
mod parse;
mod parts;
mod sender;
mod smime;
mod subject;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod text;
mod threads;

pub use model::{Attachment, Message};
pub use outlook::is_outlook;
#[doc(hidden)]
pub use outlook::tnef_to_eml;
#[doc(hidden)]
pub use parse::outline;
pub use parse::{Options, is_message, parse};
