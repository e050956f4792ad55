//! The author (reference mdm.md §7).

use crate::headers::address;
use crate::headers::build::Fields;
use crate::model::{Mailbox, Sender};

/// The author: the first mailbox of From, or whom a Google group replaced there.
pub(crate) fn sender(fields: &Fields<'_, '_>, from: Option<&Mailbox>) -> Sender {
    let from = from.cloned().unwrap_or_default();
    google_groups(fields, &from).unwrap_or(Sender { display_name: from.display_name, email: from.email, decoders: Vec::new() })
}

/// Google Groups writes `'Name' via Group <group@domain>` when the author's domain forbids mail from others, and keeps the author in a
/// header of its own.
fn google_groups(fields: &Fields<'_, '_>, from: &Mailbox) -> Option<Sender> {
    let (name, _group) = from.display_name.as_deref()?.rsplit_once(" via ")?;
    if fields.text("X-Google-Group-Id").is_none() && fields.text("List-ID").is_none() {
        return None;
    }
    let original = fields.text("X-Original-From").or_else(|| fields.text("X-Original-Sender"))?;
    let email = address::parse_single(&original)?;
    let name = name.trim().trim_matches(['\'', '"']).trim();
    let display_name = Some(name.to_owned()).filter(|name| !name.is_empty());
    Some(Sender { display_name, email, decoders: vec!["google_groups".to_owned()] })
}
