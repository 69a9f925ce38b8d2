//! Logging a user out everywhere while fastapi_framework tokens are accepted.

use jwt_auth::claims::SubjectClaims;
use jwt_auth::{Claims, InvalidGrant, JwtAuth, TokenPair};
use jwt_auth_tests::{RedisServer, refusal, revoked, soon};
use rocket::tokio::spawn;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::fixtures::{Account, LIFE, access_token, account, members, refresh, refresh_token, service};

/// Two kinds of callers. The first one has only a subject.
#[derive(Claims, Debug, Serialize, Deserialize)]
enum Caller {
    Anyone(SubjectClaims),
    Device(Device),
}

#[derive(Claims, Debug, Serialize, Deserialize)]
#[claims(audience = "devices")]
struct Device {
    #[claims(subject)]
    serial: String,
}

#[rocket::async_test]
async fn a_users_tokens_are_rejected_at_once_and_removed_soon_after() {
    for phase in ["issue", "accept"] {
        let (server, setup) = service(phase);
        let (one, other) = (setup.launch().await, setup.launch().await);
        let user_ids = [json!(5), json!("5"), json!(5)];
        let mut theirs: Vec<String> = (0..)
            .zip(user_ids)
            .map(|(age, user_id)| refresh_token(&server, &setup, user_id, LIFE - age))
            .collect();
        if phase == "issue" {
            theirs.push(one.create_refresh_token::<Account>(5).await.expect("a login"));
        }
        let bobs = refresh_token(&server, &setup, 6.into(), LIFE);

        one.revoke_subject::<Account>(5).await.expect("a logout everywhere");
        for auth in [&one, &other] {
            for token in &theirs {
                assert_eq!(refusal(auth.check_refresh_token(token).await), InvalidGrant::Unknown);
                assert_eq!(refusal(refresh(auth, token).await), InvalidGrant::Unknown);
            }
        }
        assert_eq!(one.sessions::<Account>(5).await.expect("the store works"), [], "no session was created");
        soon("the tokens are removed from the SET", || members(&server) == [bobs.as_str()]).await;
        refresh(&other, &bobs).await.expect("another user's token");
    }
}

#[rocket::async_test]
async fn access_tokens_without_a_session_are_rejected() {
    for phase in ["issue", "accept"] {
        let (_server, setup) = service(phase);
        let (one, other) = (setup.launch().await, setup.launch().await);
        let data = |id: u64| json!({ "id": id, "username": "x" });
        let ann = access_token(&setup, data(5), 30 * 60);
        let older = access_token(&setup, data(5), 60);
        let bob = access_token(&setup, data(6), 30 * 60);
        one.revoke_subject::<Account>(5).await.expect("a logout everywhere");
        for auth in [&one, &other] {
            for token in [&ann, &older] {
                let is_revoked = || revoked(auth.verify::<Account>(token));
                soon("the token is rejected", is_revoked).await;
                // A route without a claims type cannot know which field is the subject.
                let is_revoked = || revoked(auth.verify::<SubjectClaims>(token));
                soon("the token is rejected without a claims type", is_revoked).await;
                assert!(revoked(auth.verify::<Caller>(token)), "also as a variant of an enum");
            }
            auth.verify::<Account>(&bob).expect("another user's token");
            auth.verify::<SubjectClaims>(&bob).expect("another user's token");
            auth.verify::<Caller>(&bob).expect("another user's token");
        }
        setup.advance(1);
        let after = access_token(&setup, data(5), 30 * 60);
        other.verify::<Account>(&after).expect("it was issued later");
        other.verify::<SubjectClaims>(&after).expect("it was issued later");
    }
}

