//! The `Vary` header (RFC 9110, section 12.5.5), with which caches distinguish responses that depend on the token.
//!
//! According to that section, `Authorization` is not needed there, because shared caches do not store responses to
//! requests with that header. But they may store the response to a request without it, such as that of an anonymous
//! visitor on an optional route, and then serve it to everyone. They may also store both if a handler sets
//! `must-revalidate`, `public` or `s-maxage` (RFC 9111, section 3.5).

use std::borrow::Cow;

use rocket::Response;
use rocket::http::Header;

/// Adds the name of a header to the `Vary` header of a response.
pub(super) fn vary(response: &mut Response<'_>, header: &'static str) {
    let lines: Vec<&str> = response.headers().get("Vary").collect();
    let mut names = lines.iter().flat_map(|line| line.split(',')).map(str::trim);
    if names.any(|name| name == "*" || name.eq_ignore_ascii_case(header)) {
        return;
    }
    let value = match &*lines {
        [] => Cow::Borrowed(header),
        // In one line, because not all caches read a second one.
        lines => Cow::Owned(format!("{}, {header}", lines.join(", "))),
    };
    response.set_header(Header::new("Vary", value));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_the_handler_set_are_kept() {
        for (lines, expected) in [
            (&[][..], "Authorization"),
            (&["Accept-Encoding"], "Accept-Encoding, Authorization"),
            (&["Origin, Accept", "Accept-Language"], "Origin, Accept, Accept-Language, Authorization"),
            (&["Origin,authorization"], "Origin,authorization"),
            (&["*"], "*"),
        ] {
            let mut response = Response::new();
            for line in lines {
                response.adjoin_header(Header::new("Vary", *line));
            }
            vary(&mut response, "Authorization");
            assert_eq!(response.headers().get("Vary").collect::<Vec<_>>(), [expected], "{lines:?}");
        }
    }
}
