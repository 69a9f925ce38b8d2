//! The token that counts: of an `Authorization` header, which decides alone, or else of a cookie.

use rocket::Request;

use super::bearer::header;
use super::cross_site::check_site;
use super::outgoing::Outgoing;
use super::state::{RequestState, jwt_auth};
use crate::auth::Source;
use crate::cookies::{Found, find};
use crate::error::{AuthError, InvalidToken};

/// The token of a request, as it was sent or renewed.
#[derive(Clone, Copy)]
pub(super) struct RequestToken<'r> {
    pub(super) text: &'r str,
    pub(super) source: Source,
    /// Whether this request has replaced the token that it came with.
    pub(super) is_renewed: bool,
}

/// Returns the token of a request, or `None` if it has none that counts. It is not verified.
///
/// # Errors
///
/// The header is malformed, or the request has cookies that it may not use.
pub(super) fn token<'r>(request: &'r Request<'_>) -> Result<Option<RequestToken<'r>>, AuthError> {
    let state = RequestState::of(request);
    state.token_read.set();
    let bearer = |text| RequestToken { text, source: Source::Header, is_renewed: false };
    let Some(cookies) = jwt_auth(request)?.cookies() else { return Ok(header(request)?.map(bearer)) };
    let rules = state.rules(request);
    match (header(request)?, rules.source) {
        (Some(_), Some(Source::Cookie)) | (None, Some(Source::Header)) => return Ok(None),
        (Some(text), _) => return Ok(Some(bearer(text))),
        (None, _) => {}
    }

    let cookie = |text, is_renewed| RequestToken { text, source: Source::Cookie, is_renewed };
    if let Some(renewed) = state.renewed() {
        return Ok(Some(cookie(&renewed.token, true)));
    }
    state.cookie_read.set();
    let found = find(request, cookies.access_name());
    if found != Found::None && !rules.cross_origin {
        check_site(request, cookies)?;
    }
    match found {
        Found::None => Ok(None),
        Found::One(text) => Ok(Some(cookie(text, false))),
        Found::Several => {
            state.offer_outgoing(Outgoing::Expire);
            Err(InvalidToken::RepeatedCookie.into())
        }
    }
}

/// Returns whether a caller whose token was rejected counts as anonymous where a token is optional. A browser sends a cookie
/// unasked, so one that does not verify must not lock its user out of such a page. A header is sent on purpose.
pub(super) fn is_anonymous(request: &Request<'_>, error: &AuthError) -> bool {
    match error {
        AuthError::Unauthorized => true,
        AuthError::CrossOrigin => false,
        // The browser would show the page for anonymous visitors to a user who is signed in. It discards an error.
        _ if RequestState::of(request).renewal_skipped.is_set() => false,
        _ => {
            jwt_auth(request).is_ok_and(|auth| auth.cookies().is_some())
                && matches!(header(request), Ok(None))
        }
    }
}
