//! The document, and the page that shows it.

mod errors;

use jwt_auth::JwtAuth;
use jwt_auth::store::MemoryStore;
use jwt_auth_tests::{assert_is_openapi, visit};
use rocket::fairing::AdHoc;
use rocket::serde::json::{Value, json};
use rocket::tokio::sync::oneshot;
use rocket::tokio::{spawn, task};

use super::client::App;

const UNDOCUMENTED: [&str; 3] = ["/openapi.json", "/docs", "/docs/{file}"];

#[test]
fn the_document_is_valid_and_of_all_routes() {
    let app = app();
    let document = document(&app);
    assert_is_openapi(&document);
    for route in app.client.rocket().routes() {
        let path = route.uri.path().replace('<', "{").replace('>', "}");
        let method = route.method.as_str().to_lowercase();
        let is_described = document["paths"][&path][method].is_object();
        assert_eq!(is_described, !UNDOCUMENTED.contains(&path.as_str()), "{route}");
    }
}

#[test]
fn whom_a_route_asks_for_a_token_is_as_the_document_says() {
    let app = app();
    for (name, operation) in operations(&document(&app)) {
        let (method, path) = name.split_once(' ').expect("both");
        let stranger =
            app.client.req(method.parse().expect("a method"), path.replace("{id}", "1")).dispatch();
        let is_challenged = stranger.headers().contains("WWW-Authenticate");
        assert_eq!(operation["security"] == json!([{ "bearer": [] }]), is_challenged, "{name}");
        assert_eq!(operation["security"] == json!([]), !is_challenged, "{name}");
    }
}

#[test]
fn what_a_denial_says_of_the_policy() {
    let document = document(&app());
    let denial = &document["paths"]["/admin"]["get"]["responses"]["403"];
    assert_eq!(
        denial["description"],
        "`insufficient_scope`: The access token does not permit this. The route requires `role = Role::Admin`."
    );
}

#[rocket::async_test]
async fn the_page_shows_each_route_in_a_browser_and_asks_nobody_else() {
    let document = task::spawn_blocking(|| document(&app())).await.expect("a document");
    let (liftoff, lifted) = oneshot::channel();
    let on_liftoff = AdHoc::on_liftoff("port", |rocket| {
        let port = rocket.config().port;
        Box::pin(async move { liftoff.send(port).expect("somebody waits for it") })
    });
    let app = crate::app(JwtAuth::fairing().store(MemoryStore::new()));
    let figment = app.figment().clone().merge(("port", 0)).merge(("log_level", "off"));
    let server = spawn(app.configure(figment).attach(on_liftoff).launch());
    let origin = format!("http://127.0.0.1:{}", lifted.await.expect("the app launches"));

    let page = origin.clone();
    let visit = task::spawn_blocking(move || visit(&page, "/docs")).await.expect("a visit");
    server.abort();

    for (name, _) in operations(&document) {
        let (method, path) = name.split_once(' ').expect("both");
        assert!(visit.dom.contains(&format!("data-path=\"{path}\"")), "{name}");
        assert!(visit.dom.contains(&format!("opblock-summary-method\">{}", method.to_uppercase())), "{name}");
    }
    let locks = visit.dom.matches("class=\"authorization__btn").count();
    let protected = operations(&document).filter(|(_, operation)| operation["security"] != json!([])).count();
    assert_eq!(locks, protected);
    assert!(visit.requests.contains(&format!("{origin}/openapi.json")), "{:?}", visit.requests);
    for request in &visit.requests {
        assert!(request.starts_with(&format!("{origin}/")), "{request}");
    }
    assert_eq!(visit.console, [] as [String; 0]);
}

fn app() -> App {
    App::new(|fairing| fairing.store(MemoryStore::new()), json!({}))
}

fn document(app: &App) -> Value {
    app.client.get("/openapi.json").dispatch().into_json().expect("a document")
}

/// Each operation, with its method and path.
fn operations(document: &Value) -> impl Iterator<Item = (String, Value)> {
    let paths = document["paths"].as_object().expect("paths").clone();
    paths.into_iter().flat_map(|(path, item)| {
        let item = item.as_object().expect("operations").clone();
        item.into_iter().map(move |(method, operation)| (format!("{method} {path}"), operation))
    })
}
