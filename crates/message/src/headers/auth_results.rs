//! Authentication-Results and its relatives (RFC 8601, RFC 8617 §4.1.1; reference mdm.md §9.3).

use super::scan::{Piece, Scan, inside};
use super::spf::{from_comment, pair};
use crate::model::{AuthenticationResults, CompAuth, Dmarc, Signature, Spf};
use mailhound_objects::{Domain, Ip};

/// The header names that carry results and the `type` each gives, the most trusted one first.
pub(crate) const KINDS: [(&str, &str); 6] = [
    ("Authentication-Results", "standard"),
    ("ARC-Authentication-Results", "arc"),
    ("Authentication-Results-Original", "original"),
    ("X-MS-Exchange-Authentication-Results", "exchange"),
    ("X-Original-Authentication-Results", "x-original"),
    ("X-Agari-Authentication-Results", "agari"),
];

/// Results of one header that are read.
const MAX_RESULTS: usize = 200;

/// Reads an unfolded value. `kind` is the type to report.
pub(crate) fn parse(value: &str, kind: &str) -> AuthenticationResults {
    let mut results = AuthenticationResults { r#type: Some(kind.to_owned()), ..AuthenticationResults::default() };
    for segment in Scan::new(value).split(b';').into_iter().take(MAX_RESULTS) {
        let segment = Segment::new(segment);
        match segment.text.split_once('=') {
            Some((before, rest)) => {
                // Some servers leave out the semicolon behind their name.
                let (name, method) = before.trim().rsplit_once(char::is_whitespace).unwrap_or(("", before));
                results.server = results.server.or_else(|| Some(name).filter(|name| name.contains('.')).and_then(server));
                result(&mut results, method, rest, &segment);
            }
            None if results.server.is_none() => results.server = server(&segment.text),
            None => {}
        }
    }
    results
}

/// The authserv-id: the first word of a segment without a result.
fn server(text: &str) -> Option<Domain> {
    let word = text.split_whitespace().next().filter(|word| !word.eq_ignore_ascii_case("none"))?;
    Some(Domain::parse(word)).filter(|domain| !domain.domain.is_empty())
}

/// One segment: its text outside comments, and its comments.
struct Segment<'a> {
    text: String,
    comments: Vec<&'a str>,
}

impl<'a> Segment<'a> {
    fn new(segment: &'a str) -> Self {
        let mut found = Segment { text: String::with_capacity(segment.len()), comments: Vec::new() };
        for piece in Scan::new(segment).pieces() {
            match piece {
                Piece::Text(text) => found.text.push_str(text),
                Piece::Comment(comment) => {
                    found.text.push(' ');
                    found.comments.push(inside(comment));
                }
            }
        }
        found
    }

    /// A property such as `header.d`, outside comments.
    fn property(&self, name: &str) -> Option<String> {
        pair(&self.text, name).map(str::to_owned)
    }

    /// A value inside a comment, such as `p=reject`; commas divide there as well.
    fn in_comment(&self, name: &str) -> Option<String> {
        let mut parts = self.comments.iter().flat_map(|comment| comment.split(','));
        parts.find_map(|part| pair(part, name)).map(str::to_owned)
    }
}

fn result(results: &mut AuthenticationResults, method: &str, rest: &str, segment: &Segment<'_>) {
    let method = method.split('/').next().unwrap_or(method).trim().to_ascii_lowercase();
    let verdict = rest.split(|c: char| !c.is_ascii_alphanumeric()).find(|word| !word.is_empty()).map(str::to_ascii_lowercase);
    match method.as_str() {
        "i" if results.instance.is_none() => results.instance = verdict,
        "spf" if results.spf.is_none() => {
            results.spf_details = Some(spf(segment, verdict.clone()));
            results.spf = verdict;
        }
        "dkim" => {
            results.dkim_details.push(dkim(segment));
            results.dkim = better_dkim(results.dkim.take(), verdict);
        }
        "dmarc" if results.dmarc.is_none() => {
            results.dmarc_details = Some(dmarc(segment, verdict.clone()));
            results.dmarc = verdict;
        }
        "compauth" if results.compauth.is_none() => {
            let reason = segment.property("reason").unwrap_or_default();
            results.compauth = verdict.map(|verdict| CompAuth { verdict, reason });
        }
        _ => {}
    }
}

/// A pass wins, else the first result.
fn better_dkim(first: Option<String>, next: Option<String>) -> Option<String> {
    if next.as_deref() == Some("pass") { next } else { first.or(next) }
}

