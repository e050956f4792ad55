//! Splits a URL the way browsers do (WHATWG URL) without writing it anew: what rules see is what the sender wrote.

use super::{Url, query};
use crate::{Domain, EmailAddress, Ip};
use std::borrow::Cow;

/// Schemes that are written without `//`; `a:b` with any other first word is a host and port, or no URL.
const OPAQUE: &[&str] = &[
    "about",
    "bitcoin",
    "blob",
    "callto",
    "cid",
    "data",
    "facetime",
    "facetime-audio",
    "geo",
    "im",
    "intent",
    "javascript",
    "magnet",
    "mailto",
    "maps",
    "market",
    "mid",
    "news",
    "sip",
    "sips",
    "skype",
    "sms",
    "smsto",
    "tel",
    "telto",
    "urn",
    "vbscript",
    "view-source",
    "viber",
    "webcal",
    "whatsapp",
    "x-apple-data-detectors",
    "xmpp",
];

/// Schemes whose host may follow without `//`, or after any number of slashes.
const SPECIAL: &[&str] = &["http", "https", "ftp", "ws", "wss"];

/// Longest part of a URL that is looked at for a scheme, in bytes.
const MAX_SCHEME: usize = 64;

/// Longest URL that is split, in bytes; data URLs of any length are kept whole, beyond their scheme nothing in them is read.
const MAX_URL: usize = 1 << 20;

/// Trimmed of blanks and control characters, tabs and line ends inside removed (WHATWG URL, basic URL parser, steps 1 and 3).
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    match trimmed.contains(['\t', '\r', '\n']) {
        true => Cow::Owned(trimmed.replace(['\t', '\r', '\n'], "")),
        false => Cow::Borrowed(trimmed),
    }
}

/// A URL with scheme; `None` without one, or when a host is wanted and missing.
pub(super) fn absolute(text: &str) -> Option<Url> {
    let text = clean(text);
    let (scheme, rest) = scheme(&text)?;
    if scheme == "mailto" {
        return mailto(&text, rest);
    }
    if OPAQUE.contains(&scheme.as_str()) {
        return Some(opaque(&text, scheme, rest));
    }
    let slashes = rest.len() - rest.trim_start_matches(['/', '\\']).len();
    let after = match scheme.as_str() {
        "file" => rest.get(slashes.min(2)..)?,
        special if SPECIAL.contains(&special) => rest.get(slashes..)?,
        _ => rest.get(slashes.min(2)..)?,
    };
    let url = hierarchical(&text, scheme, after);
    let has_host = url.domain.is_some();
    (has_host || url.scheme.as_deref() == Some("file")).then_some(url)
}

/// A host with what follows, a mail address, or `//host`, all without scheme.
pub(super) fn schemeless(text: &str) -> Option<Url> {
    let text = clean(text);
    if let Some(after) = text.strip_prefix("//").or_else(|| text.strip_prefix("\\\\")) {
        return Some(hierarchical(&text, "http".to_owned(), after)).filter(|url| url.domain.is_some());
    }
    let authority = text.split(['/', '\\', '?', '#']).next()?;
    if authority.len() == text.len() && authority.contains('@') {
        let address = EmailAddress::parse(authority).filter(|address| address.domain.valid)?;
        return Some(mail_url(authority.to_owned(), Some(address.domain), None));
    }
    if authority.len() > 1024 || authority.contains(|c: char| c.is_whitespace() || "<>\"()[]{},;|^`".contains(c)) {
        return None;
    }
    let url = hierarchical(&text, "http".to_owned(), &text);
    let is_www = |domain: &Domain| domain.domain.starts_with("www.") && domain.subdomain.is_some();
    let named = url.domain.as_ref().is_some_and(|domain| domain.valid || is_www(domain));
    // A lone number or a version (`12`, `1.5`) is no address; four parts are.
    let numbered = url.ip.as_ref().is_some_and(|_| authority.split('.').count() == 4);
    (named || numbered).then_some(url)
}

/// What a relative reference gives without a base: the text, a path, a query, a fragment.
pub(super) fn relative(text: &str) -> Url {
    let text = clean(text);
    let mut url = Url { url: text.clone().into_owned(), scheme: Some("http".to_owned()), ..Url::default() };
    fill_tail(&mut url, &text);
    url
}

/// The lower-case scheme and what follows its colon.
fn scheme(text: &str) -> Option<(String, &str)> {
    let end = text.bytes().take(MAX_SCHEME).position(|b| b == b':')?;
    let (name, rest) = (&text[..end], &text[end + 1..]);
    let is_scheme = name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    if !is_scheme {
        return None;
    }
    let name = name.to_ascii_lowercase();
    let known = OPAQUE.contains(&name.as_str()) || SPECIAL.contains(&name.as_str()) || name == "file";
    // `C:\x` is a path of Windows; a slash after the colon makes every longer word a scheme (`ttp://…`, `ms-word://…`).
    let slashed = name.len() > 1 && rest.starts_with("//") || rest.starts_with("/\\") || rest.starts_with("\\/");
    (known || slashed).then_some((name, rest))
}

