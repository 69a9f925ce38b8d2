//! The OpenAPI document, and Swagger UI, a page that shows it and calls the routes.

use std::sync::Arc;

use jwt_auth::public;
use rocket::fairing::{AdHoc, Fairing};
use rocket::http::{ContentType, Header};
use rocket::response::{Debug, Redirect, Responder};
use rocket::serde::json::Json;
use rocket::{Route, State, get, uri};
use utoipa::OpenApi;
use utoipa_swagger_ui::Config;

/// Everything that the page loads is in this app.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The parts of the document that are not about a single route.
#[derive(OpenApi)]
#[openapi(
    info(title = "OpenAPI example of jwt-auth", description = "Sign in, and call the routes with the access token."),
    tags(
        (name = "auth", description = "Signing in"),
        (name = "users", description = "Routes with different access rules"),
    )
)]
struct Api;

/// Makes the document once all routes are mounted.
pub fn fairing() -> impl Fairing {
    AdHoc::on_ignite("OpenAPI document", |rocket| async {
        let document = jwt_auth::openapi::document(Api::openapi(), &rocket);
        rocket.manage(document)
    })
}

#[public]
#[get("/openapi.json")]
fn document(document: &State<utoipa::openapi::OpenApi>) -> Json<&utoipa::openapi::OpenApi> {
    Json(document)
}

#[public]
#[get("/docs")]
fn index() -> Redirect {
    Redirect::to(uri!(page("index.html")))
}

#[public]
#[get("/docs/<file>")]
fn page(file: &str) -> Result<Option<Page>, Debug<Box<dyn std::error::Error>>> {
    // The validator would be a service on the internet.
    let config = Config::new([uri!(document).to_string()]).validator_url("none").use_base_layout();
    let file = utoipa_swagger_ui::serve(file, Arc::new(config))?;
    Ok(file.map(|file| Page {
        bytes: file.bytes.into_owned(),
        content_type: file.content_type.parse().unwrap_or(ContentType::Binary),
        policy: Header::new("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    }))
}

#[derive(Responder)]
struct Page {
    bytes: Vec<u8>,
    content_type: ContentType,
    policy: Header<'static>,
}

pub fn routes() -> Vec<Route> {
    jwt_auth::routes![document, index, page]
}
