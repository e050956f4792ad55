//! `_meta`: bookkeeping (reference mdm.md §13).

use crate::model::{Message, Meta, hex};
use crate::text::collapse;
use chrono::{DateTime, SecondsFormat, Utc};
use sha2::{Digest as _, Sha256};
use uuid::Builder;

/// What the bookkeeping starts from; made while parsing.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// When the model was made.
    pub(crate) created_at: DateTime<Utc>,
    /// The time that history look-ups count from.
    pub(crate) effective_at: String,
    /// What tells this message from others that were read in the same millisecond.
    pub(crate) salt: [u8; 10],
}

/// Bytes of the header that the salt is made of: the newest fields stand first, queue ids among them.
const SALT_BYTES: usize = 1024;

impl Stamp {
    /// `known` is the best known time of receipt; without one it is now.
    pub(crate) fn new(now: DateTime<Utc>, known: Option<String>, header: &[u8]) -> Self {
        let mut salt = [0; 10];
        for (to, from) in salt.iter_mut().zip(Sha256::digest(header.get(..SALT_BYTES).unwrap_or(header))) {
            *to = from;
        }
        Stamp { created_at: now, effective_at: known.unwrap_or_else(|| nanoseconds(now)), salt }
    }
}

fn nanoseconds(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Nanos, true)
}

/// Makes the bookkeeping of a message.
pub(crate) fn build(message: &Message, stamp: &Stamp) -> Meta {
    let millis = u64::try_from(stamp.created_at.timestamp_millis()).unwrap_or_default();
    Meta {
        id: Builder::from_unix_timestamp_millis(millis, &stamp.salt).into_uuid().to_string(),
        canonical_id: canonical_id(message),
        created_at: nanoseconds(stamp.created_at),
        effective_at: stamp.effective_at.clone(),
    }
}

/// The same for messages that differ only in addressees, dates, markers of the subject, letter case and blanks of the text.
fn canonical_id(message: &Message) -> String {
    let mut hash = Sha256::new();
    let sender = message.sender.as_ref().map_or("", |sender| &sender.email.email);
    let subject = message.subject.base.as_deref().unwrap_or_default();
    let thread = message.body.current_thread().ok().and_then(|thread| thread.text.as_deref());
    let text = collapse(thread.unwrap_or_default()).to_lowercase();
    let mut files: Vec<&String> = message.attachments.iter().map(|attachment| attachment.sha256()).collect();
    files.sort();
    for line in [sender, subject, &text].into_iter().chain(files.into_iter().map(String::as_str)) {
        hash.update(line);
        hash.update("\n");
    }
    hex(&hash.finalize())
}
