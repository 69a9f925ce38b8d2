//! The compiler messages for mistakes, word for word. Valid uses of the macros are in `pass.rs`.
//!
//! `TRYBUILD=overwrite cargo test -p jwt-auth-tests-ui` updates the messages.

use std::panic::catch_unwind;
use std::path::PathBuf;
use std::process::Command;

use trybuild::TestCases;

const CASES: &str = "*/fail/**/*.rs";

/// The toolchain whose messages are recorded: they differ between releases.
const RUSTC: &str = "rustc 1.95.";

#[test]
fn compiler_messages() {
    if has_recorded_messages() {
        // No case of trybuild may pass: with one, trybuild would build the dependencies instead of only checking
        // them, and compile one case at a time.
        TestCases::new().compile_fail(CASES);
        return;
    }
    for case in failing_cases() {
        let compiles = catch_unwind(|| TestCases::new().pass(&case)).is_ok();
        assert!(!compiles, "{} compiles", case.display());
    }
}

fn has_recorded_messages() -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output().expect("rustc runs");
    version.stdout.starts_with(RUSTC.as_bytes())
}

fn failing_cases() -> Vec<PathBuf> {
    glob::glob(CASES).expect("a valid pattern").map(|path| path.expect("the folder can be read")).collect()
}
