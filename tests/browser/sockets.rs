//! WebSockets, whose handshake is an ordinary request of a browser, except that no CORS applies to it.

use jwt_auth::testing::{self, Browser, BrowserRequest};
use jwt_auth::{Auth, require_auth};
use jwt_auth_tests::User;
use rocket::get;
use rocket::http::{Header, Status};
use rocket_ws::{Stream, WebSocket};

use crate::app::{ACCESS_TTL, REFRESH, rocket, secure, sign_in};

#[require_auth]
#[get("/socket")]
fn socket(_user: Auth<User>, socket: WebSocket) -> Stream!['static] {
    Stream! { socket => for await message in socket { yield message?; } }
}

/// Rocket's local client does not switch protocols: the headers of the response show that the server would.
const ACCEPTED: Status = Status::Ok;

async fn browser() -> Browser {
    let setup = secure().with("cookies.origins", ["https://www.example.com"]);
    let browser = testing::browser(rocket(&setup).mount("/", jwt_auth::routes![socket])).await;
    sign_in(&browser, "ann", true).await;
    browser
}

/// The handshake of RFC 6455, section 1.3.
fn handshake<'a>(browser: &'a Browser, origin: &'a [&'a str]) -> BrowserRequest<'a> {
    let mut request = browser.page().get("/socket");
    for (name, value) in [
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ] {
        request = request.header(Header::new(name, value));
    }
    origin.iter().fold(request, |request, origin| request.header(Header::new("Origin", (*origin).to_owned())))
}

#[rocket::async_test]
async fn only_pages_that_may_use_the_cookie_open_a_socket() {
    let browser = browser().await;
    for (origin, status) in [
        (&["https://app.example.com"][..], ACCEPTED),
        (&["https://www.example.com"], ACCEPTED),
        (&["https://evil.example"], Status::Forbidden),
        (&["https://other.example.com"], Status::Forbidden),
        (&["http://app.example.com"], Status::Forbidden),
        (&["null"], Status::Forbidden),
        (&[], Status::Forbidden),
    ] {
        let response = handshake(&browser, origin).send().await;
        assert_eq!(response.status(), status, "{origin:?}");
        let accepted = (status == ACCEPTED).then_some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assert_eq!(response.headers().get_one("Sec-WebSocket-Accept"), accepted, "{origin:?}");
    }
}

#[rocket::async_test]
async fn a_handshake_renews_the_session() {
    let browser = browser().await;
    testing::clock(browser.rocket()).advance(std::time::Duration::from_secs(ACCESS_TTL));
    let before = browser.cookie(REFRESH);
    let refused = handshake(&browser, &["https://evil.example"]).send().await;
    assert_eq!((refused.status(), refused.set_cookies()), (Status::Forbidden, vec![]));
    let accepted = handshake(&browser, &["https://app.example.com"]).send().await;
    assert_eq!((accepted.status(), accepted.set_cookies().len()), (ACCEPTED, 2));
    assert_ne!(browser.cookie(REFRESH), before);
}

#[rocket::async_test]
async fn a_program_opens_a_socket_with_its_header() {
    let browser = browser().await;
    let pair = testing::login(browser.rocket(), &jwt_auth_tests::user("bob"));
    let bearer = Header::new("Authorization", format!("Bearer {}", pair.access_token));
    let accepted = handshake(&browser, &[]).header(bearer).send().await;
    assert_eq!(accepted.status(), ACCEPTED);
}
