//! libFuzzer's way to `fuzzed::door_blob`; it must know nothing else.
#![no_main]

use sanctuary_proptests::fuzzed;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzzed::must_hold(fuzzed::door_blob(bytes)));
