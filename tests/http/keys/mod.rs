//! Apps with several keys. One key signs, the others only verify, and all can change while the app runs.

mod clock_skew;
mod files;
mod formats;
mod key_ids;
mod launch;
mod reload;
mod rotation;

use jwt_auth::clock::Timestamp;
use jwt_auth::{AuthError, InvalidToken, JwtAuth};
use jwt_auth_tests::{Setup, User, access_token, user};
use rocket::Config;
use rocket::serde::json::Value;

/// An app with these settings for its keys, and no others.
fn keys(settings: Value) -> Setup {
    let bare = Setup::bare(Config::release_default()).with("store_timeout", "10s");
    let settings = settings.as_object().expect("settings are an object");
    settings.iter().fold(bare, |setup, (name, value)| setup.with(name, value))
}

/// The time `seconds` from now, by the clock of a setup, in the format of the settings.
fn after(setup: &Setup, seconds: u64) -> String {
    use jwt_auth::clock::Clock;
    rfc3339(Timestamp::from_secs(setup.clock.now().as_secs() + seconds))
}

fn rfc3339(time: Timestamp) -> String {
    humantime::format_rfc3339(time.into()).to_string()
}

/// Creates an access token for `alice`.
fn token(auth: &JwtAuth) -> String {
    access_token(auth, &user("alice"))
}

/// Returns the `kid` of a token.
fn kid(token: &str) -> Option<String> {
    jsonwebtoken::decode_header(token).expect("a header").kid
}

/// Returns the `kid`s in the JWK Set.
fn shown(auth: &JwtAuth) -> Vec<String> {
    auth.jwks().keys().iter().map(|key| key.kid().to_owned()).collect()
}

/// Returns the reason why a token is rejected, or `None` if it is accepted.
fn refused(auth: &JwtAuth, token: &str) -> Option<InvalidToken> {
    match auth.verify::<User>(token) {
        Ok(_) => None,
        Err(AuthError::InvalidToken(reason)) => Some(reason),
        Err(other) => panic!("{other:?}"),
    }
}
