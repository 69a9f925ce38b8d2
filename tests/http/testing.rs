//! `jwt_auth::testing`: the tests of apps.

use std::time::Duration;

use jwt_auth::testing::{self, AuthRequest};
use jwt_auth::{Auth, AuthError, JwtAuth, TokenPair, public, require_auth};
use jwt_auth_tests::{Setup, User, user};
use rocket::http::Status;
use rocket::local::{asynchronous, blocking};
use rocket::{Build, Config, Rocket, get, post};

#[require_auth]
#[get("/me")]
fn me(user: Auth<User>) -> String {
    user.name.clone()
}

#[require_auth(strict)]
#[get("/strict")]
fn strict(user: Auth<User>) -> String {
    user.name.clone()
}

#[public]
#[post("/refresh", data = "<token>")]
async fn refresh(token: &str, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    auth.refresh(token, async |name: String| Some(user(&name))).await
}

/// An app as it is in production: with keys and a Redis that are not there.
fn app() -> Rocket<Build> {
    Setup::bare(Config::release_default())
        .with("algorithm", "ES256")
        .with("private_key", "/run/secrets/key.pem")
        .with("redis", ["redis://one.internal", "redis://two.internal"])
        .with("wait_replicas", 1)
        .with("access_ttl", "5m")
        .attach(JwtAuth::fairing())
        .mount("/", jwt_auth::routes![me, strict, refresh])
}

#[test]
fn an_app_is_tested_without_its_keys_and_its_redis() {
    let client = blocking::Client::untracked(testing::app(app())).expect("the app launches");
    let ann = user("ann");
    for route in ["/me", "/strict"] {
        assert_eq!(client.get(route).dispatch().status(), Status::Unauthorized, "nobody");
        let me = client.get(route).as_user(&ann).dispatch();
        assert_eq!(me.into_string().as_deref(), Some("ann"), "{route}");
        let expired = client.get(route).as_expired(&ann).dispatch();
        let challenge = expired.headers().get_one("WWW-Authenticate").expect("a challenge");
        assert!(challenge.contains("expired"), "{challenge}");
        let rubbish = client.get(route).with_bearer("rubbish").dispatch();
        assert_eq!(rubbish.status(), Status::Unauthorized);
    }
}

#[test]
fn time_passes_when_it_is_told_to() {
    let client = blocking::Client::untracked(testing::app(app())).expect("the app launches");
    let pair = testing::login(client.rocket(), &user("ann"));
    let status = || client.get("/me").with_session(&pair).dispatch().status();
    assert_eq!(status(), Status::Ok);
    // Its own setting, and the leeway.
    testing::clock(client.rocket()).advance(Duration::from_secs(5 * 60 + 10));
    assert_eq!(status(), Status::Unauthorized);
    let refreshed = client.post("/refresh").body(&pair.refresh_token).dispatch();
    assert_eq!(refreshed.status(), Status::Ok);
}

#[rocket::async_test]
async fn so_do_requests_of_the_asynchronous_client() {
    let client = asynchronous::Client::untracked(testing::app(app())).await.expect("the app launches");
    let me = client.get("/strict").as_user(&user("ann")).dispatch().await;
    assert_eq!(me.into_string().await.as_deref(), Some("ann"));
    assert_eq!(client.get("/me").as_expired(&user("ann")).dispatch().await.status(), Status::Unauthorized);
}
