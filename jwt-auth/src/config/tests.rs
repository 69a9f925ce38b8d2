mod errors;

use std::collections::HashMap;

use jsonwebtoken::Algorithm;
use rocket::figment::providers::{Format, Toml};

use std::time::Duration;

use super::duration::{DAY, HOUR, MINUTE};
use super::*;
use crate::clock::Timestamp;

const SECRET: &str = "do not show this to anyone, please";

fn read(toml: &str, env: &[(&str, &str)]) -> Result<Settings, String> {
    let env: HashMap<_, _> = env.iter().copied().collect();
    let figment =
        Figment::from(rocket::Config::default()).merge(Toml::string(toml).nested()).select("default");
    Table::new(&figment, &|name| env.get(name).map(ToString::to_string))
        .and_then(Settings::from_table)
        .map_err(|error| error.to_string())
}

fn single(redis: Option<Redis>) -> Option<String> {
    match redis? {
        Redis::Single(url) => Some(url.expose().clone()),
        _ => panic!("expected a single server"),
    }
}

/// The inline secret.
fn secret(settings: &Settings) -> &[u8] {
    match &settings.keys.own[..] {
        [KeySetting { encoding: KeyEncoding::Secret(secret), .. }] => secret.expose(),
        _ => panic!("expected exactly one key, a secret"),
    }
}

fn section(line: &str) -> String {
    format!("[default.jwt_auth]\n{line}\n")
}

#[test]
fn defaults() {
    let settings = read("", &[]).unwrap();
    assert!(settings.keys.own.is_empty());
    assert_eq!(settings.keys.reload_every, Some(Duration::from_secs(10)));
    assert!(settings.store.redis.is_none() && settings.tokens.audience.is_empty());
    assert_eq!(settings.tokens.leeway, Duration::from_secs(10));
    assert_eq!(settings.tokens.access_ttl, 15 * MINUTE);
    assert_eq!(settings.sessions.refresh_ttl, 14 * DAY);
    assert_eq!(settings.sessions.session_ttl, 90 * DAY);
    assert_eq!(settings.sessions.reuse_grace, Duration::from_secs(30));
    assert_eq!((settings.sessions.max_sessions, settings.store.wait_replicas), (100, 0));
    assert_eq!(
        (settings.revocation.mode, settings.revocation.when_stale),
        (RevocationMode::Push, WhenStale::Continue)
    );
    assert_eq!(settings.revocation.stale_after, Duration::from_secs(10));
    assert_eq!(settings.store.timeout, Duration::from_millis(500));
    assert_eq!((settings.store.prefix.as_str(), settings.realm.as_str()), ("jwt-auth", "api"));
}

#[test]
fn a_budget_may_be_complete_partial_or_off() {
    let throttle = |line: &str| read(&section(line), &[]).unwrap().throttle;
    let default = throttle("");
    let settings = throttle(
        r#"throttle = { account = { attempts = 3 }, network = { per = "1h" }, new_networks = false, proxies = "10.0.0.0/8" }"#,
    );
    assert_eq!(settings.account, Some(Budget::new(3, 15 * MINUTE)));
    assert_eq!(settings.network, Some(Budget::new(100, HOUR)));
    assert_eq!((settings.new_networks, settings.remember), (None, default.remember));
    assert!(settings.proxies[0].contains(&"10.1.2.3".parse::<std::net::IpAddr>().unwrap()));
    assert_eq!(default.new_networks, Some(Budget::new(20, HOUR)));
    let off = throttle("throttle = false");
    assert_eq!([off.network, off.account, off.new_networks], [None; 3]);
}

#[test]
fn toml_numbers_are_accepted() {
    assert_eq!(read(&section("max_sessions = 3"), &[]).unwrap().sessions.max_sessions, 3);
}

#[test]
fn keys_are_read_as_written() {
    let toml = r#"
        algorithm = "ES256"
        private_key = "2026-06.pem"
        keys = [
            { private_key = "2026-12.pem", not_before = "2026-12-01T00:00:00Z" },
            { algorithm = "RS256", public_key = "-----BEGIN PUBLIC KEY-----", retire_at = 2027-01-01T00:00:00Z },
            { algorithm = "HS256", secret = "base64:+/+/", kid = "a" },
            { jwk = ' {"kty":"OKP"}' },
            { jwks = "set.json", algorithm = "RS512" },
        ]
        reload_keys = "0s"
    "#;
    let keys = read(&section(toml), &[("JWT_SECRET_KEY", SECRET)]).unwrap().keys;
    let [first, next, public, secret, jwk, jwks] = &keys.own[..] else { panic!("expected six keys") };
    assert_eq!((first.algorithm, first.name("kid").as_str()), (Some(Algorithm::ES256), "kid"));
    assert_eq!((next.algorithm, next.name("kid").as_str()), (Some(Algorithm::ES256), "keys[0].kid"));
    assert_eq!(next.not_before, Some(Timestamp::from_secs(1_796_083_200)));
    assert_eq!(public.key_name(), "keys[1].public_key");
    assert_eq!(public.retire_at, Some(Timestamp::from_secs(1_798_761_600)));
    assert_eq!((secret.algorithm, secret.kid.as_deref()), (Some(Algorithm::HS256), Some("a")));
    assert!(matches!(
        jwk,
        KeySetting { algorithm: None, encoding: KeyEncoding::Jwk(KeyText::Inline(_)), .. }
    ));
    assert!(matches!(jwks.encoding, KeyEncoding::Jwks(KeyText::File { is_path: true, .. })));
    let files: Vec<_> = keys.files().map(|path| path.to_str().unwrap()).collect();
    assert_eq!(files, ["2026-06.pem", "2026-12.pem", "set.json"]);
    assert_eq!(keys.reload_every, None);
}

