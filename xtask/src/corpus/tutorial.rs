//! The two tutorial messages against the models that were published for them in 2021, field by field, and against the worked example of
//! mdm.md §16.
//!
//! The old hops are regrouped first ([`regroup`]). Then every field is equal, or a named rule of [`drift`] says what has changed since and
//! compares what can still be compared. Fields that are new must be named there too. Anything else fails.

mod drift;
mod regroup;

use super::Outcome;
use anyhow::{Context, Result};
use drift::{ADDED, CHANGED};
use mailhound_message::{Options, parse};
use mailhound_value::{ToValue, to_json};
use serde_json::Value as Json;
use std::path::Path;

/// The messages; the model stands beside each.
const MESSAGES: [&str; 2] = ["2-write/impersonation", "3-write/office365_covid_phish"];

/// What the comparison found.
#[derive(Default)]
pub(super) struct Findings {
    equal: usize,
    /// Differences that a rule explains.
    explained: Vec<String>,
    /// Differences that none does.
    wrong: Vec<String>,
}

/// Runs the checks.
pub fn check(shared: &Path) -> Result<Vec<Outcome>> {
    let folder = shared.join("corpus/rules/sublime/tutorial-files");
    let mut found = Findings::default();
    for name in MESSAGES {
        let published: Json = serde_json::from_slice(&std::fs::read(folder.join(format!("{name}.mdm")))?)?;
        let message = std::fs::read(folder.join(format!("{name}.eml")))?;
        published_model(name.rsplit('/').next().unwrap_or(name), &message, published, &mut found)?;
    }
    let line = format!(
        "{} values as published in 2021, {} that changed since by a rule, {} other",
        found.equal,
        found.explained.len(),
        found.wrong.len()
    );
    let published = Outcome { line, holds: found.wrong.is_empty(), details: found.wrong.into_iter().chain(found.explained).collect() };
    Ok(vec![published, worked_example(shared)?])
}

fn published_model(name: &str, message: &[u8], mut published: Json, found: &mut Findings) -> Result<()> {
    let created = published["_meta"]["created_at"].as_str().context("a model without its time")?;
    // The only input besides the message: when the model was made.
    let now = drift::instant(created).with_context(|| format!("{name}: the time {created}"))?;
    let ours = model(message, Some(now));
    if let Err(reason) = regroup::hops(&mut published["headers"]["hops"]) {
        found.wrong.push(format!("{name} headers.hops: {reason}"));
    }
    found.explained.push(format!("{name} headers.hops: regrouped, {}", regroup::WHY));
    compare(name, &published, &ours, &mut Place::default(), found);
    Ok(())
}

/// Our model, as `mailhound mdm` prints it.
fn model(message: &[u8], now: Option<chrono::DateTime<chrono::Utc>>) -> Json {
    to_json(parse(message, &Options { now, ..Options::default() }).to_value(), &mut Vec::new())
}

/// Where the walk is: `headers.hops.3.index`, and the same with `[]` for every index, by which rules are found.
#[derive(Clone, Default)]
struct Place {
    path: String,
    pattern: String,
}

impl Place {
    fn below(&self, step: &str, pattern: &str) -> Place {
        let join = |path: &str, step: &str| if path.is_empty() { step.to_owned() } else { format!("{path}.{step}") };
        Place { path: join(&self.path, step), pattern: join(&self.pattern, pattern) }
    }
}

