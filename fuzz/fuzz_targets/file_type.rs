//! Never panics, whatever the input: any bytes have a type.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    mailhound_objects::file_type::detect(data);
});