#[test]
fn redis_may_be_a_server_a_cluster_or_a_sentinel_master() {
    let of = |redis: &str| read(&section(&format!("redis = {redis}")), &[]).unwrap().store.redis.unwrap();
    assert_eq!(single(Some(of("\"rediss://a/1\""))).unwrap(), "rediss://a/1");
    let Redis::Cluster(nodes) = of("[\"redis://a\", \"redis://b\"]") else { panic!("expected a cluster") };
    assert_eq!(
        nodes.iter().map(|node| node.expose().as_str()).collect::<Vec<_>>(),
        ["redis://a", "redis://b"]
    );
    let Redis::Sentinel(sentinel) = of(
        "{ sentinels = [\"redis://a\"], master = \"m\", username = \"u\", password = \"p\", database = 2, tls = true }",
    ) else {
        panic!("expected a master")
    };
    assert_eq!((sentinel.master.as_str(), sentinel.database, sentinel.tls), ("m", 2, true));
    assert_eq!(sentinel.username.as_deref(), Some("u"));
    assert_eq!(sentinel.password.unwrap().expose(), "p");
    assert_eq!(sentinel.sentinels[0].expose(), "redis://a");
}

#[test]
fn variables_of_the_python_service_are_read() {
    let settings = read(
        "",
        &[
            ("JWT_SECRET_KEY", SECRET),
            ("JWT_ALGORITHM", "HS512"),
            ("JWT_ACCESS_TOKEN_EXPIRE_MINUTES", "30"),
            ("JWT_REFRESH_TOKEN_EXPIRE_MINUTES", "525600"),
            ("REDIS_HOST", "redis.internal"),
            ("REDIS_PORT", "6380"),
        ],
    )
    .unwrap();
    assert_eq!(secret(&settings), SECRET.as_bytes());
    assert_eq!(settings.keys.own[0].algorithm, Some(Algorithm::HS512));
    assert_eq!(settings.tokens.access_ttl, 30 * MINUTE);
    assert_eq!(settings.sessions.refresh_ttl, 365 * DAY);
    assert_eq!(settings.sessions.session_ttl, 365 * DAY, "a session lasts at least as long as its tokens");
    assert_eq!(single(settings.store.redis).unwrap(), "redis://redis.internal:6380");
}

#[test]
fn lifetimes_default_to_those_of_the_python_service() {
    for phase in ["issue", "accept"] {
        let line = format!("fastapi_framework = \"{phase}\"");
        let settings = read(&section(&line), &[]).unwrap();
        assert_eq!(
            (settings.tokens.access_ttl, settings.sessions.refresh_ttl),
            (30 * MINUTE, 6 * HOUR),
            "{phase}"
        );
        let env = [("JWT_ACCESS_TOKEN_EXPIRE_MINUTES", "5")];
        let settings = read(&section(&format!("{line}\nrefresh_ttl = \"7d\"")), &env).unwrap();
        assert_eq!(
            (settings.tokens.access_ttl, settings.sessions.refresh_ttl),
            (5 * MINUTE, 7 * DAY),
            "{phase}"
        );
    }
}

#[test]
fn the_configuration_of_rocket_overrides_the_variables() {
    let env = [("JWT_SECRET_KEY", "from the environment"), ("JWT_ACCESS_TOKEN_EXPIRE_MINUTES", "30")];
    let settings = read(&section("secret = \"from the file\""), &env).unwrap();
    assert_eq!(secret(&settings), b"from the file");
    assert_eq!(settings.tokens.access_ttl, 30 * MINUTE);
}

#[test]
fn the_address_of_redis_comes_from_variables() {
    for (env, expected) in [
        (&[("REDIS_URL", "rediss://a:1"), ("REDIS_HOST", "b")][..], Some("rediss://a:1")),
        (&[("REDIS_HOST", "b")], Some("redis://b:6379")),
        (&[("REDIS_HOST", "::1"), ("REDIS_PORT", "1")], Some("redis://[::1]:1")),
        // As set by Kubernetes if there is a service called redis.
        (&[("REDIS_PORT", "tcp://10.0.0.1:6379")], None),
        (&[("REDIS_URL", ""), ("REDIS_HOST", "")], None),
    ] {
        let redis = single(read("", env).unwrap().store.redis);
        assert_eq!(redis.as_deref(), expected, "{env:?}");
    }
}

#[test]
fn a_secret_may_be_base64() {
    for text in ["base64:+/+/", "base64:-_-_", "base64: +/+/ "] {
        let settings = read(&section(&format!("secret = \"{text}\"")), &[]).unwrap();
        assert_eq!(secret(&settings), [0xfb, 0xff, 0xbf], "{text}");
    }
}
