use std::collections::HashMap;

use rocket::figment::providers::{Format, Toml};

use super::*;

const SECRET: &str = "do not show this to anybody, please";

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
        _ => panic!("this is one server"),
    }
}

fn section(line: &str) -> String {
    format!("[default.jwt_auth]\n{line}\n")
}

#[test]
fn defaults() {
    let settings = read("", &[]).unwrap();
    assert_eq!(settings.algorithm, Algorithm::HS256);
    assert!(settings.secret.is_none() && settings.redis.is_none() && settings.audience.is_empty());
    assert_eq!(settings.leeway, Duration::from_secs(10));
    assert_eq!(settings.access_ttl, 15 * MINUTE);
    assert_eq!(settings.refresh_ttl, 14 * DAY);
    assert_eq!(settings.session_ttl, 90 * DAY);
    assert_eq!(settings.reuse_grace, Duration::from_secs(30));
    assert_eq!(settings.store_timeout, Duration::from_millis(500));
    assert_eq!((settings.prefix.as_str(), settings.realm.as_str()), ("jwt-auth", "api"));
}

#[test]
fn numbers_as_toml_writes_them() {
    assert_eq!(read(&section("max_sessions = 3"), &[]).unwrap().max_sessions, 3);
}

#[test]
fn kinds_of_redis() {
    let of = |redis: &str| read(&section(&format!("redis = {redis}")), &[]).unwrap().redis.unwrap();
    assert_eq!(single(Some(of("\"rediss://a/1\""))).unwrap(), "rediss://a/1");
    let Redis::Cluster(nodes) = of("[\"redis://a\", \"redis://b\"]") else { panic!("a cluster") };
    assert_eq!(
        nodes.iter().map(|node| node.expose().as_str()).collect::<Vec<_>>(),
        ["redis://a", "redis://b"]
    );
    let Redis::Sentinel(sentinel) = of(
        "{ sentinels = [\"redis://a\"], master = \"m\", username = \"u\", password = \"p\", database = 2, tls = true }",
    ) else {
        panic!("a master by sentinels")
    };
    assert_eq!((sentinel.master.as_str(), sentinel.database, sentinel.tls), ("m", 2, true));
    assert_eq!(sentinel.username.as_deref(), Some("u"));
    assert_eq!(sentinel.password.unwrap().expose(), "p");
    assert_eq!(sentinel.sentinels[0].expose(), "redis://a");
}

#[test]
fn variables_of_the_python_system() {
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
    assert_eq!(settings.secret.unwrap().expose(), SECRET.as_bytes());
    assert_eq!(settings.algorithm, Algorithm::HS512);
    assert_eq!(settings.access_ttl, 30 * MINUTE);
    assert_eq!(settings.refresh_ttl, 365 * DAY);
    assert_eq!(settings.session_ttl, 365 * DAY, "a session lasts at least as long as its tokens");
    assert_eq!(single(settings.redis).unwrap(), "redis://redis.internal:6380");
}

#[test]
fn lifetimes_of_the_python_system_while_it_is_shared_with() {
    for phase in ["issue", "accept"] {
        let line = format!("fastapi_framework = \"{phase}\"");
        let settings = read(&section(&line), &[]).unwrap();
        assert_eq!((settings.access_ttl, settings.refresh_ttl), (30 * MINUTE, 6 * HOUR), "{phase}");
        let env = [("JWT_ACCESS_TOKEN_EXPIRE_MINUTES", "5")];
        let settings = read(&section(&format!("{line}\nrefresh_ttl = \"7d\"")), &env).unwrap();
        assert_eq!((settings.access_ttl, settings.refresh_ttl), (5 * MINUTE, 7 * DAY), "{phase}");
    }
}

#[test]
fn rockets_own_configuration_outranks_the_variables() {
    let env = [("JWT_SECRET_KEY", "from the environment"), ("JWT_ACCESS_TOKEN_EXPIRE_MINUTES", "30")];
    let settings = read(&section("secret = \"from the file\""), &env).unwrap();
    assert_eq!(settings.secret.unwrap().expose(), b"from the file");
    assert_eq!(settings.access_ttl, 30 * MINUTE);
}

#[test]
fn where_redis_is() {
    for (env, expected) in [
        (&[("REDIS_URL", "rediss://a:1"), ("REDIS_HOST", "b")][..], Some("rediss://a:1")),
        (&[("REDIS_HOST", "b")], Some("redis://b:6379")),
        (&[("REDIS_HOST", "::1"), ("REDIS_PORT", "1")], Some("redis://[::1]:1")),
        // As Kubernetes sets it in every pod beside a service called redis.
        (&[("REDIS_PORT", "tcp://10.0.0.1:6379")], None),
        (&[("REDIS_URL", ""), ("REDIS_HOST", "")], None),
    ] {
        let redis = single(read("", env).unwrap().redis);
        assert_eq!(redis.as_deref(), expected, "{env:?}");
    }
}

#[test]
fn secrets_as_base64() {
    for text in ["base64:+/+/", "base64:-_-_", "base64: +/+/ "] {
        let settings = read(&section(&format!("secret = \"{text}\"")), &[]).unwrap();
        assert_eq!(settings.secret.unwrap().expose(), &[0xfb, 0xff, 0xbf], "{text}");
    }
}

/// What is wrong, and what the message must hold.
#[test]
fn wrong_values_name_the_key_and_give_an_example() {
    for (line, expected) in [
        ("access_ttl = 900", "`jwt_auth.access_ttl"),
        ("access_ttl = \"15\"", "access_ttl = \"15m\""),
        ("access_ttl = \"0s\"", "must be from 1s to"),
        ("access_ttl = \"4000d\"", "must be from 1s to"),
        ("leeway = \"5m\"", "must be from 0s to 1m"),
        ("reuse_grace = \"1h\"", "must be from 0s to 5m"),
        ("session_ttl = \"1d\"", "must be from 14days to"),
        ("store_timeout = \"0s\"", "must be from 1ms to 1m"),
        ("revocation = \"on\"", "must be \"off\", \"push\" or \"strict\""),
        ("when_stale = true", "must be \"continue\" or \"refuse\""),
        ("fastapi_framework = true", "must be \"issue\" or \"accept\""),
        ("fastapi_framework = \"Issue\"", "fastapi_framework = \"issue\""),
        ("max_sessions = 0", "must be a number from 1 to"),
        ("max_sessions = \"many\"", "max_sessions = 100"),
        ("algorithm = \"none\"", "must be one of HS256,"),
        ("algorithm = \"hs256\"", "must be one of HS256,"),
        ("issuer = \"\"", "is empty"),
        ("issuer = 5", "must be text in quotes"),
        ("audience = []", "is an empty list"),
        ("audience = [\"a\", 5]", "must be text in quotes"),
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
        ("private_key = \"/nowhere/key.pem\"", "/nowhere/key.pem, which cannot be read"),
        ("acess_ttl = \"15m\"", "is not a setting"),
        ("acess_ttl = \"15m\"", "access_ttl"),
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
fn no_message_repeats_a_secret() {
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
    assert_eq!(format!("{:?}", settings.secret), "Some(Secret(…))");
}
