//! A wiki of teams: roles that imply others, named policies, conditions, scopes and step-up.
//!
//! `cargo run -p example-policies` starts it with its pages and its sessions in memory.

mod accounts;
mod auth;
mod pages;
mod policies;
mod programs;
mod wiki;

use jwt_auth::{JwtAuth, Passwords};
use rocket::launch;

use crate::wiki::Wiki;

#[launch]
fn rocket() -> _ {
    rocket::build()
        .attach(JwtAuth::fairing())
        .manage(Wiki::new())
        .manage(Passwords::new())
        .mount("/", auth::routes())
        .mount("/", programs::routes())
        .mount("/", pages::routes())
        .register("/", jwt_auth::catchers())
}

#[cfg(test)]
mod tests;
