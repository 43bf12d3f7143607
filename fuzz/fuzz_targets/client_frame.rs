//! libFuzzer's way to `fuzzed::client_frame`; it must know nothing else.
#![no_main]

use sanctuary_proptests::fuzzed;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzzed::must_hold(fuzzed::client_frame(bytes)));
