//! The errors in the document are those that the app answers with, and in the form that it answers them.

use std::collections::BTreeMap;

use jwt_auth_tests::RedisServer;
use rocket::http::{Header, Method};
use rocket::local::blocking::{LocalRequest, LocalResponse};
use rocket::serde::json::{Value, json};

use super::{app, document, operations};
use crate::tests::client::{App, bearer};
use crate::tests::{ADMIN, DEMO};

/// An operation, as the document has it.
struct Operation {
    method: Method,
    path: String,
    described: Value,
}

/// The bodies of errors, by their status.
type Errors = BTreeMap<u16, Vec<Value>>;

#[test]
fn each_error_is_as_the_document_says() {
    let app = app();
    let mut server = RedisServer::start();
    let away = App::on(&server);
    let (pair, document) = (away.login(ADMIN), document(&app));
    server.stop();
    for (name, described) in operations(&document) {
        let (method, path) = name.split_once(' ').expect("both");
        let operation =
            Operation { method: method.parse().expect("a method"), path: path.to_owned(), described };
        let mut errors = Errors::new();
        operation.provoke(&app, &mut errors);
        let right = json!({ "username": DEMO.0, "password": DEMO.1, "refresh_token": pair.refresh });
        let request = operation.request(&away, SOME_SESSION).body(right.to_string());
        keep(bearer(request, &pair.access).dispatch(), &mut errors);

        let statuses: Vec<String> = errors.keys().map(u16::to_string).collect();
        assert_eq!(operation.statuses(), statuses, "{name}");
        for (status, body) in
            errors.iter().flat_map(|(status, bodies)| bodies.iter().map(move |body| (status, body)))
        {
            operation.assert_describes(*status, body);
        }
    }
}

/// The id of a session that nobody has.
const SOME_SESSION: &str = "00000000-0000-4000-8000-000000000000";

impl Operation {
    /// Asks in all the wrong ways.
    fn provoke(&self, app: &App, errors: &mut Errors) {
        let long = "x".repeat(20_000);
        let wrong =
            json!({ "username": DEMO.0, "password": ADMIN.1, "refresh_token": "rubbish" }).to_string();
        for id in ["1", "99", "rubbish", SOME_SESSION] {
            for body in ["{", "{}", &long, &wrong] {
                let request = || self.request(app, id).body(body);
                keep(request().dispatch(), errors);
                keep(request().header(Header::new("Authorization", "Bearer two words")).dispatch(), errors);
                keep(bearer(request(), "rubbish").dispatch(), errors);
                for account in [DEMO, ADMIN] {
                    // A login for each: the request before may have been a logout.
                    keep(bearer(request(), &app.login(account).access).dispatch(), errors);
                }
                if self.described["requestBody"].is_null() {
                    break;
                }
            }
            if !self.path.contains("{id}") {
                break;
            }
        }
    }

    fn request<'c>(&self, app: &'c App, id: &str) -> LocalRequest<'c> {
        app.client.req(self.method, self.path.replace("{id}", id))
    }

    /// The errors in the document.
    fn statuses(&self) -> Vec<&str> {
        let responses = self.described["responses"].as_object().expect("responses");
        responses.keys().map(String::as_str).filter(|status| *status >= "400").collect()
    }

    /// The body of an error has the one form and, where there are examples of it, is one.
    fn assert_describes(&self, status: u16, body: &Value) {
        let response = &self.described["responses"][status.to_string()];
        let what = format!("{} {}: {status}, {body}", self.method, self.path);
        assert_ne!(response["description"], "", "{what}");
        let content = &response["content"]["application/json"];
        assert_eq!(content["schema"]["$ref"], "#/components/schemas/AuthError", "{what}");
        assert!(body["error"].is_string() && body["error_description"].is_string(), "{what}");
        if let Some(examples) = content["examples"].as_object() {
            assert!(examples.values().any(|example| example["value"] == *body), "{what}: {examples:?}");
        }
    }
}

/// Keeps an error, without what is for developers.
fn keep(response: LocalResponse<'_>, errors: &mut Errors) {
    let status = response.status().code;
    if status >= 400 {
        let mut body: Value = response.into_json().expect("JSON");
        body.as_object_mut().expect("an object").remove("clause");
        errors.entry(status).or_default().push(body);
    }
}