fn compare(name: &str, old: &Json, ours: &Json, place: &mut Place, found: &mut Findings) {
    if is_absent(old) && is_absent(ours) {
        return;
    }
    let differs = old != ours && !old.is_null() && !(old.is_object() && ours.is_object());
    if let Some(rule) = CHANGED.iter().find(|rule| differs && drift::matches(rule.path, &place.pattern)) {
        let line = format!("{name} {}: {} became {}, {}", place.path, short(old), short(ours), rule.why);
        let list = if (rule.holds)(old, ours) { &mut found.explained } else { &mut found.wrong };
        return list.push(line);
    }
    match (old, ours) {
        (Json::Object(old), Json::Object(ours)) => {
            let added = ours.keys().filter(|key| !old.contains_key(*key));
            for key in old.keys().chain(added) {
                let (old, ours) = (old.get(key).unwrap_or(&Json::Null), ours.get(key).unwrap_or(&Json::Null));
                compare(name, old, ours, &mut place.below(key, key), found);
            }
        }
        (Json::Array(old), Json::Array(ours)) => {
            for idx in 0..old.len().max(ours.len()) {
                let (old, ours) = (old.get(idx).unwrap_or(&Json::Null), ours.get(idx).unwrap_or(&Json::Null));
                compare(name, old, ours, &mut place.below(&idx.to_string(), "[]"), found);
            }
        }
        (Json::Null, ours) => match ADDED.iter().find(|rule| drift::matches(rule.path, &place.pattern)) {
            Some(rule) if (rule.holds)(ours) => found.explained.push(format!("{name} {}: new {}, {}", place.path, short(ours), rule.why)),
            _ => found.wrong.push(format!("{name} {}: new {}", place.path, short(ours))),
        },
        (old, ours) if old == ours => found.equal += 1,
        (old, ours) => found.wrong.push(format!("{name} {}: published {}, ours {}", place.path, short(old), short(ours))),
    }
}

/// Null, or a list without items: vendor JSON leaves both out (mdm.md §1).
fn is_absent(value: &Json) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

fn short(value: &Json) -> String {
    value.to_string().chars().take(120).collect()
}

/// The model of the first message in the present shape, abridged, as mdm.md §16 shows it: all that stands there is ours.
fn worked_example(shared: &Path) -> Result<Outcome> {
    let reference = std::fs::read_to_string(shared.join("reference/mdm.md"))?;
    let section = reference.split("\n## ").find(|section| section.starts_with("16.")).context("mdm.md has no section 16")?;
    let example = section.split("```json\n").nth(1).and_then(|rest| rest.split("\n```").next()).context("section 16 has no example")?;
    let example: Json = serde_json::from_str(example)?;
    let message = std::fs::read(shared.join("corpus/rules/sublime/tutorial-files").join(format!("{}.eml", MESSAGES[0])))?;
    let (mut equal, mut wrong) = (0, Vec::new());
    agrees(&example, &model(&message, None), "", &mut equal, &mut wrong);
    Ok(Outcome::of(format!("{equal} values of the worked example, {} differ", wrong.len()), wrong))
}

/// Everything in the example is in the model; `...` in a text stands for what the example leaves out.
fn agrees(example: &Json, ours: &Json, path: &str, equal: &mut usize, wrong: &mut Vec<String>) {
    match (example, ours) {
        (Json::Object(example), ours) => {
            example.iter().for_each(|(key, value)| agrees(value, &ours[key], &format!("{path}.{key}"), equal, wrong));
        }
        // `fields` stands for "positions 0-14".
        (Json::Array(example), Json::Array(ours)) if path.ends_with(".fields") && example.first().is_some_and(Json::is_string) => {
            let ends =
                [ours.first(), ours.last()].map(|field| field.map_or(0, |field| field["position"].as_i64().unwrap_or(-1)).to_string());
            let wanted = example[0].as_str().unwrap_or_default().trim_start_matches("... positions ");
            tally(wanted == ends.join("-"), path, &example[0], &Json::from(ends.join("-")), equal, wrong);
        }
        (Json::Array(example), Json::Array(ours)) => {
            tally(example.len() == ours.len(), path, &Json::from(example.len()), &Json::from(ours.len()), equal, wrong);
            let pairs = example.iter().zip(ours).enumerate();
            pairs.for_each(|(idx, (example, ours))| agrees(example, ours, &format!("{path}.{idx}"), equal, wrong));
        }
        (Json::String(text), Json::String(ours_text)) if text.contains("...") => {
            let (head, tail) = text.split_once("...").unwrap_or((text, ""));
            tally(ours_text.starts_with(head) && ours_text.ends_with(tail), path, example, ours, equal, wrong);
        }
        _ => tally(example == ours, path, example, ours, equal, wrong),
    }
}

fn tally(is_equal: bool, path: &str, example: &Json, ours: &Json, equal: &mut usize, wrong: &mut Vec<String>) {
    match is_equal {
        true => *equal += 1,
        false => wrong.push(format!("example {}: {}, ours {}", path.trim_start_matches('.'), short(example), short(ours))),
    }
}
