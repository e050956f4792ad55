//! Outlook messages against the MIME form that their publisher ships, and TNEF against the files that went into it.

use super::{Outcome, files};
use anyhow::Result;
use mailhound_message::{Attachment, Message, Options, parse, tnef_to_eml};
use mailhound_value::Limits;
use std::collections::HashMap;
use std::path::Path;

/// `.msg` files with an `.eml` beside them.
const PAIRS: usize = 4;

/// TNEF streams, and those of their files that the corpus holds by themselves.
const STREAMS: usize = 12;
const COMPANIONS: usize = 5;

/// Runs the checks.
pub fn check(shared: &Path) -> Result<Vec<Outcome>> {
    Ok(vec![pairs(shared)?, streams(shared)?])
}

fn pairs(shared: &Path) -> Result<Outcome> {
    let (mut count, mut compared, mut wrong) = (0, 0, Vec::new());
    for path in files(&shared.join("corpus/eml/torture/email-outlook-message")) {
        let eml = path.with_extension("eml");
        if path.extension().is_none_or(|extension| extension != "msg") || !eml.is_file() {
            continue;
        }
        count += 1;
        let read = |path: &Path| Ok::<_, anyhow::Error>(seen(&parse(&std::fs::read(path)?, &Options::default())));
        let (ours, theirs) = (read(&path)?, read(&eml)?);
        // Of a draft their program gives the time of the file and no sender.
        let is_draft = theirs.iter().any(|value| value == "id None");
        for (ours, theirs) in ours.into_iter().zip(theirs) {
            if is_draft && (ours.starts_with("from ") || ours.starts_with("date ")) {
                continue;
            }
            compared += 1;
            if ours != theirs {
                wrong.push(format!("{}: {ours} but {theirs}", path.display()));
            }
        }
    }
    if count < PAIRS {
        wrong.push(format!("only {count} pairs"));
    }
    Ok(Outcome::of(format!("{count} .msg files agree with their .eml in {compared} values"), wrong))
}

/// What a reader sees of a message, white space apart. RTF that the other program attaches is the same text once more.
fn seen(message: &Message) -> Vec<String> {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let people = |list: &[mailhound_objects::Mailbox]| list.iter().map(|it| it.email.email.clone()).collect::<Vec<_>>().join(", ");
    let is_file = |file: &&Attachment| file.content_type.as_deref() != Some("application/rtf");
    let attached = message.attachments.iter().filter(is_file);
    vec![
        format!("subject {:?}", message.subject.subject),
        format!("from {:?}", message.headers.from.as_ref().map(|it| (&it.display_name, &it.email.email))),
        format!("to {} cc {}", people(&message.recipients.to), people(&message.recipients.cc)),
        format!("date {:?}", message.headers.date),
        format!("id {:?}", message.headers.message_id),
        format!("plain {:?}", message.body.plain.as_ref().map(|text| words(&text.raw))),
        format!("html {:?}", message.body.html.as_ref().map(|text| words(&text.raw))),
        format!("files {:?}", attached.map(|file| (file.file_name.clone(), file.sha256().clone())).collect::<Vec<_>>()),
    ]
}

fn streams(shared: &Path) -> Result<Outcome> {
    let folder = shared.join("corpus/files");
    let is_companion = |path: &&std::path::PathBuf| path.components().any(|part| part.as_os_str() == "ytnef");
    let all = files(&folder);
    let known: HashMap<String, Vec<u8>> = all
        .iter()
        .filter(is_companion)
        .filter_map(|path| Some((path.file_name()?.to_str()?.to_owned(), std::fs::read(path).ok()?)))
        .collect();
    let (mut count, mut found, mut same, mut wrong) = (0, 0, 0, Vec::new());
    for path in all.iter().filter(|path| path.starts_with(folder.join("tnef"))) {
        let Some((eml, errors)) = tnef_to_eml(&std::fs::read(path)?, &Limits::default()) else { continue };
        count += 1;
        wrong.extend(errors.iter().map(|error| format!("{}: {}", path.display(), error.message)));
        for file in parse(&eml, &Options::default()).attachments.iter() {
            found += 1;
            let Some(bytes) = file.file_name.as_ref().and_then(|name| known.get(name)) else { continue };
            match bytes == file.bytes() {
                true => same += 1,
                false => wrong.push(format!("{}: {:?} has other bytes", path.display(), file.file_name)),
            }
        }
    }
    if (count, same) < (STREAMS, COMPANIONS) {
        wrong.push(format!("only {count} streams and {same} known files"));
    }
    Ok(Outcome::of(format!("{count} TNEF streams with {found} files; {same} of them known by themselves, and equal"), wrong))
}
