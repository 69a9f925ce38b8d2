//! The session cookies of an app, as far as they are known.

use rocket::{Config, Phase, Rocket};

use crate::auth::Source;
use crate::config::CookieSettings;
use crate::cookies::Cookies;
use crate::jwt_auth::JwtAuth;
use crate::policy::{Access, registry};

/// Returns the name of the cookie with the access token, if the app has session cookies.
///
/// Before the fairing has run, the settings decide. They do not show `JwtAuth::fairing().cookies()`. However, an app with
/// a route that accepts only cookies does not launch unless it has them, so there they are on, with the default settings.
pub(super) fn access_cookie<P: Phase>(rocket: &Rocket<P>) -> Option<String> {
    if let Some(auth) = rocket.state::<JwtAuth>() {
        return auth.cookies().map(|cookies| cookies.access_name().to_owned());
    }
    // Invalid settings stop the launch, which says why.
    let figment = rocket.figment();
    let settings = CookieSettings::read(figment).ok()?;
    let settings = settings.or_else(|| needs_cookies(rocket).then(CookieSettings::default))?;
    let debug = figment.profile() == Config::DEBUG_PROFILE;
    let cookies = Cookies::new(CookieSettings { renew: None, ..settings }, debug, false).ok()?;
    Some(cookies.access_name().to_owned())
}

fn needs_cookies<P: Phase>(rocket: &Rocket<P>) -> bool {
    rocket.routes().filter_map(registry::access).any(|access| match access {
        Access::Public => false,
        Access::Optional(policy) | Access::Required(policy) => policy.source() == Some(Source::Cookie),
    })
}
