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

/// The session that the browser's cookies name, whether its access token has expired or not. There may be none.
///
/// It shows who is signed in only for a sign-out: see [`JwtAuth::sign_out`]. As a guard, it rejects a request that a page of
/// another site has caused with 403 `cross_origin`, so that no other site can sign a user out. `Debug` shows no token.
#[derive(Clone, Copy)]
pub struct CookieSession<'r> {
    access_token: Option<&'r str>,
}

impl JwtAuth {
    /// Signs a browser out: ends its session, and returns a response that makes the browser forget its cookies. Nothing is
    /// wrong if there is no session.
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
        let read = || {
            let Some(cookies) = jwt_auth(request)?.cookies() else { return Ok(None) };
            if is_from_browser(request, cookies) {
                check_site(request, cookies)?;
            }
            Ok(match find(request, cookies.access_name()) {
                Found::One(token) => Some(token),
                Found::None | Found::Several => None,
            })
        };
        match read() {
            Ok(access_token) => Outcome::Success(Self { access_token }),
            Err(error) => reject(request, error),
        }
    }
}

impl Sentinel for CookieSession<'_> {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        abort_without_fairing::<Self>(rocket)
    }
}
