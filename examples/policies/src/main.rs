//! A wiki of teams, and who may do what in it.
//!
//! `cargo run -p example-policies` starts it, with pages and sessions in memory.

mod accounts;
mod auth;
mod pages;
mod policies;
mod programs;
mod wiki;

use jwt_auth::JwtAuth;
use rocket::{Build, Rocket, launch};

use crate::programs::Programs;
use crate::wiki::Wiki;

#[launch]
fn rocket() -> Rocket<Build> {
    rocket::build()
        .attach(JwtAuth::fairing())
        .manage(Wiki::new())
        .manage(Programs::new())
        .mount("/", auth::routes())
        .mount("/", pages::routes())
        .register("/", jwt_auth::catchers())
}

#[cfg(test)]
mod tests;