/// `mailto:` with one or several addresses and perhaps fields (RFC 6068).
fn mailto(text: &str, rest: &str) -> Option<Url> {
    let (addresses, query) = rest.split_once('?').map_or((rest, None), |(left, right)| (left, Some(right)));
    let decoded = percent_decode(addresses.trim_start_matches('/'));
    let bare = decoded.trim();
    let first = bare.split([',', ';']).next().unwrap_or_default();
    let address = EmailAddress::parse(first);
    if bare.is_empty() && query.is_none() {
        return Some(Url { url: text.to_owned(), scheme: Some("mailto".to_owned()), ..Url::default() });
    }
    Some(mail_url(bare.to_owned(), address.map(|address| address.domain), query))
}

fn mail_url(address: String, domain: Option<Domain>, query: Option<&str>) -> Url {
    let mut url = Url { url: address, scheme: Some("mailto".to_owned()), domain, ..Url::default() };
    fill_query(&mut url, query);
    url
}

/// `tel:`, `cid:`, `javascript:` and their like: a scheme and a text, no host. Only `tel` and its kin keep a query.
fn opaque(text: &str, scheme: String, rest: &str) -> Url {
    let mut url = Url { url: text.to_owned(), scheme: Some(scheme), ..Url::default() };
    if rest.len() <= MAX_URL && !matches!(url.scheme.as_deref(), Some("data" | "javascript" | "vbscript")) {
        let (before, fragment) = rest.split_once('#').map_or((rest, None), |(left, right)| (left, Some(right)));
        url.fragment = fragment.map(str::to_owned);
        fill_query(&mut url, before.split_once('?').map(|(_, query)| query));
    }
    url
}

/// Authority, path, query and fragment of what follows the slashes.
fn hierarchical(text: &str, scheme: String, after: &str) -> Url {
    let mut url = Url { url: text.to_owned(), scheme: Some(scheme), ..Url::default() };
    if after.len() > MAX_URL {
        return url;
    }
    let end = after.find(['/', '\\', '?', '#']).unwrap_or(after.len());
    fill_authority(&mut url, &after[..end]);
    fill_tail(&mut url, &after[end..]);
    url
}

fn fill_authority(url: &mut Url, authority: &str) {
    let (user_info, host) = authority.rsplit_once('@').map_or((None, authority), |(left, right)| (Some(left), right));
    if let Some(user_info) = user_info {
        let (username, password) = user_info.split_once(':').map_or((user_info, None), |(left, right)| (left, Some(right)));
        url.username = Some(percent_decode(username).into_owned()).filter(|name| !name.is_empty());
        url.password = password.map(|password| percent_decode(password).into_owned()).filter(|password| !password.is_empty());
    }
    let (host, port) = split_port(host);
    url.port = match (port, url.scheme.as_deref()) {
        (Some(port), _) => port.parse::<u16>().ok().filter(|_| port.bytes().all(|b| b.is_ascii_digit())).map(i64::from),
        (None, Some("http")) => Some(80),
        (None, Some("https")) => Some(443),
        (None, _) => None,
    };
    let host = percent_decode(host);
    let domain = Domain::parse(&host);
    if domain.domain.is_empty() {
        url.port = None;
        return;
    }
    url.ip = Ip::parse(&domain.domain);
    url.domain = Some(if url.ip.is_some() { Domain { domain: domain.domain, ..Domain::default() } } else { domain });
}

/// Host and the text behind the last colon outside brackets.
fn split_port(host: &str) -> (&str, Option<&str>) {
    if let Some(close) = host.strip_prefix('[').and_then(|rest| rest.find(']')) {
        let (literal, rest) = host.split_at(close + 2);
        return (literal, rest.strip_prefix(':').filter(|port| !port.is_empty()));
    }
    match host.rsplit_once(':') {
        Some((name, port)) => (name, Some(port).filter(|port| !port.is_empty())),
        None => (host, None),
    }
}

/// Path, query and fragment.
fn fill_tail(url: &mut Url, tail: &str) {
    let (before, fragment) = tail.split_once('#').map_or((tail, None), |(left, right)| (left, Some(right)));
    let (path, query) = before.split_once('?').map_or((before, None), |(left, right)| (left, Some(right)));
    url.path = Some(path.to_owned()).filter(|path| !path.is_empty());
    url.fragment = fragment.map(str::to_owned);
    fill_query(url, query);
}

fn fill_query(url: &mut Url, query: Option<&str>) {
    let Some(query) = query else { return };
    url.query_params = Some(query.to_owned());
    url.query_params_decoded = Some(query::decode(query));
}

/// Percent-escapes undone once; broken escapes stay, invalid UTF-8 becomes U+FFFD.
pub(crate) fn percent_decode(text: &str) -> Cow<'_, str> {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy()
}
