//! Forged refresh tokens, in the JSON body of a refresh.

use std::time::Instant;

use jwt_auth_tests::{Forge, TestKey, payload};
use rocket::http::{ContentType, Status};
use rocket::local::blocking::{Client, LocalResponse};
use rocket::serde::json::Value;
use serde_json::json;
use uuid::Uuid;

use crate::forgeries::{self, TYPES};
use crate::{ALGORITHMS, QUICK, client, login, setup};

#[test]
fn every_forged_refresh_token_is_refused_and_harms_nobody() {
    for algorithm in ALGORITHMS {
        let client = client(&setup(algorithm));
        let pair = login(&client);
        let good = Forge::like(&pair.refresh_token, algorithm);
        for (name, forge, _) in forgeries::all().chain(TYPES.iter().copied()) {
            assert_refused(&client, &forge(&good), &format!("{name}, {algorithm:?}"));
        }
        let stolen = good.clone().key(TestKey::of_attacker(algorithm)).token();
        assert_refused(&client, &stolen, "the attacker's key");

        // The session lives, and the token of the same claims is good: the table refused no more than it should.
        let refreshed = post(&client, &good.token());
        assert_eq!(refreshed.status(), Status::Ok, "{algorithm:?}");
    }
}

#[test]
fn an_access_token_is_no_refresh_token() {
    for algorithm in ALGORITHMS {
        let client = client(&setup(algorithm));
        let pair = login(&client);
        assert_refused(&client, &pair.access_token, "as it is");
        for typ in ["at+jwt", "application/at+jwt", "JWT"] {
            let token = Forge::like(&pair.refresh_token, algorithm).header("typ", json!(typ)).token();
            assert_refused(&client, &token, typ);
        }
        assert_eq!(post(&client, &pair.refresh_token).status(), Status::Ok);
    }
}

/// Signed by the app's own key, which an attacker has not: a second wall.
#[test]
fn a_signed_token_of_no_session_is_refused_and_ends_none() {
    let algorithm = ALGORITHMS[0];
    let client = client(&setup(algorithm));
    let (alice, good) = (login(&client), login(&client));
    let good = Forge::like(&good.refresh_token, algorithm);
    let other_session = payload(&alice.refresh_token)["sid"].clone();
    for (name, token) in [
        ("no session", good.clone().no_claim("sid").token()),
        ("an unknown session", good.clone().claim("sid", json!(Uuid::new_v4())).token()),
        ("of another user", good.clone().claim("sub", json!("bob")).token()),
        ("of another user, whose name is a pattern", good.clone().claim("sub", json!("*")).token()),
    ] {
        assert_refused(&client, &token, name);
    }
    assert_eq!(post(&client, &good.token()).status(), Status::Ok, "the session lives");

    // With the id of another session it counts as a used token of that one.
    let mixed = good.clone().claim("sid", other_session).token();
    assert_refused(&client, &mixed, "mixed of two sessions");
    assert_refused(&client, &alice.refresh_token, "the session that was attacked has ended");
}

#[test]
fn bodies_that_are_not_asked_for_are_refused() {
    let client = client(&setup(ALGORITHMS[0]));
    let token = login(&client).refresh_token;
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
        let response = client.post("/refresh").header(ContentType::JSON).body(&body).dispatch();
        assert!(response.status().class().is_client_error(), "{}", &body[..body.len().min(80)]);
    }
    assert_eq!(post(&client, &token).status(), Status::Ok, "nothing was spent");
}

fn post<'c>(client: &'c Client, token: &str) -> LocalResponse<'c> {
    let body = json!({ "refresh_token": token }).to_string();
    client.post("/refresh").header(ContentType::JSON).body(body).dispatch()
}

fn assert_refused(client: &Client, token: &str, name: &str) {
    let begin = Instant::now();
    let response = post(client, token);
    assert!(begin.elapsed() < QUICK, "{name}: took {:?}", begin.elapsed());
    assert_eq!(response.status(), Status::Unauthorized, "{name}: {token}");
    assert_eq!(response.headers().get_one("WWW-Authenticate"), None, "{name}");
    let body: Value = response.into_json().expect("JSON");
    assert_eq!(body["error"], "invalid_grant", "{name}");
    assert_eq!(body["error_description"], "The refresh token is not valid. Sign in again.", "{name}");
}
