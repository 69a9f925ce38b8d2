//! Forged access tokens, sent to a protected route.

use jwt_auth_tests::{Forge, TestKey};
use serde_json::json;

use crate::forgeries::Rejection::*;
use crate::forgeries::{self, Rejection, TYPES};
use crate::server::Server;
use crate::{ALGORITHMS, setup};

#[test]
fn every_forged_access_token_is_rejected() {
    for algorithm in ALGORITHMS {
        let server = Server::start(&setup(algorithm));
        let valid = Forge::new(algorithm);
        assert_eq!(server.get_me(&valid.token()).body, "alice", "{algorithm:?}");

        for (name, source, forge, expected) in forgeries::all().chain(TYPES.iter().copied()) {
            assert_rejected(&server, &forge(&valid), expected, &format!("{name} ({source}), {algorithm:?}"));
        }
    }
}

/// RFC 8725, section 3.1; CVE-2022-23540.
#[test]
fn every_spelling_of_alg_none_is_rejected() {
    for algorithm in ALGORITHMS {
        let server = Server::start(&setup(algorithm));
        for upper in 0..16_u32 {
            let letter = |(n, letter): (usize, char)| match upper >> n & 1 {
                0 => letter,
                _ => letter.to_ascii_uppercase(),
            };
            let none: String = "none".chars().enumerate().map(letter).collect();
            let token = Forge::new(algorithm).header("alg", json!(none));
            for token in [token.with_signature(b""), token.without_part(2), token.token()] {
                assert_rejected(&server, &token, Invalid, &format!("{none}, {algorithm:?}"));
            }
        }
    }
}

/// RFC 8725, section 3.12.
#[test]
fn a_refresh_token_is_not_an_access_token() {
    for algorithm in ALGORITHMS {
        let server = Server::start(&setup(algorithm));
        let (access, refresh) = server.login();
        assert_rejected(&server, &refresh, Invalid, "unchanged");
        for typ in ["rt+jwt", "application/rt+jwt", "RT+JWT"] {
            let token = Forge::like(&access, algorithm).header("typ", json!(typ)).token();
            assert_rejected(&server, &token, Invalid, typ);
        }
        assert_eq!(server.get_me(&Forge::like(&access, algorithm).token()).body, "alice");
    }
}

#[test]
fn a_token_signed_with_the_attackers_key_is_rejected() {
    for algorithm in ALGORITHMS {
        let server = Server::start(&setup(algorithm));
        let token = Forge::new(algorithm).key(TestKey::of_attacker(algorithm)).token();
        assert_rejected(&server, &token, Invalid, &format!("{algorithm:?}"));
    }
}

pub(crate) fn assert_rejected(server: &Server, token: &str, expected: Rejection, name: &str) {
    let (status, error, description) = match expected {
        Invalid => (401, "invalid_token", "The access token is not valid."),
        Expired => (401, "invalid_token", "The access token has expired."),
        NotYet => (401, "invalid_token", "The access token is not valid yet."),
        Malformed => {
            (400, "invalid_request", "The Authorization header must contain exactly one bearer token.")
        }
    };
    let response = server.get_me(token);
    assert_eq!(response.status, status, "{name}: {token}");
    let challenge = format!(r#"Bearer realm="api", error="{error}", error_description="{description}""#);
    assert_eq!(response.challenge(), Some(challenge.as_str()), "{name}");
    assert_eq!(response.json(), json!({ "error": error, "error_description": description }), "{name}");
}
