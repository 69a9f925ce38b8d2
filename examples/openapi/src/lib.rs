//! An app with an OpenAPI document: `/openapi.json` has the document, and `/docs` shows it.

mod accounts;
mod auth;
mod docs;
mod users;

use jwt_auth::{JwtAuth, Passwords};
use rocket::http::Status;
use rocket::serde::json::{Json, Value, json};
use rocket::{Build, Request, Rocket, catch, catchers};

pub fn rocket() -> Rocket<Build> {
    rocket::build()
        .attach(JwtAuth::fairing())
        .attach(docs::fairing())
        .manage(Passwords::new())
        .mount("/", auth::routes())
        .mount("/", users::routes())
        .mount("/", docs::routes())
        .register("/", jwt_auth::catchers())
        .register("/", catchers![other])
}

/// Returns all other errors, such as 404, as JSON of the same form as `jwt_auth::catchers()`.
#[catch(default)]
fn other(status: Status, _: &Request<'_>) -> Json<Value> {
    let reason = status.reason_lossy();
    let description = if status == Status::NotFound { "Not found." } else { reason };
    Json(json!({ "error": reason.to_lowercase().replace(' ', "_"), "error_description": description }))
}

#[cfg(test)]
mod tests;
