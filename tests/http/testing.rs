//! `jwt_auth::testing`: tools for testing apps.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jwt_auth::testing::{self, AuthRequest, audit};
use jwt_auth::{Auth, AuthError, JwtAuth, MaybeAuth, TokenPair, public, require_auth};
use jwt_auth_tests::{Setup, User, user};
use rocket::fs::FileServer;
use rocket::futures::FutureExt;
use rocket::http::Status;
use rocket::local::{asynchronous, blocking};
use rocket::response::Redirect;
use rocket::{Build, Config, Rocket, catch, catchers, get, post};
use uuid::Uuid;

#[require_auth]
#[get("/me")]
fn me(user: Auth<User>) -> String {
    user.name.clone()
}

#[require_auth(strict)]
#[get("/strict")]
fn strict(user: Auth<User>) -> String {
    user.name.clone()
}

#[public]
#[post("/refresh", data = "<token>")]
async fn refresh(token: &str, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    auth.refresh(token, async |name: String| Some(user(&name))).await
}

/// An app with its production settings, whose key files and Redis do not exist here.
fn app() -> Rocket<Build> {
    Setup::bare(Config::release_default())
        .with("algorithm", "ES256")
        .with("private_key", "/run/secrets/key.pem")
        .with("redis", ["redis://one.internal", "redis://two.internal"])
        .with("wait_replicas", 1)
        .with("access_ttl", "5m")
        .attach(JwtAuth::fairing())
        .mount("/", jwt_auth::routes![me, strict, refresh])
}

#[test]
fn an_app_can_be_tested_without_its_keys_and_redis() {
    let client = blocking::Client::untracked(testing::app(app())).expect("the app launches");
    let ann = user("ann");
    for route in ["/me", "/strict"] {
        assert_eq!(client.get(route).dispatch().status(), Status::Unauthorized, "anonymous");
        let me = client.get(route).as_user(&ann).dispatch();
        assert_eq!(me.into_string().as_deref(), Some("ann"), "{route}");
        let expired = client.get(route).as_expired(&ann).dispatch();
        let challenge = expired.headers().get_one("WWW-Authenticate").expect("a challenge");
        assert!(challenge.contains("expired"), "{challenge}");
        let garbage = client.get(route).with_bearer("garbage").dispatch();
        assert_eq!(garbage.status(), Status::Unauthorized);
    }
}

#[test]
fn a_test_can_advance_the_clock() {
    let client = blocking::Client::untracked(testing::app(app())).expect("the app launches");
    let pair = testing::login(client.rocket(), &user("ann"));
    let status = || client.get("/me").with_session(&pair).dispatch().status();
    assert_eq!(status(), Status::Ok);
    // The app's `access_ttl` plus the leeway.
    testing::clock(client.rocket()).advance(Duration::from_secs(5 * 60 + 10));
    assert_eq!(status(), Status::Unauthorized);
    let refreshed = client.post("/refresh").body(&pair.refresh_token).dispatch();
    assert_eq!(refreshed.status(), Status::Ok);
}

#[rocket::async_test]
async fn the_asynchronous_client_works_too() {
    let client = asynchronous::Client::untracked(testing::app(app())).await.expect("the app launches");
    let me = client.get("/strict").as_user(&user("ann")).dispatch().await;
    assert_eq!(me.into_string().await.as_deref(), Some("ann"));
    assert_eq!(client.get("/me").as_expired(&user("ann")).dispatch().await.status(), Status::Unauthorized);
}

#[require_auth(User, role = "held by no user")]
#[get("/forbidden")]
fn forbidden() {}

/// A route without an access rule, which only `rocket::routes!` accepts.
#[get("/open")]
fn open() {}

/// A catcher that turns a rejection into a success.
#[catch(401)]
fn lenient() -> (Status, &'static str) {
    (Status::Ok, "welcome")
}

#[require_auth(User, check = |user, id: Uuid| user.name == id.to_string())]
#[get("/things/<id>")]
fn thing(id: Uuid) -> String {
    id.to_string()
}

#[rocket::async_test]
async fn an_audit_reports_every_route_that_contradicts_its_access_rule() {
    let report = async |app: Rocket<Build>| -> String {
        let audited =
            AssertUnwindSafe(audit(app).caller("ann", &user("ann")).into_future()).catch_unwind().await;
        let panic = audited.expect_err("the audit reports a problem");
        panic.downcast_ref::<String>().expect("a message").clone()
    };
    let found = report(app().mount("/raw", rocket::routes![open])).await;
    assert!(found.contains("GET /raw/open has no access rule") && !found.contains("- GET /me"), "{found}");
    let found = report(app().mount("/", jwt_auth::routes![forbidden])).await;
    assert!(found.contains("GET /forbidden") && found.contains("lets none of the callers in"), "{found}");
    let found = report(app().register("/", catchers![lenient])).await;
    assert!(found.contains("GET /me responds with 200 OK to a caller with no token"), "{found}");
    let found = report(app().mount("/", FileServer::from("."))).await;
    assert!(found.contains("GET /<path..> has no access rule"), "{found}");
    let found = report(app().mount("/", jwt_auth::routes![thing])).await;
    assert!(found.contains("cannot be decided for ann") && found.contains("`.parameter("), "{found}");
}

static DONE: AtomicBool = AtomicBool::new(false);

#[require_auth(User, any(role = "root", check = |user| user.name == "ann" && !DONE.load(Ordering::SeqCst)))]
#[post("/once")]
fn once() {
    DONE.store(true, Ordering::SeqCst);
}

