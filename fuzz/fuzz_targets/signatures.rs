//! Never panics, whatever the input: any bytes as a signed message and as a file of keys. The signed samples are a corpus to begin with.
#![no_main]

use mailhound_enrich::signatures::{Keys, Verifier};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let _ = Keys::parse(&String::from_utf8_lossy(data)); // most bytes are none
    let keys = Keys::parse(include_str!("../../crates/enrich/testdata/signatures/keys.txt")).expect("the file is well formed");
    Verifier::new(keys, None).verify(data, 0);
});
