//! Messages as mail programs write them, with the cut that each must get.
//!
//! `cases/NAME.eml` is the message, `cases/NAME.json` beside it what a reader would say of it: the new text, and of each quoted message its
//! text, the first of its header lines, author, addressees, subject, date and web links. Names, texts and addresses are made up; wording and
//! markup are those of the programs. Blank lines, and which kind of blank stands between words, do not count.

use mailhound_message::model::{Banner, PreviousThread, Thread};
use mailhound_message::{Message, Options, parse};
use mailhound_objects::{Link, Mailbox};
use serde_json::{Value as Json, json};
use std::fs;
use std::path::{Path, PathBuf};

/// The project's own cases; the count only rises.
const MIN_CASES: usize = 297;

#[test]
fn every_case_is_cut_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/threads/cases");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).expect("the cases").map(|entry| entry.expect("a case").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|kind| kind == "eml"));
    paths.sort();
    let differences: Vec<String> = paths.iter().flat_map(|path| differences(path)).collect();
    assert!(paths.len() >= MIN_CASES, "only {} cases", paths.len());
    let wrong = differences.len();
    assert!(differences.is_empty(), "{wrong} differences in {} cases:\n{}", paths.len(), differences.join("\n"));
}

fn differences(path: &Path) -> Vec<String> {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let expected: Json = serde_json::from_slice(&fs::read(path.with_extension("json")).expect("an expectation")).expect("JSON");
    let message = parse(&fs::read(path).expect("a message"), &Options::default());
    let mut differences = Vec::new();
    compare(&expected, &found(&message), "", &mut differences);
    differences.into_iter().map(|difference| format!("{name}{difference}")).collect()
}

/// What is wanted, compared with what there is, key by key; `shows` explains the case.
fn compare(expected: &Json, found: &Json, place: &str, out: &mut Vec<String>) {
    match (expected, found) {
        (Json::Object(keys), Json::Object(_)) => {
            for (key, expected) in keys.iter().filter(|(key, _)| *key != "shows") {
                compare(expected, &found[key], &format!("{place}.{key}"), out);
            }
        }
        (Json::Array(list), Json::Array(other)) if place.ends_with(".previous") && list.len() == other.len() => {
            for (idx, (expected, found)) in list.iter().zip(other).enumerate() {
                compare(expected, found, &format!("{place}[{idx}]"), out);
            }
        }
        _ if expected == found => {}
        _ => out.push(format!(" {place}\n    wanted {expected}\n    found  {found}")),
    }
}

fn found(message: &Message) -> Json {
    let current = message.body.current_thread().expect("a body within the limits");
    let previous = message.body.previous_threads().expect("a body within the limits");
    json!({ "current": current_thread(current), "previous": previous.iter().map(previous_thread).collect::<Vec<_>>() })
}

fn current_thread(thread: &Thread) -> Json {
    json!({
        "text": lines(thread.text.as_deref().unwrap_or_default()),
        "preamble": thread.preamble.as_deref().map(lines),
        "banners": banners(&thread.banners),
        "links": links(&thread.links),
    })
}

fn previous_thread(thread: &PreviousThread) -> Json {
    let recipients = thread.recipients.as_ref();
    let list = |list: Option<&[Mailbox]>| list.unwrap_or_default().iter().map(mailbox).collect::<Vec<_>>();
    json!({
        "text": lines(thread.text.as_deref().unwrap_or_default()),
        "preamble_first": thread.preamble.as_deref().and_then(|text| lines(text).into_iter().next()),
        "sender": thread.sender.as_ref().map(mailbox),
        "to": list(recipients.map(|all| all.to.items.as_slice())),
        "cc": list(recipients.map(|all| all.cc.items.as_slice())),
        "subject": thread.subject.as_ref().and_then(|subject| subject.subject.clone()),
        "date": thread.date,
        "links": links(&thread.links),
        "banners": banners(&thread.banners),
    })
}

fn mailbox(mailbox: &Mailbox) -> Json {
    json!([mailbox.display_name.clone().unwrap_or_default(), mailbox.email.email])
}

fn banners(banners: &[Banner]) -> Vec<String> {
    banners.iter().map(|banner| lines(&banner.text).join(" ")).collect()
}

/// Targets of web links; those of addresses stand in `sender` and `to`.
fn links(links: &[std::sync::Arc<Link>]) -> Vec<&str> {
    let urls = links.iter().filter_map(|link| link.href_url.as_ref());
    urls.filter(|url| matches!(url.scheme.as_deref(), Some("http" | "https"))).map(|url| url.url.as_str()).collect()
}

/// Lines that are not blank, with single blanks between words and without marks that have no width.
fn lines(text: &str) -> Vec<String> {
    let line = |line: &str| line.replace('\u{feff}', "").split_whitespace().collect::<Vec<_>>().join(" ");
    text.lines().map(line).filter(|line| !line.is_empty()).collect()
}
