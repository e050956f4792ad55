//! Messages from disk and standard input, one after the other, so that only the messages at work are in memory.

use anyhow::Result;
use mailhound_message::{is_message, mbox};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// A message and where it came from.
pub struct Input {
    /// The path as it was given, joined with the rest inside a folder; ` > N` for the N-th message of an mbox; `-` for standard input.
    pub source: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Something that could not be read.
pub struct Unread {
    /// Where.
    pub source: String,
    /// What is wrong and what to do.
    pub reason: String,
}

/// Bytes at the start of a file by which it is recognised.
const HEAD: usize = 16 << 10;

/// Bytes of one message that are held; the model reads fewer (`message.bytes`).
const MAX_MESSAGE: usize = 512 << 20;

/// Hands every message of the inputs to `take`, in order. What cannot be read is handed over too, and the walk goes on.
///
/// # Errors
/// Those of `take`, which end the walk.
pub fn each(paths: &[PathBuf], mut take: impl FnMut(Result<Input, Unread>) -> Result<()>) -> Result<()> {
    for path in paths {
        if path.as_os_str() == "-" {
            stream("-", &mut BufReader::new(io::stdin().lock()), &mut take)?;
        } else if path.is_dir() {
            folder(path, &mut take)?;
        } else {
            file(path, &mut take)?;
        }
    }
    Ok(())
}

/// A rough number of messages, for the progress bar; mailboxes count as one.
pub fn estimate(paths: &[PathBuf]) -> usize {
    let files = |path: &PathBuf| match path.is_dir() {
        true => WalkDir::new(path).into_iter().filter_map(Result::ok).filter(|entry| entry.file_type().is_file()).count(),
        false => 1,
    };
    paths.iter().map(files).sum()
}

fn unread(source: &str, reason: impl Into<String>) -> Result<Input, Unread> {
    Err(Unread { source: source.to_owned(), reason: reason.into() })
}

fn folder(path: &Path, take: &mut impl FnMut(Result<Input, Unread>) -> Result<()>) -> Result<()> {
    let (mut messages, mut others) = (0usize, 0usize);
    let mut walk = WalkDir::new(path).sort_by_file_name().into_iter();
    while let Some(entry) = walk.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let source = error.path().unwrap_or(path).display().to_string();
                take(unread(&source, format!("cannot be read: {error}")))?;
                continue;
            }
        };
        let source = entry.path().display().to_string();
        if entry.file_type().is_dir() {
            if is_maildir(entry.path()) {
                messages += 1;
                take(unread(&source, "a Maildir cannot be read as a whole yet; give its folders `cur` and `new` instead"))?;
                walk.skip_current_dir();
            }
        } else if entry.file_type().is_file() {
            let mut taken = |input| {
                messages += 1;
                take(input)
            };
            if !listed_file(entry.path(), &source, &mut taken)? {
                others += 1;
            }
        }
    }
    if messages == 0 {
        let reason = match others {
            0 => "the folder is empty".to_owned(),
            1 => "the one file in the folder is no message (.eml, mbox, or a file that begins with header fields)".to_owned(),
            files => format!("none of the {files} files in the folder is a message (.eml, mbox, or a file that begins with header fields)"),
        };
        take(unread(&path.display().to_string(), reason))?;
    }
    Ok(())
}

fn is_maildir(path: &Path) -> bool {
    ["cur", "new", "tmp"].iter().all(|name| path.join(name).is_dir())
}

/// A file of a folder: taken when it is a message or mailbox. False when it is something else.
fn listed_file(path: &Path, source: &str, take: &mut impl FnMut(Result<Input, Unread>) -> Result<()>) -> Result<bool> {
    let mut reader = match File::open(path) {
        Ok(file) => BufReader::with_capacity(HEAD, file),
        Err(error) => {
            take(unread(source, format!("cannot be read: {error}")))?;
            return Ok(true);
        }
    };
    let named = extension(path).is_some_and(|extension| matches!(extension.as_str(), "eml" | "mbox" | "msg"));
    let head = reader.fill_buf().unwrap_or_default();
    if named || is_message(head) || mbox::is_mbox(head) {
        stream(source, &mut reader, take)?;
        return Ok(true);
    }
    Ok(false)
}

fn extension(path: &Path) -> Option<String> {
    Some(path.extension()?.to_str()?.to_ascii_lowercase())
}

fn file(path: &Path, take: &mut impl FnMut(Result<Input, Unread>) -> Result<()>) -> Result<()> {
    let source = path.display().to_string();
    match File::open(path) {
        Ok(file) => stream(&source, &mut BufReader::with_capacity(HEAD, file), take),
        Err(error) => take(unread(&source, format!("cannot be read: {error}"))),
    }
}

/// A message or an mbox.
fn stream(source: &str, reader: &mut impl BufRead, take: &mut impl FnMut(Result<Input, Unread>) -> Result<()>) -> Result<()> {
    let head = match reader.fill_buf() {
        Ok(head) => head,
        Err(error) => return take(unread(source, format!("cannot be read: {error}"))),
    };
    if mbox::is_mbox(head) {
        return mailbox(source, reader, take);
    }
    let mut bytes = Vec::new();
    match reader.take(MAX_MESSAGE as u64).read_to_end(&mut bytes) {
        Ok(_) => take(Ok(Input { source: source.to_owned(), bytes })),
        Err(error) => take(unread(source, format!("cannot be read: {error}"))),
    }
}

fn mailbox(source: &str, reader: &mut impl BufRead, take: &mut impl FnMut(Result<Input, Unread>) -> Result<()>) -> Result<()> {
    for (idx, message) in mbox::Reader::new(reader, MAX_MESSAGE).enumerate() {
        let source = format!("{source} > {}", idx + 1);
        match message {
            Ok(bytes) => take(Ok(Input { source, bytes }))?,
            Err(error) => return take(unread(&source, format!("cannot be read: {error}"))),
        }
    }
    Ok(())
}
