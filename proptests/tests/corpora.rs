//! Every input that was ever worth keeping (`corpora/TARGET/`) still holds what its target demands: the
//! very functions that the fuzzer calls, on stable, in moments.
//!
//! `SANCTUARY_WRITE_SEEDS=1 cargo test -p sanctuary-proptests --test corpora seed` writes the seeds anew.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot read its corpus has failed"
)]

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::{env, fs};

use sanctuary_proptests::fuzzed::{Held, TARGETS, client_frame, hold, link, must_hold, seeds};
use sanctuary_protocol::{ClientFrame, encode};
use tempfile::TempDir;

/// Files of one corpus: a person can still look through them.
const FILES_MAX: usize = 60;

/// Bytes of one corpus: a clone carries each that was ever committed.
const BYTES_MAX: u64 = 200 * 1024;

fn corpora() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora")
}

/// The names in a folder, in order.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    let name = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
    let names: BTreeSet<String> = entries.map(|entry| name(entry.unwrap())).collect();
    names.into_iter().collect()
}

/// Hands every file of a folder to a target; the files that it does not bear, each with why.
fn replay(folder: &Path, target: impl Fn(&[u8]) -> Held) -> Vec<String> {
    let failing = |name: String| {
        let bytes = fs::read(folder.join(&name)).unwrap();
        match catch_unwind(AssertUnwindSafe(|| target(&bytes))) {
            Ok(Ok(())) => None,
            Ok(Err(violation)) => Some(format!("{name}: {violation}")),
            Err(_panic) => Some(format!("{name}: it panics")),
        }
    };
    names(folder).into_iter().filter_map(failing).collect()
}

fn replayed(target: &str) {
    let (_, function) = TARGETS.into_iter().find(|(name, _)| *name == target).unwrap();
    assert_eq!(replay(&corpora().join(target), function), Vec::<String>::new());
}

macro_rules! replayed {
    ($($test:ident $target:literal)*) => {
        $(
            #[test]
            fn $test() {
                replayed($target);
            }
        )*

        const REPLAYED: &[&str] = &[$($target),*];
    };
}

// One test a target, so that they run beside each other and a failure says whose it is.
replayed! {
    every_kept_admin_line_holds "admin_line"
    every_kept_client_frame_holds "client_frame"
    every_kept_door_blob_holds "door_blob"
    every_kept_link_holds "link"
    every_kept_markup_holds "markup"
    every_kept_server_frame_holds "server_frame"
    every_kept_session_input_holds "session_input"
    every_kept_upgrade_holds "upgrade"
}

#[test]
fn every_target_has_a_corpus_a_fuzzer_and_a_replay_and_nothing_else_has_one() {
    let targets: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
    assert_eq!(names(&corpora()), targets);
    assert_eq!(REPLAYED, targets);
    let files: Vec<String> = targets.iter().map(|target| format!("{target}.rs")).collect();
    assert_eq!(names(&corpora().join("../../fuzz/fuzz_targets")), files);
}

#[test]
fn every_corpus_is_small_and_none_is_empty() {
    for (target, _) in TARGETS {
        let folder = corpora().join(target);
        let files = names(&folder);
        assert!((1..=FILES_MAX).contains(&files.len()), "{target}: {} files", files.len());
        let size = |name: &String| fs::metadata(folder.join(name)).unwrap().len();
        let bytes: u64 = files.iter().map(size).sum();
        assert!(bytes <= BYTES_MAX, "{target}: {bytes} bytes");
    }
}

#[test]
fn every_seed_holds() {
    for (target, function) in TARGETS {
        let seeds = seeds::seeds(target);
        assert!(!seeds.is_empty(), "{target} begins with nothing");
        let folder = TempDir::new().unwrap();
        write(folder.path(), &seeds);
        assert_eq!(replay(folder.path(), function), Vec::<String>::new(), "{target}");
        if env::var_os("SANCTUARY_WRITE_SEEDS").is_some() {
            write(&corpora().join(target), &seeds);
        }
    }
}

fn write(folder: &Path, seeds: &[Vec<u8>]) {
    fs::create_dir_all(folder).unwrap();
    for (number, seed) in seeds.iter().enumerate() {
        fs::write(folder.join(format!("seed-{number:02}")), seed).unwrap();
    }
}

/// What never holds.
fn planted() -> Held {
    hold(false, "one is two")
}

#[test]
fn what_a_target_does_not_bear_is_found_by_its_file() {
    let folder = TempDir::new().unwrap();
    write(folder.path(), &[vec![], encode(&ClientFrame::Leave), b"panic".to_vec()]);
    assert_eq!(replay(folder.path(), client_frame), Vec::<String>::new());
    let violation = planted().unwrap_err();
    let bears_not = |bytes: &[u8]| match bytes {
        b"panic" => panic!("planted"),
        [_] => planted(),
        _ => Ok(()),
    };
    let found = [format!("seed-01: {violation}"), "seed-02: it panics".to_owned()];
    assert_eq!(replay(folder.path(), bears_not), found);
}

#[test]
fn the_fuzzer_hears_of_what_does_not_hold() {
    assert!(catch_unwind(|| must_hold(planted())).is_err());
    assert!(catch_unwind(|| must_hold(link(b"#tea.meow"))).is_ok());
}
