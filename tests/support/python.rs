//! A Python interpreter for the tests that need one.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// A Python environment with the packages in `tests/compat/requirements.txt`, created on first use.
///
/// # Panics
///
/// If the environment cannot be created. The message says what to do.
pub fn python() -> &'static Path {
    static PYTHON: LazyLock<Result<PathBuf, String>> = LazyLock::new(|| {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
        let made = Command::new("sh").arg(tests.join("compat/venv.sh")).output();
        match made {
            Ok(output) if output.status.success() => Ok(tests.join("../target/compat-venv/bin/python")),
            Ok(output) => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
            Err(error) => Err(error.to_string()),
        }
    });
    PYTHON.as_deref().unwrap_or_else(|problem| {
        panic!(
            "this test needs packages from PyPI, which could not be installed:\n{problem}\n\
             tests/run.sh installs Python, if necessary, and the packages."
        )
    })
}
