//! The document of the API (OpenAPI), and a page to read it and to try it out.

use std::sync::Arc;

use jwt_auth::public;
use rocket::fairing::{AdHoc, Fairing};
use rocket::http::{ContentType, Header};
use rocket::response::{Debug, Redirect, Responder};
use rocket::serde::json::Json;
use rocket::{Route, State, get, uri};
use utoipa::OpenApi;
use utoipa_swagger_ui::Config;

/// The page takes everything from this app. Scripts are those of Swagger UI, in files.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What the app says of itself. The rest of the document is in its routes.
#[derive(OpenApi)]
#[openapi(
    info(title = "The main example of jwt-auth", description = "Sign in, and try the routes with the access token."),
    tags(
        (name = "auth", description = "Signing in and out, and the sessions of a user"),
        (name = "users", description = "What users see once they are signed in"),
    )
)]
struct Api;

/// Writes the document once all routes are mounted.
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
    // Without the validator, which would be asked on the internet.
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
