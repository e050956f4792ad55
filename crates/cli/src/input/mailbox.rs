//! The messages of an mbox.

use super::open::{broken_off, whole_or_not};
use super::{Step, Walk};
use mailhound_message::mbox::{Fault, Reader};
use mailhound_value::fixed;
use std::io::BufRead;

/// An mbox at work.
pub(super) struct Mailbox(Reader<Box<dyn BufRead>>);

impl Mailbox {
    pub(super) fn new(reader: Box<dyn BufRead>) -> Mailbox {
        Mailbox(Reader::new(reader, fixed::INPUT_BYTES.value))
    }
}

impl Walk for Mailbox {
    fn next(&mut self, source: String) -> Option<Step> {
        let found = self.0.next()?;
        let reason = found.fault.map(|fault| match fault {
            Fault::Unreadable(error) => broken_off(&error),
            Fault::Short(bytes) => format!("the mailbox ends {bytes} bytes before the message does; what is there is processed"),
        });
        Some(whole_or_not(source, found.bytes, reason))
    }

    fn barren(&self, _: usize) -> String {
        "the mailbox holds no message".to_owned()
    }
}
