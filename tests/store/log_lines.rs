//! What an operator finds in the log.

use std::fmt;

use jwt_auth::{AuthError, JwtAuth, TokenPair, public};
use jwt_auth_tests::{Log, RedisServer, Setup, user};
use rocket::http::Status;
use rocket::local::asynchronous::Client;
use rocket::post;
use rocket::serde::json::Value;

#[public]
#[post("/login/<name>")]
async fn login(name: &str, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    auth.generate_tokens(&user(name)).await
}

#[derive(Debug)]
struct NoUser(String);

impl fmt::Display for NoUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no user {}", self.0)
    }
}

impl std::error::Error for NoUser {}

/// A handler whose error quotes a parameter.
#[public]
#[post("/refresh/<name>", data = "<token>")]
async fn refresh(name: &str, token: &str, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    let missing = NoUser(name.to_owned());
    auth.refresh(token, async |_: String| Err::<Option<jwt_auth_tests::User>, _>(missing)).await
}

async fn client(setup: &Setup) -> Client {
    let rocket = setup.rocket().mount("/", jwt_auth::routes![login, refresh]);
    Client::untracked(rocket).await.expect("the app launches")
}

/// The lines of this crate at the level of errors.
fn errors(log: &Log) -> Vec<String> {
    log.text().lines().filter(|line| line.starts_with("ERROR jwt_auth")).map(str::to_owned).collect()
}

#[rocket::async_test]
async fn a_redis_that_is_down_causes_one_line_per_second() {
    let mut server = RedisServer::start();
    let client = client(&Setup::redis(&server)).await;
    server.stop();
    let log = Log::capture();
    let begin = std::time::Instant::now();
    for _ in 0..50 {
        assert_eq!(client.post("/login/ann").dispatch().await.status(), Status::ServiceUnavailable);
    }
    let lines = errors(&log);
    let most = 3 * (1 + begin.elapsed().as_secs() as usize);
    assert!((1..=most).contains(&lines.len()), "{} lines: {lines:#?}", lines.len());
    assert!(lines.iter().any(|line| line.contains("/login/ann")), "{lines:?}");
}

#[rocket::async_test]
async fn a_path_parameter_cannot_forge_a_line() {
    let client = client(&Setup::memory()).await;
    let pair: Value = client.post("/login/ann").dispatch().await.into_json().await.expect("a pair");
    let token = pair["refresh_token"].as_str().expect("a token");
    let log = Log::capture();
    let path = "/refresh/x%0AERROR%20jwt_auth:%20all%20sessions%20were%20lost%1B%5B2J";
    let response = client.post(path).body(token).dispatch().await;
    assert_eq!(response.status(), Status::ServiceUnavailable);
    let lines = errors(&log);
    assert!(lines.len() == 1 && lines[0].contains("there is no user x\\u{a}ERROR"), "{lines:?}");
    assert!(!log.text().contains('\u{1b}'));
}

#[rocket::async_test]
async fn sessions_that_make_room_for_new_ones_are_told() {
    let client = client(&Setup::memory().with("max_sessions", 2)).await;
    let log = Log::capture();
    for _ in 0..2 {
        client.post("/login/ann").dispatch().await;
    }
    assert!(!log.text().contains("max_sessions"), "{}", log.text());
    client.post("/login/ann").dispatch().await;
    let told = "was ended: its user has reached the maximum number of sessions (`max_sessions`)";
    assert!(log.text().contains(told), "{}", log.text());
}
