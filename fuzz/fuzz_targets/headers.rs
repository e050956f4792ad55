//! Never panics, whatever the input: any bytes as a header block, every field of it read.
#![no_main]

use mailhound_value::ToValue;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let message = mailhound_message::parse(data, &mailhound_message::Options::default());
    let mut out = Vec::new();
    for read in [message.headers.to_value(), message.recipients.to_value(), message.subject.to_value(), message.sender.to_value()] {
        mailhound_value::to_json(read, &mut out);
    }
});
