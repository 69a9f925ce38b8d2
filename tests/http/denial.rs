//! Denials: every client receives the error and the scope, but in production only the log names the clause that failed.

use jwt_auth::require_auth;
use jwt_auth_tests::{Log, Setup, User, user};
use rocket::http::Status;
use rocket::local::blocking::Client;
use rocket::serde::json::{Value, json};
use rocket::{Config, get};

use crate::app::{client_of, get, login_as};

#[require_auth(User, scope = "posts:read", any(role = "editor", scope = "posts:write"))]
#[get("/posts")]
fn posts() {}

#[require_auth(User, check = |user, name: &str| user.name == name)]
#[get("/users/<name>")]
fn profile(name: &str) -> &str {
    name
}

fn client(config: Config) -> Client {
    let setup = Setup::bare(config).with("secret", "0123456789abcdef0123456789abcdef");
    let routes = jwt_auth::routes![posts, profile];
    client_of(setup.rocket().mount("/", routes).register("/", jwt_auth::catchers()))
}

/// Returns the challenge and the body for a user without roles and scopes, and the log.
fn denied(client: &Client, path: &'static str) -> (Option<String>, Value, String) {
    let token = login_as(client, &user("alice")).access_token;
    let log = Log::capture();
    let response = get(client, path, &[format!("Bearer {token}")]);
    assert_eq!(response.status(), Status::Forbidden);
    let challenge = response.headers().get_one("WWW-Authenticate").map(str::to_owned);
    (challenge, response.into_json().expect("JSON"), log.text())
}

const CHALLENGE: &str = r#"Bearer realm="api", error="insufficient_scope", error_description="The access token does not permit this.""#;

#[test]
fn a_denial_contains_the_scope_but_not_the_clause() {
    let client = client(Config::release_default());
    let (challenge, body, log) = denied(&client, "/posts");
    assert_eq!(challenge, Some(format!(r#"{CHALLENGE}, scope="posts:read posts:write""#)));
    let description = "The access token does not permit this.";
    let expected = json!({ "error": "insufficient_scope", "error_description": description });
    let mut with_scope = expected.clone();
    with_scope["scope"] = json!("posts:read posts:write");
    assert_eq!(body, with_scope);
    assert!(log.contains(r#"InsufficientScope(Denial { clause: "scope = \"posts:read\"""#), "{log}");

    let (challenge, body, log) = denied(&client, "/users/bob");
    assert_eq!((challenge.as_deref(), body), (Some(CHALLENGE), expected));
    assert!(
        log.contains(r#"InsufficientScope(Denial { clause: "check = |user, name: &str| user.name == name""#),
        "{log}"
    );
}

#[test]
fn a_denial_contains_the_clause_in_the_debug_profile() {
    let client = client(Config::debug_default());
    let (challenge, body, _) = denied(&client, "/users/bob");
    assert_eq!(challenge.as_deref(), Some(CHALLENGE));
    assert_eq!(body["clause"], "check = |user, name: &str| user.name == name");
    assert_eq!(denied(&client, "/posts").1["clause"], "scope = \"posts:read\"");
}
