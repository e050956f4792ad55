//! Never panics, whatever the input: any text as URL, domain, address, IP, and as text with links.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    mailhound_objects::Url::parse(&text);
    mailhound_objects::Url::parse_strict(&text);
    mailhound_objects::Domain::parse(&text);
    mailhound_objects::EmailAddress::parse(&text);
    mailhound_objects::Ip::parse(&text);
    mailhound_objects::text::links(&text, &mailhound_value::Limits::default());
});
