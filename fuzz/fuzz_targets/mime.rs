//! Never panics, whatever the input: any bytes as a MIME tree, with the bytes of every part decoded and none made up.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let message = mailhound_message::parse(data, &mailhound_message::Options::default());
    for attachment in message.attachments.iter() {
        assert_eq!(usize::try_from(attachment.size).ok(), Some(attachment.content.len()));
        std::hint::black_box((attachment.sha256(), attachment.md5()));
    }
    std::hint::black_box(message.body.html.as_ref().map(|html| html.raw.len()));
});
