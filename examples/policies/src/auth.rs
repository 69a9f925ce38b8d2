//! Signing in.

use jwt_auth::{AuthError, Credentials, JwtAuth, Passwords, Throttle, TokenPair, public};
use rocket::{Route, State, post};
use serde::Deserialize;

use crate::accounts;

#[derive(Deserialize)]
struct Login {
    username: String,
    password: String,
}

#[derive(Deserialize)]
struct RefreshToken {
    refresh_token: String,
}

#[public]
#[post("/login", data = "<login>")]
async fn login(
    throttle: Throttle<'_>,
    login: Credentials<Login>,
    passwords: &State<Passwords>,
    auth: &JwtAuth,
) -> Result<TokenPair, AuthError> {
    let Login { username, password } = login.into_inner();
    let check = async {
        accounts::sign_in(passwords, &username, password).await?.ok_or(AuthError::InvalidCredentials)
    };
    let member = throttle.attempt(&username, check).await?;
    auth.generate_tokens(&member).await
}

/// A refresh is not a sign-in, so it does not satisfy `fresh`.
#[public]
#[post("/refresh", data = "<body>")]
async fn refresh(body: Credentials<RefreshToken>, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    auth.refresh(&body.refresh_token, async |id: u64| accounts::find(id)).await
}

pub fn routes() -> Vec<Route> {
    jwt_auth::routes![login, refresh]
}
