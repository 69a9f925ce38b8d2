//! Settings that stop the launch, and the error messages. The unit tests of the settings cover how each one is read.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use jsonwebtoken::Algorithm::{self, *};
use jwt_auth_tests::{Log, RedisServer, Setup, TestKey, pem};
use rocket::Config;
use rocket::error::ErrorKind;

/// Returns the log of a launch that must fail.
async fn failure(setup: &Setup) -> String {
    let log = Log::capture();
    let fairing = jwt_auth::JwtAuth::fairing().clock(setup.clock.clone());
    let launched = setup.attach(fairing).ignite().await.map(drop);
    match launched {
        Err(error) if matches!(error.kind(), ErrorKind::FailedFairings(_)) => log.text(),
        launched => format!("the launch was not stopped by a fairing: {launched:?}"),
    }
}

/// An app with an algorithm and no other settings.
fn keyless(algorithm: Algorithm) -> Setup {
    Setup::bare(Config::debug_default()).with("algorithm", format!("{algorithm:?}"))
}

const PKCS8: &str = "PKCS#8";

#[rocket::async_test]
#[rustfmt::skip]
async fn weak_or_mismatched_keys_stop_the_launch() {
    let secret = |length: usize| "s3cr3t-".repeat(10)[..length].to_owned();
    let cases = [
        // The settings, and parts of the message: the setting, the problem, the fix.
        (keyless(HS256).with("secret", secret(31)), ["secret`", "31 bytes", "openssl rand -base64 32"]),
        (keyless(HS384).with("secret", secret(47)), ["secret`", "47 bytes", "openssl rand -base64 48"]),
        (keyless(HS512).with("secret", secret(63)), ["secret`", "63 bytes", "openssl rand -base64 64"]),
        (keyless(HS256).with("secret", "base64:czNjcjN0"), ["secret`", "6 bytes", "openssl rand"]),
        (keyless(HS256).with("private_key", pem::P256), ["algorithm`", "signs with a secret", "ES256"]),
        (keyless(HS256).with("public_key", pem::RSA_2048_PUBLIC), ["algorithm`", "signs with a secret", "ES256"]),
        (keyless(RS256), ["private_key`", "is not set", "openssl genpkey -algorithm RSA"]),
        (keyless(ES384).with("secret", secret(64)), ["private_key`", "is not set", "P-384"]),
        (keyless(RS256).with("private_key", pem::RSA_1024), ["private_key`", "2048 bits or more", "rsa_keygen_bits:2048"]),
        (keyless(RS256).with("public_key", pem::RSA_1024_PUBLIC), ["public_key`", "2048 bits or more", "-pubout"]),
        (keyless(ES256).with("private_key", pem::P384), ["private_key`", "a P-256 key", "It is a P-384 key"]),
        (keyless(ES256).with("private_key", pem::P256_PUBLIC), ["private_key`", "a P-256 key", "It is a public key"]),
        (keyless(ES256).with("public_key", pem::P256), ["public_key`", "a P-256 key", "It is a private key"]),
        (keyless(PS512).with("private_key", pem::RSA_1024), ["private_key`", "2048 bits or more", "rsa_keygen_bits:2048"]),
        (keyless(RS256).with("private_key", pem::P256), ["private_key`", "RSA", "openssl genpkey -algorithm RSA"]),
        (keyless(RS256).with("private_key", pem::RSA_2048_PUBLIC), ["private_key`", "RSA", "openssl genpkey -algorithm RSA"]),
        (keyless(ES256).with("private_key", pem::P384), ["private_key`", "P-256", PKCS8]),
        (keyless(ES384).with("private_key", pem::P256), ["private_key`", "P-384", PKCS8]),
        (keyless(ES256).with("public_key", pem::P384_PUBLIC), ["public_key`", "P-256", "-pubout"]),
        (keyless(ES384).with("public_key", pem::P256_PUBLIC), ["public_key`", "P-384", "-pubout"]),
        (keyless(ES384).with("private_key", pem::P256_SEC1), ["private_key`", "P-384", "SEC1"]),
        (keyless(ES256).with("private_key", "/nowhere/key.pem"), ["private_key`", "/nowhere/key.pem, which cannot be read", "for example"]),
        (keyless(ES256).with("private_key", pem::ED25519), ["private_key`", "P-256", PKCS8]),
        (keyless(EdDSA).with("private_key", pem::P256), ["private_key`", "Ed25519", PKCS8]),
        (keyless(EdDSA).with("public_key", pem::P256_PUBLIC), ["public_key`", "Ed25519", "-pubout"]),
        (keyless(EdDSA).with("private_key", "-----BEGIN PRIVATE KEY-----\nczNjcjN0\n-----END PRIVATE KEY-----\n"), ["private_key`", "Ed25519", PKCS8]),
        (keyless(ES256).with("private_key", pem::P256).with("public_key", OTHER_P256), ["public_key`", "not the public half", "leave it out"]),
    ];
    for (setup, expected) in cases {
        let message = failure(&setup).await;
        for part in expected {
            assert!(message.contains(part), "`{part}` is not in: {message}");
        }
        for secret in ["s3cr3t", "czNjcjN0", "PRIVATE KEY", key_body(pem::RSA_1024), key_body(pem::P256)] {
            assert!(!message.contains(secret), "the message contains a secret: {message}");
        }
    }
}

