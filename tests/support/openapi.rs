//! OpenAPI documents, checked by an independent validator.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::python;

/// Asserts that a document is valid OpenAPI. It must match the schema of the OpenAPI Initiative and follow its rules for
/// references, unique ids and path parameters.
///
/// # Panics
///
/// If the document is invalid.
pub fn assert_is_openapi(document: &Value) {
    let mut validator = Command::new(python())
        .args(["-m", "openapi_spec_validator", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the validator starts");
    let mut stdin = validator.stdin.take().expect("stdin is piped");
    write!(stdin, "{document}").expect("the validator reads its input");
    drop(stdin);
    let output = validator.wait_with_output().expect("the validator exits");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
