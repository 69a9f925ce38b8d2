//! Responses of routes that issue tokens.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jwt_auth::clock::Timestamp;
use jwt_auth::store::{
    AttemptStore, Context, Family, Inserted, Owner, RefreshStore, Removed, Revision, Revocation,
    RevocationFeed, StoreError, Swap, Swapped,
};
use jwt_auth::{AuthError, JwtAuth};
use jwt_auth_tests::{Setup, User, payload, user};
use rocket::http::Status;
use rocket::local::blocking::Client;
use rocket::serde::json::{Value, json};
use uuid::Uuid;

use crate::app::{client, client_of, get, login_as, mount};

#[test]
fn a_token_pair_is_oauth_json_that_is_not_cached() {
    let client = client(&Setup::memory());
    let response = client.post("/login?name=alice").dispatch();
    assert_eq!(response.status(), Status::Ok);
    assert_eq!(response.headers().get_one("Cache-Control"), Some("no-store"));
    let pair: Value = response.into_json().expect("JSON");
    let keys: Vec<&str> = pair.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(keys, ["access_token", "expires_in", "refresh_expires_in", "refresh_token", "token_type"]);
    assert_eq!(pair["token_type"], "bearer");
    assert_eq!(pair["expires_in"], 15 * 60);
    assert_eq!(pair["refresh_expires_in"], 14 * 24 * 60 * 60);

    let refreshed = client.post("/refresh").body(pair["refresh_token"].as_str().expect("text")).dispatch();
    assert_eq!(refreshed.status(), Status::Ok);
    assert_eq!(refreshed.headers().get_one("Cache-Control"), Some("no-store"));
}

#[test]
fn tokens_contain_the_registered_claims() {
    let setup = Setup::memory().with("issuer", "us").with("audience", ["api", "admin"]);
    let client = client(&setup);
    let pair = login_as(&client, &user("alice").role("admin").scope("a b"));
    let (access, refresh) = (payload(&pair.access_token), payload(&pair.refresh_token));
    for (token, audience) in [(&access, ["api", "admin"]), (&refresh, ["refresh:api", "refresh:admin"])] {
        assert_eq!(token["iss"], "us");
        assert_eq!(token["aud"], json!(audience));
        assert_eq!(token["sub"], "alice");
        Uuid::parse_str(token["jti"].as_str().expect("`jti` is text")).expect("`jti` is a UUID");
    }
    assert_eq!(access["exp"].as_u64(), access["iat"].as_u64().map(|iat| iat + 15 * 60));
    // The store decides whether the session has been idle for too long.
    assert_eq!(refresh["exp"].as_u64(), refresh["iat"].as_u64().map(|iat| iat + 90 * 24 * 60 * 60));
    assert_eq!(access["sid"], refresh["sid"]);
    assert_ne!(access["jti"], refresh["jti"]);
    assert_eq!(access["roles"], json!(["admin"]));
    assert_eq!(access["name"], Value::Null, "the token contains the subject only as `sub`");
    assert_eq!(refresh["roles"], Value::Null, "a refresh token contains no data about its user");

    let one = crate::app::client(&Setup::memory().with("audience", "api"));
    assert_eq!(
        payload(&login_as(&one, &user("alice")).access_token)["aud"],
        "api",
        "a single audience is a string"
    );
}

#[test]
fn every_rejected_refresh_gets_the_same_response() {
    let setup = Setup::memory();
    let client = client(&setup);
    let [expired, reused, unknown] = ["a", "b", "c"].map(|name| login_as(&client, &user(name)).refresh_token);
    assert_eq!(post(&client, "/logout", &unknown).0, Status::NoContent);
    let (status, next) = post(&client, "/refresh", &reused);
    assert_eq!(status, Status::Ok);
    let next: Value = rocket::serde::json::from_str(&next.expect("a body")).expect("JSON");
    let arrived = get(&client, "/me", &[format!("Bearer {}", next["access_token"].as_str().expect("text"))]);
    assert_eq!(arrived.status(), Status::Ok);
    setup.advance(60);
    let responses = [
        post(&client, "/refresh", "garbage"),
        post(&client, "/refresh", &reused),
        post(&client, "/refresh", &unknown),
        {
            setup.advance(14 * 24 * 60 * 60);
            post(&client, "/refresh", &expired)
        },
    ];
    for response in &responses {
        assert_eq!(response, &responses[0]);
        assert_eq!(response.0, Status::Unauthorized);
    }
}

