//! `&JwtAuth` as a request guard.

use std::any::type_name;

use rocket::request::{FromRequest, Outcome, Request};
use rocket::{Ignite, Rocket, Sentinel, async_trait};

use super::launch::abort_without_fairing;
use super::state::{jwt_auth, reject};
use crate::error::AuthError;
use crate::jwt_auth::JwtAuth;

#[async_trait]
impl<'r> FromRequest<'r> for &'r JwtAuth {
    type Error = AuthError;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, AuthError> {
        match jwt_auth(request) {
            Ok(auth) => Outcome::Success(auth),
            Err(error) => reject(request, error),
        }
    }
}

impl Sentinel for &JwtAuth {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        abort_without_fairing(type_name::<Self>(), rocket)
    }
}
