//! Never panics, whatever the input: any bytes as a mailbox.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    for message in mailhound_message::mbox::messages(data) {
        std::hint::black_box(message);
    }
});
