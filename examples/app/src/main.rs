//! The main example: login, refresh, logout, sessions and protected routes.
//!
//! `cargo run -p example-app` starts it with its sessions in memory. With `REDIS_URL`, they are in Redis.

mod accounts;
mod audit;
mod auth;
mod operations;
mod users;

use auth::Accounts;
use jwt_auth::JwtAuth;
use rocket::http::Status;
use rocket::serde::json::{Json, Value, json};
use rocket::{Request, catch, catchers, launch};

#[launch]
fn rocket() -> _ {
    let rocket = rocket::build();
    let audit = audit::log(rocket.figment());
    rocket
        .attach(operations::Metrics)
        .attach(JwtAuth::fairing().users(Accounts::default()).observe(audit))
        .mount("/auth", jwt_auth::session_routes::<Accounts>())
        .mount("/", users::routes())
        .mount("/", operations::routes())
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
