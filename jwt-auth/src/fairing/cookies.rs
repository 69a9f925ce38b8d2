//! From the settings and the app to session cookies.

use std::sync::Arc;

use crate::claims::Claims;
use crate::config::{CookieSettings, FastapiFramework, Settings};
use crate::cookies::Cookies;
use crate::error::StartupError;
use crate::jwt_auth::ErasedUsers;
use crate::session::Users;

/// The users of the app, as it attached them.
pub(super) struct AppUsers {
    pub(super) users: Arc<dyn ErasedUsers>,
    /// The claims of a trusted issuer, if the users have such, and the issuer.
    foreign: Option<(&'static str, &'static str)>,
}

impl AppUsers {
    pub(super) fn new<U: Users>(users: U) -> Self {
        let mut profiles = U::Claims::CODEC.iter();
        let foreign = profiles.find_map(|profile| Some((profile.name(), profile.issuer?)));
        Self { users: Arc::new(users), foreign }
    }
}

/// Returns the session cookies of the app, if it turned them on.
///
/// # Errors
///
/// The settings contradict each other or the app.
pub(super) fn open(
    settings: &Settings,
    app_has_cookies: bool,
    users: Option<&AppUsers>,
    debug: bool,
) -> Result<Option<Cookies>, StartupError> {
    if let Some((claims, issuer)) = users.and_then(|users| users.foreign) {
        return Err(StartupError::setting(
            "issuers",
            format!(
                "names {issuer}, whose claims `{claims}` the users of `JwtAuth::fairing().users(…)` have: this app cannot \
                 issue them"
            ),
            "a claims type without `#[claims(issuer = …)]`",
        ));
    }
    let cookies = settings.cookies.clone().or_else(|| app_has_cookies.then(CookieSettings::default));
    let Some(cookies) = cookies else { return Ok(None) };
    CookieSettings::check_lifetime(settings.sessions.session_ttl)?;
    if settings.fastapi_framework == Some(FastapiFramework::Issue) {
        return Err(StartupError::setting(
            "fastapi_framework",
            "is \"issue\", but the tokens of this phase belong to no session, so they cannot be in session cookies",
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
