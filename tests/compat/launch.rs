//! The launch: settings that are incompatible with fastapi_framework, and log messages.

use jsonwebtoken::Algorithm::{ES256, HS256, HS512};
use jwt_auth::JwtAuth;
use jwt_auth_tests::{Log, RedisServer, Setup, TestKey, pem};
use rocket::Config;
use rocket::error::ErrorKind;
use serde_json::json;

#[rocket::async_test]
async fn incompatible_settings_stop_the_launch() {
    let server = RedisServer::start();
    let bare = || Setup::bare(Config::debug_default());
    for phase in ["issue", "accept"] {
        let compatible = bare().key(HS256).with("redis", server.url()).with("fastapi_framework", phase);
        let log = Log::capture();
        let launched = compatible.attach(JwtAuth::fairing()).ignite().await;
        assert!(launched.is_ok(), "{}", log.text());
        drop(log);

        let no_secret = bare().with("redis", server.url()).with("fastapi_framework", phase);
        let no_redis = bare().key(HS256).with("fastapi_framework", phase);
        for (setup, expected) in [
            (compatible.clone().key(HS512), ["algorithm`", "must be HS256", "algorithm = \"HS256\""]),
            (compatible.clone().key(ES256), ["algorithm`", "must be HS256", "JWT_ALGORITHM"]),
            (no_secret, ["secret`", "JWT_SECRET_KEY", "of the Python service"]),
            (no_redis, ["redis`", "REDIS_HOST", "of the Python service"]),
            (compatible.clone().with("secret", "short"), ["secret`", "5 bytes", "openssl rand"]),
        ] {
            let message = failure(&setup).await;
            for part in expected {
                assert!(message.contains(part), "`{part}` is not in: {message}");
            }
            assert!(!message.contains("generated"), "no secret is generated: {message}");
            assert!(!message.contains(TestKey::SECRET), "the message contains a secret: {message}");
        }
    }
    let pair =
        json!({ "algorithm": "ES256", "private_key": pem::P256, "not_before": "2020-01-01T00:00:00Z" });
    let both = bare().key(HS256).with("redis", server.url()).with("keys", [pair]);
    let message = failure(&both.with("fastapi_framework", "issue")).await;
    assert!(
        message.contains("keys[0].private_key`") && message.contains("could not verify its tokens"),
        "{message}"
    );

    let strict = bare().key(HS256).with("redis", server.url()).with("revocation", "strict");
    let message = failure(&strict.clone().with("fastapi_framework", "issue")).await;
    assert!(
        message.contains("jwt_auth.revocation`") && message.contains("revocation = \"push\""),
        "{message}"
    );
    let launched = strict.with("fastapi_framework", "accept").attach(JwtAuth::fairing()).ignite().await;
    assert!(launched.is_ok(), "a client that is rejected can refresh");
}

#[rocket::async_test]
async fn a_redis_key_of_another_type_stops_the_launch() {
    let server = RedisServer::start();
    server.run("SET refresh_tokens garbage");
    let message = failure(&Setup::redis(&server).with("fastapi_framework", "issue")).await;
    assert!(message.contains("the SET `refresh_tokens`") && message.contains("WRONGTYPE"), "{message}");
}

#[rocket::async_test]
async fn the_log_reports_the_size_of_the_set() {
    let server = RedisServer::start();
    server.run("SADD refresh_tokens a b c");
    let log = Log::capture();
    Setup::redis(&server).with("fastapi_framework", "accept").launch().await;
    assert!(log.text().contains("tokens of fastapi_framework are accepted"), "{}", log.text());
    assert!(log.text().contains("has 3 members"), "{}", log.text());
}

/// Returns the log of a launch that must fail.
async fn failure(setup: &Setup) -> String {
    let log = Log::capture();
    let launched = setup.attach(JwtAuth::fairing()).ignite().await.map(drop);
    match launched {
        Err(error) if matches!(error.kind(), ErrorKind::FailedFairings(_)) => log.text(),
        launched => format!("the launch was not stopped by a fairing: {launched:?}"),
    }
}
