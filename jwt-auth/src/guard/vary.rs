//! The `Vary` header (RFC 9110, section 12.5.5): caches keep apart what hangs on the token.
//!
//! That section calls `Authorization` needless there, since caches do not share the answer to a request that has it.
//! They may share the answer to one that has not, as of a stranger on an optional route, and then everybody is that
//! stranger. And they may share either, once a handler says `must-revalidate`, `public` or `s-maxage` (RFC 9111,
//! section 3.5).

use std::borrow::Cow;

use rocket::Response;
use rocket::http::Header;

/// Adds `Authorization` to what a response varies by.
pub(super) fn vary(response: &mut Response<'_>) {
    let lines: Vec<&str> = response.headers().get("Vary").collect();
    let mut names = lines.iter().flat_map(|line| line.split(',')).map(str::trim);
    if names.any(|name| name == "*" || name.eq_ignore_ascii_case(NAME)) {
        return;
    }
    let value = match &*lines {
        [] => Cow::Borrowed(NAME),
        // On one line: not all caches read the second.
        lines => Cow::Owned(format!("{}, {NAME}", lines.join(", "))),
    };
    response.set_header(Header::new("Vary", value));
}

const NAME: &str = "Authorization";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_handler_said_stays() {
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
            vary(&mut response);
            assert_eq!(response.headers().get("Vary").collect::<Vec<_>>(), [expected], "{lines:?}");
        }
    }
}
