//! An app that uses a guard without attaching the fairing does not launch.

use jwt_auth::{Auth, BearerToken, JwtAuth, MaybeAuth, require_auth};
use jwt_auth_tests::{Log, Setup, User};
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
        ("RouteGuard<http::sentinels::policy>", jwt_auth::routes![policy]),
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

#[get("/open")]
fn open() {}

/// Such a route is protected, but the lists of routes do not know it.
#[rocket::async_test]
async fn a_guarded_route_of_another_macro_is_not_called_open_to_everyone() {
    let log = Log::capture();
    let rocket = Setup::memory().rocket().mount("/", routes![policy, open]);
    let client = rocket::local::asynchronous::Client::untracked(rocket).await.expect("the app launches");
    let text = log.text();
    let line = |part: &str| text.lines().find(|line| line.contains(part)).unwrap_or_else(|| panic!("{text}"));
    let is_open = line("so everyone may call them");
    assert!(is_open.contains("GET /open") && !is_open.contains("/policy"), "{is_open}");
    let guarded = line("may be open to everyone, because they were mounted with `rocket::routes![]`");
    assert!(guarded.contains("GET /policy") && !guarded.contains("/open"), "{guarded}");
    assert_eq!(client.get("/policy").dispatch().await.status(), rocket::http::Status::Unauthorized);
}
