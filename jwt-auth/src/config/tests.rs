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

/// Each invalid setting, and a part of its error message.
#[test]
fn errors_name_the_setting_and_give_an_example() {
    for (line, expected) in [
        ("access_ttl = 900", "`jwt_auth.access_ttl"),
        ("access_ttl = \"15\"", "access_ttl = \"15m\""),
        ("access_ttl = \"0s\"", "must be from 1 second to 10 years"),
        ("access_ttl = \"4000d\"", "must be from 1 second to 10 years"),
        ("leeway = \"5m\"", "must be from 0 seconds to 1 minute"),
        ("reuse_grace = \"1h\"", "must be from 0 seconds to 5 minutes"),
        ("session_ttl = \"1d\"", "must be from 14 days to 10 years"),
        ("access_ttl = \"15d\"", "`refresh_ttl` is 14 days, shorter than `access_ttl`, which is 15 days"),
        (
            "refresh_ttl = \"14m 59s\"",
            "which is 15 minutes: access tokens would outlive their sessions; for example: refresh_ttl = \"15m\"",
        ),
        ("audience = \"refresh\"", "`audience` names \"refresh\", but `refresh` and names"),
        (
            "audience = [\"api\", \"refresh:api\"]",
            "`audience` names \"refresh:api\", but `refresh` and names",
        ),
        ("store_timeout = \"0s\"", "must be from 1 millisecond to 1 minute"),
        ("revocation = \"on\"", "must be \"off\", \"push\" or \"strict\""),
        ("when_stale = true", "must be \"continue\" or \"refuse\""),
        ("fastapi_framework = true", "must be \"issue\" or \"accept\""),
        ("fastapi_framework = \"Issue\"", "fastapi_framework = \"issue\""),
        ("max_sessions = 0", "must be a number from 1 to"),
        ("max_sessions = \"many\"", "max_sessions = 100"),
        ("algorithm = \"none\"", "must be one of HS256,"),
        ("algorithm = \"hs256\"", "must be one of HS256,"),
        ("issuer = \"\"", "is empty"),
        ("issuer = 5", "must be a quoted string"),
        ("audience = []", "is an empty list"),
        ("audience = [\"a\", 5]", "must be a quoted string"),
        ("realm = 'a\"b'", "without quotes"),
        ("realm = \"a\\r\\nb\"", "must be ASCII"),
        ("prefix = \"{app}\"", "letters, digits"),
        ("redis = \"localhost\"", "starts with redis:// or rediss://"),
        ("redis = [\"redis://a\", \"b\"]", "starts with redis:// or rediss://"),
        ("redis = []", "empty list"),
        ("redis = { master = \"m\" }", "needs `sentinels`"),
        ("redis = { sentinels = [\"redis://a\"] }", "needs `master`"),
        ("redis = { sentinels = [\"a\"], master = \"m\" }", "starts with redis:// or rediss://"),
        ("redis = { sentinels = [\"redis://a\"], master = \"m\", db = 1 }", "key `db`"),
        ("redis = { sentinels = [\"redis://a\"], master = \"m\", database = -1 }", "`database`"),
        ("redis = { sentinels = [\"redis://a\"], master = \"m\", tls = \"yes\" }", "`tls`"),
        ("wait_replicas = 11", "from 0 to 10"),
        ("throttle = true", "must be a table, or false; for example: throttle = { account = {"),
        (
            "throttle = { account = true }",
            "must be a table, or false; for example: account = { attempts = 10",
        ),
        ("throttle = { account = 10 }", "must be a table, or false"),
        ("throttle = { account = { attempts = 0 } }", "must be a number from 1 to 10000"),
        ("throttle = { network = { per = \"1s\" } }", "must be from 10 seconds to 30 days"),
        ("throttle = { network = { limit = 5 } }", "attempts, per"),
        ("throttle = { remember = \"1m\" }", "must be from 1 hour to 400 days"),
        ("throttle = { proxies = [\"localhost\"] }", "names of hosts do not work; for example: proxies = ["),
        ("throttle = { proxies = [\"10.0.0.0/33\"] }", "must be a list of IP addresses"),
        ("private_key = \"key.pem\"", "`algorithm` is HS256, which signs with a secret"),
        ("retire_at = \"2027-01-01\"", "must be a time in UTC"),
        ("retire_at = \"2027-01-01T00:00:00+01:00\"", "must be a time in UTC"),
        ("kid = \"a b\"", "without spaces"),
        ("kid = \"a\"", "is set without a key"),
        ("reload_keys = \"1ms\"", "must be \"0s\", or at least 100 milliseconds"),
        ("keys = { secret = \"a\" }", "must be a list of tables"),
        ("keys = [\"a.pem\"]", "must be a list of tables"),
        ("keys = [{}]", "`keys[0].private_key` is missing"),
        ("keys = [{ kid = \"a\" }]", "`keys[0].private_key` is missing"),
        ("keys = [{ secert = \"a\" }]", "`jwt_auth.keys[0].secert"),
        ("keys = [{ jwk = \"a\" }, { secret = 5 }]", "`jwt_auth.keys[1].secret"),
        ("keys = [{ secret = \"a\", jwk = \"b\" }]", "`keys[0].jwk` is set together with `keys[0].secret`"),
        ("keys = [{ secret = \"a\", algorithm = \"ES256\" }]", "`keys[0].algorithm` is ES256"),
        ("keys = [{ private_key = \"a.pem\" }]", "`keys[0].algorithm` is HS256"),
        ("keys = [{ jwks = \"a\", kid = \"a\" }]", "the keys of a set have their own names"),
        (
            "secret = \"a\"\nnot_before = \"2027-01-01T00:00:00Z\"\nretire_at = 2027-01-01T00:00:00Z",
            "`retire_at` is not after `not_before`",
        ),
        ("acess_ttl = \"15m\"", "is not a setting: did you mean `access_ttl`?"),
        ("access-ttl = \"15m\"", "did you mean `access_ttl`?"),
        ("issuer_ = \"a\"", "did you mean `issuer`?"),
        ("colour = \"a\"", "is not a setting; the settings are: "),
        (
            "cookies = { secur = true }",
            "`jwt_auth.cookies.secur` in TOML source string is not a setting: did you mean `secure`?",
        ),
    ] {
        let message = read(&section(line), &[]).err().unwrap_or_else(|| panic!("accepted: {line}"));
        assert!(message.contains(expected), "{line}\n  gives  {message}\n  lacks  {expected}");
    }
    for (name, value) in [
        ("JWT_ACCESS_TOKEN_EXPIRE_MINUTES", "15m"),
        ("JWT_REFRESH_TOKEN_EXPIRE_MINUTES", "-1"),
        ("JWT_ALGORITHM", "none"),
        ("REDIS_URL", "localhost"),
    ] {
        let message = read("", &[(name, value)]).err().unwrap_or_else(|| panic!("accepted: {name}={value}"));
        assert!(message.contains(name), "{name}={value} gives {message}");
    }
    let port = read("", &[("REDIS_HOST", "a"), ("REDIS_PORT", "tcp://b:1")]).err().unwrap();
    assert!(port.contains("REDIS_PORT"), "{port}");
    let message = read("[default]\njwt_auth = 5\n", &[]).err().unwrap();
    assert!(message.contains("must be a table"), "{message}");
}

#[test]
fn no_error_message_repeats_a_secret() {
    for line in [
        "secret = 1234567890",
        "secret = \"base64:1234567890!\"",
        "redis = \"1234567890\"",
        "private_key = 1234567890",
    ] {
        let message = read(&section(line), &[]).err().unwrap();
        assert!(!message.contains("1234567890"), "{line} gives {message}");
    }
    let settings = read(&section(&format!("secret = \"{SECRET}\"")), &[]).unwrap();
    let KeyEncoding::Secret(secret) = &settings.keys.own[0].encoding else { panic!("expected a secret") };
    assert_eq!(format!("{secret:?}"), "Secret(…)");
}
