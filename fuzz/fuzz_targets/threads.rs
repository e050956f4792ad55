//! Never panics, whatever the input: any text, as HTML and as plain text, cut into segments.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    for media in ["html", "plain"] {
        let mut message = format!("From: a@example.com\nContent-Type: text/{media}; charset=utf-8\n\n").into_bytes();
        message.extend_from_slice(data);
        let message = mailhound_message::parse(&message, &mailhound_message::Options::default());
        std::hint::black_box((message.body.current_thread().is_ok(), message.body.previous_threads().is_ok()));
    }
});
