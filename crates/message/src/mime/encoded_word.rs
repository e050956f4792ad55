//! Encoded words in header values, `=?charset?B?…?=` (RFC 2047, RFC 2231 §5).

use super::{charset, transfer};
use memchr::memmem;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

/// The text with its encoded words decoded.
///
/// Words are found everywhere, also inside quotes and touching other text, as mail programs do. White space between two words vanishes.
/// Neighbours of the same character set are joined before decoding, because senders split characters between words. A word with an
/// unknown character set stays as written.
pub(crate) fn decode(text: &str) -> Cow<'_, str> {
    if !has_opening(text.as_bytes()) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut run: Option<Run<'_>> = None;
    let mut rest = text;
    let after_last = text.rfind("?=").map_or(usize::MAX, |at| text.len() - at); // behind it no word can end
    while let Some(start) = OPENING.find(rest.as_bytes()) {
        let (before, from) = rest.split_at(start);
        if from.len() < after_last {
            break;
        }
        let Some(word) = Word::parse(from) else {
            Run::flush(run.take(), &mut out);
            out.push_str(before);
            out.push_str("=?");
            rest = from.get(2..).unwrap_or_default();
            continue;
        };
        let follows = before.trim().is_empty() && run.is_some();
        match &mut run {
            Some(run) if follows && run.takes(word.charset) => run.bytes.extend_from_slice(&word.bytes),
            _ => {
                Run::flush(run.take(), &mut out);
                if !follows {
                    out.push_str(before);
                }
                run = Some(Run { charset: word.charset, bytes: word.bytes });
            }
        }
        rest = word.rest;
    }
    Run::flush(run, &mut out);
    out.push_str(rest);
    Cow::Owned(out)
}

static OPENING: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new(b"=?"));
static CLOSING: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new(b"?="));

/// True when `=?` stands in the text. Question marks are rare in headers, equals signs are not.
fn has_opening(text: &[u8]) -> bool {
    memchr::memchr_iter(b'?', text).any(|at| at.checked_sub(1).and_then(|before| text.get(before)) == Some(&b'='))
}

/// The bytes with those above ASCII in encoded words of the Q encoding written as `=XX`.
///
/// Some programs put raw bytes there. They mean the character set of the word, so they have to survive when the rest of the field is taken
/// for UTF-8. For bytes that are no UTF-8 as they stand.
pub(crate) fn escape_raw_bytes(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 16);
    let mut rest = bytes;
    while let Some(content) = next_q_content(rest) {
        let (before, from) = rest.split_at(content.start);
        let (content, after) = from.split_at(content.len());
        out.extend_from_slice(before);
        for &byte in content {
            match byte {
                0x80.. => out.extend_from_slice(format!("={byte:02X}").as_bytes()),
                _ => out.push(byte),
            }
        }
        rest = after;
    }
    out.extend_from_slice(rest);
    out
}

/// Where the content of the next Q word stands.
fn next_q_content(bytes: &[u8]) -> Option<Range<usize>> {
    let mut at = 0;
    loop {
        at += memmem::find(bytes.get(at..)?, b"=?")? + 2;
        let label = bytes.get(at..)?.iter().take(MAX_CHARSET).position(|&byte| byte == b'?');
        let Some(start) = label.map(|len| at + len) else { continue };
        let label = bytes.get(at..start).and_then(|label| std::str::from_utf8(label).ok()).unwrap_or_default();
        let is_known = || charset::is_known(label.split('*').next().unwrap_or(label));
        if matches!(bytes.get(start..start + 3), Some([b'?', b'Q' | b'q', b'?'])) && is_known() {
            let content = start + 3;
            return Some(content..content + memmem::find(bytes.get(content..)?, b"?=")?);
        }
    }
}

/// Neighbouring words of one character set, not yet decoded.
struct Run<'a> {
    charset: &'a str,
    bytes: Vec<u8>,
}

impl Run<'_> {
    /// Text with shift states (ISO-2022-JP) is whole in each word; joined, its back-to-back escape sequences would be errors.
    fn takes(&self, charset: &str) -> bool {
        self.charset.eq_ignore_ascii_case(charset) && !charset.get(..8).is_some_and(|head| head.eq_ignore_ascii_case("iso-2022"))
    }

    fn flush(run: Option<Self>, out: &mut String) {
        let Some(run) = run else { return };
        match charset::decode(&run.bytes, run.charset) {
            Some(text) => out.push_str(&text),
            None => out.push_str(&String::from_utf8_lossy(&run.bytes)),
        }
    }
}

/// One encoded word.
struct Word<'a> {
    charset: &'a str,
    bytes: Vec<u8>,
    rest: &'a str,
}

