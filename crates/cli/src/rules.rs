//! Rule files from disk.

use crate::output::Output;
use anyhow::{Result, bail};
use mailhound_files::yara::Problem;
use std::fmt;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

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
    pub fn text(&self) -> Result<&str, NotText> {
        text(&self.bytes)
    }
}

/// The place of the first byte that is no UTF-8.
#[derive(Debug, PartialEq, Eq)]
pub struct NotText {
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
}

impl NotText {
    /// What is wrong.
    pub const MESSAGE: &'static str = "this byte is not UTF-8";
    /// What to do.
    pub const HELP: &'static str = "save the file as UTF-8";
}

impl fmt::Display for NotText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", Self::MESSAGE, Self::HELP)
    }
}

/// Bytes of a file that must be UTF-8.
pub fn text(bytes: &[u8]) -> Result<&str, NotText> {
    std::str::from_utf8(bytes).map_err(|error| {
        let before = String::from_utf8_lossy(bytes.get(..error.valid_up_to()).unwrap_or_default());
        let last = before.rsplit('\n').next().unwrap_or_default();
        NotText { line: before.matches('\n').count() + 1, column: last.chars().count() + 1 }
    })
}

/// A problem of a YARA file at its place, in one line.
pub fn yara_problem(path: &str, problem: &Problem) -> String {
    let place = problem.line.map_or(String::new(), |line| format!(":{line}:{}", problem.column.unwrap_or(1)));
    format!("{path}{place}: error[{}]: {}", problem.code, problem.message)
}

fn language(path: &Path) -> Option<Language> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "yml" | "yaml" => Some(Language::Mql),
        "yar" | "yara" => Some(Language::Yara),
        _ => None,
    }
}

/// Reads all rule files of the given paths, folders recursively, in the order of the names. A file that cannot be read is complained
/// about and left out; the second value counts them. Hidden files and folders are passed over.
///
/// # Errors
/// A path that is no rule file, a folder without rules, and nothing left to work with.
pub fn load(paths: &[PathBuf], output: &mut Output) -> Result<(Vec<RuleFile>, usize)> {
    let mut loaded = Loaded { files: Vec::new(), unread: 0, output };
    for path in paths {
        if path.is_dir() {
            loaded.folder(path)?;
            continue;
        }
        match language(path) {
            Some(language) => loaded.file(path, language),
            None if !path.exists() => loaded.unread(path, "there is no such file or folder"),
            None => bail!("{} is no rule file: rules are .yml or .yaml (MQL), .yar or .yara, or a folder of them", path.display()),
        }
    }
    if loaded.files.is_empty() {
        bail!("none of the rules could be read");
    }
    Ok((loaded.files, loaded.unread))
}

struct Loaded<'o> {
    files: Vec<RuleFile>,
    unread: usize,
    output: &'o mut Output,
}

impl Loaded<'_> {
    fn file(&mut self, path: &Path, language: Language) {
        match std::fs::read(path) {
            Ok(bytes) => self.files.push(RuleFile { path: path.display().to_string(), language, bytes }),
            Err(error) => self.unread(path, &format!("cannot be read: {error}")),
        }
    }

    fn unread(&mut self, path: &Path, reason: &str) {
        self.unread += 1;
        self.output.complain(&format!("{}: {reason}", path.display()));
    }

    fn folder(&mut self, path: &Path) -> Result<()> {
        let before = self.files.len() + self.unread;
        for entry in WalkDir::new(path).sort_by_file_name().into_iter().filter_entry(|entry| !is_hidden(entry)) {
            match entry {
                Ok(entry) if entry.path().is_dir() => {}
                Ok(entry) => {
                    if let Some(language) = language(entry.path()) {
                        self.file(entry.path(), language);
                    }
                }
                Err(error) => self.unread(error.path().unwrap_or(path), &format!("cannot be read: {error}")),
            }
        }
        if self.files.len() + self.unread == before {
            bail!("{} holds no rules: rules are .yml or .yaml (MQL), .yar or .yara", path.display());
        }
        Ok(())
    }
}

/// Hidden below the given folder: what version control and editors keep there is YAML too, and no rule.
fn is_hidden(entry: &DirEntry) -> bool {
    entry.depth() > 0 && entry.file_name().as_encoded_bytes().starts_with(b".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_a_wrong_byte_is_known() {
        assert_eq!(text("a\né".as_bytes()), Ok("a\né"));
        assert_eq!(text(b"a\n\xC3\xA9x\xFFy"), Err(NotText { line: 2, column: 3 }));
    }
}