#[test]
fn an_unavailable_store_results_in_503_with_retry_after() {
    let setup = Setup::memory();
    let token = login_as(&client(&setup), &user("alice"));
    let client_without_store = client_of(
        mount(setup.attach(JwtAuth::fairing().store(Unavailable))).register("/", jwt_auth::catchers()),
    );
    for (path, body) in [
        ("/login?name=alice", ""),
        ("/refresh", token.refresh_token.as_str()),
        ("/logout", token.refresh_token.as_str()),
    ] {
        let response = client_without_store.post(path).body(body).dispatch();
        assert_eq!(response.status(), Status::ServiceUnavailable, "{path}");
        assert_eq!(response.headers().get_one("Retry-After"), Some("1"), "{path}");
        assert_eq!(response.headers().get_one("WWW-Authenticate"), None, "{path}");
        let body: Value = response.into_json().expect("JSON");
        assert_eq!(body["error"], "temporarily_unavailable", "{path}");
        assert!(!body.to_string().contains("disk"), "the response reveals the cause: {body}");
    }
    let me = get(&client_without_store, "/me", &[format!("Bearer {}", token.access_token)]);
    assert_eq!(me.status(), Status::Ok, "a protected route needs no store");
    assert_eq!(
        post(&client_without_store, "/logout", "garbage").0,
        Status::NoContent,
        "a forged token is rejected without the store"
    );
}

#[test]
fn a_hanging_store_results_in_503_after_the_timeout() {
    let setup = Setup::memory();
    let token = login_as(&client(&setup), &user("alice")).refresh_token;
    let setup = setup.with("store_timeout", "50ms");
    let hangs = client_of(mount(setup.attach(JwtAuth::fairing().store(Hangs))));
    let begin = Instant::now();
    assert_eq!(post(&hangs, "/refresh", &token).0, Status::ServiceUnavailable);
    let took = begin.elapsed();
    assert!((Duration::from_millis(50)..Duration::from_secs(2)).contains(&took), "{took:?}");
}

/// Otherwise the token would silently stay valid in other processes.
#[rocket::async_test]
async fn a_shared_store_without_a_feed_cannot_revoke_access_tokens() {
    let rocket = Setup::memory().attach(JwtAuth::fairing().store(Unavailable)).ignite().await;
    let rocket = rocket.expect("the app launches");
    let auth: &JwtAuth = rocket.state().expect("the fairing is attached");
    let token = auth.create_access_token(&user("alice")).await.expect("a token");
    let alice = auth.verify::<User>(&token).expect("a valid token");
    let result = auth.revoke_access_token(&alice).await;
    let Err(AuthError::Internal(message)) = result else {
        panic!("other processes would still accept the token: {result:?}")
    };
    assert!(message.contains("`tell`"), "{message}");
    auth.verify::<User>(&token).expect("the token was not revoked");
}

fn post(client: &Client, path: &str, body: &str) -> (Status, Option<String>) {
    let response = client.post(path).body(body).dispatch();
    (response.status(), response.into_string())
}

/// Defines a shared store without a feed. Its other methods evaluate the given expression.
macro_rules! store {
    ($name:ident, $result:expr) => {
        struct $name;

        #[rocket::async_trait]
        impl RefreshStore for $name {
            async fn insert(
                &self,
                _: &Owner,
                _: &Family,
                _: usize,
                _: &Context,
            ) -> Result<Inserted, StoreError> {
                $result
            }

            async fn compare_and_swap(
                &self,
                _: &Owner,
                _: Uuid,
                _: &Swap,
                _: &Context,
            ) -> Result<Swapped, StoreError> {
                $result
            }

            async fn confirm(&self, _: &Owner, _: Uuid, _: u32, _: Timestamp) -> Result<(), StoreError> {
                $result
            }

            async fn find(&self, _: &Owner, _: Uuid) -> Result<Option<Family>, StoreError> {
                $result
            }

            async fn list(&self, _: &Owner) -> Result<Vec<Family>, StoreError> {
                $result
            }

            async fn revision(&self, _: &Owner, context: &Context) -> Result<Revision, StoreError> {
                Ok(context.heard)
            }

            async fn remove(&self, _: &Owner, _: Uuid, _: &Context) -> Result<bool, StoreError> {
                $result
            }

            async fn remove_all(
                &self,
                _: &Owner,
                _: Option<Uuid>,
                _: &Context,
            ) -> Result<Removed, StoreError> {
                $result
            }

            async fn tell(&self, _: &Revocation, _: &Context) -> Result<bool, StoreError> {
                Ok(false)
            }

            fn is_shared(&self) -> bool {
                true
            }

            fn feed(&self, _: Duration) -> Option<Arc<dyn RevocationFeed>> {
                None
            }

            fn attempts(&self) -> Option<Arc<dyn AttemptStore>> {
                None
            }
        }
    };
}

store!(Unavailable, Err(StoreError::new(std::io::Error::other("no disk"))));
store!(Hangs, std::future::pending().await);
