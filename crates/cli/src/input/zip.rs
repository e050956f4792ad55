//! ZIP archives (PKWARE APPNOTE.TXT) of messages, member by member.
//!
//! Own code instead of the `zip` crate: that one lends a member for as long as the archive is held, so that a mailbox inside could not be read
//! on demand; holds a table of contents of any length in memory; and refuses an archive that was cut, of which everything before the cut
//! is to be had. Here the table is read entry by entry, and where it is missing the members' own headers are followed.

mod disk;
mod entry;

pub(super) use disk::Disk;
use entry::{End, Entry};

use super::guard::{Budget, Checked, Ratio};
use super::kind;
use super::open::{self, Place, Role};
use super::{Step, Unread, Walk, no_message};
use flate2::bufread::DeflateDecoder;
use mailhound_value::fixed;
use std::cell::Cell;
use std::io::{BufReader, Read};
use std::rc::Rc;

/// An archive at work.
pub(super) struct Zip {
    disk: Disk,
    place: Place,
    budget: Budget,
    next: Next,
    read: u64,
}

/// Where the next member is found.
enum Next {
    /// Nothing was read yet.
    Start,
    /// In the table of contents, at this place.
    Table {
        at: u64,
        end: End,
    },
    /// By its own header, at this place or behind it.
    Headers {
        at: u64,
    },
    Done,
}

impl Zip {
    pub(super) fn new(disk: Disk, mut place: Place) -> Zip {
        let budget = place.budget.get_or_insert_with(|| Budget::new(Rc::new(Cell::new(disk.len())))).clone();
        Zip { disk, place, budget, next: Next::Start, read: 0 }
    }

    fn told(&self, reason: String) -> Step {
        Step::Told(Unread { source: self.place.source.clone(), reason })
    }

    /// Looks for the table of contents.
    fn start(&mut self) -> Option<Step> {
        match End::find(&self.disk) {
            Ok(Some(end)) => {
                self.next = Next::Table { at: end.table, end };
                None
            }
            Ok(None) => {
                self.next = Next::Headers { at: 0 };
                Some(
                    self.told(
                        "the archive breaks off or is damaged: it has no table of contents; the members that are found without are read"
                            .to_owned(),
                    ),
                )
            }
            Err(error) => {
                self.next = Next::Done;
                Some(self.told(format!("cannot be read: {error}")))
            }
        }
    }

    /// The next member by the table of contents.
    fn by_table(&mut self, at: u64, end: End, source: String) -> Option<Step> {
        let Some((mut entry, next)) = Some(at).filter(|at| *at < end.end).and_then(|at| Entry::in_table(&self.disk, at, &end)) else {
            self.next = Next::Done;
            let (read, all) = (self.read, end.members);
            let is_whole = read >= all && (read - all).is_multiple_of(1 << 16);
            return (!is_whole).then(|| self.told(format!("the table of contents is damaged: {read} of {all} members are found in it")));
        };
        self.read += 1;
        self.next = Next::Table { at: next, end };
        match entry.find_data(&self.disk) {
            Some(data) => self.member(&entry, data, source),
            None if self.read == 1 => {
                self.next = Next::Headers { at: 0 };
                Some(self.told("the table of contents names wrong places; the members that are found without are read".to_owned()))
            }
            None => Some(Step::unread(
                source,
                format!("{} is damaged: there is no member where the table of contents names one", open::shown(&entry.name)),
            )),
        }
    }

    /// The next member by its own header.
    fn by_headers(&mut self, at: u64, source: String) -> Option<Step> {
        let Some((entry, data)) = Entry::behind(&self.disk, at) else {
            self.next = Next::Done;
            return None;
        };
        self.next = Next::Headers { at: if entry.has_length { data.saturating_add(entry.packed) } else { data } };
        self.member(&entry, data, source)
    }

    /// What a member is whose data begin here; `None` for a folder. Ends the archive when too much was unpacked.
    fn member(&mut self, entry: &Entry, data: u64, source: String) -> Option<Step> {
        if self.budget.is_spent() {
            self.next = Next::Done;
            let limit = open::limit(fixed::INPUT_RATIO);
            return Some(self.told(format!("too much is packed into too few bytes; the members behind are not read ({limit})")));
        }
        if entry.name.ends_with('/') {
            return None;
        }
        if entry.is_encrypted {
            return Some(self.closed(entry, source, "is encrypted; unpack it and give what is in it"));
        }
        let end = if entry.has_length { data.saturating_add(entry.packed) } else { self.disk.len() };
        let packed = BufReader::new(self.disk.part(data, end));
        let reader: Box<dyn Read> = match entry.method {
            0 if !entry.has_length => {
                return Some(self.closed(entry, source, "has no length, so that its end is not known"));
            }
            0 => Box::new(Ratio::new(packed, self.budget.clone())),
            8 => Box::new(Ratio::new(DeflateDecoder::new(packed), self.budget.clone())),
            method => return Some(self.closed(entry, source, &format!("is packed by method {method}, which is not read"))),
        };
        let checked = Checked::new(reader, entry.has_length.then_some((entry.unpacked, entry.crc)));
        Some(open::stream(Box::new(checked), self.place.member(source, &entry.name)))
    }

    /// A member that cannot be looked into. In an archive that was merely found, beside other files, it is passed over when its name is not one of
    /// a message: most encrypted archives in a folder are none of mail.
    fn closed(&self, entry: &Entry, source: String, why: &str) -> Step {
        if self.place.role == Role::Named || kind::is_mail_by_name(&entry.name) {
            return Step::unread(source, format!("{} {why}", open::shown(&entry.name)));
        }
        Step::Passed
    }
}

impl Walk for Zip {
    fn next(&mut self, source: String) -> Option<Step> {
        loop {
            let step = match self.next {
                Next::Start => self.start(),
                Next::Table { at, end } => self.by_table(at, end, source.clone()),
                Next::Headers { at } => self.by_headers(at, source.clone()),
                Next::Done => return None,
            };
            if step.is_some() {
                return step;
            }
        }
    }

    fn barren(&self, others: usize) -> String {
        no_message("archive", others)
    }
}
