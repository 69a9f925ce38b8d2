//! The main example: login, refresh, logout, sessions and protected routes, and their OpenAPI document.
//!
//! `cargo run -p example-app` starts it with sessions in memory; `REDIS_URL` keeps them in Redis. `/docs` is a page
//! to try it on.

mod accounts;
mod auth;
mod docs;
mod passwords;
mod users;

use jwt_auth::JwtAuth;
use rocket::http::Status;
use rocket::serde::json::{Json, Value, json};
use rocket::{Build, Request, Rocket, catch, catchers, launch};

#[launch]
fn rocket() -> _ {
    app(JwtAuth::fairing())
}

fn app(jwt_auth: jwt_auth::Fairing) -> Rocket<Build> {
    rocket::build()
        .attach(jwt_auth)
        .attach(docs::fairing())
        .mount("/auth", auth::routes())
        .mount("/", users::routes())
        .mount("/", docs::routes())
        .register("/", jwt_auth::catchers())
        .register("/", catchers![other])
}

/// In the form that `jwt_auth::catchers()` have: all errors of the app are of it.
#[catch(default)]
fn other(status: Status, _: &Request<'_>) -> Json<Value> {
    let reason = status.reason_lossy();
    let description = if status == Status::NotFound { "There is nothing here." } else { reason };
    Json(json!({ "error": reason.to_lowercase().replace(' ', "_"), "error_description": description }))
}

#[cfg(test)]
mod tests;
