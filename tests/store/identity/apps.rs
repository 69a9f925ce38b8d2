//! Two apps that share a Redis and have users with the same ids.

use jwt_auth_tests::{Log, RedisServer, Setup, User, refresh, refusal, user, within};

use super::is_revoked;

/// Two apps, each with its own secret and issuer.
fn apps(server: &RedisServer) -> [Setup; 2] {
    [("https://a.example", "the first secret "), ("https://b.example", "the second secret ")]
        .map(|(issuer, secret)| Setup::redis(server).with("issuer", issuer).with("secret", secret.repeat(3)))
}

#[rocket::async_test]
async fn apps_with_different_issuers_do_not_share_users() {
    let server = RedisServer::start();
    let [one, other] = apps(&server).map(|setup| setup.with("max_sessions", 1));
    let (one, other) = (one.launch().await, other.launch().await);
    let ours = one.generate_tokens(&user("1")).await.expect("a login");
    let program = one.create_access_token(&user("1")).await.expect("a token");
    let theirs = other.generate_tokens(&user("1")).await.expect("a login");
    let session = one.sessions::<User>("1").await.expect("Redis works").remove(0);

    assert_eq!(
        other.sessions::<User>("1").await.expect("Redis works").len(),
        1,
        "an app lists the sessions of another app"
    );
    assert!(
        !other.revoke_session::<User>("1", session.id).await.expect("no error"),
        "an app ended a session of another app"
    );
    assert_eq!(other.revoke_subject::<User>("1").await.expect("a logout everywhere"), 1);
    refusal(refresh(&other, &theirs.refresh_token).await);

    // Another process of the second app has received the revocation.
    let same = apps(&server)[1].launch().await;
    within(5, "the revocation arrives", || is_revoked::<User>(&same, &theirs.access_token)).await;
    for token in [&ours.access_token, &program] {
        assert!(!is_revoked::<User>(&one, token), "another app revoked the token");
    }
    one.check_refresh_token(&ours.refresh_token).await.expect("no other app ended or evicted the session");
}

#[rocket::async_test]
async fn processes_of_one_app_share_users() {
    let server = RedisServer::start();
    let [setup, _] = apps(&server);
    let (one, other) = (setup.launch().await, setup.launch().await);
    let pair = one.generate_tokens(&user("1")).await.expect("a login");
    assert_eq!(other.sessions::<User>("1").await.expect("Redis works").len(), 1);
    assert_eq!(other.revoke_subject::<User>("1").await.expect("a logout everywhere"), 1);
    within(5, "the revocation arrives", || is_revoked::<User>(&one, &pair.access_token)).await;
}

#[rocket::async_test]
async fn no_key_reveals_an_issuer_or_a_subject() {
    let server = RedisServer::start();
    let log = Log::capture();
    let auth = apps(&server)[0].launch().await;
    auth.generate_tokens(&user("alice")).await.expect("a login");
    auth.revoke_subject::<User>("alice").await.expect("a logout everywhere");
    let keys: Vec<String> = server.query(redis::cmd("KEYS").arg("*"));
    assert!(!keys.is_empty());
    for key in keys {
        assert!(!key.contains("example") && !key.contains("alice"), "{key}");
    }
    assert!(!log.text().contains("alice"), "{}", log.text());
}
