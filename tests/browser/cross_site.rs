//! Requests that pages of other sites cause.

use jwt_auth::testing;
use jwt_auth_tests::{Log, Setup, user};
use rocket::http::uri::Host;
use rocket::http::{ContentType, Header, Method, Status};
use rocket::local::asynchronous::Client;

use crate::app::{ACCESS, browser, changes, rocket, secure, sign_in};

#[rocket::async_test]
async fn the_pages_of_the_app_may_change_something() {
    let browser = browser().await;
    sign_in(&browser, "ann", true).await;
    let before = changes(&browser);
    let page = browser.page();
    for request in [
        page.post("/change").body("{}"),
        page.submit("/change", "a=b"),
        page.fetch(Method::Delete, "/item"),
        page.fetch(Method::Put, "/item"),
        page.submit("/item", "_method=delete"),
        // As from a page with `Referrer-Policy: no-referrer`.
        page.post("/change").header(Header::new("Origin", "null")),
    ] {
        let response = request.send().await;
        assert_eq!(response.status(), Status::Ok, "{response:?}");
    }
    assert_eq!(changes(&browser) - before, 6);
}

/// The pages of a subdomain, which `SameSite=Lax` does not stop.
#[rocket::async_test]
async fn the_pages_of_another_origin_may_not() {
    let browser = browser().await;
    sign_in(&browser, "ann", true).await;
    let before = changes(&browser);
    for origin in ["https://evil.example.com", "https://app.example.com:8443"] {
        let page = browser.page_of(origin);
        for request in [
            page.post("/change").body("{}"),
            page.submit("/change", "a=b"),
            page.submit("/item", "_method=delete"),
            page.submit("/item", "_method=put"),
            // Rocket takes this for a `GET`.
            page.submit("/item", "_method=get"),
            page.fetch(Method::Delete, "/item"),
        ] {
            let response = request.send().await;
            assert_eq!(response.status(), Status::Forbidden, "{response:?}");
            assert_eq!(response.set_cookies(), Vec::<&str>::new());
        }
    }
    assert_eq!(changes(&browser), before, "no handler was called");
    assert_eq!(browser.page().get("/me").send().await.status(), Status::Ok, "she is still signed in");
}

#[rocket::async_test]
async fn a_cookie_that_is_dead_does_not_change_the_decision() {
    let browser = browser().await;
    sign_in(&browser, "ann", true).await;
    testing::clock(browser.rocket()).advance(std::time::Duration::from_secs(24 * 60 * 60));
    let response = browser.page_of("https://evil.example.com").post("/change").send().await;
    assert_eq!(response.status(), Status::Forbidden, "and not 401");
    assert_eq!(response.set_cookies(), Vec::<&str>::new(), "nothing was renewed");
}

#[rocket::async_test]
async fn a_link_in_a_mail_opens_signed_in() {
    let browser = browser().await;
    sign_in(&browser, "ann", true).await;
    let mail = browser.page_of("https://mail.example");
    assert_eq!(mail.follow("/me").send().await.body(), "ann by Cookie");
    assert_eq!(browser.open("/me").send().await.body(), "ann by Cookie");
    assert_eq!(mail.get("/me").send().await.status(), Status::Unauthorized, "a script gets no cookies");
}

#[rocket::async_test]
async fn the_body_of_a_refused_request_is_not_read() {
    let browser = browser().await;
    sign_in(&browser, "ann", true).await;
    let page = browser.page_of("https://evil.example.com");
    let response = page.post("/change").header(ContentType::JSON).body([0xff; 64]).send().await;
    assert_eq!(response.status(), Status::Forbidden, "and not 400");
}

#[rocket::async_test]
async fn another_site_signs_no_one_in_or_out() {
    let browser = browser().await;
    for signed_in in [false, true] {
        if signed_in {
            sign_in(&browser, "ann", true).await;
        }
        for origin in ["https://evil.example", "https://evil.example.com"] {
            let page = browser.page_of(origin);
            let before = changes(&browser);
            for request in [
                page.submit("/login", "name=mallory&password=right"),
                page.submit("/careless-login/mallory", ""),
                page.post("/careless-login/mallory"),
                page.submit("/logout", ""),
                page.post("/logout"),
            ] {
                let response = request.send().await;
                assert_eq!(response.status(), Status::Forbidden, "{response:?}");
                assert_eq!(response.set_cookies(), Vec::<&str>::new(), "{response:?}");
            }
            assert_eq!(changes(&browser), before, "the password was not checked");
        }
    }
    assert_eq!(browser.page().get("/me").send().await.body(), "ann by Cookie");
}

