//! Host names, split by the ICANN section of the Public Suffix List (mdm.md §4.1).
//!
//! Private registries (`github.io`, `blogspot.com`) are no suffixes here: rules compare `root_domain` with them.

use crate::Ip;
use mailhound_value::object;

object! {
    /// A host name split by the ICANN section of the Public Suffix List
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Domain {
        /// Complete host name, lower case; Unicode names in their xn-- form; empty string when the source had none.
        domain: String,
        /// Registrable domain: one label plus the public suffix; null when there is no such label.
        root_domain: Option<String>,
        /// The label directly left of the public suffix.
        sld: Option<String>,
        /// The public suffix itself, possibly with several labels (gov.uk).
        tld: Option<String>,
        /// Everything left of root_domain, without the joining dot; null when there is nothing.
        subdomain: Option<String>,
        /// True when the name is syntactically correct and has a label below a listed public suffix.
        valid: bool,
        /// Unicode form of a name that has an xn-- label; null otherwise.
        punycode: Option<String>,
        /// Why a text could not be read as a name; null for every name that could be read.
        error: Option<String>,
    }
}

/// Longest text that is looked at as a name, in bytes; four times what DNS allows (RFC 1035 §3.1: 255 octets).
const MAX_NAME: usize = 1024;

impl Domain {
    /// The host name in `text`. Never fails: what cannot be split keeps its text in `domain` and is not `valid`.
    pub fn parse(text: &str) -> Domain {
        let name = normalize(text);
        if name.is_empty() || name.len() > MAX_NAME || Ip::is_literal(&name) {
            return Domain { domain: name, ..Domain::default() };
        }
        let mut domain = split(&name);
        domain.punycode = decode_punycode(&name);
        domain.domain = name;
        domain
    }

    /// The host name in `text`, or `None` when it does not have the form of one: at least two labels, all of letters, digits, hyphens
    /// and underscores, with something below the suffix. An IP address is none.
    pub fn parse_name(text: &str) -> Option<Domain> {
        let domain = Domain::parse(text);
        (domain.root_domain.is_some() && is_syntactic(&domain.domain)).then_some(domain)
    }
}

/// Lower case, ASCII form, without blanks, brackets and one trailing dot.
fn normalize(text: &str) -> String {
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    let bare = trimmed.strip_prefix('[').map_or(trimmed, |rest| rest.strip_suffix(']').unwrap_or(rest));
    let bare = bare.strip_suffix('.').unwrap_or(bare).trim();
    // The tag of an address literal (RFC 5321 §4.1.3) is no part of the address.
    let bare = bare.get(..5).filter(|tag| tag.eq_ignore_ascii_case("ipv6:")).map_or(bare, |_| &bare[5..]);
    if bare.is_ascii() {
        return bare.to_ascii_lowercase();
    }
    if bare.len() > MAX_NAME {
        return bare.to_lowercase();
    }
    // The mapping of UTS 46 also drops zero-width characters and turns full-width letters and dots into plain ones, as browsers do.
    match idna::domain_to_ascii(bare) {
        Ok(ascii) => ascii.strip_suffix('.').map_or_else(|| ascii.clone(), str::to_owned),
        Err(_) => bare.to_lowercase(),
    }
}

/// The parts of a normalized name that is no IP literal.
fn split(name: &str) -> Domain {
    let Some((suffix, listed)) = icann_suffix(name) else { return Domain::default() };
    let above = name.len().checked_sub(suffix.len() + 1).and_then(|end| name.get(..end));
    let tld = Some(suffix.to_owned());
    let Some(above) = above else {
        // A lone label that no list knows (`win-bar`) is a host of some local network, not a suffix.
        return Domain { tld: tld.filter(|_| listed), ..Domain::default() };
    };
    let (subdomain, sld) = above.rsplit_once('.').map_or((None, above), |(left, right)| (Some(left), right));
    if sld.is_empty() {
        return Domain { tld, ..Domain::default() };
    }
    Domain {
        root_domain: Some(format!("{sld}.{suffix}")),
        sld: Some(sld.to_owned()),
        tld,
        subdomain: subdomain.filter(|left| !left.is_empty()).map(str::to_owned),
        valid: listed && is_syntactic(name),
        ..Domain::default()
    }
}

/// The public suffix of a name and whether it is listed. The last label when none is listed (the list's default rule `*`).
fn icann_suffix(name: &str) -> Option<(&str, bool)> {
    let mut rest = name;
    loop {
        let suffix = psl::suffix(rest.as_bytes())?;
        let text = rest.get(rest.len().checked_sub(suffix.as_bytes().len())?..)?;
        match suffix.typ() {
            Some(psl::Type::Icann) => return Some((text, true)),
            None => return Some((text, false)),
            // A private rule hides the ICANN rule above it, which is one of the shorter suffixes of the private one.
            Some(psl::Type::Private) => rest = text.split_once('.')?.1,
        }
    }
}

/// True when each label has 1 to 63 letters, digits, hyphens, underscores (or non-ASCII), at least two of them, 253 bytes at most.
fn is_syntactic(name: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len()) && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_') || !b.is_ascii())
    };
    name.len() <= 253 && name.contains('.') && name.split('.').all(label)
}

