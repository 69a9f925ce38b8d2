//! Error responses: the app's own catchers and fairings, and formats.

use jwt_auth::{AuthError, Catchers, InvalidToken, public};
use jwt_auth_tests::Setup;
use rocket::fairing::AdHoc;
use rocket::http::{Header, Status};
use rocket::local::blocking::{Client, LocalResponse};
use rocket::serde::json::{Json, Value, json};
use rocket::{Request, catch, catchers, get};

use crate::app::{client_of, mount};

#[public]
#[get("/handler")]
fn handler() -> Result<(), AuthError> {
    Err(InvalidToken::Expired.into())
}

#[catch(401)]
fn unauthorized(request: &Request<'_>) -> String {
    format!("{:?}", AuthError::of(request))
}

fn app(catchers: impl Into<Vec<rocket::Catcher>>) -> Client {
    let rocket = mount(Setup::memory().rocket()).mount("/", jwt_auth::routes![handler]);
    client_of(rocket.register("/", catchers.into()))
}

fn get<'c>(client: &'c Client, path: &'c str) -> LocalResponse<'c> {
    client.get(path).header(Header::new("Authorization", "Bearer x")).dispatch()
}

fn json_of(response: LocalResponse<'_>) -> Value {
    response.into_json().expect("JSON")
}

#[test]
fn a_catcher_reads_the_error_of_a_guard() {
    let client = app(catchers![unauthorized]);
    let response = get(&client, "/me");
    assert!(response.headers().contains("WWW-Authenticate"));
    assert_eq!(response.into_string().as_deref(), Some("Some(InvalidToken(Malformed))"));
    let body = json_of(get(&client, "/handler"));
    assert_eq!(body["error"], "invalid_token", "the handler has responded");
}

#[test]
fn a_fairing_reads_the_error_of_guards_and_handlers() {
    let name_error = AdHoc::on_response("errors", |request, response| {
        Box::pin(async move {
            if let Some(error) = AuthError::of(request) {
                response.set_header(Header::new("X-Reason", error.reason()));
            }
        })
    });
    let rocket = mount(Setup::memory().rocket()).mount("/", jwt_auth::routes![handler]).attach(name_error);
    let client = client_of(rocket);
    for (path, expected) in
        [("/me", Some("malformed")), ("/handler", Some("expired")), ("/ranked", Some("malformed"))]
    {
        assert_eq!(get(&client, path).headers().get_one("X-Reason"), expected, "{path}");
    }
    assert_eq!(client.get("/.well-known/jwks.json").dispatch().headers().get_one("X-Reason"), None);
}

#[test]
fn problem_details_cover_guards_and_handlers() {
    let client = app(jwt_auth::catchers().problem_details());
    for (path, detail) in
        [("/me", "The access token is not valid."), ("/handler", "The access token has expired.")]
    {
        let response = get(&client, path);
        assert_eq!(response.status(), Status::Unauthorized, "{path}");
        assert_eq!(response.headers().get_one("Content-Type"), Some("application/problem+json"), "{path}");
        assert_eq!(response.headers().get_one("Cache-Control"), Some("no-store"), "{path}");
        let challenge = response.headers().get_one("WWW-Authenticate").expect("a challenge").to_owned();
        assert!(challenge.contains("invalid_token"), "{challenge}");
        let expected = json!({
            "type": "about:blank", "title": "Unauthorized", "status": 401, "detail": detail,
            "error": "invalid_token",
        });
        assert_eq!(json_of(response), expected, "{path}");
    }
}

#[test]
fn a_format_covers_guards_handlers_and_other_errors() {
    let format = || {
        jwt_auth::catchers().format(|error, request| {
            let known = error.error().map(AuthError::reason);
            Json(json!({ "code": error.code(), "known": known, "path": request.uri().path().as_str() }))
        })
    };
    let client = app(format());
    for (path, code, known) in
        [("/me", "invalid_token", Some("malformed")), ("/handler", "invalid_token", Some("expired"))]
    {
        let response = get(&client, path);
        assert_eq!(response.status(), Status::Unauthorized);
        assert_eq!(json_of(response), json!({ "code": code, "known": known, "path": path }));
    }
    let elsewhere = mount(Setup::memory().rocket()).mount("/", jwt_auth::routes![handler]);
    let client = client_of(elsewhere.register("/api", Vec::from(format())));
    assert_eq!(
        json_of(get(&client, "/handler"))["error"],
        "invalid_token",
        "the catchers are for other paths"
    );
}

#[test]
fn an_app_can_replace_a_catcher() {
    let without: Catchers = jwt_auth::catchers().without(401);
    let rocket = mount(Setup::memory().rocket());
    let client = client_of(rocket.register("/", without).register("/", catchers![unauthorized]));
    assert_eq!(get(&client, "/me").into_string().as_deref(), Some("Some(InvalidToken(Malformed))"));
}
