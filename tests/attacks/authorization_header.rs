//! Where a request may carry a token, and in which format.

use jsonwebtoken::Algorithm::HS256;
use jwt_auth_tests::Forge;

use crate::server::Server;
use crate::setup;

/// Header lines, where `{}` is a valid token, and the expected status.
#[rustfmt::skip]
const CASES: &[(&str, &str, u16)] = &[
    ("an ordinary header",          "Authorization: Bearer {}\r\n",                                 200),
    ("lowercase name and scheme",          "authorization: bearer {}\r\n",                                 200),
    ("spaces around the value",     "Authorization:    Bearer {}   \r\n",                           200),
    ("two headers",                  "Authorization: Bearer {}\r\nAuthorization: Bearer {}\r\n",     400),
    ("two, in another case",         "Authorization: Bearer {}\r\nAUTHORIZATION: Basic YTpi\r\n",    400),
    ("two, the first empty",        "Authorization: \r\nAuthorization: Bearer {}\r\n",              400),
    ("joined with a comma",         "Authorization: Bearer {}, Bearer {}\r\n",                      400),
    ("a tab after the scheme",      "Authorization: Bearer\t{}\r\n",                                401),
    ("a tab after the token",       "Authorization: Bearer {}\tx\r\n",                              400),
    ("a non-ASCII byte",             "Authorization: Bearer {}\u{e9}\r\n",                           400),
    ("a zero byte",                 "Authorization: Bearer {}\0\r\n",                               400),
    ("folded over two lines",       "Authorization: Bearer\r\n {}\r\n",                             400),
    ("a space before the colon",    "Authorization : Bearer {}\r\n",                                400),
    ("similar names",                "X-Authorization: Bearer {}\r\nAuthorization_: Bearer {}\r\n",  401),
    ("in another header",           "Proxy-Authorization: Bearer {}\r\nCookie: Authorization=Bearer {}\r\n", 401),
    ("two content lengths",          "Content-Length: 0\r\nContent-Length: 5\r\nAuthorization: Bearer {}\r\n", 400),
    ("an unknown transfer coding",   "Transfer-Encoding: x\r\nAuthorization: Bearer {}\r\n",      400),
    ("after the end of the headers",  "Content-Length: 0\r\n\r\nAuthorization: Bearer {}\r\n",        401),
];

#[test]
fn only_one_well_formed_header_is_accepted() {
    let server = Server::start(&setup(HS256));
    let token = Forge::new(HS256).token();
    for (name, lines, expected) in CASES {
        assert_eq!(server.get(&lines.replace("{}", &token)).status, *expected, "{name}");
    }
}

/// RFC 9700, section 4.3.2; RFC 6750, section 2: tokens outside the header are ignored.
#[test]
fn tokens_outside_the_header_are_ignored() {
    let server = Server::start(&setup(HS256));
    let token = Forge::new(HS256).token();
    let form = format!("access_token={token}");
    let header = "Host: localhost\r\nConnection: close\r\n";
    for request in [
        format!("GET /me?access_token={token} HTTP/1.1\r\n{header}\r\n"),
        format!("GET /me?Authorization=Bearer%20{token} HTTP/1.1\r\n{header}\r\n"),
        format!(
            "GET /me HTTP/1.1\r\n{header}Cookie: access_token={token}; Authorization=Bearer {token}\r\n\r\n"
        ),
        format!(
            "GET /me HTTP/1.1\r\n{header}Content-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n\r\n{form}",
            form.len()
        ),
    ] {
        let response = server.send(&request);
        assert_eq!(
            (response.status, response.challenge()),
            (401, Some(r#"Bearer realm="api""#)),
            "{request}"
        );
    }
}
