//! Messages from disk and standard input, one after the other, so that only the messages at work are in memory.
//!
//! [`Source`] walks what is given: files, folders and Maildirs (`folder`), mailboxes (`mailbox`), archives (`zip`, `tar`) and what `gzip` has
//! packed. `open` decides what some bytes are. What cannot be read is handed over in its place, and the walk goes on.

mod folder;
mod guard;
mod gzip;
mod kind;
mod mailbox;
mod open;
mod tar;
mod zip;

use open::Place;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};

pub use folder::estimate;

/// A message and where it came from.
pub struct Input {
    /// The path as it was given, joined with the rest inside a folder; ` > N` for the N-th message of a mailbox or archive, one for each
    /// container that it stands in; `-` for standard input.
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

/// All messages of some paths, in their order; the files of a folder in the order of their names.
///
/// Works on demand: of a container no more is read than the messages that were asked for, and one message is in memory. A message that is not
/// whole comes as what there is of it, then as [`Unread`] of the same source. A path in which there is no message at all is unread, too.
pub struct Source {
    levels: Vec<Level>,
    ready: VecDeque<Result<Input, Unread>>,
}

impl Source {
    /// The messages of these paths; `-` is standard input.
    pub fn new(paths: &[PathBuf]) -> Source {
        let paths = Paths(VecDeque::from(paths.to_vec()));
        Source { levels: vec![Level::new(String::new(), false, Box::new(paths))], ready: VecDeque::new() }
    }

    /// Takes a step of the innermost container; false when all is done.
    fn step(&mut self) -> bool {
        let Some(level) = self.levels.last_mut() else { return false };
        let source = level.next_source();
        match level.walk.next(source) {
            Some(Step::Enter(inner)) => self.levels.push(inner),
            Some(Step::Passed) => level.passed += 1,
            Some(Step::Message(input, unread)) => {
                level.given += 1;
                self.ready.push_back(Ok(input));
                self.ready.extend(unread.map(Err));
            }
            Some(Step::Unread(unread)) => {
                level.given += 1;
                self.ready.push_back(Err(unread));
            }
            Some(Step::Told(unread)) => {
                level.is_told = true;
                self.ready.push_back(Err(unread));
            }
            None => self.leave(),
        }
        true
    }

    /// Goes back to the container around the innermost one.
    fn leave(&mut self) {
        let Some(level) = self.levels.pop() else { return };
        let is_barren = level.given == 0 && !level.is_told;
        if is_barren && level.is_named {
            self.ready.push_back(Err(Unread { reason: level.walk.barren(level.passed), source: level.source }));
        }
        if let Some(outer) = self.levels.last_mut() {
            // A container without messages is as little counted as another file without one.
            let count = if is_barren { &mut outer.passed } else { &mut outer.given };
            *count += 1;
        }
    }
}

impl Iterator for Source {
    type Item = Result<Input, Unread>;

    fn next(&mut self) -> Option<Result<Input, Unread>> {
        loop {
            if let Some(next) = self.ready.pop_front() {
                return Some(next);
            }
            if !self.step() {
                return None;
            }
        }
    }
}

/// A container at work.
struct Level {
    source: String,
    /// It was given by name, so it is told when there is nothing in it.
    is_named: bool,
    /// What is in it is counted: ` > N`.
    is_numbered: bool,
    given: usize,
    passed: usize,
    /// What is wrong with it was said.
    is_told: bool,
    walk: Box<dyn Walk>,
}

impl Level {
    /// A container whose members have paths of their own.
    fn new(source: String, is_named: bool, walk: Box<dyn Walk>) -> Level {
        Level { source, is_named, is_numbered: false, given: 0, passed: 0, is_told: false, walk }
    }

    /// A container whose members are counted.
    fn numbered(place: &Place, walk: impl Walk + 'static) -> Level {
        let is_named = place.role == open::Role::Named;
        Level { is_numbered: true, ..Level::new(place.source.clone(), is_named, Box::new(walk)) }
    }

    /// What the next message is called.
    fn next_source(&self) -> String {
        if self.is_numbered { format!("{} > {}", self.source, self.given + 1) } else { self.source.clone() }
    }
}

/// What a container holds, member by member.
trait Walk {
    /// The next member, which is called `source` in a container that counts its members; `None` at the end.
    fn next(&mut self, source: String) -> Option<Step>;

    /// What is said of a container without a message, in which so many other members were passed over.
    fn barren(&self, others: usize) -> String;
}

/// A member of a container.
enum Step {
    /// A message, and what is wrong with it when it is not whole.
    Message(Input, Option<Unread>),
    /// It should have been read and could not be.
    Unread(Unread),
    /// Something is wrong with the container itself.
    Told(Unread),
    /// A container.
    Enter(Level),
    /// Something else.
    Passed,
}

impl Step {
    fn unread(source: String, reason: impl Into<String>) -> Step {
        Step::Unread(Unread { source, reason: reason.into() })
    }
}

/// The paths as they were given.
struct Paths(VecDeque<PathBuf>);

impl Walk for Paths {
    fn next(&mut self, _: String) -> Option<Step> {
        let path = self.0.pop_front()?;
        let source = path.display().to_string();
        Some(if path.as_os_str() == "-" {
            open::stream(Box::new(std::io::stdin()), Place::named(source))
        } else if path.is_dir() {
            Step::Enter(Level::new(source, true, Box::new(folder::Folder::new(&path))))
        } else {
            open::file(&path, Place::named(source))
        })
    }

    fn barren(&self, _: usize) -> String {
        "there is no input".to_owned()
    }
}

/// The words behind "no message": how many other members there are, and what would have been taken.
fn no_message(container: &str, others: usize) -> String {
    let taken = "(.eml, .msg, winmail.dat, .emlx, a mailbox, an archive of these, or a file that begins with header fields)";
    match others {
        0 => format!("the {container} is empty"),
        1 => format!("the one file in the {container} is no message {taken}"),
        files => format!("none of the {files} files in the {container} is a message {taken}"),
    }
}

fn extension(path: &Path) -> Option<String> {
    Some(path.extension()?.to_str()?.to_ascii_lowercase())
}
