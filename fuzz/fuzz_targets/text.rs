//! Never panics, whatever the input: any text through the text algorithms.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    use mailhound_functions::strings::{base64, confusables, glob, levenshtein};
    let text = String::from_utf8_lossy(data);
    let (a, b) = text.split_once('\n').unwrap_or((&text, &text));
    base64::scan_base64(a, &base64::Options::default());
    confusables::replace_confusables(a);
    glob::Glob::new(b, true).matches(&mailhound_value::lowercase(a));
    let _ = levenshtein::levenshtein(a, b);
});
