//! URLs in text (explode-scanners.md §5.2): an optional scheme, user information, a host under a known top-level domain or an IPv4
//! address, an optional port, path, query and fragment.

use crate::Partial;
use crate::explode::Visit;
use crate::shapes::Urls;
use mailhound_objects::Url;
use mailhound_value::{Unavailable, fixed};
use regex::Regex;
use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Bytes of text that are searched; a longer file gives nothing (explode-scanners.md §1).
const MAX_TEXT: usize = 4 << 20;
/// Distinct URLs that are listed.
const MAX_URLS: (usize, &str) = (fixed::FILE_URLS.value, fixed::FILE_URLS.name);

pub(super) fn scan(visit: &mut Visit<'_, '_, '_>) {
    let urls = if visit.bytes.len() > MAX_TEXT {
        Urls { invalid_urls: Partial::default(), urls: Partial::default() }
    } else {
        urls(&String::from_utf8_lossy(visit.bytes))
    };
    visit.scan_mut().url = Ok(Some(Box::new(urls)));
}

fn urls(text: &str) -> Urls {
    let text = unescape(text);
    let mut seen = HashSet::new();
    let mut urls = Urls { invalid_urls: Partial::default(), urls: Partial::default() };
    for found in candidates(&text) {
        if !seen.insert(found) {
            continue;
        }
        if seen.len() > MAX_URLS.0 {
            urls.urls.cut(Unavailable::limit(MAX_URLS.1));
            urls.invalid_urls.cut(Unavailable::limit(MAX_URLS.1));
            break;
        }
        match Url::parse(found) {
            Some(url) => urls.urls.push(url),
            None => urls.invalid_urls.push(found.to_owned()),
        }
    }
    urls
}

/// Scheme, user information, host, port, the rest. User information is bounded, because it is known to be some only at its `@`: without
/// a bound each host of a long run would be searched to the end of the run.
static URL: LazyLock<Regex> = LazyLock::new(|| {
    let source = concat!(
        r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]{1,15}://)?",
        r#"(?:[^\s/?#@<>"'(){}\[\]:]{1,64}(?::[^\s/?#@<>"'(){}\[\]]{0,64})?@)?"#,
        r"(?P<host>[\w-]+(?:\.[\w-]+)+)",
        r#"(?P<rest>(?::[0-9]{1,5})?(?:[/?#][^\s<>"]*)?)"#
    );
    Regex::new(source).expect("a pattern of this file")
});

/// What looks like a URL, without punctuation around it. None has white space in it or is without a dot, so that most words are passed over and
/// the pattern, which has too many states to be fast, sees little at a time.
fn candidates(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().filter(|word| word.contains('.')).flat_map(in_word)
}

fn in_word(word: &str) -> impl Iterator<Item = &str> {
    URL.captures_iter(word).filter_map(|found| {
        let whole = found.get(0)?;
        let (host, rest) = (found.name("host")?, found.name("rest")?);
        let kept = known_host(host.as_str(), found.name("scheme").is_some())?;
        let cut = kept < host.len();
        let end = if cut { host.start() + kept } else { rest.end() };
        Some(word[whole.start()..end].trim_matches(|c: char| c.is_ascii_punctuation()))
    })
}

/// How many bytes of the host are one: an IPv4 address, or labels up to the last that is a top-level domain. A longer run of labels is
/// text that follows without a space.
fn known_host(host: &str, has_scheme: bool) -> Option<usize> {
    if host.parse::<std::net::Ipv4Addr>().is_ok() {
        return Some(host.len());
    }
    let mut end = host.len();
    while let Some(dot) = host[..end].rfind('.') {
        if is_top_level(&host[dot + 1..end]) {
            return Some(end);
        }
        end = dot;
    }
    has_scheme.then_some(host.len())
}

fn is_top_level(label: &str) -> bool {
    let lower = label.to_lowercase();
    psl::suffix(lower.as_bytes()).is_some_and(|suffix| suffix.typ() == Some(psl::Type::Icann))
}

/// White space made single spaces, character references decoded.
fn unescape(text: &str) -> String {
    let mut flat = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !flat.is_empty() {
            flat.push(' ');
        }
        flat.push_str(word);
    }
    match decode_references(&flat) {
        Cow::Owned(decoded) => decoded,
        Cow::Borrowed(_) => flat,
    }
}

static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos|nbsp|colon|sol|period|commat|quest|equals|num|lowbar|percnt|shy|tab|newline|Tab|NewLine|AMP|LT|GT|QUOT));?").expect("a pattern of this file")
});

/// Decodes numeric references and the named ones that occur in URLs (HTML standard §13.5).
fn decode_references(text: &str) -> Cow<'_, str> {
    REFERENCE.replace_all(text, |found: &regex::Captures<'_>| {
        let number =
            |idx: usize, radix: u32| found.get(idx).and_then(|it| u32::from_str_radix(it.as_str(), radix).ok()).and_then(char::from_u32);
        if let Some(c) = number(1, 10).or_else(|| number(2, 16)) {
            return c.to_string();
        }
        let name = found.get(3).map_or("", |it| it.as_str());
        match name.to_ascii_lowercase().as_str() {
            "amp" => "&",
            "lt" => "<",
            "gt" => ">",
            "quot" => "\"",
            "apos" => "'",
            "nbsp" => "\u{a0}",
            "colon" => ":",
            "sol" => "/",
            "period" => ".",
            "commat" => "@",
            "quest" => "?",
            "equals" => "=",
            "num" => "#",
            "lowbar" => "_",
            "percnt" => "%",
            "shy" => "\u{ad}",
            "tab" => "\t",
            "newline" => "\n",
            _ => return found.get(0).map_or("", |it| it.as_str()).to_owned(),
        }
        .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, want: &[&str]) {
        let text = unescape(text);
        assert_eq!(candidates(&text).collect::<Vec<_>>(), want, "{text}");
    }

    #[test]
    fn urls_are_found_with_and_without_scheme() {
        check("see https://example.com/a?b=c#d, or", &["https://example.com/a?b=c#d"]);
        check("(www.example.co.uk/x)", &["www.example.co.uk/x"]);
        check("http://user:pass@192.0.2.1:8080/x", &["http://user:pass@192.0.2.1:8080/x"]);
        check("write to a@example.com.", &["a@example.com"]);
        check("example.com.Please", &["example.com"]);
        check("none here: file.notatld, 1.5, e.g.", &[]);
        check("", &[]);
    }

    #[test]
    fn references_are_decoded_first() {
        check("https://example.com/?a=1&amp;b=2", &["https://example.com/?a=1&b=2"]);
        check("https&#58;//example&#x2e;com/", &["https://example.com"]);
    }

    #[test]
    fn urls_are_distinct() {
        assert_eq!(urls("example.com example.com example.org").urls.items().count(), 2);
    }
}
