//! Field by field against `corpus/expected/mdm.jsonl`; how to compare stands in its README.

use super::Outcome;
use anyhow::{Context, Result};
use mailhound_message::{Message, Options, parse};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// Checks of the file.
const CHECKS: usize = 57_527;

/// Share that must agree, in thousandths of a percent: what has been reached, rounded down.
const MIN_SHARE: usize = 99_900;

/// Runs the checks.
pub fn check(shared: &Path) -> Result<Vec<Outcome>> {
    let corpus = shared.join("corpus");
    let lines = std::fs::read_to_string(corpus.join("expected/mdm.jsonl"))?;
    let (mut all, mut wrong) = (0, Vec::new());
    let mut by_field: BTreeMap<String, usize> = BTreeMap::new();
    for line in lines.lines() {
        let entry: Json = serde_json::from_str(line)?;
        let path = entry["path"].as_str().context("an entry without a path")?;
        let message = parse(&std::fs::read(corpus.join(path))?, &Options::default());
        for (field, expected) in entry["expect"].as_object().into_iter().flatten() {
            all += 1;
            let found = find(&message, field);
            if !agree(field, expected, &found) {
                *by_field.entry(field.clone()).or_default() += 1;
                wrong.push(format!("{path} {field}: expected {}, found {}", short(expected), short(&found)));
            }
        }
    }
    let right = all - wrong.len();
    let share = right * 100_000 / all.max(1);
    let line = format!("{right} of {all} checks agree ({}.{:03} %); disagreements by field: {by_field:?}", share / 1000, share % 1000);
    Ok(vec![Outcome { line, holds: all == CHECKS && share >= MIN_SHARE, details: wrong }])
}

fn short(value: &Json) -> String {
    value.to_string().chars().take(200).collect()
}

fn find(message: &Message, field: &str) -> Json {
    let headers = &message.headers;
    let sender = message.sender.as_ref();
    let address = |address: &Option<mailhound_objects::EmailAddress>| json!(address.as_ref().map(|it| &it.email));
    let list = |list: &[mailhound_objects::Mailbox]| json!(list.iter().map(|it| &it.email.email).collect::<Vec<_>>());
    let spf = headers.auth_summary.as_ref().and_then(|it| it.spf.as_ref());
    let dmarc = headers.auth_summary.as_ref().and_then(|it| it.dmarc.as_ref());
    match field {
        "subject.subject" => json!(message.subject.subject),
        "recipients.to" => list(&message.recipients.to),
        "recipients.cc" => list(&message.recipients.cc),
        "headers.reply_to" => list(&headers.reply_to),
        "sender.email.email" => json!(sender.map(|it| &it.email.email)),
        "sender.email.local_part" => json!(sender.map(|it| &it.email.local_part)),
        "sender.email.domain.domain" => json!(sender.map(|it| &it.email.domain.domain)),
        "sender.email.domain.root_domain" => json!(sender.map(|it| &it.email.domain.root_domain)),
        "sender.email.domain.sld" => json!(sender.map(|it| &it.email.domain.sld)),
        "sender.email.domain.tld" => json!(sender.map(|it| &it.email.domain.tld)),
        "sender.display_name" => json!(sender.map(|it| &it.display_name)),
        "headers.message_id" => json!(headers.message_id),
        "headers.in_reply_to" => json!(headers.in_reply_to),
        "headers.references" => json!(headers.references),
        "headers.return_path" => address(&headers.return_path),
        "headers.delivered_to" => address(&headers.delivered_to),
        "headers.date" => json!(headers.date),
        "headers.date_original_offset" => json!(headers.date_original_offset),
        "headers.hops.count" => json!(headers.hops.len()),
        "headers.hops.fields" => hop_fields(message),
        "headers.auth_summary.spf.pass" => json!(spf.map(|it| it.pass)),
        "headers.auth_summary.spf.error" => json!(spf.map(|it| it.error)),
        "headers.auth_summary.spf.received_hop" => json!(spf.map(|it| it.received_hop)),
        "headers.auth_summary.dmarc.pass" => json!(dmarc.map(|it| it.pass)),
        "headers.auth_summary.dmarc.error" => json!(dmarc.map(|it| it.error)),
        "headers.auth_summary.dmarc.received_hop" => json!(dmarc.map(|it| it.received_hop)),
        "body.plain.raw" => json!(message.body.plain.as_ref().map(|it| &it.raw)),
        "body.plain.charset" => json!(message.body.plain.as_ref().map(|it| &it.charset)),
        "body.plain.content_transfer_encoding" => json!(message.body.plain.as_ref().map(|it| &it.content_transfer_encoding)),
        "body.html.raw" => json!(message.body.html.as_ref().map(|it| &it.raw)),
        "body.html.charset" => json!(message.body.html.as_ref().map(|it| &it.charset)),
        "body.html.content_transfer_encoding" => json!(message.body.html.as_ref().map(|it| &it.content_transfer_encoding)),
        "body.links" => links(message),
        "attachments" => attachments(message),
        _ => json!("UNKNOWN FIELD"),
    }
}

