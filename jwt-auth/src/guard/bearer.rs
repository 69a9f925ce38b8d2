//! The `Authorization` header (RFC 6750, section 2.1). Tokens in a query or in a form are ignored (RFC 9700, section
//! 4.3.2).

use std::any::type_name;

use rocket::request::{FromRequest, Outcome, Request};
use rocket::{Ignite, Rocket, Sentinel, async_trait};

use super::launch::abort_without_fairing;
use super::state::{RequestState, reject};
use super::token::{RequestToken, token};
use crate::auth::Source;
use crate::error::{AuthError, InvalidRequest, InvalidToken};

/// The text of the request's bearer token, for passing it on to another service. **Only its syntax is checked**: on a
/// route with `#[require_auth]`, the token is valid; on other routes, it may be forged.
///
/// A request without a token is rejected with 401. A request with a malformed `Authorization` header, or with more than
/// one, is rejected with 400. `Debug` does not show the token.
///
/// # Example
///
/// ```
/// use jwt_auth::BearerToken;
///
/// #[rocket::get("/length")]
/// fn length(token: BearerToken<'_>) -> String {
///     token.as_str().len().to_string()
/// }
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BearerToken<'r> {
    text: &'r str,
    source: Source,
}

impl<'r> BearerToken<'r> {
    /// Returns the token.
    pub fn as_str(&self) -> &'r str {
        self.text
    }

    /// Returns where the request had the token.
    pub fn source(&self) -> Source {
        self.source
    }
}

impl std::fmt::Debug for BearerToken<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BearerToken(…)")
    }
}

#[async_trait]
impl<'r> FromRequest<'r> for BearerToken<'r> {
    type Error = AuthError;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, AuthError> {
        match token(request) {
            Ok(Some(RequestToken { text, source, .. })) => match text.trim_end_matches('=') {
                unpadded if unpadded.is_empty() || !is_b64token(unpadded) => {
                    reject(request, InvalidToken::Malformed.into())
                }
                _ => {
                    if source == Source::Cookie {
                        RequestState::of(request).cookie_accepted.set();
                    }
                    Outcome::Success(Self { text, source })
                }
            },
            Ok(None) => reject(request, AuthError::Unauthorized),
            Err(error) => reject(request, error),
        }
    }
}

impl Sentinel for BearerToken<'_> {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        abort_without_fairing(type_name::<Self>(), rocket)
    }
}

/// Returns the token in the `Authorization` header of a request, or `None` if there is no header, it has another scheme or
/// nothing follows `Bearer`: some clients send that when they have no token.
pub(super) fn header<'r>(request: &'r Request<'_>) -> Result<Option<&'r str>, AuthError> {
    let mut headers = request.headers().get("Authorization");
    let Some(header) = headers.next() else { return Ok(None) };
    if headers.next().is_some() {
        return Err(AuthError::InvalidRequest(InvalidRequest::Repeated));
    }
    parse(header).map_err(AuthError::InvalidRequest)
}

/// Parses `Bearer` in upper or lower case, spaces, and a `b64token`.
fn parse(header: &str) -> Result<Option<&str>, InvalidRequest> {
    let (scheme, token) = header.split_once(' ').unwrap_or((header, ""));
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return Ok(None);
    }
    let token = token.trim_start_matches(' ');
    if token.is_empty() {
        return Ok(None);
    }
    let unpadded = token.trim_end_matches('=');
    if unpadded.is_empty() || !is_b64token(unpadded) {
        return Err(InvalidRequest::Malformed);
    }
    Ok(Some(token))
}

/// Returns whether all characters are allowed in a token. The compiler can vectorize this form, in which the first range
/// contains `-`, `.`, `/` and the digits.
fn is_b64token(token: &str) -> bool {
    token.bytes().fold(true, |is, byte| {
        let is_symbol = (byte == b'_') | (byte == b'~') | (byte == b'+');
        is & (matches!(byte, b'-'..=b'9') | byte.is_ascii_alphabetic() | is_symbol)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_the_characters_of_rfc_6750() {
        for byte in 0..=u8::MAX {
            let is_allowed = byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
            assert_eq!(is_b64token(&char::from(byte).to_string()), is_allowed, "{byte:#x}");
        }
    }

    #[test]
    fn authorization_headers_are_parsed() {
        for (header, expected) in [
            ("Bearer abc.def-_~+/", Ok(Some("abc.def-_~+/"))),
            ("bEaReR abc", Ok(Some("abc"))),
            ("Bearer   abc==", Ok(Some("abc=="))),
            ("Basic YTpi", Ok(None)),
            ("Bearerabc", Ok(None)),
            ("", Ok(None)),
            ("Bearer", Ok(None)),
            ("Bearer ", Ok(None)),
            ("Bearer ==", Err(InvalidRequest::Malformed)),
            ("Bearer a b", Err(InvalidRequest::Malformed)),
            ("Bearer a, Bearer b", Err(InvalidRequest::Malformed)),
            ("Bearer a=b", Err(InvalidRequest::Malformed)),
            ("Bearer a\t", Err(InvalidRequest::Malformed)),
            ("Bearer é", Err(InvalidRequest::Malformed)),
            ("Bearer \"a\"", Err(InvalidRequest::Malformed)),
        ] {
            assert_eq!(parse(header), expected, "{header:?}");
        }
    }
}
