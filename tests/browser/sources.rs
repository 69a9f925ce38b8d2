//! Which token counts: that of the header or that of the cookie.

use jwt_auth::testing::{self, AuthRequest};
use jwt_auth::{Auth, BearerToken, JwtAuth, MaybeAuth, require_auth};
use jwt_auth_tests::{Log, Setup, User, user};
use rocket::http::{Header, Status};
use rocket::local::asynchronous::Client;
use rocket::{Build, Rocket, get, post};

use crate::app::{ACCESS, mount, rocket, secure};

#[require_auth(header)]
#[get("/header")]
fn header(user: Auth<User>) -> String {
    user.name.clone()
}

#[require_auth(User, cookie)]
#[get("/cookie")]
fn cookie(token: BearerToken<'_>) -> String {
    format!("{:?}", token.source())
}

#[require_auth(header, optional)]
#[get("/header/optional")]
fn optional_header(user: MaybeAuth<User>) -> String {
    user.as_ref().map_or_else(|| "anonymous".to_owned(), |user| user.name.clone())
}

#[require_auth(User, cross_origin)]
#[post("/webhook")]
fn webhook() {}

/// Tries the route that accepts headers, then the one that accepts cookies.
#[require_auth(User, header)]
#[get("/either/<_number>", rank = 1)]
fn either_header(_number: u8) -> &'static str {
    "header"
}

fn app() -> Rocket<Build> {
    let routes = jwt_auth::routes![header, cookie, optional_header, webhook, either_header];
    rocket(&secure()).mount("/", routes)
}

async fn client() -> Client {
    Client::untracked(testing::app(app())).await.expect("the app launches")
}

fn cookie_of(client: &Client, name: &str) -> Header<'static> {
    let pair = testing::login(client.rocket(), &user(name));
    Header::new("Cookie", format!("{ACCESS}={}", pair.access_token))
}

#[rocket::async_test]
async fn a_bearer_header_decides_alone() {
    let client = client().await;
    let bob = cookie_of(&client, "bob");
    for (authorization, status, body) in [
        (None, Status::Ok, "bob by Cookie"),
        (Some("Basic YTpi"), Status::Ok, "bob by Cookie"),
        (Some("Bearer"), Status::Ok, "bob by Cookie"),
        (Some("Bearer "), Status::Ok, "bob by Cookie"),
        (Some("Bearer garbage"), Status::Unauthorized, ""),
        (Some("Bearer a b"), Status::BadRequest, ""),
    ] {
        let mut request = client.get("/me").header(bob.clone());
        if let Some(authorization) = authorization {
            request = request.header(Header::new("Authorization", authorization));
        }
        let response = request.dispatch().await;
        assert_eq!(response.status(), status, "{authorization:?}");
        if !body.is_empty() {
            assert_eq!(response.into_string().await.as_deref(), Some(body), "{authorization:?}");
        }
    }
    let ann = client.get("/me").as_user(&user("ann")).header(bob).dispatch().await;
    assert_eq!(
        ann.into_string().await.as_deref(),
        Some("ann by Header"),
        "a header, and a cookie of another user"
    );
    let ann =
        client.get("/me").as_user(&user("ann")).header(Header::new("Cookie", format!("{ACCESS}=garbage")));
    assert_eq!(ann.dispatch().await.status(), Status::Ok, "a header and a bad cookie");
}

#[rocket::async_test]
async fn a_bad_header_is_refused_where_a_token_is_optional_and_a_bad_cookie_is_not() {
    let client = client().await;
    for path in ["/", "/feed"] {
        let bad = client.get(path).with_bearer("garbage").dispatch().await;
        assert_eq!(bad.status(), Status::Unauthorized);
        let bad =
            client.get(path).header(Header::new("Cookie", format!("{ACCESS}=garbage"))).dispatch().await;
        assert_eq!(bad.into_string().await.as_deref(), Some("anonymous"));
    }
}

#[rocket::async_test]
async fn a_route_may_accept_one_source_alone() {
    let client = client().await;
    let cookie = cookie_of(&client, "ann");
    for (path, with_header, with_cookie) in
        [("/header", Status::Ok, Status::Unauthorized), ("/cookie", Status::Unauthorized, Status::Ok)]
    {
        assert_eq!(client.get(path).as_user(&user("ann")).dispatch().await.status(), with_header, "{path}");
        assert_eq!(client.get(path).header(cookie.clone()).dispatch().await.status(), with_cookie, "{path}");
    }
    let ignored = client.get("/header/optional").header(cookie).dispatch().await;
    assert_eq!(ignored.headers().get_one("Vary"), Some("Authorization"));
    assert_eq!(ignored.into_string().await.as_deref(), Some("anonymous"));
}

#[rocket::async_test]
async fn a_route_may_accept_requests_of_other_sites() {
    let client = client().await;
    let request = client.post("/webhook").header(cookie_of(&client, "ann"));
    let response = request.header(Header::new("Sec-Fetch-Site", "cross-site")).dispatch().await;
    assert_eq!(response.status(), Status::Ok);
}

#[rocket::async_test]
async fn the_list_of_routes_shows_the_source() {
    let rocket = app().ignite().await.expect("the app is valid");
    let listed = |name: &str| {
        let found = rocket.routes().find(|route| route.name.as_deref().is_some_and(|n| n.starts_with(name)));
        found.and_then(|route| route.name.clone()).expect("the route has a name").into_owned()
    };
    assert!(listed("header").ends_with(", header"), "{}", listed("header"));
    assert!(listed("cookie").ends_with(", cookie"), "{}", listed("cookie"));
    assert!(listed("webhook").ends_with(", cross_origin"), "{}", listed("webhook"));
}

#[rocket::async_test]
async fn a_route_for_cookies_alone_needs_an_app_that_has_them() {
    let rocket = Setup::memory().rocket().mount("/", jwt_auth::routes![cookie]);
    let log = Log::capture();
    // It panics unless it was looked at.
    let _ = rocket.ignite().await.expect_err("it does not launch").kind();
    assert!(log.text().contains("`JwtAuth::fairing().cookies()`"), "{}", log.text());
}

#[rocket::async_test]
async fn an_app_without_cookies_reads_none() {
    let rocket = mount(Setup::memory().rocket());
    let client = Client::untracked(rocket).await.expect("the app launches");
    let auth = client.rocket().state::<JwtAuth>().expect("the fairing is attached");
    let pair = auth.generate_tokens(&user("ann")).await.expect("a login");
    for name in ["jwt", ACCESS] {
        let cookie = Header::new("Cookie", format!("{name}={}", pair.access_token));
        let response = client.get("/me").header(cookie).dispatch().await;
        assert_eq!(response.status(), Status::Unauthorized);
        assert_eq!(response.headers().get_one("Vary"), Some("Authorization"));
    }
    assert_eq!(client.get("/me").with_bearer(&pair.access_token).dispatch().await.status(), Status::Ok);
}
