//! The document of `examples/openapi`, and the page that shows it.

use jwt_auth::JwtAuth;
use jwt_auth::store::MemoryStore;
use jwt_auth_tests::{assert_is_openapi, visit};
use rocket::local::asynchronous::Client;
use rocket::tokio::task;
use rocket::{Build, Rocket};
use serde_json::{Value, json};

use crate::server::Server;

#[rocket::async_test]
async fn the_document_is_valid() {
    assert_is_openapi(&document().await);
}

#[rocket::async_test]
async fn the_page_shows_each_route_in_a_browser_and_loads_nothing_from_elsewhere() {
    let server = Server::start(app()).await;
    let origin = format!("http://127.0.0.1:{}", server.port);
    let page = origin.clone();
    let visit =
        task::spawn_blocking(move || visit(&page, "/docs")).await.expect("the browser visits the page");

    let document = document().await;
    let mut protected = 0;
    for (path, operations) in document["paths"].as_object().expect("paths are an object") {
        for (method, operation) in operations.as_object().expect("a path is an object") {
            assert!(visit.dom.contains(&format!("data-path=\"{path}\"")), "{path}");
            let method = method.to_uppercase();
            assert!(visit.dom.contains(&format!("opblock-summary-method\">{method}")), "{method} {path}");
            protected += usize::from(operation["security"] != json!([]));
        }
    }
    assert_eq!(visit.dom.matches("class=\"authorization__btn").count(), protected);
    assert!(visit.requests.contains(&format!("{origin}/openapi.json")), "{:?}", visit.requests);
    for request in &visit.requests {
        assert!(request.starts_with(&format!("{origin}/")), "{request}");
    }
    assert_eq!(visit.console, [] as [String; 0]);
}

/// Returns the app, with its sessions in memory.
fn app() -> Rocket<Build> {
    example_openapi::rocket().attach(JwtAuth::fairing().store(MemoryStore::new()))
}

async fn document() -> Value {
    let client = Client::untracked(app()).await.expect("the app launches");
    client.get("/openapi.json").dispatch().await.into_json().await.expect("the body is JSON")
}
