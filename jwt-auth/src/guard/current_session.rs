//! The session of the caller, to end it.

use std::any::type_name;

use rocket::request::{FromRequest, Outcome};
use rocket::{Ignite, Request, Rocket, Sentinel, async_trait};

use super::bearer::header;
use super::cross_site::check_unless_program;
use super::launch::abort_without_fairing;
use super::outgoing::{MAX_ENDED, Outgoing};
use super::signed_in::SignedOut;
use super::state::{RequestState, jwt_auth, reject};
use crate::auth::Source;
use crate::cookies::{Found, find, find_all};
use crate::error::AuthError;
use crate::jwt_auth::JwtAuth;

/// The session that the token of a request names, whether or not the token has expired. There may be none.
///
/// Use it to sign the caller out, with [`JwtAuth::sign_out`]. It does not authenticate anyone: the session may have ended.
/// A `Bearer` header decides alone; otherwise, the session cookies count. As a guard, it rejects a request with 403
/// `cross_origin` if it has cookies and a page of another site caused it, unless its method is `GET`, `HEAD` or `OPTIONS`:
/// do not sign users out by `GET`. `Debug` shows no token.
#[derive(Clone)]
pub struct CurrentSession<'r> {
    /// More than one if the request has several cookies of one name.
    access_tokens: Vec<&'r str>,
    refresh_token: Option<&'r str>,
    source: Source,
}

impl<'r> CurrentSession<'r> {
    /// Returns the refresh token of the session cookies, for a refresh route written by hand: pass it to
    /// [`JwtAuth::refresh`], and return the pair as [`SignedIn`](crate::SignedIn). Returns `None` if there is none, or if it
    /// is not of the same session as the access token.
    ///
    /// An app that has [users](crate::Fairing::users) needs no such route, because requests renew their tokens.
    pub fn refresh_token(&self) -> Option<&'r str> {
        self.refresh_token
    }

    /// Returns the session that the token of a request names.
    pub(crate) fn of(request: &'r Request<'_>) -> Result<Self, AuthError> {
        let auth = jwt_auth(request)?;
        if let Some(bearer) = header(request)? {
            return Ok(Self { access_tokens: vec![bearer], refresh_token: None, source: Source::Header });
        }
        let Some(cookies) = auth.cookies() else {
            return Ok(Self { access_tokens: Vec::new(), refresh_token: None, source: Source::Cookie });
        };
        check_unless_program(request, cookies)?;
        let access_tokens: Vec<&str> = find_all(request, cookies.access_name()).take(MAX_ENDED).collect();
        let refresh_tokens = find(request, cookies.refresh_name());
        if access_tokens.len() > 1 || refresh_tokens == Found::Several {
            RequestState::of(request).offer_outgoing(Outgoing::Expire);
        }
        let refresh_token = match (&*access_tokens, refresh_tokens) {
            ([access_token], Found::One(token)) if auth.engine().are_of_one_session(access_token, token) => {
                Some(token)
            }
            _ => None,
        };
        Ok(Self { access_tokens, refresh_token, source: Source::Cookie })
    }

    /// Returns whether a refresh token belongs to the session of the browser's cookies.
    pub(crate) fn has_cookies_of(&self, refresh_token: &str, auth: &JwtAuth) -> bool {
        let is_same = |access_token: &&str| auth.engine().are_of_one_session(access_token, refresh_token);
        self.source == Source::Cookie && self.access_tokens.iter().any(is_same)
    }

    /// Returns whether the request names no session.
    pub(crate) fn is_none(&self) -> bool {
        self.access_tokens.is_empty()
    }
}

impl JwtAuth {
    /// Signs the caller out: ends its session, if there is one, and returns a response that makes a browser forget its
    /// cookies.
    ///
    /// # Errors
    ///
    /// [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable), 503: the store did not answer. The browser is still
    /// signed in.
    ///
    /// # Example
    ///
    /// ```
    /// use jwt_auth::{AuthError, CurrentSession, JwtAuth, SignedOut};
    ///
    /// #[rocket::post("/logout")]
    /// async fn logout(session: CurrentSession<'_>, auth: &JwtAuth) -> Result<SignedOut, AuthError> {
    ///     auth.sign_out(&session).await
    /// }
    /// ```
    pub async fn sign_out(&self, session: &CurrentSession<'_>) -> Result<SignedOut, AuthError> {
        for access_token in &session.access_tokens {
            self.engine().end_named_session(access_token).await?;
        }
        Ok(SignedOut::new(session.source == Source::Cookie))
    }
}

impl std::fmt::Debug for CurrentSession<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CurrentSession(…)")
    }
}

#[async_trait]
impl<'r> FromRequest<'r> for CurrentSession<'r> {
    type Error = AuthError;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, AuthError> {
        match Self::of(request) {
            Ok(session) => Outcome::Success(session),
            Err(error) => reject(request, error),
        }
    }
}

impl Sentinel for CurrentSession<'_> {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        abort_without_fairing(type_name::<Self>(), rocket)
    }
}
