//! The users of an app: how they sign in, and how a refresh loads them.

use std::future::Future;
use std::net::IpAddr;
use std::str::FromStr;

use rocket::Request;
use rocket::form::FromForm;
use serde::de::DeserializeOwned;

use super::{Continued, Lifetime, Lifetimes};
use crate::claims::Claims;
use crate::error::AuthError;

/// The users of an app: how they sign in, and how their sessions continue.
///
/// Pass them to [`Fairing::users`](crate::Fairing::users). The [session routes](crate::session_routes) sign them in,
/// and an expired access token in a cookie is renewed by the request that presents it.
///
/// Cookies can hold only one kind of claims. Other kinds use the `Authorization` header.
///
/// ```
/// # #[cfg(feature = "macros")] mod app {
/// use jwt_auth::{Claims, Continued, JwtAuth, SignIn, Users};
/// use rocket::{FromForm, Request};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Claims, Serialize, Deserialize)]
/// struct User {
///     #[claims(subject)]
///     id: u64,
/// }
///
/// #[derive(Deserialize, FromForm)]
/// struct Login {
///     username: String,
///     password: String,
///     #[serde(default)]
///     remember: bool,
/// }
///
/// struct Accounts;
///
/// impl Users for Accounts {
///     type Claims = User;
///     type Id = u64;
///     type Credentials = Login;
///     type Error = std::io::Error;
///
///     fn account<'c>(&self, login: &'c Login) -> &'c str {
///         &login.username
///     }
///
///     async fn sign_in(&self, login: Login, _: &Request<'_>) -> Result<SignIn<User>, std::io::Error> {
///         # let is_right = |_: &str| true;
///         // Check the password here.
///         Ok(match is_right(&login.password) {
///             true => SignIn::accepted(User { id: 5 }).remember(login.remember),
///             false => SignIn::rejected(),
///         })
///     }
///
///     async fn load(&self, session: Continued<u64>, _: &Request<'_>) -> Result<Option<User>, std::io::Error> {
///         // Load the user from the database here: `None` ends the session.
///         Ok(Some(User { id: *session.subject() }))
///     }
/// }
///
/// fn rocket() -> rocket::Rocket<rocket::Build> {
///     rocket::build().attach(JwtAuth::fairing().cookies().users(Accounts))
/// }
/// # }
/// ```
pub trait Users: Send + Sync + 'static {
    /// The claims of a user.
    type Claims: Claims;
    /// The type that subjects are parsed as.
    type Id: FromStr + Send;
    /// The credentials that users sign in with, as JSON or as a form. The name `refresh_token` is reserved: if a user signs
    /// in again within a session, the [session routes](crate::session_routes) take the refresh token from the body.
    type Credentials: DeserializeOwned + for<'f> FromForm<'f> + Send;
    /// The error if a user cannot be looked up, such as a database error, or [`AuthError`](crate::AuthError) if `Passwords`
    /// verifies passwords. The client gets a 503, except for [`InvalidCredentials`](crate::AuthError::InvalidCredentials) (401)
    /// and [`TooManyAttempts`](crate::AuthError::TooManyAttempts) (429).
    type Error: std::error::Error + Send + Sync + 'static;

    /// Returns the name of the account that these credentials are for. Failed attempts are
    /// [limited](crate::guide::throttling) by this name.
    fn account<'c>(&self, credentials: &'c Self::Credentials) -> &'c str;

    /// Checks the credentials of a user.
    fn sign_in(
        &self,
        credentials: Self::Credentials,
        request: &Request<'_>,
    ) -> impl Future<Output = Result<SignIn<Self::Claims>, Self::Error>> + Send;

    /// Loads the current claims of a user whose session continues, as the loader of
    /// [`JwtAuth::refresh`](crate::JwtAuth::refresh) does. `None` ends the session.
    fn load(
        &self,
        session: Continued<Self::Id>,
        request: &Request<'_>,
    ) -> impl Future<Output = Result<Option<Self::Claims>, Self::Error>> + Send;
}

