//! Received-SPF (RFC 7208 §9.1), and the comment that it shares with Authentication-Results (reference mdm.md §9.4).

use super::scan::{Piece, Scan, inside};
use crate::model::Spf;
use mailhound_objects::{Domain, Ip};

/// Reads a Received-SPF value: `verdict (comment) key=value; …`. `None` when it has no verdict.
pub(crate) fn parse(value: &str) -> Option<Spf> {
    let value = value.trim();
    let verdict = value.split(|c: char| c.is_whitespace() || c == '(' || c == ';').next().filter(|word| !word.is_empty())?;
    let rest = value.get(verdict.len()..).unwrap_or_default();
    let scan = Scan::new(rest);
    let pieces = scan.pieces();
    let comment = pieces.iter().find_map(|piece| if let Piece::Comment(text) = piece { Some(inside(text)) } else { None });
    let pairs: String = pieces.iter().map(|piece| if let Piece::Text(text) = piece { text } else { " " }).collect();
    let key = |name: &str| pair(&pairs, name);
    let mut spf = comment.map(from_comment).unwrap_or_default();
    spf.verdict = Some(verdict.to_owned());
    spf.client_ip = key("client-ip").and_then(Ip::parse_plain).or(spf.client_ip);
    spf.helo = key("helo").map(Domain::parse).filter(|domain| !domain.domain.is_empty());
    spf.designator = spf.designator.or_else(|| key("envelope-from").map(str::to_owned));
    Some(spf)
}

/// Server, identity and address in a comment such as `mx.example: domain of a@b designates 192.0.2.1 as permitted sender`.
pub(crate) fn from_comment(comment: &str) -> Spf {
    let colon = memchr::memchr_iter(b':', comment.as_bytes()).find(|at| comment.as_bytes().get(at + 1) == Some(&b' '));
    let (server, text) = match colon.and_then(|at| Some((comment.get(..at)?, comment.get(at + 2..)?))) {
        Some((server, text)) if is_host(server) => (Some(Domain::parse(server)), text),
        _ => (None, comment),
    };
    Spf {
        server,
        client_ip: address(text),
        designator: designator(text).map(str::to_owned).filter(|text| !text.is_empty()),
        description: Some(comment.to_owned()).filter(|text| !text.is_empty()),
        ..Spf::default()
    }
}

/// One word that can be the name of a server; the short names of a local network have no dot.
fn is_host(text: &str) -> bool {
    let is_label = ["spf", "policy", "helo", "mailfrom"].iter().any(|label| text.eq_ignore_ascii_case(label));
    !text.is_empty() && !is_label && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '_'))
}

/// The checked identity, with `domain of ` when that stands there.
fn designator(text: &str) -> Option<&str> {
    // What follows the identity, longest wording first.
    let before = [" does not designate ", " designates ", " discourages use of ", " used an invalid SPF mechanism"];
    // What precedes it; a colon may end it.
    let behind = [" is neither permitted nor denied by ", "error in processing during lookup of "];
    let before = before.iter().find_map(|words| text.split_once(words)).map(|(identity, _)| identity);
    let behind = || {
        let (_, identity) = behind.iter().find_map(|words| text.split_once(words))?;
        Some(identity.split(": ").next().unwrap_or(identity))
    };
    before.or_else(behind).map(str::trim)
}

/// The first IP address among the words.
fn address(text: &str) -> Option<Ip> {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '=' | '(' | ')' | '[' | ']'));
    let literal = |word: &&str| word.contains(['.', ':']) && word.chars().all(|c| c.is_ascii_hexdigit() || c == '.' || c == ':');
    words.map(|word| word.trim_end_matches('.')).filter(literal).find_map(Ip::parse_plain)
}

/// The value of `name=value` among pairs that blanks or semicolons separate; quotes are taken off.
pub(crate) fn pair<'a>(pairs: &'a str, name: &str) -> Option<&'a str> {
    let mut words = pairs.split(|c: char| c == ';' || c.is_ascii_whitespace());
    let is_pair =
        |word: &&str| word.as_bytes().get(name.len()) == Some(&b'=') && word.as_bytes()[..name.len()].eq_ignore_ascii_case(name.as_bytes());
    let value = words.find(is_pair)?.get(name.len() + 1..)?;
    let value = value.trim_matches(['"', '\'']);
    (!value.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use crate::testing::table;

    #[test]
    fn received_spf() {
        table(include_str!("../../testdata/received_spf.test"), |text| {
            let Some(spf) = super::parse(text) else { return "-".to_owned() };
            let domain = |domain: &Option<mailhound_objects::Domain>| domain.as_ref().map(|domain| domain.domain.clone());
            let shown = [
                spf.verdict.clone(),
                domain(&spf.server),
                spf.designator.clone(),
                spf.client_ip.as_ref().map(|ip| ip.ip.clone()),
                domain(&spf.helo),
            ];
            shown.map(|part| part.unwrap_or_else(|| "-".to_owned())).join(" | ")
        });
    }
}
