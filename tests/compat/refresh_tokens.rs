//! Refresh tokens while both services are running.

use std::collections::HashSet;

use jsonwebtoken::Algorithm::HS256;
use jwt_auth::{AuthError, InvalidGrant, InvalidToken};
use jwt_auth_tests::{Forge, Log, TestKey, payload, refusal};
use rocket::futures::future::join_all;
use rocket::tokio::spawn;
use serde_json::json;

use crate::fixtures::{
    Account, LIFE, access_token, account, add, members, now, refresh, refresh_token, service, token,
};
use crate::sweep::wait_for_sweep;

const RACERS: usize = 20;

#[rocket::async_test]
async fn a_token_is_in_the_set_from_login_to_logout() {
    let (server, setup) = service("issue");
    let auth = setup.launch().await;
    let pair = auth.generate_tokens(&account(5)).await.expect("a login");
    assert_eq!(members(&server), [pair.refresh_token.as_str()]);
    assert_eq!(payload(&pair.refresh_token), json!({ "user_id": 5, "exp": now(&setup) + LIFE as u64 }));
    assert_eq!((pair.token_type, pair.expires_in), ("bearer", 30 * 60));

    let alone = auth.create_refresh_token::<Account>(6).await.expect("a login");
    assert_eq!(payload(&alone)["user_id"], 6);
    assert!(auth.invalidate_refresh_token(&alone).await.expect("a logout"));
    assert_eq!(members(&server), [pair.refresh_token.as_str()]);
    assert!(auth.invalidate_refresh_token(&pair.refresh_token).await.expect("a logout"));
    assert!(members(&server).is_empty());
    assert!(!auth.invalidate_refresh_token(&pair.refresh_token).await.expect("no error"));
    for rubbish in ["", "rubbish", "a.b.c", &pair.access_token] {
        assert!(!auth.invalidate_refresh_token(rubbish).await.expect("no error"), "{rubbish:?}");
    }
}

#[rocket::async_test]
async fn a_refresh_replaces_the_token_in_the_set() {
    let (server, setup) = service("issue");
    let auth = setup.launch().await;
    let mut token = refresh_token(&server, &setup, 5.into(), 60);
    for _ in 0..3 {
        let pair = refresh(&auth, &token).await.expect("a refresh");
        assert_eq!(members(&server), [pair.refresh_token.as_str()]);
        assert_eq!(*auth.verify::<Account>(&pair.access_token).expect("a valid token"), account(5));
        assert_eq!(refusal(refresh(&auth, &token).await), InvalidGrant::Unknown);
        token = pair.refresh_token;
    }
    assert_eq!(payload(&token)["user_id"], 5);
    assert_eq!(payload(&token)["exp"], now(&setup) + LIFE as u64);
}