/// True when `xn--` stands in the name, which a hyphen tells sooner than a search for the text.
fn has_encoded_label(name: &str) -> bool {
    memchr::memchr_iter(b'-', name.as_bytes()).any(|at| name.as_bytes().get(at.wrapping_sub(2)..at + 2) == Some(b"xn--"))
}

/// The Unicode form of a name with at least one decodable `xn--` label.
fn decode_punycode(name: &str) -> Option<String> {
    if !has_encoded_label(name) {
        return None;
    }
    let mut decoded = false;
    let labels: Vec<String> = name
        .split('.')
        .map(|label| match label.strip_prefix("xn--").and_then(idna::punycode::decode_to_string) {
            Some(unicode) => {
                decoded = true;
                unicode
            }
            None => label.to_owned(),
        })
        .collect();
    decoded.then(|| labels.join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Root, second-level label, suffix, subdomain (`-` for null) and validity.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let domain = Domain::parse(text);
        let part = |part: &Option<String>| part.clone().unwrap_or_else(|| "-".to_owned());
        let parts = [&domain.root_domain, &domain.sld, &domain.tld, &domain.subdomain].map(part).join(" ");
        assert_eq!(format!("{} {parts} {}", domain.domain, domain.valid), expected);
    }

    #[test]
    fn a_name_is_split_at_the_suffix() {
        check("mail-sor-f41.google.com", "mail-sor-f41.google.com google.com google com mail-sor-f41 true");
        check("A.B.Example.CO.UK.", "a.b.example.co.uk example.co.uk example co.uk a.b true");
        check("sub.city.gov.uk", "sub.city.gov.uk city.gov.uk city gov.uk sub true");
    }

    #[test]
    fn private_registries_are_no_suffixes() {
        check("x.github.io", "x.github.io github.io github io x true");
        check("a.b.blogspot.com", "a.b.blogspot.com blogspot.com blogspot com a.b true");
        check("blogspot.com", "blogspot.com blogspot.com blogspot com - true");
        check("amazon.com.be", "amazon.com.be com.be com be amazon true");
        check("paypal.co.br", "paypal.co.br co.br co br paypal true");
        check(
            "w.fra1.cdn.digitaloceanspaces.com",
            "w.fra1.cdn.digitaloceanspaces.com digitaloceanspaces.com digitaloceanspaces com w.fra1.cdn true",
        );
        check("x.ru.com", "x.ru.com ru.com ru com x true");
        check(
            "b.s3.dualstack.us-east-1.amazonaws.com",
            "b.s3.dualstack.us-east-1.amazonaws.com amazonaws.com amazonaws com b.s3.dualstack.us-east-1 true",
        );
        check("foo.blogspot.co.uk", "foo.blogspot.co.uk blogspot.co.uk blogspot co.uk foo true");
    }

    #[test]
    fn wildcards_and_exceptions_apply() {
        check("a.b.ck", "a.b.ck a.b.ck a b.ck - true");
        check("www.ck", "www.ck www.ck www ck - true");
        check("b.ck", "b.ck - - b.ck - false");
    }

    #[test]
    fn an_unlisted_suffix_is_split_and_not_valid() {
        check("host.local", "host.local host.local host local - false");
        check("win-bar", "win-bar - - - - false");
        check("com", "com - - com - false");
        check("", " - - - - false");
        check("a..com", "a..com - - com - false");
        check("not a domain", "not a domain - - - - false");
    }

    #[test]
    fn ip_literals_have_no_parts() {
        check("[192.0.2.8]", "192.0.2.8 - - - - false");
        check("[IPv6:2001:DB8::1]", "2001:db8::1 - - - - false");
        check("2001:db8::1", "2001:db8::1 - - - - false");
        check("0x7f.1", "0x7f.1 - - - - false");
    }

    #[test]
    fn unicode_names_are_kept_in_ascii_and_shown_in_punycode() {
        let domain = Domain::parse("xn--ublimesecurity-4xc.com");
        assert_eq!(domain.punycode.as_deref(), Some("śublimesecurity.com"));
        let domain = Domain::parse("Bücher.example.COM");
        assert_eq!((domain.domain.as_str(), domain.punycode.as_deref()), ("xn--bcher-kva.example.com", Some("bücher.example.com")));
        assert_eq!(Domain::parse("münchen.香港").tld.as_deref(), Some("xn--j6w193g"));
        assert_eq!(Domain::parse("ｅxample。com").domain, "example.com");
        assert_eq!(Domain::parse("example.com").punycode, None);
        assert_eq!(Domain::parse("xn--\u{7f}.com").punycode, None);
    }

    #[test]
    fn only_names_are_names() {
        assert!(Domain::parse_name("not a domain").is_none());
        assert!(Domain::parse_name("localhost").is_none());
        assert!(Domain::parse_name("com").is_none());
        assert!(Domain::parse_name("192.0.2.8").is_none());
        assert!(Domain::parse_name("").is_none());
        assert_eq!(Domain::parse_name("host.local").map(|domain| domain.valid), Some(false));
        assert!(Domain::parse_name("mail.example.co.uk").is_some());
    }

    #[test]
    fn a_hostile_name_is_no_work() {
        let name = "é".repeat(1 << 20);
        assert!(!Domain::parse(&name).valid);
        assert!(!Domain::parse(&"a.".repeat(1 << 20)).valid);
    }
}