#[rocket::async_test]
async fn a_session_that_another_site_has_begun_ends() {
    let browser = browser().await;
    let page = browser.page_of("https://evil.example");
    assert_eq!(page.submit("/careless-login/ann", "").send().await.status(), Status::Forbidden);
    let auth = browser.rocket().state::<jwt_auth::JwtAuth>().expect("the fairing is attached");
    assert_eq!(auth.sessions::<jwt_auth_tests::User>("ann").await.expect("memory works").len(), 0);
}

#[rocket::async_test]
async fn a_page_of_a_listed_origin_may_call_the_app() {
    let setup = secure().with("cookies.origins", ["https://www.example.com"]);
    let browser = testing::browser(rocket(&setup)).await;
    sign_in(&browser, "ann", true).await;
    let page = browser.page_of("https://www.example.com");
    assert_eq!(page.post("/change").send().await.status(), Status::Ok);
    let other = browser.page_of("https://www.example.com:444");
    assert_eq!(other.post("/change").send().await.status(), Status::Forbidden);
}

#[rocket::async_test]
async fn without_fetch_metadata_the_origin_decides() {
    for (setup, own) in [(secure(), "https://app.example.com"), (Setup::memory(), "http://localhost:8000")] {
        let browser = testing::browser(rocket(&setup)).await.without_fetch_metadata();
        let response = browser.page().submit("/login", "name=ann&password=right").send().await;
        assert_eq!(response.status(), Status::Ok, "{own}");
        assert_eq!(browser.page().post("/change").send().await.status(), Status::Ok);
        for origin in [
            own.replace("://", "://ann@"),
            format!("{own}/"),
            format!("{own}1"),
            own.replace("http", "ftp"),
            "null".to_owned(),
            String::new(),
        ] {
            let request = browser.page().post("/change").header(Header::new("Origin", origin.clone()));
            assert_eq!(request.send().await.status(), Status::Forbidden, "{origin}");
        }
        assert_eq!(browser.open("/me").send().await.status(), Status::Ok);
    }
}

#[rocket::async_test]
async fn without_any_header_of_a_browser_a_cookie_may_not_change_anything() {
    for setup in [secure(), Setup::memory()] {
        let browser = testing::browser(rocket(&setup)).await.without_fetch_metadata();
        browser.page().submit("/login", "name=ann&password=right").send().await;
        let bare = browser.open("/change").method(Method::Post).send().await;
        assert_eq!(bare.status(), Status::Forbidden);
    }
}

#[rocket::async_test]
async fn behind_a_proxy_that_rewrites_the_host_the_own_origin_is_listed() {
    for (origins, status) in
        [(&["https://app.example.com"][..], Status::Ok), (&["https://x.example"], Status::Forbidden)]
    {
        let setup = secure().with("cookies.origins", origins);
        let client = Client::untracked(testing::app(rocket(&setup))).await.expect("the app launches");
        let pair = testing::login(client.rocket(), &user("ann"));
        let mut request = client.post("/change");
        request.inner_mut().set_host(Host::parse("internal:8000").expect("a host"));
        let request = request.header(Header::new("Cookie", format!("{ACCESS}={}", pair.access_token)));
        let log = Log::capture();
        let response = request.header(Header::new("Origin", "https://app.example.com")).dispatch().await;
        assert_eq!(response.status(), status);
        assert_eq!(log.text().contains("Host: internal:8000"), status == Status::Forbidden);
    }
}

#[rocket::async_test]
async fn a_websocket_needs_the_origin_of_the_app() {
    let browser = browser().await;
    sign_in(&browser, "ann", true).await;
    for (origin, status) in [
        (Some("https://app.example.com"), Status::Ok),
        (Some("https://evil.example.com"), Status::Forbidden),
        (None, Status::Forbidden),
    ] {
        let mut request = browser.open("/me").header(Header::new("Upgrade", "websocket"));
        if let Some(origin) = origin {
            request = request.header(Header::new("Origin", origin));
        }
        assert_eq!(request.send().await.status(), status, "{origin:?}");
    }
}

#[rocket::async_test]
async fn the_log_names_the_headers_and_the_setting() {
    let browser = browser().await;
    sign_in(&browser, "ann", true).await;
    let log = Log::capture();
    browser.page_of("https://evil.example.com").post("/change").send().await;
    let text = log.text();
    for part in ["POST /change", "Sec-Fetch-Site: same-site", "Origin: https://evil.example.com", "`origins`"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
}
