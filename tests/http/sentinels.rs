//! An app that uses a guard without attaching the fairing does not launch.

use jwt_auth::{Auth, BearerToken, JwtAuth, MaybeAuth, require_auth};
use jwt_auth_tests::{Log, User};
use rocket::error::ErrorKind;
use rocket::{Route, get, routes};

#[get("/auth")]
fn auth(_user: Auth<User>) {}

#[get("/maybe")]
fn maybe(_user: MaybeAuth<User>) {}

#[get("/claims")]
fn claims(_user: User) {}

#[get("/by-reference")]
fn by_reference(_user: &User) {}

#[get("/bearer")]
fn bearer(_token: BearerToken<'_>) {}

#[get("/toolkit")]
fn toolkit(_auth: &JwtAuth) {}

#[require_auth(User, role = "admin")]
#[get("/policy")]
fn policy() {}

#[rocket::async_test]
async fn a_guard_without_the_fairing_stops_the_launch() {
    let guards: [(&str, Vec<Route>); 7] = [
        ("Auth<", routes![auth]),
        ("MaybeAuth<", routes![maybe]),
        ("User", routes![claims]),
        ("User", routes![by_reference]),
        ("BearerToken", routes![bearer]),
        ("JwtAuth", routes![toolkit]),
        ("Authorized<", jwt_auth::routes![policy]),
    ];
    for (name, routes) in guards {
        let log = Log::capture();
        let launch = rocket::build().mount("/", routes).ignite().await.map(drop);
        let error = launch.expect_err(name);
        assert!(matches!(error.kind(), ErrorKind::SentinelAborts(_)), "{name}: {error}");
        let text = log.text();
        assert!(text.contains(name) && text.contains("attach(JwtAuth::fairing())"), "{name}: {text}");
    }
}
