#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ecrewrite_fuzz::program(bytes));
