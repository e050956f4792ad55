//! What some bytes are, as far as it matters where messages are looked for.

use super::extension;
use mailhound_message::{emlx, is_message, mbox};
use mailhound_objects::compound;
use std::path::Path;

/// Bytes at the start of a file by which it is recognised.
pub(super) const HEAD: usize = 16 << 10;

/// The line before and behind each message of an MMDF mailbox.
const MMDF: &[u8] = b"\x01\x01\x01\x01";

/// Forms of input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A message, also as Outlook's .msg.
    Message,
    /// A compound file: one of Outlook's, if that is what it holds.
    CompoundFile,
    /// A message as Apple Mail keeps it.
    Emlx,
    Mbox,
    /// A mailbox in MMDF form, which is not read.
    Mmdf,
    Zip,
    Tar,
    Gzip,
    /// Nothing that holds messages, as far as can be seen.
    Other,
}

/// What a file of this name that begins with `head` is.
pub(super) fn kind(head: &[u8], name: &str) -> Kind {
    let extension = extension(Path::new(name)).unwrap_or_default();
    let is_mailbox_by_name = matches!(extension.as_str(), "mbox" | "mbx") && mbox::begins(head);
    if [&b"PK\x03\x04"[..], b"PK\x05\x06", b"PK\x07\x08PK"].iter().any(|magic| head.starts_with(magic)) {
        Kind::Zip
    } else if head.starts_with(b"\x1F\x8B\x08") {
        Kind::Gzip
    } else if is_tar(head, &extension) {
        Kind::Tar
    } else if is_mailbox_by_name || mbox::is_mbox(head) {
        Kind::Mbox
    } else if head.starts_with(MMDF) {
        Kind::Mmdf
    } else if emlx::is_emlx(head) {
        Kind::Emlx
    } else if is_outlook(head) || is_message(head) || matches!(extension.as_str(), "eml" | "msg" | "emlx" | "mbox") {
        Kind::Message
    } else if head.starts_with(compound::SIGNATURE) {
        Kind::CompoundFile
    } else {
        Kind::Other
    }
}

/// True when the name is one that messages, mailboxes and archives of them have; one without an extension may be any.
pub(super) fn is_mail_by_name(name: &str) -> bool {
    extension(Path::new(name))
        .is_none_or(|extension| matches!(extension.as_str(), "eml" | "msg" | "emlx" | "mbox" | "mbx" | "zip" | "tar" | "tgz" | "gz"))
}

/// A header with a right check sum, which no other file has by chance; an archive without members is all zero and needs its name.
fn is_tar(head: &[u8], extension: &str) -> bool {
    let Some(block) = head.get(..super::tar::BLOCK) else { return false };
    super::tar::header(block).is_some() || (extension == "tar" && block.iter().all(|byte| *byte == 0))
}

/// A compound file in whose first bytes a stream of a message is named.
fn is_outlook(head: &[u8]) -> bool {
    let name: Vec<u8> = "__properties_version1.0".encode_utf16().flat_map(u16::to_le_bytes).collect();
    head.starts_with(compound::SIGNATURE) && head.windows(name.len()).any(|window| window == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_recognised() {
        let message = "From: a@b.example\nSubject: x\n\n";
        for (head, name, expected) in [
            (message, "x", Kind::Message),
            ("", "x.EML", Kind::Message),
            ("", "x", Kind::Other),
            ("\u{1}", "x.msg", Kind::Message),
            (&format!("30\n{message}"), "x", Kind::Emlx),
            (&format!("From a@b.example\n{message}"), "x.eml", Kind::Mbox),
            ("From a Mon Mar  2 10:00:00 2026\n\n", "x.mbox", Kind::Mbox),
            ("From a Mon Mar  2 10:00:00 2026\n\n", "x.txt", Kind::Other),
            (&format!("From a Mon Mar  2 10:00:00 2026\n\nx\n\nFrom b@b.example\n{message}"), "INBOX", Kind::Mbox),
            ("\u{1}\u{1}\u{1}\u{1}\nFrom: a@b.example\n", "x", Kind::Mmdf),
            ("PK\u{3}\u{4}", "x.eml", Kind::Zip),
            (&"\0".repeat(1024), "x.tar", Kind::Tar),
            (&"\0".repeat(1024), "x", Kind::Other),
        ] {
            assert_eq!(kind(head.as_bytes(), name), expected, "{name}: {head:?}");
        }
        assert_eq!(kind(b"\x1F\x8B\x08\0", "x"), Kind::Gzip);
        assert_eq!(kind(compound::SIGNATURE, "x.doc"), Kind::CompoundFile);
    }
}
