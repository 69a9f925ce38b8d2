//! The document describes every error that the app responds with, and no other.

use std::collections::BTreeMap;

use rocket::http::Header;
use rocket::local::blocking::{Client, LocalRequest, LocalResponse};
use rocket::serde::json::{Value, json};

use super::redis_server::RedisServer;
use super::{ADMIN, DEMO, Operation, client, document, login, operations};

/// Bodies of error responses, by status.
type Errors = BTreeMap<u16, Vec<Value>>;

#[test]
fn the_document_describes_each_error() {
    let mut server = RedisServer::start();
    let unavailable = client_on(&server);
    let pair = login(&unavailable, ADMIN);
    server.stop();

    for operation in operations(&document(&client())) {
        // A new app, because failed logins are limited.
        let client = client();
        let mut errors = Errors::new();
        operation.send_invalid_requests(&client, &mut errors);
        operation.send_valid_request(&unavailable, &pair, &mut errors);

        let statuses: Vec<String> = errors.keys().map(u16::to_string).collect();
        assert_eq!(operation.described_errors(), statuses, "{} {}", operation.method, operation.path);
        for (status, bodies) in errors {
            for body in bodies {
                operation.assert_describes(status, &body);
            }
        }
    }
}

/// Returns a client of the app, with its sessions in Redis.
fn client_on(server: &RedisServer) -> Client {
    let app = crate::rocket();
    let figment = app.figment().clone().merge(("jwt_auth.redis", server.url()));
    Client::untracked(app.configure(figment)).expect("the app launches")
}

impl Operation {
    fn send_invalid_requests(&self, client: &Client, errors: &mut Errors) {
        let too_long = "x".repeat(20_000);
        let wrong = json!({ "username": DEMO.0, "password": ADMIN.1, "refresh_token": "rubbish" });
        let pairs = [DEMO, ADMIN].map(|account| login(client, account));
        for id in ["1", "99", "rubbish"] {
            for body in ["{", "{}", &too_long, &wrong.to_string()] {
                let request = || self.request(client, id).body(body);
                record(request().dispatch(), errors);
                record(bearer(request(), "two words").dispatch(), errors);
                record(bearer(request(), "rubbish").dispatch(), errors);
                for pair in &pairs {
                    record(bearer(request(), access_token(pair)).dispatch(), errors);
                }
            }
        }
    }

    fn send_valid_request(&self, client: &Client, pair: &Value, errors: &mut Errors) {
        let body = json!({
            "username": ADMIN.0,
            "password": ADMIN.1,
            "refresh_token": pair["refresh_token"],
        });
        let request = self.request(client, "1").body(body.to_string());
        record(bearer(request, access_token(pair)).dispatch(), errors);
    }

    fn request<'c>(&self, client: &'c Client, id: &str) -> LocalRequest<'c> {
        client.req(self.method, self.path.replace("{id}", id))
    }

    fn described_errors(&self) -> Vec<&str> {
        let responses = self.described["responses"].as_object().expect("an operation has responses");
        responses.keys().map(String::as_str).filter(|status| *status >= "400").collect()
    }

    /// Asserts that the body has the described form and, if there are examples, is one of them.
    fn assert_describes(&self, status: u16, body: &Value) {
        let response = &self.described["responses"][status.to_string()];
        let context = format!("{} {}: {status}, {body}", self.method, self.path);
        assert_ne!(response["description"], "", "{context}");
        let content = &response["content"]["application/json"];
        assert_eq!(content["schema"]["$ref"], "#/components/schemas/AuthError", "{context}");
        assert!(body["error"].is_string() && body["error_description"].is_string(), "{context}");
        if let Some(examples) = content["examples"].as_object() {
            // The example names a field of its own.
            let mut examples = examples.values().map(|example| example["value"].clone());
            let is_described = examples.any(|mut example| {
                if example.get("field").is_some() {
                    example["field"] = body["field"].clone();
                }
                example == *body
            });
            assert!(is_described, "{context}: {content}");
        }
    }
}

/// Records the response if it is an error, without `clause`, which only the debug profile has.
fn record(response: LocalResponse<'_>, errors: &mut Errors) {
    let status = response.status().code;
    if status >= 400 {
        let mut body: Value = response.into_json().expect("the body is JSON");
        body.as_object_mut().expect("the body is an object").remove("clause");
        errors.entry(status).or_default().push(body);
    }
}

fn bearer<'c>(request: LocalRequest<'c>, token: &str) -> LocalRequest<'c> {
    request.header(Header::new("Authorization", format!("Bearer {token}")))
}

fn access_token(pair: &Value) -> &str {
    pair["access_token"].as_str().expect("a token is a string")
}
