//! What the session routes need, and what is known about them.

use jwt_auth::testing::audit;
use jwt_auth::{Fairing, JwtAuth, session_routes};
use jwt_auth_tests::{Log, Setup, user};

use super::app;
use crate::app::{Accounts, secure};

async fn launch(fairing: Option<Fairing>) -> String {
    let setup = Setup::memory();
    let log = Log::capture();
    let rocket = match fairing {
        Some(fairing) => setup.attach(fairing),
        None => rocket::custom(setup.figment()),
    };
    let error = rocket.mount("/auth", session_routes::<Accounts>()).ignite().await.expect_err("a problem");
    // Otherwise, dropping it panics.
    let _ = error.kind();
    log.text()
}

#[rocket::async_test]
async fn an_app_with_other_users_does_not_launch() {
    for fairing in [None, Some(JwtAuth::fairing()), Some(JwtAuth::fairing().cookies())] {
        let attached = fairing.is_some();
        let log = launch(fairing).await;
        let expected =
            if attached { "`JwtAuth::fairing().users(…)`" } else { "`JwtAuth::fairing()` is not attached" };
        assert!(log.contains(expected), "{log}");
    }
}

#[rocket::async_test]
async fn a_login_page_needs_cookies_and_is_a_path() {
    let log = launch(Some(JwtAuth::fairing().users(Accounts).login_page("/login"))).await;
    assert!(log.contains("call `.cookies()` as well"), "{log}");
    let log = launch(Some(JwtAuth::fairing().cookies().users(Accounts).login_page("login"))).await;
    assert!(log.contains("`cookies.login_page` must be the path of a page of this app"), "{log}");
}

#[rocket::async_test]
async fn the_audit_knows_the_routes() {
    let list = audit(app(&secure()))
        .caller("ann", &user("ann").role("admin"))
        .caller("bob", &user("bob"))
        .parameter("id", "5")
        .parameter("name", "x")
        .await;
    let list = list.to_string();
    for line in [
        "POST /auth/login — public — everyone",
        "GET /auth/session — any valid token — ann, bob",
        "DELETE /auth/sessions — any valid token — ann, bob",
        "DELETE /auth/sessions/<id> — any valid token — ann, bob",
    ] {
        assert!(list.lines().any(|other| other.starts_with(line)), "{line}\n{list}");
    }
}
