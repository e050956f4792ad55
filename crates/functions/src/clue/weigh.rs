//! How rare literals and bytes are in mail, roughly: enough to choose between them.

use mailhound_mql::Bytes;

/// A weight of one: found at every place of a text. Weights are expected hits for each byte of text, in units of 1/2³².
const ONE: u64 = 1 << 32;

/// Bits that say "this occurs once in a while": more make no difference, so that fewer literals win over longer ones.
const MAX_BITS: u32 = 28;

/// Bits that each literal must have: three letters, or two that are not the most common. With 9, 5 % fewer patterns of the feed run on a
/// text than with 11.
const MIN_BITS: u32 = 9;

/// Bits from which a literal is rare enough not to be multiplied by what follows it.
const STRONG_BITS: u32 = 24;

/// Weight up to which a group is useful: once in 256 bytes of text.
const MAX_WEIGHT: u64 = ONE >> 8;

/// Weight up to which a group is useful beside a better one.
pub(super) const MAX_WEIGHT_BESIDE: u64 = ONE >> 13;

/// What half of all links begin with says little more than that there is a link.
const LINKS: [&str; 3] = ["https://", "http://", "www."];

/// Bits of the start of a link.
const LINK_BITS: u32 = 12;

/// Bytes that nearly every text has; of no use in a set of needed bytes.
const COMMON: &[u8] = b" etaoinsrhldcum";

/// The information in one byte of a literal, from the frequency of letters in English text and of symbols in mail.
fn byte_bits(byte: u8) -> u32 {
    match byte {
        b' ' => 2,
        b'e' => 3,
        b't' | b'a' | b'o' | b'i' | b'n' | b's' | b'r' => 4,
        b'h' | b'l' | b'd' | b'c' | b'u' | b'm' | b'.' | b'/' | b'-' | b'=' | b'"' | b'<' | b'>' | b'\n' => 5,
        b'p' | b'f' | b'g' | b'y' | b'w' | b'b' | b'0'..=b'9' | b':' | b',' | b'\t' | b'\r' | 128.. => 6,
        b'v' | b'k' => 7,
        b'x' | b'j' | b'q' | b'z' => 9,
        0..=31 | 127 => 12,
        _ => 8,
    }
}

fn bits(literal: &str) -> u32 {
    let (start, rest) = LINKS.iter().find_map(|link| Some((LINK_BITS, literal.strip_prefix(link)?))).unwrap_or((0, literal));
    rest.bytes().map(byte_bits).fold(start, u32::saturating_add).min(MAX_BITS)
}

/// Are all literals so rare that nothing is won by making them longer?
pub(super) fn are_strong(literals: &[String]) -> bool {
    literals.iter().all(|literal| bits(literal) >= STRONG_BITS)
}

/// The weight of a group of literals, less for a better one; `None` when it is of no use.
pub(super) fn group_weight(literals: &[String]) -> Option<u64> {
    let mut weight = 0u64;
    for literal in literals {
        let bits = Some(bits(literal)).filter(|bits| *bits >= MIN_BITS)?;
        weight = weight.saturating_add(ONE >> bits);
    }
    (weight > 0 && weight <= MAX_WEIGHT).then_some(weight)
}

/// The weight of a set of bytes, less for a better one; `None` when it is of no use.
pub(super) fn bytes_weight(bytes: Bytes) -> Option<u64> {
    let of = |byte: u8| match byte {
        b'A'..=b'Z' => ONE >> (byte_bits(byte.to_ascii_lowercase()) + 3),
        _ => ONE >> byte_bits(byte),
    };
    let common = bytes.ascii_bytes().any(|byte| COMMON.contains(&byte));
    let nothing = bytes == Bytes::default();
    (!common && !nothing).then(|| bytes.ascii_bytes().map(of).sum::<u64>() + if bytes.other { ONE >> 5 } else { 0 })
}

/// Of each literal the byte that is likely the rarest, letters in both cases; `None` when a literal is empty.
pub(super) fn rarest_bytes(literals: &[String]) -> Option<Bytes> {
    let mut bytes = Bytes::default();
    for literal in literals {
        let byte = literal.bytes().max_by_key(|byte| byte_bits(*byte))?;
        bytes.insert(byte);
        bytes.insert(byte.to_ascii_uppercase());
    }
    Some(bytes)
}
