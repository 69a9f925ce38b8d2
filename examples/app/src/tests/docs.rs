//! The document, and the page that shows it.

use jwt_auth::JwtAuth;
use jwt_auth::store::MemoryStore;
use jwt_auth_tests::{assert_is_openapi, visit};
use rocket::fairing::AdHoc;
use rocket::http::{Header, Status};
use rocket::local::blocking::LocalResponse;
use rocket::serde::json::{Value, json};
use rocket::tokio::sync::oneshot;
use rocket::tokio::{spawn, task};

use super::DEMO;
use super::client::{App, bearer};

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
fn callers_are_answered_as_the_document_says() {
    let app = app();
    let document = document(&app);
    for (name, operation) in operations(&document) {
        let (method, path) = name.split_once(' ').expect("both");
        // The first user: the admin.
        let uri = path.replace("{id}", "1");
        let request = || app.client.req(method.parse().expect("a method"), uri.clone());

        let stranger = request().dispatch();
        let is_challenged = stranger.headers().contains("WWW-Authenticate");
        assert_eq!(operation["security"] == json!([{ "bearer": [] }]), is_challenged, "{name}");
        assert_eq!(operation["security"] == json!([]), !is_challenged, "{name}");
        if is_challenged {
            assert_is_as_described(stranger, Status::Unauthorized, &operation);
            let malformed = request().header(Header::new("Authorization", "Bearer two words")).dispatch();
            assert_is_as_described(malformed, Status::BadRequest, &operation);
            // A login for each: another operation may have been a logout.
            let known = bearer(request(), &app.login(DEMO).access).dispatch();
            let says_denied = operation["responses"].get("403").is_some();
            assert_eq!(known.status() == Status::Forbidden, says_denied, "{name}");
        }
    }
}

#[test]
fn what_a_denial_says_of_the_policy() {
    let document = document(&app());
    let denial = &document["paths"]["/admin"]["get"]["responses"]["403"];
    assert_eq!(
        denial["description"],
        "`insufficient_scope`: The access token does not permit this. The route asks for `role = Role::Admin`."
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

/// Whether a refusal has the status, and a body of the examples.
fn assert_is_as_described(refusal: LocalResponse<'_>, status: Status, operation: &Value) {
    assert_eq!(refusal.status(), status);
    let body: Value = refusal.into_json().expect("JSON");
    let described = &operation["responses"][status.code.to_string()]["content"]["application/json"];
    let code = body["error"].as_str().expect("a code");
    assert_eq!(described["examples"][code]["value"], body);
    assert_eq!(described["schema"]["$ref"], "#/components/schemas/AuthError");
}
