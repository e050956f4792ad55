//! Never panics, whatever the input: any bytes explode.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let limits = mailhound_value::Limits { file_total: 32 << 20, file_bytes: 8 << 20, ..Default::default() };
    let options = mailhound_files::Options { limits: &limits, yara: None, reads: None };
    mailhound_files::explode(data, Some("a.bin"), &options).json();
    mailhound_files::expand_archives(data, Some("a.bin"), &options);
});
