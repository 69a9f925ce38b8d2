//! Public routes that sign users in. The errors of their own code are listed in `responses`. `Credentials` adds those
//! of a body that it cannot read.

use jwt_auth::{AuthError, Credentials, JwtAuth, Passwords, Throttle, TokenPair, public};
use rocket::{Route, State, post};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::accounts;

#[derive(Deserialize, ToSchema)]
struct Login {
    username: String,
    password: String,
}

#[derive(Deserialize, ToSchema)]
struct RefreshToken {
    refresh_token: String,
}

/// Begins a session.
#[public]
#[utoipa::path(
    tag = "auth",
    request_body = Login,
    responses(
        (status = 200, body = TokenPair),
        (status = 401, description = "Invalid username or password.", body = AuthError),
        (status = 429, description = "Too many attempts. Try again after `Retry-After`.", body = AuthError),
        (status = 503, description = "The store is unavailable, or too many users sign in. Try again.", body = AuthError),
    )
)]
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
    let user = throttle.attempt(&username, check).await?;
    auth.generate_tokens(&user).await
}

/// Exchanges a refresh token for a new pair of tokens.
#[public]
#[utoipa::path(
    tag = "auth",
    request_body = RefreshToken,
    responses(
        (status = 200, body = TokenPair),
        (status = 401, description = "The session has ended. Sign in again.", body = AuthError),
        (status = 503, description = "The store is unavailable. Try again with the same token.", body = AuthError),
    )
)]
#[post("/refresh", data = "<body>")]
async fn refresh(body: Credentials<RefreshToken>, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    auth.refresh(&body.refresh_token, async |id: u64| accounts::find(id)).await
}

pub fn routes() -> Vec<Route> {
    jwt_auth::routes![login, refresh]
}
