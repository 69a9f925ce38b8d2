//! Page navigations without a session, which go to the login page.

use jwt_auth::testing::{self, Browser};
use jwt_auth::{Auth, Next, public, require_auth};
use jwt_auth_tests::{Log, User};
use rocket::http::{Header, Method, Status};
use rocket::{Build, Rocket, get};

use crate::app::{ACCESS, REFRESH, rocket, secure, sign_in};

#[require_auth(User, fresh = "5m")]
#[get("/danger?<tab>")]
fn danger(tab: Option<&str>) -> String {
    tab.unwrap_or_default().to_owned()
}

#[require_auth]
#[get("/protected-login")]
fn protected_login(user: Auth<User>) -> String {
    user.name.clone()
}

#[public]
#[get("/next?<next>")]
fn next(next: Next<'_>) -> Next<'_> {
    next
}

fn app(login_page: Option<&str>) -> Rocket<Build> {
    let setup = secure();
    let setup = match login_page {
        Some(page) => setup.with("cookies.login_page", page),
        None => setup,
    };
    rocket(&setup).mount("/", jwt_auth::routes![danger, protected_login, next])
}

async fn browser() -> Browser {
    testing::browser(app(Some("/login"))).await
}

/// The status and the target of a request by typing this path into the address bar.
async fn open(browser: &Browser, path: &str) -> (u16, Option<String>) {
    let response = browser.open(path).send().await;
    (response.status().code, response.headers().get_one("Location").map(decoded))
}

fn decoded(target: &str) -> String {
    target.replace("%2F", "/").replace("%3F", "?").replace("%26", "&").replace("%3D", "=")
}

#[rocket::async_test]
async fn a_navigation_without_a_session_goes_to_the_login_page_and_comes_back() {
    let browser = browser().await;
    for (path, target) in [
        ("/me", "/login?next=/me"),
        ("/danger?tab=1&next=/a", "/login?next=/danger?tab=1&next=/a"),
        ("/danger?tab=%26%23", "/login?next=/danger?tab=%2526%2523"),
    ] {
        assert_eq!(open(&browser, path).await, (303, Some(target.to_owned())), "{path}");
    }
    let response = browser.open("/me").send().await;
    for (name, value) in
        [("WWW-Authenticate", None), ("Cache-Control", Some("no-store")), ("Content-Type", None)]
    {
        assert_eq!(response.headers().get_one(name), value, "{name}");
    }
    assert_eq!(response.body(), "");
    sign_in(&browser, "ann", false).await;
    assert_eq!(open(&browser, "/me").await, (200, None));
}

#[rocket::async_test]
async fn everything_else_gets_json() {
    let browser = browser().await;
    let page = browser.page();
    let old = |accept| {
        let mut headers = vec![Header::new("Accept", accept)];
        headers.push(Header::new("X-Test", ""));
        headers
    };
    let prefetch = page.follow("/me").header(Header::new("Sec-Purpose", "prefetch"));
    for request in [page.get("/me"), page.submit("/change", ""), page.fetch(Method::Head, "/me"), prefetch] {
        let response = request.send().await;
        assert_eq!(response.status(), Status::Unauthorized, "{response:?}");
        assert!(response.headers().get_one("WWW-Authenticate").is_some());
    }
    // Without Fetch Metadata, the first media type decides.
    let browser = testing::browser(app(Some("/login"))).await.without_fetch_metadata();
    for (accept, status) in [
        ("text/html,application/xhtml+xml,*/*;q=0.8", 303),
        ("text/html", 303),
        ("application/json, text/html", 401),
        ("*/*", 401),
        ("", 401),
    ] {
        let mut request = browser.page().get("/me");
        for header in old(accept) {
            request = request.header(header);
        }
        assert_eq!(request.send().await.status().code, status, "{accept}");
    }
}

#[rocket::async_test]
async fn a_navigation_that_needs_a_new_sign_in_says_so() {
    let browser = browser().await;
    sign_in(&browser, "ann", false).await;
    assert_eq!(open(&browser, "/danger").await.0, 200);
    testing::clock(browser.rocket()).advance(std::time::Duration::from_secs(600));
    let target = "/login?error=insufficient_user_authentication&next=/danger?tab=1";
    assert_eq!(open(&browser, "/danger?tab=1").await, (303, Some(target.to_owned())));
    assert!(browser.cookie(ACCESS).is_some(), "the user is still signed in");
    assert_eq!(open(&browser, "/admin").await.0, 403, "signing in again would not help");
}

#[rocket::async_test]
async fn a_session_that_has_ended_goes_to_the_login_page_and_its_cookies_expire() {
    let browser = browser().await;
    sign_in(&browser, "ann", false).await;
    let auth = browser.rocket().state::<jwt_auth::JwtAuth>().expect("the fairing is attached");
    auth.revoke_subject::<User>("ann").await.expect("memory works");
    assert_eq!(open(&browser, "/me").await.0, 303);
    testing::clock(browser.rocket()).advance(std::time::Duration::from_secs(1000));
    assert_eq!(open(&browser, "/me").await.0, 303);
    assert_eq!((browser.cookie(ACCESS), browser.cookie(REFRESH)), (None, None));
}

#[rocket::async_test]
async fn a_protected_login_page_does_not_redirect_to_itself() {
    let browser = testing::browser(app(Some("/protected-login"))).await;
    for path in ["/protected-login", "/protected-login?next=/me", "/./protected-login", "/%70rotected-login"]
    {
        assert_ne!(open(&browser, path).await.0, 303, "{path}");
    }
}

#[require_auth(User, fresh = "5m")]
#[get("/fresh-login")]
fn fresh_login() {}

#[rocket::async_test]
async fn a_login_page_that_needs_a_recent_sign_in_does_not_redirect_to_itself() {
    let browser =
        testing::browser(app(Some("/fresh-login")).mount("/", jwt_auth::routes![fresh_login])).await;
    sign_in(&browser, "ann", false).await;
    testing::clock(browser.rocket()).advance(std::time::Duration::from_secs(600));
    assert_eq!(open(&browser, "/fresh-login").await.0, 401);
    assert_eq!(open(&browser, "/danger").await.0, 303);
}

#[rocket::async_test]
async fn without_a_login_page_nothing_is_redirected() {
    let browser = testing::browser(app(None)).await;
    assert_eq!(open(&browser, "/me").await, (401, None));
}

#[rocket::async_test]
async fn next_admits_local_targets_only_and_never_the_login_page() {
    let browser = browser().await;
    for (query, target) in [
        ("", "/"),
        ("?next=", "/"),
        ("?next=/account", "/account"),
        ("?next=/a%3Fb%3D1%23c", "/a?b=1#c"),
        ("?next=https://evil.example", "/"),
        ("?next=//evil.example", "/"),
        ("?next=%2F%2Fevil.example", "/"),
        ("?next=/%5Cevil.example", "/"),
        ("?next=/%255Cevil.example", "/"),
        ("?next=%0d%0aSet-Cookie:a=b", "/"),
        ("?next=/login", "/"),
        ("?next=/login/", "/"),
        ("?next=/login%3Fnext%3D/a", "/"),
        ("?next=/a/../login", "/"),
        ("?next=/a&next=//evil.example", "/a"),
    ] {
        assert_eq!(open(&browser, &format!("/next{query}")).await, (303, Some(target.to_owned())), "{query}");
    }
}

#[rocket::async_test]
async fn a_login_page_that_no_one_can_open_is_logged() {
    for (page, expected) in [
        ("/login", None),
        ("/protected-login", Some("requires a signed-in user")),
        ("/signin", Some("there is no route GET /signin")),
    ] {
        let log = Log::capture();
        let _browser = testing::browser(app(Some(page))).await;
        let text = log.text();
        assert_eq!(text.contains("login page"), expected.is_some(), "{page}: {text}");
        assert!(text.contains(expected.unwrap_or_default()), "{page}: {text}");
    }
}
