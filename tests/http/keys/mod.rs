//! Several keys: one signs, the others only verify, and they can change while the app runs.

mod clock_skew;
mod files;
mod key_ids;
mod launch;
mod reload;
mod rotation;

use jwt_auth::clock::Timestamp;
use jwt_auth::{AuthError, InvalidToken, JwtAuth};
use jwt_auth_tests::{Setup, User, access_token, user};
use rocket::Config;
use rocket::serde::json::Value;

/// An app with no settings but these for its keys.
fn keys(settings: Value) -> Setup {
    let bare = Setup::bare(Config::release_default()).with("store_timeout", "10s");
    let settings = settings.as_object().expect("settings are an object");
    settings.iter().fold(bare, |setup, (name, value)| setup.with(name, value))
}

/// The time `seconds` from now by the clock of a setup, as a setting.
fn after(setup: &Setup, seconds: u64) -> String {
    use jwt_auth::clock::Clock;
    rfc3339(Timestamp::from_secs(setup.clock.now().as_secs() + seconds))
}

fn rfc3339(time: Timestamp) -> String {
    humantime::format_rfc3339(time.into()).to_string()
}

/// An access token of `alice`.
fn token(auth: &JwtAuth) -> String {
    access_token(auth, &user("alice"))
}

/// The `kid` of a token.
fn kid(token: &str) -> Option<String> {
    jsonwebtoken::decode_header(token).expect("a header").kid
}

/// The `kid`s in the JWK Set.
fn shown(auth: &JwtAuth) -> Vec<String> {
    auth.jwks().keys().iter().map(|key| key.kid().to_owned()).collect()
}

/// The reason why a token is rejected; `None` if it is accepted.
fn refused(auth: &JwtAuth, token: &str) -> Option<InvalidToken> {
    match auth.verify::<User>(token) {
        Ok(_) => None,
        Err(AuthError::InvalidToken(reason)) => Some(reason),
        Err(other) => panic!("{other:?}"),
    }
}
