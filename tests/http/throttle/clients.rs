//! Where attempts come from: networks, proxies, and pages of other sites.

use jwt_auth_tests::Setup;
use rocket::Config;
use rocket::http::{Header, Status};
use serde_json::json;

use super::{App, HOME, address, mount};
use crate::app::client_of;

#[test]
fn all_attempts_from_a_network_are_limited_before_the_body_is_read() {
    let app = App::default();
    for number in 0..100 {
        match number % 3 {
            0 => assert_eq!(app.status(HOME, &format!("user-{number}"), "right"), 200),
            1 => assert_eq!(app.status("::ffff:192.0.2.1", &format!("user-{number}"), "wrong"), 401),
            _ => assert_eq!(app.send(HOME, &[], "{".to_owned()).status(), Status::BadRequest),
        }
    }
    let throttled = app.send(HOME, &[], "{".to_owned());
    assert_eq!(throttled.status(), Status::TooManyRequests);
    assert_eq!(throttled.headers().get_one("Retry-After"), Some("1"));
    assert_eq!(app.status("192.0.2.2", "ann", "right"), 200);
    app.setup.advance(1);
    assert_eq!(app.status(HOME, "ann", "right"), 200);
}

#[test]
fn addresses_of_one_customer_are_one_network() {
    let app = App::default();
    app.fail("2001:db8::1", "ann", 10);
    assert_eq!(app.status("2001:db8:0:0:ffff::2", "ann", "right"), 429);
    assert_eq!(app.status("2001:db8:0:1::1", "ann", "right"), 200);
}

#[test]
fn only_a_trusted_proxy_names_the_client() {
    let attempt = |app: &App, from: &str, header: &str| {
        let body = json!({ "name": "ann", "password": "wrong" }).to_string();
        app.send(from, &[("X-Real-IP", header)], body).status().code
    };
    let open = App::default();
    let statuses: Vec<u16> = (0..12).map(|number| attempt(&open, "10.0.0.9", &address(number))).collect();
    assert_eq!(statuses[9..], [401, 429, 429], "the header of a client does not count");

    let behind = App::new(Setup::memory().with("throttle.proxies", ["10.0.0.0/24", "2001:db8::1"]));
    for number in 300..319 {
        assert_eq!(attempt(&behind, "10.0.0.9", &address(number)), 401);
    }
    assert_eq!(attempt(&behind, "10.0.1.9", HOME), 401);
    assert_eq!(attempt(&behind, "10.0.0.9", HOME), 429, "20 networks were new to the account");
}

#[test]
fn a_list_of_proxies_is_read_from_its_end() {
    let config = Config { ip_header: Some("X-Forwarded-For".into()), ..Config::debug_default() };
    let setup = Setup::bare(config).with("secret", "a secret that is long enough for HS256");
    let app = App::new(setup.with("throttle.proxies", ["10.0.0.0/8"]).with("throttle.new_networks", false));
    let attempt = |forwarded: &str| {
        let body = json!({ "name": "ann", "password": "wrong" }).to_string();
        app.send("10.0.0.9", &[("X-Forwarded-For", forwarded)], body).status().code
    };
    for number in 0..10 {
        assert_eq!(attempt(&format!("{}, 198.51.100.7, 10.0.0.1", address(number))), 401);
    }
    assert_eq!(attempt("1.1.1.1, 198.51.100.7"), 429);
    assert_eq!(attempt("198.51.100.8"), 401);
}

#[test]
fn a_page_of_another_site_uses_up_no_budget() {
    let app = App::default();
    let body = || json!({ "name": "ann", "password": "wrong" }).to_string();
    let headers = |of| [("Sec-Fetch-Site", "cross-site"), ("Content-Type", of)];
    for of in
        ["text/plain;charset=UTF-8", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a"]
    {
        for _ in 0..50 {
            assert_eq!(app.send(HOME, &headers(of), body()).status(), Status::Forbidden, "{of}");
        }
    }
    let origin = [("Origin", "https://evil.example"), ("Host", "api.example.com")];
    assert_eq!(app.send(HOME, &origin, body()).status(), Status::Forbidden);
    // The browser asks before it sends JSON, so the app has permitted this.
    assert_eq!(app.send(HOME, &headers("application/json"), body()).status(), Status::Unauthorized);
    app.fail(HOME, "ann", 9);
}

#[test]
fn with_session_cookies_only_pages_of_the_app_sign_in() {
    let setup = Setup::memory().with("throttle.account.attempts", 1);
    let client = client_of(mount(setup.attach(setup.fairing().cookies())));
    let status = |site: &'static str| {
        let request = client.post("/login").header(Header::new("Sec-Fetch-Site", site));
        request.body(r#"{"name":"ann","password":"wrong"}"#).dispatch().status().code
    };
    assert_eq!(["cross-site", "same-site", "cross-site"].map(status), [403; 3]);
    assert_eq!(["same-origin", "same-origin"].map(status), [401, 429]);
}
