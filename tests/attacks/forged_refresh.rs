//! Forged refresh tokens, in the JSON body of a refresh.

use jwt_auth_tests::{Forge, TestKey, payload};
use serde_json::json;
use uuid::Uuid;

use crate::forgeries::{self, TYPES};
use crate::server::{Answer, Server};
use crate::{ALGORITHMS, setup};

#[test]
fn every_forged_refresh_token_is_refused_and_harms_nobody() {
    for algorithm in ALGORITHMS {
        let server = Server::start(&setup(algorithm));
        let (_, refresh) = server.login();
        let good = Forge::like(&refresh, algorithm);
        for (name, source, forge, _) in forgeries::all().chain(TYPES.iter().copied()) {
            assert_refused(&server, &forge(&good), &format!("{name} ({source}), {algorithm:?}"));
        }
        let stolen = good.clone().key(TestKey::of_attacker(algorithm)).token();
        assert_refused(&server, &stolen, "the attacker's key");

        // The session lives, and the token of the same claims is good: the table refused no more than it should.
        assert_eq!(server.refresh(&good.token()).status, 200, "{algorithm:?}");
    }
}

#[test]
fn an_access_token_is_no_refresh_token() {
    for algorithm in ALGORITHMS {
        let server = Server::start(&setup(algorithm));
        let (access, refresh) = server.login();
        assert_refused(&server, &access, "as it is");
        for typ in ["at+jwt", "application/at+jwt", "JWT"] {
            let token = Forge::like(&refresh, algorithm).header("typ", json!(typ)).token();
            assert_refused(&server, &token, typ);
        }
        assert_eq!(server.refresh(&refresh).status, 200);
    }
}

/// Signed by the app's own key, which an attacker has not: a second wall.
#[test]
fn a_signed_token_of_no_session_is_refused_and_ends_none() {
    let algorithm = ALGORITHMS[0];
    let server = Server::start(&setup(algorithm));
    let ((_, alice), (_, good)) = (server.login(), server.login());
    let good = Forge::like(&good, algorithm);
    let other_session = payload(&alice)["sid"].clone();
    for (name, token) in [
        ("no session", good.clone().no_claim("sid").token()),
        ("an unknown session", good.clone().claim("sid", json!(Uuid::new_v4())).token()),
        ("of another user", good.clone().claim("sub", json!("bob")).token()),
        ("of another user, whose name is a pattern", good.clone().claim("sub", json!("*")).token()),
    ] {
        assert_refused(&server, &token, name);
    }
    assert_eq!(server.refresh(&good.token()).status, 200, "the session lives");

    // With the id of another session it counts as a used token of that one.
    let mixed = good.clone().claim("sid", other_session).token();
    assert_refused(&server, &mixed, "mixed of two sessions");
    assert_refused(&server, &alice, "the session that was attacked has ended");
}

#[test]
fn bodies_that_are_not_asked_for_are_refused() {
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
        let Answer { status, .. } = server.post("/refresh", &body);
        assert!((400..500).contains(&status), "{status}: {body:.80}");
    }
    assert_eq!(server.refresh(&token).status, 200, "nothing was spent");
}

fn assert_refused(server: &Server, token: &str, name: &str) {
    let answer = server.refresh(token);
    assert_eq!(answer.status, 401, "{name}: {token}");
    assert_eq!(answer.challenge(), None, "{name}");
    let description = "The refresh token is not valid. Sign in again.";
    assert_eq!(
        answer.json(),
        json!({ "error": "invalid_grant", "error_description": description }),
        "{name}"
    );
}
