//! The token cache never returns an outdated result.

use jsonwebtoken::Algorithm::{self, ES256, HS256};
use jwt_auth::InvalidToken::{self, BadSignature, Expired, Malformed, Revoked, UnknownKey};
use jwt_auth::clock::{Clock, Timestamp};
use jwt_auth::{Auth, AuthError, JwtAuth, require_auth};
use jwt_auth_tests::{Setup, User, access_token, user};
use rocket::get;
use rocket::http::{Header, Status};
use rocket::local::asynchronous::Client;
use rocket::serde::json::json;

const TTL: u64 = 15 * 60;
const LEEWAY: u64 = 10;

/// Two setups, one with a cache and one without.
fn setups(algorithm: Algorithm) -> [Setup; 2] {
    ["1MiB", "0B"].map(|size| Setup::memory().key(algorithm).with("token_cache", size))
}

fn refused(auth: &JwtAuth, token: &str) -> Option<InvalidToken> {
    match auth.verify::<User>(token) {
        Ok(_) => None,
        Err(AuthError::InvalidToken(reason)) => Some(reason),
        Err(other) => panic!("{other:?}"),
    }
}

#[rocket::async_test]
async fn a_cached_token_expires_at_the_same_time() {
    for algorithm in [ES256, HS256] {
        for setup in setups(algorithm) {
            let auth = setup.launch().await;
            let token = auth.generate_tokens(&user("ann")).await.expect("a session").access_token;
            for _ in 0..3 {
                assert_eq!(auth.verify::<User>(&token).expect("a valid token").name, "ann");
            }
            setup.advance(TTL + LEEWAY - 1);
            assert_eq!(refused(&auth, &token), None);
            setup.advance(1);
            assert_eq!(refused(&auth, &token), Some(Expired));
        }
    }
}

#[rocket::async_test]
async fn a_cached_token_can_be_revoked() {
    for setup in setups(ES256) {
        let auth = setup.launch().await;
        let pair = auth.generate_tokens(&user("ann")).await.expect("a session");
        let [alone, ended] = [(); 2].map(|()| access_token(&auth, &user("ann")));
        for token in [&pair.access_token, &alone, &ended] {
            assert_eq!(refused(&auth, token), None);
        }
        let token = auth.verify::<User>(&ended).expect("a valid token");
        auth.revoke_access_token(&token).await.expect("a revocation");
        assert_eq!(refused(&auth, &ended), Some(Revoked));
        assert_eq!(refused(&auth, &alone), None);
        auth.revoke_subject::<User>("ann").await.expect("a logout everywhere");
        for token in [&pair.access_token, &alone] {
            assert_eq!(refused(&auth, token), Some(Revoked));
        }
    }
}

#[rocket::async_test]
async fn a_similar_token_does_not_hit_the_cache() {
    let [setup, _] = setups(ES256);
    let auth = setup.launch().await;
    let token = auth.create_access_token(&user("ann")).await.expect("a token");
    let other = auth.create_access_token(&user("ben")).await.expect("a token");
    assert_eq!((refused(&auth, &token), refused(&auth, &other)), (None, None));

    let parts = |token| str::rsplit_once(token, '.').expect("a signature");
    let (message, signature) = parts(&token);
    let (other_message, other_signature) = parts(&other);
    let zeros = "A".repeat(signature.len());
    for (message, signature) in
        [(message, other_signature), (other_message, signature), (message, zeros.as_str())]
    {
        assert_eq!(refused(&auth, &format!("{message}.{signature}")), Some(BadSignature));
    }
    for forged in
        [format!("{token}A"), format!("{token}="), token[..token.len() - 1].to_owned(), format!("{token}.")]
    {
        assert!(matches!(refused(&auth, &forged), Some(Malformed | BadSignature)), "{forged}");
    }
}

#[rocket::async_test]
async fn a_cached_token_of_a_retired_key_is_rejected() {
    let setup = Setup::memory().with("token_cache", "1MiB");
    let end = Timestamp::from_secs(setup.clock.now().as_secs() + 60);
    let end = humantime::format_rfc3339(end.into()).to_string();
    let setup = setup.key(ES256).with("retire_at", end);
    let auth = setup.launch().await;
    let token = auth.create_access_token(&user("ann")).await.expect("a token");
    setup.advance(50);
    assert_eq!(refused(&auth, &token), None);
    setup.advance(11);
    assert_eq!(refused(&auth, &token), Some(UnknownKey));
}

#[require_auth]
#[get("/by-value")]
fn by_value(first: Auth<User>, user: User) -> String {
    assert_eq!(first.name, user.name);
    user.name
}

#[require_auth(User, role = "admin")]
#[get("/admin")]
fn admin(user: &User) -> String {
    user.name.clone()
}

#[rocket::async_test]
async fn handlers_receive_the_same_claims_every_time() {
    for setup in setups(ES256) {
        let client = Client::untracked(setup.rocket().mount("/", jwt_auth::routes![by_value, admin]));
        let client = client.await.expect("the app launches");
        let auth = client.rocket().state::<JwtAuth>().expect("the fairing is attached");
        let token = auth.create_access_token(&user("ann")).await.expect("a token");
        let header = || Header::new("Authorization", format!("Bearer {token}"));
        for _ in 0..3 {
            let response = client.get("/by-value").header(header()).dispatch().await;
            assert_eq!(response.into_string().await.as_deref(), Some("ann"));
            let response = client.get("/admin").header(header()).dispatch().await;
            assert_eq!(response.status(), Status::Forbidden);
        }
    }
}

#[rocket::async_test]
async fn tokens_that_do_not_fit_into_the_cache_are_still_accepted() {
    let [setup, _] = setups(HS256);
    let auth = setup.launch().await;
    let tokens: Vec<String> = (0..5_000).map(|n| access_token(&auth, &user(&format!("user-{n}")))).collect();
    for _ in 0..2 {
        for (n, token) in tokens.iter().enumerate() {
            assert_eq!(auth.verify::<User>(token).expect("a valid token").name, format!("user-{n}"));
        }
    }
}

#[rocket::async_test]
async fn invalid_cache_sizes_stop_the_launch() {
    for wrong in [json!("12"), json!(12), json!("1KiB"), json!("9GiB"), json!("lots")] {
        let log = jwt_auth_tests::Log::capture();
        let launched = Setup::memory().with("token_cache", &wrong).rocket().ignite().await.map(drop);
        // Rocket's launch errors panic on drop unless they are inspected.
        let _ = launched.expect_err("an invalid size").kind();
        assert!(log.text().contains("token_cache"), "{}", log.text());
    }
}
