//! How cookies are read. Not from Rocket's jar: it decodes and trims names, so that a sibling subdomain could set a cookie
//! which appears there under a `__Host-` name, and of two cookies with one name it keeps one without a word.

use rocket::Request;

/// The cookies of a request with one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found<'r> {
    None,
    One(&'r str),
    /// One of them may have been planted, and nothing says which.
    Several,
}

/// Finds the cookies of a request with exactly this name.
pub(crate) fn find<'r>(request: &'r Request<'_>, name: &str) -> Found<'r> {
    Found::of(find_all(request, name))
}

/// Returns the values of all cookies of a request with exactly this name.
pub(crate) fn find_all<'r>(request: &'r Request<'_>, name: &str) -> impl Iterator<Item = &'r str> {
    let mut fields = request.headers().get("Cookie").peekable();
    // Rocket's local client fills only the jar.
    let local = match fields.peek() {
        None => request.cookies().get(name).map(|cookie| cookie.value()),
        Some(_) => None,
    };
    find_in(fields, name).chain(local)
}

/// Returns the values of the cookies with exactly this name. HTTP/2 may split the field (RFC 9113, section 8.2.3).
fn find_in<'r>(fields: impl Iterator<Item = &'r str>, name: &str) -> impl Iterator<Item = &'r str> {
    let pairs = fields.flat_map(|field| field.split(';')).map(|pair| pair.trim_start_matches([' ', '\t']));
    pairs.filter_map(move |pair| pair.strip_prefix(name)?.strip_prefix('='))
}

impl<'r> Found<'r> {
    fn of(mut values: impl Iterator<Item = &'r str>) -> Self {
        match (values.next(), values.next()) {
            (None, _) => Self::None,
            (Some(value), None) => Self::One(value),
            (Some(_), Some(_)) => Self::Several,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'a>(fields: &[&'a str]) -> Found<'a> {
        Found::of(find_in(fields.iter().copied(), "__Host-Http-jwt"))
    }

    #[test]
    fn a_name_is_compared_byte_by_byte() {
        for (fields, expected) in [
            (&["__Host-Http-jwt=a.b.c"][..], Found::One("a.b.c")),
            (&["theme=dark;__Host-Http-jwt=a; lang=en"], Found::One("a")),
            (&["theme=dark; \t __Host-Http-jwt=a"], Found::One("a")),
            (&["theme=dark", "__Host-Http-jwt=a"], Found::One("a")),
            (&["__Host-Http-jwt="], Found::One("")),
            (&["__Host-Http-jwt=a=b"], Found::One("a=b")),
            (&["__Host-Http-jwt-refresh=a"], Found::None),
            (&["__Host-Http-jwt"], Found::None),
            (&["__Host-Http-jwt =a"], Found::None),
            (&["%5F%5FHost-Http-jwt=a"], Found::None),
            (&["__host-http-jwt=a"], Found::None),
            (&["\u{a0}__Host-Http-jwt=a"], Found::None),
            (&["\u{2003}__Host-Http-jwt=a"], Found::None),
            (&["x__Host-Http-jwt=a"], Found::None),
            (&["a=__Host-Http-jwt=a"], Found::None),
            (&[""], Found::None),
            (&[], Found::None),
        ] {
            assert_eq!(found(fields), expected, "{fields:?}");
        }
    }

    #[test]
    fn of_two_cookies_with_one_name_none_counts() {
        for fields in [
            &["__Host-Http-jwt=a; __Host-Http-jwt=b"][..],
            &["__Host-Http-jwt=a; __Host-Http-jwt=a"],
            &["__Host-Http-jwt=a", "__Host-Http-jwt=b"],
            &["__Host-Http-jwt=a; __Host-Http-jwt="],
        ] {
            assert_eq!(found(fields), Found::Several, "{fields:?}");
        }
        assert_eq!(found(&["__Host-Http-jwt=a; %5F%5FHost-Http-jwt=b"]), Found::One("a"));
    }
}
