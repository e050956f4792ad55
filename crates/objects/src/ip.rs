//! IP addresses in all notations that browsers accept (mdm.md §4.4; WHATWG URL, IPv4 parser).

use mailhound_value::object;
use std::net::{Ipv4Addr, Ipv6Addr};

object! {
    /// An IP address
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Ip {
        /// Canonical text form.
        ip: String,
        /// 4 or 6.
        version: Option<i64>,
        /// Present when the written form had to be undone: an embedded address or a numeric notation.
        translation: Option<IpTranslation>,
    }
}

object! {
    /// How an obfuscated address was normalised
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct IpTranslation {
        /// Address exactly as it was written, without brackets.
        original: Option<String>,
        /// True for an IPv4 address embedded in an IPv6 literal.
        v4_to_v6: Option<bool>,
        /// Numeric notations found in the written form: octal, hex, decimal_integer.
        encoders: Vec<String>,
    }
}

impl Ip {
    /// The address in `text`: IPv4, IPv6 (also in brackets, with a zone, or tagged `IPv6:` as in RFC 5321 §4.1.3), IPv4 mapped into
    /// IPv6, and the numeric notations of `inet_aton` (octal, hexadecimal, fewer than four numbers).
    pub fn parse(text: &str) -> Option<Ip> {
        let bare = unbracket(text);
        Ip::plain(bare).or_else(|| numeric(bare))
    }

    /// The address in `text` as headers write it: dotted IPv4 or IPv6, brackets and tag allowed; no numeric notations.
    pub fn parse_plain(text: &str) -> Option<Ip> {
        Ip::plain(unbracket(text))
    }

    fn plain(bare: &str) -> Option<Ip> {
        if let Ok(v4) = bare.parse::<Ipv4Addr>() {
            return Some(Ip::v4(v4, None));
        }
        let v6: Ipv6Addr = bare.split_once('%').map_or(bare, |(address, _zone)| address).parse().ok()?;
        let Some(v4) = v6.to_ipv4_mapped() else { return Some(Ip { ip: v6.to_string(), version: Some(6), translation: None }) };
        let translation = IpTranslation { original: Some(bare.to_owned()), v4_to_v6: Some(true), encoders: Vec::new() };
        Some(Ip::v4(v4, Some(translation)))
    }

    fn v4(address: Ipv4Addr, translation: Option<IpTranslation>) -> Ip {
        Ip { ip: address.to_string(), version: Some(4), translation }
    }

    /// True when a host name is meant as an address: it has a colon, or its last label is a number (WHATWG URL, "ends in a number").
    pub(crate) fn is_literal(host: &str) -> bool {
        let last = host.rsplit('.').next().unwrap_or_default();
        let number = !last.is_empty() && last.bytes().all(|b| b.is_ascii_digit());
        let hex = last.strip_prefix("0x").is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        host.contains(':') || number || hex
    }
}

fn unbracket(text: &str) -> &str {
    let bare = text.trim();
    let bare = bare.strip_prefix('[').map_or(bare, |rest| rest.strip_suffix(']').unwrap_or(rest)).trim();
    match bare.get(..5) {
        Some(tag) if tag.eq_ignore_ascii_case("ipv6:") => &bare[5..],
        _ => bare,
    }
}

/// One to four numbers in decimal, octal or hexadecimal; the last fills the bytes that are left.
fn numeric(text: &str) -> Option<Ip> {
    let parts: Vec<&str> = text.split('.').take(5).collect();
    if parts.is_empty() || parts.len() > 4 {
        return None;
    }
    let mut encoders: Vec<&str> = Vec::new();
    let mut numbers = Vec::with_capacity(4);
    for part in &parts {
        let (number, encoder) = number(part)?;
        numbers.push(number);
        encoders.extend(encoder);
    }
    if parts.len() < 4 && encoders.is_empty() {
        encoders.push("decimal_integer");
    }
    encoders.sort_unstable();
    encoders.dedup();
    let last = numbers.pop()?;
    let room = 8 * (4 - numbers.len() as u32);
    if numbers.iter().any(|&number| number > 255) || last >= 1 << room {
        return None;
    }
    let high = numbers.iter().enumerate().fold(0, |sum, (idx, number)| sum | number << (24 - 8 * idx));
    let address = Ipv4Addr::from_bits(u32::try_from(high | last).ok()?);
    let translation =
        IpTranslation { original: Some(text.to_owned()), v4_to_v6: None, encoders: encoders.into_iter().map(str::to_owned).collect() };
    Some(Ip::v4(address, Some(translation)))
}

/// The number in one part and the name of its notation, if that is not plain decimal.
fn number(part: &str) -> Option<(u64, Option<&'static str>)> {
    let digits = |text: &str, radix| u64::from_str_radix(text, radix).ok().filter(|number| *number <= u64::from(u32::MAX));
    if !part.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    if let Some(hex) = part.strip_prefix("0x").or_else(|| part.strip_prefix("0X")) {
        return Some((if hex.is_empty() { 0 } else { digits(hex, 16)? }, Some("hex")));
    }
    match part.strip_prefix('0') {
        Some("") => Some((0, None)),
        Some(octal) => Some((digits(octal, 8)?, Some("octal"))),
        None => Some((digits(part, 10)?, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, ip: &str, version: i64, encoders: &[&str]) {
        let parsed = Ip::parse(text).unwrap_or_else(|| panic!("{text} is an address"));
        assert_eq!((parsed.ip.as_str(), parsed.version), (ip, Some(version)), "{text}");
        assert_eq!(parsed.translation.map(|it| it.encoders).unwrap_or_default(), encoders, "{text}");
    }

    #[test]
    fn plain_addresses_are_canonical() {
        check("192.0.2.8", "192.0.2.8", 4, &[]);
        check("[2001:DB8:0:0::1]", "2001:db8::1", 6, &[]);
        check("IPv6:2001:db8::2", "2001:db8::2", 6, &[]);
        check("fe80::1%eth0", "fe80::1", 6, &[]);
        assert_eq!(Ip::parse("192.0.2.8").unwrap().translation, None);
    }

    #[test]
    fn numeric_notations_are_undone() {
        check("0300.0250.1.1", "192.168.1.1", 4, &["octal"]);
        check("3232235777", "192.168.1.1", 4, &["decimal_integer"]);
        check("0xC0A80101", "192.168.1.1", 4, &["hex"]);
        check("0xc0.0250.1.1", "192.168.1.1", 4, &["hex", "octal"]);
        check("127.1", "127.0.0.1", 4, &["decimal_integer"]);
        let original = Ip::parse("3232235777").unwrap().translation.unwrap().original;
        assert_eq!(original.as_deref(), Some("3232235777"));
    }

    #[test]
    fn an_embedded_address_is_taken_out() {
        let ip = Ip::parse("[::ffff:c0a8:101]").unwrap();
        let translation = ip.translation.unwrap();
        assert_eq!((ip.ip.as_str(), ip.version, translation.v4_to_v6), ("192.168.1.1", Some(4), Some(true)));
        assert_eq!(translation.original.as_deref(), Some("::ffff:c0a8:101"));
    }

    #[test]
    fn other_text_is_no_address() {
        for text in ["", "1.2.3.4.5", "256.1.1.1", "1.2.3.400", "4294967296", "08.1.1.1", "a.b.c.d", "1..2", "+1.2.3.4", "0x"] {
            assert!(Ip::parse(text).is_none_or(|_| text == "0x"), "{text}");
        }
        assert!(Ip::parse_plain("3232235777").is_none());
        assert!(Ip::parse_plain("010.0.0.1").is_none());
    }
}
