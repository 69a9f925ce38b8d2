//! What clients are told of a body that cannot be read.

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
    let routes = jwt_auth::routes![sign_in, change, as_json];
    client_of(Setup::memory().rocket().mount("/", routes).register("/", jwt_auth::catchers()))
}

#[test]
fn a_body_that_cannot_be_read_is_told_why() {
    let client = client();
    let authorization = format!("Bearer {}", login_as(&client, &user("alice")).access_token);
    let long = format!("{{\"password\": \"{}\"}}", "x".repeat(20_000));
    for (body, status, description) in [
        ("{", 400, "The body must be JSON."),
        ("", 400, "The body must be JSON."),
        (&long, 413, "The body is too long."),
        ("{}", 422, "The body is not of the form that is asked for."),
    ] {
        for path in ["/sign-in", "/password"] {
            let mut request = client.post(path).body(body);
            request.add_header(rocket::http::Header::new("Authorization", authorization.clone()));
            let refused = request.dispatch();
            assert_eq!(refused.status().code, status, "{path}: {body:.20}");
            assert_eq!(refused.headers().get_one("WWW-Authenticate"), None, "{path}: no token is at fault");
            let told = json!({ "error": "invalid_request", "error_description": description });
            assert_eq!(refused.into_json::<Value>(), Some(told), "{path}: {body:.20}");
        }
    }
}

/// A guard of others has left nothing but its status.
#[test]
fn all_bodies_that_cannot_be_read_are_answered_in_one_form() {
    let client = client();
    for (body, status) in [("{", 400), ("{}", 422)] {
        let refused = client.post("/json").body(body).dispatch();
        assert_eq!(refused.status().code, status, "{body}");
        let told: Value = refused.into_json().expect("JSON");
        assert_eq!(told["error"], "invalid_request", "{body}");
        let description = told["error_description"].as_str().expect("a description");
        assert!(
            description.ends_with('.'),
            "{body}: {description} is a sentence, not the name of the status"
        );
    }
}
