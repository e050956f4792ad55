//! Signatures: DKIM-Signature and its relatives (RFC 6376 §3.5, RFC 8617 §4.1.2; reference mdm.md §9.5).

use crate::model::Signature;

/// The header names that carry a signature and the `type` each gives, the preferred one first.
pub(crate) const KINDS: [(&str, &str); 4] = [
    ("DKIM-Signature", "dkim"),
    ("ARC-Message-Signature", "arc-message"),
    ("DomainKey-Signature", "domainkey"),
    ("X-Google-DKIM-Signature", "x-google-dkim"),
];

/// Tags of one signature that are read.
const MAX_TAGS: usize = 100;

/// Reads an unfolded tag list (`v=1; a=rsa-sha256; …`). A tag that is missing is null; of repeated tags the first counts.
pub(crate) fn parse(value: &str, kind: &str) -> Signature {
    let tags: Vec<(&str, &str)> = value.split(';').take(MAX_TAGS).filter_map(|tag| tag.split_once('=')).collect();
    let tag = |name: &str| tags.iter().find(|(key, _)| key.trim() == name).map(|(_, value)| value.trim().to_owned());
    Signature {
        r#type: Some(kind.to_owned()),
        version: tag("v"),
        algorithm: tag("a"),
        selector: tag("s"),
        signature: tag("b"),
        body_hash: tag("bh"),
        domain: tag("d"),
        headers: tag("h"),
        instance: tag("i").filter(|_| kind.starts_with("arc")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read() {
        let value = "v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=s1; h=from:to :subject; bh=A/t=; b=ehH YeN==; i=@example.com";
        let dkim = parse(value, "dkim");
        let shown =
            [&dkim.version, &dkim.algorithm, &dkim.selector, &dkim.signature, &dkim.body_hash, &dkim.domain, &dkim.headers, &dkim.instance];
        let shown = shown.map(|tag| tag.as_deref().unwrap_or("-"));
        assert_eq!(shown, ["1", "rsa-sha256", "s1", "ehH YeN==", "A/t=", "example.com", "from:to :subject", "-"]);
        assert_eq!(parse("i=2; a=x", "arc-message").instance.as_deref(), Some("2"));
        assert_eq!(parse(";;=;b", "dkim").signature, None);
    }

    #[test]
    fn every_kind_of_signature_is_read() {
        for (value, kind, shown) in [
            ("v=1; a=rsa-sha256; d=a.example; s=s1; h=from; bh=x=; b=y=; i=@a.example", "dkim", "1 rsa-sha256 a.example s1 from x= y= -"),
            (
                "i=2; a=rsa-sha256; d=a.example; s=arc; h=to:from; bh=x=; b=y= z=",
                "arc-message",
                "- rsa-sha256 a.example arc to:from x= y= z= 2",
            ),
            ("a=rsa-sha1; q=dns; c=nofws; s=s1; d=a.example; h=from; b=y=", "domainkey", "- rsa-sha1 a.example s1 from - y= -"),
            ("v=1;a=rsa-sha256;d=1e100.example;s=2016;h=from;bh=x=;b=y=", "x-google-dkim", "1 rsa-sha256 1e100.example 2016 from x= y= -"),
            ("V=1; d = a.example ; d=b.example; b", "dkim", "- - a.example - - - - -"),
        ] {
            let tags = parse(value, kind);
            let found = [
                &tags.version,
                &tags.algorithm,
                &tags.domain,
                &tags.selector,
                &tags.headers,
                &tags.body_hash,
                &tags.signature,
                &tags.instance,
            ];
            assert_eq!(found.map(|tag| tag.as_deref().unwrap_or("-")).join(" "), shown, "{value}");
            assert_eq!(tags.r#type.as_deref(), Some(kind));
        }
    }
}
