//! The settings of session cookies: the table `[default.jwt_auth.cookies]`.

use std::time::Duration;

#[cfg(feature = "utoipa")]
use rocket::figment::Figment;
use rocket::http::uri::{Absolute, Origin};

use super::duration::DAY;
use super::table::{Entry, Table};
use super::value;
use crate::error::StartupError;

/// Cookies for browsers. The table or [`Fairing::cookies`](crate::Fairing::cookies) turns them on.
#[derive(Clone, Debug)]
pub(crate) struct CookieSettings {
    pub(crate) name: String,
    /// Whether an expired access token is renewed by the request that presents it. `None`: if the app has users.
    pub(crate) renew: Option<bool>,
    /// Other origins whose pages may call the app.
    pub(crate) origins: Vec<String>,
    /// Whether cookies are only sent over HTTPS. `None`: except in the debug profile.
    pub(crate) secure: Option<bool>,
    /// Where a page navigation without a session is sent.
    pub(crate) login_page: Option<String>,
}

/// How long a browser keeps a cookie at most (RFC 6265bis, section 5.5).
const LONGEST: Duration = Duration::from_secs(400 * DAY.as_secs());

impl Default for CookieSettings {
    fn default() -> Self {
        Self { name: "jwt".to_owned(), renew: None, origins: Vec::new(), secure: None, login_page: None }
    }
}

impl CookieSettings {
    /// Takes the table, if there is one.
    pub(super) fn take(table: &mut Table) -> Result<Option<Self>, StartupError> {
        let Some(mut table) = table.take_table("cookies", "{ origins = [\"https://app.example.com\"] }")?
        else {
            return Ok(None);
        };
        let defaults = Self::default();
        let settings = Self {
            name: table.take("name", "\"jwt\"", cookie_name)?.unwrap_or(defaults.name),
            renew: table.take("renew", "true", value::flag)?,
            origins: table.take("origins", "[\"https://app.example.com\"]", origins)?.unwrap_or_default(),
            secure: table.take("secure", "\"auto\"", flag_or_auto)?.flatten(),
            login_page: table.take("login_page", "\"/login\"", page)?,
        };
        table.finish()?;
        Ok(Some(settings))
    }

    /// Reads only this table. `None`: the settings do not turn cookies on.
    ///
    /// # Errors
    ///
    /// A setting is invalid.
    #[cfg(feature = "utoipa")]
    pub(crate) fn read(figment: &Figment) -> Result<Option<Self>, StartupError> {
        Self::take(&mut Table::new(figment, &|_| None)?)
    }

    /// Checks that no session outlives its cookies.
    pub(crate) fn check_lifetime(session_ttl: Duration) -> Result<(), StartupError> {
        if session_ttl <= LONGEST {
            return Ok(());
        }
        let problem = "is longer than 400 days, but browsers delete a cookie after that, so the session would end earlier";
        Err(StartupError::setting("session_ttl", problem, "session_ttl = \"400d\""))
    }
}

/// The name of a cookie, without characters that need quotes or an encoding.
fn cookie_name(entry: &Entry) -> Result<String, String> {
    let name = value::text(entry)?;
    if name.len() <= 64 && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) {
        Ok(name)
    } else {
        Err("must be at most 64 letters, digits and - _ .".to_owned())
    }
}

/// Origins as browsers write them (RFC 6454, section 6.2), since they are compared byte for byte.
fn origins(entry: &Entry) -> Result<Vec<String>, String> {
    let origins = value::texts(entry)?;
    match origins.iter().find_map(|origin| Some((origin, not_an_origin(origin)?))) {
        None => Ok(origins),
        Some((origin, problem)) => Err(format!("contains {origin:?}, {problem}")),
    }
}

/// Returns what is wrong with an origin.
fn not_an_origin(origin: &str) -> Option<&'static str> {
    if !origin.is_ascii() {
        return Some("which is not ASCII: write the host as browsers send it, in Punycode (`xn--…`)");
    }
    if origin.chars().any(|c| c.is_ascii_uppercase()) {
        return Some("which has upper-case letters: browsers send origins in lower case");
    }
    let Ok(uri) = Absolute::parse(origin) else {
        return Some("which is not an origin: write a scheme and a host");
    };
    let Some(authority) = uri.authority() else { return Some("which has no host") };
    if !matches!(uri.scheme(), "https" | "http") {
        return Some("which is not an https or http origin");
    }
    if authority.user_info().is_some() {
        return Some("which has a user: write only a scheme, a host and a port");
    }
    if authority.host().is_empty() {
        return Some("which has no host");
    }
    let is_default = matches!((uri.scheme(), authority.port()), ("https", Some(443)) | ("http", Some(80)));
    if is_default {
        return Some("which names the default port: browsers leave it out");
    }
    (origin.len() > uri.scheme().len() + "://".len() + authority.to_string().len())
        .then_some("which has a path: write only a scheme, a host and a port")
}

/// The path of a page of this app.
fn page(entry: &Entry) -> Result<String, String> {
    let page = value::text(entry)?;
    match is_page(&page) {
        true => Ok(page),
        false => Err(NOT_A_PAGE.to_owned()),
    }
}

/// What is wrong with a login page that is not the path of a page of this app.
pub(crate) const NOT_A_PAGE: &str = "must be the path of a page of this app, without a query";

/// Returns whether a text is the path of a page of this app.
pub(crate) fn is_page(text: &str) -> bool {
    text.is_ascii()
        && !text.starts_with("//")
        && Origin::parse(text).is_ok_and(|page| page.query().is_none() && page.is_normalized())
}

fn flag_or_auto(entry: &Entry) -> Result<Option<bool>, String> {
    match value::flag(entry) {
        Ok(flag) => Ok(Some(flag)),
        Err(_) if entry.value.as_str() == Some("auto") => Ok(None),
        Err(_) => Err("must be true, false or \"auto\"".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_page_is_a_path() {
        for page in ["/login", "/", "/auth/login", "/sign-in.html"] {
            assert!(is_page(page), "{page}");
        }
        for other in [
            "",
            "login",
            "//evil.example",
            "/a//b",
            "https://example.com/login",
            "/login?a=b",
            "/login#a",
            "/lögin",
            "/lo gin",
        ] {
            assert!(!is_page(other), "{other}");
        }
    }

    #[test]
    fn origins_are_what_browsers_send() {
        for origin in [
            "https://app.example.com",
            "http://localhost:3000",
            "https://xn--mnchen-3ya.example",
            "http://[::1]:8000",
        ] {
            assert_eq!(not_an_origin(origin), None, "{origin}");
        }
        for origin in [
            "https://app.example.com/",
            "https://app.example.com/app",
            "https://app.example.com?a",
            "https://ann@app.example.com",
            "https://App.example.com",
            "https://münchen.example",
            "app.example.com",
            "https://",
            "null",
            "*",
            "ftp://app.example.com",
            "https://app.example.com:443",
            "http://app.example.com:80",
            "https://app.example.com#a",
            "https:app.example.com",
        ] {
            assert!(not_an_origin(origin).is_some(), "{origin}");
        }
    }
}
