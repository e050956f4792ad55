//! The expectations of mail-parser's tests: a message as the library serialises it, once with line feeds (`000.json`) and once with carriage
//! returns and line feeds (`000.crlf.json`), and tables of single header values.

use super::Case;
use super::expected::{Address, Content, Expected, Node};
use anyhow::{Context, Result};
use serde_json::Value as Json;
use std::path::Path;

/// All cases.
pub fn cases(folder: &Path) -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    for path in super::files(&folder.join("eml")).into_iter().filter(|path| path.extension().is_some_and(|it| it == "eml")) {
        let raw = std::fs::read(&path)?;
        let name = path.strip_prefix(folder)?.with_extension("").display().to_string();
        let bare: Vec<u8> = raw.iter().copied().filter(|&byte| byte != b'\r').collect();
        for (suffix, bytes) in [("json", bare), ("crlf.json", with_carriage_returns(&raw))] {
            let json: Json = serde_json::from_slice(&std::fs::read(path.with_extension(suffix))?)?;
            cases.push(Case { name: format!("{name}.{suffix}"), bytes, expected: message(&json)? });
        }
    }
    Ok(cases)
}

/// A carriage return before each line feed that has none.
fn with_carriage_returns(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for &byte in bytes {
        if byte == b'\n' && out.last() != Some(&b'\r') {
            out.push(b'\r');
        }
        out.push(byte);
    }
    out
}

fn message(json: &Json) -> Result<Expected> {
    let parts = json["parts"].as_array().context("a message without parts")?;
    let headers = parts.first().context("a message without a root")?["headers"].as_array().context("no headers")?;
    let named = |name: &'static str| headers.iter().filter(move |header| header["name"] == name).map(|header| &header["value"]);
    let mailboxes = ["from", "to", "cc", "bcc", "reply_to"].map(|name| (name, named(name).flat_map(mailboxes).collect()));
    Ok(Expected {
        subject: Some(named("subject").next().and_then(|value| value["Text"].as_str()).unwrap_or_default().to_owned()),
        mailboxes: mailboxes.into(),
        date: Some(named("date").next().and_then(|value| instant(&value["DateTime"]))),
        fields: None,
        root: Some(node(parts, 0, "text/plain")?),
    })
}

/// The mailboxes of an address header. The model has no groups: it holds their members, and an empty group as a mailbox with its name.
pub fn mailboxes(value: &Json) -> Vec<Address> {
    let address = |json: &Json| Address {
        name: json["name"].as_str().unwrap_or_default().to_owned(),
        email: json["address"].as_str().unwrap_or_default().to_owned(),
    };
    let mut out: Vec<_> = value["Address"]["List"].as_array().into_iter().flatten().map(address).collect();
    for group in value["Address"]["Group"].as_array().into_iter().flatten() {
        let members = group["addresses"].as_array().into_iter().flatten();
        let before = out.len();
        out.extend(members.map(address));
        if out.len() == before {
            out.extend(group["name"].as_str().map(|name| Address { name: name.to_owned(), email: String::new() }));
        }
    }
    out
}

/// Seconds since 1970; `None` for a date that is none.
pub fn instant(date: &Json) -> Option<i64> {
    let number = |key: &str| u32::try_from(date[key].as_u64()?).ok();
    let day = chrono::NaiveDate::from_ymd_opt(i32::try_from(number("year")?).ok()?, number("month")?, number("day")?)?;
    let time = day.and_hms_opt(number("hour")?, number("minute")?, number("second")?)?;
    let offset = i64::from(number("tz_hour")? * 3600 + number("tz_minute")? * 60);
    Some(time.and_utc().timestamp() + if date["tz_before_gmt"] == true { offset } else { -offset })
}

fn node(parts: &[Json], idx: usize, default: &str) -> Result<Node> {
    let part = parts.get(idx).context("a part that is not there")?;
    let headers = part["headers"].as_array().context("no headers")?;
    let typed =
        |name: &str| headers.iter().find(|header| header["name"] == name).map_or(&Json::Null, |header| &header["value"]["ContentType"]);
    let (content_type, disposition) = (typed("content_type"), typed("content_disposition"));
    let mut media = match (content_type["c_type"].as_str(), content_type["c_subtype"].as_str()) {
        (Some(kind), Some(subtype)) => format!("{kind}/{subtype}").to_lowercase(),
        (Some(kind), None) => kind.to_lowercase(),
        (None, _) => default.to_owned(), // RFC 2045 §5.2, RFC 2046 §5.1.5
    };
    let file_name = attribute(disposition, "filename").or_else(|| attribute(content_type, "name")).filter(|name| !name.trim().is_empty());
    let is_attachment = disposition["c_type"].as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("attachment"));
    let default = if media == "multipart/digest" { "message/rfc822" } else { "text/plain" };
    let (variant, body) = part["body"].as_object().and_then(|body| body.iter().next()).context("a part without a body")?;
    let content = match variant.as_str() {
        // The library gives up on base64 with other bytes in it and hands over the encoded text; the model leaves those bytes out.
        "Text" if part["is_encoding_problem"] == true && is_base64(headers) => Content::Bytes(base64(body.as_str().context("no text")?)),
        "Text" | "Html" => Content::Text(body.as_str().context("no text")?.to_owned()),
        "Binary" | "InlineBinary" => Content::Bytes(body.as_array().context("no bytes")?.iter().filter_map(byte).collect()),
        "Message" => Content::Message(Box::new(message(body)?)),
        _ => Content::Parts(body.as_array().context("no parts")?.iter().map(|at| child(parts, at, idx, default)).collect::<Result<_>>()?),
    };
    if variant == "Text" && media.starts_with("multipart/") {
        media = "text/plain".to_owned(); // a multipart without parts: the library reads it as text, too, and leaves its media type
    }
    let charset = attribute(content_type, "charset");
    Ok(Node { media, charset, is_file: is_attachment || file_name.is_some(), file_name, content })
}

/// A part of a multipart; parts stand behind the multipart that holds them.
fn child(parts: &[Json], at: &Json, parent: usize, default: &str) -> Result<Node> {
    let at = at.as_u64().and_then(|at| usize::try_from(at).ok()).filter(|&at| at > parent).context("a part before its multipart")?;
    node(parts, at, default)
}

fn is_base64(headers: &[Json]) -> bool {
    let encoding = headers.iter().find(|header| header["name"] == "content_transfer_encoding");
    encoding.is_some_and(|header| header["value"]["Text"].as_str().is_some_and(|name| name.eq_ignore_ascii_case("base64")))
}

/// base64 as mdm.md §2.2 wants it read: what is not in the alphabet is left out.
fn base64(text: &str) -> Vec<u8> {
    let digits = text.bytes().take_while(|&byte| byte != b'=').filter(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(byte));
    let mut bits = digits.map(|digit| match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        _ => 63,
    });
    let mut out = Vec::new();
    while let Some(first) = bits.next() {
        let group: Vec<u32> = std::iter::once(first).chain(bits.by_ref().take(3)).map(u32::from).collect();
        let joined = (0..4).fold(0, |joined, at| joined << 6 | group.get(at).copied().unwrap_or(0));
        out.extend(joined.to_be_bytes().get(1..group.len()).unwrap_or_default());
    }
    out
}

fn byte(value: &Json) -> Option<u8> {
    u8::try_from(value.as_u64()?).ok()
}

fn attribute(header: &Json, name: &str) -> Option<String> {
    let mut attributes = header["attributes"].as_array().into_iter().flatten();
    Some(attributes.find(|attribute| attribute["name"] == name)?["value"].as_str()?.to_owned())
}