/// The result of checking a user's credentials.
#[derive(Debug)]
#[must_use = "a sign-in has no effect until it is returned"]
pub struct SignIn<C>(Option<Accepted<C>>);

/// A user who may sign in.
#[derive(Debug)]
pub(crate) struct Accepted<C> {
    pub(crate) claims: C,
    pub(crate) acr: Option<String>,
    pub(crate) label: Option<String>,
    pub(crate) ip: Option<IpAddr>,
    pub(crate) remember: bool,
    pub(crate) lifetimes: Lifetimes,
    pub(crate) elevated_for: Option<Lifetime>,
}

impl<C> SignIn<C> {
    /// Accepts the credentials, and signs the user in with these claims.
    pub fn accepted(claims: C) -> Self {
        Self(Some(Accepted {
            claims,
            acr: None,
            label: None,
            ip: None,
            remember: false,
            lifetimes: Lifetimes::default(),
            elevated_for: None,
        }))
    }

    /// Rejects the credentials. The client does not receive a reason.
    pub fn rejected() -> Self {
        Self(None)
    }

    /// Sets the authentication context of the sign-in (`acr`): see [`Login::acr`](crate::Login::acr).
    pub fn acr(self, acr: &str) -> Self {
        self.map(|accepted| Accepted { acr: Some(acr.to_owned()), ..accepted })
    }

    /// Sets the name of the device: see [`Device::with_label`](crate::Device::with_label).
    pub fn label<'a>(self, label: impl Into<Option<&'a str>>) -> Self {
        let label = label.into().map(str::to_owned);
        self.map(|accepted| Accepted { label, ..accepted })
    }

    /// Sets the IP address of the sign-in, such as `request.client_ip()`: see
    /// [`Device::with_ip`](crate::Device::with_ip) for what to configure. By default, the session has none.
    pub fn ip(self, ip: impl Into<Option<IpAddr>>) -> Self {
        let ip = ip.into();
        self.map(|accepted| Accepted { ip, ..accepted })
    }

    /// Sets whether the browser keeps the session after it is closed: see [`Login::remember`](crate::Login::remember).
    pub fn remember(self, remember: bool) -> Self {
        self.map(|accepted| Accepted { remember, ..accepted })
    }

    /// Sets how long the session lives without a refresh: see [`Login::idle`](crate::Login::idle).
    pub fn idle(self, idle: impl Into<Lifetime>) -> Self {
        let idle = Some(idle.into());
        self.map(|accepted| Accepted { lifetimes: Lifetimes { idle, ..accepted.lifetimes }, ..accepted })
    }

    /// Sets how long the session lives, however often it is refreshed: see [`Login::absolute`](crate::Login::absolute).
    pub fn absolute(self, absolute: impl Into<Lifetime>) -> Self {
        let absolute = Some(absolute.into());
        self.map(|accepted| Accepted { lifetimes: Lifetimes { absolute, ..accepted.lifetimes }, ..accepted })
    }

    /// Sets how long the sign-in counts if it elevates a session: see
    /// [`Reauthentication::elevated_for`](crate::Reauthentication::elevated_for). If it begins a session, that session has
    /// the [`acr`](Self::acr) for this time only, and none after that. Then the maximum length of the `acr` is 52 bytes. Of
    /// the other options, a sign-in that elevates a session only uses `acr`.
    pub fn elevated_for(self, duration: impl Into<Lifetime>) -> Self {
        let elevated_for = Some(duration.into());
        self.map(|accepted| Accepted { elevated_for, ..accepted })
    }

    /// Returns this, unless the credentials were rejected.
    pub(crate) fn or_rejected(self) -> Result<Self, AuthError> {
        if self.0.is_some() { Ok(self) } else { Err(AuthError::InvalidCredentials) }
    }

    pub(crate) fn into_accepted(self) -> Option<Accepted<C>> {
        self.0
    }

    fn map(self, change: impl FnOnce(Accepted<C>) -> Accepted<C>) -> Self {
        Self(self.0.map(change))
    }
}
