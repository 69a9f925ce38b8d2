//! The proxies of the app.

use rocket::Config;
use rocket::figment::Figment;

use crate::config::ThrottleSettings;
use crate::error::StartupError;

/// Checks that a header can name the client if there are proxies.
pub(super) fn check_proxies(settings: &ThrottleSettings, figment: &Figment) -> Result<(), StartupError> {
    let has_header = Config::try_from(figment).is_ok_and(|config| config.ip_header.is_some());
    if settings.proxies.is_empty() || has_header {
        return Ok(());
    }
    Err(StartupError::setting(
        "throttle.proxies",
        "names proxies, but Rocket's setting `ip_header` is false, so no header names the client",
        "ip_header = \"X-Real-IP\" in [default]",
    ))
}
