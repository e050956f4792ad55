//! Never panics, whatever the input: any bytes through the starter rules.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    use std::sync::OnceLock;
    static RULES: OnceLock<mailhound_engine::RuleSet> = OnceLock::new();
    let rules = RULES.get_or_init(|| {
        let mut builder = mailhound_engine::Builder::new(mailhound_engine::Settings::default());
        for (path, text) in mailhound_engine::starter::mql() {
            builder.add_mql(&path, text);
        }
        builder.build()
    });
    rules.inspect("fuzz", data).json();
});
