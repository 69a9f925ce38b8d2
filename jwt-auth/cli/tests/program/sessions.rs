//! Sessions that are listed and ended.

use jwt_auth_tests::{RedisServer, User, access_token, payload, refresh, refusal, revoked, soon, user};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::shell::{Shell, launched};

#[derive(jwt_auth::Claims, serde::Serialize, serde::Deserialize)]
#[claims(audience = "devices")]
struct Device {
    #[claims(subject)]
    id: String,
}

#[rocket::async_test]
async fn sessions_of_a_running_app_are_listed_and_ended() {
    let server = RedisServer::start();
    let (shell, setup) = Shell::new().with_key(&server);
    let auth = launched(setup).await;
    let login = async || auth.generate_tokens(&user("ann")).await.expect("a session");
    let (phone, laptop) = (login().await, login().await);

    let listed: Value =
        serde_json::from_str(&shell.answer(&["sessions", "ann", "--json"], "")).expect("JSON");
    assert_eq!(listed.as_array().map(Vec::len), Some(2));
    let id = auth.check_refresh_token(&phone.refresh_token).await.expect("a live session").id.to_string();
    assert!(shell.answer(&["sessions", "ann"], "").contains(&id));
    assert_eq!(shell.answer(&["sessions", "bob"], ""), "");

    let (answer, _) = shell.failure(&["revoke", "bob", "--session", &id], "");
    assert_eq!(answer, "There was no such session.\n");
    assert_eq!(shell.answer(&["revoke", "ann", "--session", &id], ""), "One session was ended.\n");
    refusal(refresh(&auth, &phone.refresh_token).await);
    soon("the app rejects the token", || revoked(auth.verify::<User>(&phone.access_token))).await;
    auth.verify::<User>(&laptop.access_token).expect("the other session is live");

    assert_eq!(shell.answer(&["revoke", "ann", "--all"], ""), "One session was ended.\n");
    refusal(refresh(&auth, &laptop.refresh_token).await);
    let undecided = shell.call(&["revoke", "ann"], "");
    assert_eq!(undecided.status.code(), Some(2), "neither --all nor --session was set: {undecided:?}");
}

#[rocket::async_test]
async fn sessions_of_another_kind_are_listed_and_ended_separately() {
    let server = RedisServer::start();
    let (shell, setup) = Shell::new().with_key(&server);
    let auth = launched(setup).await;
    let user = auth.generate_tokens(&user("1")).await.expect("a session");
    let device = auth.generate_tokens(&Device { id: "1".to_owned() }).await.expect("a session");
    let id =
        async |token: &str| auth.check_refresh_token(token).await.expect("a live session").id.to_string();
    let (of_user, of_device) = (id(&user.refresh_token).await, id(&device.refresh_token).await);

    let (answer, _) = shell.failure(&["inspect"], &device.access_token);
    assert!(answer.contains("rejected: its `aud`") && answer.contains("set `--kind`"), "{answer}");
    let answer = shell.answer(&["inspect", "--kind", "devices"], &device.access_token);
    assert!(answer.ends_with("accepted as an access token of a live session\n"), "{answer}");

    let listed = shell.answer(&["sessions", "1"], "");
    assert!(listed.contains(&of_user) && !listed.contains(&of_device), "{listed}");
    let listed = shell.answer(&["sessions", "1", "--kind", "devices"], "");
    assert!(listed.contains(&of_device) && !listed.contains(&of_user), "{listed}");
    let (ended, _) = shell.failure(&["revoke", "1", "--session", &of_device], "");
    assert_eq!(ended, "There was no such session.\n");
    let ended = shell.answer(&["revoke", "1", "--kind", "devices", "--all"], "");
    assert_eq!(ended, "One session was ended.\n");
    refusal(auth.check_refresh_token(&device.refresh_token).await);
    auth.check_refresh_token(&user.refresh_token).await.expect("the user's session is live");
}

