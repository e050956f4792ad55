//! Never panics, whatever the input: any bytes give a model with every field read.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let message = mailhound_message::parse(data, &mailhound_message::Options::default());
    mailhound_value::to_json(mailhound_value::ToValue::to_value(&message), &mut Vec::new());
});
