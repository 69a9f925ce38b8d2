//! Access tokens of the Python service, and those that this service issues in the same format.

mod forgeries;
mod validation;

use jsonwebtoken::Algorithm::HS256;
use jwt_auth::claims::SubjectClaims;
use jwt_auth::{Auth, AuthError, InvalidToken, JwtAuth, require_auth};
use jwt_auth_tests::{Forge, RedisServer, Setup, TestKey, pem, revoked, soon, user};
use rocket::get;
use rocket::http::{Header, Status};
use rocket::local::asynchronous::Client;
use serde_json::{Value, json};

use crate::fixtures::{Account, access_token, account, now, service, with_exp};

const PHASES: [&str; 2] = ["issue", "accept"];

/// The default lifetime of a Python access token, in seconds.
const LIFE: i64 = 30 * 60;

fn reason(result: Result<Auth<Account>, AuthError>) -> InvalidToken {
    match result {
        Err(AuthError::InvalidToken(reason)) => reason,
        other => panic!("not rejected as an invalid token: {other:?}"),
    }
}

fn data() -> Value {
    json!({ "id": 5, "username": "ann", "team": { "name": "x" } })
}

#[rocket::async_test]
async fn python_data_becomes_the_claims() {
    for phase in PHASES {
        let (_server, setup) = service(phase);
        let auth = setup.launch().await;
        let user = auth.verify::<Account>(&access_token(&setup, data(), LIFE)).expect("a valid token");
        assert_eq!((user.id, user.username.as_str(), user.roles.len()), (5, "ann", 0));
        assert_eq!(user.session_id(), None);
        assert_eq!(user.issued_at().as_secs(), now(&setup), "derived from `exp` and the default lifetime");
        assert_eq!(user.expires_at().as_secs(), now(&setup) + LIFE as u64);
        let again = auth.verify::<Account>(&access_token(&setup, data(), LIFE)).expect("a valid token");
        let other = auth.verify::<Account>(&access_token(&setup, data(), LIFE - 1)).expect("a valid token");
        assert_eq!(user.token_id(), again.token_id());
        assert_ne!(user.token_id(), other.token_id());
    }
}

#[rocket::async_test]
async fn a_token_without_an_id_is_revoked_by_its_contents() {
    for phase in PHASES {
        let (_server, setup) = service(phase);
        let (one, other) = (setup.launch().await, setup.launch().await);
        let theirs = access_token(&setup, data(), LIFE);
        let ours = one.create_access_token(&account(5)).await.expect("a token");
        let different = access_token(&setup, data(), LIFE - 1);
        for token in [&theirs, &ours] {
            let ended = one.verify::<Account>(token).expect("a valid token");
            one.revoke_access_token(&ended).await.expect("a revocation");
            for process in [&one, &other] {
                soon("the token is rejected", || revoked(process.verify::<Account>(token))).await;
                assert!(revoked(process.verify::<SubjectClaims>(token)), "whatever the claims type");
                process.verify::<Account>(&different).expect("a different token");
            }
        }
    }
}

#[rocket::async_test]
async fn python_tokens_are_rejected_without_the_setting() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server);
    let auth = setup.launch().await;
    let result = auth.verify::<Account>(&access_token(&setup, data(), 60));
    assert_eq!(reason(result), InvalidToken::WrongType);
}

/// Python tokens have no `kid`.
#[rocket::async_test]
async fn the_shared_secret_is_found_among_several_keys() {
    let (_server, setup) = service("accept");
    let begin = "2020-01-01T00:00:00Z";
    for keys in [
        json!([{ "algorithm": "ES256", "private_key": pem::P256, "not_before": begin }]),
        json!([{ "secret": TestKey::of_attacker(HS256).private, "kid": "next", "not_before": begin }]),
    ] {
        let auth = setup.clone().with("keys", keys).launch().await;
        auth.verify::<Account>(&access_token(&setup, data(), 60)).expect("the secret is one of the keys");
        let ours = auth.create_access_token(&account(5)).await.expect("the other key signs");
        auth.verify::<Account>(&ours).expect("this service's own token");
        // A token without `kid` is verified with the shared secret, never with a secret that has a `kid`.
        let forged = Forge::new(HS256).key(TestKey::of_attacker(HS256));
        let forged = forged.sign(r#"{"alg":"HS256","typ":"JWT"}"#, &with_exp(&setup, data(), 60).to_string());
        assert_eq!(reason(auth.verify::<Account>(&forged)), InvalidToken::BadSignature);
    }
}

#[rocket::async_test]
async fn each_phase_issues_one_format_and_accepts_both() {
    let (_server, setup) = service("issue");
    let issue = setup.launch().await;
    let accept = setup.clone().with("fastapi_framework", "accept").launch().await;
    let kind = |token: &str| jsonwebtoken::decode_header(token).expect("a header").typ;
    let theirs = issue.create_access_token(&account(5)).await.expect("a token");
    let ours = accept.create_access_token(&account(5)).await.expect("a token");
    assert_eq!((kind(&theirs).as_deref(), kind(&ours).as_deref()), (Some("JWT"), Some("at+jwt")));
    for auth in [&issue, &accept] {
        for token in [&theirs, &ours] {
            assert_eq!(*auth.verify::<Account>(token).expect("valid in both phases"), account(5));
        }
    }
}

#[require_auth(strict)]
#[get("/strict")]
fn strict() {}

#[require_auth]
#[get("/")]
fn any_token() {}

#[rocket::async_test]
async fn strict_routes_reject_python_tokens() {
    let (_server, setup) = service("accept");
    for (revocation, open) in [("push", Status::Ok), ("strict", Status::Unauthorized)] {
        let setup = setup.clone().with("revocation", revocation);
        let rocket = setup.rocket().mount("/", jwt_auth::routes![strict, any_token]);
        let client = Client::tracked(rocket).await.expect("the app launches");
        let auth: &JwtAuth = client.rocket().state().expect("the fairing is attached");
        let token = access_token(&setup, data(), 60);
        let get = async |path: &str| {
            let bearer = Header::new("Authorization", format!("Bearer {token}"));
            client.get(path.to_owned()).header(bearer).dispatch().await.status()
        };
        assert_eq!(get("/strict").await, Status::Unauthorized);
        assert_eq!(get("/").await, open);
        let user = auth.verify::<Account>(&token).expect("`verify` does not ask the store");
        assert!(auth.check_session(&user).await.is_err());
    }
}

#[rocket::async_test]
async fn non_ascii_claims_survive_the_round_trip() {
    let (_server, setup) = service("issue");
    let auth = setup.launch().await;
    for name in ["ann", "änn 🦀 \" \\ \u{7f}"] {
        let token = auth.create_access_token(&user(name)).await.expect("a token");
        assert_eq!(auth.verify::<jwt_auth_tests::User>(&token).expect("a valid token").name, name);
    }
}
