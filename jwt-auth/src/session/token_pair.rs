//! The response to a login or a refresh.

use std::fmt;
use std::time::Duration;

use rocket::Request;
use rocket::http::Header;
use rocket::response::{self, Responder, Response};
use rocket::serde::json::Json;
use serde::Serialize;

/// An access token and a refresh token. As a response, this is the JSON of RFC 6749, section 5.1, with
/// `Cache-Control: no-store`.
///
/// `Debug` does not show the tokens.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(
    feature = "utoipa",
    derive(utoipa::ToSchema),
    schema(description = "An access token and a refresh token (RFC 6749, section 5.1).")
)]
#[non_exhaustive]
pub struct TokenPair {
    /// The token for protected routes.
    pub access_token: String,
    /// The token that a refresh exchanges for the next pair.
    pub refresh_token: String,
    /// Always `bearer`.
    pub token_type: &'static str,
    /// The lifetime of the access token, in seconds.
    pub expires_in: u64,
    /// The lifetime of the refresh token if it is not used, in seconds: until the idle end of the session, or until its
    /// absolute end if that is earlier.
    pub refresh_expires_in: u64,
    /// Whether a browser remembers the session when it is closed.
    #[serde(skip)]
    remember: bool,
}

impl TokenPair {
    /// Creates a pair of tokens with their lifetimes.
    pub(crate) fn new(access: (String, Duration), refresh: (String, Duration)) -> Self {
        Self {
            access_token: access.0,
            refresh_token: refresh.0,
            token_type: "bearer",
            expires_in: access.1.as_secs(),
            // Rounded: a login takes a few milliseconds.
            refresh_expires_in: (refresh.1 + Duration::from_millis(500)).as_secs(),
            remember: false,
        }
    }

    pub(crate) fn remembered(self, remember: bool) -> Self {
        Self { remember, ..self }
    }

    pub(crate) fn is_remembered(&self) -> bool {
        self.remember
    }
}

impl fmt::Debug for TokenPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenPair").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

impl<'r> Responder<'r, 'static> for TokenPair {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        Response::build_from(Json(self).respond_to(request)?)
            .header(Header::new("Cache-Control", "no-store"))
            .ok()
    }
}
