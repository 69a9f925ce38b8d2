//! Forged access tokens, at a protected route.

use std::time::Instant;

use jwt_auth_tests::{Forge, TestKey};
use rocket::serde::json::Value;
use serde_json::json;

use crate::forgeries::Refusal::*;
use crate::forgeries::{self, Refusal, TYPES};
use crate::{ALGORITHMS, QUICK, client, get_me, login, setup};

#[test]
fn every_forged_access_token_is_refused() {
    for algorithm in ALGORITHMS {
        let client = client(&setup(algorithm));
        let good = Forge::new(algorithm);
        assert_eq!(get_me(&client, &good.token()).into_string().as_deref(), Some("alice"), "{algorithm:?}");

        for (name, forge, expected) in forgeries::all().chain(TYPES.iter().copied()) {
            assert_refused(&client, &forge(&good), expected, &format!("{name}, {algorithm:?}"));
        }
    }
}

#[test]
fn a_refresh_token_is_no_access_token() {
    for algorithm in ALGORITHMS {
        let client = client(&setup(algorithm));
        let pair = login(&client);
        assert_refused(&client, &pair.refresh_token, Invalid, "as it is");
        for typ in ["rt+jwt", "application/rt+jwt", "RT+JWT"] {
            let token = Forge::like(&pair.access_token, algorithm).header("typ", json!(typ)).token();
            assert_refused(&client, &token, Invalid, typ);
        }
        get_me(&client, &Forge::like(&pair.access_token, algorithm).token()).into_string().expect("alice");
    }
}

#[test]
fn a_token_of_the_attackers_key_is_refused() {
    for algorithm in ALGORITHMS {
        let client = client(&setup(algorithm));
        let token = Forge::new(algorithm).key(TestKey::of_attacker(algorithm)).token();
        assert_refused(&client, &token, Invalid, &format!("{algorithm:?}"));
    }
}

pub(crate) fn assert_refused(
    client: &rocket::local::blocking::Client,
    token: &str,
    expected: Refusal,
    name: &str,
) {
    let (status, error, description) = match expected {
        Invalid => (401, "invalid_token", "The access token is not valid."),
        Expired => (401, "invalid_token", "The access token has expired."),
        NotYet => (401, "invalid_token", "The access token is not valid yet."),
        Malformed => (400, "invalid_request", "The Authorization header must hold one bearer token."),
    };
    let begin = Instant::now();
    let response = get_me(client, token);
    assert!(begin.elapsed() < QUICK, "{name}: took {:?}", begin.elapsed());
    assert_eq!(response.status().code, status, "{name}: {token}");
    let challenge = format!(r#"Bearer realm="api", error="{error}", error_description="{description}""#);
    assert_eq!(response.headers().get_one("WWW-Authenticate"), Some(challenge.as_str()), "{name}");
    let body: Value = response.into_json().expect("JSON");
    assert_eq!(body, json!({ "error": error, "error_description": description }), "{name}");
}