#[rocket::async_test]
async fn without_a_key_only_the_debug_profile_launches() {
    let log = Log::capture();
    Setup::bare(Config::debug_default()).launch().await;
    assert!(log.text().contains("no secret is configured, so a random one was generated"), "{}", log.text());

    let staging = Config { profile: "staging".into(), ..Config::debug_default() };
    for config in [Config::release_default(), staging] {
        let message = failure(&Setup::bare(config.clone())).await;
        for part in ["no key", "`secret` in [default.jwt_auth]", "JWT_SECRET_KEY", "openssl rand"] {
            assert!(message.contains(part), "`{part}` is not in: {message}");
        }
        Setup::bare(config).with("secret", TestKey::SECRET).launch().await;
    }
}

#[rocket::async_test]
async fn each_launch_generates_another_secret() {
    let setup = Setup::bare(Config::debug_default());
    let (one, other) = (setup.launch().await, setup.launch().await);
    let token = one.create_access_token(&jwt_auth_tests::user("alice")).await.expect("a token");
    assert!(other.verify::<jwt_auth_tests::User>(&token).is_err());
}

#[rocket::async_test]
async fn invalid_settings_stop_the_launch() {
    for (setup, expected) in [
        (Setup::memory().with("access_ttl", "15"), "`jwt_auth.access_ttl"),
        (Setup::memory().with("secrte", "s3cr3t"), "`jwt_auth.secrte"),
        (Setup::memory().with("wait_replicas", 1), "there are no replicas"),
        (Setup::memory().with("algorithm", "none"), "one of HS256, HS384"),
        (Setup::memory().with("redis", "user:s3cr3t@localhost"), "redis:// or rediss://"),
        (Setup::memory().with("redis", "redis://user:s3cr3t@localhost:port"), "`jwt_auth.redis"),
    ] {
        let message = failure(&setup).await;
        assert!(message.contains(expected), "`{expected}` is not in: {message}");
        assert!(
            message.contains("for example") || message.contains("the settings are:"),
            "the message does not help: {message}"
        );
        assert!(!message.contains("s3cr3t"), "the message contains a secret: {message}");
    }
}

#[rocket::async_test]
async fn an_unavailable_redis_stops_the_launch() {
    let mut server = RedisServer::start();
    server.stop();
    let url = server.url().replace("redis://", "redis://user:s3cr3t@");
    let message = failure(&Setup::memory().with("redis", url)).await;
    let address = format!("127.0.0.1:{}", server.port());
    assert!(
        message.contains("cannot connect to the Redis server") && message.contains(&address),
        "{message}"
    );
    assert!(!message.contains("s3cr3t"), "the message contains a secret: {message}");
}

#[rocket::async_test]
async fn a_redis_that_accepts_connections_but_never_responds_stops_the_launch() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("this machine has a free port");
    let address = listener.local_addr().expect("a listener has an address");
    let setup =
        Setup::memory().with("redis", format!("redis://:s3cr3t@{address}")).with("store_timeout", "300ms");
    let begin = Instant::now();
    let message = failure(&setup).await;
    assert!(begin.elapsed() < Duration::from_secs(5), "it took {:?}", begin.elapsed());
    for part in ["cannot connect to the Redis server", &address.to_string(), "time"] {
        assert!(message.contains(part), "`{part}` is not in: {message}");
    }
    assert!(!message.contains("s3cr3t"), "the message contains a secret: {message}");
}

#[rocket::async_test]
async fn a_wrong_redis_password_stops_the_launch() {
    let server = RedisServer::start();
    server.run("CONFIG SET requirepass right");
    let url = server.url().replace("redis://", "redis://:s3cr3t@");
    let message = failure(&Setup::memory().with("redis", url)).await;
    assert!(message.contains("cannot connect to the Redis server"), "{message}");
    assert!(!message.contains("s3cr3t"), "the message contains a secret: {message}");
}

#[rocket::async_test]
async fn a_read_only_redis_stops_the_launch() {
    let server = RedisServer::start();
    server.run("REPLICAOF 127.0.0.1 1");
    let message = failure(&Setup::memory().with("redis", server.url())).await;
    assert!(message.contains("must not be a replica"), "{message}");
}

/// Returns the first line of the body of a PEM file.
fn key_body(pem: &str) -> &str {
    pem.lines().nth(1).expect("a PEM file has a body")
}

/// The public key of RFC 7515, appendix A.3.1.
const OTHER_P256: &str = "-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV7
6e8Tus9uPHvRVEXH8UTNG72bfocs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==
-----END PUBLIC KEY-----
";

#[rocket::async_test]
async fn proxies_need_a_header() {
    let setup = |ip_header: Option<&'static str>| {
        let config = Config { ip_header: ip_header.map(Into::into), ..Config::debug_default() };
        Setup::bare(config).with("throttle.proxies", ["10.0.0.0/8"])
    };
    let text = failure(&setup(None)).await;
    for part in ["throttle.proxies`", "`ip_header` is false", "ip_header = \"X-Real-IP\""] {
        assert!(text.contains(part), "`{part}` is not in: {text}");
    }
    assert!(setup(Some("X-Real-IP")).rocket().ignite().await.is_ok());
}
