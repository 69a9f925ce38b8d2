//! The guard that `#[require_auth]` puts before all others of a route.

use rocket::request::{FromRequest, Outcome, Request};
use rocket::{Ignite, Rocket, Sentinel, async_trait};

use super::auth::{authenticate, check_session};
use super::{abort_strict, abort_without_issuer, jwt_auth, refuse};
use crate::auth::Auth;
use crate::claims::Claims;
use crate::error::AuthError;
use crate::policy::{Policy, PolicyOver, Requirement, Stop};

/// Proof that the request's bearer meets the policy `P`; of an optional one, that there is none or that the
/// token is valid.
///
/// `#[require_auth]` makes it a route's first parameter, so that a request is refused before its
/// path, its query and its body are parsed, but for what the policy's conditions are about. If that does
/// not parse, and the decision hangs on it, the guard forwards as the handler's own would. A parameter
/// `Auth<…>` of the same claims is taken from it, and is no guard of its own. By hand it works as well, as in
/// a function that only an authorized handler shall be able to call.
pub struct Authorized<P: Policy>(Option<Auth<P::Claims>>);

impl<P: Policy> Authorized<P> {
    /// The claims that met the policy; none of a caller without a token, whom an optional policy lets in.
    pub fn into_auth(self) -> Option<Auth<P::Claims>> {
        self.0
    }
}

#[async_trait]
impl<'r, P: Policy> FromRequest<'r> for Authorized<P> {
    type Error = AuthError;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, AuthError> {
        let rules = Rules { optional: P::OPTIONAL, strict: P::STRICT, requirement: P::KEPT };
        authorize(request, rules).await.map(Self)
    }
}

impl<P: Policy> Sentinel for Authorized<P> {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        abort_without_issuer::<Self, P::Claims>(rocket)
            || (P::STRICT && abort_strict::<P::Claims>())
            || P::KEPT.abort(rocket)
    }
}

/// What a policy says. Code over this, and not over the policy, is compiled once for all routes.
struct Rules<C: 'static> {
    optional: bool,
    strict: bool,
    requirement: &'static Requirement<C>,
}

async fn authorize<C: Claims>(request: &Request<'_>, rules: Rules<C>) -> Outcome<Option<Auth<C>>, AuthError> {
    let decided = decide(request, rules).await;
    #[cfg(feature = "testing")]
    if super::decision::is_all(request, &decided) {
        return Outcome::Error((
            rocket::http::Status::NoContent,
            AuthError::internal("an audit calls no handler"),
        ));
    }
    match decided {
        Ok(auth) => Outcome::Success(auth.cloned()),
        Err(Stop::Refuse(error)) => refuse(request, error),
        Err(Stop::Guard(status, error)) => Outcome::Error((status, error)),
        Err(Stop::Forward(status)) => Outcome::Forward(status),
    }
}

async fn decide<'r, C: Claims>(
    request: &'r Request<'_>,
    rules: Rules<C>,
) -> Result<Option<&'r Auth<C>>, Stop> {
    let auth = match authenticate::<C>(request).await {
        Err(AuthError::Unauthorized) if rules.optional => return Ok(None),
        auth => auth.map_err(AuthError::clone)?,
    };
    if rules.strict {
        check_session(request, auth).await?;
    }
    let jwt_auth = jwt_auth(request)?;
    rules.requirement.permit(auth, &|| jwt_auth.now(), jwt_auth.settings().leeway, request).await?;
    Ok(Some(auth))
}
