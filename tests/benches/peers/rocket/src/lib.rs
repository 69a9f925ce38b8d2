//! `GET /open`, `/jwt-auth` and `/rocket-jwt-authorization`. The settings of jwt-auth come from the environment.

use jwt_auth::{Claims, Fairing, public, require_auth};
use rocket::{Build, Rocket, get};
use rocket_jwt_authorization::prelude::*;
use serde::{Deserialize, Serialize};

const BODY: &str = r#"{"ok":true}"#;
const SECRET: &str = include_str!("../../secret.txt");

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: String,
    username: String,
    roles: Vec<String>,
}

#[derive(Serialize, Deserialize, JWT)]
#[jwt(key = SECRET, issuer = "https://auth.example.com", audience = "api.example.com")]
struct Token {
    sub: String,
    username: String,
    roles: Vec<String>,
    iss: String,
    aud: String,
    iat: u64,
    exp: u64,
    jti: String,
}

#[public]
#[get("/open")]
fn open() -> &'static str {
    BODY
}

#[require_auth(User)]
#[get("/jwt-auth")]
fn ours() -> &'static str {
    BODY
}

#[get("/rocket-jwt-authorization")]
fn theirs(token: Token) -> &'static str {
    std::hint::black_box(token);
    BODY
}

/// Returns the app with this fairing.
pub fn app(fairing: Fairing) -> Rocket<Build> {
    rocket::build()
        .attach(fairing)
        .mount("/", jwt_auth::routes![open, ours])
        .mount("/", rocket::routes![theirs])
}
