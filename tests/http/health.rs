//! The health of an app.

use jwt_auth::{Condition, Health, JwtAuth, public};
use jwt_auth_tests::Setup;
use rocket::get;
use rocket::http::Status;

use crate::app::client_of;

#[public]
#[get("/health")]
async fn health(auth: &JwtAuth) -> Health {
    auth.health().await
}

#[test]
fn an_app_in_memory_is_healthy() {
    let client = client_of(Setup::memory().rocket().mount("/", jwt_auth::routes![health]));
    let response = client.get("/health").dispatch();
    assert_eq!(response.status(), Status::Ok);
    assert_eq!(response.headers().get_one("Cache-Control"), Some("no-store"));
    assert_eq!(response.into_string().as_deref(), Some(r#"{"keys":"ok","store":"ok","feed":"off"}"#));
}

#[rocket::async_test]
async fn an_app_without_a_key_that_signs_is_not() {
    let setup = Setup::memory();
    let retired = setup.clock.clone();
    let end = humantime::format_rfc3339_seconds(
        (jwt_auth::clock::Clock::now(&retired) + std::time::Duration::from_secs(60)).into(),
    );
    let key = [
        ("secret", "a secret that is long enough for HS256"),
        ("kid", "one"),
        ("retire_at", &end.to_string()),
    ];
    let key: std::collections::BTreeMap<_, _> = key.into();
    let bare = Setup::bare(rocket::Config::debug_default()).with("keys", [key]);
    let auth = bare.launch().await;
    assert!(auth.health().await.is_healthy());
    bare.advance(61);
    let health = auth.health().await;
    assert_eq!((health.keys, health.is_healthy()), (Condition::Unavailable, false));
}
