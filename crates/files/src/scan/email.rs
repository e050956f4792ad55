//! Messages: every part that is no container becomes a file, also those of messages inside (explode-scanners.md §3, ScanEmail).

use crate::explode::Visit;
use mail_parser::decoders::{base64::base64_decode, quoted_printable::quoted_printable_decode};
use mail_parser::{Encoding, Message, MessageParser, MessagePart, MimeHeaders, PartType};
use mailhound_value::{Maybe, Unavailable};

/// A part that was found on the walk.
struct Leaf {
    name: String,
    content: Vec<u8>,
    external: Vec<String>,
}

pub(super) fn scan(visit: &mut Visit<'_, '_, '_>) {
    let bytes = visit.bytes;
    let Some(message) = MessageParser::default().parse(bytes) else { return };
    let mut walk = Walk { next: 0, leaves: Vec::new(), cut: None, max_parts: visit.budget().limits().message_parts };
    walk.message(&message, visit.budget().limits().message_depth, &mut |len| visit.budget().spend(len));
    let Walk { leaves, cut, .. } = walk;
    for leaf in leaves {
        visit.child(Some(&leaf.name), &leaf.content, leaf.external);
    }
    if let Some(missing) = cut {
        visit.gap(&missing);
    }
}

struct Walk {
    /// The number that the walk gives the next part, containers included.
    next: usize,
    leaves: Vec<Leaf>,
    cut: Option<Unavailable>,
    max_parts: usize,
}

impl Walk {
    fn message(&mut self, message: &Message<'_>, depth: usize, spend: &mut dyn FnMut(usize) -> Maybe<()>) {
        self.part(message, 0, depth, spend);
    }

    fn part(&mut self, message: &Message<'_>, id: usize, depth: usize, spend: &mut dyn FnMut(usize) -> Maybe<()>) {
        let Some(part) = message.parts.get(id) else { return };
        if self.cut.is_some() {
            return;
        }
        if self.next >= self.max_parts || depth == 0 {
            self.cut = Some(Unavailable::limit(if depth == 0 { "message.depth" } else { "message.parts" }));
            return;
        }
        let number = self.next;
        self.next += 1;
        match &part.body {
            PartType::Multipart(ids) => ids.iter().for_each(|id| self.part(message, *id as usize, depth - 1, spend)),
            PartType::Message(inner) => self.message(inner, depth - 1, spend),
            _ => {
                let content = content(message, part);
                match spend(content.len()) {
                    Ok(()) => self.leaves.push(leaf(part, number, content)),
                    Err(missing) => self.cut = Some(missing),
                }
            }
        }
    }
}

fn leaf(part: &MessagePart<'_>, number: usize, content: Vec<u8>) -> Leaf {
    let name = part.attachment_name().filter(|name| !name.is_empty()).map_or_else(|| format!("part_{number}"), str::to_owned);
    let kind = part.content_type().map_or_else(
        || "text/plain".to_owned(),
        |kind| kind.subtype().map_or_else(|| kind.ctype().to_owned(), |subtype| format!("{}/{subtype}", kind.ctype())),
    );
    Leaf { name, content, external: vec![kind.to_lowercase()] }
}

/// The bytes of a part after transfer decoding, before any character set is applied.
fn content(message: &Message<'_>, part: &MessagePart<'_>) -> Vec<u8> {
    if let PartType::Binary(bytes) | PartType::InlineBinary(bytes) = &part.body {
        return bytes.to_vec();
    }
    let raw = message.raw_message.get(part.offset_body as usize..part.offset_end as usize).unwrap_or_default();
    let decoded = match part.encoding {
        Encoding::None => None,
        Encoding::Base64 => base64_decode(raw),
        Encoding::QuotedPrintable => quoted_printable_decode(raw),
    };
    decoded.unwrap_or_else(|| raw.to_vec())
}
