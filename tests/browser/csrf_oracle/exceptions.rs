//! The rules by which we differ from tower-http on purpose.

use rocket::http::Method;

use super::arrival::{Arrival, CROSS_SITE, FORMS, NULL};

/// A rule by which we differ from tower-http. It rewrites a request into one that tower-http judges as we judge the
/// original.
pub(super) type Rule = (&'static str, fn(&mut Arrival));

/// They apply in this order.
pub(super) const EXCEPTIONS: [Rule; 9] = [
    ("browsers do not apply CORS to WebSockets, so the Origin alone decides (RFC 6455, 10.2)", |request| {
        let opens =
            request.upgrade.is_some_and(|protocols| protocols.to_ascii_lowercase().contains("websocket"));
        if opens && request.method == Method::Get {
            (request.method, request.site) = (Method::Post, &[]);
        }
    }),
    (
        "Rocket takes the method from the field `_method`, so a form may change something by any method",
        |request| {
            if request.body.is_some_and(|(kind, _)| FORMS.contains(&kind)) {
                request.method = Method::Post;
            }
        },
    ),
    ("an empty Sec-Fetch-Site is no value of a browser", |request| {
        if request.site == [""] {
            request.site = CROSS_SITE;
        }
    }),
    ("of two Sec-Fetch-Site fields, nothing says which is the browser's", |request| {
        if request.site.len() > 1 {
            request.site = CROSS_SITE;
        }
    }),
    ("of two Origin fields, nothing says which is the browser's", |request| {
        if request.origin.len() > 1 {
            request.origin = NULL;
        }
    }),
    ("session cookies come from browsers, and these send at least one of the two headers", |request| {
        if matches!(request.origin, [] | [""]) {
            request.origin = NULL;
        }
    }),
    ("a page that came over http may have been changed on the way", |request| {
        if request.origin.iter().any(|origin| origin.starts_with("http://")) {
            request.origin = NULL;
        }
    }),
    ("the Origin is compared as a whole, byte for byte, with the one that a browser sends", |request| {
        if request.origin.iter().any(|origin| !is_as_browsers_write(origin)) {
            request.origin = NULL;
        }
    }),
    ("browsers write the host of an Origin in lower case and without the default port", |request| {
        if matches!(request.host, Some("APP.example.com" | "app.example.com:443")) {
            request.host = Some("app.example.com");
        }
    }),
];

fn is_as_browsers_write(origin: &str) -> bool {
    let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    host.is_some_and(|host| !host.contains('/') && !host.contains(|c: char| c.is_ascii_uppercase()))
}
