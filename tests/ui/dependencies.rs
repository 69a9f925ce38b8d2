//! The crates that the cases depend on, as they were compiled for the tests.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use serde::Deserialize;

const CRATES: [&str; 4] = ["jwt_auth", "rocket", "serde", "utoipa"];

/// What is compiled: by default, what `cargo test -p jwt-auth-tests-ui` compiles. A run of all tests sets this variable to
/// `--workspace`, because Cargo then compiles dependencies with the features that any package needs.
const PACKAGES: &str = "UI_PACKAGES";

/// A line of `cargo test --message-format=json`. Only those about artifacts have files.
#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    target: Target,
    #[serde(default)]
    features: Vec<String>,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

#[derive(Default, Deserialize)]
struct Target {
    name: String,
}

/// The arguments with which rustc finds the crates.
pub(crate) fn arguments() -> Vec<OsString> {
    let crates = compiled();
    let mut arguments: Vec<OsString> = Vec::new();
    for name in CRATES {
        let (_, file) = crates.get(name).unwrap_or_else(|| panic!("{name} is a dependency"));
        arguments.extend(["--extern".into(), format!("{name}={}", file.display()).into()]);
    }
    let folder = crates["jwt_auth"].1.parent().expect("a file is in a folder");
    arguments.extend(["-L".into(), format!("dependency={}", folder.display()).into()]);
    arguments
}

/// The libraries by name, each with its number of features. Macros may use the same library with fewer features.
fn compiled() -> BTreeMap<String, (usize, PathBuf)> {
    let packages = std::env::var(PACKAGES).unwrap_or_else(|_| "--package=jwt-auth-tests-ui".into());
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["test", &packages, "--locked", "--no-run", "--message-format=json"])
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut crates = BTreeMap::new();
    for message in serde_json::Deserializer::from_slice(&output.stdout).into_iter() {
        let message: Message = message.expect("a message of cargo");
        let library =
            message.filenames.into_iter().find(|file| file.extension().is_some_and(|e| e == "rlib"));
        if let Some(library) = library {
            let known: &mut (usize, PathBuf) = crates.entry(message.target.name).or_default();
            *known = std::mem::take(known).max((message.features.len(), library));
        }
    }
    crates
}