#[rocket::async_test]
async fn a_user_id_keeps_its_json_type() {
    let (server, setup) = service("issue");
    let auth = setup.launch().await;
    for (user_id, subject) in [(json!("5"), "5"), (json!("änn"), "änn"), (json!(-5), "-5"), (json!(0), "0")]
    {
        let token = refresh_token(&server, &setup, user_id.clone(), 60);
        let pair = auth
            .refresh(&token, async |name: String| {
                assert_eq!(name, subject);
                Some(jwt_auth_tests::user(&name))
            })
            .await
            .expect("a refresh");
        assert_eq!(payload(&pair.refresh_token)["user_id"], user_id);
    }
    let text = format!(r#"{{"user_id":{},"exp":{}}}"#, u128::MAX, now(&setup) + 60);
    let token = crate::fixtures::token_of(&text);
    add(&server, &token);
    let loader = async |id: u128| Some(jwt_auth_tests::user(&id.to_string()));
    auth.refresh(&token, loader).await.expect("a UUID that Python wrote as an integer");
}

#[rocket::async_test]
async fn logins_in_the_same_second_get_different_tokens() {
    let (server, setup) = service("issue");
    let auth = setup.launch().await;
    let mut tokens = HashSet::new();
    for _ in 0..10 {
        tokens.insert(auth.generate_tokens(&account(5)).await.expect("a login").refresh_token);
    }
    assert_eq!(members(&server).into_iter().collect::<HashSet<_>>(), tokens);
    assert_eq!(tokens.len(), 10);
}

#[rocket::async_test]
async fn of_twenty_concurrent_refreshes_one_succeeds() {
    let (server, setup) = service("issue");
    let processes = [setup.launch().await, setup.launch().await];
    for theirs in [true, false] {
        let token = match theirs {
            true => refresh_token(&server, &setup, 5.into(), LIFE),
            false => processes[0].create_refresh_token::<Account>(5).await.expect("a login"),
        };
        let racers = (0..RACERS).map(|i| {
            let (auth, token) = (processes[i % 2].clone(), token.clone());
            spawn(async move { refresh(&auth, &token).await })
        });
        let answers: Vec<_> =
            join_all(racers).await.into_iter().map(|racer| racer.expect("no racer panics")).collect();
        let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
        let [Ok(winner)] = &won[..] else { panic!("{} racers won", won.len()) };
        for loser in lost {
            assert_eq!(refusal(loser), InvalidGrant::Unknown);
        }
        assert_eq!(
            members(&server),
            [winner.refresh_token.as_str()],
            "exactly the winner's token is in the SET"
        );
        assert!(processes[1].invalidate_refresh_token(&winner.refresh_token).await.expect("a logout"));
    }
}

#[rocket::async_test]
async fn a_logout_racing_with_a_refresh_leaves_no_token() {
    let (server, setup) = service("issue");
    let auth = setup.launch().await;
    for _ in 0..10 {
        let token = auth.create_refresh_token::<Account>(5).await.expect("a login");
        let refresher = {
            let (auth, token) = (auth.clone(), token.clone());
            spawn(async move { refresh(&auth, &token).await })
        };
        let ended = auth.invalidate_refresh_token(&token).await.expect("a logout");
        match refresher.await.expect("no panic") {
            Ok(_) => assert!(!ended, "only one of the two took the token"),
            Err(_) => assert!(ended && members(&server).is_empty()),
        }
        server.run("DEL refresh_tokens");
    }
}

#[rocket::async_test]
async fn forged_tokens_are_rejected_before_the_store_is_asked() {
    for phase in ["issue", "accept"] {
        let (server, setup) = service(phase);
        let auth = setup.launch().await;
        let exp = now(&setup) + 60;
        let payload = json!({ "user_id": 5, "exp": exp });
        let attacker = Forge::new(HS256).key(TestKey::of_attacker(HS256));
        let header = r#"{"alg":"HS256","typ":"JWT"}"#;
        let forged = [
            ("another secret", attacker.sign(header, &payload.to_string())),
            ("an access token", access_token(&setup, json!({ "id": 5, "username": "ann" }), 60)),
            (
                "data in addition to the user id",
                access_token(&setup, json!({ "user_id": 5, "name": "ann" }), 60),
            ),
            ("no exp", token(&json!({ "user_id": 5 }))),
            ("exp as text", token(&json!({ "user_id": 5, "exp": exp.to_string() }))),
            ("no user id", token(&json!({ "exp": exp }))),
            ("null", token(&json!({ "user_id": null, "exp": exp }))),
            ("an empty user id", token(&json!({ "user_id": "", "exp": exp }))),
            ("a list", token(&json!({ "user_id": [5], "exp": exp }))),
            ("no typ", Forge::new(HS256).sign(r#"{"alg":"HS256"}"#, &payload.to_string())),
            (
                "this service's typ",
                Forge::new(HS256).sign(r#"{"alg":"HS256","typ":"rt+jwt"}"#, &payload.to_string()),
            ),
            (
                "a duplicate claim",
                crate::fixtures::token_of(&format!(r#"{{"user_id":5,"user_id":5,"exp":{exp}}}"#)),
            ),
        ];
        for (what, token) in &forged {
            // Being in the SET does not help.
            add(&server, token);
            assert!(
                matches!(refusal(refresh(&auth, token).await), InvalidGrant::Token(_)),
                "{phase}: {what}"
            );
            let checked = auth.check_refresh_token(token).await;
            assert!(matches!(refusal(checked), InvalidGrant::Token(_)), "{phase}: {what}");
            assert!(!auth.invalidate_refresh_token(token).await.expect("no error"), "{phase}: {what}");
        }
        assert_eq!(members(&server).len(), forged.len(), "{phase}");
    }
}

#[rocket::async_test]
async fn an_expired_token_is_rejected_even_in_the_set() {
    for phase in ["issue", "accept"] {
        let (server, setup) = service(phase);
        let auth = setup.launch().await;
        // The sweep at the launch would remove the token once it has expired.
        wait_for_sweep(&server).await;
        let token = refresh_token(&server, &setup, 5.into(), 60);
        setup.advance(69);
        auth.check_refresh_token(&token).await.expect("within the leeway");
        setup.advance(1);
        let expired = InvalidGrant::Token(InvalidToken::Expired);
        assert_eq!(refusal(auth.check_refresh_token(&token).await), expired);
        assert_eq!(refusal(refresh(&auth, &token).await), expired);
        assert!(auth.invalidate_refresh_token(&token).await.expect("a logout"), "logging out still works");
        assert!(members(&server).is_empty());
    }
}

#[rocket::async_test]
async fn a_token_in_the_set_is_reported_as_a_session() {
    let (server, setup) = service("issue");
    let auth = setup.launch().await;
    let token = refresh_token(&server, &setup, 5.into(), LIFE);
    let session = auth.check_refresh_token(&token).await.expect("the token is in the SET");
    assert_eq!(session.expires_at.as_secs(), now(&setup) + LIFE as u64);
    assert_eq!(session.created_at.as_secs(), now(&setup));
    assert_eq!(session.last_used_at, session.created_at);
    assert_eq!(auth.check_refresh_token(&token).await.expect("nothing was spent").id, session.id);
    assert_eq!(
        auth.sessions::<Account>(5).await.expect("the store works"),
        [],
        "the SET has no index by user"
    );
}

#[rocket::async_test]
async fn the_loader_is_called_before_the_token_is_spent() {
    for phase in ["issue", "accept"] {
        let (server, setup) = service(phase);
        let auth = setup.launch().await;
        let token = refresh_token(&server, &setup, 5.into(), LIFE);
        let failing =
            auth.refresh(&token, async |_: u64| Err::<Option<Account>, _>(std::io::Error::other("away")));
        assert!(matches!(failing.await, Err(AuthError::TemporarilyUnavailable(_))));
        let other = auth.refresh(&token, async |_: u64| Some(account(6)));
        assert_eq!(refusal(other.await), InvalidGrant::WrongSubject, "claims of another user");
        let typed = auth.refresh(&token, async |_: uuid::Uuid| Some(account(5)));
        assert_eq!(refusal(typed.await), InvalidGrant::WrongSubject, "the subject has another type");
        assert_eq!(members(&server), [token.as_str()], "{phase}: nothing was spent");

        let gone = auth.refresh(&token, async |_: u64| None::<Account>).await;
        assert_eq!(refusal(gone), InvalidGrant::NoSuchSubject);
        assert!(members(&server).is_empty(), "{phase}");
        assert_eq!(auth.sessions::<Account>(5).await.expect("the store works"), []);
    }
}

#[rocket::async_test]
async fn a_refresh_is_one_round_trip_however_many_tokens_there_are() {
    let (server, setup) = service("issue");
    // Following the revocations of other processes takes requests of its own.
    let auth = setup.clone().with("revocation", "off").launch().await;
    for id in 0..1_000 {
        refresh_token(&server, &setup, id.into(), LIFE);
    }
    let token = auth.create_refresh_token::<Account>(5).await.expect("a login");
    let mut pair = refresh(&auth, &token).await.expect("the first refresh loads the script");
    let before = calls(&server);
    for _ in 0..10 {
        pair = refresh(&auth, &pair.refresh_token).await.expect("a refresh");
    }
    assert_eq!(calls(&server) - before, 10);
    let stats: String = server.query(redis::cmd("INFO").arg("commandstats"));
    assert!(!stats.to_lowercase().contains("cmdstat_smembers"), "{stats}");
}

/// How many scripts the server has run.
fn calls(server: &jwt_auth_tests::RedisServer) -> usize {
    let stats: String = server.query(redis::cmd("INFO").arg("commandstats"));
    let calls = stats.lines().find_map(|line| line.strip_prefix("cmdstat_evalsha:calls=")?.split(',').next());
    calls.map_or(0, |calls| calls.parse().expect("a number"))
}

#[rocket::async_test]
async fn no_token_is_logged() {
    let log = Log::capture();
    let (server, setup) = service("issue");
    let auth = setup.launch().await;
    let token = refresh_token(&server, &setup, 5.into(), LIFE);
    let pair = refresh(&auth, &token).await.expect("a refresh");
    let _ = refresh(&auth, &token).await;
    auth.revoke_subject::<Account>(5).await.expect("a logout everywhere");
    for secret in [&token, &pair.access_token, &pair.refresh_token] {
        let signature = secret.rsplit('.').next().expect("three parts");
        assert!(!log.text().contains(signature), "a token is in the log");
    }
}
