//! Error messages.

use super::*;

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
