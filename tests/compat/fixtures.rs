//! This service, and tokens in the format of the Python service.

use jsonwebtoken::Algorithm::HS256;
use jwt_auth::{AuthError, Claims, JwtAuth, TokenPair};
use jwt_auth_tests::{Forge, RedisServer, Setup};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The default lifetime of a refresh token in both services, in seconds.
pub(crate) const LIFE: i64 = 6 * 60 * 60;

/// A user of both services.
#[derive(Claims, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Account {
    #[claims(subject)]
    pub(crate) id: u64,
    pub(crate) username: String,
    #[claims(roles)]
    #[serde(default)]
    pub(crate) roles: Vec<String>,
}

pub(crate) fn account(id: u64) -> Account {
    Account { id, username: format!("user {id} äöü"), roles: vec!["user".to_owned()] }
}

/// Starts a Redis and configures this service to use it, in the given phase.
pub(crate) fn service(phase: &str) -> (RedisServer, Setup) {
    let server = RedisServer::start();
    let setup = Setup::redis(&server).with("fastapi_framework", phase);
    (server, setup)
}

pub(crate) async fn refresh(auth: &JwtAuth, token: &str) -> Result<TokenPair, AuthError> {
    auth.refresh(token, async |id: u64| Some(account(id))).await
}

/// Creates a token of the Python service.
pub(crate) fn token(payload: &Value) -> String {
    token_of(&payload.to_string())
}

/// Creates a token of the Python service with any text as its payload.
pub(crate) fn token_of(payload: &str) -> String {
    Forge::new(HS256).sign(r#"{"alg":"HS256","typ":"JWT"}"#, payload)
}

/// Creates an access token of the Python service that expires in `exp` seconds, by the clock of the setup.
pub(crate) fn access_token(setup: &Setup, data: Value, exp: i64) -> String {
    token(&with_exp(setup, data, exp))
}

/// Creates a refresh token of the Python service that expires in `exp` seconds, and adds it to the SET.
pub(crate) fn refresh_token(server: &RedisServer, setup: &Setup, user_id: Value, exp: i64) -> String {
    let token = token(&with_exp(setup, json!({ "user_id": user_id }), exp));
    add(server, &token);
    token
}

pub(crate) fn add(server: &RedisServer, member: &str) {
    let _: u64 = server.query(redis::cmd("SADD").arg("refresh_tokens").arg(member));
}

/// Returns the result of `SMEMBERS refresh_tokens`.
pub(crate) fn members(server: &RedisServer) -> Vec<String> {
    server.query(redis::cmd("SMEMBERS").arg("refresh_tokens"))
}

pub(crate) fn with_exp(setup: &Setup, mut data: Value, exp: i64) -> Value {
    let now = i64::try_from(now(setup)).expect("a timestamp fits in an i64");
    data["exp"] = (now + exp).into();
    data
}

/// The time in seconds since 1970, by the clock of the setup.
pub(crate) fn now(setup: &Setup) -> u64 {
    jwt_auth::clock::Clock::now(&setup.clock).as_secs()
}
