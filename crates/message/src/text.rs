//! Small helpers over text that several parts of the model share.

use mailhound_objects::Ip;
use std::collections::HashSet;

/// The longest head of `text` that has at most `max_bytes` bytes and ends between characters.
pub(crate) fn head(text: &str, max_bytes: usize) -> &str {
    if text.len() <= max_bytes {
        return text;
    }
    let end = (0..=max_bytes).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

/// White space runs as one blank, ends trimmed.
pub(crate) fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Dotted quads in the order of the text: four numbers below 256 that touch no further digit or dotted number.
///
/// `15.20.3784.12`, `8.14.7` and `1.2.3.4.5` are none (reference mdm.md §9.7). A dot that ends a sentence does no harm.
pub(crate) fn ipv4_literals(text: &str) -> impl Iterator<Item = &str> {
    // From dot to dot: a run of digits and dots lies around one, or there is none.
    let is_part = |byte: &u8| byte.is_ascii_digit() || *byte == b'.';
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let dot = at + memchr::memchr(b'.', bytes.get(at..)?)?;
            let start = dot - bytes[at..dot].iter().rev().take_while(|byte| is_part(byte)).count();
            let end = dot + bytes[dot..].iter().take_while(|byte| is_part(byte)).count();
            at = end;
            let run = text.get(start..end)?.trim_end_matches('.');
            if is_quad(run) {
                return Some(run);
            }
        }
    })
}

fn is_quad(run: &str) -> bool {
    run.len() >= 7
        && run.len() <= 15
        && run.split('.').count() == 4
        && run.split('.').all(|part| part.len() <= 3 && part.parse::<u8>().is_ok())
}

/// Each address once, first place kept.
pub(crate) fn unique_ips(ips: impl Iterator<Item = Ip>) -> Vec<Ip> {
    let mut seen = HashSet::new();
    ips.filter(|ip| seen.insert(ip.ip.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_quads_are_addresses() {
        let found: Vec<_> = ipv4_literals("a [1.2.3.4]) 15.20.3784.12 8.14.7 17.14.20.10.21 at 127.0.0.1. v9.9.9.9x 1.2.3.256").collect();
        assert_eq!(found, ["1.2.3.4", "127.0.0.1", "9.9.9.9"]);
    }

    #[test]
    fn head_ends_between_characters() {
        assert_eq!(head("aéb", 2), "a");
        assert_eq!(head("aéb", 3), "aé");
        assert_eq!(head("aéb", 9), "aéb");
    }
}