/// Longest name of a character set that is looked at; RFC 2978 allows 40 characters, RFC 2231 adds a language.
const MAX_CHARSET: usize = 64;

impl<'a> Word<'a> {
    /// The word at the start of `text`, which begins with `=?`. `None` when there is none, or its character set is unknown.
    fn parse(text: &'a str) -> Option<Self> {
        let inner = text.get(2..)?;
        let end = inner.bytes().take(MAX_CHARSET).position(|byte| byte == b'?' || byte == b' ').filter(|&end| end > 0)?;
        let (label, rest) = inner.split_at(end);
        let charset = label.split('*').next().unwrap_or(label);
        if !charset::is_known(charset) {
            return None;
        }
        let mut chars = rest.strip_prefix('?')?.chars();
        let encoding = chars.next().filter(|letter| matches!(letter, 'B' | 'b' | 'Q' | 'q'))?;
        let rest = chars.as_str().strip_prefix('?')?;
        let end = CLOSING.find(rest.as_bytes())?;
        let (content, rest) = rest.split_at(end);
        let bytes = match encoding {
            'B' | 'b' => transfer::base64(content.as_bytes()),
            _ => q(content.as_bytes()),
        };
        Some(Word { charset, bytes, rest: rest.get(2..).unwrap_or_default() })
    }
}

/// The Q encoding: `_` is a space, `=XX` a byte; what is broken stays.
fn q(content: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(content.len());
    let mut rest = content;
    while let [first, tail @ ..] = rest {
        let escape = if *first == b'=' { transfer::hex_pair(tail) } else { None };
        match (first, escape) {
            (_, Some(byte)) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            (b'_', None) => {
                bytes.push(b' ');
                rest = tail;
            }
            (&byte, None) => {
                bytes.push(byte);
                rest = tail;
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::{decode, escape_raw_bytes};

    #[test]
    fn words_are_decoded_in_place() {
        for (text, decoded) in [
            ("plain = text?", "plain = text?"),
            ("=?utf-8?Q?Gr=C3=BC=C3=9Fe_an_alle?=", "Grüße an alle"),
            ("=?UTF-8?B?R3LDvMOfZQ?= x", "Grüße x"),
            ("a =?utf-8?q?b?=  =?iso-8859-1*de?q?=E4?= c", "a bä c"),
            ("=?utf-8?Q?=E2=82?= =?utf-8?Q?=AC?=", "€"),
            ("x=?utf-8?q?y?=z", "xyz"),
            ("=?utf-8?q?two words?=", "two words"),
            ("=?nonsense?q?a?= =?utf-8?q?b?=", "=?nonsense?q?a?= b"),
            ("=?utf-8?q?open", "=?utf-8?q?open"),
            ("=?utf-8?x?a?=", "=?utf-8?x?a?="),
            ("=?us-ascii?q?9a23=3AjU3?=", "9a23:jU3"),
            ("=?gb2312?B?1tDOxA==?=", "中文"),
            ("=?=?utf-8?q?a?=", "=?a"),
            ("=?iso-2022-jp?B?GyRCJCIbKEI=?= =?iso-2022-jp?B?GyRCJCQbKEI=?=", "あい"),
        ] {
            assert_eq!(decode(text), decoded, "{text}");
        }
    }

    #[test]
    fn broken_words_cost_their_length() {
        for word in ["=?u?x?a", "=?uuuuu?q?a", "=?utf-8?x?a", "=?utf-8?q?a", "=?"] {
            let text = word.repeat(200_000);
            assert!(decode(&text).len() <= text.len());
            assert!(decode(&format!("{text}?=")).len() <= text.len() + 2);
        }
    }

    #[test]
    fn raw_bytes_in_words_are_kept() {
        for (bytes, escaped) in [
            (&b"caf\xe9 =?iso-8859-1?Q?Gr\xfc\xdfe_=E4?= \xe9"[..], &b"caf\xe9 =?iso-8859-1?Q?Gr=FC=DFe_=E4?= \xe9"[..]),
            (b"=?koi8-r?q?\xc1?= =?koi8-r?q?\xc2?=", b"=?koi8-r?q?=C1?= =?koi8-r?q?=C2?="),
            (b"=? =?x?b?\xe9?= =?x?q?\xe9", b"=? =?x?b?\xe9?= =?x?q?\xe9"),
            (b"=?x-unknown?Q?caf\xe9?=", b"=?x-unknown?Q?caf\xe9?="),
        ] {
            assert_eq!(escape_raw_bytes(bytes), escaped, "{}", bytes.escape_ascii());
        }
    }
}
