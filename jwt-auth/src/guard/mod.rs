//! Request guards: from a request to what its bearer may do.
//!
//! All of them answer with an error, so that no route of a lower rank can stand in for one that refused.
//! The one exception is a condition of a policy about a parameter that does not parse: a handler's own
//! parameter would forward there as well.

mod auth;
mod authorized;
mod bearer;
mod catcher;
mod challenge;
mod credentials;
#[cfg(feature = "testing")]
pub(crate) mod decision;
mod maybe;
mod trace;
mod vary;

use std::any::type_name;

use rocket::request::{FromRequest, Outcome, Request};
use rocket::{Ignite, Rocket, Sentinel, async_trait};

use crate::claims::Claims;
use crate::error::AuthError;
use crate::jwt_auth::JwtAuth;

pub(crate) use auth::{claims_by_ref, claims_by_value};
pub use authorized::Authorized;
pub use bearer::BearerToken;
#[cfg(feature = "utoipa")]
pub(crate) use catcher::Body;
pub use catcher::catchers;
#[cfg(feature = "utoipa")]
pub(crate) use challenge::is_challenged;
pub use credentials::{Credentials, MalformedCredentials};
pub use maybe::MaybeAuth;
pub(crate) use trace::complete;

/// Refuses a request, and remembers why for the challenge and the catcher.
fn refuse<T>(request: &Request<'_>, error: AuthError) -> Outcome<T, AuthError> {
    let status = error.status();
    trace::failed(request, &error);
    Outcome::Error((status, error))
}

/// The toolkit, as the fairing left it.
fn jwt_auth<'r>(request: &'r Request<'_>) -> Result<&'r JwtAuth, AuthError> {
    request.rocket().state().ok_or_else(|| AuthError::internal("`JwtAuth::fairing()` is not attached"))
}

/// Whether the launch must stop because `T` cannot work; if so, says why.
pub(crate) fn abort_without_fairing<T>(rocket: &Rocket<Ignite>) -> bool {
    let missing = rocket.state::<JwtAuth>().is_none();
    if missing {
        log::error!(
            "jwt-auth: a route uses `{}`, and `JwtAuth::fairing()` is not attached: \
             write `rocket::build().attach(JwtAuth::fairing())`",
            type_name::<T>()
        );
    }
    missing
}

/// Whether the launch must stop because a guard `T` could not tell tokens to be of the claims `C`; if so, says
/// why.
pub(crate) fn abort_without_issuer<T, C: Claims>(rocket: &Rocket<Ignite>) -> bool {
    let Some(auth) = rocket.state::<JwtAuth>() else { return abort_without_fairing::<T>(rocket) };
    let problem = auth.verifier().check_kinds(C::KINDS).err();
    if let Some(problem) = &problem {
        log::error!("jwt-auth: a route asks for `{}`: {problem}", type_name::<C>());
    }
    problem.is_some()
}

/// Whether the launch must stop because the store is to be asked about sessions of other issuers; if so, says
/// why.
fn abort_strict<C: Claims>() -> bool {
    let foreign = C::KINDS.iter().find_map(|kind| Some((kind.name(), kind.issuer?)));
    if let Some((name, issuer)) = foreign {
        log::error!(
            "jwt-auth: a route with `#[require_auth(strict)]` asks the store about the session of a token, and those \
             of `{name}`, of {issuer}, have none here: take `strict` away, or ask for claims of this app"
        );
    }
    foreign.is_some()
}

#[async_trait]
impl<'r> FromRequest<'r> for &'r JwtAuth {
    type Error = AuthError;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, AuthError> {
        match jwt_auth(request) {
            Ok(auth) => Outcome::Success(auth),
            Err(error) => refuse(request, error),
        }
    }
}

impl Sentinel for &JwtAuth {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        abort_without_fairing::<Self>(rocket)
    }
}
