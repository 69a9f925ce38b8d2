//! The form of error responses.

use rocket::http::Status;
use rocket::serde::json::{Value, json};

use super::DEMO;
use super::client::on_every_store;

#[test]
fn every_error_is_json_with_a_code_and_a_description() {
    on_every_store(|app| {
        let pair = app.login(DEMO);
        for (path, status, code) in [
            ("/nowhere", Status::NotFound, "not_found"),
            ("/users/3", Status::Forbidden, "insufficient_scope"),
            ("/users/rubbish", Status::UnprocessableEntity, "invalid_request"),
        ] {
            let response = app.get(path, &pair.access);
            assert_eq!(response.status(), status, "{path}");
            let body: Value = response.into_json().expect("the body is JSON");
            assert_eq!(body["error"], code, "{path}");
            assert!(body["error_description"].is_string(), "{path}: {body}");
        }
    });
}

#[test]
fn a_body_that_does_not_match_the_schema_is_rejected() {
    on_every_store(|app| {
        let bodies =
            [json!(null), json!({}), json!({ "username": "demo" }), json!({ "username": 1, "password": 2 })];
        for body in bodies {
            let rejected = app.post("/auth/login", &body);
            assert!(rejected.status().class().is_client_error(), "{body}: {}", rejected.status());
        }
    });
}
