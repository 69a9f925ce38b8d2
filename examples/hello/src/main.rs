//! The smallest app: a login, a refresh, and a route that requires a token.

use jwt_auth::{Auth, AuthError, Claims, JwtAuth, TokenPair, public, require_auth};
use rocket::{get, launch, post};
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    name: String,
}

#[public]
#[post("/login", data = "<name>")]
async fn login(name: String, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    // Check a password here.
    auth.generate_tokens(&User { name }).await
}

#[public]
#[post("/refresh", data = "<token>")]
async fn refresh(token: &str, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    // Load the user from the database here: `None` ends the session.
    auth.refresh(token, async |name: String| Some(User { name })).await
}

#[require_auth]
#[get("/hello")]
fn hello(user: Auth<User>) -> String {
    format!("Hello, {}!", user.name)
}

#[launch]
fn rocket() -> _ {
    rocket::build().attach(JwtAuth::fairing()).mount("/", jwt_auth::routes![login, refresh, hello])
}

#[cfg(test)]
mod tests;
