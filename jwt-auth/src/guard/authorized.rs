//! The guard that `#[require_auth]` puts before all others of a route.

use std::marker::PhantomData;

use rocket::request::{FromRequest, Outcome, Request};
use rocket::{Ignite, Rocket, Sentinel, async_trait};

use super::auth::{authenticate, check_session};
use super::{abort_without_fairing, jwt_auth, refuse};
use crate::error::AuthError;
use crate::policy::{Policy, Stop};

/// Proof that the request's bearer meets the policy `P`; of an optional one, that there is none or that the
/// token is valid.
///
/// `#[require_auth]` makes it a route's first parameter, so that a request is refused before its
/// path, its query and its body are parsed, but for what the policy's conditions are about. If that does
/// not parse, and the decision hangs on it, the guard forwards as the handler's own would. By hand it
/// works as well, as in a function that only an authorized handler shall be able to call.
pub struct Authorized<P>(PhantomData<fn() -> P>);

#[async_trait]
impl<'r, P: Policy> FromRequest<'r> for Authorized<P> {
    type Error = AuthError;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, AuthError> {
        let decided = decide::<P>(request).await;
        #[cfg(feature = "testing")]
        if super::decision::is_all(request, &decided) {
            return Outcome::Error((
                rocket::http::Status::NoContent,
                AuthError::internal("an audit calls no handler"),
            ));
        }
        match decided {
            Ok(()) => Outcome::Success(Self(PhantomData)),
            Err(Stop::Refuse(error)) => refuse(request, error),
            Err(Stop::Guard(status, error)) => Outcome::Error((status, error)),
            Err(Stop::Forward(status)) => Outcome::Forward(status),
        }
    }
}

async fn decide<P: Policy>(request: &Request<'_>) -> Result<(), Stop> {
    let auth = match authenticate::<P::Claims>(request).await {
        Err(AuthError::Unauthorized) if P::OPTIONAL => return Ok(()),
        auth => auth.map_err(AuthError::clone)?,
    };
    if P::STRICT {
        check_session(request, auth).await?;
    }
    let jwt_auth = jwt_auth(request)?;
    P::REQUIREMENT.permit(auth, &|| jwt_auth.now(), jwt_auth.settings().leeway, request).await
}

impl<P: Policy> Sentinel for Authorized<P> {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        abort_without_fairing::<Self>(rocket) || P::REQUIREMENT.abort(rocket)
    }
}
