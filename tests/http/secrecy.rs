//! Secrets and tokens never appear in the log or in `Debug` output.

use jwt_auth::{Auth, BearerToken, Credentials, TokenPair, require_auth};
use jwt_auth_tests::{ALGORITHMS, Log, Setup, TestKey, User, user};
use rocket::get;
use rocket::http::Status;

use crate::app::{auth, client_of, get, login_as, mount};

#[require_auth]
#[get("/debug")]
fn debug(token: BearerToken<'_>, user: Auth<User>) -> String {
    format!("{token:?} {user:?}")
}

#[test]
fn no_token_or_secret_is_logged_or_printed() {
    for algorithm in ALGORITHMS {
        let log = Log::capture();
        let setup = Setup::memory().key(algorithm);
        let client = client_of(mount(setup.rocket()).mount("/", jwt_auth::routes![debug]));
        let pair = login_as(&client, &user("alice"));
        let mut shown = format!("{pair:?} {:?}", auth(&client).jwks());

        let valid = format!("Bearer {}", pair.access_token);
        shown += &get(&client, "/debug", std::slice::from_ref(&valid)).into_string().expect("text");
        for authorization in [
            vec![valid.clone()],
            vec![valid.clone(), valid.clone()],
            vec![format!("Bearer {}", pair.refresh_token)],
            vec![format!("{valid}A")],
            vec![format!("{valid} {}", pair.access_token)],
        ] {
            get(&client, "/admin", &authorization);
        }
        let second = refresh(&client, &pair);
        setup.advance(60);
        for token in [&pair.refresh_token, &pair.access_token, &pair.refresh_token[1..].to_owned()] {
            let refused = client.post("/refresh").body(token).dispatch();
            assert_eq!(refused.status(), Status::Unauthorized);
        }
        for token in [&pair.refresh_token, &pair.access_token, &second] {
            for result in [auth(&client).verify::<User>(token), auth(&client).verify(&format!("{token}A"))] {
                shown += &format!("{:?}", result.map(|_| ()));
            }
        }

        let text = log.text();
        assert!(text.contains("a refresh token was reused"), "the log was captured: {text}");
        let key = TestKey::of(algorithm)
            .private
            .lines()
            .rev()
            .find(|line| !line.starts_with("---"))
            .expect("a body");
        for secret in [&pair.access_token, &pair.refresh_token, &second] {
            for part in secret.split('.').skip(1) {
                assert!(!text.contains(part), "{algorithm:?}: the log contains part of a token:\n{text}");
                assert!(!shown.contains(part), "{algorithm:?}: part of a token was printed: {shown}");
            }
        }
        assert!(
            !text.contains(key) && !shown.contains(key),
            "{algorithm:?}: the secret was logged or printed"
        );
    }
}

fn refresh(client: &rocket::local::blocking::Client, pair: &TokenPair) -> String {
    let response = client.post("/refresh").body(&pair.refresh_token).dispatch();
    let pair: rocket::serde::json::Value = response.into_json().expect("a pair");
    let token = |name: &str| pair[name].as_str().expect("text").to_owned();
    get(client, "/me", &[format!("Bearer {}", token("access_token"))]);
    token("refresh_token")
}

#[derive(serde::Deserialize)]
struct Login {
    password: String,
}

#[jwt_auth::public]
#[rocket::post("/sign-in", data = "<login>")]
fn sign_in(login: Credentials<Login>) -> String {
    login.password.len().to_string()
}

#[test]
fn a_rejected_body_is_not_logged() {
    let log = Log::capture();
    let client = client_of(Setup::memory().rocket().mount("/", jwt_auth::routes![sign_in]));
    let long = format!("{{\"password\": \"s3cr3t{}\"}}", "x".repeat(20_000));
    for (body, expected) in [
        ("{\"password\": \"s3cr3t\"}", Status::Ok),
        ("{\"pass\": \"s3cr3t\"}", Status::UnprocessableEntity),
        ("{\"password\": \"s3cr3t", Status::BadRequest),
        ("password=s3cr3t", Status::BadRequest),
        (&long, Status::PayloadTooLarge),
    ] {
        assert_eq!(client.post("/sign-in").body(body).dispatch().status(), expected, "{body:.40}");
    }
    let text = log.text();
    assert!(text.contains("WrongForm"), "the log was captured: {text}");
    assert!(!text.contains("s3cr3t"), "a password was logged: {text}");
}
