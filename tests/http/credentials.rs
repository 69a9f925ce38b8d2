//! `Credentials`: responses to request bodies that cannot be read.

use jwt_auth::{Credentials, public, require_auth};
use jwt_auth_tests::{Setup, User, user};
use rocket::local::blocking::Client;
use rocket::post;
use rocket::serde::json::{Json, Value, json};

use crate::app::{client_of, login_as};

#[derive(serde::Deserialize)]
struct Login {
    password: String,
}

#[public]
#[post("/sign-in", data = "<login>")]
fn sign_in(login: Credentials<Login>) -> String {
    login.password.len().to_string()
}

#[require_auth(User)]
#[post("/password", data = "<login>")]
fn change(login: Credentials<Login>) -> String {
    login.password.len().to_string()
}

#[public]
#[post("/json", data = "<login>")]
fn as_json(login: Json<Login>) -> String {
    login.password.len().to_string()
}

fn client() -> Client {
    let routes = jwt_auth::routes![sign_in, change, as_json, register];
    client_of(Setup::memory().rocket().mount("/", routes).register("/", jwt_auth::catchers()))
}

#[test]
fn the_response_says_why_a_body_cannot_be_read() {
    let client = client();
    let authorization = format!("Bearer {}", login_as(&client, &user("alice")).access_token);
    let long = format!("{{\"password\": \"{}\"}}", "x".repeat(20_000));
    for (body, status, description) in [
        ("{", 400, "The body must be JSON."),
        ("", 400, "The body must be JSON."),
        (&long, 413, "The body is too long."),
        ("5", 422, "The body does not match the expected schema."),
        ("[\"hunter2\"]", 422, "The body does not match the expected schema."),
    ] {
        for path in ["/sign-in", "/password"] {
            let mut request = client.post(path).body(body);
            request.add_header(rocket::http::Header::new("Authorization", authorization.clone()));
            let rejected = request.dispatch();
            assert_eq!(rejected.status().code, status, "{path}: {body:.20}");
            assert_eq!(
                rejected.headers().get_one("WWW-Authenticate"),
                None,
                "{path}: a token would not help"
            );
            let expected = json!({ "error": "invalid_request", "error_description": description });
            assert_eq!(rejected.into_json::<Value>(), Some(expected), "{path}: {body:.20}");
        }
    }
}

#[derive(serde::Deserialize)]
struct Registration {
    login: Login,
    codes: Vec<u8>,
    #[serde(default)]
    more: std::collections::HashMap<String, u8>,
}

#[public]
#[post("/register", data = "<registration>")]
fn register(registration: Credentials<Registration>) -> String {
    let Registration { login, codes, more } = registration.into_inner();
    format!("{} {}", login.password.len(), codes.len() + more.len())
}

#[test]
fn the_response_names_the_field_but_not_its_value() {
    let client = client();
    for (body, field) in [
        (r#"{}"#, Some("login")),
        (r#"{"login":{},"codes":[]}"#, Some("login.password")),
        (r#"{"login":{"password":5},"codes":[]}"#, Some("login.password")),
        (r#"{"login":"hunter2","codes":[]}"#, Some("login")),
        (r#"{"login":{"password":"a"},"codes":[1,"hunter2"]}"#, Some("codes[1]")),
        (r#"{"login":{"password":"a"},"codes":[300]}"#, Some("codes[0]")),
        (r#"{"login":{"password":"a"},"codes":[],"more":{"hunter two":"x"}}"#, None),
        (r#"{"login":{"password":"a"},"codes":[],"more":{"hunter2":"x"}}"#, Some("more.hunter2")),
    ] {
        let rejected = client.post("/register").body(body).dispatch();
        assert_eq!(rejected.status().code, 422, "{body}");
        let response: Value = rejected.into_json().expect("JSON");
        assert_eq!(response.get("field").and_then(Value::as_str), field, "{body}");
    }
}

/// Rocket's own `Json` guard reports only a status.
#[test]
fn responses_to_other_body_guards_have_the_same_format() {
    let client = client();
    for (body, status) in [("{", 400), ("{}", 422)] {
        let rejected = client.post("/json").body(body).dispatch();
        assert_eq!(rejected.status().code, status, "{body}");
        let body_of_response: Value = rejected.into_json().expect("JSON");
        assert_eq!(body_of_response["error"], "invalid_request", "{body}");
        let description = body_of_response["error_description"].as_str().expect("a description");
        assert!(description.ends_with('.'), "{body}: `{description}` is not a sentence");
    }
}
