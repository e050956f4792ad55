//! What the fuzz targets begin with: pieces of the corpus, cut out for each target. They stay out of the repository.

use crate::corpus_files;
use anyhow::{Context, Result};
use mailhound_message::{Options, is_message, parse};
use mailhound_objects::compound;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

/// Seeds beyond this size slow a fuzzer down more than they teach it.
const MAX_SEED: usize = 64 << 10;

/// Writes `fuzz/corpus/TARGET/…` for the targets that read messages and their parts.
pub fn run() -> Result<()> {
    let shared = crate::shared().context("the seeds are cut from ../shared")?;
    let folder = crate::root().join("fuzz/corpus");
    let mut count = 0;
    for path in corpus_files(&shared.join("corpus/eml")).into_iter().chain(corpus_files(&shared.join("corpus/files"))) {
        let bytes = fs::read(&path)?;
        count += file(&folder, &bytes)?;
        if is_message(&bytes) {
            count += message(&folder, &bytes)?;
        }
    }
    println!("{count} seeds in {}", folder.display());
    Ok(())
}

/// Seeds of a file for the targets of file formats, without the signature, which those put before their input.
fn file(folder: &Path, bytes: &[u8]) -> Result<usize> {
    let compound = bytes.strip_prefix(compound::SIGNATURE).unwrap_or_default();
    let tnef = bytes.strip_prefix(b"\x78\x9F\x3E\x22").and_then(|rest| rest.get(2..)).unwrap_or_default(); // and its key
    Ok(seed(folder, "msg", compound)? + seed(folder, "tnef", tnef)?)
}

/// Seeds of a message: itself, its header block, its texts, its files.
fn message(folder: &Path, bytes: &[u8]) -> Result<usize> {
    let model = parse(bytes, &Options::default());
    let end = memchr::memmem::find(bytes, b"\n\n").or_else(|| memchr::memmem::find(bytes, b"\n\r\n")).unwrap_or(bytes.len());
    let mut count = seed(folder, "message", bytes)? + seed(folder, "mime", bytes)? + seed(folder, "headers", &bytes[..end])?;
    let html = model.body.html.as_ref().map(|html| html.raw.as_bytes());
    let plain = model.body.plain.as_ref().map(|plain| plain.raw.as_bytes());
    for text in html.into_iter().chain(plain) {
        count += seed(folder, "html", text)? + seed(folder, "links", text)? + seed(folder, "threads", text)?;
    }
    for attachment in model.attachments.iter() {
        count += file(folder, &attachment.content)?;
    }
    Ok(count)
}

/// One seed, named by its digest; nothing for an empty or a large one.
fn seed(folder: &Path, target: &str, bytes: &[u8]) -> Result<usize> {
    if bytes.is_empty() || bytes.len() > MAX_SEED {
        return Ok(0);
    }
    let folder = folder.join(target);
    fs::create_dir_all(&folder)?;
    let name: String = Sha256::digest(bytes).iter().take(10).map(|byte| format!("{byte:02x}")).collect();
    fs::write(folder.join(name), bytes)?;
    Ok(1)
}
