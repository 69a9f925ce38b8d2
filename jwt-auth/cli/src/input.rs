//! A token on the standard input.

use std::io::Read;

use crate::failure::Failure;

/// The standard input.
pub(crate) type Input = dyn Read;

/// The maximum length of the input, more than any token that is accepted.
const LONGEST: u64 = 64 * 1024;

/// Reads a token, with or without the header or the scheme that it was sent with.
pub(crate) fn token(input: &mut Input, command: &'static str) -> Result<String, Failure> {
    let mut text = String::new();
    input.take(LONGEST).read_to_string(&mut text).map_err(Failure::Read)?;
    let token = text.trim();
    let token = token.strip_prefix("Authorization:").unwrap_or(token).trim();
    let token = token.strip_prefix("Bearer ").unwrap_or(token).trim();
    match token.is_empty() {
        true => Err(Failure::NoToken(command)),
        false => Ok(token.to_owned()),
    }
}
