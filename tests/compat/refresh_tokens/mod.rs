//! Refresh tokens while both services are running. The tokens are in the SET that the services share.

mod races;
mod rejected;

use std::collections::HashSet;

use jwt_auth::{AuthError, InvalidGrant};
use jwt_auth_tests::{Log, RedisServer, payload, refusal};
use serde_json::json;

use crate::fixtures::{Account, LIFE, account, add, members, now, refresh, refresh_token, service, token_of};

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
    for garbage in ["", "garbage", "a.b.c", &pair.access_token] {
        assert!(!auth.invalidate_refresh_token(garbage).await.expect("no error"), "{garbage:?}");
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
    let token = token_of(&text);
    add(&server, &token);
    let loader = async |id: u128| Some(jwt_auth_tests::user(&id.to_string()));
    auth.refresh(&token, loader).await.expect("Python can write a UUID as an integer");
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
async fn a_token_in_the_set_is_reported_as_a_session() {
    let (server, setup) = service("issue");
    let auth = setup.launch().await;
    let token = refresh_token(&server, &setup, 5.into(), LIFE);
    let session = auth.check_refresh_token(&token).await.expect("the token is in the SET");
    assert_eq!(session.expires_at.as_secs(), now(&setup) + LIFE as u64);
    assert_eq!(session.created_at.as_secs(), now(&setup));
    assert_eq!(session.last_used_at, session.created_at);
    assert_eq!(auth.check_refresh_token(&token).await.expect("the token is still unused").id, session.id);
    assert_eq!(
        auth.sessions::<Account>(5).await.expect("the store works"),
        [],
        "the SET has no index by user"
    );
}

#[rocket::async_test]
async fn the_loader_runs_before_the_token_is_used_up() {
    for phase in ["issue", "accept"] {
        let (server, setup) = service(phase);
        let auth = setup.launch().await;
        let token = refresh_token(&server, &setup, 5.into(), LIFE);
        let failing =
            auth.refresh(&token, async |_: u64| Err::<Option<Account>, _>(std::io::Error::other("down")));
        assert!(matches!(failing.await, Err(AuthError::TemporarilyUnavailable(_))));
        let other = auth.refresh(&token, async |_: u64| Some(account(6)));
        assert_eq!(refusal(other.await), InvalidGrant::WrongSubject, "claims of another user");
        let typed = auth.refresh(&token, async |_: uuid::Uuid| Some(account(5)));
        let reason = refusal(typed.await);
        assert!(matches!(reason, InvalidGrant::SubjectType { .. }), "the subject has another type: {reason}");
        assert_eq!(members(&server), [token.as_str()], "{phase}: the token is still in the SET");

        let gone = auth.refresh(&token, async |_: u64| None::<Account>).await;
        assert_eq!(refusal(gone), InvalidGrant::NoSuchSubject);
        assert!(members(&server).is_empty(), "{phase}");
        assert_eq!(auth.sessions::<Account>(5).await.expect("the store works"), []);
    }
}

#[rocket::async_test]
async fn a_refresh_takes_one_round_trip_regardless_of_the_number_of_tokens() {
    let (server, setup) = service("issue");
    // Otherwise, following the revocations of other processes would run commands, too.
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

/// Returns how many scripts the server has run.
fn calls(server: &RedisServer) -> usize {
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