fn spf(segment: &Segment<'_>, verdict: Option<String>) -> Spf {
    let comment = segment.comments.first().map(|comment| from_comment(comment)).unwrap_or_default();
    let client_ip = || segment.property("client-ip").or_else(|| segment.in_comment("client-ip"));
    Spf {
        verdict,
        designator: segment.property("smtp.mailfrom").or_else(|| segment.property("smtp.mail")),
        helo: segment.property("smtp.helo").map(|name| Domain::parse(&name)),
        client_ip: comment.client_ip.or_else(|| Ip::parse_plain(&client_ip()?)),
        ..comment
    }
}

fn dkim(segment: &Segment<'_>) -> Signature {
    Signature {
        r#type: Some("dkim".to_owned()),
        domain: segment.property("header.d"),
        instance: segment.property("header.i"),
        selector: segment.property("header.s"),
        signature: segment.property("header.b"),
        ..Signature::default()
    }
}

fn dmarc(segment: &Segment<'_>, verdict: Option<String>) -> Dmarc {
    Dmarc {
        verdict,
        version: None,
        policy: segment.in_comment("p"),
        sub_policy: segment.in_comment("sp"),
        disposition: segment.in_comment("dis"),
        action: segment.property("action"),
        from: segment.property("header.from").map(|name| Domain::parse(&name)),
    }
}

/// Merges the results of one hop, which come with the most trusted type first: what is set stays.
///
/// `dkim_details` are those of the first type that has any, of all its headers.
pub(crate) fn merge(all: &[AuthenticationResults]) -> Option<AuthenticationResults> {
    let (first, others) = all.split_first()?;
    let mut merged = first.clone();
    let mut dkim_type = first.dkim.as_ref().and(first.r#type.as_ref());
    for other in others {
        if dkim_type.is_none() || dkim_type == other.r#type.as_ref() {
            merged.dkim = better_dkim(merged.dkim.take(), other.dkim.clone());
            merged.dkim_details.extend_from_slice(&other.dkim_details);
            dkim_type = dkim_type.or(other.dkim.as_ref().and(other.r#type.as_ref()));
        }
        merged.instance = merged.instance.or_else(|| other.instance.clone());
        merged.server = merged.server.or_else(|| other.server.clone());
        merged.spf_details = merged.spf_details.filter(|_| merged.spf.is_some()).or_else(|| other.spf_details.clone());
        merged.spf = merged.spf.or_else(|| other.spf.clone());
        merged.dmarc_details = merged.dmarc_details.filter(|_| merged.dmarc.is_some()).or_else(|| other.dmarc_details.clone());
        merged.dmarc = merged.dmarc.or_else(|| other.dmarc.clone());
        merged.compauth = merged.compauth.or_else(|| other.compauth.clone());
    }
    Some(merged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::table;
    use mailhound_value::{ToValue, to_json};

    #[test]
    fn results() {
        table(include_str!("../../testdata/authentication_results.test"), |text| {
            let mut json = to_json(parse(text, "standard").to_value(), &mut Vec::new());
            flatten_domains(&mut json);
            json.as_object_mut().map(|fields| fields.shift_remove("type"));
            json.to_string()
        });
    }

    /// Domain and IP objects as their text, to keep the table readable.
    fn flatten_domains(json: &mut serde_json::Value) {
        let Some(fields) = json.as_object_mut() else {
            json.as_array_mut().into_iter().flatten().for_each(flatten_domains);
            return;
        };
        let own = |name: &str| fields.get(name).filter(|_| fields.contains_key("valid") || name == "ip").cloned();
        match own("domain").or_else(|| own("ip")) {
            Some(text) => *json = text,
            None => fields.values_mut().for_each(flatten_domains),
        }
    }

    #[test]
    fn a_better_type_is_not_overwritten() {
        let standard = parse("mx.example; spf=pass; dkim=fail header.d=a.example", "standard");
        let arc = parse("i=1; mx.example; spf=fail; dkim=pass header.d=b.example; dmarc=pass", "arc");
        let merged = merge(&[standard, arc]).unwrap();
        let shown = [&merged.spf, &merged.dkim, &merged.dmarc, &merged.r#type, &merged.instance].map(|text| text.as_deref().unwrap_or("-"));
        assert_eq!(shown, ["pass", "fail", "pass", "standard", "1"]);
        assert_eq!(merged.dkim_details.len(), 1);
    }
}
