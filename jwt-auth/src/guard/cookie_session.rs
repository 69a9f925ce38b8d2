//! The session of a browser, to end it.

use rocket::request::{FromRequest, Outcome};
use rocket::{Ignite, Request, Rocket, Sentinel, async_trait};

use super::cross_site::{check_site, is_from_browser};
use super::launch::abort_without_fairing;
use super::signed_in::SignedOut;
use super::state::{jwt_auth, reject};
use crate::cookies::{Found, find};
use crate::error::AuthError;
use crate::jwt_auth::JwtAuth;

/// The session that the browser's cookies name, whether or not its access token has expired. There may be none.
///
/// Use it to sign the browser out, with [`JwtAuth::sign_out`]. It does not authenticate anyone: the session may have ended.
/// As a guard, it rejects a request that a page of another site caused with 403 `cross_origin`, so that no other site can
/// sign a user out. `Debug` shows no token.
#[derive(Clone, Copy)]
pub struct CookieSession<'r> {
    access_token: Option<&'r str>,
    refresh_token: Option<&'r str>,
}

impl<'r> CookieSession<'r> {
    /// Returns the refresh token, for a refresh route written by hand: pass it to [`JwtAuth::refresh`], and return the pair
    /// as [`SignedIn`](crate::SignedIn). Returns `None` if there is none, or if it is not of the same session as the access
    /// token.
    ///
    /// An app that has [users](crate::Fairing::users) needs no such route, because requests renew their tokens.
    pub fn refresh_token(&self) -> Option<&'r str> {
        self.refresh_token
    }
}

impl JwtAuth {
    /// Signs a browser out: ends its session, if there is one, and returns a response that makes the browser forget its
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
    /// use jwt_auth::{AuthError, CookieSession, JwtAuth, SignedOut};
    ///
    /// #[rocket::post("/logout")]
    /// async fn logout(browser: CookieSession<'_>, auth: &JwtAuth) -> Result<SignedOut, AuthError> {
    ///     auth.sign_out(&browser).await
    /// }
    /// ```
    pub async fn sign_out(&self, browser: &CookieSession<'_>) -> Result<SignedOut, AuthError> {
        if let Some(access_token) = browser.access_token {
            self.engine().end_named_session(access_token).await?;
        }
        Ok(SignedOut::new())
    }
}

impl std::fmt::Debug for CookieSession<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CookieSession(…)")
    }
}

#[async_trait]
impl<'r> FromRequest<'r> for CookieSession<'r> {
    type Error = AuthError;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, AuthError> {
        match read(request) {
            Ok(session) => Outcome::Success(session),
            Err(error) => reject(request, error),
        }
    }
}

fn read<'r>(request: &'r Request<'_>) -> Result<CookieSession<'r>, AuthError> {
    let auth = jwt_auth(request)?;
    let none = CookieSession { access_token: None, refresh_token: None };
    let Some(cookies) = auth.cookies() else { return Ok(none) };
    if is_from_browser(request, cookies) {
        check_site(request, cookies)?;
    }
    let Found::One(access_token) = find(request, cookies.access_name()) else { return Ok(none) };
    let refresh_token = match find(request, cookies.refresh_name()) {
        Found::One(token) if auth.engine().are_of_one_session(access_token, token) => Some(token),
        _ => None,
    };
    Ok(CookieSession { access_token: Some(access_token), refresh_token })
}

impl Sentinel for CookieSession<'_> {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        abort_without_fairing::<Self>(rocket)
    }
}
