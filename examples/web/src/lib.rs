//! A web app with session cookies: pages that work without scripts, and a live view.
//!
//! It keeps its sessions in memory or, with `REDIS_URL`, in Redis.

mod account;
mod accounts;
mod api;
mod device;
mod everywhere;
mod files;
mod headers;
mod live;
mod notes;
mod page;
mod register;
mod sign_in;
mod users;

use jwt_auth::JwtAuth;
use rocket::http::Status;
use rocket::serde::json::{Json, Value, json};
use rocket::{Build, Request, Rocket, catch, catchers};

use crate::accounts::Accounts;
use crate::notes::Notes;

pub fn rocket() -> Rocket<Build> {
    let accounts = Accounts::new();
    rocket::build()
        .attach(JwtAuth::fairing().cookies().login_page("/login").users(accounts.clone()))
        .attach(headers::shield())
        .manage(accounts)
        .manage(Notes::default())
        .mount("/auth", jwt_auth::session_routes::<Accounts>())
        .mount("/", sign_in::routes())
        .mount("/", register::routes())
        .mount("/", account::routes())
        .mount("/", everywhere::routes())
        .mount("/", live::routes())
        .mount("/api", api::routes())
        .mount("/static", files::routes())
        .register("/", jwt_auth::catchers())
        .register("/", catchers![other])
}

/// Returns all other errors, such as 404, as JSON in the format of `jwt_auth::catchers()`.
#[catch(default)]
fn other(status: Status, _: &Request<'_>) -> Json<Value> {
    let reason = status.reason_lossy();
    let description = if status == Status::NotFound { "Not found." } else { reason };
    Json(json!({ "error": reason.to_lowercase().replace(' ', "_"), "error_description": description }))
}

#[cfg(test)]
mod tests;
