//! The page that a browser goes to after it signs in or out.

use std::borrow::Cow;
use std::fmt;

use rocket::Request;
use rocket::form::{self, FromFormField, ValueField};
use rocket::http::RawStr;
use rocket::http::uri::Reference;
use rocket::response::{self, Redirect, Responder};

use super::state::jwt_auth;

/// A page of this app to go to next, from a query or a form.
///
/// If the target is missing or is not a page of this app, this is `/`. This prevents open redirects: a link in an email
/// cannot send a user who signs in to an attacker's page.
///
/// A target is a path that begins with one `/`, optionally with a query and a fragment. It has no scheme and no host.
/// Its path has no backslash or control character, not even an encoded one, and no empty segment before the last, even
/// after `.` and `..` are removed.
///
/// As a response, it is a 303 to that page, or to `/` if that page is the [login page](crate::guide::browsers#pages).
///
/// ```
/// # #[cfg(feature = "macros")] mod app {
/// use jwt_auth::{Next, public};
/// use rocket::response::content::RawHtml;
///
/// #[public]
/// #[rocket::get("/login?<next>")]
/// fn login(next: Next<'_>) -> RawHtml<String> {
///     // A template engine escapes the value.
///     let next = next.as_str().replace('&', "&amp;").replace('"', "&quot;");
///     RawHtml(format!(r#"<form method="post" action="/auth/login"><input type="hidden" name="next" value="{next}">…"#))
/// }
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next<'r>(&'r str);

/// The maximum length of a target, which must fit into a URL and into a form.
const LONGEST: usize = 2048;

impl<'r> Next<'r> {
    /// Parses a target. Returns `None` if it is not a page of this app.
    pub fn parse(target: &'r str) -> Option<Self> {
        if target.len() > LONGEST || !target.is_ascii() || !target.starts_with('/') {
            return None;
        }
        let uri = Reference::parse(target).ok()?;
        let is_local = uri.scheme().is_none() && uri.authority().is_none();
        (is_local && segments(uri.path().raw()).is_some()).then_some(Self(target))
    }

    /// Returns the target, with its query and fragment.
    pub fn as_str(&self) -> &'r str {
        self.0
    }

    /// Returns whether the target is the login page of the app.
    pub(super) fn is_login_page(&self, request: &Request<'_>) -> bool {
        let page = jwt_auth(request).ok().and_then(|auth| auth.cookies()?.login_page());
        page.is_some_and(|page| self.is_page(page))
    }

    /// Returns whether the target is this page, whatever its query, and however its path is written.
    pub(super) fn is_page(&self, page: &str) -> bool {
        let path = self.0.split(['?', '#']).next().unwrap_or_default();
        let page_segments = |path| segments(RawStr::new(path)).map(without_last_slash);
        page_segments(path) == page_segments(page)
    }
}

/// The default is `/`.
impl Default for Next<'_> {
    fn default() -> Self {
        Self("/")
    }
}

impl fmt::Display for Next<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Never fails: an invalid target becomes `/`.
#[rocket::async_trait]
impl<'r> FromFormField<'r> for Next<'r> {
    fn from_value(field: ValueField<'r>) -> form::Result<'r, Self> {
        Ok(Self::parse(field.value).unwrap_or(Self("/")))
    }

    fn default() -> Option<Self> {
        Some(Self("/"))
    }
}

impl<'r> Responder<'r, 'static> for Next<'_> {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let target = if self.is_login_page(request) { Next("/") } else { self };
        Redirect::to(target.0.to_owned()).respond_to(request)
    }
}

/// Returns the decoded segments of a path without its dot segments (RFC 3986, section 5.2.4). Returns `None` if a
/// browser or a proxy could read it as something other than a path.
fn segments(path: &RawStr) -> Option<Vec<Cow<'_, str>>> {
    let mut segments = Vec::new();
    let mut rest = path.strip_prefix('/')?.split('/').peekable();
    while let Some(segment) = rest.next() {
        let segment = segment.percent_decode().ok()?;
        let is_last = rest.peek().is_none();
        if segment.starts_with('/') || segment.contains(|c: char| c == '\\' || c.is_control()) {
            return None;
        }
        match &*segment {
            "." | ".." => {
                if segment == ".." {
                    segments.pop();
                }
                if is_last {
                    segments.push(Cow::Borrowed(""));
                }
            }
            "" if !is_last => return None,
            _ => segments.push(segment),
        }
    }
    Some(segments)
}

fn without_last_slash(mut segments: Vec<Cow<'_, str>>) -> Vec<Cow<'_, str>> {
    segments.pop_if(|last| last.is_empty());
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_a_page_of_this_app() {
        for target in [
            "/",
            "/account",
            "/account/",
            "/a/b.html",
            "/search?q=a+b&c=//x",
            "/a?next=https://example.com/",
            "/a#b",
            "/a%20b",
            "/files/a%2Fb",
            "/a/../b",
            "/..",
            "/%2e%2e/a",
            "/a/.",
            "/~ann/@home:8",
            "/:80",
            "/@evil.example",
        ] {
            assert_eq!(Next::parse(target).map(|next| next.as_str()), Some(target));
        }
        let long = format!("/{}", "a".repeat(LONGEST));
        for other in [
            "",
            "account",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "\\/evil.example",
            "https://evil.example",
            "https:evil.example",
            "javascript:alert(1)",
            "/a//b",
            "/.//evil.example",
            "/a/..//evil.example",
            "/%2e//evil.example",
            "/%2e%2E//evil.example",
            "/a/%2e%2e//evil.example",
            "/%2Fevil.example",
            "/%5Cevil.example",
            "/a%0d%0aSet-Cookie:x",
            "/a\r\nSet-Cookie: x",
            "/\tevil",
            "/\t/evil.example",
            " /a",
            "/a b",
            "/ä",
            "/a\u{0}",
            "?a",
            "#a",
            "..",
            "./a",
            ".//evil.example",
            "@evil.example",
            &long,
        ] {
            assert_eq!(Next::parse(other), None, "{other:?}");
        }
    }

    #[test]
    fn a_page_is_recognized_however_it_is_written() {
        for target in [
            "/auth/login",
            "/auth/login/",
            "/auth/login?next=/a",
            "/auth/login#a",
            "/auth/./login",
            "/a/../auth/%6Cogin",
        ] {
            assert!(Next(target).is_page("/auth/login"), "{target}");
        }
        for target in ["/auth", "/auth/login/a", "/login", "/auth/Login", "/?/auth/login"] {
            assert!(!Next(target).is_page("/auth/login"), "{target}");
        }
        assert!(Next("/").is_page("/") && Next("/a/..").is_page("/"));
    }
}
