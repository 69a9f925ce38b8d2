//! Session cookies: their names and attributes, how they are read from a request, and whether a request of another site
//! may use them.

mod cross_site;
mod jar;
mod set_cookie;

use crate::config::CookieSettings;
use crate::error::StartupError;

pub(crate) use cross_site::Fetch;
#[cfg(any(feature = "testing", feature = "utoipa"))]
pub(crate) use cross_site::is_safe;
pub(crate) use jar::{Found, find, find_all};

/// Session cookies of an app.
pub(crate) struct Cookies {
    access: String,
    refresh: String,
    /// Whether they are only sent over HTTPS.
    is_secure: bool,
    /// Whether an expired access token is renewed by the request that presents it.
    pub(crate) renews: bool,
    /// Other origins whose pages may call the app.
    origins: Vec<String>,
    /// Where a page navigation without a session is sent.
    login_page: Option<String>,
}

impl Cookies {
    /// Checks the settings, and derives the names and attributes.
    ///
    /// # Errors
    ///
    /// The settings contradict each other or the app.
    pub(crate) fn new(settings: CookieSettings, debug: bool, has_users: bool) -> Result<Self, StartupError> {
        let CookieSettings { name, renew, origins, secure, login_page } = settings;
        let is_secure = secure.unwrap_or(!debug);
        if !is_secure && !debug {
            return Err(StartupError::setting(
                "cookies.secure",
                "is false outside of the debug profile, so the tokens would travel unencrypted",
                "secure = true",
            ));
        }
        if is_secure && origins.iter().any(|origin| origin.starts_with("http://")) {
            return Err(StartupError::setting(
                "cookies.origins",
                "contains an http origin, whose pages anyone on the network could change, and browsers do not send secure \
                 cookies along with their requests",
                "origins = [\"https://app.example.com\"]",
            ));
        }
        if renew == Some(true) && !has_users {
            return Err(StartupError::setting(
                "cookies.renew",
                "is true, but the app has not said how users are loaded: call `JwtAuth::fairing().users(…)`",
                "renew = false",
            ));
        }
        // The prefixes keep subdomains and scripts from setting these cookies. They require `Secure`.
        let prefix = if is_secure { "__Host-Http-" } else { "" };
        Ok(Self {
            access: format!("{prefix}{name}"),
            refresh: format!("{prefix}{name}-refresh"),
            is_secure,
            renews: renew.unwrap_or(has_users),
            origins,
            login_page,
        })
    }

    /// Returns whether the cookies are only sent over HTTPS.
    #[cfg(feature = "testing")]
    pub(crate) fn is_secure(&self) -> bool {
        self.is_secure
    }

    /// Returns the path of the page where users sign in.
    pub(crate) fn login_page(&self) -> Option<&str> {
        self.login_page.as_deref()
    }

    /// Returns the name of the cookie with the access token.
    pub(crate) fn access_name(&self) -> &str {
        &self.access
    }

    /// Returns the name of the cookie with the refresh token.
    pub(crate) fn refresh_name(&self) -> &str {
        &self.refresh
    }
}