/// Running a handler could change the result of the next check.
#[rocket::async_test]
async fn an_audit_does_not_run_protected_handlers() {
    let app = Setup::memory().rocket().mount("/", jwt_auth::routes![once]);
    let (ann, ben) = (user("ann"), user("ben"));
    let list = audit(app).caller("ann", &ann).caller("ben", &ben).caller("ann again", &ann).await;
    assert!(list.to_string().ends_with(" — ann, ann again\n"), "{list}");
}

#[rocket::async_test]
async fn a_passing_audit_returns_the_access_list() {
    let app = app().mount("/raw", rocket::routes![open]);
    let list = audit(app).caller("ann", &user("ann")).undeclared("/raw").await;
    assert_eq!(
        list.to_string(),
        "GET /me — any valid token — ann\n\
         GET /raw/open — undeclared\n\
         POST /refresh — public — everyone\n\
         GET /strict — any valid token, strict — ann\n"
    );

    let file = std::env::temp_dir().join(format!("jwt-auth-access-{}.txt", Uuid::new_v4()));
    let matches_file = || catch_unwind(AssertUnwindSafe(|| list.assert_matches(&file)));
    assert!(matches_file().is_err(), "a missing file does not match");
    // If `CI` is set, the audit does not write the file.
    std::fs::write(&file, list.to_string()).expect("the file can be written");
    matches_file().expect("the file contains the list");
    std::fs::write(&file, "GET /me — public — everyone\n").expect("the file can be written");
    let changed = matches_file().expect_err("the file contains another list");
    let message = changed.downcast_ref::<String>().expect("a message");
    assert!(
        message.contains("- GET /me — public") && message.contains("+ GET /me — any valid token"),
        "{message}"
    );
    std::fs::remove_file(file).expect("the file can be removed");
}

#[require_auth(User, fresh = "5m")]
#[post("/email")]
fn change_email() {}

#[require_auth(acr = "phr phrh")]
#[post("/transfer")]
fn transfer() {}

#[require_auth(User, any(role = "admin", all(fresh = "1h", acr = "phr")))]
#[post("/delete")]
fn delete() {}

#[require_auth(optional, strict)]
#[get("/front")]
fn front(_visitor: MaybeAuth<User>) {}

#[rocket::async_test]
async fn an_audit_signs_its_callers_in_as_a_route_requires() {
    let routes = jwt_auth::routes![change_email, transfer, delete, front];
    let app = Setup::memory().rocket().mount("/", routes);
    let list = audit(app).caller("ann", &user("ann")).caller("root", &user("root").role("admin")).await;
    assert_eq!(
        list.to_string(),
        "POST /delete — any(role = \"admin\", all(fresh = \"1h\", acr = \"phr\")) — ann, root\n\
         POST /email — fresh = \"5m\" — ann, root\n\
         GET /front — optional, strict — everyone\n\
         POST /transfer — acr = \"phr phrh\" — ann, root\n"
    );

    // An admin never needs another sign-in.
    let app = Setup::memory().rocket().mount("/", jwt_auth::routes![delete]);
    let only_root = audit(app).caller("root", &user("root").role("admin"));
    let panic = AssertUnwindSafe(only_root.into_future()).catch_unwind().await.expect_err("a problem");
    let found = panic.downcast_ref::<String>().expect("a message");
    assert!(found.contains("asks none of the callers for another sign-in"), "{found}");
}

#[require_auth(User, or_not_found, role = "admin")]
#[get("/secret")]
fn secret() {}

/// A catcher that hides that a route responded with 404.
#[catch(404)]
fn explanation() -> (Status, &'static str) {
    (Status::Ok, "nothing to see here")
}

/// A catcher that shows the login page.
#[catch(404)]
fn missing_to_login() -> Redirect {
    Redirect::to("/login")
}

#[rocket::async_test]
async fn an_audit_expects_404_from_a_route_that_hides() {
    let app = || Setup::memory().rocket().mount("/", jwt_auth::routes![secret]);
    let (ann, root) = (user("ann"), user("root").role("admin"));
    let list = audit(app()).caller("ann", &ann).caller("root", &root).await;
    assert_eq!(list.to_string(), "GET /secret — role = \"admin\", or_not_found — root\n");

    let with_explanation = audit(app().register("/", catchers![explanation]));
    let with_redirect = audit(app().register("/", catchers![missing_to_login])).redirects_to("/login");
    for (pending, expected) in [
        (with_explanation.caller("ann", &ann), "responds with 200 OK to ann instead of 404"),
        (with_redirect.caller("ann", &ann), "responds with 303 See Other to ann instead of 404"),
        (audit(app()), "responds with 404 to none of the callers"),
    ] {
        let pending = pending.caller("root", &root);
        let panic = AssertUnwindSafe(pending.into_future()).catch_unwind().await.expect_err("a problem");
        let found = panic.downcast_ref::<String>().expect("a message");
        assert!(found.contains(expected), "{found}");
    }
}

/// A catcher that shows the login page.
#[catch(401)]
fn to_login() -> Redirect {
    Redirect::to("/login?next=/me")
}

#[rocket::async_test]
async fn an_audit_accepts_the_redirects_that_the_app_declares() {
    let app = || app().register("/", catchers![to_login]);
    let list = audit(app()).caller("ann", &user("ann")).redirects_to("/login").await;
    assert!(list.to_string().contains("GET /me — any valid token — ann\n"), "{list}");

    for pending in [audit(app()), audit(app()).redirects_to("/log"), audit(app()).redirects_to("/")] {
        let pending = pending.caller("ann", &user("ann"));
        let panic = AssertUnwindSafe(pending.into_future()).catch_unwind().await.expect_err("a problem");
        let found = panic.downcast_ref::<String>().expect("a message");
        assert!(found.contains("GET /me responds with 303 See Other to a caller with no token"), "{found}");
    }
}
