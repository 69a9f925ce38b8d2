//! Whether a request comes from a page that may use the browser's cookies.
//!
//! Browsers say so: by `Sec-Fetch-Site` (Fetch Metadata), and older ones by `Origin` (RFC 6454). No tokens in forms are
//! needed.

use std::fmt;

use rocket::Request;
use rocket::http::Method;
use rocket::http::uri::Host;

use super::Cookies;

/// What a request says about the page that it comes from.
#[derive(Clone, Debug)]
pub(crate) struct Fetch<'r> {
    pub(crate) method: Method,
    /// Whether its body is a form. Rocket lets a form field change the method, so the method of a form means nothing.
    pub(crate) is_form: bool,
    /// Whether a browser sends such a body to another site without asking first.
    is_simple: bool,
    pub(crate) is_websocket: bool,
    pub(crate) site: Header<'r>,
    pub(crate) origin: Header<'r>,
    /// The host that it was sent to.
    pub(crate) host: Option<&'r Host<'r>>,
}

/// A header that must not occur twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Header<'r> {
    Absent,
    Once(&'r str),
    Repeated,
}

/// A request that must not use cookies: the page that it comes from is another site's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CrossSite;

impl<'r> Fetch<'r> {
    pub(crate) fn of(request: &'r Request<'_>) -> Self {
        let upgrades = request.headers().get("Upgrade").flat_map(|value| value.split(','));
        let is_form = request.content_type().is_some_and(|of| of.is_form() || of.is_form_data());
        Self {
            method: request.method(),
            is_form,
            is_simple: is_form || request.content_type().is_none_or(|of| of.is_plain() || of.is_any()),
            // Only a GET can open one (RFC 6455, section 4.1).
            is_websocket: request.method() == Method::Get
                && upgrades.map(str::trim).any(|protocol| protocol.eq_ignore_ascii_case("websocket")),
            site: Header::of(request, "Sec-Fetch-Site"),
            origin: Header::of(request, "Origin"),
            host: request.host(),
        }
    }

    /// Returns whether the request may only read, so that no site gains anything by causing it.
    fn is_safe(&self) -> bool {
        is_safe(self.method) && !self.is_form && !self.is_websocket
    }

    /// Returns whether it says anything about its page.
    pub(crate) fn names_its_page(&self) -> bool {
        self.site != Header::Absent || self.origin != Header::Absent
    }

    /// Returns whether a page of another site has sent it without asking first (Fetch, section 2.2.2, "simple" requests): a
    /// form, text, or a body without a type. Before it sends JSON, a browser asks whether the app permits it. A request that
    /// may only read is not counted, so that another site can link and redirect to the app.
    pub(crate) fn is_uninvited(&self) -> bool {
        let is_foreign = match self.site {
            Header::Once(site) => site == "cross-site" || site == "same-site",
            Header::Repeated => true,
            Header::Absent => match (self.origin, self.host) {
                (Header::Absent, _) => false,
                (Header::Once(origin), Some(host)) => {
                    origin.split_once("://").is_none_or(|(_, named)| *host != named)
                }
                _ => true,
            },
        };
        is_foreign && self.is_simple && !self.is_safe()
    }

    /// Returns whether a browser sent it, as far as it shows.
    pub(crate) fn is_from_browser(&self) -> bool {
        self.is_form || self.names_its_page()
    }
}

impl<'r> Header<'r> {
    fn of(request: &'r Request<'_>, name: &str) -> Self {
        let mut values = request.headers().get(name);
        match (values.next(), values.next()) {
            (None, _) => Self::Absent,
            (Some(value), None) => Self::Once(value),
            (Some(_), Some(_)) => Self::Repeated,
        }
    }
}

/// Shows the headers that decide, for the log.
impl fmt::Display for Fetch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sec-Fetch-Site: {}, Origin: {}, Host: ", self.site, self.origin)?;
        match self.host {
            Some(host) => shortened(&host.to_string()).fmt(f),
            None => f.write_str("(absent)"),
        }
    }
}

