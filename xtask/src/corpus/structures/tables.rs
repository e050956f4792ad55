//! mail-parser's tables of single header values: addresses, dates, unstructured text, media types. Each value is put into a message.

use super::Case;
use super::expected::{Content, Expected, Node};
use super::stalwart::{instant, mailboxes};
use anyhow::{Context, Result};
use serde_json::{Value as Json, json};
use std::path::Path;

/// All cases.
pub fn cases(folder: &Path) -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    for (table, read) in TABLES {
        let json: Json = serde_json::from_slice(&std::fs::read(folder.join(table))?)?;
        for (idx, entry) in json.as_array().context("no table")?.iter().enumerate() {
            let header = entry["header"].as_str().context("no header")?;
            let case = read(header, &entry["expected"]);
            cases.extend(case.map(|(bytes, expected)| Case { name: format!("{table} {idx}"), bytes: bytes.into_bytes(), expected }));
        }
    }
    Ok(cases)
}

/// Makes the message of a header value and its expectation; `None` when the model has nothing to compare it with.
type Read = fn(&str, &Json) -> Option<(String, Expected)>;

const TABLES: [(&str, Read); 4] =
    [("address.json", address), ("date.json", date), ("unstructured.json", unstructured), ("content_type.json", content_type)];

/// Values of the List fields (RFC 2369), which are URLs, are left out: the model does not have these fields.
fn address(header: &str, expected: &Json) -> Option<(String, Expected)> {
    let is_list_field = header.contains("mailto:") || header.contains("://") || header.starts_with("NO (");
    let expected = Expected { mailboxes: vec![("to", mailboxes(&json!({ "Address": expected })))], ..Expected::default() };
    (!is_list_field).then(|| (format!("To: {header}\n\n"), expected))
}

fn date(header: &str, expected: &Json) -> Option<(String, Expected)> {
    Some((format!("Date: {header}\n\n"), Expected { date: Some(instant(expected)), ..Expected::default() }))
}

fn unstructured(header: &str, expected: &Json) -> Option<(String, Expected)> {
    let subject = expected.as_str().map(str::to_owned);
    Some((format!("Subject: {header}\n\n"), Expected { subject, ..Expected::default() }))
}

/// Only type/subtype is a media type; the other values stand for dispositions or for nothing. A multipart gets a part, which is found when
/// its boundary is read as expected.
fn content_type(header: &str, expected: &Json) -> Option<(String, Expected)> {
    let media = format!("{}/{}", expected["c_type"].as_str()?, expected["c_subtype"].as_str()?).to_lowercase();
    let attribute = |name: &str| expected["attributes"].as_array()?.iter().find(|pair| pair[0] == name)?[1].as_str();
    let header = header.trim_end();
    let mut root = Node { media, file_name: attribute("name").map(str::to_owned), ..Node::default() };
    let body = match attribute("boundary") {
        Some(boundary) => {
            root.content = Content::Parts(vec![Node { media: "text/plain".to_owned(), ..Node::default() }]);
            format!("--{boundary}\n\nx\n--{boundary}--\n")
        }
        None => String::new(),
    };
    root.is_file = root.file_name.is_some();
    Some((format!("Content-Type: {header}\n\n{body}"), Expected { root: Some(root), ..Expected::default() }))
}
