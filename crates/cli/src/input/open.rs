//! From bytes to what is in them: a message, a container to walk, or nothing of the kind.

use super::guard::Budget;
use super::kind::{HEAD, Kind, is_mail_by_name, kind};
use super::{Input, Level, Step, Unread, gzip, mailbox, tar, zip};
use mailhound_message::{emlx, is_message};
use mailhound_value::fixed;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::Path;

/// Where some bytes stand.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) source: String,
    /// Name of the file or member, which may tell what it is.
    pub(super) name: String,
    pub(super) role: Role,
    /// Archives around it.
    pub(super) depth: usize,
    /// What may still be unpacked of what is around it; none when nothing packed is.
    pub(super) budget: Option<Budget>,
    /// It was packed by gzip.
    is_unpacked: bool,
}

/// Why some bytes are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// They were given: what is no container is taken as a message, whatever it holds.
    Named,
    /// They were found in a folder or archive: other things may stand beside messages.
    Listed,
    /// A file of a Maildir: a message, whatever it holds.
    Maildir,
}

impl Place {
    /// An input.
    pub(super) fn named(source: String) -> Place {
        Place { name: source.clone(), source, role: Role::Named, depth: 0, budget: None, is_unpacked: false }
    }

    /// A file of a folder.
    pub(super) fn listed(source: String, role: Role) -> Place {
        Place { role, ..Place::named(source) }
    }

    /// A member of an archive at this place.
    pub(super) fn member(&self, source: String, name: &str) -> Place {
        let budget = self.budget.clone();
        Place { source, name: name.to_owned(), role: Role::Listed, depth: self.depth + 1, budget, is_unpacked: false }
    }
}

/// What a file is.
pub(super) fn file(path: &Path, place: Place) -> Step {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) => return cannot_be_read(place.source, &error),
    };
    let is_seekable = file.metadata().is_ok_and(|data| data.is_file());
    let again = if is_seekable { file.try_clone().ok() } else { None };
    let (head, rest) = match head(Box::new(file)) {
        Ok(found) => found,
        Err(error) => return cannot_be_read(place.source, &error),
    };
    match again {
        Some(mut file) if place.role != Role::Maildir && kind(&head, &place.name) == Kind::Zip => match file.seek(SeekFrom::End(0)) {
            Ok(len) => archive(&place, |place| zip::Zip::new(zip::Disk::new(Box::new(file), len), place)),
            Err(error) => cannot_be_read(place.source, &error),
        },
        _ => opened(head, rest, place),
    }
}

/// What a stream is.
pub(super) fn stream(reader: Box<dyn Read>, place: Place) -> Step {
    match head(reader) {
        Ok((head, rest)) => opened(head, rest, place),
        Err(error) => cannot_be_read(place.source, &error),
    }
}

/// The first bytes, as many as a kind needs, and what follows. An error behind the first ones is met there again.
fn head(mut reader: Box<dyn Read>) -> io::Result<(Vec<u8>, Box<dyn Read>)> {
    let mut head = Vec::new();
    match (&mut reader).take(HEAD as u64).read_to_end(&mut head) {
        Ok(_) => Ok((head, reader)),
        Err(error) if head.is_empty() => Err(error),
        Err(error) => Ok((head, Box::new(Failed(Some(error))))),
    }
}

/// A stream in which reading has failed.
struct Failed(Option<io::Error>);

impl Read for Failed {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

fn opened(head: Vec<u8>, rest: Box<dyn Read>, place: Place) -> Step {
    let kind = match (kind(&head, &place.name), place.role) {
        (Kind::Gzip, _) if place.is_unpacked => Kind::Other,
        (Kind::Gzip, _) => Kind::Gzip,
        (_, Role::Maildir) => Kind::Message,
        (Kind::Other, Role::Named) if !place.is_unpacked => Kind::Message,
        (kind, _) => kind,
    };
    let mut reader = BufReader::with_capacity(HEAD, Cursor::new(head).chain(rest));
    match kind {
        Kind::Gzip => {
            let name = place.name.strip_suffix(".gz").or(place.name.strip_suffix(".GZ")).unwrap_or(&place.name).to_owned();
            let (reader, budget) = gzip::Gunzip::new(reader, place.budget);
            stream(Box::new(reader), Place { is_unpacked: true, name, budget: Some(budget), ..place })
        }
        Kind::Mbox => Step::Enter(Level::numbered(&place, mailbox::Mailbox::new(Box::new(reader)))),
        Kind::Tar => archive(&place, |place| tar::Tar::new(Box::new(reader), place)),
        Kind::Mmdf => Step::unread(place.source, "MMDF mailboxes cannot be read; give it as an mbox"),
        Kind::Zip => match in_memory(&mut reader) {
            Ok(disk) => archive(&place, |place| zip::Zip::new(disk, place)),
            Err(reason) => Step::unread(place.source, reason),
        },
        Kind::CompoundFile if place.role == Role::Listed => outlook(reader, place),
        Kind::CompoundFile | Kind::Message => message(reader, place.source, false),
        Kind::Emlx => message(reader, place.source, true),
        Kind::Other if place.role == Role::Named => Step::unread(place.source, "what is packed in it is no message, mailbox or archive"),
        Kind::Other => Step::Passed,
    }
}

fn archive<W: super::Walk + 'static>(place: &Place, open: impl FnOnce(Place) -> W) -> Step {
    if place.depth >= fixed::INPUT_DEPTH.value {
        return Step::unread(
            place.source.clone(),
            format!("the archive {} stands in too many others ({})", shown(&place.name), limit(fixed::INPUT_DEPTH)),
        );
    }
    Step::Enter(Level::numbered(place, open(place.clone())))
}

