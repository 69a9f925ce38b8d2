//! `or_not_found`: a denied caller gets the response of a route that found nothing.

use jwt_auth::{AuthError, Denial, policy, require_auth};
use jwt_auth_tests::{Log, Setup, User, user};
use rocket::http::{Header, Status};
use rocket::local::blocking::{Client, LocalResponse};
use rocket::{Build, Config, Rocket, catch, catchers, get};

use crate::app::{client_of, login_as};

/// A post that does not exist, for its author.
#[require_auth(User, or_not_found, check = |user, name: &str| user.name == name)]
#[get("/posts/<name>")]
fn post(name: &str) -> Option<&str> {
    (name != "alice").then_some(name)
}

#[policy(User, or_not_found, any(role = "admin", check = |user, name| user.name == name))]
struct IsNamed {
    name: &str,
}

#[require_auth(User, any(policy = IsNamed(name), scope = "posts:read"))]
#[get("/drafts/<name>")]
fn draft(name: &str) -> &str {
    name
}

#[require_auth(User, or_not_found, role = "admin", fresh = "5m")]
#[get("/settings")]
fn settings() {}

/// Denies callers who are not on the list. The list cannot be read for `down`.
fn is_listed(user: &User) -> Result<bool, AuthError> {
    match user.name.as_str() {
        "alice" => Err(AuthError::InsufficientScope(Denial::new("not on the list"))),
        "down" => Err(AuthError::TemporarilyUnavailable(std::sync::Arc::new(std::fmt::Error))),
        _ => Ok(true),
    }
}

#[require_auth(User, or_not_found, check = is_listed)]
#[get("/list")]
fn list() {}

fn rocket(config: Config) -> Rocket<Build> {
    let setup = Setup::bare(config).with("secret", "0123456789abcdef0123456789abcdef");
    setup.rocket().mount("/", jwt_auth::routes![post, draft, settings, list])
}

fn call<'c>(client: &'c Client, user: &User, path: &'static str) -> LocalResponse<'c> {
    let token = login_as(client, user).access_token;
    client.get(path).header(Header::new("Authorization", format!("Bearer {token}"))).dispatch()
}

fn status(client: &Client, user: &User, path: &'static str) -> u16 {
    call(client, user, path).status().code
}

/// The status, the headers and the body of a response.
fn parts(response: LocalResponse<'_>) -> (Status, Vec<String>, String) {
    let headers = response.headers().iter().map(|header| header.to_string()).collect();
    (response.status(), headers, response.into_string().expect("text"))
}

#[catch(404)]
fn own_catcher() -> &'static str {
    "nothing here"
}

/// A catcher that turns a 404 into a 403.
#[catch(404)]
fn forbidden() -> (Status, &'static str) {
    (Status::Forbidden, "no")
}

#[test]
fn a_denial_is_the_same_as_a_handler_that_finds_nothing() {
    let json = |rocket: Rocket<Build>| rocket.register("/", jwt_auth::catchers());
    for client in [
        client_of(rocket(Config::debug_default())),
        client_of(json(rocket(Config::debug_default()))),
        client_of(json(rocket(Config::release_default()))),
        client_of(json(rocket(Config::debug_default())).register("/", catchers![own_catcher])),
    ] {
        let missing = parts(call(&client, &user("alice"), "/posts/alice"));
        assert_eq!(missing.0, Status::NotFound);
        assert_eq!(parts(call(&client, &user("alice"), "/posts/bob")), missing);
        assert_eq!(parts(call(&client, &user("alice"), "/drafts/bob")), missing);
        let headers = missing.1.join("\n");
        assert!(
            headers.contains("Vary: Authorization") && !headers.contains("WWW-Authenticate"),
            "{headers}"
        );
    }
}

#[test]
fn no_response_shows_the_error() {
    let client = client_of(
        rocket(Config::debug_default())
            .register("/", jwt_auth::catchers())
            .register("/", catchers![forbidden]),
    );
    let (status, headers, body) = parts(call(&client, &user("alice"), "/posts/bob"));
    assert_eq!((status, body.as_str()), (Status::Forbidden, "no"));
    assert!(!headers.join("\n").contains("WWW-Authenticate"), "{headers:?}");
}

#[test]
fn the_log_still_names_the_clause() {
    let client = client_of(rocket(Config::release_default()));
    let token = login_as(&client, &user("alice")).access_token;
    let log = Log::capture();
    let request = client.get("/posts/bob").header(Header::new("Authorization", format!("Bearer {token}")));
    assert_eq!(request.dispatch().status(), Status::NotFound);
    assert!(log.text().contains("access denied: `check = |user, name: &str|"), "{}", log.text());
}

#[test]
fn only_denials_are_hidden() {
    let setup = Setup::memory();
    let routes = jwt_auth::routes![post, draft, settings, list];
    let client = client_of(setup.rocket().mount("/", routes).register("/", jwt_auth::catchers()));
    for path in ["/posts/bob", "/drafts/bob", "/settings", "/list"] {
        let anonymous = client.get(path).dispatch();
        assert_eq!(anonymous.status(), Status::Unauthorized, "{path}");
        assert!(anonymous.headers().contains("WWW-Authenticate"), "{path}");
        let invalid = client.get(path).header(Header::new("Authorization", "Bearer x.y.z")).dispatch();
        assert_eq!(invalid.status(), Status::Unauthorized, "{path}");
    }

    let admin = login_as(&client, &user("root").role("admin")).access_token;
    let as_admin =
        || client.get("/settings").header(Header::new("Authorization", format!("Bearer {admin}"))).dispatch();
    assert_eq!(as_admin().status(), Status::Ok);
    assert_eq!(status(&client, &user("alice"), "/settings"), 404);
    setup.advance(301);
    let step_up = as_admin();
    assert_eq!(step_up.status(), Status::Unauthorized);
    let challenge = step_up.headers().get_one("WWW-Authenticate").expect("a challenge");
    assert!(challenge.contains("insufficient_user_authentication"), "{challenge}");
}

#[test]
fn an_error_of_a_condition_is_a_denial_if_it_says_so() {
    let client = client_of(rocket(Config::debug_default()));
    assert_eq!(status(&client, &user("alice"), "/list"), 404);
    assert_eq!(status(&client, &user("down"), "/list"), 503);
    assert_eq!(status(&client, &user("bob"), "/list"), 200);
}

#[test]
fn the_list_of_routes_shows_the_word() {
    let names: Vec<_> = jwt_auth::routes![draft, settings]
        .into_iter()
        .map(|route| route.name.expect("routes have names").into_owned())
        .collect();
    assert_eq!(
        names,
        [
            "draft → any(policy = IsNamed(name) { any(role = \"admin\", check = |user, name| user.name == name) }, \
             scope = \"posts:read\"), or_not_found",
            "settings → all(role = \"admin\", fresh = \"5m\"), or_not_found",
        ]
    );
}
