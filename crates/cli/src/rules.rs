//! Rule files from disk.

use crate::output::Output;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// What language a rule file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// YAML with MQL.
    Mql,
    /// YARA.
    Yara,
}

/// A rule file that was read.
pub struct RuleFile {
    /// The path as it was given, joined with the rest inside a folder.
    pub path: String,
    /// What it is written in.
    pub language: Language,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl RuleFile {
    /// The content as text; a byte that is no UTF-8 is an error of the rule file.
    pub fn text(&self) -> Result<&str, String> {
        std::str::from_utf8(&self.bytes).map_err(|error| {
            let line = self.bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
            format!("line {line} is not UTF-8")
        })
    }
}

fn language(path: &Path) -> Option<Language> {
    match path.extension()?.to_str()? {
        "yml" | "yaml" => Some(Language::Mql),
        "yar" | "yara" => Some(Language::Yara),
        _ => None,
    }
}

/// Reads all rule files of the given paths, folders recursively, in the order of the names. A file that cannot be read is complained
/// about and left out; the second value counts them.
pub fn load(paths: &[PathBuf], output: &mut Output) -> Result<(Vec<RuleFile>, usize)> {
    let (mut files, mut unread) = (Vec::new(), 0);
    for path in paths {
        if !path.is_dir() {
            let Some(language) = language(path) else {
                bail!("{} is no rule file: rules are .yml or .yaml (MQL), .yar or .yara, or a folder of them", path.display());
            };
            let bytes = std::fs::read(path).with_context(|| format!("cannot read the rules {}", path.display()))?;
            files.push(RuleFile { path: path.display().to_string(), language, bytes });
            continue;
        }
        let before = files.len();
        for entry in WalkDir::new(path).sort_by_file_name() {
            match entry {
                Ok(entry) if entry.file_type().is_file() => {
                    let Some(language) = language(entry.path()) else { continue };
                    match std::fs::read(entry.path()) {
                        Ok(bytes) => files.push(RuleFile { path: entry.path().display().to_string(), language, bytes }),
                        Err(error) => {
                            unread += 1;
                            output.complain(&format!("{}: cannot be read: {error}", entry.path().display()));
                        }
                    }
                }
                Ok(_) => {}
                Err(error) => {
                    unread += 1;
                    output.complain(&format!("rules: {error}"));
                }
            }
        }
        if files.len() == before {
            bail!("{} holds no rules: rules are .yml or .yaml (MQL), .yar or .yara", path.display());
        }
    }
    Ok((files, unread))
}
