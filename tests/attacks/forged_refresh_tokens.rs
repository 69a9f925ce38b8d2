//! Forged refresh tokens, sent in the JSON body of a refresh request.

use jwt_auth_tests::{Forge, TestKey, payload};
use serde_json::json;
use uuid::Uuid;

use crate::forgeries::{self, TYPES};
use crate::server::{Response, Server};
use crate::{ALGORITHMS, setup};

#[test]
fn every_forged_refresh_token_is_rejected_and_ends_no_session() {
    for algorithm in ALGORITHMS {
        let server = Server::start(&setup(algorithm));
        let (_, refresh) = server.login();
        let valid = Forge::like(&refresh, algorithm);
        for (name, source, forge, _) in forgeries::all().chain(TYPES.iter().copied()) {
            // The clock of the instance that issued the token may be ahead. The store decides.
            if name != "iat in the future" {
                assert_rejected(&server, &forge(&valid), &format!("{name} ({source}), {algorithm:?}"));
            }
        }
        let stolen = valid.clone().key(TestKey::of_attacker(algorithm)).token();
        assert_rejected(&server, &stolen, "the attacker's key");

        // The session is alive, and a token with the same claims is valid: only the forgeries were rejected.
        assert_eq!(server.refresh(&valid.token()).status, 200, "{algorithm:?}");
    }
}

#[test]
fn an_access_token_is_not_a_refresh_token() {
    for algorithm in ALGORITHMS {
        let server = Server::start(&setup(algorithm));
        let (access, refresh) = server.login();
        assert_rejected(&server, &access, "unchanged");
        for typ in ["at+jwt", "application/at+jwt", "JWT"] {
            let token = Forge::like(&refresh, algorithm).header("typ", json!(typ)).token();
            assert_rejected(&server, &token, typ);
        }
        assert_eq!(server.refresh(&refresh).status, 200);
    }
}

/// A second line of defense: these tokens are signed with the app's own key, which an attacker does not have.
#[test]
fn a_signed_token_without_a_session_is_rejected() {
    let algorithm = ALGORITHMS[0];
    let server = Server::start(&setup(algorithm));
    let ((_, alice), (_, valid)) = (server.login(), server.login());
    let valid = Forge::like(&valid, algorithm);
    let other_session = payload(&alice)["sid"].clone();
    for (name, token) in [
        ("no session", valid.clone().no_claim("sid").token()),
        ("an unknown session", valid.clone().claim("sid", json!(Uuid::new_v4())).token()),
        ("another user", valid.clone().claim("sub", json!("bob")).token()),
        ("another user, whose name is a pattern", valid.clone().claim("sub", json!("*")).token()),
    ] {
        assert_rejected(&server, &token, name);
    }
    assert_eq!(server.refresh(&valid.token()).status, 200, "the session is alive");

    // A token with the id of another session counts as a used token of that session.
    let mixed = valid.clone().claim("sid", other_session).token();
    assert_rejected(&server, &mixed, "combined from two sessions");
    assert_rejected(&server, &alice, "the attacked session has ended");
}

#[test]
fn malformed_bodies_are_rejected() {
    let server = Server::start(&setup(ALGORITHMS[0]));
    let (_, token) = server.login();
    let long = "x".repeat(2_000_000);
    for body in [
        String::new(),
        "null".to_owned(),
        format!("{{\"refresh_token\": [\"{token}\"]}}"),
        format!("{{\"refresh_token\": \"{token}\", \"refresh_token\": \"{token}\"}}"),
        format!("{{\"Refresh_Token\": \"{token}\"}}"),
        format!("{{\"refresh_token\": \"{token}"),
        format!("refresh_token={token}"),
        format!("{{\"refresh_token\": \"{long}\"}}"),
        "[".repeat(100_000),
    ] {
        let Response { status, .. } = server.post("/refresh", &body);
        assert!((400..500).contains(&status), "{status}: {body:.80}");
    }
    assert_eq!(server.refresh(&token).status, 200, "the token is still unused");
}

fn assert_rejected(server: &Server, token: &str, name: &str) {
    let response = server.refresh(token);
    assert_eq!(response.status, 401, "{name}: {token}");
    assert_eq!(response.challenge(), Some("Bearer realm=\"api\""), "{name}");
    let description = "The refresh token is not valid. Sign in again.";
    assert_eq!(
        response.json(),
        json!({ "error": "invalid_grant", "error_description": description }),
        "{name}"
    );
}
