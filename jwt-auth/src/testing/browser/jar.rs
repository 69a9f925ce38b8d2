//! The cookies of a browser (RFC 6265bis).

use rocket::http::{Cookie, SameSite};

use super::site::Origin;

#[derive(Default)]
pub(super) struct Jar(Vec<Stored>);

struct Stored {
    name: String,
    value: String,
    host: String,
    /// Whether only this host gets it.
    is_host_only: bool,
    path: String,
    is_secure: bool,
    same_site: SameSite,
    /// When it expires, in seconds since 1970. `None`: with the browser.
    expires_at: Option<u64>,
}

/// How a request may carry cookies.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Carries {
    All,
    /// A link from another site.
    Lax,
    /// Any other request from another site.
    OnlyNone,
}

impl Jar {
    /// Stores a cookie that a response of this origin sets. Returns whether it is accepted.
    pub(super) fn set(&mut self, origin: &Origin, header: &str, now: u64) -> bool {
        let Ok(cookie) = Cookie::parse(header.to_owned()) else { return false };
        let domain = cookie.domain().map(|domain| domain.trim_start_matches('.').to_ascii_lowercase());
        let is_secure = cookie.secure() == Some(true);
        let belongs = domain.as_ref().is_none_or(|domain| is_within(&origin.host, domain));
        if !belongs || (is_secure && !origin.is_https()) || !may_have_its_name(&cookie, domain.is_some()) {
            return false;
        }
        if cookie.name().len() + cookie.value().len() > 4096 {
            return false;
        }
        let lifetime = cookie.max_age().map(|age| u64::try_from(age.whole_seconds()).unwrap_or(0));
        let expires = cookie.expires_datetime().map(|at| u64::try_from(at.unix_timestamp()).unwrap_or(0));
        let stored = Stored {
            name: cookie.name().to_owned(),
            value: cookie.value().to_owned(),
            is_host_only: domain.is_none(),
            host: domain.unwrap_or_else(|| origin.host.clone()),
            path: cookie.path().filter(|path| path.starts_with('/')).unwrap_or("/").to_owned(),
            is_secure,
            same_site: cookie.same_site().unwrap_or(SameSite::Lax),
            expires_at: lifetime.map(|seconds| now.saturating_add(seconds)).or(expires),
        };
        self.0.retain(|other| {
            (&other.name, &other.host, &other.path) != (&stored.name, &stored.host, &stored.path)
        });
        if stored.expires_at.is_none_or(|end| now < end) {
            self.0.push(stored);
        }
        true
    }

    /// Returns the names and values that a request of the same site would carry.
    pub(super) fn matching(&self, origin: &Origin, path: &str, now: u64) -> Vec<(String, String)> {
        self.carried(origin, path, Carries::All, now)
    }

    /// Returns the names and values that a request carries, those with the longest path first.
    pub(super) fn carried(
        &self,
        origin: &Origin,
        path: &str,
        carries: Carries,
        now: u64,
    ) -> Vec<(String, String)> {
        let mut found: Vec<&Stored> =
            self.0.iter().filter(|cookie| cookie.is_for(origin, path, carries, now)).collect();
        found.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        found.into_iter().map(|cookie| (cookie.name.clone(), cookie.value.clone())).collect()
    }

    /// Forgets the cookies that end with the browser.
    pub(super) fn close(&mut self) {
        self.0.retain(|cookie| cookie.expires_at.is_some());
    }
}

impl Stored {
    fn is_for(&self, origin: &Origin, path: &str, carries: Carries, now: u64) -> bool {
        let is_host =
            if self.is_host_only { origin.host == self.host } else { is_within(&origin.host, &self.host) };
        let rest = path.strip_prefix(self.path.trim_end_matches('/'));
        let is_path = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
        let may = match carries {
            Carries::All => true,
            Carries::Lax => self.same_site != SameSite::Strict,
            Carries::OnlyNone => self.same_site == SameSite::None,
        };
        let is_live = self.expires_at.is_none_or(|end| now < end);
        is_host && is_path && may && is_live && (!self.is_secure || origin.is_https())
    }
}

fn is_within(host: &str, domain: &str) -> bool {
    host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

/// Checks the rules of the name prefixes.
fn may_have_its_name(cookie: &Cookie<'_>, has_domain: bool) -> bool {
    let name = cookie.name().to_ascii_lowercase();
    let is_secure = cookie.secure() == Some(true);
    let is_of_host = is_secure && !has_domain && cookie.path() == Some("/");
    if name.starts_with("__host-http-") {
        is_of_host && cookie.http_only() == Some(true)
    } else if name.starts_with("__host-") {
        is_of_host
    } else if name.starts_with("__secure-") || name.starts_with("__http-") {
        is_secure
    } else {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(jar: &Jar, origin: &str, path: &str, carries: Carries) -> Vec<String> {
        jar.carried(&Origin::parse(origin), path, carries, 100).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn attributes_are_respected() {
        let app = Origin::parse("https://app.example.com");
        let mut jar = Jar::default();
        for (header, accepted) in [
            ("a=1; SameSite=Strict", true),
            ("b=1; Path=/admin", true),
            ("c=1; Domain=example.com; SameSite=None; Secure", true),
            ("d=1; Domain=evil.example", false),
            ("e=1; Max-Age=0", true),
            ("f=1; Max-Age=60", true),
            ("__Host-g=1; Secure; Path=/", true),
            ("__Host-h=1; Secure; Path=/; Domain=example.com", false),
            ("__host-i=1; Path=/", false),
            ("__Host-Http-j=1; Secure; Path=/", false),
            ("__Host-Http-k=1; Secure; Path=/; HttpOnly", true),
        ] {
            assert_eq!(jar.set(&app, header, 50), accepted, "{header}");
        }
        let all = Carries::All;
        assert_eq!(
            names(&jar, "https://app.example.com", "/", all),
            ["a", "c", "f", "__Host-g", "__Host-Http-k"]
        );
        assert_eq!(names(&jar, "https://app.example.com", "/admin/x", all)[0], "b");
        assert!(!names(&jar, "https://app.example.com", "/administration", all).contains(&"b".to_owned()));
        assert_eq!(names(&jar, "http://app.example.com", "/", all), ["a", "f"]);
        assert_eq!(names(&jar, "https://www.example.com", "/", all), ["c"]);
        assert_eq!(
            names(&jar, "https://app.example.com", "/", Carries::Lax),
            ["c", "f", "__Host-g", "__Host-Http-k"]
        );
        assert_eq!(names(&jar, "https://app.example.com", "/", Carries::OnlyNone), ["c"]);
        assert!(jar.carried(&app, "/", all, 110).iter().all(|(name, _)| name != "f"), "it has expired");
        jar.close();
        assert_eq!(names(&jar, "https://app.example.com", "/", all), ["f"]);
        assert!(!jar.set(&Origin::parse("http://localhost:8000"), "a=1; Secure", 50), "as Safari does");
    }
}
