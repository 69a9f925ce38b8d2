//! What a denial says: the error and the scope to everyone, the clause that failed to the log alone.

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

/// What a user without roles and scopes is told, and what the log is.
fn denied(client: &Client, path: &'static str) -> (Option<String>, Value, String) {
    let token = login_as(client, &user("alice")).access_token;
    let log = Log::capture();
    let response = get(client, path, &[format!("Bearer {token}")]);
    assert_eq!(response.status(), Status::Forbidden);
    let challenge = response.headers().get_one("WWW-Authenticate").map(str::to_owned);
    (challenge, response.into_json().expect("JSON"), log.text())
}

const TOLD: &str = r#"Bearer realm="api", error="insufficient_scope", error_description="The access token does not permit this.""#;

#[test]
fn clients_are_told_the_scope_and_not_the_clause() {
    let client = client(Config::release_default());
    let (challenge, body, log) = denied(&client, "/posts");
    assert_eq!(challenge, Some(format!(r#"{TOLD}, scope="posts:read posts:write""#)));
    let description = "The access token does not permit this.";
    let told = json!({ "error": "insufficient_scope", "error_description": description });
    let mut with_scope = told.clone();
    with_scope["scope"] = json!("posts:read posts:write");
    assert_eq!(body, with_scope);
    assert!(log.contains(r#"not permitted: scope = \"posts:read\" is not met"#), "{log}");

    let (challenge, body, log) = denied(&client, "/users/bob");
    assert_eq!((challenge.as_deref(), body), (Some(TOLD), told));
    assert!(log.contains("not permitted: check = |user, name: &str| user.name == name is not met"), "{log}");
}

#[test]
fn developers_are_told_the_clause() {
    let client = client(Config::debug_default());
    let (challenge, body, _) = denied(&client, "/users/bob");
    assert_eq!(challenge.as_deref(), Some(TOLD));
    assert_eq!(body["clause"], "check = |user, name: &str| user.name == name");
    assert_eq!(denied(&client, "/posts").1["clause"], "scope = \"posts:read\"");
}