fn hop_fields(message: &Message) -> Json {
    let mut out = Vec::new();
    for hop in &message.headers.hops {
        for field in &hop.fields {
            let hash = Sha256::digest(squeeze(&field.value));
            out.push(format!("{}:{}:{:02x}{:02x}{:02x}", hop.index, field.name, hash[0], hash[1], hash[2]));
        }
    }
    json!(out)
}

fn links(message: &Message) -> Json {
    let links = message.body.links().iter().filter(|link| link.parser == Some("hyperlink"));
    let roots = links.filter_map(|link| link.href_url.as_ref()?.domain.as_ref()?.root_domain.clone());
    json!(roots.collect::<std::collections::BTreeSet<_>>())
}

fn attachments(message: &Message) -> Json {
    let list = message.attachments.iter().map(|it| {
        json!({
            "content_type": it.content_type, "file_name": it.file_name, "content_id": it.content_id, "file_type": it.file_type,
            "content_disposition": it.content_disposition, "content_transfer_encoding": it.content_transfer_encoding,
            "file_extension": it.file_extension, "size": it.size, "md5": it.md5(), "sha1": it.sha1(), "sha256": it.sha256(),
        })
    });
    Json::Array(list.collect())
}

/// Runs of white space as one blank.
fn squeeze(text: &str) -> String {
    let mut out = String::new();
    let mut blank = false;
    for c in text.chars() {
        if c.is_whitespace() {
            blank = true;
            continue;
        }
        if blank && !out.is_empty() {
            out.push(' ');
        }
        blank = false;
        out.push(c);
    }
    out
}

fn squeezed(value: &Json) -> Json {
    value.as_str().map_or_else(|| value.clone(), |text| json!(squeeze(text)))
}

fn agree(field: &str, expected: &Json, found: &Json) -> bool {
    match field {
        "subject.subject" | "headers.message_id" | "headers.in_reply_to" => squeezed(expected) == squeezed(found),
        "sender.display_name" => expected.as_str().unwrap_or_default() == found.as_str().unwrap_or_default(),
        "headers.hops.fields" => hops_agree(expected, found),
        "body.plain.raw" | "body.html.raw" => text_agrees(expected, found),
        "body.links" => links_agree(expected, found),
        "attachments" => {
            let (Some(expected), Some(found)) = (expected.as_array(), found.as_array()) else { return false };
            expected.len() == found.len() && expected.iter().zip(found).all(|(expected, found)| attachment_agrees(expected, found))
        }
        "headers.date" => expected == found || (expected.as_str().is_some() && instant(expected) == instant(found)),
        _ => expected == found,
    }
}

fn instant(value: &Json) -> Option<i64> {
    Some(chrono::DateTime::parse_from_rfc3339(value.as_str()?).ok()?.timestamp())
}

fn hops_agree(expected: &Json, found: &Json) -> bool {
    let (Some(expected), Some(found)) = (expected.as_array(), found.as_array()) else { return false };
    expected.len() == found.len()
        && expected.iter().zip(found).all(|(expected, found)| {
            let (expected, found) = (expected.as_str().unwrap_or_default(), found.as_str().unwrap_or_default());
            match expected.strip_suffix(":*") {
                Some(head) => found.rsplit_once(':').is_some_and(|(found, _)| found == head),
                None => expected == found,
            }
        })
}

fn text_agrees(expected: &Json, found: &Json) -> bool {
    let Some(text) = found.as_str() else { return expected.is_null() };
    let lines = text.replace("\r\n", "\n");
    // Some expectations also took a carriage return that stands alone for a line end; the README does not say so.
    let alone = lines.replace('\r', "\n");
    [lines, alone].iter().any(|text| {
        let hash = Sha256::digest(text.trim_end_matches('\n'));
        let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        expected["sha256"].as_array().is_some_and(|hashes| hashes.iter().any(|it| it.as_str() == Some(&hex)))
    })
}

fn links_agree(expected: &Json, found: &Json) -> bool {
    let set = |value: &Json| value.as_array().into_iter().flatten().filter_map(|it| it.as_str().map(str::to_owned)).collect::<Vec<_>>();
    let (must, may, found) = (set(&expected["must"]), set(&expected["may"]), set(found));
    must.iter().all(|it| found.contains(it))
        && (expected["exact"] != json!(true) || found.iter().all(|it| must.contains(it) || may.contains(it)))
}

fn attachment_agrees(expected: &Json, found: &Json) -> bool {
    expected.as_object().into_iter().flatten().all(|(key, expected)| match expected {
        Json::Array(alternatives) => alternatives.contains(&found[key]),
        _ => squeezed(expected) == squeezed(&found[key]),
    })
}