/// The subjects of a user and of a device may be the same text.
#[rocket::async_test]
async fn tokens_without_sessions_are_inspected_as_their_kind() {
    let server = RedisServer::start();
    let (shell, setup) = Shell::new().with_key(&server);
    let auth = launched(setup).await;
    let (user, device) =
        (access_token(&auth, &user("1")), access_token(&auth, &Device { id: "1".to_owned() }));
    let is_accepted = |arguments: &[&str], token| {
        let output = shell.call(arguments, token);
        let answer = String::from_utf8(output.stdout).expect("text");
        assert_ne!(output.status.success(), answer.contains("rejected: "), "{answer}");
        output.status.success()
    };
    let accepted =
        || [is_accepted(&["inspect"], &user), is_accepted(&["inspect", "--kind", "devices"], &device)];
    assert_eq!(accepted(), [true, true]);
    shell.call(&["revoke", "1", "--all"], "");
    assert_eq!(accepted(), [false, true]);
    shell.call(&["revoke", "1", "--kind", "devices", "--all"], "");
    assert_eq!(accepted(), [false, false]);
}

#[rocket::async_test]
async fn the_exit_status_and_the_json_say_how_many_sessions_were_ended() {
    let server = RedisServer::start();
    let (shell, setup) = Shell::new().with_key(&server);
    let auth = launched(setup).await;
    let login = async || auth.generate_tokens(&user("ann")).await.expect("a session").access_token;
    let id = payload(&login().await)["sid"].as_str().expect("a session").to_owned();
    login().await;

    let (listed, status) = shell.json(&["sessions", "ann", "--session", &id], "");
    assert_eq!((listed[0]["id"].as_str(), listed.as_array().map(Vec::len)), (Some(&*id), Some(1)));
    assert_eq!(status, Some(0));
    assert_eq!(shell.json(&["revoke", "ann", "--session", &id], ""), (json!({ "ended": 1 }), Some(0)));
    for (arguments, expected) in [
        (&["revoke", "ann", "--session", &id][..], json!({ "ended": 0 })),
        (&["revoke", "bob", "--others-than", &id], json!({ "ended": 0 })),
        (&["sessions", "ann", "--session", &id], json!([])),
    ] {
        assert_eq!(shell.json(arguments, ""), (expected, Some(1)), "{arguments:?}");
    }
    assert_eq!(shell.json(&["sessions", "bob"], ""), (json!([]), Some(0)));
    assert_eq!(shell.json(&["revoke", "ann", "--all"], ""), (json!({ "ended": 1 }), Some(0)));
    assert_eq!(shell.json(&["revoke", "ann", "--all"], ""), (json!({ "ended": 0 }), Some(0)));

    let help = shell.answer(&["revoke", "--help"], "");
    assert!(help.contains("exit status is 1 if nothing was ended"), "{help}");
    let help = shell.answer(&["--help"], "");
    assert!(help.contains("Exit status: 0 for success. 1 if"), "{help}");
}

#[rocket::async_test]
async fn all_sessions_but_one_are_ended() {
    let server = RedisServer::start();
    let (shell, setup) = Shell::new().with_key(&server);
    let auth = launched(setup).await;
    let login = async || auth.generate_tokens(&user("ann")).await.expect("a session");
    let (kept, thief, other) = (login().await, login().await, login().await);
    let program = access_token(&auth, &user("ann"));
    let id = |access_token: &str| payload(access_token)["sid"].as_str().expect("a session").to_owned();
    let unknown = Uuid::new_v4().to_string();
    let (answer, _) = shell.failure(&["revoke", "ann", "--others-than", &unknown], "");
    assert_eq!(answer, "There is no such session to keep, so nothing was ended.\n");
    auth.check_refresh_token(&thief.refresh_token).await.expect("nothing was ended");

    let kept_id = id(&kept.access_token);
    assert_eq!(shell.answer(&["revoke", "ann", "--others-than", &kept_id], ""), "2 sessions were ended.\n");
    for ended in [&thief, &other] {
        refusal(refresh(&auth, &ended.refresh_token).await);
        soon("the app rejects the token", || revoked(auth.verify::<User>(&ended.access_token))).await;
    }
    soon("a token without a session, too", || revoked(auth.verify::<User>(&program))).await;
    auth.verify::<User>(&kept.access_token).expect("the session is live");
    refresh(&auth, &kept.refresh_token).await.expect("the session is live");
    let answer = shell.answer(&["revoke", "ann", "--others-than", &kept_id], "");
    assert!(answer.starts_with("There were no other sessions."), "{answer}");
}
