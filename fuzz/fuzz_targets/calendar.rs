//! Never panics, whatever the input: any bytes as a calendar.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    mailhound_functions::file::ics::parse_ics(data);
});
