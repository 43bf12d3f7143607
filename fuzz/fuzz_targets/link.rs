//! libFuzzer's way to `fuzzed::link`; it must know nothing else.
#![no_main]

use sanctuary_proptests::fuzzed;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzzed::must_hold(fuzzed::link(bytes)));
