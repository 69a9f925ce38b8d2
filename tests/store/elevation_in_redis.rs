//! Elevations, as Redis keeps them.

use jwt_auth_tests::{RedisServer, Setup, User, payload, refresh, unavailable, user};
use serde_json::Value;

use crate::elevation::{acr, elevate, login, sign_in};

#[rocket::async_test]
async fn redis_keeps_an_elevation_in_a_small_field_that_goes_with_the_session() {
    let server = RedisServer::start();
    let auth = Setup::redis(&server).launch().await;
    let first = login(&auth).await;
    let key = server.session_keys().remove(0);
    let fields = || server.query::<usize>(redis::cmd("HLEN").arg(&key));
    let before = fields();
    let ann = user("ann");
    let longest = "x".repeat(52);
    let elevated =
        auth.reauthenticate(&first.refresh_token, &ann).acr(&longest).await.expect("a new sign-in");
    assert_eq!(fields(), before + 1);
    let encoding: String = server.query(redis::cmd("OBJECT").arg("ENCODING").arg(&key));
    assert_eq!(encoding, "listpack");
    let another = login(&auth).await;
    auth.invalidate_refresh_token(&elevated.refresh_token).await.expect("a logout");
    assert_eq!(fields(), before, "only the other session is left");
    elevate(&auth, &another).await.expect("a new sign-in");
    auth.revoke_subject::<User>("ann").await.expect("all sessions end");
    assert_eq!(fields(), 1, "only the revision is left");
}

#[rocket::async_test]
async fn a_corrupt_elevation_is_ignored() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server);
    let auth = setup.launch().await;
    let first = login(&auth).await;
    setup.advance(10);
    let mut pair = elevate(&auth, &first).await.expect("a new sign-in");
    let key = server.session_keys().remove(0);
    let sid = payload(&pair.access_token)["sid"].as_str().and_then(|sid| uuid::Uuid::parse_str(sid).ok());
    let field = [sid.expect("a session").as_bytes(), &b"e"[..]].concat();
    for garbage in [&b""[..], b"x", &[0xFF; 12], &[0xFF; 13], &[b'x'; 65], &[0; 12], &[0; 64]] {
        let _: i64 = server.query(redis::cmd("HSET").arg(&key).arg(&field).arg(garbage));
        pair = refresh(&auth, &pair.refresh_token).await.expect("a refresh");
        // Twelve bytes are two times, and these are far in the future.
        let expected = if *garbage == [0xFF; 12] { None } else { acr("pwd") };
        let said = payload(&pair.access_token).get("acr").and_then(Value::as_str).map(str::to_owned);
        assert_eq!(said, expected, "{garbage:?}");
        assert_eq!(auth.sessions::<User>("ann").await.expect("the store works").len(), 1);
    }
    let again = elevate(&auth, &pair).await.expect("a new sign-in");
    assert_eq!(sign_in(&again, &first).1, acr("mfa"));
}

#[rocket::async_test]
async fn a_store_that_does_not_answer_is_a_503() {
    let server = RedisServer::start();
    let auth = Setup::redis(&server).with("store_timeout", "300ms").launch().await;
    let first = login(&auth).await;
    server.pause();
    unavailable(elevate(&auth, &first).await);
    server.resume();
    let elevated = elevate(&auth, &first).await.expect("the client tries again");
    assert_eq!(sign_in(&elevated, &first).1, acr("mfa"));
}
