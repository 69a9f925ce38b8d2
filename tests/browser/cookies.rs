//! What a browser stores, and which cookies are read.

use jwt_auth::testing;
use jwt_auth_tests::{Log, Setup, user};
use rocket::http::{Header, Status};

use crate::app::{ACCESS, REFRESH, browser, rocket, sign_in};

#[rocket::async_test]
async fn cookies_have_the_host_prefix_and_every_attribute() {
    let browser = browser().await;
    let response = browser.page().submit("/login", "name=ann&password=right&remember=true").send().await;
    assert_eq!(response.body(), r#"{"expires_in":900}"#, "no token is in the body");
    assert_eq!(response.headers().get_one("Cache-Control"), Some("no-store"));
    let cookies = response.set_cookies();
    assert_eq!(cookies.len(), 2);
    for (cookie, name) in cookies.iter().zip([ACCESS, REFRESH]) {
        assert!(cookie.starts_with(&format!("{name}=eyJ")), "{cookie}");
        assert!(
            cookie.ends_with("; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=1209600"),
            "both live as long as the session: {cookie}"
        );
    }
    assert_eq!(browser.cookie_names(), [ACCESS, REFRESH], "a browser accepts them");
    assert_eq!(browser.page().get("/me").send().await.body(), "ann by Cookie");
}

#[rocket::async_test]
async fn in_the_debug_profile_over_http_cookies_are_not_secure_so_that_safari_stores_them() {
    let browser = testing::browser(rocket(&Setup::memory())).await;
    let response = browser.page().submit("/login", "name=ann&password=right").send().await;
    for cookie in response.set_cookies() {
        assert!(cookie.starts_with("jwt") && !cookie.contains("Secure"), "{cookie}");
    }
    assert_eq!(browser.cookie_names(), ["jwt", "jwt-refresh"]);
    assert_eq!(browser.page().get("/me").send().await.body(), "ann by Cookie");
}

#[rocket::async_test]
async fn disguised_names_are_no_session_cookie() {
    let browser = browser().await;
    sign_in(&browser, "ann", true).await;
    let token = browser.cookie(ACCESS).expect("she is signed in");
    for name in [
        "%5F%5FHost-Http-jwt",
        "__Host-Http-jwt ",
        " \u{a0}__Host-Http-jwt",
        "\u{2003}__Host-Http-jwt",
        "__host-http-jwt",
        "__Host-Http-jwt%20",
        "jwt",
        "x=__Host-Http-jwt",
    ] {
        let request = browser.page().get("/me").header(Header::new("Cookie", format!("{name}={token}")));
        assert_eq!(request.send().await.status(), Status::Unauthorized, "{name:?}");
    }
}

#[rocket::async_test]
async fn a_cookie_that_a_subdomain_has_planted_does_not_replace_the_session() {
    let browser = browser().await;
    sign_in(&browser, "ann", true).await;
    let token = browser.cookie(ACCESS).expect("she is signed in");
    assert!(
        !browser.set_cookie(
            "https://evil.example.com",
            "__Host-Http-jwt=evil; Domain=example.com; Secure; Path=/"
        )
    );
    assert!(
        browser
            .set_cookie("https://evil.example.com", "%5F%5FHost-Http-jwt=evil; Domain=example.com; Path=/")
    );
    assert_eq!(browser.page().get("/me").send().await.body(), "ann by Cookie");
    assert_eq!(browser.cookie(ACCESS), Some(token));
}

#[rocket::async_test]
async fn two_cookies_of_one_name_are_refused_and_expired_and_the_next_login_works() {
    let browser = browser().await;
    sign_in(&browser, "ann", true).await;
    // A browser sends the one with the longer path first.
    assert!(browser.set_cookie("https://app.example.com", "__Host-Http-jwt=evil; Secure; Path=/; HttpOnly"));
    let both = format!("{ACCESS}=evil; {ACCESS}={}", browser.cookie(ACCESS).unwrap_or_default());
    let response = browser.page().get("/me").header(Header::new("Cookie", both.clone())).send().await;
    assert_eq!(response.status(), Status::Unauthorized);
    assert_eq!(response.set_cookies().len(), 2, "both cookies are expired");
    assert_eq!(browser.cookie_names(), Vec::<String>::new());

    let home = browser.page().get("/").header(Header::new("Cookie", both)).send().await;
    assert_eq!((home.status(), home.body()), (Status::Ok, "anonymous"));
    sign_in(&browser, "ann", true).await;
    assert_eq!(browser.page().get("/me").send().await.body(), "ann by Cookie");
}

/// A restart in the debug profile, or a key that was retired.
#[rocket::async_test]
async fn a_cookie_of_a_key_that_is_gone_locks_no_user_out() {
    let before = browser().await;
    sign_in(&before, "ann", true).await;
    let names = [ACCESS, REFRESH];
    let cookies = names.map(|name| format!("{name}={}", before.cookie(name).expect("a cookie"))).join("; ");
    // An app that is prepared for a test has a random secret.
    let after = browser().await;
    for (path, status) in
        [("/", Status::Ok), ("/feed", Status::Ok), ("/login", Status::Ok), ("/me", Status::Unauthorized)]
    {
        let request = after.page().get(path).header(Header::new("Cookie", cookies.clone()));
        assert_eq!(request.send().await.status(), status, "{path}");
    }
    let login =
        after.page().submit("/login", "name=ann&password=right").header(Header::new("Cookie", cookies));
    assert_eq!(login.send().await.status(), Status::Ok);
    assert_eq!(after.page().get("/me").send().await.body(), "ann by Cookie");
}

#[rocket::async_test]
async fn responses_that_depend_on_a_cookie_are_kept_apart_by_caches() {
    let browser = browser().await;
    let vary = "Authorization, Cookie";
    let anonymous = browser.page().get("/").send().await;
    assert_eq!(anonymous.headers().get_one("Vary"), Some(vary));
    assert_eq!(anonymous.headers().get_one("Cache-Control"), None);
    let refused = browser.page().get("/me").send().await;
    assert_eq!(refused.headers().get_one("Vary"), Some(vary));

    sign_in(&browser, "ann", true).await;
    let page = browser.page().get("/").send().await;
    assert_eq!(page.headers().get_one("Vary"), Some(vary));
    assert_eq!(page.headers().get_one("Cache-Control"), Some("private, no-cache"));
    assert_eq!(browser.page().get("/login").send().await.headers().get_one("Vary"), None);
}

#[rocket::async_test]
async fn a_cookie_that_browsers_would_drop_is_an_error_that_names_the_largest_claims() {
    let browser = browser().await;
    let log = Log::capture();
    let long = "a".repeat(3000);
    let response = browser.page().submit("/login", &format!("name={long}&password=right")).send().await;
    assert_eq!(response.status(), Status::InternalServerError);
    assert_eq!(response.set_cookies(), Vec::<&str>::new());
    assert!(log.text().contains("The largest claims are `sub` (3002 bytes), "), "{}", log.text());
    drop(log);
    assert_eq!(testing::cookie_size(browser.rocket(), &user("ann")) / 100, 3);
    assert!(testing::cookie_size(browser.rocket(), &user(&long)) > 4096);
}
