//! Hops: the header fields in groups that end with a Received line, oldest first (reference mdm.md §9.1).

use super::auth_summary::{HopResults, summarize};
use super::hosts::Hosts;
use super::{auth_results, received, signature, spf};
use crate::mime::block::Field;
use crate::model::{AuthSummary, AuthenticationResults, HeaderField, Hop};

/// What the header block says about the way of the message.
#[derive(Default)]
pub(crate) struct Way {
    /// The hops.
    pub hops: Vec<Hop>,
    /// SPF and DMARC.
    pub auth_summary: Option<AuthSummary>,
    /// Who handled the message.
    pub hosts: Hosts,
}

/// Groups the fields, which come topmost first.
pub(crate) fn build(fields: &[Field<'_>]) -> Way {
    let mut way = Way::default();
    let mut results = Vec::new();
    let mut hop = Builder::default();
    for (position, field) in (0i64..).zip(fields.iter().rev()) {
        let value = field.value();
        let closes = field.is("Received");
        if closes {
            let received = received::parse(&value);
            way.hosts.add(&value, &received);
            hop.hop.received = Some(received);
        } else {
            hop.read(field.name, &value);
        }
        hop.hop.fields.push(HeaderField { name: field.name.to_owned(), value, position });
        if closes {
            std::mem::take(&mut hop).finish(&mut way.hops, &mut results);
        }
    }
    if !hop.hop.fields.is_empty() {
        hop.finish(&mut way.hops, &mut results);
    }
    let results: Vec<_> =
        way.hops.iter().zip(&results).map(|(hop, results)| HopResults { received_spf: hop.received_spf.as_ref(), results }).collect();
    way.auth_summary = summarize(&results);
    way
}

/// One hop while its fields are read from the bottom up.
#[derive(Default)]
struct Builder {
    hop: Hop,
    /// Results headers with the rank of their type.
    results: Vec<(usize, AuthenticationResults)>,
    /// The rank of the signature's type.
    signature_rank: usize,
    has_plain_spf: bool,
}

/// Results headers of one hop that are read.
const MAX_RESULTS_HEADERS: usize = 50;

impl Builder {
    fn read(&mut self, name: &str, value: &str) {
        let rank = |kinds: &[(&str, &'static str)]| kinds.iter().position(|(known, _)| name.eq_ignore_ascii_case(known));
        if let Some(rank) = rank(&auth_results::KINDS).filter(|_| self.results.len() < MAX_RESULTS_HEADERS) {
            let kind = auth_results::KINDS.get(rank).map_or("", |(_, kind)| kind);
            self.results.push((rank, auth_results::parse(value, kind)));
        } else if let Some(rank) = rank(&signature::KINDS) {
            // Among equals the topmost counts, which comes last.
            if self.hop.signature.is_none() || rank <= self.signature_rank {
                let kind = signature::KINDS.get(rank).map_or("", |(_, kind)| kind);
                self.hop.signature = Some(signature::parse(value, kind));
                self.signature_rank = rank;
            }
        } else if name.eq_ignore_ascii_case("Received-SPF") {
            self.hop.received_spf = spf::parse(value).or(self.hop.received_spf.take());
            self.has_plain_spf = true;
        } else if name.eq_ignore_ascii_case("X-Received-SPF") && !self.has_plain_spf {
            self.hop.received_spf = spf::parse(value).or(self.hop.received_spf.take());
        }
    }

    fn finish(mut self, hops: &mut Vec<Hop>, results: &mut Vec<Vec<AuthenticationResults>>) {
        self.results.sort_by_key(|(rank, _)| *rank);
        let ranked: Vec<_> = self.results.into_iter().map(|(_, results)| results).collect();
        self.hop.index = i64::try_from(hops.len()).unwrap_or(i64::MAX);
        self.hop.authentication_results = auth_results::merge(&ranked);
        results.push(ranked);
        hops.push(self.hop);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mime::block;

    fn check(header: &str) -> Way {
        build(&block::parse(header.as_bytes(), 0, 100, |_| false).fields)
    }

    #[test]
    fn a_received_line_closes_its_hop() {
        let way = check("Delivered-To: a\nReceived: by c\nX-Received: x\nReceived: by b\nSubject: s\nFrom: f\n\n");
        let shown: Vec<_> = way
            .hops
            .iter()
            .map(|hop| {
                (
                    hop.index,
                    hop.fields.iter().map(|field| (field.name.as_str(), field.position)).collect::<Vec<_>>(),
                    hop.received.is_some(),
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                (0, vec![("From", 0), ("Subject", 1), ("Received", 2)], true),
                (1, vec![("X-Received", 3), ("Received", 4)], true),
                (2, vec![("Delivered-To", 5)], false),
            ]
        );
    }

    #[test]
    fn no_received_line_gives_one_hop() {
        assert_eq!(check("Subject: s\n\n").hops.len(), 1);
        assert_eq!(check("Received: by a\n\n").hops.len(), 1);
        assert_eq!(check("\n").hops.len(), 0);
    }

    #[test]
    fn the_lowest_hop_decides() {
        let way = check(
            "Authentication-Results: mx; spf=fail; dmarc=fail\nReceived: by b\nAuthentication-Results: mx; dmarc=pass; spf=pass\n\
             Received: by a\nARC-Authentication-Results: i=1; mx; dmarc=temperror; spf=fail\nFrom: f\n\n",
        );
        let summary = way.auth_summary.unwrap();
        let (spf, dmarc) = (summary.spf.unwrap(), summary.dmarc.unwrap());
        assert_eq!((spf.pass, spf.error, spf.received_hop), (Some(true), Some(false), Some(1)));
        assert_eq!((dmarc.pass, dmarc.received_hop), (Some(true), Some(1)));
    }

    #[test]
    fn received_spf_gives_the_details() {
        let way = check("Received-SPF: TempError (a.example: domain of b.example)\nAuthentication-Results: mx; spf=pass\nFrom: f\n\n");
        let spf = way.auth_summary.unwrap().spf.unwrap();
        assert_eq!((spf.pass, spf.error, spf.details.unwrap().verdict.as_deref()), (Some(false), Some(true), Some("TempError")));
    }

    #[test]
    fn arc_results_count_when_there_are_no_others() {
        let way = check("ARC-Authentication-Results: i=1; mx; dmarc=pass\nFrom: f\n\n");
        let summary = way.auth_summary.unwrap();
        assert_eq!((summary.dmarc.unwrap().pass, summary.spf.is_none()), (Some(true), true));
    }

    #[test]
    fn every_header_of_results_feeds_the_hop() {
        for (name, kind) in auth_results::KINDS {
            let hop = check(&format!("{name}: mx.example; spf=pass; dkim=fail; dmarc=none\nFrom: f\n\n")).hops.remove(0);
            let results = hop.authentication_results.unwrap();
            let shown = [&results.r#type, &results.spf, &results.dkim, &results.dmarc].map(|text| text.as_deref().unwrap_or("-"));
            assert_eq!(shown, [kind, "pass", "fail", "none"], "{name}");
        }
    }

    #[test]
    fn the_standard_header_comes_first_and_the_lowest_of_a_kind() {
        let way = check(
            "X-MS-Exchange-Authentication-Results: dmarc=fail; compauth=fail reason=000\nAuthentication-Results: top; spf=fail; dmarc=fail\n\
             Authentication-Results: low; spf=pass; dkim=pass header.d=a\nARC-Authentication-Results: i=1; arc; spf=softfail; dkim=fail\nFrom: f\n\n",
        );
        let results = way.hops[0].authentication_results.as_ref().unwrap();
        let shown = [&results.r#type, &results.spf, &results.dkim, &results.dmarc].map(|text| text.as_deref().unwrap_or("-"));
        assert_eq!(shown, ["standard", "pass", "pass", "fail"]);
        assert_eq!(results.server.as_ref().unwrap().domain, "low");
        assert_eq!((results.dkim_details.len(), results.compauth.as_ref().unwrap().verdict.as_str()), (1, "fail"));
    }

    #[test]
    fn what_the_sender_brought_along_decides_only_alone() {
        let own = "Authentication-Results: mx; spf=fail; dmarc=fail\nReceived: by b\n";
        let brought = "Authentication-Results-Original: x; spf=pass; dmarc=pass\nReceived: by a\nFrom: f\n\n";
        let pass = |text: &str| {
            let summary = check(text).auth_summary.unwrap();
            (summary.spf.unwrap().pass, summary.dmarc.unwrap().pass)
        };
        assert_eq!(pass(&format!("{own}{brought}")), (Some(false), Some(false)));
        assert_eq!(pass(brought), (Some(true), Some(true)));
    }

    #[test]
    fn verdicts_are_pass_error_or_neither() {
        for (verdict, pass, error) in [
            ("pass", true, false),
            ("Pass", true, false),
            ("fail", false, false),
            ("SoftFail", false, false),
            ("none", false, false),
            ("neutral", false, false),
            ("bestguesspass", false, false),
            ("TempError", false, true),
            ("permerror", false, true),
        ] {
            let way = check(&format!("Received-SPF: {verdict}\nAuthentication-Results: mx; dmarc={verdict}\nFrom: f\n\n"));
            let summary = way.auth_summary.unwrap();
            let (spf, dmarc) = (summary.spf.unwrap(), summary.dmarc.unwrap());
            assert_eq!([(spf.pass, spf.error), (dmarc.pass, dmarc.error)], [(Some(pass), Some(error)); 2], "{verdict}");
        }
        assert!(check("From: f\n\n").auth_summary.is_none());
    }

    #[test]
    fn received_spf_is_preferred_to_its_relative() {
        let spf = |text: &str| check(text).hops.remove(0).received_spf.and_then(|spf| spf.verdict);
        assert_eq!(spf("X-Received-SPF: fail\nReceived-SPF: pass\nFrom: f\n\n").as_deref(), Some("pass"));
        assert_eq!(spf("Received-SPF: pass\nX-Received-SPF: fail\nFrom: f\n\n").as_deref(), Some("pass"));
        assert_eq!(spf("X-Received-SPF: fail\nFrom: f\n\n").as_deref(), Some("fail"));
    }

    #[test]
    fn dkim_is_preferred_among_signatures() {
        let way = check(
            "Received: by a\nX-Google-DKIM-Signature: d=g\nDKIM-Signature: d=top\nDKIM-Signature: d=low\nARC-Message-Signature: d=arc\n\n",
        );
        assert_eq!(way.hops[0].signature.as_ref().unwrap().domain.as_deref(), Some("top"));
    }
}
