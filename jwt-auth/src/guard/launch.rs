//! Checks that stop the launch if a guard could not work.

use std::any::type_name;

use rocket::{Ignite, Rocket};

use crate::claims::Claims;
use crate::jwt_auth::JwtAuth;
use crate::verify::ClaimsType;

/// Returns whether the launch must stop because the fairing that `guard` needs is not attached, and logs the reason.
pub(crate) fn abort_without_fairing(guard: &'static str, rocket: &Rocket<Ignite>) -> bool {
    let missing = rocket.state::<JwtAuth>().is_none();
    if missing {
        log::error!(
            "jwt-auth: a route uses `{guard}`, but `JwtAuth::fairing()` is not attached: \
             write `rocket::build().attach(JwtAuth::fairing())`"
        );
    }
    missing
}

/// Returns whether the launch must stop because `guard` could not verify tokens as claims `C`, and logs the reason.
pub(crate) fn abort_without_issuer<C: Claims>(guard: &'static str, rocket: &Rocket<Ignite>) -> bool {
    let Some(auth) = rocket.state::<JwtAuth>() else { return abort_without_fairing(guard, rocket) };
    let problem = auth.verifier().check_profiles(ClaimsType::of::<C>()).err();
    if let Some(problem) = &problem {
        log::error!("jwt-auth: a route requires `{}`: {problem}", type_name::<C>());
    }
    problem.is_some()
}

/// Returns whether the launch must stop because a route accepts only cookies and the app has none, and logs the reason.
pub(super) fn abort_without_cookies(rocket: &Rocket<Ignite>) -> bool {
    let missing = rocket.state::<JwtAuth>().is_none_or(|auth| auth.cookies().is_none());
    if missing {
        log::error!(
            "jwt-auth: a route with `#[require_auth(cookie)]` accepts only session cookies, but the app has none: write \
             `JwtAuth::fairing().cookies()`, or [default.jwt_auth.cookies] in Rocket.toml"
        );
    }
    missing
}

/// Returns whether the launch must stop because the store would be asked about sessions of a trusted issuer, and logs
/// the reason.
pub(super) fn abort_strict<C: Claims>() -> bool {
    let foreign = C::CODEC.profiles().iter().find_map(|profile| Some((profile.name(), profile.issuer?)));
    if let Some((name, issuer)) = foreign {
        log::error!(
            "jwt-auth: a route with `#[require_auth(strict)]` asks the store about the session of a token, but tokens of \
             `{name}` are issued by {issuer} and have no session here: remove `strict`, or require claims of this app"
        );
    }
    foreign.is_some()
}
