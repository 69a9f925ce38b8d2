//! What the compiler says of every mistake, and that it accepts what is right.
//!
//! `TRYBUILD=overwrite cargo test -p jwt-auth-tests --test ui` writes the messages anew.

use std::panic::catch_unwind;
use std::path::PathBuf;
use std::process::Command;

use trybuild::TestCases;

/// The toolchain whose messages are kept: they change from one to the next.
const RUSTC: &str = "rustc 1.95.";

#[test]
fn ui() {
    // The two apart: those that fail are then compiled together.
    TestCases::new().pass("ui/*/pass/*.rs");
    if has_kept_messages() {
        TestCases::new().compile_fail("ui/*/fail/*.rs");
        return;
    }
    for case in failing() {
        let compiles = catch_unwind(|| TestCases::new().pass(&case)).is_ok();
        assert!(!compiles, "{} compiles", case.display());
    }
}

fn has_kept_messages() -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output().expect("rustc runs");
    version.stdout.starts_with(RUSTC.as_bytes())
}

fn failing() -> Vec<PathBuf> {
    let list = |dir: PathBuf| dir.read_dir().into_iter().flatten().flatten().map(|entry| entry.path());
    list("ui".into())
        .flat_map(|of| list(of.join("fail")))
        .filter(|case| case.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}
