//! How users sign in, and how their sessions continue. The session routes and token renewals use this.

use jwt_auth::{AuthError, Continued, Passwords, SignIn, Users};
use rocket::{FromForm, Request};
use serde::Deserialize;

use crate::accounts::{self, User};

/// The body of a login, as JSON or as a form.
#[derive(Deserialize, FromForm)]
pub struct Login {
    username: String,
    password: String,
    /// The user's name for this device.
    label: Option<String>,
    /// Whether a browser stays signed in after it is closed.
    #[serde(default)]
    remember: bool,
}

#[derive(Default)]
pub struct Accounts {
    passwords: Passwords,
}

impl Users for Accounts {
    type Claims = User;
    type Id = u64;
    type Credentials = Login;
    // With a database, its errors become `AuthError::TemporarilyUnavailable`.
    type Error = AuthError;

    fn account<'c>(&self, login: &'c Login) -> &'c str {
        &login.username
    }

    async fn sign_in(&self, login: Login, request: &Request<'_>) -> Result<SignIn<User>, AuthError> {
        let Login { username, password, label, remember } = login;
        Ok(match accounts::sign_in(&self.passwords, &username, password).await? {
            Some(user) => {
                SignIn::accepted(user).label(label.as_deref()).ip(request.client_ip()).remember(remember)
            }
            None => SignIn::rejected(),
        })
    }

    async fn load(&self, session: Continued<u64>, _: &Request<'_>) -> Result<Option<User>, AuthError> {
        Ok(accounts::find(*session.subject()))
    }
}
