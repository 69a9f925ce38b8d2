//! The session cookies, created from the settings and the fairing.

use std::sync::Arc;

use rocket::http::Method;
use rocket::{Orbit, Rocket};

use super::Fairing;
use crate::claims::Claims;
use crate::config::{CookieSettings, FastapiFramework, NOT_A_PAGE, Settings, is_page};
use crate::cookies::Cookies;
use crate::error::StartupError;
use crate::jwt_auth::{ErasedUsers, JwtAuth};
use crate::policy::{Access, registry};
use crate::session::Users;

/// The users that the app passed to the fairing.
pub(super) struct AppUsers {
    pub(super) users: Arc<dyn ErasedUsers>,
    /// The claims and the issuer, if the users have claims of a trusted issuer.
    foreign: Option<(&'static str, &'static str)>,
}

impl AppUsers {
    pub(super) fn new<U: Users>(users: U) -> Self {
        let mut profiles = U::Claims::CODEC.profiles().iter();
        let foreign = profiles.find_map(|profile| Some((profile.name(), profile.issuer?)));
        Self { users: Arc::new(users), foreign }
    }
}

impl Fairing {
    /// Returns the session cookies of the app, if they are turned on.
    ///
    /// # Errors
    ///
    /// The settings contradict each other or the app.
    pub(super) fn open_cookies(
        &self,
        settings: &Settings,
        debug: bool,
    ) -> Result<Option<Cookies>, StartupError> {
        let users = self.users.as_ref();
        if let Some((claims, issuer)) = users.and_then(|users| users.foreign) {
            return Err(StartupError::setting(
                "issuers",
                format!(
                    "names {issuer}, but the users of `JwtAuth::fairing().users(…)` have its claims `{claims}`, which this \
                     app cannot issue"
                ),
                "a claims type without `#[claims(issuer = …)]`",
            ));
        }
        let cookies = settings.cookies.clone().or_else(|| self.cookies.then(CookieSettings::default));
        let Some(mut cookies) = cookies else { return self.check_no_login_page() };
        cookies.login_page = cookies.login_page.or_else(|| self.login_page.clone());
        if cookies.login_page.as_deref().is_some_and(|page| !is_page(page)) {
            return Err(StartupError::setting("cookies.login_page", NOT_A_PAGE, "login_page = \"/login\""));
        }
        CookieSettings::check_lifetime(settings.sessions.session_ttl)?;
        if settings.fastapi_framework == Some(FastapiFramework::Issue) {
            return Err(StartupError::setting(
                "fastapi_framework",
                "is \"issue\", but tokens of that phase belong to no session, so they cannot be in session cookies",
                "fastapi_framework = \"accept\"",
            ));
        }
        let cookies = Cookies::new(cookies, debug, users.is_some())?;
        if cookies.renews && settings.sessions.reuse_grace.is_zero() {
            return Err(StartupError::setting(
                "reuse_grace",
                "is 0s, but requests renew expired session cookies, so two tabs that do so at once would end the session",
                "reuse_grace = \"30s\"",
            ));
        }
        Ok(Some(cookies))
    }

    /// Rejects a login page in an app without session cookies.
    fn check_no_login_page(&self) -> Result<Option<Cookies>, StartupError> {
        match &self.login_page {
            None => Ok(None),
            Some(page) => Err(StartupError::setting(
                "cookies",
                format!(
                    "is not set, but `JwtAuth::fairing().login_page({page:?})` needs session cookies: call `.cookies()` as well, \
                     or set it"
                ),
                "cookies = {}",
            )),
        }
    }
}

/// Logs what keeps users from reaching the login page.
pub(super) fn check_login_page(rocket: &Rocket<Orbit>) {
    let page = rocket.state::<JwtAuth>().and_then(|auth| auth.cookies()?.login_page());
    let Some(page) = page else { return };
    let pages = || rocket.routes().filter(|route| route.method == Method::Get);
    match pages().find(|route| route.uri.path() == page).map(registry::access) {
        Some(Some(Access::Required(_))) => log::error!(
            "jwt-auth: the login page {page} requires a signed-in user, so no one can sign in there: put `#[public]` above it"
        ),
        // A route with parameters, such as that of a file server, may have it.
        None if !pages().any(|route| route.uri.path().contains('<')) => {
            log::error!("jwt-auth: there is no route GET {page}, which is the login page");
        }
        _ => {}
    }
}
