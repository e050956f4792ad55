//! `headers.domains` and `headers.ips`: who handled the message, by the Received lines (reference mdm.md §9.7).

use super::scan::{Piece, Scan};
use crate::model::Received;
use crate::text::ipv4_literals;
use mailhound_objects::{Domain, Ip};
use std::collections::HashSet;

/// Hosts and addresses that were collected, each once, in the order of their first place.
#[derive(Default)]
pub(crate) struct Hosts {
    /// Host names.
    pub domains: Vec<Domain>,
    /// IPv4 addresses, private ones too.
    pub ips: Vec<Ip>,
    names: HashSet<String>,
    quads: HashSet<String>,
}

impl Hosts {
    /// Adds one Received line; call it from the oldest to the newest. In order: the host of `from`, host names in its comments, the host
    /// of `by`, the domain of the `for` address. All dotted quads of the line.
    pub fn add(&mut self, value: &str, received: &Received) {
        if let Some(source) = &received.source {
            let mut is_first = true;
            for piece in Scan::new(&source.raw).pieces() {
                match piece {
                    Piece::Text(text) if is_first => self.host(text.split_whitespace().next().unwrap_or_default()),
                    Piece::Text(_) => {}
                    Piece::Comment(comment) => self.words(comment),
                }
                is_first = false;
            }
        }
        if let Some(server) = &received.server {
            self.host(server.raw.split_whitespace().next().unwrap_or_default());
        }
        if let Some((_, domain)) = received.mailbox.as_ref().and_then(|mailbox| mailbox.raw.rsplit_once('@')) {
            self.host(domain.split(['>', ' ', ',']).next().unwrap_or_default());
        }
        for quad in ipv4_literals(value) {
            if self.quads.insert(quad.to_owned()) {
                self.ips.extend(Ip::parse_plain(quad));
            }
        }
    }

    /// The host names among the words of a comment.
    fn words(&mut self, comment: &str) {
        let words = comment.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | ',' | ';' | '='));
        words.filter(|word| !word.contains('@')).for_each(|word| self.host(word));
    }

    fn host(&mut self, word: &str) {
        let name = word.strip_suffix('.').unwrap_or(word);
        if !is_host(name) {
            return;
        }
        let name = name.to_lowercase();
        if !self.names.contains(&name) {
            self.domains.push(Domain::parse(&name));
            self.names.insert(name);
        }
    }
}

/// At least two labels, the last one of letters (or an encoded one).
fn is_host(name: &str) -> bool {
    let Some(first) = name.as_bytes().first().filter(|byte| **byte != b'[' && **byte != b'(') else { return false };
    if first.is_ascii_digit() && name.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return false; // an address, which is the commonest other word
    }
    let is_inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_') || (!c.is_ascii() && c.is_alphanumeric());
    let label = |label: &str| !label.is_empty() && label.chars().all(is_inner);
    let Some((_, last)) = name.rsplit_once('.') else { return false };
    (last.chars().all(char::is_alphabetic) || last.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("xn--")))
        && name.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::headers::received;

    #[test]
    fn hosts_come_in_order_and_once() {
        let mut hosts = Hosts::default();
        for value in [
            "from root@localhost (helo=Web.Example.ORG.) ([127.0.0.1]) by Mx.Example.com (Postfix) id 15.20.3784.12 for <a@b.example>; x",
            "from [192.0.2.1] (unknown [192.0.2.1], (a@c.example mta.example 10.0.0.7)) by mx.example.com with SMTP",
        ] {
            hosts.add(value, &received::parse(value));
        }
        let names: Vec<_> = hosts.domains.iter().map(|domain| domain.domain.as_str()).collect();
        assert_eq!(names, ["web.example.org", "mx.example.com", "b.example", "mta.example"]);
        let ips: Vec<_> = hosts.ips.iter().map(|ip| ip.ip.as_str()).collect();
        assert_eq!(ips, ["127.0.0.1", "192.0.2.1", "10.0.0.7"]);
    }
}
