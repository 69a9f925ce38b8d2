//! The access audit of an app with session cookies.

use std::panic::AssertUnwindSafe;

use jwt_auth::testing::{AccessList, audit};
use jwt_auth::{Access, Authorized, JwtAuth, MaybeAuth, Policy, Requirement, RoutePolicy, require_auth};
use jwt_auth_tests::{Setup, User, user};
use rocket::futures::FutureExt;
use rocket::http::Status;
use rocket::{Build, Rocket, Route, catch, catchers, get, post};

#[require_auth(User, header)]
#[post("/api")]
fn api() {}

#[require_auth(User)]
#[post("/change")]
fn change() {}

#[require_auth(optional, cookie)]
#[post("/comment")]
fn comment(_visitor: MaybeAuth<User>) {}

#[require_auth(User, cookie, role = "admin")]
#[get("/page")]
fn page() {}

#[require_auth(User, cookie)]
#[post("/page", format = "application/x-www-form-urlencoded")]
fn edit_page() {}

#[require_auth(optional)]
#[post("/vote")]
fn vote(_visitor: MaybeAuth<User>) {}

#[require_auth(User, cross_origin)]
#[post("/votes")]
fn votes() {}

fn app() -> Rocket<Build> {
    let routes = jwt_auth::routes![api, change, comment, page, edit_page, vote, votes];
    let setup = Setup::memory().with("cookies.secure", true);
    setup.attach(JwtAuth::fairing()).mount("/", routes)
}

async fn audited(app: Rocket<Build>) -> AccessList {
    let (ann, root) = (user("ann"), User { roles: vec!["admin".to_owned()], ..user("root") });
    audit(app).caller("ann", &ann).caller("root", &root).await
}

async fn problems(app: Rocket<Build>) -> String {
    let panic = AssertUnwindSafe(audited(app)).catch_unwind().await.expect_err("the audit reports a problem");
    panic.downcast_ref::<String>().expect("a message").clone()
}

#[rocket::async_test]
async fn routes_are_called_with_cookies_where_they_read_them() {
    let expected = "\
        POST /api — any valid token, header — ann, root\n\
        POST /change — any valid token — ann, root\n\
        POST /comment — optional, cookie — everyone\n\
        GET /page — role = \"admin\", cookie — root\n\
        POST /page — any valid token, cookie — ann, root\n\
        POST /vote — optional — everyone\n\
        POST /votes — any valid token, cross_origin — ann, root\n";
    assert_eq!(audited(app()).await.to_string(), expected);
}

#[rocket::async_test]
async fn an_app_without_cookies_is_not_called_from_other_sites() {
    let app = Setup::memory().rocket().mount("/", jwt_auth::routes![change, votes]);
    let expected = "\
        POST /change — any valid token — ann, root\n\
        POST /votes — any valid token, cross_origin — ann, root\n";
    assert_eq!(audited(app).await.to_string(), expected);
}

struct Open;

impl Policy for Open {
    type Claims = User;
    const CROSS_ORIGIN: bool = true;
    const REQUIREMENT: Requirement<User> = Requirement::authenticated();
}

struct Closed;

impl Policy for Closed {
    type Claims = User;
    const REQUIREMENT: Requirement<User> = Requirement::authenticated();
}

struct Visitors;

impl Policy for Visitors {
    type Claims = User;
    const OPTIONAL: bool = true;
    const SOURCE: Option<jwt_auth::Source> = Some(jwt_auth::Source::Cookie);
    const REQUIREMENT: Requirement<User> = Requirement::authenticated();
}

/// Routes whose access rules were written by hand, and are not those of their guards.
fn handwritten() -> Vec<Route> {
    #[post("/too-open")]
    fn too_open(_caller: Authorized<Open>) {}

    #[post("/too-closed")]
    fn too_closed(_caller: Authorized<Closed>) {}

    #[post("/not-optional")]
    fn not_optional(_caller: Authorized<Closed>) {}

    impl RoutePolicy for too_open {
        fn access() -> Access {
            Access::of::<Closed>()
        }
    }

    impl RoutePolicy for too_closed {
        fn access() -> Access {
            Access::of::<Open>()
        }
    }

    impl RoutePolicy for not_optional {
        fn access() -> Access {
            Access::of::<Visitors>()
        }
    }

    jwt_auth::routes![too_open, too_closed, not_optional]
}

/// A catcher that turns a rejection into a success.
#[catch(403)]
fn lenient() -> (Status, &'static str) {
    (Status::Ok, "welcome")
}

#[rocket::async_test]
async fn routes_that_treat_other_sites_differently_than_declared_are_reported() {
    let found = problems(app().mount("/", handwritten())).await;
    for problem in [
        "- POST /too-open does not reject a page of another site that has the session cookie of ann",
        "- POST /too-open does not reject a page of another site that has the session cookie of root",
        "- POST /too-closed rejects a page of another site that has the session cookie of ann, but its access rule has \
         `cross_origin`",
        "- POST /not-optional rejects a visitor with an expired token of ann in a session cookie",
    ] {
        assert!(found.contains(problem), "{problem}: {found}");
    }
    assert!(!found.contains("- POST /change"), "{found}");
}

#[rocket::async_test]
async fn a_catcher_that_hides_the_403_is_reported() {
    let found = problems(app().register("/", catchers![lenient])).await;
    let problem = "- POST /change responds with 200 OK to a page of another site that has the session cookie of ann: a \
                   catcher hides the 403";
    assert!(found.contains(problem), "{found}");
    assert!(!found.contains("- POST /votes") && !found.contains("- POST /api"), "{found}");
}
