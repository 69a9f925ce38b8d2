//! Guards stop the launch of an app without the fairing, even on routes that `rocket::routes!` mounts.

use jwt_auth::{Auth, BearerToken, JwtAuth, MaybeAuth, require_auth};
use rocket::local::blocking::Client;
use rocket::{get, routes};

use crate::app::{Generic, User};

type Alias<'r> = &'r User;

#[require_auth]
#[get("/")]
fn policy() {}

#[get("/")]
fn by_value(_user: User) {}

#[get("/")]
fn by_reference(_user: &User) {}

#[get("/")]
fn by_alias(_user: Alias<'_>) {}

#[get("/")]
fn generic(_claims: Generic<u64>) {}

#[get("/")]
fn auth(_auth: Auth<User>) {}

#[get("/")]
fn maybe(_auth: MaybeAuth<User>) {}

#[get("/")]
fn bearer(_token: BearerToken<'_>) {}

#[get("/")]
fn toolkit(_auth: &JwtAuth) {}

#[test]
fn each_guard_needs_the_fairing() {
    let routes = routes![policy, by_value, by_reference, by_alias, generic, auth, maybe, bearer, toolkit];
    for route in routes {
        let name = route.name.clone();
        let figment = rocket::Config::figment().merge(("log_level", "off"));
        let error = Client::untracked(rocket::custom(figment).mount("/", vec![route])).map(drop).unwrap_err();
        assert!(matches!(error.kind(), rocket::error::ErrorKind::SentinelAborts(_)), "{name:?}");
    }
}
