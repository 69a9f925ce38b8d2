//! Tokens and requests from attackers. Each is rejected quickly, and with the right response.
#![allow(missing_docs)]

mod authorization_header;
mod forged_access_tokens;
mod forged_refresh_tokens;
mod forgeries;
mod key_confusion;
mod oversized;
mod server;
mod unusual_but_valid;

use jsonwebtoken::Algorithm::{self, *};
use jwt_auth::{Auth, AuthError, Jwks, JwtAuth, TokenPair, public, require_auth};
use jwt_auth_tests::{Setup, User, user};
use rocket::serde::Deserialize;
use rocket::serde::json::Json;
use rocket::{Build, Rocket, get, post};

/// One algorithm from each family.
const ALGORITHMS: [Algorithm; 4] = [HS256, RS256, ES256, EdDSA];

#[require_auth]
#[get("/me")]
fn me(user: Auth<User>) -> String {
    user.name.clone()
}

#[public]
#[post("/login")]
async fn login(auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    auth.generate_tokens(&user("alice")).await
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

#[public]
#[post("/logout", data = "<body>")]
async fn logout(body: Json<Refresh>, auth: &JwtAuth) -> Result<(), AuthError> {
    auth.invalidate_refresh_token(&body.refresh_token).await.map(drop)
}

/// Revokes the access token of the request.
#[require_auth]
#[post("/done")]
async fn done(user: Auth<User>, auth: &JwtAuth) -> Result<(), AuthError> {
    auth.revoke_access_token(&user).await
}

#[public]
#[get("/jwks")]
fn jwks(auth: &JwtAuth) -> Jwks {
    auth.jwks()
}

/// An app with an issuer and an audience.
fn setup(algorithm: Algorithm) -> Setup {
    Setup::memory().key(algorithm).with("issuer", "us").with("audience", "api")
}

fn app(setup: &Setup) -> Rocket<Build> {
    let routes = jwt_auth::routes![me, login, refresh, logout, done, jwks];
    setup.rocket().mount("/", routes).register("/", jwt_auth::catchers())
}
