//! More requests than the store can handle: a bounded number waits for it, and the rest fails at once.

use std::time::{Duration, Instant};

use jwt_auth::store::StoreError;
use jwt_auth::{AuthError, JwtAuth, Session};
use jwt_auth_tests::{Log, RedisServer, Setup, User, refresh, user};
use rocket::futures::stream::{FuturesUnordered, StreamExt};
use rocket::http::Status;
use rocket::local::asynchronous::Client;

const REQUESTS: usize = 10_000;
/// Far more than it takes to start that many requests.
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
    while let Some(answer) = requests.next().await {
        assert_eq!(answer.status(), Status::ServiceUnavailable);
        assert_eq!(answer.headers().get_one("Retry-After"), Some("1"));
        at_once += usize::from(begin.elapsed() < TIMEOUT);
    }
    let refused = log.text().matches("the store was not asked").count();
    assert_eq!(at_once, refused, "exactly the requests beyond the bound fail at once");
    let waited = REQUESTS - refused;
    assert!((1_000..REQUESTS / 2).contains(&waited), "{waited} of {REQUESTS} waited");

    server.resume();
    refresh(auth, &alice.refresh_token).await.expect("the first request afterwards");
}

#[rocket::async_test]
async fn the_cause_is_that_the_store_is_busy() {
    let server = RedisServer::start();
    let auth = Setup::redis(&server).with("store_timeout", "1m").launch().await;
    server.pause();
    let mut calls: FuturesUnordered<_> = (0..REQUESTS).map(|_| auth.sessions::<User>("alice")).collect();
    let busy = bound(calls.next().await.expect("one call fails"));

    // Canceled calls make room.
    drop(calls);
    server.resume();
    assert_eq!(auth.sessions::<User>("alice").await.expect("the next call succeeds"), []);
    assert!(busy < REQUESTS);
}

/// The bound that the error of a rejected call states.
fn bound(answer: Result<Vec<Session>, AuthError>) -> usize {
    match &answer {
        Err(AuthError::TemporarilyUnavailable(cause)) => match cause.downcast_ref() {
            Some(StoreError::Busy(bound)) => *bound,
            _ => panic!("unavailable for another reason: {answer:?}"),
        },
        _ => panic!("a store that hangs answered: {answer:?}"),
    }
}
