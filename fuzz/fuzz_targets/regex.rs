//! Never panics, whatever the input: any text as an RE2 pattern, run on itself.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (pattern, text) = text.split_once('\n').unwrap_or((text, text));
    if let Ok(pattern) = mailhound_functions::regex::Pattern::new(pattern, true, false) {
        let pattern = pattern.with_max_bytes(1 << 20);
        let _ = (pattern.is_match(text), pattern.count(text));
    }
});
