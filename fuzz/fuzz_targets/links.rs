//! Never panics, whatever the input: any text searched for URLs and addresses, as one URL, and as HTML with links; all unwrapped.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let limits = mailhound_value::Limits::default();
    for found in mailhound_objects::text::find(&text, limits.message_links) {
        assert!(text.get(found.range).is_some(), "a find outside of the text");
    }
    std::hint::black_box(mailhound_objects::text::whole_url(&text));
    let mut out = Vec::new();
    if let Some(url) = mailhound_objects::Url::parse(&text) {
        mailhound_value::to_json(mailhound_value::ToValue::to_value(&url), &mut out);
    }
    for link in mailhound_objects::html::Document::parse(&text).links(&limits).items {
        mailhound_value::to_json(mailhound_value::ToValue::to_value(&link), &mut out);
    }
});
