//! OpenAPI documents of apps with session cookies.

use jwt_auth::openapi::document;
use jwt_auth::{JwtAuth, MaybeAuth, public, require_auth, session_routes};
use jwt_auth_tests::{Setup, User, assert_is_openapi};
use rocket::{Phase, Rocket, get, post};
use serde_json::{Value, json};
use utoipa::OpenApi;

use crate::app::{Accounts, secure};

#[require_auth(User, role = "admin", scope = "posts")]
#[utoipa::path(responses((status = 200)))]
#[post("/change")]
fn change() {}

#[require_auth(User)]
#[utoipa::path(responses((status = 200)))]
#[get("/read")]
fn read() {}

#[require_auth(User, header)]
#[utoipa::path(responses((status = 200)))]
#[post("/header")]
fn only_header() {}

#[require_auth(optional)]
#[utoipa::path(responses((status = 200)))]
#[post("/optional")]
fn optional(_visitor: MaybeAuth<User>) {}

#[require_auth(User, cross_origin)]
#[utoipa::path(responses((status = 200)))]
#[post("/callback")]
fn callback() {}

#[require_auth(User, cookie)]
#[utoipa::path(responses((status = 200)))]
#[post("/cookie")]
fn only_cookie() {}

#[require_auth(optional, cookie)]
#[utoipa::path(responses((status = 200)))]
#[post("/cookie/optional")]
fn optional_cookie(_visitor: MaybeAuth<User>) {}

#[public]
#[utoipa::path(responses((status = 200)))]
#[post("/public")]
fn public_route() {}

fn described<P: Phase>(rocket: &Rocket<P>) -> Value {
    #[derive(OpenApi)]
    struct Api;

    serde_json::to_value(document(Api::openapi(), rocket)).expect("JSON")
}

/// The name of the cookie in the document.
fn cookie_of(document: &Value) -> Option<&str> {
    document["components"]["securitySchemes"]["cookie"]["name"].as_str()
}

#[test]
fn routes_accept_a_header_or_a_cookie() {
    let routes = jwt_auth::routes![
        change,
        read,
        only_header,
        optional,
        callback,
        only_cookie,
        optional_cookie,
        public_route
    ];
    let setup = Setup::memory().with("cookies.secure", true);
    let document = described(&setup.attach(JwtAuth::fairing()).mount("/", routes));
    assert_is_openapi(&document);
    let scheme = &document["components"]["securitySchemes"]["cookie"];
    assert_eq!(
        (&scheme["type"], &scheme["in"], &scheme["name"]),
        (&json!("apiKey"), &json!("cookie"), &json!("__Host-Http-jwt"))
    );
    let (bearer, by_cookie) = (json!({ "bearer": [] }), json!({ "cookie": [] }));
    let scopes = json!([{ "bearer": ["posts"] }, { "cookie": ["posts"] }]);
    for (path, method, security, statuses, forbidden) in [
        ("/change", "post", scopes, "200 400 401 403", "cross_origin insufficient_scope"),
        ("/read", "get", json!([bearer, by_cookie]), "200 400 401", ""),
        ("/header", "post", json!([bearer]), "200 400 401", ""),
        ("/optional", "post", json!([{}, bearer, by_cookie]), "200 400 401 403", "cross_origin"),
        ("/callback", "post", json!([bearer, by_cookie]), "200 400 401", ""),
        ("/cookie", "post", json!([by_cookie]), "200 400 401 403", "cross_origin"),
        ("/cookie/optional", "post", json!([{}, by_cookie]), "200 400 403", "cross_origin"),
        ("/public", "post", json!([]), "200", ""),
    ] {
        let operation = &document["paths"][path][method];
        assert_eq!(operation["security"], security, "{path}");
        let keys = |object: &Value| {
            let keys = object.as_object().into_iter().flat_map(|object| object.keys().map(String::as_str));
            keys.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(keys(&operation["responses"]), statuses, "{path}");
        let content = &operation["responses"]["403"]["content"]["application/json"];
        assert_eq!(keys(&content["examples"]), forbidden, "{path}");
    }
    let forbidden = document["paths"]["/cookie"]["post"]["responses"]["403"].clone();
    assert_eq!(forbidden["description"], "`cross_origin`: Cross-origin requests are not permitted.");
    assert!(forbidden["headers"].is_null(), "no challenge: {forbidden}");
}

#[rocket::async_test]
async fn cookies_of_an_ignited_app_are_known() {
    let app = || Setup::memory().attach(JwtAuth::fairing().cookies()).mount("/", jwt_auth::routes![change]);
    let ignited = app().ignite().await.expect("the app is valid");
    assert_eq!(cookie_of(&described(&ignited)), Some("jwt"));
    assert_eq!(cookie_of(&described(&app())), None, "the code is not visible yet");
}

#[test]
fn an_app_with_a_route_for_cookies_alone_has_them() {
    let app = Setup::memory().attach(JwtAuth::fairing().cookies());
    let document = described(&app.mount("/", jwt_auth::routes![change, only_cookie]));
    assert_eq!(cookie_of(&document), Some("jwt"));
}

#[rocket::async_test]
async fn without_cookies_only_headers_are_described() {
    let app = Setup::memory().rocket().mount("/", jwt_auth::routes![change]);
    for document in [described(&app), described(&app.ignite().await.expect("the app is valid"))] {
        assert_eq!(cookie_of(&document), None);
        let operation = &document["paths"]["/change"]["post"];
        assert_eq!(operation["security"], json!([{ "bearer": ["posts"] }]));
        let examples = &operation["responses"]["403"]["content"]["application/json"]["examples"];
        assert!(examples["cross_origin"].is_null(), "{examples}");
    }
}

#[test]
fn the_session_routes_are_described() {
    let rocket =
        secure().attach(JwtAuth::fairing().users(Accounts)).mount("/auth", session_routes::<Accounts>());
    let document = described(&rocket);
    assert_is_openapi(&document);
    let statuses = |path: &str, method: &str| {
        let responses = document["paths"][path][method]["responses"].as_object();
        let statuses = responses.unwrap_or_else(|| panic!("{method} {path}")).keys();
        statuses.map(String::as_str).collect::<Vec<_>>().join(" ")
    };
    for (method, path, expected) in [
        ("post", "/auth/login", "200 303 400 401 403 413 422 429 503"),
        ("post", "/auth/refresh", "200 303 400 401 403 413 422 503"),
        ("post", "/auth/reauthenticate", "200 303 400 401 403 413 422 429 503"),
        ("post", "/auth/logout", "204 303 400 403 413 422 503"),
        ("post", "/auth/logout-all", "204 303 400 401 403 503"),
        ("get", "/auth/session", "200 400 401 503"),
        ("get", "/auth/sessions", "200 400 401 503"),
        ("delete", "/auth/sessions", "204 303 400 401 403 503"),
        ("delete", "/auth/sessions/{id}", "204 303 400 401 403 404 503"),
    ] {
        assert_eq!(statuses(path, method), expected, "{method} {path}");
    }
    assert_eq!(document["paths"]["/auth/login"]["post"]["security"], json!([]));
    assert!(document["components"]["schemas"]["TokenPair"].is_object());
}
