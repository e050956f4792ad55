//! The hops of a model of 2021 in the grouping of today: then a Received or X-Received line opened a hop, now a Received line closes one.

use serde_json::{Value as Json, json};

/// Why the groups differ.
pub(super) const WHY: &str = "§9.1: a Received line closes a hop and X-Received is an ordinary field; each verdict moves with its header";

/// What a hop says, and the header fields it may come from.
const PARTS: [(&str, &[&str]); 4] = [
    ("received", &["received", "x-received"]),
    ("authentication_results", &["authentication-results", "arc-authentication-results"]),
    ("received_spf", &["received-spf"]),
    ("signature", &["dkim-signature", "arc-message-signature"]),
];

/// Regroups the hops in place.
///
/// # Errors
/// When the old hops are not grouped as mdm.md says they were, or when two of their parts would fall into one place.
pub(super) fn hops(hops: &mut Json) -> Result<(), String> {
    let old = std::mem::take(hops);
    let old = old.as_array().ok_or("no list")?;
    let mut new = vec![json!({"index": 0, "fields": []})];
    let mut closed = false;
    for (idx, field) in old.iter().flat_map(|hop| hop["fields"].as_array().into_iter().flatten()).enumerate() {
        if field["position"] != json!(idx) {
            return Err(format!("position {} stands at {idx}", field["position"]));
        }
        if closed {
            new.push(json!({"index": new.len(), "fields": []}));
        }
        closed = name(field) == "received";
        if let Some(fields) = new.last_mut().and_then(|hop| hop["fields"].as_array_mut()) {
            fields.push(field.clone());
        }
    }
    for hop in old {
        move_parts(hop, &mut new)?;
    }
    new.iter_mut().for_each(fill_received);
    *hops = Json::Array(new);
    Ok(())
}

/// Moves what an old hop says to the new hop that holds the header it comes from.
fn move_parts(old: &Json, new: &mut [Json]) -> Result<(), String> {
    let fields = old["fields"].as_array().ok_or("a hop without fields")?;
    let opens = fields.iter().position(|field| matches!(name(field).as_str(), "received" | "x-received"));
    if opens.is_some_and(|place| place > 0) || (opens.is_none() && old["index"] != json!(0)) {
        return Err(format!("hop {} is not opened by a Received line", old["index"]));
    }
    for (part, sources) in PARTS {
        if old[part].is_null() {
            continue;
        }
        // Several fields can be the source of one part (a DKIM-Signature above an X-Google one); each old hop here has one of those named.
        let source = fields.iter().find(|field| sources.contains(&name(field).as_str())).ok_or(format!("no header for {part}"))?;
        if part == "received" && old[part] != source["value"] {
            return Err(format!("received of hop {} is not its header", old["index"]));
        }
        if name(source) == "x-received" {
            continue; // an ordinary field now; its value is compared as one
        }
        let hop = new.iter_mut().find(|hop| hop["fields"].as_array().is_some_and(|fields| fields.contains(source)));
        let place = &mut hop.ok_or("a field was lost")?[part];
        if !place.is_null() {
            return Err(format!("two {part} in one hop"));
        }
        *place = old[part].clone();
    }
    Ok(())
}

/// One of the two models has no `received`; in the other it is the text of the line, so that is what it would have been.
fn fill_received(hop: &mut Json) {
    let line = hop["fields"].as_array().and_then(|fields| fields.last()).filter(|field| name(field) == "received");
    if let (Some(line), true) = (line.map(|field| field["value"].clone()), hop["received"].is_null()) {
        hop["received"] = line;
    }
}

fn name(field: &Json) -> String {
    field["name"].as_str().unwrap_or_default().to_ascii_lowercase()
}
