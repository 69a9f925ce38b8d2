//! OpenAPI documents, as others read them.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::python;

/// Sees that a document is what it says that it is, by the schema of the OpenAPI Initiative and the rules beside it:
/// references lead somewhere, ids are there once, parameters are those of the path.
///
/// # Panics
///
/// It is not.
pub fn assert_is_openapi(document: &Value) {
    let mut validator = Command::new(python())
        .args(["-m", "openapi_spec_validator", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the validator starts");
    let mut stdin = validator.stdin.take().expect("stdin is piped");
    write!(stdin, "{document}").expect("the validator reads");
    drop(stdin);
    let output = validator.wait_with_output().expect("the validator ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
