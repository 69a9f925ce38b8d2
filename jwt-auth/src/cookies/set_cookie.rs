//! The `Set-Cookie` headers (RFC 6265bis, section 4.1).

use rocket::http::{Cookie, Header, SameSite};
use rocket::time::Duration;

use super::Cookies;

/// How much of a cookie browsers store: the name and the value.
const LONGEST: usize = 4096;

impl Cookies {
    /// Returns the headers that store a pair of tokens. Both cookies live as long as the session, so that an expired access
    /// token differs from none; or as long as the browser runs, if it is not to remember the session.
    ///
    /// # Errors
    ///
    /// A browser would drop the cookie with a token of this length.
    pub(crate) fn set(
        &self,
        access: &str,
        refresh: &str,
        lifetime: Option<u64>,
    ) -> Result<[Header<'static>; 2], usize> {
        let cookies = [(&self.access, access), (&self.refresh, refresh)];
        if let Some((name, value)) = cookies.iter().find(|(name, value)| name.len() + value.len() > LONGEST) {
            return Err(name.len() + value.len());
        }
        Ok(cookies.map(|(name, value)| {
            let mut cookie = self.cookie(name, value);
            if let Some(seconds) = lifetime {
                cookie.set_max_age(Duration::seconds(i64::try_from(seconds).unwrap_or(i64::MAX)));
            }
            header(&cookie)
        }))
    }

    /// Returns the headers that make a browser forget both cookies, whether or not it sent them.
    pub(crate) fn expire(&self) -> [Header<'static>; 2] {
        [&self.access, &self.refresh].map(|name| {
            let mut cookie = self.cookie(name, "");
            cookie.make_removal();
            header(&cookie)
        })
    }

    /// Returns a cookie with the attributes of this app. A browser sends a cookie without `SameSite` along with some requests
    /// of other sites, so the attribute is always there.
    fn cookie<'a>(&self, name: &'a str, value: &'a str) -> Cookie<'a> {
        let mut cookie = Cookie::new(name, value);
        cookie.set_path("/");
        cookie.set_http_only(true);
        cookie.set_same_site(SameSite::Lax);
        cookie.set_secure(self.is_secure);
        cookie
    }
}

fn header(cookie: &Cookie<'_>) -> Header<'static> {
    Header::new("Set-Cookie", cookie.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::CookieSettings;

    fn cookies(debug: bool) -> Cookies {
        Cookies::new(CookieSettings::default(), debug, false).expect("the defaults are valid")
    }

    fn text(headers: [Header<'static>; 2]) -> [String; 2] {
        headers.map(|header| {
            assert_eq!(header.name(), "Set-Cookie");
            header.value().to_owned()
        })
    }

    #[test]
    fn attributes() {
        assert_eq!(
            text(cookies(false).set("a", "r", Some(60)).unwrap()),
            [
                "__Host-Http-jwt=a; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=60",
                "__Host-Http-jwt-refresh=r; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=60",
            ]
        );
        assert_eq!(
            text(cookies(true).set("a", "r", None).unwrap()),
            ["jwt=a; HttpOnly; SameSite=Lax; Path=/", "jwt-refresh=r; HttpOnly; SameSite=Lax; Path=/"]
        );
        for cookie in text(cookies(false).expire()) {
            assert!(
                cookie.contains("=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0; Expires="),
                "{cookie}"
            );
        }
    }

    #[test]
    fn a_cookie_that_browsers_would_drop_is_an_error() {
        let name = "__Host-Http-jwt".len();
        let fits = "a".repeat(LONGEST - name);
        assert!(cookies(false).set(&fits, "r", None).is_ok());
        assert_eq!(cookies(false).set(&format!("{fits}a"), "r", None), Err(LONGEST + 1));
        assert_eq!(cookies(false).set("a", &fits, None), Err(LONGEST + "-refresh".len()));
    }
}