impl fmt::Display for Header<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("(absent)"),
            Self::Once(value) => shortened(value).fmt(f),
            Self::Repeated => f.write_str("(repeated)"),
        }
    }
}

/// Returns whether a method must not change anything (RFC 9110, section 9.2.1).
pub(crate) fn is_safe(method: Method) -> bool {
    matches!(method, Method::Get | Method::Head | Method::Options)
}

/// Returns the beginning of a value for the log, since an attacker may have made it long.
fn shortened(value: &str) -> String {
    value.chars().take(100).flat_map(char::escape_debug).collect()
}

impl Cookies {
    /// Decides whether a request may use cookies. The first rule that applies decides.
    pub(crate) fn check_site(&self, fetch: &Fetch<'_>) -> Result<(), CrossSite> {
        let is_own = || self.own_origin(fetch).is_some_and(|own| fetch.origin == Header::Once(&own));
        let is_trusted = match fetch.origin {
            Header::Once(origin) => self.origins.iter().any(|trusted| trusted == origin),
            Header::Absent | Header::Repeated => false,
        };
        let may = if fetch.is_websocket {
            // Browsers do not apply CORS to WebSockets (RFC 6455, section 10.2).
            is_trusted || is_own()
        } else if fetch.is_safe() || matches!(fetch.site, Header::Once("same-origin" | "none")) {
            true
        } else {
            is_trusted || (fetch.site == Header::Absent && is_own())
        };
        if may { Ok(()) } else { Err(CrossSite) }
    }

