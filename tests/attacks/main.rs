//! Tokens and requests of attackers: each is refused in the way that it should be, and quickly.
#![allow(missing_docs)]

mod accepted;
mod confusion;
mod forgeries;
mod forged_access;
mod forged_refresh;
mod oversized;
mod smuggling;

use std::time::Duration;

use jsonwebtoken::Algorithm::{self, *};
use jwt_auth::{Auth, AuthError, JwtAuth, TokenPair, public, require_auth};
use jwt_auth_tests::{Setup, User, user};
use rocket::http::Header;
use rocket::local::blocking::{Client, LocalResponse};
use rocket::serde::Deserialize;
use rocket::serde::json::Json;
use rocket::{Build, Rocket, get, post};

/// One of each kind.
const ALGORITHMS: [Algorithm; 4] = [HS256, RS256, ES256, EdDSA];

/// No refusal takes as long.
const QUICK: Duration = Duration::from_secs(2);

#[require_auth]
#[get("/me")]
fn me(user: Auth<User>) -> String {
    user.name.clone()
}

#[derive(Deserialize)]
struct Refresh {
    refresh_token: String,
}

#[public]
#[post("/refresh", data = "<body>")]
async fn refresh(body: Json<Refresh>, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    jwt_auth_tests::refresh(auth, &body.refresh_token).await
}

/// An app with an issuer and an audience.
fn setup(algorithm: Algorithm) -> Setup {
    Setup::memory().key(algorithm).with("issuer", "us").with("audience", "api")
}

fn app(setup: &Setup) -> Rocket<Build> {
    setup.rocket().mount("/", jwt_auth::routes![me, refresh]).register("/", jwt_auth::catchers())
}

fn client(setup: &Setup) -> Client {
    Client::untracked(app(setup)).expect("the app launches")
}

fn get_me<'c>(client: &'c Client, token: &str) -> LocalResponse<'c> {
    client.get("/me").header(Header::new("Authorization", format!("Bearer {token}"))).dispatch()
}

fn login(client: &Client) -> TokenPair {
    let auth: &JwtAuth = client.rocket().state().expect("the fairing is attached");
    rocket::async_test(async { auth.generate_tokens(&user("alice")).await }).expect("a login")
}
