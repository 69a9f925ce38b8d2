//! Requests of other sites: they must not use the browser's cookies.

use std::any::type_name;

use rocket::request::{FromRequest, Outcome};
use rocket::{Ignite, Request, Rocket, Sentinel, async_trait};

use super::launch::abort_without_fairing;
use super::state::{RequestState, jwt_auth, reject};
use crate::cookies::{Cookies, Fetch, Found, find};
use crate::error::AuthError;

/// Rejects a request that a page of another site caused, with 403 `cross_origin`, before the body is read. For handlers
/// that change what a browser is signed in as, such as a login written by hand: otherwise, another site could sign its
/// visitors in under an account of its own. `GET`, `HEAD` and `OPTIONS` always pass, since they must not change anything.
///
/// Browsers say where a request comes from, by `Sec-Fetch-Site` or `Origin`. A program that sends neither, and no session
/// cookie and no form, is not rejected. An app without session cookies rejects nothing.
///
/// A guard that reads a token from a cookie makes this check by itself.
///
/// ```
/// # use jwt_auth::{AuthError, Claims, JwtAuth};
/// # #[derive(serde::Serialize, serde::Deserialize)]
/// # struct User { id: u64 }
/// # impl Claims for User { fn subject(&self) -> String { self.id.to_string() } }
/// # async fn check_password(form: &str) -> Option<User> { Some(User { id: 5 }) }
/// use jwt_auth::{SameOrigin, SignedIn};
///
/// #[rocket::post("/login", data = "<form>")]
/// async fn login(_from: SameOrigin, form: &str, auth: &JwtAuth) -> Result<SignedIn, AuthError> {
///     let user = check_password(form).await.ok_or(AuthError::InvalidCredentials)?;
///     Ok(SignedIn::new(auth.generate_tokens(&user).await?))
/// }
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct SameOrigin;

#[async_trait]
impl<'r> FromRequest<'r> for SameOrigin {
    type Error = AuthError;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, AuthError> {
        let checked = jwt_auth(request).and_then(|auth| match auth.cookies() {
            Some(cookies) => check_unless_program(request, cookies),
            None => Ok(()),
        });
        match checked {
            Ok(()) => Outcome::Success(Self),
            Err(error) => reject(request, error),
        }
    }
}

impl Sentinel for SameOrigin {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        abort_without_fairing(type_name::<Self>(), rocket)
    }
}

/// Checks that a request comes from a page that may use cookies, or from a program, which has no such page.
pub(super) fn check_unless_program(request: &Request<'_>, cookies: &Cookies) -> Result<(), AuthError> {
    match is_from_browser(request, cookies) {
        true => check_site(request, cookies),
        false => Ok(()),
    }
}

/// Returns whether a program sent a request, and not a browser that can use session cookies.
pub(crate) fn is_program(request: &Request<'_>) -> bool {
    let cookies = jwt_auth(request).ok().and_then(|auth| auth.cookies());
    !cookies.is_some_and(|cookies| is_from_browser(request, cookies))
}

/// Returns whether a browser sent a request, as far as it shows, and not a program.
pub(super) fn is_from_browser(request: &Request<'_>, cookies: &Cookies) -> bool {
    RequestState::of(request).cookie_read.set();
    Fetch::of(request).is_from_browser()
        || [cookies.access_name(), cookies.refresh_name()]
            .iter()
            .any(|name| find(request, name) != Found::None)
}

/// Checks that a request may use cookies.
pub(super) fn check_site(request: &Request<'_>, cookies: &Cookies) -> Result<(), AuthError> {
    cookies.check_site(&Fetch::of(request)).map_err(|_| AuthError::CrossOrigin)
}