    /// Returns the app's own origin, as browsers write it.
    fn own_origin(&self, fetch: &Fetch<'_>) -> Option<String> {
        let (scheme, default) = if self.is_secure { ("https", 443) } else { ("http", 80) };
        let host = fetch.host?;
        let domain = host.domain().as_str().to_ascii_lowercase();
        Some(match host.port().filter(|port| *port != default) {
            Some(port) => format!("{scheme}://{domain}:{port}"),
            None => format!("{scheme}://{domain}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::Header::{Absent, Once, Repeated};
    use super::*;
    use crate::config::CookieSettings;

    fn cookies(debug: bool) -> Cookies {
        let origins = vec!["https://app.example.com".to_owned()];
        Cookies::new(CookieSettings { origins, ..CookieSettings::default() }, debug, false).unwrap()
    }

    fn host(text: &str) -> Host<'_> {
        Host::parse(text).expect("a host")
    }

    fn post<'r>(site: Header<'r>, origin: Header<'r>) -> Fetch<'r> {
        static HOST: LazyLock<Host<'static>> = LazyLock::new(|| host("api.example.com"));
        Fetch {
            method: Method::Post,
            is_form: false,
            is_simple: true,
            is_websocket: false,
            site,
            origin,
            host: Some(&HOST),
        }
    }

    const OWN: Header<'_> = Once("https://api.example.com");
    const TRUSTED: Header<'_> = Once("https://app.example.com");
    const OTHER: Header<'_> = Once("https://evil.example");

    #[test]
    fn unsafe_requests() {
        for (site, origin, may) in [
            (Once("same-origin"), OWN, true),
            (Once("same-origin"), Once("null"), true),
            (Once("same-origin"), Absent, true),
            (Once("none"), Absent, true),
            (Once("same-site"), Once("https://www.example.com"), false),
            (Once("same-site"), TRUSTED, true),
            (Once("cross-site"), OTHER, false),
            (Once("cross-site"), TRUSTED, true),
            (Once("cross-site"), OWN, false),
            (Once("cross-site"), Absent, false),
            (Once(""), OWN, false),
            (Once("Same-Origin"), OWN, false),
            (Once("same-origin, same-origin"), OWN, false),
            (Repeated, OWN, false),
            (Repeated, TRUSTED, true),
            (Absent, OWN, true),
            (Absent, TRUSTED, true),
            (Absent, OTHER, false),
            (Absent, Once("null"), false),
            (Absent, Absent, false),
            (Absent, Repeated, false),
            (Absent, Once("http://api.example.com"), false),
            (Absent, Once("https://api.example.com:444"), false),
            (Absent, Once("https://api.example.com:443"), false),
            (Absent, Once("https://ann@api.example.com"), false),
            (Absent, Once("https://api.example.com/"), false),
            (Absent, Once("https://api.example.com.evil.example"), false),
            (Absent, Once("https://app.example.com.evil.example"), false),
        ] {
            assert_eq!(cookies(false).check_site(&post(site, origin)).is_ok(), may, "{site:?} {origin:?}");
        }
    }

    #[test]
    fn a_request_that_only_reads_passes_unless_it_is_a_form() {
        for method in [Method::Get, Method::Head, Method::Options] {
            let fetch = Fetch { method, ..post(Once("cross-site"), OTHER) };
            assert_eq!(cookies(false).check_site(&fetch), Ok(()));
            let form = Fetch { is_form: true, ..fetch };
            assert_eq!(cookies(false).check_site(&form), Err(CrossSite), "`_method` made it a {method}");
        }
        for method in [Method::Put, Method::Delete, Method::Patch, Method::Trace, Method::Connect] {
            let fetch = Fetch { method, ..post(Once("cross-site"), OTHER) };
            assert_eq!(cookies(false).check_site(&fetch), Err(CrossSite), "{method}");
        }
    }

    #[test]
    fn a_form_of_another_site_is_uninvited_but_a_link_is_not() {
        let cross_site = post(Once("cross-site"), OTHER);
        let get = || Fetch { method: Method::Get, ..cross_site.clone() };
        for (fetch, uninvited) in [
            (cross_site.clone(), true),
            (post(Once("same-site"), TRUSTED), true),
            (post(Absent, OTHER), true),
            (post(Repeated, OWN), true),
            (post(Once("same-origin"), OWN), false),
            (post(Once("none"), Absent), false),
            (post(Absent, OWN), false),
            (post(Absent, Absent), false),
            // The browser has asked the app.
            (Fetch { is_simple: false, ..cross_site.clone() }, false),
            // A redirect of an identity provider, for example.
            (get(), false),
            (Fetch { is_form: true, ..get() }, true),
            (Fetch { is_websocket: true, ..get() }, true),
        ] {
            assert_eq!(fetch.is_uninvited(), uninvited, "{fetch:?}");
        }
    }

    #[test]
    fn a_websocket_needs_an_origin() {
        for (origin, may) in
            [(OWN, true), (TRUSTED, true), (OTHER, false), (Absent, false), (Repeated, false)]
        {
            for site in [Absent, Once("same-origin"), Once("cross-site")] {
                let fetch = Fetch { method: Method::Get, is_websocket: true, ..post(site, origin) };
                assert_eq!(cookies(false).check_site(&fetch).is_ok(), may, "{site:?} {origin:?}");
            }
        }
    }

    #[test]
    fn without_https_the_own_origin_is_http() {
        for (name, origin, may) in [
            ("localhost:8000", "http://localhost:8000", true),
            ("localhost:8000", "https://localhost:8000", false),
            ("localhost:8000", "http://localhost", false),
            ("localhost:80", "http://localhost", true),
            ("[::1]:8000", "http://[::1]:8000", true),
        ] {
            let fetch = Fetch { host: Some(&host(name)), ..post(Absent, Once(origin)) };
            assert_eq!(cookies(true).check_site(&fetch).is_ok(), may, "{name} {origin}");
        }
        let nowhere = Fetch { host: None, ..post(Absent, OWN) };
        assert_eq!(cookies(false).check_site(&nowhere), Err(CrossSite));
    }
}
