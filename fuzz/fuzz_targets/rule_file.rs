//! Never panics, whatever the input: any text as a rule file.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut builder = mailhound_engine::Builder::new(mailhound_engine::Settings::default());
    builder.add_mql("r.yml", text);
    mailhound_engine::rewrite("r.yml", text);
});
