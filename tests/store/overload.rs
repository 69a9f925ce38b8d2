//! More requests than the store can handle. A bounded number of them wait, and the rest fail at once.

use std::time::{Duration, Instant};

use jwt_auth::store::StoreError;
use jwt_auth::{AuthError, JwtAuth, Session};
use jwt_auth_tests::{Log, RedisServer, Setup, User, refresh, user};
use rocket::futures::stream::{FuturesUnordered, StreamExt};
use rocket::http::Status;
use rocket::local::asynchronous::Client;

const REQUESTS: usize = 10_000;
/// Far longer than it takes to start this many requests.
const TIMEOUT: Duration = Duration::from_secs(5);

#[jwt_auth::public]
#[rocket::get("/sessions")]
async fn sessions(auth: &JwtAuth) -> Result<String, AuthError> {
    Ok(auth.sessions::<User>("alice").await?.len().to_string())
}

#[rocket::async_test]
async fn requests_beyond_the_bound_fail_at_once() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server).with("store_timeout", "5s");
    let rocket = setup.rocket().mount("/", jwt_auth::routes![sessions]);
    let client = Client::untracked(rocket).await.expect("the app launches");
    let auth: &JwtAuth = client.rocket().state().expect("the fairing is attached");
    let alice = auth.generate_tokens(&user("alice")).await.expect("a login");
    server.pause();

    let log = Log::capture();
    let begin = Instant::now();
    let mut requests: FuturesUnordered<_> =
        (0..REQUESTS).map(|_| client.get("/sessions").dispatch()).collect();
    let mut at_once = 0;
    while let Some(response) = requests.next().await {
        assert_eq!(response.status(), Status::ServiceUnavailable);
        assert_eq!(response.headers().get_one("Retry-After"), Some("1"));
        at_once += usize::from(begin.elapsed() < TIMEOUT);
    }
    let waited = REQUESTS - at_once;
    assert!((1_000..REQUESTS / 2).contains(&waited), "{waited} of {REQUESTS} waited");
    let lines = log.text().matches("the store was not called").count();
    let seconds = usize::try_from(begin.elapsed().as_secs()).expect("a short time");
    assert!((1..=seconds + 1).contains(&lines), "{lines} lines in {seconds} s");

    server.resume();
    refresh(auth, &alice.refresh_token).await.expect("the first request afterwards");
}

#[rocket::async_test]
async fn a_rejected_request_reports_that_the_store_is_busy() {
    let server = RedisServer::start();
    let auth = Setup::redis(&server).with("store_timeout", "1m").launch().await;
    server.pause();
    let mut calls: FuturesUnordered<_> = (0..REQUESTS).map(|_| auth.sessions::<User>("alice")).collect();
    let busy = bound(calls.next().await.expect("one call fails"));

    // Canceled calls make room for others.
    drop(calls);
    server.resume();
    assert_eq!(auth.sessions::<User>("alice").await.expect("the next call succeeds"), []);
    assert!(busy < REQUESTS);
}

/// Returns the bound that the error of a rejected call names.
fn bound(result: Result<Vec<Session>, AuthError>) -> usize {
    match &result {
        Err(AuthError::TemporarilyUnavailable(cause)) => match cause.downcast_ref() {
            Some(StoreError::Busy(bound)) => *bound,
            _ => panic!("unavailable for another reason: {result:?}"),
        },
        _ => panic!("a store that hangs responded: {result:?}"),
    }
}
