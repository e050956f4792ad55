//! Never panics, whatever the input: any bytes as TNEF, and what it holds as a message.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let bytes = [b"\x78\x9F\x3E\x22\x01\x00", data].concat();
    if let Some((eml, _)) = mailhound_message::tnef_to_eml(&bytes, &mailhound_value::Limits::default()) {
        let message = mailhound_message::parse(&eml, &mailhound_message::Options::default());
        mailhound_value::to_json(mailhound_value::ToValue::to_value(&message), &mut Vec::new());
    }
});
