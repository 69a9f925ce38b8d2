//! The guard that `#[require_auth]` puts before all other guards of a route.

use std::any::type_name;

use rocket::request::{FromRequest, Outcome, Request};
use rocket::{Ignite, Rocket, Sentinel, async_trait};

use super::auth::{authenticate, check_session};
use super::launch::{abort_strict, abort_without_cookies, abort_without_issuer};
use super::state::{RequestState, deny, jwt_auth, reject};
use super::token::is_anonymous;
use crate::auth::{AnyAuth, Auth, Source};
use crate::claims::Claims;
use crate::error::AuthError;
use crate::owner::Owner;
use crate::policy::{CheckFailure, Policy, Rules};

/// Proof that the request's bearer meets the policy `P` or, for an optional policy, that the token is absent or valid.
///
/// A function that takes this guard can be called only for a caller who meets the policy. The policy must be a named one
/// without parameters.
///
/// `#[require_auth]` puts a similar guard before the parameters of a route, so a request is rejected before its path, query
/// and body are parsed, except for the parameters that the conditions of its rule take. If one of these does not parse and
/// the decision depends on it, the guard forwards, as the handler's own parameter would.
///
/// # Example
///
/// ```
/// # #[cfg(feature = "macros")] mod app {
/// # use jwt_auth::{Authorized, Claims, policy, require_auth};
/// # use rocket::delete;
/// # #[derive(Claims, serde::Serialize, serde::Deserialize)]
/// # struct User { #[claims(subject)] id: u64, #[claims(roles)] roles: Vec<String> }
/// #[policy(User, role = "admin")]
/// struct AdminOnly;
///
/// fn delete_user(id: u64, _: Authorized<AdminOnly>) { /* … */ }
///
/// #[require_auth(policy = AdminOnly)]
/// #[delete("/users/<id>")]
/// fn delete(id: u64, admin: Authorized<AdminOnly>) {
///     delete_user(id, admin);
/// }
/// # }
/// ```
pub struct Authorized<P: Policy>(Option<Auth<P::Claims>>);

impl<P: Policy> Authorized<P> {
    /// Returns the claims that met the policy, or `None` for a caller without a token, whom an optional policy lets in.
    pub fn into_auth(self) -> Option<Auth<P::Claims>> {
        self.0
    }
}

#[async_trait]
impl<'r, P: Policy> FromRequest<'r> for Authorized<P> {
    type Error = AuthError;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, AuthError> {
        let outcome = authorize(request, const { &Rules::of::<P>() }).await;
        outcome.map(|auth| Self(auth.map(|auth| auth.clone().typed())))
    }
}

impl<P: Policy> Sentinel for Authorized<P> {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        abort(type_name::<Self>(), const { &Rules::of::<P>() }, rocket)
    }
}

/// Returns whether the launch must stop because the policy cannot be decided, and logs the reason. `guard` is the name of
/// the guard that decides it.
pub(super) fn abort<C: Claims>(guard: &'static str, rules: &Rules<C>, rocket: &Rocket<Ignite>) -> bool {
    abort_without_issuer::<C>(guard, rocket)
        || (rules.strict && abort_strict::<C>())
        || (rules.source == Some(Source::Cookie) && abort_without_cookies(rocket))
        || rules.requirement.abort(rocket)
}

pub(super) async fn authorize<'r, C: Claims>(
    request: &'r Request<'_>,
    rules: &Rules<C>,
) -> Outcome<Option<&'r AnyAuth>, AuthError> {
    let or_not_found = rules.or_not_found;
    let decision = decide(request, rules).await;
    #[cfg(feature = "testing")]
    if let Some(outcome) = super::audit::intercept(request, &decision, or_not_found) {
        return outcome;
    }
    match decision {
        Ok(auth) => Outcome::Success(auth),
        Err(CheckFailure::Reject(
            error @ (AuthError::InsufficientScope(_) | AuthError::InsufficientUserAuthentication(_)),
        )) => {
            let is_hidden = or_not_found && matches!(error, AuthError::InsufficientScope(_));
            deny(request, error, Box::pin(owner::<C>(request)).await, is_hidden)
        }
        Err(CheckFailure::Reject(error)) => reject(request, error),
        Err(CheckFailure::Guard(status, error)) => {
            // Otherwise, the guard is the app's own way to reject a request.
            if status.class().is_server_error() {
                RequestState::of(request).set_failure(&error);
            }
            Outcome::Error((status, error))
        }
        Err(CheckFailure::Forward(status)) => Outcome::Forward(status),
    }
}

/// Returns the owner of the request's token, if this app issued it.
async fn owner<C: Claims>(request: &Request<'_>) -> Option<Owner> {
    let auth = authenticate::<C>(request).await.ok()?;
    jwt_auth(request).ok()?.engine().owner(auth).ok()
}

async fn decide<'r, C: Claims>(
    request: &'r Request<'_>,
    rules: &Rules<C>,
) -> Result<Option<&'r AnyAuth>, CheckFailure> {
    if rules.source.is_some() || rules.cross_origin {
        RequestState::of(request).set_rules(request, rules.source, rules.cross_origin);
    }
    let auth = match authenticate::<C>(request).await {
        Err(error) if rules.optional && is_anonymous(request, &error) => return Ok(None),
        auth => auth?,
    };
    if rules.strict {
        Box::pin(check_session(request, auth)).await?;
    }
    let jwt_auth = jwt_auth(request)?;
    let leeway = jwt_auth.verifier().leeway();
    rules.requirement.permit(auth, &|| jwt_auth.now(), leeway, request).await?;
    Ok(Some(auth))
}
