//! Never panics, whatever the input: any bytes as a file of Apple Mail. The place of the message lies inside of them.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Some(found) = mailhound_message::emlx::find(data) {
        assert!(data.get(found.message).is_some());
    }
    std::hint::black_box(mailhound_message::emlx::is_emlx(data));
});
