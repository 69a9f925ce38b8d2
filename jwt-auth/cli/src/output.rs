//! Results on the standard output.

use std::io::Write;
use std::process::ExitCode;

use serde::Serialize;

/// The standard output.
pub(crate) type Out = dyn Write;

/// Writes a result as JSON.
pub(crate) fn json(out: &mut Out, result: &impl Serialize) -> std::io::Result<()> {
    writeln!(out, "{}", serde_json::to_string_pretty(result).expect("text, numbers and times serialize"))
}

/// Returns the exit status for a command whose answer is yes or no.
pub(crate) fn status(yes: bool) -> ExitCode {
    if yes { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
