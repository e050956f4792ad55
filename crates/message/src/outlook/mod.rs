//! Outlook's own forms of a message: `.msg` files ([MS-OXMSG] in a compound file) and TNEF, the `winmail.dat` of Exchange ([MS-OXTNEF]).
//!
//! Both are sets of MAPI properties (`properties`). `msg` and `tnef` take them out of their containers, `item` makes one shape of both, with
//! the header fields of `fields`, and `eml` writes that shape as the MIME message that it is equal to, so that everything else reads Outlook
//! messages like any other.

mod body;
mod defect;
mod eml;
mod fields;
mod item;
mod msg;
mod properties;
pub(crate) mod rtf;
#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;
pub(crate) mod tnef;
#[cfg(test)]
mod tnef_tests;

use crate::model::ParseError;
use mailhound_value::{Limits, Unavailable};

/// A message that was taken out of its container.
#[derive(Debug, Default)]
pub(crate) struct Unpacked {
    /// The equal MIME message.
    pub eml: Vec<u8>,
    /// What was wrong with the container.
    pub errors: Vec<ParseError>,
    /// The limit that hides attachments, when one does.
    pub hidden_files: Option<Unavailable>,
}

impl Unpacked {
    fn new(item: &item::Item, container: &[u8]) -> Self {
        let (errors, hidden_files) = (defect::errors(&item.defects), defect::hidden_files(&item.defects));
        Unpacked { eml: item.to_eml(container), errors, hidden_files }
    }
}

/// True for a message in one of Outlook's own forms, a `.msg` file or TNEF: its bytes are not those that were sent.
pub fn is_outlook(bytes: &[u8]) -> bool {
    bytes.starts_with(tnef::SIGNATURE) || msg::is_msg(bytes)
}

/// The message of a `.msg` file, or of TNEF that lies by itself; `None` when the bytes are neither.
pub(crate) fn unpack(bytes: &[u8], limits: &Limits) -> Option<Unpacked> {
    let msg = msg::read(bytes, limits).map(|item| Unpacked::new(&item, bytes));
    msg.or_else(|| unpack_tnef(bytes, limits))
}

/// The message of a TNEF stream; `None` when the bytes are none.
pub(crate) fn unpack_tnef(bytes: &[u8], limits: &Limits) -> Option<Unpacked> {
    tnef::read(bytes, limits).map(|item| Unpacked::new(&item, bytes))
}

/// A TNEF stream as the equal MIME message, and what was wrong with it; `None` when the bytes are none. For checks: in a message TNEF is an
/// attachment, whose texts and files are added to those of the message.
pub fn tnef_to_eml(bytes: &[u8], limits: &Limits) -> Option<(Vec<u8>, Vec<ParseError>)> {
    unpack_tnef(bytes, limits).map(|unpacked| (unpacked.eml, unpacked.errors))
}
