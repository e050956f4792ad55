//! Folders, walked in the order of the names, and the Maildirs in them (<https://cr.yp.to/proto/maildir.html>).
//!
//! The files of a Maildir's `cur` and `new` are messages whatever they hold; those in `tmp` are not yet there. The folders of Maildir++ (`.Sent`)
//! are Maildirs inside of one and need nothing special.

use super::open::{self, Place, Role};
use super::{Step, Unread, Walk, no_message};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, IntoIter, WalkDir};

/// A rough number of messages, for the progress bar; mailboxes count as one.
pub fn estimate(paths: &[PathBuf]) -> usize {
    let files = |path: &PathBuf| match path.is_dir() {
        true => WalkDir::new(path).into_iter().filter_map(Result::ok).filter(|entry| entry.file_type().is_file()).count(),
        false => 1,
    };
    paths.iter().map(files).sum()
}

/// A folder at work.
pub(super) struct Folder {
    root: PathBuf,
    walk: IntoIter,
    /// The folder of the last file, and whether its files are messages of a Maildir.
    last: (PathBuf, bool),
    is_maildir: bool,
    /// Links that were met.
    links: usize,
}

impl Folder {
    pub(super) fn new(path: &Path) -> Folder {
        let walk = WalkDir::new(path).sort_by_file_name().into_iter();
        Folder { root: path.to_owned(), walk, last: (PathBuf::new(), false), is_maildir: is_maildir(path), links: 0 }
    }

    fn entry(&mut self, entry: &DirEntry) -> Option<Step> {
        let path = entry.path();
        if entry.file_type().is_dir() {
            // The walk goes on behind a folder that is named `tmp` only when it is not the one of a Maildir.
            if entry.depth() > 0 && entry.file_name() == "tmp" && path.parent().is_some_and(is_maildir) {
                self.walk.skip_current_dir();
            }
            return None;
        }
        self.links += usize::from(entry.file_type().is_symlink());
        if !entry.file_type().is_file() {
            return None; // a link may lead anywhere, and a pipe never ends
        }
        let role = if self.is_in_maildir(path) { Role::Maildir } else { Role::Listed };
        Some(open::file(path, Place::listed(path.display().to_string(), role)))
    }

    /// The end: links that were passed are told once.
    fn end(&mut self) -> Option<Step> {
        let links = match std::mem::take(&mut self.links) {
            0 => return None,
            1 => "1 link in it is".to_owned(),
            links => format!("{links} links in it are"),
        };
        let reason = format!("{links} not followed; give what is meant by name");
        Some(Step::Told(Unread { source: self.root.display().to_string(), reason }))
    }

    fn is_in_maildir(&mut self, file: &Path) -> bool {
        let folder = file.parent().unwrap_or(Path::new(""));
        if self.last.0 != folder {
            let is_store = folder.file_name().is_some_and(|name| name == "cur" || name == "new");
            self.last = (folder.to_owned(), is_store && folder.parent().is_some_and(is_maildir));
        }
        self.last.1
    }
}

/// A folder with `cur` and `new` or `tmp`: copies of a mailbox often lack the empty ones.
fn is_maildir(path: &Path) -> bool {
    let has = |name: &str| path.join(OsStr::new(name)).is_dir();
    has("cur") && (has("new") || has("tmp"))
}

impl Walk for Folder {
    fn next(&mut self, _: String) -> Option<Step> {
        loop {
            let Some(next) = self.walk.next() else { return self.end() };
            match next {
                Ok(entry) => {
                    if let Some(step) = self.entry(&entry) {
                        return Some(step);
                    }
                }
                Err(error) => {
                    let source = error.path().unwrap_or(&self.root).display().to_string();
                    return Some(Step::unread(source, format!("cannot be read: {error}")));
                }
            }
        }
    }

    fn barren(&self, others: usize) -> String {
        no_message(if self.is_maildir { "Maildir" } else { "folder" }, others)
    }
}
