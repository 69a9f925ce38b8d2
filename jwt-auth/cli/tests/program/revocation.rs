//! Tokens that are revoked.

use jwt_auth_tests::{RedisServer, User, access_token, payload, refresh, revoked, soon, user};
use serde_json::json;

use crate::shell::{Shell, launched};

#[rocket::async_test]
async fn a_single_access_token_is_revoked() {
    #[derive(jwt_auth::Claims, serde::Serialize, serde::Deserialize)]
    #[claims(audience = "programs")]
    struct Program {
        #[claims(subject)]
        owner: String,
    }

    let server = RedisServer::start();
    let (shell, setup) = Shell::new().with_key(&server);
    let old = setup.clone();
    old.clock.set(jwt_auth::clock::Timestamp::from_secs(1_700_000_000));
    let expired = access_token(&old.launch().await, &user("ann"));
    let auth = launched(setup).await;
    let pair = auth.generate_tokens(&user("ann")).await.expect("a session");
    let program = access_token(&auth, &Program { owner: "ann".to_owned() });

    let answer = shell.answer(&["revoke-token"], &format!("Authorization: Bearer {}\n", pair.access_token));
    assert!(answer.contains("was revoked. It would have expired 20"), "{answer}");
    soon("the app rejects the token", || revoked(auth.verify::<User>(&pair.access_token))).await;
    auth.verify::<Program>(&program).expect("the other token is valid");
    refresh(&auth, &pair.refresh_token).await.expect("the session is live");

    let id = payload(&program)["jti"].as_str().expect("an id").to_owned();
    let revoked_id = (json!({ "revoked": true, "id": id }), Some(0));
    assert_eq!(shell.json(&["revoke-token", "--id", &id], ""), revoked_id);
    soon("the app rejects the token", || revoked(auth.verify::<Program>(&program))).await;
    assert_eq!(shell.json(&["revoke-token"], &program), revoked_id, "a second time");

    let (answer, status) = shell.json(&["revoke-token"], &expired);
    assert_eq!((&answer["revoked"], status), (&json!(false), Some(1)));
    let (message, signature) = pair.access_token.rsplit_once('.').expect("a signature");
    for (token, why) in [
        (pair.refresh_token.as_str(), "not an access token"),
        (&format!("{message}.{}", "A".repeat(signature.len())), "not signed with the app's key"),
        ("not a token", "not consist of three parts"),
        ("", "jwt-auth revoke-token < token.txt"),
    ] {
        let (answer, complaint) = shell.failure(&["revoke-token"], token);
        assert!(answer.is_empty() && complaint.contains(why), "{complaint}");
    }
}

#[rocket::async_test]
async fn a_long_lived_token_is_listed_and_ended_with_its_session() {
    let server = RedisServer::start();
    let (shell, setup) = Shell::new().with_key(&server);
    let auth = launched(setup).await;
    let ann = user("ann");
    let issue = async || auth.create_access_token(&ann).ttl("90d").label("ci").await.expect("it signs");
    let [by_text, by_session] = [issue().await, issue().await];
    let answer = shell.answer(&["inspect"], &by_text);
    assert!(answer.ends_with("accepted as an access token of a live session\n"), "{answer}");
    let listed = shell.answer(&["sessions", "ann"], "");
    assert_eq!(
        listed.lines().filter(|line| line.contains("token issued") && line.ends_with("  ci")).count(),
        2,
        "{listed}"
    );

    let id = |token: &str| payload(token)["jti"].as_str().expect("an id").to_owned();
    let (_, complaint) = shell.failure(&["revoke-token", "--id", &id(&by_text)], "");
    assert!(complaint.contains("the id of a long-lived token"), "{complaint}");
    shell.answer(&["revoke-token"], &by_text);
    let sid = payload(&by_session)["sid"].as_str().expect("a session").to_owned();
    assert_eq!(shell.answer(&["sessions", "ann"], "").lines().count(), 1);
    shell.answer(&["revoke", "ann", "--session", &sid], "");
    for token in [&by_text, &by_session] {
        soon("the app rejects the token", || revoked(auth.verify::<User>(token))).await;
    }
}

#[rocket::async_test]
async fn a_long_lived_token_that_names_no_session_of_the_app_is_not_said_to_be_revoked() {
    let server = RedisServer::start();
    let (shell, setup) = Shell::new().with_key(&server);
    // An app with the same key, whose settings the program does not have.
    let auth = launched(setup.with("audience", ["one", "other"])).await;
    let token = auth.create_access_token(&user("ann")).ttl("90d").await.expect("it signs");
    let (answer, complaint) = shell.failure(&["revoke-token"], &token);
    assert!(answer.is_empty() && complaint.contains("do not name a session of this app"), "{complaint}");
    auth.authenticate::<User>(&token).await.expect("nothing was revoked");
}
