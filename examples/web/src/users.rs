//! How users sign in, and how a renewal loads them.

use jwt_auth::{AuthError, Continued, SignIn, Users};
use rocket::{FromForm, Request};
use serde::Deserialize;

use crate::accounts::{Accounts, User};
use crate::device;

/// The body of a sign-in: a form, or JSON.
#[derive(Deserialize, FromForm)]
pub struct Login {
    username: String,
    password: String,
    /// A form omits an unchecked checkbox.
    #[serde(default)]
    remember: bool,
}

impl Users for Accounts {
    type Claims = User;
    type Id = u64;
    type Credentials = Login;
    /// With a database, its errors become `AuthError::TemporarilyUnavailable`.
    type Error = AuthError;

    fn account<'c>(&self, login: &'c Login) -> &'c str {
        &login.username
    }

    async fn sign_in(&self, login: Login, request: &Request<'_>) -> Result<SignIn<User>, AuthError> {
        let device = device::name(request.headers().get_one("User-Agent").unwrap_or_default());
        Ok(match self.authenticate(&login.username, &login.password).await? {
            Some(user) => SignIn::accepted(user).label(device.as_str()).remember(login.remember),
            None => SignIn::rejected(),
        })
    }

    async fn load(&self, session: Continued<u64>, _: &Request<'_>) -> Result<Option<User>, AuthError> {
        Ok(self.find(*session.subject()))
    }
}
