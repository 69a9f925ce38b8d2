//! Pages on other sites, and on other ports of the same host.

use rocket::http::Status;

use super::{DEMO, browser, open, signed_in};

const OTHERS: [&str; 2] = ["https://evil.example", "http://localhost:3000"];

#[rocket::async_test]
async fn another_site_cannot_save_a_note() {
    let browser = signed_in().await;
    for origin in OTHERS {
        let response = browser.page_of(origin).submit("/account/note", "note=planted").send().await;
        assert!(response.status().class().is_client_error(), "{origin}: {}", response.status());
    }
    assert!(!open(&browser, "/account").await.contains("planted"));
}

#[rocket::async_test]
async fn another_site_cannot_sign_its_visitors_in() {
    let browser = browser().await;
    for origin in OTHERS {
        let response = browser.page_of(origin).submit("/auth/login", DEMO).send().await;
        assert_eq!(response.status(), Status::Forbidden, "{origin}");
        assert!(browser.cookie_names().is_empty(), "{origin}");
    }
}
