//! Never panics, whatever the input: any bytes as an Outlook message, and as a compound file of which each stream is read.
#![no_main]

use mailhound_objects::compound::{Compound, SIGNATURE};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let bytes = [SIGNATURE, data].concat();
    if let Some(file) = Compound::open(&bytes) {
        let given: usize = (0..file.entries().len()).map(|entry| file.content(entry).bytes.len()).sum();
        assert!(given <= mailhound_objects::compound::SHARED_READS * bytes.len());
        std::hint::black_box(file.storage_file(mailhound_objects::compound::ROOT));
    }
    let message = mailhound_message::parse(&bytes, &mailhound_message::Options::default());
    mailhound_value::to_json(mailhound_value::ToValue::to_value(&message), &mut Vec::new());
});
