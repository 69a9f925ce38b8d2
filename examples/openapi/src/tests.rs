//! The document agrees with the app.

mod document;
mod errors;
mod page;
mod redis_server;

use jwt_auth::JwtAuth;
use jwt_auth::store::MemoryStore;
use rocket::http::{ContentType, Method, Status};
use rocket::local::blocking::Client;
use rocket::serde::json::{Value, json};

const ADMIN: (&str, &str) = ("admin", "correct horse battery staple");
const DEMO: (&str, &str) = ("demo", "hunter2hunter2");

/// Returns a client of the app, with its sessions in memory.
fn client() -> Client {
    // This fairing replaces the one that the app attached.
    let app = super::rocket().attach(JwtAuth::fairing().store(MemoryStore::new()));
    Client::untracked(app).expect("the app launches")
}

/// Returns the tokens of a new session.
fn login(client: &Client, (username, password): (&str, &str)) -> Value {
    let body = json!({ "username": username, "password": password }).to_string();
    let login = client.post("/login").header(ContentType::JSON).body(body).dispatch();
    assert_eq!(login.status(), Status::Ok);
    login.into_json().expect("the body is JSON")
}

fn document(client: &Client) -> Value {
    client.get("/openapi.json").dispatch().into_json().expect("the body is JSON")
}

/// An operation of the document.
struct Operation {
    method: Method,
    path: String,
    described: Value,
}

fn operations(document: &Value) -> Vec<Operation> {
    let paths = document["paths"].as_object().expect("paths are an object");
    let mut operations = Vec::new();
    for (path, item) in paths {
        for (method, described) in item.as_object().expect("a path is an object") {
            let method = method.parse().expect("each key of a path is a method");
            operations.push(Operation { method, path: path.clone(), described: described.clone() });
        }
    }
    operations
}
