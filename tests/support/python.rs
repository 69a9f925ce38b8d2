//! The Python that what is written in Python runs on.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// A Python that has what is in `tests/compat/requirements.txt`. Made when it is not there.
///
/// # Panics
///
/// It cannot be had; the message says what to do.
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
            "packages from PyPI are needed for this test and cannot be had:\n{problem}\n\
             tests/run.sh installs Python, if need be, and the packages."
        )
    })
}
