//! How users sign in, and how a renewal loads them.

use std::convert::Infallible;

use jwt_auth::{Continued, SignIn, Users};
use rocket::{FromForm, Request};
use serde::Deserialize;

use crate::accounts::{self, User};
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

pub struct Accounts;

impl Users for Accounts {
    type Claims = User;
    type Id = u64;
    type Credentials = Login;
    /// The error of a database. These accounts are compiled into the program.
    type Error = Infallible;

    fn account<'c>(&self, login: &'c Login) -> &'c str {
        &login.username
    }

    async fn sign_in(&self, login: Login, request: &Request<'_>) -> Result<SignIn<User>, Infallible> {
        let device = device::name(request.headers().get_one("User-Agent").unwrap_or_default());
        Ok(match accounts::sign_in(&login.username, login.password).await {
            Some(user) => SignIn::accepted(user).label(device.as_str()).remember(login.remember),
            None => SignIn::rejected(),
        })
    }

    async fn load(&self, session: Continued<u64>, _: &Request<'_>) -> Result<Option<User>, Infallible> {
        Ok(accounts::find(*session.subject()))
    }
}
