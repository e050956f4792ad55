//! Never panics, whatever the input: any text as an HTML document: texts and links.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let document = mailhound_objects::html::Document::parse(&text);
    std::hint::black_box((document.display_text(), document.inner_text(), document.links(&mailhound_value::Limits::default())));
});
