//! Elevations, as Redis keeps them.

use jwt_auth::{JwtAuth, TokenPair};
use jwt_auth_tests::{RedisServer, Setup, User, payload, refresh, unavailable, user};

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
    for garbage in [&b""[..], b"x", &[0xFF; 13], &[b'x'; 65], &[0; 12], &[0; 64]] {
        pair = refresh_with(&server, &auth, &pair, garbage).await;
        assert_eq!(sign_in(&pair, &first), (0, acr("pwd")), "{garbage:?}");
        assert_eq!(auth.sessions::<User>("ann").await.expect("the store works").len(), 1);
    }
    let again = elevate(&auth, &pair).await.expect("a new sign-in");
    assert_eq!(sign_in(&again, &first).1, acr("mfa"));
}

/// A limit that the guide describes: the new sign-in comes from Redis.
#[rocket::async_test]
async fn write_access_to_redis_forges_a_sign_in_but_not_one_in_the_future() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server);
    let auth = setup.launch().await;
    let first = login(&auth).await;
    let login_at = payload(&first.access_token)["auth_time"].as_u64().expect("a time");
    setup.advance(1_000);
    let mut pair = first.clone();
    // `leeway` is ten seconds.
    for (seconds, expected) in [
        (500, (500, acr("mfa"))),
        (1_000, (1_000, acr("mfa"))),
        (1_010, (1_010, acr("mfa"))),
        (1_012, (0, acr("pwd"))),
        (1_000_000, (0, acr("pwd"))),
    ] {
        let auth_time = ((login_at + seconds) * 1_000).to_be_bytes();
        let forged = [&auth_time[2..], &[0xFF; 6], b"mfa"].concat();
        pair = refresh_with(&server, &auth, &pair, &forged).await;
        assert_eq!(sign_in(&pair, &first), expected, "{seconds} seconds after the login");
    }
    pair = refresh_with(&server, &auth, &pair, &[0xFF; 12]).await;
    assert_eq!(sign_in(&pair, &first), (0, acr("pwd")), "both times are far in the future");
}

/// Puts these bytes in the place of a session's elevation, and refreshes the session.
async fn refresh_with(server: &RedisServer, auth: &JwtAuth, pair: &TokenPair, bytes: &[u8]) -> TokenPair {
    let key = server.session_keys().remove(0);
    let sid = payload(&pair.access_token)["sid"].as_str().and_then(|sid| uuid::Uuid::parse_str(sid).ok());
    let field = [sid.expect("a session").as_bytes(), &b"e"[..]].concat();
    let _: i64 = server.query(redis::cmd("HSET").arg(&key).arg(&field).arg(bytes));
    refresh(auth, &pair.refresh_token).await.expect("a refresh")
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
