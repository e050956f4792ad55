//! What changed in the model between 2021 and today, by the sections of mdm.md. A rule compares what can still be compared.

use chrono::{DateTime, Utc};
use serde_json::Value as Json;

/// A field that is written otherwise today.
pub(super) struct Changed {
    /// The path, `[]` for any index; `*.` at the start for any place.
    pub path: &'static str,
    /// What mdm.md says, with its section.
    pub why: &'static str,
    /// Do the old and the new value say the same?
    pub holds: fn(&Json, &Json) -> bool,
}

/// The rules. A field that is equal needs none.
pub(super) const CHANGED: &[Changed] = &[
    Changed { path: "_meta.schema_version", why: "§17: gone", holds: |_, ours| ours.is_null() },
    Changed { path: "_meta.id", why: "§13: version 7", holds: |old, ours| is_uuid(old, '4') && is_uuid(ours, '7') },
    Changed { path: "_meta.canonical_id", why: "§13: 64 digits", holds: |old, ours| is_hex(old, 40) && is_hex(ours, 64) },
    Changed { path: "_meta.created_at", why: "§1: RFC 3339 with nanoseconds", holds: same_instant },
    Changed { path: "headers.hops.[].fields.[].name", why: "§9.1, §17: names as written", holds: same_but_for_case },
    Changed { path: "headers.hops.[].received", why: "§9.2, §17: an object of clauses", holds: same_words },
    Changed {
        path: "*.received_spf.client_ip",
        why: "§9.4: null when there is none",
        holds: |old, ours| old["ip"] == "" && ours.is_null(),
    },
    Changed { path: "*.dmarc_details.action", why: "§1: no empty text where nothing stands", holds: empty_is_gone },
    Changed { path: "*.dmarc_details.version", why: "§9.3: null", holds: empty_is_gone },
    Changed {
        path: "*.links.[].mismatched",
        why: "§4.6, §17: null without display_url",
        holds: |old, ours| old == false && ours.is_null(),
    },
];

/// A field that the models of 2021 did not have.
pub(super) struct Added {
    /// The path, as in [`Changed::path`].
    pub path: &'static str,
    /// Where mdm.md asks for it.
    pub why: &'static str,
    /// Is it what mdm.md says, as far as that says it without the message?
    pub holds: fn(&Json) -> bool,
}

/// The rule of a new field whose value depends on the message; §16 of mdm.md shows most of them for the first message.
const fn new(path: &'static str, why: &'static str) -> Added {
    Added { path, why, holds: |_| true }
}

/// The fields.
pub(super) const ADDED: &[Added] = &[
    Added { path: "_meta.effective_at", why: "§13: a time", holds: |ours| ours.as_str().and_then(instant).is_some() },
    Added { path: "type.outbound", why: "§5: false is written", holds: |ours| ours == false },
    Added { path: "type.internal", why: "§5: false is written", holds: |ours| ours == false },
    new("subject.base", "§6"),
    new("subject.is_reply", "§6"),
    new("subject.is_forward", "§6"),
    new("subject.is_auto_reply", "§6"),
    new("mailbox", "§8.2: Delivered-To, else the only To address"),
    new("headers.from", "§9"),
    new("headers.auth_summary", "§9.6"),
    new("*.authentication_results.server", "§9.3, S24: the authserv-id"),
    Added { path: "*.authentication_results.dkim", why: "§17: none is written", holds: |ours| ours == "none" },
    new("*.authentication_results.dkim_details.[].instance", "§9.3, S24: header.i"),
    Added { path: "*.client_ip.version", why: "§4.4", holds: |ours| ours == 4 },
    Added { path: "headers.ips.[].version", why: "§4.4", holds: |ours| ours == 4 },
    Added { path: "*.href_url.port", why: "§4.5: that of https", holds: |ours| ours == 443 },
    new("*.href_url.query_params_decoded", "§4.5"),
    Added { path: "*.links.[].parser", why: "§4.6: from an element", holds: |ours| ours == "hyperlink" },
    Added { path: "*.links.[].visible", why: "§4.6", holds: Json::is_boolean },
    new("body.html.links", "§10: the links of the part"),
    new("body.html.display_text", "§10.3"),
    new("body.html.inner_text", "§10.2"),
    new("body.current_thread", "§14"),
];

/// Does a place match the path of a rule?
pub(super) fn matches(path: &str, pattern: &str) -> bool {
    match path.strip_prefix('*') {
        Some(tail) => pattern.ends_with(tail),
        None => path == pattern,
    }
}

/// The instant of either notation: `2021-02-20 17:10:30.70489722 +0000 UTC` or RFC 3339.
pub(super) fn instant(text: &str) -> Option<DateTime<Utc>> {
    let old = || DateTime::parse_from_str(text.strip_suffix(" UTC")?, "%Y-%m-%d %H:%M:%S%.f %z").ok();
    Some(DateTime::parse_from_rfc3339(text).ok().or_else(old)?.to_utc())
}

fn same_instant(old: &Json, ours: &Json) -> bool {
    let instant = |value: &Json| value.as_str().and_then(instant);
    instant(old).is_some() && instant(old) == instant(ours) && ours.as_str().is_some_and(|text| text.ends_with('Z'))
}

fn same_but_for_case(old: &Json, ours: &Json) -> bool {
    matches!((old.as_str(), ours.as_str()), (Some(old), Some(ours)) if old.eq_ignore_ascii_case(ours))
}

fn empty_is_gone(old: &Json, ours: &Json) -> bool {
    old == "" && ours.is_null()
}

fn is_hex(value: &Json, len: usize) -> bool {
    value.as_str().is_some_and(|text| text.len() == len && text.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn is_uuid(value: &Json, version: char) -> bool {
    value.as_str().is_some_and(|text| text.len() == 36 && text.split('-').count() == 5 && text.chars().nth(14) == Some(version))
}

/// The line in words against the object: every word of the line but the keywords is in one clause, and the date is the same instant. A
/// comment before the first clause is in none (§9.2: such lines have no source).
fn same_words(old: &Json, ours: &Json) -> bool {
    let Some((line, date)) = old.as_str().and_then(|line| line.rsplit_once(';')) else { return false };
    let line = line.strip_prefix('(').and_then(|line| line.split_once(')')).map_or(line, |(_, line)| line);
    let clauses =
        [("from", "source"), ("by", "server"), ("via", "link"), ("with", "protocol"), ("id", "id"), ("for", "mailbox"), ("", "additional")];
    let said = clauses.iter().filter_map(|(keyword, clause)| Some(format!("{keyword} {}", ours[clause]["raw"].as_str()?)));
    let said = said.collect::<Vec<_>>().join(" ");
    let words = |text: &str| {
        let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        words.sort_unstable();
        words
    };
    let date = DateTime::parse_from_rfc2822(date.split('(').next().unwrap_or_default().trim());
    let time = date.ok().map(|date| date.to_utc());
    words(line) == words(&said) && time.is_some() && ours["time"].as_str().and_then(instant) == time
}
