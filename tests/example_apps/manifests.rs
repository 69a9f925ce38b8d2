//! The manifests of the examples.

use std::fs;
use std::path::Path;

use crate::read;

/// A copy of an example has neither this workspace nor the crates in it.
#[test]
fn an_example_can_be_copied_out_of_the_repository() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let mut count = 0;
    for entry in fs::read_dir(examples).expect("the directory can be read").flatten() {
        let name = entry.file_name().into_string().expect("the name is UTF-8");
        if !entry.path().join("Cargo.toml").exists() {
            continue;
        }
        let manifest = read(&format!("examples/{name}/Cargo.toml"));
        assert!(!manifest.contains("workspace"), "{name}: the manifest inherits from the workspace");
        for line in manifest.lines() {
            let is_foreign = line.contains("path =") || line.contains("git =");
            assert!(!is_foreign, "{name}: a dependency is not from crates.io: {line}");
        }
        assert!(manifest.contains("\njwt-auth = "), "{name}");
        count += 1;
    }
    assert!(count >= 5, "only {count} examples were found");
}

/// Otherwise, the examples do not accept the version of this workspace, and depend on a published one.
#[test]
fn the_examples_use_the_crate_of_this_workspace() {
    let lock = read("Cargo.lock");
    assert_eq!(lock.matches("\nname = \"jwt-auth\"\n").count(), 1);
}

/// Only the crate itself, behind `Passwords`. Otherwise, an example would hash passwords without its limits.
#[test]
fn no_example_hashes_passwords_by_itself() {
    let lock = read("Cargo.lock");
    let packages = lock.split("\n[[package]]\n").skip(1);
    let dependents = packages.filter(|package| package.contains("\n \"argon2\",\n"));
    let names: Vec<_> = dependents.filter_map(|package| package.lines().next()).collect();
    assert_eq!(names, [r#"name = "jwt-auth""#]);
}
