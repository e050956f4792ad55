//! Never panics, whatever the input: any text parses, formats to the same tree and checks without a panic.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Ok(source) = std::str::from_utf8(data) else { return };
    let parsed = mailhound_mql::parse(source);
    if parsed.diagnostics.is_empty() {
        let text = mailhound_mql::format(source, &parsed);
        let again = mailhound_mql::parse(&text);
        assert!(again.expr.same(&parsed.expr), "{source}\n{text}");
    }
    let mut builder = mailhound_engine::Builder::new(mailhound_engine::Settings::default());
    builder.compile(source, mailhound_engine::RuleType::Query);
});