/// A ZIP archive that cannot be read where it stands, because its table of contents comes last.
fn in_memory(reader: &mut impl Read) -> Result<zip::Disk, String> {
    let max = fixed::INPUT_NESTED.value;
    let mut bytes = Vec::new();
    let read = reader.take(max as u64 + 1).read_to_end(&mut bytes);
    if bytes.len() > max {
        return Err(format!("the archive is too long to be held in memory; unpack what is around it ({})", limit(fixed::INPUT_NESTED)));
    }
    // A broken stream leaves an archive that ends too early, which is told when it is walked.
    let _ = read;
    let len = bytes.len() as u64;
    Ok(zip::Disk::new(Box::new(Cursor::new(bytes)), len))
}

/// The rest of a stream as a message. What is longer than `input.bytes` is left out, which the model tells: its own bound is lower.
fn message(reader: impl Read, source: String, is_emlx: bool) -> Step {
    let mut bytes = Vec::new();
    let read = reader.take(fixed::INPUT_BYTES.value as u64).read_to_end(&mut bytes);
    let mut reason = read.err().map(|error| broken_off(&error));
    if let Some(found) = emlx::find(&bytes).filter(|_| is_emlx) {
        if found.missing > 0 {
            reason = reason.or(Some(format!("the file ends {} bytes before the message does; what is there is processed", found.missing)));
        }
        bytes.truncate(found.message.end);
        bytes.drain(..found.message.start);
    }
    whole_or_not(source, bytes, reason)
}

/// A compound file that may be Outlook's: what it holds is named anywhere in it, so that all of it is looked at.
fn outlook(reader: impl Read, place: Place) -> Step {
    let is_by_name = is_mail_by_name(&place.name);
    match message(reader, place.source, false) {
        Step::Message(input, unread) if is_message(&input.bytes) => Step::Message(input, unread),
        Step::Message(_, Some(unread)) if is_by_name => Step::Unread(unread),
        Step::Message(..) => Step::Passed,
        step => step,
    }
}

/// A message, with what is wrong with it.
pub(super) fn whole_or_not(source: String, mut bytes: Vec<u8>, reason: Option<String>) -> Step {
    let unread = reason.map(|reason| Unread { source: source.clone(), reason });
    match unread {
        Some(unread) if bytes.is_empty() => Step::Unread(unread),
        unread => {
            bytes.shrink_to_fit(); // it may wait for a while
            Step::Message(Input { source, bytes }, unread)
        }
    }
}

/// What is said of a message behind whose first bytes reading failed.
pub(super) fn broken_off(error: &io::Error) -> String {
    format!("cannot be read to its end: {error}; what was read is processed")
}

fn cannot_be_read(source: String, error: &io::Error) -> Step {
    Step::unread(source, format!("cannot be read: {error}"))
}

/// Bytes of a name that are shown.
const MAX_NAME: usize = 200;

/// A name, cut for a sentence.
pub(super) fn shown(name: &str) -> &str {
    name.get(..name.floor_char_boundary(MAX_NAME)).unwrap_or(name)
}

/// A limit, for the end of a sentence.
pub(super) fn limit(limit: mailhound_value::Fixed) -> String {
    format!("limit {}: {}", limit.name, limit.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mailhound_value::Limits;

    #[test]
    fn what_is_left_out_of_a_message_is_told_by_its_model() {
        assert!(fixed::INPUT_BYTES.value > Limits::default().message_bytes);
    }
}
