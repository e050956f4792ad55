//! Never panics, whatever the input: any text as an address list, a date, a subject.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let limits = mailhound_value::Limits::default();
    mailhound_message::headers::address::parse_list(&text, &limits);
    mailhound_message::headers::date::parse(&text);
});
