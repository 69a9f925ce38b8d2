//! Routes whose handlers are generic over the users, which Rocket's attributes do not support.

use std::any::{TypeId, type_name};
use std::marker::PhantomData;

use rocket::http::{Method, Status};
use rocket::outcome::Outcome::{Error, Forward, Success};
use rocket::request::{self, FromRequest};
use rocket::route::{BoxFuture, Outcome, Route, StaticInfo};
use rocket::sentinel::resolve;
use rocket::{Data, Ignite, Request, Rocket, Sentinel};

use super::body::is_form;
use crate::auth::Auth;
use crate::error::AuthError;
use crate::guard::{Authorized, Next, SameOrigin, SignInAgain, Throttle, abort_without_fairing};
use crate::jwt_auth::JwtAuth;
use crate::policy::registry::{self, Entry};
use crate::policy::{Access, Policy, Requirement};
use crate::session::Users;

/// The handler of a session route.
pub(super) type Handler = for<'r> fn(&'r Request<'_>, Data<'r>) -> BoxFuture<'r>;

/// A policy that every signed-in user satisfies.
pub(super) struct AnyUser<U>(PhantomData<fn() -> U>);

/// The sentinel of the routes, which stops the launch if the fairing does not have these users.
struct SessionRoutes<U>(PhantomData<fn() -> U>);

/// Creates and registers a route.
pub(super) fn route<U: Users>(
    name: &'static str,
    method: Method,
    uri: &'static str,
    access: Access,
    handler: Handler,
) -> Route {
    let entry = Entry {
        handler: TypeId::of::<SessionRoutes<U>>(),
        access,
        #[cfg(feature = "utoipa")]
        operation: super::openapi::operation(name),
    };
    // Rocket's attributes generate the same. Only a `StaticInfo` can have sentinels.
    let sentinels = vec![resolve!(SessionRoutes<U>)];
    let info = StaticInfo { name, method, uri, format: None, handler, rank: None, sentinels };
    registry::register(Route::from(info), entry, type_name::<U>())
}

impl<U: Users> Policy for AnyUser<U> {
    type Claims = U::Claims;

    const REQUIREMENT: Requirement<U::Claims> = Requirement::authenticated();
}

impl<U: Users> Sentinel for SessionRoutes<U> {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        let Some(auth) = rocket.state::<JwtAuth>() else {
            return abort_without_fairing(type_name::<Self>(), rocket);
        };
        let missing = auth.users_of::<U>().is_none();
        if missing {
            log::error!(
                "jwt-auth: `session_routes::<{users}>()` is mounted, but the fairing does not have these users: call \
                 `JwtAuth::fairing().users(…)` with a value of the type `{users}`",
                users = type_name::<U>()
            );
        }
        missing
    }
}

/// Runs a guard.
///
/// # Errors
///
/// The outcome of a handler whose guard fails.
pub(super) async fn guard<'r, G: FromRequest<'r>>(
    request: &'r Request<'_>,
    data: Data<'r>,
) -> Result<(G, Data<'r>), Outcome<'r>> {
    accept(request.guard::<G>().await, data)
}

#[expect(clippy::result_large_err, reason = "Rocket's outcome, which is returned as it is")]
fn accept<'r, G, E>(outcome: request::Outcome<G, E>, data: Data<'r>) -> Result<(G, Data<'r>), Outcome<'r>> {
    match outcome {
        Success(guard) => Ok((guard, data)),
        Error((status, _)) => Err(Error(status)),
        Forward(status) => Err(Forward((data, status))),
    }
}

/// Limits attempts to sign in from the network of the client. A form returns to the login page.
pub(super) async fn throttle<'r>(
    request: &'r Request<'_>,
    data: Data<'r>,
) -> Result<(Throttle<'r>, Data<'r>), Outcome<'r>> {
    match request.guard::<Throttle<'r>>().await {
        Error((_, error)) if is_form(request) => {
            Err(Outcome::from(request, SignInAgain(error, Next::default())))
        }
        throttle => accept(throttle, data),
    }
}

/// Authenticates the user. Unlike other routes, the session routes reject requests from other sites even if they have
/// no cookie.
pub(super) async fn user<'r, U: Users>(
    request: &'r Request<'_>,
    data: Data<'r>,
) -> Result<(Auth<U::Claims>, Data<'r>), Outcome<'r>> {
    let authorized = request.guard::<Authorized<AnyUser<U>>>().await;
    let (SameOrigin, data) = guard(request, data).await?;
    let (authorized, data) = match accept(authorized, data) {
        Err(Error(Status::Unauthorized)) if is_form(request) => {
            return Err(Outcome::from(request, SignInAgain(AuthError::Unauthorized, Next::default())));
        }
        accepted => accepted?,
    };
    Ok((authorized.into_auth().expect("the policy requires a token"), data))
}