#[rocket::async_test]
async fn a_login_after_a_logout_in_the_same_second_survives() {
    let (server, setup) = service("issue");
    let auth = setup.launch().await;
    for _ in 0..3 {
        let before = auth.generate_tokens(&account(5)).await.expect("a login");
        auth.revoke_subject::<Account>(5).await.expect("a logout everywhere");
        let after = auth.generate_tokens(&account(5)).await.expect("a login");
        assert!(auth.verify::<Account>(&before.access_token).is_err());
        assert_eq!(refusal(refresh(&auth, &before.refresh_token).await), InvalidGrant::Unknown);
        auth.verify::<Account>(&after.access_token).expect("it was issued later");
        let after = refresh(&auth, &after.refresh_token).await.expect("it was issued later");
        let after = refresh(&auth, &after.refresh_token).await.expect("its successor was issued later, too");
        soon("only the latest token remains", || members(&server) == [after.refresh_token.as_str()]).await;
        // The next logout everywhere must end this login, too.
        setup.advance(1);
    }
}

#[rocket::async_test]
async fn two_logouts_in_one_second_both_take_effect() {
    let (_server, setup) = service("issue");
    let auth = setup.launch().await;
    for _ in 0..3 {
        let token = auth.create_refresh_token::<Account>(5).await.expect("a login");
        auth.check_refresh_token(&token).await.expect("it was issued later");
        auth.revoke_subject::<Account>(5).await.expect("a logout everywhere");
        assert_eq!(refusal(refresh(&auth, &token).await), InvalidGrant::Unknown);
    }
}

#[rocket::async_test]
async fn a_logout_that_races_with_refreshes_leaves_no_session() {
    for phase in ["issue", "accept"] {
        let (server, setup) = service(phase);
        let auth = setup.launch().await;
        for _ in 0..10 {
            let tokens: Vec<String> =
                (0..5).map(|age| refresh_token(&server, &setup, 5.into(), LIFE - age)).collect();
            let refreshers = tokens.iter().map(|token| {
                let (auth, token) = (auth.clone(), token.clone());
                spawn(async move { refresh(&auth, &token).await })
            });
            let refreshers: Vec<_> = refreshers.collect();
            auth.revoke_subject::<Account>(5).await.expect("a logout everywhere");
            for refresher in refreshers {
                if let Ok(pair) = refresher.await.expect("no panic") {
                    assert_dead(&auth, &pair).await;
                }
            }
            for token in tokens {
                assert!(refresh(&auth, &token).await.is_err());
            }
            assert_eq!(auth.sessions::<Account>(5).await.expect("the store works"), []);
            setup.advance(10);
        }
    }
}

#[rocket::async_test]
async fn a_logout_is_remembered_for_the_lifetime_of_a_token() {
    let (server, setup) = service("issue");
    let auth = setup.launch().await;
    auth.revoke_subject::<Account>(5).await.expect("a logout everywhere");
    let keys: Vec<String> = server.query(redis::cmd("KEYS").arg("jwt-auth:{refresh_tokens}:revoked:*"));
    let [key] = &keys[..] else { panic!("expected one key: {keys:?}") };
    assert!(!key.ends_with(":5"), "the key contains the subject in plain text");
    let ttl: i64 = server.query(redis::cmd("TTL").arg(key));
    assert!((LIFE..LIFE + 200).contains(&ttl), "{ttl}");
}

async fn assert_dead(auth: &JwtAuth, pair: &TokenPair) {
    assert_eq!(refusal(refresh(auth, &pair.refresh_token).await), InvalidGrant::Unknown);
    assert!(auth.verify::<Account>(&pair.access_token).is_err(), "an access token outlived the logout");
}

/// Several apps can share one Redis.
#[rocket::async_test]
async fn a_prefix_separates_apps() {
    let (server, setup): (RedisServer, _) = service("issue");
    let auth = setup.launch().await;
    let other = setup.with("prefix", "other").launch().await;
    let token = auth.create_refresh_token::<Account>(5).await.expect("a login");
    other.revoke_subject::<Account>(6).await.expect("a logout everywhere");
    auth.check_refresh_token(&token).await.expect("another user's token");
    assert_eq!(members(&server), [token.as_str()]);
}
